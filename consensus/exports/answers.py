"""Pseudonymous answers, one row each. No name, no id, no time, no order of joining or of answering.

Pseudonyms are of the export alone: they are the same in every round and every export of the study, and cannot be
turned into those of the panel pages without the server's key. Free texts stand in a table of their own, without
pseudonym: what somebody wrote may say who wrote it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from consensus.exports.base import Row, Table
from consensus.exports.codebook import codebook
from consensus.exports.guard import drawn_members, group_names, keyed, stored
from consensus.exports.names import Names
from consensus.exports.parts import part_tables
from surveys.enums import QuestionType
from surveys.models import Study

_MEMBERS_AT_ONCE = 50
COLUMNS = (
    "pseudonym", "panel_group", "round", "technology", "technology_name", "question", "value", "label", "low",
    "high", "special",
)  # fmt: skip
TEXT_COLUMNS = ("round", "technology", "technology_name", "question", "text")


def answer_tables(study: Study) -> Iterator[Table]:
    names = Names(study)
    yield from codebook(study)
    yield Table("answers", COLUMNS, _rows(study, names))
    yield from part_tables(study, names)
    yield Table("texts", TEXT_COLUMNS, _texts(study, names))


def count_answers(study: Study) -> int:
    return stored(study).count()


def _rows(study: Study, names: Names) -> Iterator[Row]:
    groups = group_names(study)
    drawn = drawn_members(study)
    for first in range(0, len(drawn), _MEMBERS_AT_ONCE):
        yield from _chunk(
            study, names, groups, {pk: name for name, pk in drawn[first : first + _MEMBERS_AT_ONCE]}
        )


def _chunk(study: Study, names: Names, groups: dict[int, str], drawn: dict[int, str]) -> Iterator[Row]:
    """The answers of some members in the order of their drawn names, then of rounds, list and questions."""
    answers = stored(study).filter(member_id__in=list(drawn)).exclude(question__type=QuestionType.TEXT)
    found = [
        (
            drawn[member],
            names.rounds[round_],
            *names.place(technology, question),
            member,
            technology,
            question,
            *rest,
        )
        for member, round_, technology, question, *rest in answers.values_list(
            "member_id", "round_id", "technology_id", "question_id", "number", "low", "high", "special"
        ).iterator(chunk_size=5000)
    ]
    found.sort(key=lambda row: row[:4])
    for name, round_, _place, _position, member, technology, question, number, low, high, special in found:
        yield (
            name,
            groups[member],
            round_,
            *names.technology(technology),
            names.questions[question].key,
            number,
            names.label(question, number),
            low,
            high,
            special,
        )


def _texts(study: Study, names: Names) -> Iterator[Row]:
    """Free texts in an order that says nothing about their authors.

    Like reasons they come without pseudonym. What stands beside "other" needs more: the answers tell which
    pseudonyms chose it, so that the text of few would be one of theirs.
    """
    answers = stored(study).exclude(text="")
    columns = ("pk", "round_id", "technology_id", "question_id", "text")
    found = answers.values_list(*columns).order_by()
    beside = Counter(row[1:4] for row in found if names.questions[row[3]].type != QuestionType.TEXT)
    found = [row for row in found if beside.get(row[1:4], study.minimum_group) >= study.minimum_group]
    shuffled = sorted(found, key=lambda row: keyed(study, f"text:{row[0]}"))
    for _pk, round_, technology, question, text in shuffled:
        yield (names.rounds[round_], *names.technology(technology), names.questions[question].key, text)
