"""Frozen feedback in templates: `{% load_feedback round technologies as feedback %}` once a page, then the rest."""

from django import template

from consensus.feedback.reasons import by_stance
from consensus.feedback.view import FeedbackPage, Own, describe, load_page, load_round

register = template.Library()


@register.simple_tag
def load_feedback(round, technologies) -> FeedbackPage:
    """All feedback of the page's technologies, with one query."""
    return load_page(round, technologies)


@register.inclusion_tag("consensus/feedback.html")
def feedback_for(feedback, technology, question, own=None):
    """How the group answered, and the reader's own earlier answer (an answer row, a mapping or a number)."""
    before = feedback.figures_before(technology, question)
    context = describe(feedback.figures(technology, question), question, Own.of(own), before)
    return context | {"round_number": feedback.round_number(technology)}


@register.inclusion_tag("consensus/reasons.html")
def reasons_for(feedback, technology, conversation=None):
    """Others' approved reasons, without author, time or order; with `conversation` the reader's part in it."""
    return {"groups": by_stance(feedback.reasons(technology), conversation), "conversation": conversation}


@register.inclusion_tag("consensus/decided.html")
def decided_mark(feedback, technology):
    """Says that a technology which is asked about once more is decided already."""
    return {"verdict": feedback.decided(technology), "round_number": feedback.round_number(technology)}


@register.simple_tag
def load_results(round, technologies) -> FeedbackPage:
    """The figures of this very round, for members who answered it, with one query."""
    return load_round(round, technologies)
