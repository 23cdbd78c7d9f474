"""Refusals of this app, by name."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from foundation.exceptions import Refusal


class LastOwner(Refusal):
    code = "last_owner"
    default_message = _("A panel needs an owner. Make somebody else an owner first.")


class AlreadyMember(Refusal):
    code = "already_member"
    default_message = _("This person is already in the panel.")


class LinkInvalid(Refusal):
    """The personal link opens nothing. Unknown, foreign and garbled links are answered alike."""

    code = "link_invalid"
    status = 404
    template = "experts/link_refused.html"
    default_message = _("This link does not open anything.")


class LinkNoLongerValid(LinkInvalid):
    """The link was genuine once: revoked, replaced or expired. Its holder may be told so, and nothing else."""

    code = "link_no_longer_valid"
    status = 410
    default_message = _("This link is no longer valid.")


class LinkThrottled(LinkInvalid):
    code = "link_throttled"
    status = 429
    default_message = _("Too many links that do not work came from your network.")


class LinkRequired(Refusal):
    """The page needs a personal link to have been opened in this browser."""

    code = "link_required"
    status = 403
    template = "experts/link_required.html"
    default_message = _("Please open your personal link again.")
    kept: Sequence[tuple[str, str]] = ()  # fields of the form that was sent in vain
    words: str = ""  # what of them its author wrote
