"""Why a model gave nothing. Each is a refusal that a person can be told of."""

from django.utils.translation import gettext_lazy as _

from foundation.exceptions import Refusal


class ModelError(Refusal):
    code = "model_failed"
    used: tuple[int, int] = (0, 0)  # tokens of an answer that came and could not be used
    default_message = _("The language model gave no usable answer.")


class NotConfigured(ModelError):
    code = "model_not_configured"
    default_message = _("No language model is configured.")


class AddressRefused(ModelError):
    """The request never left: the address is not one that the configuration allows."""

    code = "model_address_refused"
    default_message = _("The address of the language model is not allowed.")


class Unreachable(ModelError):
    code = "model_unreachable"
    default_message = _("The language model could not be reached.")


class Rejected(ModelError):
    """The server understood and said no: a wrong key, an unknown model, a redirect."""

    code = "model_rejected"
    default_message = _("The language model's server refused the request.")

    def __init__(self, message=None, *, status=0, body=""):
        super().__init__(message, status=status)
        self.body = body


class BadAnswer(ModelError):
    code = "model_bad_answer"
    default_message = _("The language model's answer did not pass its checks.")


class CutOff(BadAnswer):
    """The answer was longer than the model may write: a smaller question may be answered whole."""

    code = "model_cut_off"


class Filtered(CutOff):
    """The server or the model will not speak of something in the question: of a part of it, it may."""

    code = "model_filtered"


class KeyUnusable(ModelError):
    """Never sent: the key is not named, as libraries that refuse it put it into their message."""

    code = "model_key_unusable"
    default_message = _("The key of the language model holds characters that cannot be sent.")


class OverBudget(ModelError):
    code = "model_over_budget"
    default_message = _("The budget for the language model is used up.")
