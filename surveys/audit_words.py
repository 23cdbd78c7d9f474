"""Words of the audit entries that this app writes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SUBJECTS = {
    "consent": _("Consent"),
    "criterion": _("Consensus rule"),
    "field": _("Field"),
    "proposal": _("Proposal"),
    "protocol": _("Protocol"),
    "question": _("Question"),
    "reason": _("Reason"),
    "reply": _("Reply"),
    "response": _("Response"),
    "round": _("Round"),
    "study": _("Study"),
    "technology": _("Technology"),
}
EVENTS = {
    "accepted": pgettext_lazy("audit", "accepted"),
    "active": pgettext_lazy("audit", "put back on"),
    "amended": pgettext_lazy("audit", "amended"),
    "analysed": pgettext_lazy("audit", "analysed"),
    "approved": pgettext_lazy("audit", "approved"),
    "archived": pgettext_lazy("audit", "archived"),
    "closed": pgettext_lazy("audit", "closed"),
    "draft": pgettext_lazy("audit", "put back into preparation"),
    "dropped": pgettext_lazy("audit", "taken off the list"),
    "finished": pgettext_lazy("audit", "finished"),
    "locked": pgettext_lazy("audit", "locked"),
    "members_joined": pgettext_lazy("audit", "members joined"),
    "merged": pgettext_lazy("audit", "merged"),
    "moved": pgettext_lazy("audit", "moved"),
    "pending": pgettext_lazy("audit", "put back into the queue"),
    "planned": pgettext_lazy("audit", "planned"),
    "rejected": pgettext_lazy("audit", "rejected"),
    "reopened": pgettext_lazy("audit", "reopened"),
    "set": pgettext_lazy("audit", "set"),
    "version": pgettext_lazy("audit", "new wording kept"),
    "technologies_added": pgettext_lazy("audit", "technologies added"),
    "technologies_chosen": pgettext_lazy("audit", "technologies chosen"),
    "submitted": pgettext_lazy("audit", "submitted"),
}
