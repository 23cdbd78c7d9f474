from django import template

from surveys.study_nav import sections_for

register = template.Library()


@register.simple_tag
def study_sections(study, current=""):
    """The study's tabs for the account that asks."""
    return sections_for(study, current)


@register.filter
def may(study, capability):
    return bool(getattr(study, "may", {}).get(capability))
