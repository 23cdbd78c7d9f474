"""Usual rules tried on the counts of every analysed round: how much hangs on the rule that the protocol chose."""

from __future__ import annotations

from collections.abc import Iterator

from consensus.exports.base import Row, Table
from consensus.models import Computation
from consensus.selectors.results import StudyResults
from consensus.whatif.forms import WhatIfForm, first_values, usable_questions
from consensus.whatif.rules import Preset
from consensus.whatif.trying import rules_in_words, tried
from surveys.models import Study

SUPPRESSED, EXPLORATORY = "suppressed", "exploratory"
CONSENSUS_PRESETS = tuple(Preset)
COLUMNS = (
    "round", "question", "preset", "rule", "stability_kept", "technology", "technology_name", "n", "verdict",
    "outcome", "changed", "figures", "status", "note",
)  # fmt: skip


def what_if_tables(study: Study) -> Iterator[Table]:
    yield Table("what_if", COLUMNS, _rows(StudyResults(study)))


def _rows(results: StudyResults) -> Iterator[Row]:
    """Each rule with the values that the page proposes; rules that do not fit the question are left out."""
    questions = {question.key: question for question in usable_questions(results)}
    if not results.computations or not questions:
        return
    usual = first_values(results, questions)
    for computation in results.computations:
        number = computation.round.number
        usual |= {"round": number, "keep_stability": "on" if number > 1 else ""}
        for preset in CONSENSUS_PRESETS:
            form = WhatIfForm(results, usual | {"preset": str(preset)})
            if form.is_valid():
                yield from _tried(form, computation)


def _tried(form: WhatIfForm, computation: Computation) -> Iterator[Row]:
    found = tried(form)
    rule = "; ".join(f"{part['label']}: {part['text']}" for part in rules_in_words(found))
    head = (
        computation.round.number,
        form.asked_question.key,
        form.settings.preset,
        rule,
        form.keeps_stability,
    )
    for line in found.lines:
        named = (line.technology.key, str(line.technology.name))
        verdict = line.protocol.verdict if line.protocol else None
        if line.verdict is None:
            yield (*head, *named, None, verdict, None, None, None, EXPLORATORY, SUPPRESSED)
        else:
            said = " ".join(line.sentences)
            yield (*head, *named, line.n, verdict, line.verdict, line.is_changed, said, EXPLORATORY, None)
