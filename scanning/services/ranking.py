"""The order of a corpus's candidates: a formula that people see and change. Nothing is mined again."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.exceptions import InvalidInput
from foundation.services.audit import record
from scanning.models import Candidate, Corpus, Scan
from scanning.recipe import Recipe
from scanning.textmining.ranking import Formula, Item, Ranked, rank

PARTS = ("term", "growth", "volume", "novelty", "weak_signal", "spread")
MOST = 10.0
DIVERSE = 200  # picked with diversity; later places follow by plain score


def formula_of(corpus: Corpus) -> Formula | None:
    """The corpus's own formula, or None where each scan keeps its recipe's."""
    return Formula(**corpus.formula) if corpus.formula else None


def shown_formula(corpus: Corpus) -> Formula:
    """What to start from: the corpus's formula, that of its latest scan, or the default."""
    own = formula_of(corpus)
    if own is not None:
        return own
    latest = corpus.scans.filter(watching=False).exclude(finished_at=None).order_by("-finished_at").first()
    base = Recipe(**latest.recipe).formula if latest else Formula()
    weights = {part: float(base.weights.get(part, 0)) for part in PARTS}
    return Formula(weights, base.similarity_penalty, base.field_penalty)


def checked_formula(weights: Mapping[str, float], similarity_penalty: float, field_penalty: float) -> Formula:
    errors = {}
    for name, value in {
        **weights,
        "similarity_penalty": similarity_penalty,
        "field_penalty": field_penalty,
    }.items():
        if not 0 <= value <= MOST:
            errors[name] = [_("Between 0 and %(most)d.") % {"most": MOST}]
    if set(weights) - set(PARTS):
        errors["weights"] = [_("Unknown part of the formula.")]
    if not errors and not any(weights.values()):
        errors["weights"] = [_("At least one weight must be above 0.")]
    if errors:
        raise InvalidInput(errors=errors)
    return Formula({part: float(weights.get(part, 0)) for part in PARTS}, similarity_penalty, field_penalty)


def item_from(candidate: Candidate) -> Item:
    """A stored candidate as what the formula ranks. Its field, else its topic, is what diversity counts."""
    signals = candidate.signals
    parts = {
        "term": candidate.score,
        "growth": candidate.growth,
        "volume": float(candidate.n_documents),
        "novelty": signals.get("novelty"),
        "weak_signal": signals.get("weak"),
        "spread": ((signals.get("spread") or {}).get("sources") or {}).get("effective"),
    }
    group = f"f{candidate.field_id}" if candidate.field_id else f"t{candidate.topic_id or ''}"
    names = (candidate.mined_name, *candidate.variants)
    return Item(str(candidate.pk), names, parts, "" if group == "t" else group)


def order_by(candidates: list[Candidate], formula: Formula) -> list[tuple[Candidate, Ranked]]:
    by_key = {str(candidate.pk): candidate for candidate in candidates}
    ranked = rank([item_from(candidate) for candidate in candidates], formula, limit=DIVERSE)
    return [(by_key[place.key], place) for place in ranked]


@transaction.atomic
def set_formula(*, corpus: Corpus, actor, formula: Formula) -> int:
    """Save the formula and order the candidates of all scans of this corpus by it. Returns how many moved."""
    require(actor, corpus.study.panel, Capability.REVIEW)
    corpus = Corpus.objects.select_for_update(of=("self",)).get(pk=corpus.pk)
    before = corpus.formula
    corpus.formula = formula_as_dict(formula)
    if corpus.formula != before:
        corpus.save(update_fields=["formula"])
        record(
            stream=corpus.study.stream,
            action="corpus.formula_changed",
            actor=actor,
            target=corpus.name,
            detail={"before": before, "after": corpus.formula},
        )
    # Runs of a monitor keep their places: its account of what moved rests on them.
    scans = corpus.scans.filter(watching=False).exclude(finished_at=None)
    return sum(_reorder(scan, formula) for scan in scans)


def apply_formula(scan: Scan) -> None:
    """Order a scan that has just been written by its corpus's own formula, if it has one."""
    corpus = Corpus.objects.get(pk=scan.corpus_id)
    formula = formula_of(corpus)
    if formula is not None and not scan.watching:
        _reorder(scan, formula)


def formula_as_dict(formula: Formula) -> dict:
    return {
        "weights": {name: float(weight) for name, weight in formula.weights.items()},
        "similarity_penalty": float(formula.similarity_penalty),
        "field_penalty": float(formula.field_penalty),
    }


def _reorder(scan: Scan, formula: Formula) -> int:
    candidates = list(scan.candidates.order_by("pk"))
    moved = 0
    for candidate, place in order_by(candidates, formula):
        moved += candidate.rank != place.place
        candidate.how = candidate.how | {
            "mined_place": candidate.how.get("mined_place", candidate.rank),
            "place_score": place.score,
            "place_parts": place.parts,
            "place_penalty": place.penalty,
            "place_formula": formula.text(),
        }
        candidate.rank = place.place
    Candidate.objects.bulk_update(candidates, ["rank", "how"], batch_size=200)
    return moved
