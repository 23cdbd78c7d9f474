"""Composite questions from stored answers to figures, feedback, dashboards and files. One world for all."""

import json

import numpy as np
import pytest
from django.db import connection
from django.template import Context, Template
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from statsmodels.stats.proportion import proportion_confint

from consensus.composite.cards import cards
from consensus.composite.frozen import composite_payload
from consensus.exports.answers import answer_tables
from consensus.exports.results import result_tables
from consensus.feedback.view import Own, describe
from consensus.models import Computation, FrozenFeedback, ItemResult, StabilityResult
from consensus.selectors.results import StudyResults
from consensus.services.compute import compute_round
from surveys.models import Answer, Round, Study
from surveys.services.answers import Change, save_answers
from tests.consensus.worlds import close, make_panel_study, make_round
from tests.factories import owner_of

MEASURES = {"1": 40, "2": 30, "3": 20, "4": 10}
EVEN = {"1": 25, "2": 25, "3": 25, "4": 25}
PAIRS = ("1:2", "1:3", "1:4", "2:3", "2:4", "3:4")


def given(place: int) -> dict[str, dict]:
    """What member `place` of eight says of a technology."""
    first = place < 6
    return {
        "importance": {"number": 7},
        "sectors": {"parts": {"1": 1, "2": 1}} if first else {"parts": {"other": 1}, "text": f"space {place}"},
        "obstacles": {"parts": {"1": 1, "2": 2, "3": 3}} if first else {"parts": {"5": 1, "4": 2, "3": 3}},
        "funding": {"parts": MEASURES if first else EVEN},
        "position": {"parts": {"x": 6, "y": 2} if first else {"x": 2, "y": 6}},
        "preference": {"parts": dict.fromkeys(PAIRS, 1 if first else 0)},
        "breakthrough": {"number": int(first), "parts": {"certainty": 90 if first else 30}},
        "goals": {"parts": {"1": 1, "2": 2, "3": 3, "4": 4}},
    }  # fmt: skip


def answer_round(round, *, last=8):
    technologies = list(round.study.technologies.order_by("position"))
    for place, member in enumerate(round.study.panel.members.order_by("pseudonym")[:last]):
        said = given(place)
        goals = Change("goals", None, said.pop("goals"))
        changes = [Change(key, t.code, value) for t in technologies for key, value in said.items()]
        outcomes = save_answers(round=round, member=member, changes=[*changes, goals])
        assert {outcome.status for outcome in outcomes} == {"saved"}, outcomes


def panel_figures(study, key, number=1):
    row = ItemResult.objects.get(
        computation__round__study=study,
        computation__round__number=number,
        question__key=key,
        group=None,
        technology=study.technologies.order_by("position").first() if key != "goals" else None,
    )
    return row, row.statistics["composite"]


class TestOneWorld(TestCase):
    """Ten members, five in each of two groups; eight give the same answers in two computed rounds."""

    @classmethod
    def setUpTestData(cls):
        cls.study = make_panel_study((5, 5), template="every_type", technologies=2)
        for number in (1, 2):
            answer_round(make_round(cls.study, number))
            compute_round(round_id=close(Round.objects.get(study=cls.study, number=number)).pk)
        cls.third = make_round(cls.study, 3)
        Round.objects.filter(pk=cls.third.pk).update(shows_feedback=True)
        cls.third.refresh_from_db()

    def figures(self, key):
        return panel_figures(self.study, key)[1]

    def test_every_composite_answer_is_counted_and_who_is_missing(self):
        for key in ("sectors", "obstacles", "funding", "position", "preference", "breakthrough", "goals"):
            row, found = panel_figures(self.study, key)
            assert (row.n, row.n_missing, found["n"]) == (8, 2, 8), key
        answers = Answer.objects.filter(round__number=1).count()
        assert Computation.objects.get(round__number=1).n_answers == answers

    def test_multiple_choice_gives_shares_with_wilson_intervals(self):
        parts = {part["part"]: part for part in self.figures("sectors")["parts"]}
        assert [parts[key]["k"] for key in ("1", "2", "3", "other")] == [6, 6, 0, 2]
        low, high = proportion_confint(6, 8, method="wilson")
        assert parts["1"]["share"] == 0.75
        assert parts["1"]["share_low"] == pytest.approx(low)
        assert parts["1"]["share_high"] == pytest.approx(high)

    def test_a_ranking_of_the_first_three_shares_the_places_that_are_left(self):
        found = self.figures("obstacles")
        means = {part["part"]: part["mean"] for part in found["parts"]}
        # Six members: 1 2 3 and 4.5 for the others; two: 5 first, 4 second, 3 third, and 4.5 for 1 and 2.
        assert means == {"1": 1.875, "2": 2.625, "3": 3.0, "4": 3.875, "5": 3.625}
        assert found["whole"]["order"] == ["1", "2", "3", "5", "4"]
        assert [part["first"] for part in found["parts"]] == [6, 0, 0, 0, 2]
        ranks = [[1, 2, 3, 4.5, 4.5]] * 6 + [[4.5, 4.5, 3, 2, 1]] * 2
        assert found["whole"]["kendall_w"]["value"] == pytest.approx(w_with_ties(np.array(ranks)))

    def test_a_full_ranking_on_which_all_agree_has_w_one(self):
        assert self.figures("goals")["whole"]["kendall_w"]["value"] == pytest.approx(1)

    def test_an_allocation_gives_mean_and_median_points(self):
        parts = self.figures("funding")["parts"]
        assert [part["mean"] for part in parts] == [36.25, 28.75, 21.25, 13.75]
        assert [part["median"] for part in parts] == [40, 30, 20, 10]
        assert sum(part["mean"] for part in parts) == 100

    def test_a_plane_describes_each_axis_and_keeps_the_cloud(self):
        found = self.figures("position")
        assert [part["median"] for part in found["parts"]] == [6, 2]
        assert [part["mean"] for part in found["parts"]] == [5, 3]
        assert found["whole"]["cloud"] == [[2, 6, 2], [6, 2, 6]]

    def test_pairs_give_shares_an_order_and_strengths(self):
        found = self.figures("preference")
        assert [(p["first"], p["equal"], p["second"]) for p in found["parts"]] == [(6, 2, 0)] * 6
        assert found["whole"]["win_shares"] == [0.875, 0.625, 0.375, 0.125]
        assert found["whole"]["order"] == ["1", "2", "3", "4"]
        assert sum(found["whole"]["strengths"]) == pytest.approx(1)

    def test_certainty_counts_yes_by_how_certain_people_are(self):
        row, found = panel_figures(self.study, "breakthrough")
        assert (row.values, row.counts) == ([0, 1], [2, 6])
        assert [(part["part"], part["n"], part["k"]) for part in found["parts"]] == [
            ("0-20", 0, 0), ("20-40", 2, 0), ("40-60", 0, 0), ("60-80", 0, 0), ("80-100", 6, 6),
        ]  # fmt: skip
        assert (found["whole"]["yes"]["mean"], found["whole"]["no"]["mean"]) == (90, 30)

    def test_movements_say_who_kept_the_whole_answer(self):
        kept = StabilityResult.objects.filter(question__key="funding")
        assert [(row.n_pairs, row.unchanged) for row in kept] == [(8, 1.0), (8, 1.0)]

    def test_computing_again_gives_the_same_hashes_and_another_answer_another(self):
        round = Round.objects.get(study=self.study, number=2)
        first = Computation.objects.get(round=round)
        again = compute_round(round_id=round.pk)
        assert (again.input_hash, again.result_hash) == (first.input_hash, first.result_hash)
        answer = Answer.objects.filter(round=round, question__key="funding").first()
        Answer.objects.filter(pk=answer.pk).update(parts={"1": 41, "2": 29, "3": 20, "4": 10})
        other = compute_round(round_id=round.pk)
        assert other.input_hash != first.input_hash
        assert other.result_hash != first.result_hash

    def test_feedback_shows_each_type_with_drawing_and_table_in_both_languages(self):
        pages = {language: self.feedback(language) for language in ("en", "zh-hans")}
        for language, page in pages.items():
            assert page.count("<svg") == 6, (
                language
            )  # five types, and the shares of yes and no: two say no, too few to part
            assert page.count("<table") >= 6
        assert "Health" in pages["en"]
        assert "医疗健康" in pages["zh-hans"]
        assert "space" not in pages["en"]  # what somebody wrote beside "other" is nobody else's to read

    def feedback(self, language):
        page = (
            "{% load feedback %}{% load_feedback round technologies as fb %}{% for q in questions %}"
            "{% feedback_for fb technologies.0 q own=own %}{% endfor %}"
        )
        keys = ("sectors", "obstacles", "funding", "position", "preference", "breakthrough")
        context = {
            "round": self.third,
            "technologies": list(self.study.technologies.order_by("position")),
            "questions": self.study.questions.filter(key__in=keys).prefetch_related("choices"),
        }
        with translation.override(language):
            return Template(page).render(Context(context))

    def test_own_parts_are_marked_in_the_feedback(self):
        question = self.study.questions.get(key="position")
        figures = FrozenFeedback.objects.filter(round__number=2).first().payload["questions"]["position"]
        drawn = [describe(figures, question, Own.of({"parts": parts})) for parts in (None, {"x": 6, "y": 2})]
        assert ['class="previous"' in each["composite"].drawing for each in drawn] == [False, True]
        assert drawn[1]["own"] == "Benefit: 6; Risk: 2"

    def test_fault_23_the_protocol_decides_what_of_a_composite_is_frozen(self):
        found = self.figures("position")
        study = Study(feedback_median=True, feedback_distribution=False)
        payload = composite_payload(found, study)["composite"]
        assert "cloud" not in payload["whole"]
        assert "counts" not in payload["parts"][0]
        assert composite_payload(found, Study(feedback_median=False, feedback_distribution=False)) == {}
        counts = composite_payload(found, Study(feedback_median=False, feedback_distribution=True))
        assert "median" not in counts["composite"]["parts"][0]

    def test_fault_23_small_panels_and_groups_show_nothing_of_a_composite(self):
        Study.objects.filter(pk=self.study.pk).update(minimum_group=9)
        study = Study.objects.get(pk=self.study.pk)
        tables = {table.name: list(table.rows) for table in result_tables(study)}
        assert tables["parts"] == []
        found = cards(StudyResults(study), study.technologies.first())
        assert [(card.n, card.shown) for card in found] == [(0, None)] * 6
        compute = FrozenFeedback.objects.filter(round__number=2).first()
        assert compute.payload["questions"]["funding"]["n"] == 8  # frozen as it was shown

    def test_files_have_a_typed_column_for_each_part_and_the_codebook_explains_it(self):
        tables = {table.name: table for table in answer_tables(self.study)}
        book = list(tables["codebook"].rows)
        place = list(self.study.questions.values_list("key", flat=True)).index("obstacles") + 1
        table = tables[f"parts_{place}"]
        assert table.columns[-5:] == ("part_1", "part_2", "part_3", "part_4", "part_5")
        rows = list(table.rows)
        assert len(rows) == 2 * 2 * 8
        assert sorted({row[-5:] for row in rows}, key=str) == [(1, 2, 3, None, None), (None, None, 3, 2, 1)]
        assert ("part", "obstacles", "part_5", "Public acceptance", "社会接受度") in book
        assert ("setting", "obstacles", "top", "3", "3") in book
        texts = list(tables["texts"].rows)
        assert not [row for row in texts if row[-1].startswith("space")]  # two wrote it: too few to be apart
        assert "space" not in json.dumps(list(tables["answers"].rows))

    def test_the_figures_of_each_part_are_in_the_results_file(self):
        tables = {table.name: table for table in result_tables(self.study)}
        table = tables["parts"]
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        first = self.study.technologies.order_by("position").first().key
        wanted = {"round": 1, "technology": first, "question": "funding", "panel_group": "all"}
        found = [row for row in rows if wanted.items() <= row.items()]
        assert [(row["part"], row["mean"]) for row in found] == [
            ("1", 36.25), ("2", 28.75), ("3", 21.25), ("4", 13.75),
        ]  # fmt: skip
        won = [
            row["win_share"]
            for row in rows
            if row["question"] == "preference" and row["win_share"] is not None
        ]
        assert won[:4] == [0.875, 0.625, 0.375, 0.125]

    def test_dashboards_show_every_composite_in_a_constant_number_of_queries(self):
        self.client.force_login(owner_of(self.study))
        technology = self.study.technologies.order_by("position").first()
        page = self.client.get(reverse("results:technology", args=[self.study.code, technology.code]))
        text = page.content.decode()
        for title in (
            "Where will it be used first?",
            "Which measure helps it more?",
            "Coordination coefficient W",
        ):
            assert title in text
        assert (
            "In which order should"
            in self.client.get(reverse("results:overview", args=[self.study.code])).content.decode()
        )
        with CaptureQueriesContext(connection) as asked:
            cards(StudyResults(self.study), technology)
        assert len(asked) == 4  # computations, questions, their options, the items


def w_with_ties(ranks):
    """Kendall's W from its textbook formula."""
    m, n = ranks.shape
    sums = ranks.sum(axis=0)
    spread = ((sums - sums.mean()) ** 2).sum()
    ties = sum((count**3 - count) for row in ranks for count in np.unique(row, return_counts=True)[1])
    return 12 * spread / (m**2 * (n**3 - n) - m * ties)


@pytest.mark.django_db
def test_half_answers_are_stored_and_count_as_missing():
    study = make_panel_study((6,), template="every_type", technologies=1)
    round, technology = make_round(study), study.technologies.get()
    for member in study.panel.members.all():
        changes = [
            Change("obstacles", technology.code, {"parts": {"1": 1}}),
            Change("position", technology.code, {"parts": {"x": 3}}),
        ]
        assert {each.status for each in save_answers(round=round, member=member, changes=changes)} == {
            "saved"
        }
    compute_round(round_id=close(round).pk)
    for key in ("obstacles", "position"):
        row = ItemResult.objects.get(question__key=key, group=None)
        assert (row.n, row.n_missing, row.statistics["composite"]["parts"]) == (0, 6, [])


@pytest.mark.django_db
def test_fault_24_figures_forget_a_member_who_withdraws():
    study = make_panel_study((8,), template="every_type", technologies=1)
    round = make_round(study)
    answer_round(round)
    member = study.panel.members.order_by("pseudonym").last()
    member.status = "withdrawn"
    member.save()
    compute_round(round_id=close(round).pk)
    assert panel_figures(study, "sectors")[1]["n"] == 7
