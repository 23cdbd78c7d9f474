"""Words of the audit entries that this app writes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SUBJECTS = {
    "account": _("Account"),
    "expert": _("Expert"),
    "group": _("Panel group"),
    "invitation": _("Invitation"),
    "invitations": _("Invitations"),
    "link": _("Personal link"),
    "mails": _("Mails"),
    "member": _("Panel member"),
    "members": _("Panel members"),
    "panel": _("Panel"),
    "role": _("Role"),
    "token": _("API token"),
}
EVENTS = {
    "added": pgettext_lazy("audit", "added"),
    "changed": pgettext_lazy("audit", "changed"),
    "created": pgettext_lazy("audit", "created"),
    "edited": pgettext_lazy("audit", "edited"),
    "erased": pgettext_lazy("audit", "erased"),
    "given": pgettext_lazy("audit", "given"),
    "imported": pgettext_lazy("audit", "imported"),
    "invitation": pgettext_lazy("audit", "invitations sent"),
    "opened": pgettext_lazy("audit", "opened"),
    "reminder": pgettext_lazy("audit", "reminders sent"),
    "removed": pgettext_lazy("audit", "removed"),
    "renewed": pgettext_lazy("audit", "renewed"),
    "restored": pgettext_lazy("audit", "taken back"),
    "revoked": pgettext_lazy("audit", "revoked"),
    "taken": pgettext_lazy("audit", "taken away"),
    "withdrawn": pgettext_lazy("audit", "withdrawn"),
}
