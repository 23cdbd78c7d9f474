"""Frozen feedback in templates: `{% load_feedback round technologies as feedback %}` once a page, then the rest."""

from django import template

from consensus.feedback_view import FeedbackPage, Own, brief, describe, load_page, load_round

register = template.Library()


@register.simple_tag
def load_feedback(round, technologies) -> FeedbackPage:
    """All feedback of the page's technologies, with one query."""
    return load_page(round, technologies)


@register.inclusion_tag("consensus/feedback.html")
def feedback_for(feedback, technology, question, own=None):
    """How the group answered, and the reader's own earlier answer (an answer row, a mapping or a number)."""
    context = describe(feedback.figures(technology, question), question, Own.of(own))
    return context | {"round_number": feedback.round_number(technology)}


@register.inclusion_tag("consensus/reasons.html")
def reasons_for(feedback, technology):
    """Others' approved reasons, without author, time or order."""
    return {"reasons": feedback.reasons(technology)}


@register.simple_tag
def load_results(round, technologies) -> FeedbackPage:
    """The figures of this very round, for members who answered it, with one query."""
    return load_round(round, technologies)


@register.simple_tag
def feedback_brief(feedback, technology, question, own=None):
    """One line for a table's cell: the median with the middle half, and the reader's own earlier answer."""
    return brief(feedback.figures(technology, question), question, Own.of(own))
