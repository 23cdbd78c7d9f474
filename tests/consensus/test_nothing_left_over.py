"""As an attacker would: take every count that is published of one question from every other, and look for few people.

Random studies with small groups, gaps, drop-outs and withdrawals. A count here is of people whose answers stand
behind published figures. How many of them gave each answer (values, specials, "cannot judge") is the distribution,
which is published of every panel that is large enough; so is, of those who answered twice, how many moved.
"""

from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest

from consensus.composite.guard import STATISTIC
from consensus.dashboard.asked import read_asked
from consensus.dashboard.attrition import Attrition
from consensus.dashboard.indicators import Indicators
from consensus.dashboard.technology import moves
from consensus.dashboard.weighting import weighted_rows
from consensus.exports.results import result_tables
from consensus.feedback.view import load_round
from consensus.selectors.results import StudyResults, panel_results_of
from consensus.services.compute import compute_round
from consensus.services.supplements import write_supplements
from delphi_platform.api.reading import results_of
from experts.enums import MemberStatus
from surveys.enums import BASIS_ROLES, ParticipationStatus, QuestionRole, QuestionType
from surveys.models import Answer, Participation
from tests.consensus.worlds import answer, close, make_panel_study, make_round
from tests.factories import make_member

pytestmark = pytest.mark.django_db
MINIMUM = 5
BASES = ("basis_practice", "basis_theory", "basis_peers", "basis_intuition")


class Seen:
    """Published counts by round, technology and question: of the panel, of parts of it, of its groups."""

    def __init__(self):
        self.panel = defaultdict(set)
        self.parts = defaultdict(list)
        self.groups = defaultdict(dict)

    def add(self, where, *counts):
        self.panel[where] |= {round(n) for n in counts if n is not None}

    def part(self, where, *sides):
        """Sides of one whole: each alone, and what they leave of it."""
        self.parts[where].append([round(n) for n in sides])

    def few(self):
        """Every count, and every difference of two, that is of few people."""
        found = []
        for where, counts in self.panel.items():
            found += [(where, n) for n in counts if small(n)]
            found += [(where, a, b) for a, b in combinations(sorted(counts), 2) if small(b - a)]
            for sides in self.parts[where]:
                found += [(where, sides) for n in sides if small(n)]
                found += [(where, sides, n) for n in counts if small(n - sum(sides))]
            groups = self.groups[where]
            for size in range(1, len(groups) + 1):
                for taken in combinations(sorted(groups), size):
                    rest = [n - sum(groups[key] for key in taken) for n in counts]
                    found += [(where, taken, left) for left in rest if small(left)]
        return found


def small(n) -> bool:
    return 0 < abs(n) < MINIMUM


def random_answers(round, draw, present):
    """Gaps everywhere: of familiarity, of single bases, of "cannot judge"."""
    for member in present:
        for key in BASES:
            if draw.random() < 0.93:
                answer(round, member, key, None, int(draw.integers(1, 4)))
        for technology in round.study.technologies.order_by("position"):
            if draw.random() < 0.85:
                value = int(draw.integers(1, 10)) if draw.random() < 0.9 else "cannot_judge"
                answer(round, member, "importance", technology, value)
            if draw.random() < 0.9:
                answer(round, member, "familiarity", technology, int(draw.integers(1, 6)))


def random_study(draw):
    sizes = tuple(int(n) for n in draw.integers(1, 11, 3))
    study = make_panel_study(sizes, template="foresight", extras=["judgement_basis"], technologies=3)
    for _each in range(int(draw.integers(0, 4))):
        member = make_member(study)
        member.group = None
        member.save()
    return study


def withdraw(study, draw):
    members = list(study.panel.members.exclude(status=MemberStatus.WITHDRAWN).order_by("pseudonym"))
    member = members[int(draw.integers(len(members)))]
    member.status = MemberStatus.WITHDRAWN
    member.save()


def two_rounds(study, draw):
    """Somebody withdraws after each computation, and the figures beside it are written only then."""
    computations = []
    for number in (1, 2):
        round = make_round(study, number)
        members = [m for m in study.panel.members.order_by("pseudonym") if m.status != MemberStatus.WITHDRAWN]
        present = [member for member in members if number == 1 or draw.random() < 0.7]
        random_answers(round, draw, present)
        Participation.objects.filter(round=round).exclude(member__in=present).update(
            status=ParticipationStatus.NOT_STARTED
        )
        computations.append(compute_round(round_id=close(round).pk))
        if draw.random() < 0.7:
            withdraw(study, draw)
        write_supplements(computation_id=computations[-1].pk)
    return computations


def statistics_of(seen, where, statistics):
    for key in ("describe", "share", "agreement", "low", "high"):
        if key in statistics:
            seen.add(where, statistics[key]["n_used"])
    if "weighted" in statistics:
        seen.add(where, statistics["weighted"]["describe"]["n_used"])
        assert statistics["weighted"]["n_effective"] >= MINIMUM - 1e-9
    if STATISTIC in statistics:
        composite_of(seen, where, statistics[STATISTIC])


def composite_of(seen, where, found):
    if found["type"] == QuestionType.PLANE:
        for _x, _y, n in found["whole"].get("cloud", []):
            seen.part(where, n)
        if found["whole"].get("cloud"):
            seen.part(where, sum(n for *_point, n in found["whole"]["cloud"]))
    if found["type"] == QuestionType.CERTAINTY:
        for part in found["parts"]:
            if part.get("n") is not None:
                seen.part(where, part["k"], part["n"] - part["k"])
        sides = [found["whole"][side].get("n_used") for side in ("yes", "no") if side in found["whole"]]
        if sides and None not in sides:
            seen.part(where, *sides)


def look_at_pages(seen, results):
    keys = {question.pk: question.key for question in results.questions}
    for (computation, technology, question), item in results.items(with_statistics=True).items():
        where = (computation, technology, keys[question])
        if item.panel is not None:
            seen.add(where, item.panel.n)
            statistics_of(seen, where, item.panel.statistics)
            seen.groups[where] |= {group: row.n for group, row in item.groups.items()}


def look_at_weights(seen, results):
    rounds = {computation.round.number: computation.pk for computation in results.computations}
    asked = read_asked(results, {"question": "importance"})
    for row in weighted_rows(results, asked, list(results.technologies.values())):
        seen.add((rounds[row.round_number], row.technology.pk, "importance"), row.plain.n, row.weighted.n)


def look_at_authority(seen, results):
    pks = {technology.key: technology.pk for technology in results.technologies.values()}
    familiarity = next(q.key for q in results.questions if q.role == QuestionRole.FAMILIARITY)
    bases = [question.key for question in results.questions if question.role in BASIS_ROLES]
    for computation, figures in Indicators(results).stored.items():
        for key, row in figures["technologies"].items():
            seen.add((computation, pks[key], familiarity), row["n_used"])
            if row["ca"] is not None:
                for basis in bases:
                    seen.part((computation, None, basis), row["n_basis"])
        if figures["panel"] and figures["panel"]["ca"] is not None:
            for basis in bases:
                seen.add((computation, None, basis), figures["panel"]["n_basis"])
        for row in figures["positivity"]["groups"].values():
            assert not small(row["returned"])
            assert not small(row["sent"] - row["returned"])


def look_at_attrition(seen, results):
    found = Attrition(results, read_asked(results, {"question": "importance"}))
    assert found.figures is not None
    first, second = (computation.pk for computation in results.computations)
    for row in found.items:
        sides = row.figures["n_completers"], row.figures["n_dropouts"]
        seen.part((first, row.technology.pk, "importance"), *sides)
    for computation, pairs in ((first, found.before), (second, found.now)):
        for pair in pairs:
            where = (computation, pair.technology.pk, results.main_question.key)
            seen.add(where, pair.figures["n_everyone"], pair.figures["n_completers"])
    for name, row in found.response:
        assert not name or not small(row["came_back"])
        assert not name or not small(row["n"] - row["came_back"])


def look_at_movements(seen, results):
    """A table of movements has margins: of whoever came once, nobody or enough people."""
    asked = read_asked(results, {"question": "importance"})
    for technology in results.technologies.values():
        found = moves(results, asked, technology)
        if found is not None and found.found.cells:
            for computation in results.computations:
                seen.part((computation.pk, technology.pk, "importance"), found.found.n)


def look_at_api(seen, study, computation):
    payload = results_of(study, computation)
    pks = {technology.code: technology.pk for technology in study.technologies.all()} | {None: None}
    for row in payload["results"]:
        where = (computation.pk, pks[row["technology"]], row["question"])
        if not row["suppressed"]:
            seen.add(where, row["n"])
            statistics_of(seen, where, row["statistics"])
    for row in payload["stability"]:
        assert row["n_pairs"] >= MINIMUM
        if "net_change" in row["statistics"]:
            seen.part((computation.pk, pks[row["technology"]], row["question"]), row["n_pairs"])
    for row in payload["verdicts"]:
        for finding in row["figures"]:
            if finding["gate"] != "stability":
                where = (computation.pk, pks[row["technology"]], finding["question"])
                seen.add(where, finding["n"])


def look_at_files(seen, study, computations):
    pks = {technology.key: technology.pk for technology in study.technologies.all()} | {None: None}
    rounds = {computation.round.number: computation.pk for computation in computations}
    groups = {group.key: group.pk for group in study.panel.groups.all()}
    for table in result_tables(study):
        for cells in table.rows:
            row = dict(zip(table.columns, cells, strict=True))
            if table.name not in ("results", "stability"):
                continue
            where = (rounds[row["round"]], pks[row["technology"]], row["question"])
            if table.name == "stability":
                assert row["n_pairs"] is None or row["n_pairs"] >= MINIMUM
                if row["net_change"] is not None:
                    seen.part(where, row["n_pairs"])
            elif row["panel_group"] == "all":
                seen.add(where, row["n"], row["weighted_n"])
            else:
                seen.groups[where][groups[row["panel_group"]]] = row["n"]


def look_at_feedback(seen, study, computations):
    technologies = list(study.technologies.all())
    groups = {group.key: group.pk for group in study.panel.groups.all()}
    for computation in computations:
        page = load_round(computation.round, technologies)
        for technology in technologies:
            for question in study.questions.all():
                figures = page.figures(technology, question)
                where = (computation.pk, technology.pk, question.key)
                seen.add(where, figures.get("n"))
                seen.groups[where] |= {groups[each["key"]]: each["n"] for each in figures.get("groups", [])}
                if STATISTIC in figures:
                    composite_of(seen, where, figures[STATISTIC])


def look_at_coefficients(results):
    for figures in panel_results_of(results.study, results.computations, results.questions).values():
        for part in figures.values():
            if isinstance(part, dict) and "n_used" in part and "Kendall" in part["method"]:
                assert not small(part["n_used"])


@pytest.mark.parametrize("seed", range(6))
def test_fault_23_no_two_published_counts_differ_by_few_people(seed):
    draw = np.random.default_rng(seed)
    study = random_study(draw)
    computations = two_rounds(study, draw)
    results, seen = StudyResults(study), Seen()
    look_at_pages(seen, results)
    look_at_weights(seen, results)
    look_at_authority(seen, results)
    look_at_attrition(seen, results)
    look_at_movements(seen, results)
    look_at_coefficients(results)
    look_at_files(seen, study, computations)
    look_at_feedback(seen, study, computations)
    for computation in computations:
        look_at_api(seen, study, computation)
    assert any(seen.panel.values())
    assert seen.few() == []


@pytest.mark.parametrize("seed", range(4))
def test_fault_23_no_part_of_a_composite_question_is_of_few_people(seed):
    draw = np.random.default_rng(seed)
    study = make_panel_study(
        tuple(int(n) for n in draw.integers(4, 12, 2)), template="every_type", technologies=2
    )
    round = make_round(study)
    for member in study.panel.members.all():
        for technology in study.technologies.all():
            yes = answer(round, member, "breakthrough", technology, int(draw.random() < 0.8))
            Answer.objects.filter(pk=yes.pk).update(parts={"certainty": int(draw.choice([10, 50, 90]))})
            place = answer(round, member, "position", technology, 1)
            parts = {"x": int(draw.choice([2, 6])), "y": int(draw.choice([2, 6]))}
            Answer.objects.filter(pk=place.pk).update(parts=parts, number=None)
    computation = compute_round(round_id=close(round).pk)
    results, seen = StudyResults(study), Seen()
    look_at_pages(seen, results)
    look_at_feedback(seen, study, [computation])
    look_at_api(seen, study, computation)
    assert any(seen.panel.values())
    assert seen.few() == []
