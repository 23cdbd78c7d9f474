"""Django's `i18n` tags, with the sentences of templates looked up once for each language.

A page of the questionnaire holds some two hundred `{% translate "…" %}`, and Django parses its way to the catalogue
at each. Settings put this library in the place of the other, so that templates go on to load `i18n`.
"""

from __future__ import annotations

from django.template import Library, Node
from django.templatetags import i18n
from django.utils.translation import get_language

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class SentenceNode(Node):
    """A sentence that stands in the template itself: what it says depends on the language alone."""

    child_nodelists = ()

    def __init__(self, node: i18n.TranslateNode):
        self.node, self.name = node, node.asvar
        self.said: dict[str | None, str] = {}
        node.asvar = None

    def render(self, context):
        language = get_language()
        said = self.said.get(language)
        if said is None:
            said = self.said[language] = self.node.render(context)
        if self.name is None:
            return said
        context[self.name] = said
        return ""


@register.tag("translate")
@register.tag("trans")
def translate(parser, token):
    node = i18n.do_translate(parser, token)
    return SentenceNode(node) if _is_sentence(node) else node


def _is_sentence(node: i18n.TranslateNode) -> bool:
    expression = node.filter_expression
    literal = getattr(expression.var, "literal", None)
    return isinstance(literal, str) and not (expression.filters or node.message_context or node.noop)
