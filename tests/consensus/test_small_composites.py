"""Of composite questions: no side, class, point or own words that few people stand for, frozen, drawn or exported."""

import pytest
from django.test import TestCase

from consensus.composite.cards import cards
from consensus.composite.frozen import composite_payload
from consensus.composite.guard import frozen_shown
from consensus.exports.answers import answer_tables
from consensus.exports.results import result_tables
from consensus.feedback.view import Own, describe, load_round
from consensus.models import FrozenFeedback
from consensus.selectors.results import StudyResults
from consensus.services.compute import compute_round
from delphi_platform.api.reading import results_of
from surveys.models import Answer, Round, Study
from surveys.services.answers import Change, save_answers
from tests.consensus.worlds import close, make_panel_study, make_round


def save(round, answers):
    """`answers`: for each member in turn what the member says, by question key."""
    technology = round.study.technologies.get()
    for member, said in zip(round.study.panel.members.order_by("pseudonym"), answers, strict=False):
        changes = [Change(key, technology.code, value) for key, value in said.items()]
        outcomes = save_answers(round=round, member=member, changes=changes)
        assert {outcome.status for outcome in outcomes} == {"saved"}, outcomes


def sure(yes, certainty):
    return {"number": int(yes), "parts": {"certainty": certainty}}


def at(x, y):
    return {"parts": {"x": x, "y": y}}


class TestFewInEachPart(TestCase):
    """Eleven of twelve say yes and one says no, at five degrees; ten stand at one point and two alone."""

    @classmethod
    def setUpTestData(cls):
        cls.study = make_panel_study((12,), template="every_type", technologies=1)
        certain = [sure(True, 90)] * 5 + [sure(True, 70)] * 5 + [sure(True, 10), sure(False, 30)]
        places = [at(6, 2)] * 10 + [at(6, 3), at(2, 5)]
        answers = [
            {"breakthrough": one, "position": other} for one, other in zip(certain, places, strict=True)
        ]
        save(make_round(cls.study), answers)
        cls.round = cls.study.rounds.get()
        cls.computation = compute_round(round_id=close(cls.round).pk)

    def everywhere(self, key):
        """The question's composite figures in the API, on the dashboards' selector and as frozen."""
        api = next(
            row for row in results_of(self.study, self.computation)["results"] if row["question"] == key
        )
        item = next(
            item
            for (_c, _t, question), item in StudyResults(self.study).items(with_statistics=True).items()
            if question == self.study.questions.get(key=key).pk
        )
        frozen = FrozenFeedback.objects.get(round=self.round).payload["questions"][key]
        return [api["statistics"]["composite"], item.panel.statistics["composite"], frozen["composite"]]

    def test_fault_23_the_certainty_of_one_side_is_not_that_of_one_person(self):
        for found in self.everywhere("breakthrough"):
            assert set(found["whole"]) & {"yes", "no"} == set()

    def test_fault_23_classes_of_few_have_no_numbers_and_leave_no_few_over(self):
        """The classes of the two are hidden; beside the eleven who say yes, a larger one would leave them over."""
        for found in self.everywhere("breakthrough"):
            assert [part.get("n") for part in found["parts"]] == [None] * 5
            assert [part.get("share") for part in found["parts"]] == [None] * 5

    def test_fault_23_points_of_few_are_in_no_cloud(self):
        """Eleven stand at x = 6: the ten at one of its points would tell where the eleventh does not stand."""
        for found in self.everywhere("position"):
            assert found["whole"]["cloud"] == []

    def test_fault_23_classes_of_few_are_in_no_file(self):
        table = next(table for table in result_tables(self.study) if table.name == "parts")
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        assert {row["part_n"] for row in rows if row["question"] == "breakthrough"} == {None}

    def test_fault_23_a_page_shows_what_is_left(self):
        technology = self.study.technologies.get()
        shown = {card.question.key: card.shown for card in cards(StudyResults(self.study), technology)}
        assert shown["breakthrough"].drawing == ""
        assert shown["position"].rows


class TestEnoughInEachPart(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.study = make_panel_study((12,), template="every_type", technologies=1)
        answers = [{"breakthrough": sure(True, 90), "position": at(6, 2)}] * 7
        answers += [{"breakthrough": sure(False, 30), "position": at(2, 5)}] * 5
        save(make_round(cls.study), answers)
        compute_round(round_id=close(cls.study.rounds.get()).pk)
        cls.technology = cls.study.technologies.get()
        cls.questions = {question.key: question for question in cls.study.questions.all()}

    def frozen(self, key):
        return FrozenFeedback.objects.get().payload["questions"][key]

    def test_what_enough_people_stand_for_is_frozen(self):
        found = self.frozen("breakthrough")["composite"]
        assert (found["whole"]["yes"]["mean"], found["whole"]["no"]["mean"]) == (90, 30)
        assert [part.get("n") for part in found["parts"]] == [0, 5, 0, 0, 7]
        assert self.frozen("position")["composite"]["whole"]["cloud"] == [[2, 5, 5], [6, 2, 7]]

    def test_fault_23_what_was_frozen_with_a_smaller_minimum_is_not_shown_with_a_larger_one(self):
        for minimum, points, sides in ((5, 2, 2), (6, 0, 0)):
            Study.objects.filter(pk=self.study.pk).update(minimum_group=minimum)
            page = load_round(Round.objects.get(study=self.study), [self.technology])
            found = {key: page.figures(self.technology, question) for key, question in self.questions.items()}
            whole = found["breakthrough"]["composite"]["whole"]
            assert len(set(whole) & {"yes", "no"}) == sides
            assert len(found["position"]["composite"]["whole"].get("cloud", [])) == points
            shown = describe(found["breakthrough"], self.questions["breakthrough"], Own.of(None))["composite"]
            assert bool(shown.drawing) == bool(sides)

    def test_fault_23_a_row_of_fewer_than_the_present_minimum_is_not_read(self):
        Study.objects.filter(pk=self.study.pk).update(minimum_group=13)
        page = load_round(Round.objects.get(study=self.study), [self.technology])
        assert page.figures(self.technology, self.questions["position"]) == {"too_few": True}

    def test_rows_frozen_before_parts_were_guarded_show_no_small_part(self):
        found = {
            "type": "certainty",
            "parts": [{"part": "0-20", "n": 1, "k": 1}],
            "whole": {"no": {"mean": 3}},
        }
        assert frozen_shown(found, 5) == {"type": "certainty", "parts": [{"part": "0-20"}], "whole": {}}

    def test_fault_23_the_protocols_minimum_is_that_of_the_frozen_row(self):
        found = {"type": "plane", "parts": [{"part": "x"}], "whole": {"cloud": [[1, 1, 6]], "points": [1]}}
        study = Study(feedback_median=True, feedback_distribution=True, minimum_group=7)
        assert composite_payload(found, study)["composite"]["whole"]["cloud"] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("few", "texts"), [(2, 0), (5, 5)])
def test_fault_23_what_few_wrote_beside_other_is_in_no_export(few, texts):
    """The answers' table tells which pseudonyms chose "other": of few, the text would be one of theirs."""
    study = make_panel_study((12,), template="every_type", technologies=1)
    other = [{"sectors": {"parts": {"other": 1}, "text": f"space {place}"}} for place in range(few)]
    save(make_round(study), other + [{"sectors": {"parts": {"1": 1}}}] * (12 - few))
    compute_round(round_id=close(study.rounds.get()).pk)
    tables = {table.name: list(table.rows) for table in answer_tables(study)}
    assert len([row for row in tables["texts"] if "space" in row[-1]]) == texts
    assert Answer.objects.exclude(text="").count() == few
