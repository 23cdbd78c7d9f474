"""Refusals that a person can be told of. One middleware maps them to pages, one handler to API answers."""

from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """A request that the rules do not allow; `code` is stable, `message` is for people."""

    code = "refused"
    status = 409
    default_message = _("This is not possible now.")

    def __init__(self, message=None, **details):
        self.message = message or self.default_message
        self.details = details
        super().__init__(str(self.message))

    @property
    def said(self) -> str:
        """All that a person is to be told, in one line."""
        return str(self.message)


class NotAllowed(Refusal):
    """The person may not do this. Outsiders are answered 404, so that nothing is revealed."""

    code = "not_allowed"
    status = 404
    default_message = _("There is nothing here for you.")


class SignInNeeded(NotAllowed):
    """Nobody is signed in: pages lead to the sign-in form and back, whether or not the address exists."""

    code = "sign_in"
    status = 401
    default_message = _("Please sign in first.")


class InvalidInput(Refusal):
    """Input that failed validation; `errors` maps a field or line to messages."""

    code = "invalid"
    status = 400
    default_message = _("Some of the input could not be used.")

    def __init__(self, message=None, *, errors=None, **details):
        self.errors = errors or {}
        super().__init__(message, **details)

    @property
    def said(self) -> str:
        texts = [str(text) for found in self.errors.values() for text in found]
        return " ".join(texts) or super().said
