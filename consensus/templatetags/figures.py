"""Figures as readers write them."""

from django import template

from consensus.charts.bins import short
from consensus.dashboard.words import reason_words
from consensus.verdicts.words import whole_percent

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


@register.filter
def two(value) -> str:
    """Two decimals, always: coefficients are read down a column."""
    return NONE if value is None or value == "" else f"{value:.2f}"


@register.filter
def three(value) -> str:
    return NONE if value is None else f"{value:.3f}"


@register.filter
def p(value) -> str:
    """A p-value; very small ones are not zero."""
    if value is None:
        return NONE
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


@register.filter
def reason(code) -> str:
    return reason_words(code)


@register.filter
def of(part, whole) -> str:
    return NONE if not whole else whole_percent(part / whole)
