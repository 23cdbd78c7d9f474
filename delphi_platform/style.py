"""The style page: every component with content as a study would have it, in the reader's language."""

import re

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from delphi_platform.style_sample import sample
from foundation.forms import LocalizedFormField

COLOURS = (
    *("ground", "surface", "surface-2", "raised", "line", "line-strong", "ink", "ink-2", "ink-3"),
    *("accent", "accent-soft", "mark", "good", "warn", "bad"),
)
RAMP = range(1, 8)
GROUPS = range(1, 9)
VERDICTS = ("consensus_in", "consensus_out", "stable_disagreement", "open", "too_few_answers")


class SampleForm(forms.Form):
    """One field of every kind; shown bound to incomplete data so that errors show."""

    title = LocalizedFormField(
        label=_("Title"),
        max_length=120,
        help_text=_("As experts will read it. One language is enough to begin."),
    )
    contact = forms.EmailField(label=_("Contact address"))
    field = forms.ChoiceField(label=_("Field"))
    closes = forms.DateField(
        label=_("Closes on"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    size = forms.IntegerField(
        label=_("Smallest group shown"),
        min_value=3,
        help_text=_("Smaller groups are never shown on their own."),
    )
    description = forms.CharField(
        label=_("Description"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    routing = forms.ChoiceField(
        label=_("Who is asked about what"),
        widget=forms.RadioSelect,
        choices=[
            ("all", _("Everyone about everything")),
            ("fields", _("Members about technologies of their fields")),
        ],
    )
    groups = forms.MultipleChoiceField(
        label=_("Panel groups"), widget=forms.CheckboxSelectMultiple, required=False
    )
    file = forms.FileField(
        label=_("Member list"), required=False, help_text=_("CSV in UTF-8, one member a line.")
    )
    agreed = forms.BooleanField(label=_("Show the reasons of others in the next round"), required=False)

    def __init__(self, *args, content: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [(name, name) for name in content["fields"]]
        self.fields["groups"].choices = [(name, name) for name in content["groups"]]


def _form(content: dict) -> SampleForm:
    data = {
        "title_en": "Intelligent manufacturing 2045",
        "title_zh_hans": "智能制造2045技术预见",
        "contact": "office@",
        "field": content["fields"][1],
        "size": "1",
        "routing": "fields",
        "groups": content["groups"][:2],
        "agreed": "on",
    }
    return SampleForm(data, content=content)


def _icons() -> list[str]:
    sprite = (settings.BASE_DIR / "static" / "icons.svg").read_text(encoding="utf-8")
    return re.findall(r'<symbol id="([^"]+)"', sprite)


def _points(count: int) -> list[dict]:
    return [{"value": value} for value in range(1, count + 1)]


def style(request: HttpRequest) -> HttpResponse:
    """Public: it holds nothing of any study."""
    content = sample(get_language() or "en")
    page = Paginator(range(1, 421), 42).get_page(request.GET.get("page", 4))
    tabs = [
        {"label": _("Candidates"), "url": "#tabs", "count": 128, "current": True},
        {"label": _("Accepted"), "url": "#tabs", "count": 42},
        {"label": _("Rejected"), "url": "#tabs", "count": 17},
        {"label": _("History"), "url": "#tabs"},
    ]
    context = {
        "s": content,
        "study": content["study"],
        "form": _form(content),
        "page": page,
        "tabs": tabs,
        "colours": COLOURS,
        "ramp": RAMP,
        "group_numbers": GROUPS,
        "icons": _icons(),
        "verdicts": VERDICTS,
        "nine": _points(9),
        "five": _points(5),
    }
    return render(request, "style/page.html", context)
