"""Summaries of reasons on pages of the study and in the questionnaire."""

from django import template

from foundation.localized import localized
from scanning.llm.config import configured
from scanning.selectors.reason_summaries import rounds_with_reasons, shown_summary

register = template.Library()


@register.inclusion_tag("scanning/parts/summary_shown.html")
def summary_for(round, technology):
    """What earlier reasons say, in approved sentences."""
    return {"sentences": [localized(text) for text in shown_summary(round, technology)]}


@register.inclusion_tag("scanning/parts/summary_links.html")
def summary_links(study):
    """The way from moderation to the summaries; nothing where there is neither a model nor a summary."""
    rounds = rounds_with_reasons(study) if study.may.get("run_rounds") else []
    return {"study": study, "rounds": rounds, "model": configured()}
