"""Pseudonymous answers, one row each. No name, no id, no time, no order of joining or of answering.

Pseudonyms are of the export alone: they are the same in every round and every export of the study, and cannot be
turned into those of the panel pages without the server's key. Free texts stand in a table of their own, without
pseudonym: what somebody wrote may say who wrote it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count

from consensus.exports.base import Row, Table
from consensus.exports.codebook import codebook
from consensus.exports.names import Names
from consensus.frame import COUNTED_STATUSES
from consensus.suppress import merged_across
from experts.enums import MemberStatus
from foundation.codes import ALPHABET
from surveys.enums import QuestionType
from surveys.models import Answer, Study

MERGED = "suppressed"
NO_GROUP = "none"
_MEMBERS_AT_ONCE = 50
COLUMNS = (
    "pseudonym", "panel_group", "round", "technology", "technology_name", "question", "value", "label", "low",
    "high", "special",
)  # fmt: skip
TEXT_COLUMNS = ("round", "technology", "technology_name", "question", "text")


def answer_tables(study: Study) -> Iterator[Table]:
    from consensus.exports.parts import part_tables  # it reads the rows that this module guards

    names = Names(study)
    yield from codebook(study)
    yield Table("answers", COLUMNS, _rows(study, names))
    yield from part_tables(study, names)
    yield Table("texts", TEXT_COLUMNS, _texts(study, names))


def count_answers(study: Study) -> int:
    return stored(study).count()


def stored(study: Study):
    """Answers of rounds that are over, of members who did not withdraw."""
    answers = Answer.objects.filter(round__study=study, round__status__in=COUNTED_STATUSES)
    return answers.exclude(member__status=MemberStatus.WITHDRAWN)


def pseudonym(study: Study, member_code: str) -> str:
    """A name of eight letters and digits, drawn from the server's key: about 38 bits."""
    drawn = int.from_bytes(keyed(study, f"member:{member_code}"), "big")
    letters = []
    for _ in range(8):
        drawn, place = divmod(drawn, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def keyed(study: Study, text: str) -> bytes:
    """Bytes that look random, are the same each time, and need the server's key."""
    key = f"export:{study.code}:{settings.SECRET_KEY}".encode()
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def group_names(study: Study) -> dict[int, str]:
    """Member id to the name of the group as exported: small groups together under one name."""
    members = study.panel.members.exclude(status=MemberStatus.WITHDRAWN)
    group_of = {pk: key or NO_GROUP for pk, key in members.values_list("pk", "group__key")}
    answered = stored(study).exclude(question__type=QuestionType.TEXT)
    sizes: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for round_id, member_id in (
        answered.values_list("round_id", "member_id")
        .annotate(n=Count("pk"))
        .values_list("round_id", "member_id")
    ):
        sizes[round_id][group_of[member_id]] += 1
    merged = merged_across(sizes, study.minimum_group)
    return {pk: MERGED if name in merged else name for pk, name in group_of.items()}


def drawn_members(study: Study) -> list[tuple[str, int]]:
    """Pairs of drawn name and member id, in the order of the names."""
    members = study.panel.members.exclude(status=MemberStatus.WITHDRAWN).values_list("pk", "code")
    return sorted((pseudonym(study, code), pk) for pk, code in members)


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
    """Free texts in an order that says nothing about their authors."""
    answers = stored(study).exclude(text="")
    found = answers.values_list("pk", "round_id", "technology_id", "question_id", "text")
    shuffled = sorted(found, key=lambda row: keyed(study, f"text:{row[0]}"))
    for _pk, round_, technology, question, text in shuffled:
        yield (names.rounds[round_], *names.technology(technology), names.questions[question].key, text)
