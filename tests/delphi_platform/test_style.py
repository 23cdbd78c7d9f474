"""The style page, the base templates and what they promise to every page."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from surveys.enums import VerdictKind

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)
CSS = sorted((ROOT / "static/css").glob("*.css"))
VOID = {"meta", "link", "input", "br", "hr", "img"}


class Page(HTMLParser):
    """Elements with their attributes, in order, and whatever was closed wrongly."""

    def __init__(self, html: str):
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.torn: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.torn.append(tag)

    def all(self, tag: str) -> list[dict]:
        return [attrs for name, attrs in self.elements if name == tag]


def get_page(client, path="/style/", **headers) -> Page:
    response = client.get(path, **headers)
    assert response.status_code == 200
    return Page(response.content.decode())


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_style_page_is_well_formed_and_names_its_language(client, language):
    page = get_page(client, headers={"accept-language": language})
    assert page.all("html")[0]["lang"] == language
    assert page.torn == []
    assert page.open == []
    ids = [attrs["id"] for _tag, attrs in page.elements if attrs.get("id")]
    assert sorted(set(ids)) == sorted(ids)


def test_no_inline_style_script_or_handler(client):
    page = get_page(client)
    assert [attrs for _tag, attrs in page.elements if "style" in attrs] == []
    assert [name for _tag, attrs in page.elements for name in attrs if name.startswith("on")] == []
    assert all(attrs.get("src", "").startswith("/static/") for attrs in page.all("script"))
    assert page.all("style") == []


def test_every_description_reference_points_to_an_element(client):
    page = get_page(client)
    ids = {attrs["id"] for _tag, attrs in page.elements if attrs.get("id")}
    wanted = {ref for _tag, attrs in page.elements for ref in (attrs.get("aria-describedby") or "").split()}
    assert wanted
    assert wanted <= ids


def test_every_icon_used_is_in_the_sprite(client):
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text()))
    used = {attrs["href"].partition("#")[2] for attrs in get_page(client).all("use")}
    assert len(used) > 40
    assert used <= sprite


def test_every_token_used_is_defined():
    text = "".join(path.read_text() for path in CSS)
    defined = set(re.findall(r"(--[\w-]+):", text))
    used = set(re.findall(r"var\((--[\w-]+)\)", text))
    assert used - defined == set()


@pytest.mark.parametrize("verdict", VerdictKind.values)
def test_each_verdict_has_its_own_icon_and_words(verdict):
    html = render_to_string("components/verdict.html", {"verdict": verdict})
    assert str(VerdictKind(verdict).label) in html
    suffix = {"consensus_in": "in", "consensus_out": "out", "stable_disagreement": "dissent", "open": "open"}
    assert f'icons.svg#v-{suffix.get(verdict, "few")}"' in html


def test_theme_is_kept_in_a_cookie_and_written_into_the_page(client):
    response = client.post(reverse("set_theme"), {"theme": "dark", "next": "/style/?page=2"})
    assert response.url == "/style/?page=2"
    assert get_page(client).all("html")[0]["data-theme"] == "dark"
    client.post(reverse("set_theme"), {"theme": "auto"})
    assert "data-theme" not in get_page(client).all("html")[0]


def test_theme_refuses_unknown_values_and_foreign_addresses(client):
    response = client.post(reverse("set_theme"), {"theme": "<script>", "next": "https://evil.example/"})
    assert response.url == "/"
    assert "theme" not in response.cookies
    assert client.get(reverse("set_theme")).status_code == 405


def test_theme_needs_the_csrf_token():
    assert Client(enforce_csrf_checks=True).post(reverse("set_theme"), {"theme": "dark"}).status_code == 403


def test_language_switch_offers_the_other_language_and_comes_back(client):
    buttons = [attrs for attrs in get_page(client).all("button") if attrs.get("name") == "language"]
    assert [attrs["value"] for attrs in buttons] == ["zh-hans"]
    client.post(reverse("set_language"), {"language": "zh-hans", "next": "/style/"})
    assert get_page(client).all("html")[0]["lang"] == "zh-hans"


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As it is read out.")
    note = forms.CharField(label="Note", required=False)
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])
    agreed = forms.BooleanField(label="Agreed", required=False)


def test_forms_tie_help_and_errors_to_their_control():
    page = Page(str(Sample({})))
    name = next(attrs for attrs in page.all("input") if attrs["name"] == "name")
    assert name["aria-describedby"] == "id_name_helptext id_name_error"
    assert name["aria-invalid"] == "true"
    assert [attrs["id"] for attrs in page.all("ul")] == ["id_name_error", "id_kind_error"]
    assert page.all("fieldset")[0]["aria-describedby"] == "id_kind_error"


def test_forms_escape_what_was_typed():
    html = str(Sample({"name": '"><script>x</script>', "kind": "<b>"}))
    assert "<script>" not in html
    assert "<b>" not in html


def test_only_optional_fields_are_marked():
    html = str(Sample())
    assert html.count('class="optional"') == 1


@pytest.mark.parametrize("name", ["400", "403", "404", "500"])
def test_error_pages_render_without_a_request(name):
    page = Page(render_to_string(f"{name}.html"))
    assert page.torn == []
    assert len(page.all("h1")) == 1


def test_unknown_address_gets_the_helpful_page(client):
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert b"personal link" in response.content


def test_rating_marks_value_earlier_answer_and_abstention():
    context = {
        "label": "Importance", "name": "q", "options": [{"value": n} for n in range(1, 6)],
        "low": "low", "high": "high", "value": 4, "previous": 2, "cannot_judge": "cannot_judge",
    }  # fmt: skip
    page = Page(render_to_string("components/rating.html", context))
    radios = page.all("input")
    assert [attrs["value"] for attrs in radios] == ["1", "2", "3", "4", "5", "cannot_judge"]
    assert [attrs["value"] for attrs in radios if "checked" in attrs] == ["4"]
    assert [attrs["class"] for attrs in page.all("label")].count("rating-point is-previous") == 1


def test_progress_without_value_is_indeterminate_and_zero_is_not():
    bar = Page(render_to_string("components/progress.html", {"label": "Import", "value": None, "max": None}))
    assert "value" not in bar.all("progress")[0]
    bar = Page(render_to_string("components/progress.html", {"label": "Import", "value": 0, "max": 9}))
    assert bar.all("progress")[0]["value"] == "0"
