"""What a monitor noticed, in words: as observation, never as a forecast."""

from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def alert_sentence(alert: dict) -> str:
    if alert["kind"] == "surge":
        return _surge(alert)
    return _first(alert)


def _surge(alert: dict) -> str:
    if alert["basis"] == "runs":
        return ngettext(
            "Rising now: %(added)s new document mentions it, where %(expected)s were to be expected.",
            "Rising now: %(added)s new documents mention it, where %(expected)s were to be expected.",
            alert["added"],
        ) % {
            "added": number_format(alert["added"], 0),
            "expected": number_format(alert["expected"], 1 if alert["expected"] >= 1 else 2),
        }
    return _("Rising now: its share of documents is %(factor)s times that of the years before.") % {
        "factor": number_format(alert["factor"], 1)
    }


def _first(alert: dict) -> str:
    values = {
        "documents": number_format(alert["documents"], 0, force_grouping=True),
        "year": alert["first_year"],
    }
    if alert["basis"] == "runs" and alert["first_year"]:
        return (
            _(
                "First appearance: no earlier run listed it. %(documents)s documents mention it, the first of %(year)s."
            )
            % values
        )
    if alert["basis"] == "runs":
        return _("First appearance: no earlier run listed it. %(documents)s documents mention it.") % values
    return _("First appearance: %(documents)s documents mention it, the first of %(year)s.") % values


# For mails, which are put into words in the language of whoever reads them.
lazy_alert_sentence = lazy(alert_sentence, str)
