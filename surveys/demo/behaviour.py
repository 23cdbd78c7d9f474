"""How one simulated member answers about one technology, and revises after seeing the group."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from surveys.demo.content import DemoContent
from surveys.demo.records import SimulatedAnswer, SimulatedRound

FIRST_YEAR, LAST_YEAR = 2026, 2060
RATED = ("importance", "feasibility")
YEARS = ("year_lab", "year_society")
SUBSTANTIVE = (*RATED, *YEARS, "constraint")


@dataclass(frozen=True)
class Traits:
    leniency: float
    stubbornness: float


class Dice:
    """A generator for each purpose, so that no draw depends on how many were made before it."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._traits: dict[str, Traits] = {}

    def __call__(self, *purpose: object) -> np.random.Generator:
        return np.random.default_rng([self._seed, *(crc32(str(part).encode()) for part in purpose)])

    def traits(self, member: str) -> Traits:
        if member not in self._traits:
            draw = self(member, "traits")
            self._traits[member] = Traits(float(draw.normal(0, 0.35)), float(draw.beta(2, 3)))
        return self._traits[member]


class Cell:
    """One member and one technology in one round."""

    def __init__(self, dice: Dice, content: DemoContent, member: str, technology: str, number: int) -> None:
        self.member, self.technology, self.number = member, technology, number
        self.expert = content.expert[member]
        entry = content.technology[technology]
        self.latent = entry["simulation"]
        self.at_home = content.top_field[entry["field"]] == self.expert["fields"][0]
        self.traits = dice.traits(member)
        self.rng = dice(member, technology, number)
        self.lasting = dice(member, technology)  # same in every round

    def answer(self, question: str, value: int | str | None, *, sure: int | None = None) -> SimulatedAnswer:
        return SimulatedAnswer(
            self.member,
            self.number,
            self.technology,
            question,
            number=value if isinstance(value, int) else None,
            special=value if isinstance(value, str) else None,
            cannot_judge=value is None,
            confidence=sure if value is not None and question != "constraint" else None,
        )

    def first_answers(self, options: tuple[str, ...]) -> Iterator[SimulatedAnswer]:
        familiarity = self._familiarity()
        yield self.answer("familiarity", familiarity)
        if self.rng.random() < self.latent["cannot_judge"] + {1: 0.4, 2: 0.06}.get(familiarity, 0):
            yield from (self.answer(question, None) for question in SUBSTANTIVE)
            return
        sure = _clip(familiarity + self.rng.normal(0, 0.8), 1, 5)
        importance = self._importance(familiarity)
        yield self.answer("importance", importance, sure=sure)
        if self.rng.random() > 0.01:
            yield self.answer("feasibility", self._feasibility(importance), sure=sure)
        lab = self._year("year_lab", importance)
        yield self.answer("year_lab", lab, sure=sure)
        yield self.answer("year_society", _not_before(lab, self._year("year_society", importance)), sure=sure)
        if self.rng.random() > 0.02:
            yield self.answer("constraint", self._constraint(options))

    def _familiarity(self) -> int:
        usual = self.latent["familiarity"][self.expert["group"]]
        return _clip(usual + 0.7 * self.at_home - 0.2 + self.rng.normal(0, 0.8), 1, 5)

    def _importance(self, familiarity: int) -> int:
        latent = self.latent["importance"]
        side = np.sign(self.lasting.random() - 0.5) * latent["split"] / 2
        centre = latent["mean"] + latent["camps"][self.expert["group"]] + side
        lean = self.traits.leniency + 0.12 * (familiarity - 3)
        return _clip(centre + lean + self.rng.normal(0, latent["spread"]), 1, 9)

    def _feasibility(self, importance: int) -> int:
        latent = self.latent["feasibility"]
        halo = 0.2 * (importance - self.latent["importance"]["mean"])
        return _clip(latent["mean"] + halo + self.rng.normal(0, latent["spread"]), 1, 9)

    def _year(self, question: str, importance: int) -> int | str:
        latent = self.latent[question]
        doubt = 1.8 if importance <= 3 else 0.4 if importance >= 7 else 1.0
        draw = self.rng.random()
        for special, share in (
            ("already", latent["already"]),
            ("never", latent["never"] * doubt),
            ("cannot_say", latent["cannot_say"]),
        ):
            if draw < share:
                return special
            draw -= share
        return self._drawn_year(latent)

    def _drawn_year(self, latent: Mapping[str, float]) -> int:
        z = self.rng.normal()
        year = latent["median"] + latent["spread"] * (z + 0.3 * (z * z - 1))
        if year > FIRST_YEAR + 2 and self.rng.random() < 0.4:  # people like 2030, 2035, 2040
            year = 5 * round(year / 5)
        return _clip(year, FIRST_YEAR, LAST_YEAR)

    def _constraint(self, options: tuple[str, ...]) -> str:
        weights = np.array([self.latent["constraint"][option] for option in options])
        return str(self.rng.choice(options, p=weights / weights.sum()))

    def revised_answers(
        self, before: Mapping[str, SimulatedAnswer], group: "Group"
    ) -> Iterator[SimulatedAnswer]:
        if before["importance"].cannot_judge and self.rng.random() > 0.2:
            yield from (self.answer(question, old.value) for question, old in before.items())
            return
        familiarity = before["familiarity"].number or 1
        yield self.answer("familiarity", _clip(familiarity + (self.rng.random() < 0.06), 1, 5))
        sure = _clip((before["importance"].confidence or 2) + self.rng.choice((0, 0, 0, 1)), 1, 5)
        for question in RATED:
            if question in before:
                yield self.answer(
                    question, self._rated_again(question, before[question].number, group), sure=sure
                )
        lab = self._year_again("year_lab", before["year_lab"].value, group)
        society = self._year_again("year_society", before["year_society"].value, group)
        yield self.answer("year_lab", lab, sure=sure)
        yield self.answer("year_society", _not_before(lab, society), sure=sure)
        usual = group.usual_constraint(self.technology)
        old = before["constraint"].special if "constraint" in before else None
        yield self.answer("constraint", usual if old is None or self.rng.random() < 0.12 else old)

    def _rated_again(self, question: str, old: int | None, group: "Group") -> int:
        centre = group.centre(self, question)
        if old is None:
            return _clip(centre + self.rng.normal(0, 1), 1, 9)
        drift = self.latent["drift"].get(str(self.number), 0) if question == "importance" else 0
        target = centre + 2 * drift
        if self.rng.random() >= self._readiness(abs(target - old)):
            return old
        return _step(old, target, self.rng.uniform(0.35, 0.9), 1, 9)

    def _year_again(self, question: str, old: int | str | None, group: "Group") -> int | str:
        middle = round(group.centre(self, question))
        if old is None or (old == "cannot_say" and self.rng.random() < 0.25):
            return middle
        if isinstance(old, str):
            return old
        if self.rng.random() >= self._readiness(abs(middle - old) / 2):
            return old
        return _step(old, middle, self.rng.uniform(0.3, 0.8), FIRST_YEAR, LAST_YEAR)

    def _readiness(self, distance: float) -> float:
        pull = 0.0 if distance < 0.5 else 0.45 if distance < 1.5 else 1.0
        strength: float = self.latent["convergence"][str(self.number)]
        return min(0.95, strength * 1.7 * (1 - self.traits.stubbornness) * pull)


class Group:
    """What a member sees of the round before."""

    def __init__(self, content: DemoContent, previous: SimulatedRound) -> None:
        self._content, self._previous = content, previous
        self._constraints: dict[str, Counter[str]] = {}
        self._given: dict[tuple[str, str], dict[str, SimulatedAnswer]] = {}
        for answer in previous.answers:
            if answer.question_key != "comment":
                cell = self._given.setdefault((answer.member_key, answer.technology_key), {})
                cell[answer.question_key] = answer
            if answer.question_key == "constraint" and answer.special:
                self._constraints.setdefault(answer.technology_key, Counter())[answer.special] += 1

    def before(self, member: str, technology: str) -> dict[str, SimulatedAnswer]:
        """The member's own answers of the round before, by question."""
        return self._given.get((member, technology), {})

    def centre(self, cell: Cell, question: str) -> float:
        """The whole panel's median, or the own group's where camps hold out against each other."""
        given = self._previous.numbers(cell.technology, question)
        if question == "importance" and cell.latent["intended"] == "dissent":
            expert, own = self._content.expert, cell.expert["group"]
            given = {key: number for key, number in given.items() if expert[key]["group"] == own} or given
        if given:
            return float(np.median(list(given.values())))
        latent = cell.latent[question]
        return float(latent["median"] if question in YEARS else latent["mean"])

    def usual_constraint(self, technology: str) -> str:
        counts = self._constraints[technology]
        return min(counts, key=lambda key: (-counts[key], key))


def _clip(value: float, low: int, high: int) -> int:
    return int(min(high, max(low, round(value))))


def _step(old: int, target: float, share: float, low: int, high: int) -> int:
    """Move towards the target by a share of the way, at least one step."""
    way = (target - old) * share
    if abs(way) < 1:
        way = 1 if target > old else -1
    return _clip(old + way, low, high)


def _not_before(lab: int | str | None, society: int | str) -> int | str:
    """Nothing is in wide use before it works in the laboratory."""
    if lab == "never":
        return "never"
    if society == "already" and lab != "already":
        return min(LAST_YEAR, lab + 2) if isinstance(lab, int) else "cannot_say"
    if isinstance(lab, int) and isinstance(society, int):
        return min(LAST_YEAR, max(society, lab + 1))
    return society
