"""Composite answers and their figures: one table of answers a question, with a typed column for each part."""

from __future__ import annotations

from collections.abc import Iterator

from consensus.composite.guard import STATISTIC
from consensus.exports.base import Row, Table
from consensus.exports.columns_of_parts import column_of
from consensus.exports.guard import drawn_members, group_names, stored
from consensus.exports.names import Names
from consensus.exports.shown import blocks, keys_of
from surveys.models import Question, Study
from surveys.question_types import kind_of

ANSWER_COLUMNS = ("pseudonym", "panel_group", "round", "technology", "technology_name", "value", "special")
FIGURES = (
    "n",
    "k",
    "share",
    "share_low",
    "share_high",
    "mean",
    "sd",
    "median",
    "q1",
    "q3",
    "first",
    "equal",
    "second",
)
PART_COLUMNS = (
    "round", "technology", "technology_name", "question", "panel_group", "part", "label",
    *("part_n" if name == "n" else name for name in FIGURES), "win_share", "strength",
)  # fmt: skip
_MEMBERS_AT_ONCE = 200


def composite_questions(names: Names) -> list[Question]:
    return [question for question in names.questions.values() if "parts" in kind_of(question).parts]


def part_tables(study: Study, names: Names) -> Iterator[Table]:
    """One table for each composite question, named by its place among the study's questions."""
    for place, question in enumerate(names.questions.values(), 1):
        if "parts" in kind_of(question).parts:
            columns = tuple(column_of(key) for key in kind_of(question).part_keys(question))
            yield Table(
                f"parts_{place}", ("question", *ANSWER_COLUMNS, *columns), _rows(study, names, question)
            )


def _rows(study: Study, names: Names, question: Question) -> Iterator[Row]:
    groups, drawn = group_names(study), drawn_members(study)
    keys = kind_of(question).part_keys(question)
    for first in range(0, len(drawn), _MEMBERS_AT_ONCE):
        mine = {pk: name for name, pk in drawn[first : first + _MEMBERS_AT_ONCE]}
        answers = stored(study).filter(question=question, member_id__in=list(mine))
        found = [
            (
                mine[member],
                names.rounds[round_],
                names.place(technology, question.pk),
                member,
                technology,
                *rest,
            )
            for member, round_, technology, *rest in answers.values_list(
                "member_id", "round_id", "technology_id", "number", "special", "parts"
            ).iterator(chunk_size=5000)
        ]
        for name, round_, _place, member, technology, number, special, parts in sorted(
            found, key=lambda row: row[:3]
        ):
            cells = (
                question.key,
                name,
                groups[member],
                round_,
                *names.technology(technology),
                number,
                special,
            )
            yield (*cells, *((parts or {}).get(key) for key in keys))


def part_figures(study: Study, names: Names) -> Iterator[Table]:
    """The figures of every part, for the panel and the groups that may be shown."""
    if composite_questions(names):
        yield Table("parts", PART_COLUMNS, _figures(study, names))


def _figures(study: Study, names: Names) -> Iterator[Row]:
    for item, is_shown in blocks(study):
        found = item.statistics.get(STATISTIC)
        if not found or not is_shown:
            continue
        question, whole = names.questions[item.question_id], found["whole"]
        keys = keys_of(item, names)
        for part in found["parts"]:
            label = kind_of(question).part_label(question, part["part"])
            yield (*keys, part["part"], label, *(part.get(name) for name in FIGURES), None, None)
        shares, strengths = whole.get("win_shares") or [], whole.get("strengths") or []
        for place, option in enumerate(whole.get("options", [])):
            label = kind_of(question).option_label(question, option)
            strength = strengths[place] if strengths else None
            yield (*keys, option, label, *[None] * len(FIGURES), shares[place], strength)
