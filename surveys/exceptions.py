"""Refusals of this app, by name."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from foundation.exceptions import Refusal


class RoundNotOpen(Refusal):
    code = "round_not_open"
    default_message = _("This round is not open. Nothing was stored.")


class RoundNotReady(Refusal):
    """A round cannot be opened yet; `details["problems"]` lists why."""

    code = "round_not_ready"
    default_message = _("The round cannot be opened yet.")


class WrongState(Refusal):
    code = "wrong_state"
    default_message = _("Somebody else changed this in the meantime. Reload the page to see how it is now.")


class ProtocolLocked(Refusal):
    code = "protocol_locked"
    default_message = _("The protocol is locked. A change needs an amendment with a reason.")


class NotAssigned(Refusal):
    code = "not_assigned"
    status = 404
    default_message = _("You are not asked about this technology in this round.")


class ConsentRequired(Refusal):
    """Nobody's words are stored before they agreed to take part; a page keeps what it was sent (`kept`)."""

    code = "consent_required"
    status = 403
    template = "respond/consent_required.html"
    default_message = _("Please agree to take part first. Nothing was stored.")
    kept: Sequence[tuple[str, str]] = ()  # fields of the form that was sent in vain
    words: str = ""  # what of them its author wrote


class TextChanged(Refusal):
    code = "text_changed"
    default_message = _(
        "The consent text was changed while you were reading it. Please read it as it is now."
    )


class Incomplete(Refusal):
    """Submission refused; `details["missing"]` lists what is still needed."""

    code = "incomplete"
    status = 400
    default_message = _("Some required answers or reasons are still missing.")
