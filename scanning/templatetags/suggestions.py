"""`{% suggestions_for candidate as suggestions %}`: what a model suggested for one candidate."""

from django import template

from scanning.selectors.suggestions import suggestions_of

register = template.Library()


@register.simple_tag
def suggestions_for(candidate):
    return suggestions_of(candidate)
