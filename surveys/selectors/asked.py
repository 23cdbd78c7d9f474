"""The questions of a study, read once for as long as its protocol stays as it is.

Every page and every save of a questionnaire needs them, with all labels of all scales; they are the same for all
members. While the protocol is locked nothing about a question changes without a new version of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from surveys.models import Question, Study

STUDIES_KEPT = 64


def questions_of(study: Study) -> Sequence[Question]:
    """In the order of the protocol, with their choices. Shared between requests: never change one.

    A version is known by its hash and by when the study was last written: a question taken out and put back as it
    was gives the hash of before, for another row.
    """
    if not study.protocol_hash:
        return _read(study.pk)
    return _kept(study.pk, study.protocol_hash, study.updated_at)


@lru_cache(maxsize=STUDIES_KEPT)
def _kept(study: int, protocol_hash: str, written_at: datetime) -> Sequence[Question]:
    questions = _read(study)
    for question in questions:
        question.version = f"{protocol_hash} {written_at.isoformat()}"
    return questions


def _read(study: int) -> Sequence[Question]:
    return tuple(Question.objects.filter(study_id=study).prefetch_related("choices"))
