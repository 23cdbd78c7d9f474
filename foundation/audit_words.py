"""What the audit trail's codes say, in the reader's language: `round.closed` is a subject and what befell it."""

from collections.abc import Mapping

from django.utils.functional import Promise

Words = Mapping[str, str | Promise]
_subjects: dict[str, str | Promise] = {}
_events: dict[str, str | Promise] = {}


def register_audit_words(*, subjects: Words, events: Words) -> None:
    """Each app says in `AppConfig.ready` what its own entries are about."""
    _subjects.update(subjects)
    _events.update(events)


def words_of(action: str) -> str:
    """Subject and event in words; the code itself where one of them is unknown."""
    subject, _dot, event = action.partition(".")
    if subject in _subjects and event in _events:
        return f"{_subjects[subject]} · {_events[event]}"
    return action


def target_in_words(target: str) -> str:
    """What the entry is about: `round 2` begins with a subject, which is said in words; a name stands as it is."""
    subject, space, rest = target.partition(" ")
    return f"{_subjects[subject]} {rest}" if space and subject in _subjects else target
