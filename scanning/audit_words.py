"""Words of the audit entries that this app writes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SUBJECTS = {
    "backtest": _("Backtest"),
    "candidate": _("Candidate"),
    "corpus": _("Corpus"),
    "groups": _("Groups"),
    "monitor": _("Monitor"),
    "review": _("Review"),
    "scan": _("Scan"),
    "topic": _("Topic"),
}
EVENTS = {
    "accept": pgettext_lazy("audit", "accepted"),
    "add": pgettext_lazy("audit", "added"),
    "brought_back": pgettext_lazy("audit", "brought back"),
    "columns_mapped": pgettext_lazy("audit", "columns named"),
    "delete": pgettext_lazy("audit", "removed"),
    "edit": pgettext_lazy("audit", "edited"),
    "evidence": pgettext_lazy("audit", "more evidence fetched"),
    "file_imported": pgettext_lazy("audit", "file imported"),
    "file_received": pgettext_lazy("audit", "file received"),
    "file_refused": pgettext_lazy("audit", "file refused"),
    "formula_changed": pgettext_lazy("audit", "formula changed"),
    "judged": pgettext_lazy("audit", "judged"),
    "merge": pgettext_lazy("audit", "merged"),
    "move": pgettext_lazy("audit", "moved"),
    "paused": pgettext_lazy("audit", "paused"),
    "policy_changed": pgettext_lazy("audit", "policy changed"),
    "promote": pgettext_lazy("audit", "put on the technology list"),
    "put_on_board": pgettext_lazy("audit", "put on the review board"),
    "reject": pgettext_lazy("audit", "rejected"),
    "relabel": pgettext_lazy("audit", "renamed"),
    "resumed": pgettext_lazy("audit", "resumed"),
    "run_begun": pgettext_lazy("audit", "run begun"),
    "run_concluded": pgettext_lazy("audit", "run concluded"),
    "sign": pgettext_lazy("audit", "signed"),
    "split": pgettext_lazy("audit", "split"),
    "started": pgettext_lazy("audit", "started"),
    "undo": pgettext_lazy("audit", "undone"),
    "written": pgettext_lazy("audit", "written to the fields"),
}
