"""A member's part in the discussion of one technology: what the page shows of it, and what its plain form does."""

from __future__ import annotations

import contextlib
import zlib
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.exceptions import InvalidInput, NotAllowed
from surveys.enums import Moderation, VoteKind
from surveys.exceptions import WrongState
from surveys.models import Reason, Reply, Technology
from surveys.respond.sheet import Entry, Sheet
from surveys.respond.visit import Visit
from surveys.services.discussion import OwnVote, allows_discussion, reply, shows_reasons, vote

PREFIX, BASE = "reply.", ".base"


@dataclass
class OwnReply:
    """The reply box of one reason: as stored, or as typed when that could not be stored."""

    text: str
    revision: int
    base: str
    moderation: str = ""
    note: str = ""
    error: str = ""


@dataclass
class Conversation:
    """`own` are the codes of the reader's own reasons; the others are keyed by the code of the reason."""

    allowed: bool
    own: set[str] = field(default_factory=set)
    useful: set[str] = field(default_factory=set)
    agreed: set[str] = field(default_factory=set)
    replies: dict[str, OwnReply] = field(default_factory=dict)
    lost: list[OwnReply] = field(default_factory=list)


def base_of(written: Reply | None) -> str:
    """What a page showed, so that a stale page neither overwrites nor complains of what was not touched."""
    text, revision = (written.text, written.revision) if written else ("", 0)
    return f"{revision}:{zlib.crc32(text.encode())}"


def box_of(written: Reply) -> OwnReply:
    shown = written.moderation if written.text else ""
    return OwnReply(written.text, written.revision, base_of(written), shown, written.moderation_note)


def load_conversation(visit: Visit, technology: Technology, votes: list[OwnVote]) -> Conversation | None:
    """Two queries; none where the round shows no reasons."""
    round, member = visit.round, visit.member
    if round is None or not shows_reasons(round):
        return None
    own = Reason.objects.filter(member=member, technology=technology, round__study=round.study_id)
    about = {"round": round, "member": member, "reason__technology": technology}
    replies = Reply.objects.filter(**about).select_related("reason")
    return Conversation(
        allowed=allows_discussion(round),
        own=set(own.values_list("code", flat=True)),
        useful={each.reason for each in votes if each.kind == VoteKind.USEFUL},
        agreed={each.reason for each in votes if each.kind == VoteKind.AGREE},
        replies={written.reason.code: box_of(written) for written in replies},
    )


def save_discussion(visit: Visit, post: Any) -> dict[str, OwnReply]:
    """Votes and replies that came with a page. Returns the replies that could not be stored, by reason."""
    if "voice" in post:
        with contextlib.suppress(NotAllowed):  # no longer shown: the page that follows says so
            _vote(visit, post["voice"])
    refused = {}
    for code, text in _typed_replies(post):
        try:
            save_reply(visit, code, text, post.get(f"{PREFIX}{code}{BASE}", ""))
        except (InvalidInput, WrongState) as refusal:
            refused[code] = OwnReply(text, 0, base_of(_stored(visit, code)), error=str(refusal.message))
        except NotAllowed:
            gone = _("The reason is no longer shown, so this reply to it was not saved.")
            refused[code] = OwnReply(text, 0, "", error=gone)
    return refused


def conversation_of(sheet: Sheet, entry: Entry, refused: dict[str, OwnReply]) -> Conversation | None:
    """The conversation with what was refused put back into its box or, where its reason is gone, beside the list."""
    conversation = load_conversation(sheet.visit, entry.technology, sheet.votes)
    if conversation is not None and refused:
        still = Reason.objects.filter(code__in=refused, moderation=Moderation.APPROVED)
        shown = set(still.values_list("code", flat=True))
        conversation.replies |= {code: box for code, box in refused.items() if code in shown}
        conversation.lost = [box for code, box in refused.items() if code not in shown]
    return conversation


def save_reply(visit: Visit, code: str, text: str, base: str) -> Reply | None:
    """Store the reply if the person touched it. Raises WrongState when another tab changed it meanwhile."""
    text = text.replace("\r\n", "\n")
    written = _stored(visit, code)
    untouched = base.partition(":")[2] == str(zlib.crc32(text.encode()))
    if untouched or (written and written.text == text.strip()):
        return written
    if base and base != base_of(written):
        raise WrongState(
            _("Your reply was changed in another tab, where it now is: %(text)s. Save again to use this one.")
            % {"text": written.text if written else "–"}
        )
    return reply(
        round=visit.round, member=visit.member, reason=code, text=text, language=get_language() or ""
    )


def stored_base(visit: Visit, code: str) -> str:
    return base_of(_stored(visit, code))


def plain_code(raw: str) -> str:
    """What can be looked for in any database; nothing has an empty code."""
    return raw if len(raw) <= 16 and raw.isascii() and raw.isalnum() else ""


def _stored(visit: Visit, code: str) -> Reply | None:
    return Reply.objects.filter(round=visit.round, member=visit.member, reason__code=code).first()


def _vote(visit: Visit, act: str) -> None:
    """`useful:CODE:1` sets a vote, `useful:CODE:0` takes it back; `reply:CODE:` only sends the page."""
    kind, _colon, rest = act.partition(":")
    code, _colon, on = rest.partition(":")
    if kind in VoteKind.values:
        vote(round=visit.round, member=visit.member, reason=plain_code(code), kind=kind, on=on == "1")


def _typed_replies(post: Any):
    for name in post:
        if name.startswith(PREFIX) and not name.endswith(BASE):
            yield plain_code(name.removeprefix(PREFIX)), post[name].replace("\0", "")


def typed_replies(post: Any) -> list[str]:
    """For a page that came too late: what its author wrote."""
    return [text.strip() for _code, text in _typed_replies(post) if text.strip()]
