"""The scale that is written without a template, against the template that everybody else uses."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from surveys.models import Answer
from surveys.respond.sheet import Cell
from surveys.respond.widgets import widget
from tests.factories import make_study

pytestmark = pytest.mark.django_db
HOSTILE = "\"><script>alert(1)</script>&'"


def by_template(w):
    names = {"low": "low_label", "high": "high_label", "value": "chosen", "previous": "earlier_chosen"}
    same = ("label", "name", "options", "cannot_judge", "describedby", "help", "help_id", "has_labels")
    context = {name: getattr(w, name) for name in same} | {k: getattr(w, v) for k, v in names.items()}
    return render_to_string("components/rating.html", context | {"required": w.question.required})


@pytest.fixture(scope="module")
def asked(django_db_setup, django_db_blocker):
    """Questions, not stored: a plain scale, one with a label at each point, one that nobody may decline."""
    with django_db_blocker.unblock():
        from django.db import transaction

        with transaction.atomic():
            study = make_study(template="foresight")
            questions = {each.key: each for each in study.questions.prefetch_related("choices")}
            technology = study.technologies.first()
            for each in questions.values():
                each.study = study
            transaction.set_rollback(True)
    return questions, technology


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("key", ["familiarity", "importance"])
@pytest.mark.parametrize("given", [None, {"number": 3.0}, {"special": "cannot_judge"}])
@pytest.mark.parametrize("before", [None, {"number": 3.0}, {"number": 5.0}])
def test_the_scale_is_what_the_component_draws(asked, language, key, given, before):
    questions, technology = asked
    answers = [Answer(**each) if each else None for each in (given, before)]
    with translation.override(language):
        drawn = widget(Cell(questions[key], technology, *answers))
        assert drawn.scale == by_template(drawn).strip()


def test_fault_25_words_of_a_scale_are_inert(asked):
    questions, technology = asked
    question = questions["importance"]
    for name in ("text", "help", "low_label", "high_label"):
        setattr(question, name, type(question.text)({"en": HOSTILE}))
    drawn = widget(Cell(question, technology))
    assert drawn.scale == by_template(drawn).strip()
    assert "<script" not in drawn.scale
