"""Frozen reasons as a reader meets them: what a moderator kept back since, or its author took back, is not shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from surveys.enums import Moderation, Stance
from surveys.models import Reason, Reply

FIRST = 3
ORDER = (Stance.FOR, Stance.AGAINST, Stance.NONE)


def still_shown(reasons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The frozen list without what may no longer be read. A thread stays: its first text is then empty."""
    if not reasons:
        return []
    hidden = _hidden([reason["code"] for reason in reasons])
    kept = []
    for reason in reasons:
        replies = [each for each in reason.get("replies", ()) if each["code"] not in hidden]
        if reason.get("gone") or reason["code"] in hidden:
            if replies:
                kept.append(reason | {"text": "", "gone": True, "replies": replies})
        else:
            kept.append(reason | {"replies": replies})
    return kept


def _hidden(reason_codes: list[str]) -> set[str]:
    """Codes of these reasons, and of replies to them, that are not approved as of now. One query."""
    reasons = Reason.objects.filter(code__in=reason_codes).exclude(moderation=Moderation.APPROVED)
    replies = Reply.objects.filter(reason__code__in=reason_codes).exclude(moderation=Moderation.APPROVED)
    return set(
        reasons.order_by()
        .values_list("code", flat=True)
        .union(replies.order_by().values_list("code", flat=True))
    )


@dataclass
class ShownReason:
    """One reason with what this reader did about it."""

    code: str
    text: str
    language: str = ""
    gone: bool = False
    new: bool = False
    useful: int = 0
    agree: int = 0
    replies: list[dict[str, Any]] = field(default_factory=list)
    is_own: bool = False
    voted: bool = False
    agreed: bool = False
    own_reply: Any = None

    @property
    def can_react(self) -> bool:
        return not self.gone and not self.is_own


@dataclass
class StanceGroup:
    label: str
    stance: str
    reasons: list[ShownReason]

    @property
    def first(self) -> list[ShownReason]:
        return self.reasons[:FIRST]

    @property
    def more(self) -> list[ShownReason]:
        return self.reasons[FIRST:]

    @property
    def more_is_open(self) -> bool:
        """What the reader reacted to stays in sight."""
        return any(each.voted or each.agreed or each.own_reply for each in self.more)


def by_stance(reasons: list[dict[str, Any]], conversation=None) -> list[StanceGroup]:
    """In favour, against, neither; each in the frozen order."""
    labels = {
        Stance.FOR: _("In favour"),
        Stance.AGAINST: _("Against"),
        Stance.NONE: _("Neither for nor against"),
    }
    news = {bool(reason.get("new")) for reason in reasons}
    found: dict[str, list[ShownReason]] = {stance: [] for stance in ORDER}
    for reason in reasons:
        shown = _shown(reason, conversation)
        shown.new = shown.new and len(news) > 1  # in round 2 everything is new
        found[reason.get("stance", "")].append(shown)
    return [StanceGroup(str(labels[stance]), str(stance), rows) for stance, rows in found.items() if rows]


def _shown(reason: dict[str, Any], conversation) -> ShownReason:
    code = reason["code"]
    names = ("text", "language", "gone", "new", "useful", "agree", "replies")
    shown = ShownReason(code, **{name: reason[name] for name in names if name in reason})
    if conversation is not None:
        shown.is_own = code in conversation.own
        shown.voted, shown.agreed = code in conversation.useful, code in conversation.agreed
        shown.own_reply = conversation.replies.get(code)
    return shown
