"""Rules to try out on stored counts: the usual ones of the field, as criteria that `consensus.stats` evaluates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.enums import QuestionType
from surveys.models import Question
from surveys.question_types import kind_of

COMET_IN, COMET_OPPOSED = 0.70, 0.15
TYPES = (QuestionType.SCALE, QuestionType.PERCENT, QuestionType.NUMBER, QuestionType.ESTIMATE)


class Preset(models.TextChoices):
    SHARE = "share", _("Share in the band")
    IQR = "iqr", _("Interquartile range and median")
    CV = "cv", _("Coefficient of variation and mean")
    COMBINED = "combined", _("Share in the band and interquartile range")
    RAND_UCLA = "rand_ucla", _("RAND/UCLA appropriateness")
    COMET = "comet", _("COMET 70/15, whole panel")
    COMET_GROUPS = "comet_groups", _("COMET 70/15, in every panel group")


SCALES_ONLY = (Preset.RAND_UCLA, Preset.COMET, Preset.COMET_GROUPS)


@dataclass(frozen=True)
class Settings:
    """What the form asks for: bands in the question's own values, shares as parts of 1."""

    preset: str
    low: float
    high: float
    threshold: float = 0.75
    iqr: float = 2.0
    cv: float = 0.25


def mirrored(question: Question, settings: Settings) -> tuple[float, float] | None:
    """The band at the other end of the scale; none where the question has no ends or the two would overlap."""
    low, high = kind_of(question).bounds(question)
    if low is None or high is None:
        return None
    opposite = (low + high - settings.high, low + high - settings.low)
    return opposite if opposite[1] < settings.low or opposite[0] > settings.high else None


def criteria_of(
    question: Question, settings: Settings, axis: Sequence[float], groups: Sequence[str] = ()
) -> dict[str, Any]:
    """Consensus rules of the preset for one question; `axis`: all values by which its answers are counted."""
    band = (settings.low, settings.high)
    opposite = mirrored(question, settings)
    make = _MAKERS[settings.preset]
    if settings.preset in SCALES_ONLY:
        rules = {"consensus_in": make("in", settings), "consensus_out": make("out", settings)}
    else:
        rules = {"consensus_in": make(band, settings, axis, True)}
        if opposite is not None:
            rules["consensus_out"] = make(opposite, settings, axis, band[0] < opposite[0])
    if settings.preset in (Preset.COMET, Preset.COMET_GROUPS):
        bands = {"high": values_in(band, axis), "low": values_in(opposite or band, axis)}
        for rule in rules.values():
            rule |= bands | ({"groups": list(groups)} if settings.preset == Preset.COMET_GROUPS else {})
    return rules


def values_in(band: tuple[float, float], axis: Sequence[float]) -> list[float]:
    """The values of the band; its ends at least, so that a band nobody answered in is a share of 0."""
    return [value for value in axis if band[0] <= value <= band[1]] or list(band)


def _share(band, settings: Settings, axis, _upper: bool) -> dict[str, Any]:
    return {"kind": "share", "band": values_in(band, axis), "op": ">=", "threshold": settings.threshold}


def _within(band) -> dict[str, Any]:
    return {"kind": "median", "low": band[0], "high": band[1]}


def _iqr(band, settings: Settings, _axis, _upper: bool) -> dict[str, Any]:
    return {"all": [{"kind": "iqr", "op": "<=", "threshold": settings.iqr}, _within(band)]}


def _cv(band, settings: Settings, _axis, upper: bool) -> dict[str, Any]:
    side = (">=", band[0]) if upper else ("<=", band[1])
    return {
        "all": [
            {"kind": "cv", "op": "<=", "threshold": settings.cv},
            {"kind": "mean", "op": side[0], "threshold": side[1]},
        ]
    }


def _combined(band, settings: Settings, axis, upper: bool) -> dict[str, Any]:
    spread = {"kind": "iqr", "op": "<=", "threshold": settings.iqr}
    return {"all": [_share(band, settings, axis, upper), spread]}


def _rand_ucla(verdict: str, _settings: Settings) -> dict[str, Any]:
    return {"kind": "rand_ucla", "region": "high" if verdict == "in" else "low", "disagreement": False}


def _comet(verdict: str, _settings: Settings) -> dict[str, Any]:
    return {"kind": "comet", "verdict": verdict, "at_least": COMET_IN, "below": COMET_OPPOSED}


_MAKERS: Mapping[str, Callable[..., dict[str, Any]]] = {
    Preset.SHARE: _share,
    Preset.IQR: _iqr,
    Preset.CV: _cv,
    Preset.COMBINED: _combined,
    Preset.RAND_UCLA: _rand_ucla,
    Preset.COMET: _comet,
    Preset.COMET_GROUPS: _comet,
}
