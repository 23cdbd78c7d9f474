"""What stands beside the results: what experts said, indicators, attrition, and rules that were not the protocol's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.response import Response
from rest_framework.views import APIView

from consensus.exports import supplements as sheets
from consensus.exports.base import Row
from consensus.exports.what_if import EXPLORATORY
from consensus.models import Computation
from consensus.selectors.results import StudyResults, analysed
from consensus.selectors.voices import proposals_told, threads, wordings_told
from consensus.whatif.evaluate import Line
from consensus.whatif.forms import WhatIfForm, first_values, usable_questions
from consensus.whatif.rules import Preset
from consensus.whatif.trying import tried, words_by_gate
from delphi_platform.api.finding_serializers import (
    ProposalSerializer,
    SupplementsSerializer,
    ThreadSerializer,
    WhatIfSerializer,
    WordingSerializer,
)
from delphi_platform.api.reading import ForAccounts
from experts.enums import Capability
from foundation.exceptions import InvalidInput, NotAllowed
from surveys.models import Study


class Unstored(ForAccounts):
    """Answers stay in no cache."""

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        response["Cache-Control"] = "private, no-store"
        return response

    def computation(self, study: Study) -> Computation:
        found = [each for each in analysed(study) if each.round.number == self.kwargs["number"]]
        if not found:
            raise NotAllowed
        return found[0]


class Discussion(Unstored, generics.ListAPIView):
    """Reasons that a moderator let through, with votes in steps and replies. Analysed rounds only."""

    serializer_class = ThreadSerializer

    def get_queryset(self):
        return threads(self.study())


class Proposals(Unstored, generics.ListAPIView):
    """Entries and wordings that experts proposed or reported, once they were let through. Analysed rounds only."""

    capability = Capability.EXPORT
    serializer_class = ProposalSerializer

    def get_queryset(self):
        return proposals_told(self.study())


class Wordings(Unstored, generics.ListAPIView):
    """Wordings that were reported, or that many could not judge; the worst first."""

    capability = Capability.EXPORT
    serializer_class = WordingSerializer

    def get_queryset(self):
        return wordings_told(self.study())


class Supplements(Unstored, APIView):
    """Positivity, authority, attrition, and verdicts among completers, of an analysed round."""

    @extend_schema(responses=SupplementsSerializer)
    def get(self, request, code, number):
        study = self.study()
        return Response(SupplementsSerializer(supplements_of(study, self.computation(study))).data)


def supplements_of(study: Study, computation: Computation) -> dict[str, Any]:
    """The rows of the export's sheets that are of this round, with codes for keys of technologies."""
    stored = sheets.Stored(study)
    codes = {row.key: row.code for row in stored.results.technologies.values()}

    def named(columns: Iterable[str], rows: Iterable[Row]) -> list[dict[str, Any]]:
        found = [dict(zip(columns, row, strict=True)) for row in rows]
        mine = [row for row in found if row["round"] == computation.round.number]
        return [row | {"technology": codes.get(row.get("technology") or "")} for row in mine]

    return {
        "study": study.code,
        "round": computation.round.number,
        "computation": computation.code,
        "hashes": dict(computation.supplements.values_list("kind", "result_hash")),
        "indicators": named(sheets.INDICATOR_COLUMNS, stored.indicators()),
        "authority": named(sheets.AUTHORITY_COLUMNS, stored.authority()),
        "attrition": named(sheets.ATTRITION_COLUMNS, stored.response()),
        "dropouts": named(sheets.DROPOUT_COLUMNS, stored.dropouts()),
        "completers": named(sheets.COMPLETER_COLUMNS, stored.completers()),
    }


_ASKED = (
    OpenApiParameter("question", str, description="Key; else the question of the protocol's rule."),
    OpenApiParameter("preset", str, enum=[str(preset) for preset in Preset]),
    OpenApiParameter("low", float, description="Lowest value of the band."),
    OpenApiParameter("high", float, description="Highest value of the band."),
    OpenApiParameter("threshold", float, description="Share in percent."),
    OpenApiParameter("iqr", float),
    OpenApiParameter("cv", float),
    OpenApiParameter("keep_stability", bool, description="Keep the protocol's stability rule."),
)


class WhatIfOutcomes(Unstored, APIView):
    """What another rule would say of a round's counts. Exploratory: never a verdict, and nothing is kept."""

    capability = Capability.EXPORT

    @extend_schema(parameters=[*_ASKED], responses=WhatIfSerializer)
    def get(self, request, code, number):
        study = self.study()
        results = StudyResults(study)
        computation = self.computation(study)
        questions = {question.key: question for question in usable_questions(results)}
        if not questions:
            raise NotAllowed
        usual = first_values(results, questions) | {"round": computation.round.number}
        form = WhatIfForm(
            results, usual | {name: value for name, value in request.query_params.items() if name != "round"}
        )
        if not form.is_valid():
            raise InvalidInput(errors=dict(form.errors))
        return Response(WhatIfSerializer(_outcomes(study, form)).data)


def _outcomes(study: Study, form: WhatIfForm) -> dict[str, Any]:
    found = tried(form)
    return {
        "study": study.code,
        "round": form.computation.round.number,
        "question": form.asked_question.key,
        "status": EXPLORATORY,
        "settings": {
            name: value for name, value in form.cleaned_data.items() if name not in ("round", "question")
        },
        "rule": words_by_gate(found),
        "outcomes": [_outcome(line) for line in found.lines],
    }


def _outcome(line: Line) -> dict[str, Any]:
    hidden = line.verdict is None
    return {
        "technology": line.technology,
        "n": None if hidden else line.n,
        "verdict": line.protocol.verdict if line.protocol else None,
        "outcome": line.verdict,
        "changed": None if hidden else line.is_changed,
        "figures": [] if hidden else line.sentences,
        "suppressed": hidden,
    }
