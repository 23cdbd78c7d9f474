"""When the protocol wants a reason: what the overview says of it, and what is no change."""

import pytest
from django.urls import reverse
from django.utils import timezone

from surveys.enums import AskReason
from surveys.models import Answer
from surveys.services.submission import missing
from tests.surveys.respond.conftest import in_round_two

pytestmark = pytest.mark.django_db


def answer(world, technology, number, round=None):
    question = world.study.questions.get(key="importance")
    about = {"round": round or world.round, "member": world.member, "question": question}
    Answer.objects.update_or_create(
        technology=technology, **about, defaults={"number": number, "saved_at": timezone.now()}
    )


def asked(world):
    gaps = missing(round=world.round, member=world.member)
    return {gap.technology for gap in gaps if gap.kind != "answer"}


def test_what_was_taken_back_in_the_round_before_is_no_answer_to_differ_from(client):
    world = in_round_two(client)
    world.study.questions.filter(key="importance").update(ask_reason=AskReason.CHANGED)
    first, second, third = world.technologies
    answer(world, first, None, round=world.first)
    for technology, number in ((first, 5), (second, 5), (third, 2)):
        answer(world, technology, number)
    assert asked(world) == {second.code}


def test_the_overview_tells_where_an_answer_lies_from_where_it_lay(client):
    world = in_round_two(client)
    first, second, _third = world.technologies
    answer(world, first, 1)
    answer(world, second, 7)
    page = client.get(reverse("respond:overview", args=[world.study.code]), {"show": "outside"})
    shown = {
        e.technology: (e.is_outside, e.earlier_is_outside)
        for _c, es in page.context["list"].chapters
        for e in es
    }
    # Other questions of each were answered outside the middle half in the round before, and not yet in this one.
    assert {technology: marks[0] for technology, marks in shown.items()} == {
        technology: technology == first for technology in world.technologies
    }
    html = page.content.decode()
    assert html.count(">outside the middle half<") == 1
    assert html.count(">earlier answer outside the middle half<") == 2


def test_a_card_and_a_row_tell_their_scripts_what_to_compare_with(client):
    world = in_round_two(client)
    code = world.technologies[0].code
    card = client.get(reverse("respond:technology", args=[world.study.code, code])).content.decode()
    table = client.get(reverse("respond:matrix", args=[world.study.code])).content.decode()
    for html in (card, table):
        assert 'data-ask="outside"' in html
        assert f'data-asked="{code}" hidden' in html
        assert 'data-demands=""' in html
    answer(world, world.technologies[0], 1)
    for name, args in (("technology", [code]), ("matrix", [])):
        html = client.get(reverse(f"respond:{name}", args=[world.study.code, *args])).content.decode()
        assert 'data-demands="importance"' in html
        assert f'data-asked="{code}">' in html
