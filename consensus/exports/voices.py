"""What experts said beyond their answers: reasons with votes, replies, proposals, wordings in trouble."""

from __future__ import annotations

from collections.abc import Iterator

from consensus.exports.base import Row, Table
from consensus.selectors.voices import Thread, proposals_told, threads, wordings_told
from surveys.models import Study, Technology

DISCUSSION_COLUMNS = (
    "round", "technology", "technology_name", "reason", "stance", "text", "votes_useful", "votes_agree", "replies",
)  # fmt: skip
REPLY_COLUMNS = ("round", "technology", "technology_name", "reason", "text")
PROPOSAL_COLUMNS = (
    "round", "kind", "technology", "technology_name", "question", "problem", "field", "name", "description", "text",
    "status", "answer", "became",
)  # fmt: skip
WORDING_COLUMNS = (
    "technology", "technology_name", "question", "reports", "problems", "answered", "cannot_judge_share",
)  # fmt: skip


def voice_tables(study: Study) -> Iterator[Table]:
    found = threads(study)
    yield Table("discussion", DISCUSSION_COLUMNS, map(_thread, found))
    yield Table("replies", REPLY_COLUMNS, _replies(found))
    yield Table("proposals", PROPOSAL_COLUMNS, _proposals(study))
    yield Table("wordings", WORDING_COLUMNS, _wordings(study))


def _thread(thread: Thread) -> Row:
    head = (thread.round, *_named(thread.technology), thread.name)
    if thread.gone:
        return (*head, None, None, None, None, len(thread.replies))
    return (*head, thread.stance, thread.text, thread.useful, thread.agree, len(thread.replies))


def _replies(found: list[Thread]) -> Iterator[Row]:
    for thread in found:
        for said in thread.replies:
            yield (said.round, *_named(thread.technology), thread.name, said.text)


def _proposals(study: Study) -> Iterator[Row]:
    for row in proposals_told(study):
        yield (
            row.round.number,
            row.kind,
            *_named(row.technology),
            row.question.key if row.question else None,
            row.problem or None,
            row.field.key if row.field else None,
            str(row.name) or None,
            str(row.description) or None,
            row.text or None,
            row.status,
            row.answer or None,
            row.became.key if row.became else None,
        )


def _wordings(study: Study) -> Iterator[Row]:
    for row in wordings_told(study):
        counted = row.cannot_judge
        yield (
            *_named(row.technology),
            row.question.key if row.question else None,
            row.reports,
            ", ".join(sorted(row.problems)) or None,
            counted.of if counted else None,
            counted.share if counted else None,
        )


def _named(technology: Technology | None) -> tuple[str | None, str | None]:
    return (technology.key, str(technology.name)) if technology else (None, None)
