"""The intervals stored with a round's figures, in one shape for pages, files and programs.

The job that closes a round stores them with the figures of the panel, each where its statistic keeps it. How an
interval was made is a fact of the computation: its method, its draws, its seed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consensus.charts.bins import short
from consensus.verdicts.rounding import rounded
from consensus.verdicts.words import whole_percent

Json = dict[str, Any]
Ends = tuple[float | None, float | None]

METHOD_WORDS = {
    "wilson": _("Wilson"),
    "order statistics": _("order statistics"),
    "student t": _("Student's t"),
    "bca": _("bootstrap, BCa"),
    "percentile": _("bootstrap, percentile"),
}


@dataclass(frozen=True)
class Estimate:
    """A figure of the panel with its 95 % interval. `draws` is None where nothing was drawn."""

    name: str
    value: float
    low: float
    high: float
    method: str  # a key of METHOD_WORDS
    draws: int | None = None

    @property
    def label(self):
        return FIGURES[self.name].label

    @property
    def method_words(self):
        return METHOD_WORDS.get(self.method, self.method)

    @property
    def value_words(self) -> str:
        return whole_percent(self.value) if self.name == "share" else _signed(self.value)

    @property
    def interval_words(self) -> str:
        """With a word between the ends where one is negative: a dash would read as a second sign."""
        if self.name == "share":
            return f"{rounded(100 * self.low):g}–{whole_percent(self.high)}"
        ends = {"low": _signed(self.low), "high": _signed(self.high)}
        return gettext("%(low)s to %(high)s") % ends if self.low < 0 else f"{ends['low']}–{ends['high']}"


@dataclass(frozen=True)
class Figure:
    """Where a figure and the ends of its interval are stored, and under which key the computation says how."""

    label: Any
    value: Callable[[Json], float | None]
    ends: Callable[[Json], Ends]
    method: str = ""
    drawn: str = ""


def _signed(value: float) -> str:
    return short(value).replace("-", "−")


def _part(name: str, key: str) -> Callable[[Json], Any]:
    return lambda found: (found.get(name) or {}).get(key)


def _described(key: str) -> Callable[[Json], Ends]:
    return lambda found: tuple((found.get("describe") or {}).get(key) or (None, None))


def _beside(name: str) -> Callable[[Json], Ends]:
    return lambda found: (_part(name, "ci_low")(found), _part(name, "ci_high")(found))


def _drawn(name: str, label) -> Figure:
    return Figure(label, _part(name, "value"), _beside(name), drawn=name)


FIGURES = {
    "median": Figure(_("Median"), _part("describe", "value"), _described("median_ci"), "median_interval"),
    "mean": Figure(_("Mean"), _part("describe", "mean"), _described("mean_ci"), "mean_interval"),
    "share": Figure(
        _("Share in the agreement band"), _part("share", "value"), _beside("share"), "share_interval"
    ),
    "iqr": Figure(_("Interquartile range"), _part("describe", "iqr"), _described("iqr_ci"), drawn="iqr"),
    "agreement_a": _drawn("agreement", _("Agreement A (van der Eijk)")),
    "consensus_cns": _drawn("consensus", _("Consensus (Tastle and Wierman)")),
    "disagreement_index": _drawn("rand_ucla", _("Disagreement index (RAND/UCLA)")),
}


def estimates(statistics: Json, method: Json) -> list[Estimate]:
    """Figures that have an interval. `statistics`: of one item of the panel; `method`: of its computation.

    Results of an older version hold fewer; what is not stored is not there.
    """
    found = []
    for name, figure in FIGURES.items():
        value, (low, high) = figure.value(statistics), figure.ends(statistics)
        if value is not None and low is not None and high is not None:
            found.append(Estimate(name, value, low, high, *_how(figure, method)))
    return found


def _how(figure: Figure, method: Json) -> tuple[str, int | None]:
    if not figure.drawn:
        return method.get(figure.method, ""), None
    return (method.get("resampled_counts_of") or {}).get(figure.drawn, ""), method.get(
        "resampled_counts_draws"
    )
