"""A rating scale, written without a template: `components/rating.html` costs as much as all the rest of a question.

A test holds the two to the same words and marks.
"""

from __future__ import annotations

from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


def scale_html(w: Any) -> SafeString:
    """`w` is the question's widget."""
    options = w.options
    name, described = escape(w.name), escape(w.describedby)
    described = f' aria-describedby="{described}"' if described else ""
    required = f'<span class="required">{escape(_("required"))}</span>' if w.question.required else ""
    help_text = f'<p class="help" id="{escape(w.help_id)}">{escape(w.help)}</p>' if w.help else ""
    ends = ""
    if w.low_label or w.high_label:
        ends = f'<div class="rating-ends"><span>{escape(w.low_label)}</span><span>{escape(w.high_label)}</span></div>'
    return SafeString(
        f'<fieldset class="rating{" has-labels" if w.has_labels else ""}" data-points="{len(options)}"{described}>'
        f"<legend>{escape(w.label)}{required}</legend>{help_text}\n"
        f'<div class="rating-scale">{_points(options, name, w.chosen, w.earlier_chosen)}</div>\n'
        f"{ends}\n{_none(name, w.cannot_judge, w.chosen)}</fieldset>"
    )


def _points(options: list[dict[str, str]], name: str, chosen: str, earlier: str) -> str:
    said = f'<span class="visually-hidden">{escape(_("your earlier answer"))}</span>'
    points = []
    for option in options:
        value = option["value"]
        label = f"<small>{escape(option['label'])}</small>" if option["label"] else ""
        was = value == earlier
        points.append(
            f'<label class="rating-point{" is-previous" if was else ""}"><input type="radio" name="{name}"'
            f' value="{escape(value)}"{" checked" if value == chosen else ""}>'
            f"<span>{escape(value)}{label}</span>{said if was else ''}</label>"
        )
    return "".join(points)


def _none(name: str, cannot_judge: str, chosen: str) -> str:
    if not cannot_judge:
        return ""
    on = " checked" if chosen == cannot_judge else ""
    return (
        f'<label class="rating-none"><input type="radio" name="{name}" value="{escape(cannot_judge)}"{on}>'
        f"{escape(_('I cannot judge this'))}</label>"
    )
