"""Refusals of this app, by name."""

from django.utils.translation import gettext_lazy as _

from foundation.exceptions import Refusal


class ExportNotReady(Refusal):
    code = "export_not_ready"
    default_message = _("This export is still being written.")


class ExportExpired(Refusal):
    code = "export_expired"
    status = 410
    default_message = _("This export has expired. Request it again to get the present results.")
