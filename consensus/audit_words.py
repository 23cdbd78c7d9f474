"""Words of the audit entries that this app writes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SUBJECTS = {
    "export": _("Export"),
    "weights": _("Weights"),
}
EVENTS = {
    "computation_requested": pgettext_lazy("audit", "statistics asked for"),
    "computed": pgettext_lazy("audit", "statistics computed"),
    "downloaded": pgettext_lazy("audit", "downloaded"),
    "recomputed": pgettext_lazy("audit", "statistics computed again"),
    "requested": pgettext_lazy("audit", "asked for"),
}
