"""Figures as readers write them."""

from django import template

from consensus.charts.bins import short
from consensus.verdict_words import whole_percent

register = template.Library()
NONE = "–"


@register.filter
def figure(value) -> str:
    return NONE if value is None else short(value)


@register.filter
def share(value) -> str:
    return NONE if value is None else whole_percent(value)


@register.filter
def signed(value) -> str:
    """A change with its sign; no change is a zero, an unknown one a dash."""
    if value is None:
        return NONE
    return short(value) if value == 0 else f"{'+' if value > 0 else '−'}{short(abs(value))}"
