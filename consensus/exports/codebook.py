"""The codebook: what was asked, how figures were made, what every column means, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import override

from consensus.enums import ComputationStatus
from consensus.exports.base import Row, Table
from consensus.exports.column_texts import COLUMN_TEXTS, METHOD_TEXTS
from consensus.exports.columns_of_parts import column_of
from consensus.exports.further_texts import FURTHER_COLUMNS, FURTHER_METHODS
from consensus.models import Computation
from foundation.localized import LANGUAGES, localized
from surveys.models import Study
from surveys.question_types import kind_of

COLUMNS = ("part", "key", "item", "english", "chinese")


def codebook(study: Study) -> Iterator[Table]:
    yield Table("codebook", COLUMNS, _rows(study))


def _rows(study: Study) -> Iterator[Row]:
    yield from _study(study)
    yield from _methods(study)
    yield from _questions(study)
    yield from _criteria(study)
    yield from _amendments(study)
    for key, text in (COLUMN_TEXTS | FURTHER_COLUMNS).items():
        yield ("column", key, "", *in_both(text))


def in_both(text: Any) -> tuple[str, str]:
    """A lazy translation, or text in two languages, in both; plain text is the same in both."""
    if isinstance(text, dict):
        found = localized(text)
        return found.text("en"), found.text("zh-hans")
    said = []
    for language in LANGUAGES:
        with override(language):
            said.append(str(text))
    return said[0], said[1]


def _study(study: Study) -> Iterator[Row]:
    yield ("study", study.code, "title", *in_both(study.title))
    yield ("study", study.code, "purpose", *in_both(study.purpose))
    yield (
        "study",
        study.code,
        "simulated_panel",
        *in_both(METHOD_TEXTS["simulated" if study.simulated else "real"]),
    )
    yield ("study", study.code, "protocol_hash", study.protocol_hash, study.protocol_hash)
    for group in study.panel.groups.order_by("position", "pk"):
        yield ("panel_group", group.key, "name", *in_both(group.name))


def _methods(study: Study) -> Iterator[Row]:
    for key in (
        "counted",
        "quantiles",
        "share",
        "intervals",
        "weights",
        "groups",
        "parts",
        "texts",
        "pseudonyms",
        "undefined",
    ):
        yield ("method", key, "", *in_both(METHOD_TEXTS[key]))
    for key, text in FURTHER_METHODS.items():
        yield ("method", key, "", *in_both(text))
    yield ("method", "quantiles", "type", *in_both(study.get_quantile_type_display()))
    yield ("method", "groups", "minimum", str(study.minimum_group), str(study.minimum_group))
    yield ("method", "verdicts", "minimum_answers", str(study.minimum_answers), str(study.minimum_answers))
    current = Computation.objects.filter(round__study=study, status=ComputationStatus.CURRENT)
    for row in current.select_related("round").order_by("round__number"):
        facts = {"computation": row.code, "input_hash": row.input_hash, "result_hash": row.result_hash}
        facts |= {"seed": row.seed, "versions": json.dumps(row.method.get("versions", {}))}
        for key, fact in facts.items():
            yield ("round", str(row.round.number), key, str(fact), str(fact))


def _questions(study: Study) -> Iterator[Row]:
    for question in study.questions.prefetch_related("choices").order_by("position", "pk"):
        yield ("question", question.key, "text", *in_both(question.text))
        yield ("question", question.key, "type", *in_both(question.get_type_display()))
        for part in ("minimum", "maximum"):
            if (value := getattr(question, part)) is not None:
                yield ("question", question.key, part, f"{value:g}", f"{value:g}")
        for part in ("low_label", "high_label", "unit"):
            if getattr(question, part):
                yield ("question", question.key, part, *in_both(getattr(question, part)))
        for choice in question.choices.all():
            yield ("choice", question.key, str(choice.value), *in_both(choice.label))
        yield from _parts(question)


def _parts(question) -> Iterator[Row]:
    """What the columns of a composite question's table hold, and the settings that bound them."""
    for key in kind_of(question).part_keys(question):
        said = []
        for language in LANGUAGES:
            with override(language):
                said.append(kind_of(question).part_label(question, key))
        yield ("part", question.key, column_of(key), *said)
    for name, value in question.settings.items():
        text = json.dumps(value, ensure_ascii=False)
        yield ("setting", question.key, name, text, text)


def _criteria(study: Study) -> Iterator[Row]:
    for criterion in study.criteria.select_related("question"):
        rule = json.dumps(criterion.expression, ensure_ascii=False)
        yield ("criterion", str(criterion.kind), criterion.question.key, rule, rule)


def _amendments(study: Study) -> Iterator[Row]:
    """Every version of the protocol after the first: when, by whom, why."""
    for version in study.protocol_versions.order_by("number"):
        number = str(version.number)
        yield ("protocol", number, "hash", version.hash, version.hash)
        yield ("protocol", number, "locked_at", version.locked_at.isoformat(), version.locked_at.isoformat())
        yield ("protocol", number, "locked_by", version.locked_by_label, version.locked_by_label)
        if version.reason:
            yield ("protocol", number, "reason", version.reason, version.reason)
