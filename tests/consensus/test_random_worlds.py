"""Small random studies: what the job stores is what the long way gives, and another rule tried says the same as the
protocol with that rule.

RANDOM_WORLDS=300 tries as many; a few are tried otherwise.
"""

import os
import random
from fractions import Fraction

import pytest

from consensus.models import ItemResult, StabilityResult
from consensus.selectors.results import StudyResults
from consensus.services.compute import compute_round
from consensus.whatif.evaluate import what_if
from consensus.whatif.rules import Preset, Settings
from experts.enums import MemberStatus
from surveys.enums import CriterionKind
from surveys.models import Answer, Assignment, Round
from surveys.services.studies import set_criterion
from surveys.study_templates import rules
from tests.consensus import naive
from tests.consensus.worlds import answer, close, make_panel_study, make_round
from tests.factories import owner_of

pytestmark = pytest.mark.django_db
WORLDS = int(os.environ.get("RANDOM_WORLDS", "6"))
GROUPS = ("academia", "industry", "government")
STABILITY = {"net_change": rules.net_change_below(0.15), "unchanged": {"kind": "unchanged", "threshold": 0.7}}
PRESETS = {"share": Preset.SHARE, "rand": Preset.RAND_UCLA, "comet": Preset.COMET_GROUPS}
SHAPES = (
    [8, 8, 9, 7], [1, 2, 2, 3], [4, 5, 5, 6], [1, 9], list(range(1, 10)), [5], [9], [6, 7], [3, 4], [7, 7, 7, 6, 2],
)  # fmt: skip


def rule_of(name, side):
    if name == "share":
        return rules.share_at_least(*{"in": (7, 9), "out": (1, 3)}[side], 0.75)
    return (
        rules.rand_ucla({"in": "high", "out": "low"}[side]) if name == "rand" else rules.comet(side, GROUPS)
    )


class World:
    """A study of one to thirty members and two rounds, in which people come late, leave, withdraw and cannot judge."""

    def __init__(self, seed):
        self.dice = dice = random.Random(seed)
        self.rule = dice.choice(list(PRESETS))
        self.stability = dice.choice([None, *STABILITY])
        sizes = [dice.choice([0, 1, 2, 5, 6, 9, 12]) for _ in GROUPS]
        sizes[0] = sizes[0] or 1
        self.least = dice.choice([1, 2, 5, 7])
        minimum = {"minimum_answers": self.least, "minimum_group": dice.choice([3, 5])}
        self.study = make_panel_study(sizes, template="foresight", technologies=3, **minimum)
        kept = ("importance", "familiarity", "year_lab")
        self.study.questions.exclude(key__in=kept).delete()
        self._set_rules()
        self.members = list(self.study.panel.members.order_by("pk"))
        self.technologies = list(self.study.technologies.order_by("position"))
        self.earlier = {}
        self.rounds = [self._round(number) for number in (1, 2)]
        leaving = [member for member in self.members if dice.random() < 0.05]
        for member in leaving:
            member.status = MemberStatus.WITHDRAWN
            member.save()

    def _set_rules(self):
        ends = {CriterionKind.CONSENSUS_IN: "in", CriterionKind.CONSENSUS_OUT: "out"}
        gates = {kind: rule_of(self.rule, end) for kind, end in ends.items()}
        if self.stability:
            gates[CriterionKind.STABILITY] = STABILITY[self.stability]
        self.study.criteria.exclude(kind__in=gates).delete()
        owner, question = owner_of(self.study), self.study.questions.get(key="importance")
        for kind, rule in gates.items():
            set_criterion(study=self.study, actor=owner, kind=kind, question=question, expression=rule)

    def _round(self, number):
        round, dice = make_round(self.study, number), self.dice
        for technology in self.technologies:
            shape, moves, comes = dice.choice(SHAPES), dice.choice([0, 0.1, 0.5]), dice.choice([1, 0.8, 0.3])
            for member in self.members:
                if dice.random() < comes:
                    self._answer(round, member, technology, shape, moves)
        return close(round)

    def _answer(self, round, member, technology, shape, moves):
        dice, key = self.dice, (member.pk, technology.pk)
        if dice.random() < 0.1:
            answer(round, member, "importance", technology, "cannot_judge")
        else:
            before = self.earlier.get(key)
            value = dice.choice(shape) if before is None or dice.random() < moves else before
            self.earlier[key] = value
            answer(round, member, "importance", technology, value)
        if dice.random() < 0.8:
            answer(round, member, "familiarity", technology, dice.randint(1, 5))
        said = dice.choice(
            ["already", "never", "cannot_say", None, dice.randint(2026, 2060), dice.randint(2026, 2060)]
        )
        if said is not None:
            answer(round, member, "year_lab", technology, said)

    def groups(self, values):
        names = dict(self.study.panel.members.values_list("pk", "group__key"))
        return {key: [value for pk, value in values.items() if names[pk] == key] for key in GROUPS}

    def pairs(self, key, technology, place):
        if not place:
            return None
        before, now = (naive.given(round, key, technology).values for round in self.rounds)
        return [(before[pk], value) for pk, value in now.items() if pk in before]


def assert_item(world, computation, round, key, technology):
    said = naive.given(round, key, technology)
    values = list(said.values.values())
    rows = ItemResult.objects.filter(computation=computation, question__key=key, technology=technology)
    panel = rows.get(group=None)
    assert panel.n == len(values)
    assert {value: n for value, n in zip(panel.values, panel.counts, strict=True) if n} == {
        value: values.count(value) for value in set(values)
    }
    specials = list(said.specials.values())
    assert panel.n_cannot_judge == specials.count("cannot_judge")
    told = {name: n for name, n in panel.specials.items() if n}
    assert told == {name: specials.count(name) for name in set(specials)}
    asked = Assignment.objects.filter(round=round, technology=technology).exclude(
        member__status=MemberStatus.WITHDRAWN
    )
    assert panel.n_missing == asked.count() - len(values) - len(specials)
    quartiles = [naive.quantile(values, Fraction(k, 4)) if values else None for k in (1, 2, 3)]
    assert [panel.q1, panel.median, panel.q3] == pytest.approx(quartiles) if values else quartiles
    if key == "importance" and world.rule == "share" and values:
        assert panel.share == pytest.approx(float(naive.share(values, 7, 9)))
    for group, part in world.groups(said.values).items():
        row = rows.filter(group__key=group).first()
        assert (row.n if row else 0) == len(part)
    if key != "familiarity":
        assert_weighted(panel, round, technology, said.values)


def assert_weighted(panel, round, technology, values):
    levels = naive.given(round, "familiarity", technology).values
    weights = {pk: (0.2, 0.4, 0.6, 0.8, 1.0)[int(levels[pk]) - 1] for pk in values if pk in levels}
    stored = panel.statistics.get("weighted")
    if not weights:
        assert not stored or not stored["describe"]["n_used"]
        return
    mean = sum(values[pk] * weight for pk, weight in weights.items()) / sum(weights.values())
    assert stored["describe"]["n_used"] == len(weights)
    assert stored["describe"]["mean"] == pytest.approx(mean)


def assert_moved(computation, key, technology, pairs):
    row = StabilityResult.objects.filter(
        computation=computation, question__key=key, technology=technology
    ).first()
    assert (row.n_pairs if row else 0) == len(pairs or ())
    if pairs:
        assert row.unchanged == pytest.approx(sum(a == b for a, b in pairs) / len(pairs))
        assert row.statistics["net_change"]["value"] == pytest.approx(float(naive.net_change(pairs)))


class Died(Exception):
    pass


class Dying:
    """The progress of a worker that is killed when it reports for the nth time."""

    def __init__(self, at):
        self.left = at

    def update(self, done, total, message=""):
        self.left -= 1
        if self.left < 0:
            raise Died


def computed_after_a_death(round, at):
    with pytest.raises(Died):
        compute_round(round_id=round.pk, progress=Dying(at))
    return compute_round(round_id=round.pk)


@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_job_stores_what_the_long_way_gives(seed):
    world = World(seed)
    for place, round in enumerate(world.rounds):
        computation = computed_after_a_death(round, at=world.dice.randint(0, 3))
        stored = {row.technology_id: row for row in computation.verdicts.all()}
        for technology in world.technologies:
            for key in ("importance", "familiarity", "year_lab"):
                assert_item(world, computation, round, key, technology)
                assert_moved(computation, key, technology, world.pairs(key, technology, place))
            values = naive.given(round, "importance", technology).values
            pairs = world.pairs("importance", technology, place)
            found = stored[technology.pk]
            expected = naive.verdict(
                world.rule, world.stability, list(values.values()), world.groups(values), pairs, world.least
            )
            assert (found.verdict, found.open_because) == expected, (
                world.rule,
                world.stability,
                values,
                pairs,
            )
        assert_tried(world, computation)
        again = compute_round(round_id=round.pk)
        assert (again.input_hash, again.result_hash) == (computation.input_hash, computation.result_hash)
    assert Answer.objects.filter(round__in=world.rounds).exists() or not world.members
    assert Round.objects.filter(study=world.study, status="analysed").count() == 2


def assert_tried(world, computation):
    """Where every group that the rule names may be shown, and every entry, what-if is the protocol."""
    results = StudyResults(world.study)
    question = world.study.questions.get(key="importance")
    found = what_if(
        results,
        computation,
        question,
        Settings(PRESETS[world.rule], 7, 9),
        keep_stability=bool(world.stability),
    )
    inhabited = set(
        world.study.panel.members.exclude(status="withdrawn").values_list("group__key", flat=True)
    )
    for line in found.lines:
        hidden = line.left_out or (world.rule == "comet" and inhabited != set(GROUPS))
        if line.verdict and not hidden:
            assert (line.verdict, line.open_because) == (line.protocol.verdict, line.protocol.open_because)
