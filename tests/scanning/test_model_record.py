"""The record of a model's suggestions, against a count by hand."""

import pytest
from django.urls import reverse

from scanning.models import Candidate, Suggestion
from scanning.selectors.model_record import by_model
from scanning.services import review
from scanning.services.policies import policy_of
from scanning.services.suggestions import accept_suggestion, edit_suggestion, reject_suggestion

pytestmark = pytest.mark.django_db


def suggested(study, number, prompt="naming-1", kind="wording", **content):
    candidate = Candidate.objects.create(
        study=study, name={"en": f"term {number}"}, mined_name=f"term {number}", method="m", rank=number
    )
    content = content or {"name": {"en": "Flow cell", "zh-hans": "液流电池"}}
    return Suggestion.objects.create(
        candidate=candidate, kind=kind, model="small", prompt_version=prompt, content=content
    )


def test_suggestions_are_counted_by_model_prompt_and_kind_with_the_characters_that_were_changed(study, owner):
    rows = [suggested(study, number) for number in range(6)]
    accept_suggestion(suggestion=rows[0], actor=owner)
    accept_suggestion(suggestion=rows[1], actor=owner)
    review.edit(candidate=rows[1].candidate, actor=owner, name={"en": "Flow cells", "zh-hans": "液流电池"})
    edit_suggestion(suggestion=rows[2], actor=owner, name={"en": "Flow cell", "zh-hans": "全钒液流电池"})
    reject_suggestion(suggestion=rows[3], actor=owner)
    suggested(study, 10, prompt="naming-2")
    first, second = by_model(study)
    assert (first.model, first.prompt_version, first.kind) == ("small", "naming-1", "wording")
    assert (first.made, first.accepted, first.edited, first.rejected) == (6, 2, 1, 1)
    assert first.rate == 75
    # By name and language: 0, 0; one letter; 0, two characters.
    assert sorted(distance for distance, _share in first.edits) == [0, 0, 0, 0, 1, 2]
    assert max(share for _distance, share in first.edits) == pytest.approx(2 / 6)
    assert (second.rate, second.interval, second.edit_distance, second.edit_share) == (None,) * 4


def test_the_page_shows_the_record_and_nothing_where_no_model_was_asked(client, study, owner):
    client.force_login(owner)
    address = reverse("scanning:supervision", args=[study.code])
    assert "Suggestions of the language model" not in client.get(address).content.decode()
    suggested(study, 1)
    text = client.get(address).content.decode()
    assert "Suggestions of the language model" in text
    assert "naming-1" in text


def test_a_second_press_does_not_switch_a_method_back(client, study, owner, scanned):
    method = scanned().candidates.values_list("method", flat=True)[0]
    client.force_login(owner)
    for _press in range(2):
        client.post(reverse("scanning:switch_method", args=[study.code]), {"method": method, "to": "off"})
    assert policy_of(study).methods_off == [method]
