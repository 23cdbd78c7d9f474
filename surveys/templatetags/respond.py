"""Parts of the questionnaire in templates."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from surveys.respond.blocks import question_block
from surveys.respond.cells import cause_select
from surveys.respond.matrix import row_cells
from surveys.respond.openers import asked_mark, told_of_reason

register = template.Library()

register.simple_tag(asked_mark)
register.simple_tag(cause_select)
register.simple_tag(told_of_reason)
register.simple_tag(question_block)
register.simple_tag(row_cells)


@register.simple_tag
def verdict_mark(verdict: str) -> SafeString:
    """`components/verdict.html` for lists of many: drawn once in each language."""
    return _verdict_mark(verdict, get_language())


@lru_cache(maxsize=64)
def _verdict_mark(verdict: str, language: str) -> SafeString:
    return render_to_string("components/verdict.html", {"verdict": verdict})
