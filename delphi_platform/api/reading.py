"""Studies, technologies, questions, rounds and results, for accounts with a role in the study."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from consensus.enums import ComputationStatus
from consensus.feedback.intervals import estimates
from consensus.models import Computation
from consensus.selectors.findings import behind_verdicts, shown_findings
from consensus.selectors.results import Row, items, panel_results_of
from consensus.selectors.stability import Moved, movements
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
DETAILS = ("values", "counts", "specials", "statistics")


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
    """As the pages show them: what few people stand for is taken out by the selectors."""
    questions = {question.pk: question for question in study.questions.order_by("position", "pk")}
    technologies = {technology.pk: technology for technology in study.technologies.order_by("position", "pk")}
    panel = panel_results_of(study, [computation], list(questions.values()))
    return {
        "study": study.code,
        "round": computation.round.number,
        "computation": computation.code,
        "method": computation.method,
        "input_hash": computation.input_hash,
        "result_hash": computation.result_hash,
        "protocol_hash": study.protocol_hash,
        "results": _items(study, computation, questions, technologies),
        "verdicts": _verdicts(study, computation),
        "stability": [_stability(moved) for moved in movements(study, [computation])],
        "panel": [
            {"question": questions[question].key, "statistics": statistics}
            for (_computation, question), statistics in panel.items()
            if statistics
        ],
    }


def _items(study: Study, computation: Computation, questions: dict, technologies: dict) -> list[dict]:
    """Figures of every technology and question; withheld where so few answered that they would tell who."""
    found = items(study, [computation], with_statistics=True)
    return [
        {"technology": technology and technology.code, "question": question.key}
        | _figures(found[computation.pk, technology and technology.pk, question.pk].panel, computation)
        for question in questions.values()
        for technology in (None, *technologies.values())
        if (computation.pk, technology and technology.pk, question.pk) in found
    ]


def _figures(row: Row | None, computation: Computation) -> dict:
    if row is None:
        hidden = dict.fromkeys(FIGURES) | {"values": [], "counts": [], "specials": {}}
        return {"suppressed": True} | hidden | {"statistics": {}, "intervals": []}
    shown = {figure: getattr(row, figure) for figure in (*FIGURES, *DETAILS)}
    return {"suppressed": False} | shown | {"intervals": _intervals(row, computation)}


def _intervals(row: Row, computation: Computation) -> list[dict]:
    """95 % intervals of the panel's figures, with what it takes to draw the bootstrap ones again."""
    return [
        {
            "figure": each.name,
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "method": each.method,
            "draws": each.draws,
            "seed": computation.seed if each.draws else None,
        }
        for each in estimates(row.statistics, computation.method)
    ]


def _verdicts(study: Study, computation: Computation) -> list[dict]:
    """Verdicts; their figures only where the panel is large enough, and none of single panel groups."""
    shown = behind_verdicts(study, [computation])
    return [
        {
            "technology": row.technology.code,
            "verdict": row.verdict,
            "open_because": row.open_because,
            "is_stable": row.is_stable,
            "figures": shown_findings(row, shown, {}, study.minimum_group, in_words=False),
        }
        for row in computation.verdicts.select_related("technology")
    ]


def _stability(moved: Moved) -> dict:
    row = moved.row
    return {
        "technology": row.technology.code,
        "question": row.question.key,
        "previous_round": row.previous_round.number,
        "n_pairs": row.n_pairs,
        "unchanged": row.unchanged,
        "statistics": moved.statistics,
    }
