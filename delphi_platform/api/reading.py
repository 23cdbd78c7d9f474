"""Studies, technologies, questions, rounds and results, for accounts with a role in the study."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from consensus.enums import ComputationStatus
from consensus.models import Computation
from delphi_platform.api.authentication import AccountToken
from delphi_platform.api.serializers import (
    QuestionSerializer,
    ResultsSerializer,
    RoundSerializer,
    StudySerializer,
    TechnologySerializer,
)
from experts.enums import Capability
from experts.permissions import panels_of, require
from surveys.enums import RoundStatus
from surveys.models import Study
from surveys.selectors.studies import with_response

FIGURES = ("n", "n_cannot_judge", "n_missing", "median", "q1", "q3", "share")


class ForAccounts:
    authentication_classes = [AccountToken, SessionAuthentication]
    permission_classes = [IsAuthenticated]
    capability = Capability.VIEW

    def study(self) -> Study:
        """The study, if the account may do this in it; else the answer is the one for a study that is not there."""
        study = Study.objects.select_related("panel").filter(code=self.kwargs["code"]).first()
        require(self.request.user, study.panel if study else None, self.capability)
        return study


class Studies(ForAccounts, generics.ListAPIView):
    """The studies in which the account has a role."""

    serializer_class = StudySerializer

    def get_queryset(self):
        return Study.objects.filter(panel__in=panels_of(self.request.user)).order_by("-created_at", "pk")


class OneStudy(ForAccounts, generics.RetrieveAPIView):
    """One study with its policies and the hash of its protocol."""

    serializer_class = StudySerializer

    def get_object(self):
        return self.study()


class Technologies(ForAccounts, generics.ListAPIView):
    """The study's technology list."""

    serializer_class = TechnologySerializer

    def get_queryset(self):
        return self.study().technologies.select_related("field").order_by("position", "pk")


class Questions(ForAccounts, generics.ListAPIView):
    """The study's questions, with options and scale labels."""

    serializer_class = QuestionSerializer

    def get_queryset(self):
        return self.study().questions.prefetch_related("choices").order_by("position", "pk")


class Rounds(ForAccounts, generics.ListAPIView):
    """The study's rounds, with counts of members asked and of responses submitted."""

    serializer_class = RoundSerializer

    def get_queryset(self):
        return with_response(self.study().rounds).order_by("number")


class Results(ForAccounts, APIView):
    """Results of an analysed round for the whole panel: figures, verdicts, stability."""

    @extend_schema(responses=ResultsSerializer)
    def get(self, request, code, number):
        study = self.study()
        round = get_object_or_404(study.rounds, number=number, status=RoundStatus.ANALYSED)
        computation = get_object_or_404(Computation, round=round, status=ComputationStatus.CURRENT)
        response = Response(ResultsSerializer(results_of(study, computation)).data)
        response["Cache-Control"] = "no-store"
        return response


def results_of(study: Study, computation: Computation) -> dict:
    items = computation.item_results.filter(group=None).select_related("technology", "question")
    stability = computation.stability_results.select_related("technology", "question", "previous_round")
    return {
        "study": study.code,
        "round": computation.round.number,
        "computation": computation.code,
        "method": computation.method,
        "input_hash": computation.input_hash,
        "result_hash": computation.result_hash,
        "protocol_hash": study.protocol_hash,
        "results": [_item(row, study.minimum_group) for row in items],
        "verdicts": _verdicts(study, computation),
        "stability": [_stability(row) for row in stability if row.n_pairs >= study.minimum_group],
        "panel": [
            {"question": row.question.key, "statistics": row.statistics}
            for row in computation.panel_results.filter(group=None).select_related("question")
            if computation.n_participants >= study.minimum_group
        ],
    }


def _item(row, minimum: int) -> dict:
    """Figures of one technology and question; withheld where so few answered that they would tell who."""
    named = {"technology": row.technology.code if row.technology else None, "question": row.question.key}
    if row.n + row.n_cannot_judge < minimum:
        hidden = dict.fromkeys(FIGURES) | {"values": [], "counts": [], "specials": {}, "statistics": {}}
        return named | {"suppressed": True} | hidden
    shown = {figure: getattr(row, figure) for figure in FIGURES}
    return (
        named
        | {"suppressed": False, "values": row.values, "counts": row.counts, "specials": row.specials}
        | {"statistics": row.statistics}
        | shown
    )


def _verdicts(study: Study, computation: Computation) -> list[dict]:
    """Verdicts; their figures only where the panel is large enough, and none of single panel groups."""
    rows = computation.verdicts.select_related("technology")
    return [
        {
            "technology": row.technology.code,
            "verdict": row.verdict,
            "is_stable": row.is_stable,
            "figures": [
                finding
                for finding in row.figures
                if not finding.get("group") and (finding.get("n") or 0) >= study.minimum_group
            ],
        }
        for row in rows
    ]


def _stability(row) -> dict:
    return {
        "technology": row.technology.code,
        "question": row.question.key,
        "previous_round": row.previous_round.number,
        "n_pairs": row.n_pairs,
        "unchanged": row.unchanged,
        "statistics": row.statistics,
    }
