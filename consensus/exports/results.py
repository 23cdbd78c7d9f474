"""Results of every analysed round: figures, distributions, stability, agreement among raters, verdicts, reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from consensus.enums import ComputationStatus
from consensus.exports.base import Row, Table
from consensus.exports.codebook import codebook
from consensus.exports.guard import keyed
from consensus.exports.interval_columns import interval_cells, interval_columns
from consensus.exports.names import Names
from consensus.exports.parts import part_figures
from consensus.exports.shown import blocks, current, keys_of
from consensus.models import ItemResult, StabilityResult, Verdict
from consensus.privacy.suppress import whole
from consensus.selectors.findings import behind_verdicts, shown_findings
from consensus.selectors.results import analysed, panel_results_of
from consensus.selectors.stability import is_open, movement_shown, published_answers
from consensus.selectors.voices import published_rounds
from consensus.verdicts.words import words_of
from experts.enums import MemberStatus
from surveys.enums import Moderation
from surveys.models import Reason, Study

SUPPRESSED = "suppressed"
NO_GROUPS: dict[str, int] = {}
_KEYS = ("round", "technology", "technology_name", "question", "panel_group")
RESULT_COLUMNS = (
    *_KEYS, "n", "n_cannot_judge", "n_missing", "already", "never", "cannot_say", "median", "q1", "q3", "iqr",
    "mean", "sd", "share", "share_low", "share_high", "band_low", "band_high", "agreement_a", "consensus_cns",
    "disagreement_index", "weighted_n", "weighted_median", "weighted_mean", "weighted_share",
    *interval_columns(), "note",
)  # fmt: skip
DISTRIBUTION_COLUMNS = (*_KEYS, "value", "label", "n")
STABILITY_COLUMNS = (
    "round", "previous_round", "technology", "technology_name", "question", "n_pairs", "unchanged", "net_change",
    "weighted_kappa", "spearman", "wilcoxon_p", "stuart_maxwell_p", "convergence_rate", "note",
)  # fmt: skip
PANEL_COLUMNS = (
    "round", "question", "statistic", "value", "ci_low", "ci_high", "chi2", "df", "p_value", "n", "n_missing",
    "method", "note",
)  # fmt: skip
VERDICT_COLUMNS = (
    "round",
    "technology",
    "technology_name",
    "verdict",
    "open_because",
    "is_stable",
    "figures",
)
REASON_COLUMNS = ("round", "technology", "technology_name", "stance", "text")


def result_tables(study: Study) -> Iterator[Table]:
    names = Names(study)
    yield from codebook(study)
    yield Table("results", RESULT_COLUMNS, _results(study, names))
    yield from part_figures(study, names)
    yield Table("distributions", DISTRIBUTION_COLUMNS, _distributions(study, names))
    yield Table("stability", STABILITY_COLUMNS, _stability(study, names))
    yield Table("agreement", PANEL_COLUMNS, _panel(study, names))
    yield Table("verdicts", VERDICT_COLUMNS, _verdicts(study, names))
    yield Table("reasons", REASON_COLUMNS, _reasons(study, names))


def count_results(study: Study) -> int:
    """Roughly how many rows there will be: for the progress bar."""
    return 4 * current(ItemResult, study).count()


def _results(study: Study, names: Names) -> Iterator[Row]:
    for item, is_shown in blocks(study):
        if not is_shown:
            yield (*keys_of(item, names), *[None] * (len(RESULT_COLUMNS) - len(_KEYS) - 1), SUPPRESSED)
        else:
            yield (*keys_of(item, names), *_figures(item))


def _figures(item: ItemResult) -> tuple:
    """A group's specials and blanks are few people's as a rule; they are given for the panel only."""
    found, specials = item.statistics, item.specials
    described, share, weighted = (found.get(key) or {} for key in ("describe", "share", "weighted"))
    band = share.get("band") or {}
    counts: tuple = (None,) * 5
    if item.group_id is None:
        counts = (
            item.n_cannot_judge,
            item.n_missing,
            *(specials.get(key, 0) for key in ("already", "never", "cannot_say")),
        )
    return (
        item.n,
        *counts,
        item.median,
        item.q1,
        item.q3,
        described.get("iqr"),
        described.get("mean"),
        described.get("sd"),
        share.get("value"),
        share.get("ci_low"),
        share.get("ci_high"),
        band.get("low"),
        band.get("high"),
        _value(found, "agreement"),
        _value(found, "consensus"),
        _value(found, "rand_ucla"),
        _nested(weighted, "describe", "n_used"),
        _nested(weighted, "describe", "value"),
        _nested(weighted, "describe", "mean"),
        _nested(weighted, "share", "value"),
        *interval_cells(item),
        described.get("undefined_reason"),
    )


def _value(found: dict[str, Any], key: str) -> Any:
    return (found.get(key) or {}).get("value")


def _nested(found: dict[str, Any], key: str, part: str) -> Any:
    return (found.get(key) or {}).get(part)


def _distributions(study: Study, names: Names) -> Iterator[Row]:
    for item, is_shown in blocks(study):
        if is_shown:
            for value, count in zip(item.values, item.counts, strict=True):
                yield (*keys_of(item, names), value, names.label(item.question_id, value), count)


def _stability(study: Study, names: Names) -> Iterator[Row]:
    rows = current(StabilityResult, study).select_related("computation").iterator(chunk_size=2000)
    answers, minimum = published_answers(study), study.minimum_group
    for row in rows:
        everything = is_open(row, answers, minimum)
        found = movement_shown(row.statistics, everything)
        few = not whole((row.n_pairs,), minimum)
        keys = (
            names.rounds[row.computation.round_id],
            names.rounds[row.previous_round_id],
            *names.technology(row.technology_id),
            names.questions[row.question_id].key,
        )
        if few:
            yield (*keys, *[None] * (len(STABILITY_COLUMNS) - len(keys) - 1), SUPPRESSED)
            continue
        yield (
            *keys,
            row.n_pairs,
            row.unchanged,
            *(_value(found, key) for key in ("net_change", "kappa", "spearman")),
            _nested(found, "wilcoxon", "p_value"),
            _nested(found, "stuart_maxwell", "p_value"),
            _value(found, "convergence_rate"),
            found.get("undefined_reason") if everything else SUPPRESSED,
        )


def _panel(study: Study, names: Names) -> Iterator[Row]:
    computations, questions = analysed(study), list(names.questions.values())
    rounds = {computation.pk: computation.round.number for computation in computations}
    shown = panel_results_of(study, computations, questions)
    for (computation, question), statistics in shown.items():
        for name, found in statistics.items():
            if isinstance(found, dict):
                yield (
                    rounds[computation],
                    names.questions[question].key,
                    name,
                    *(found.get(key) for key in ("value", "ci_low", "ci_high", "chi2", "df", "p_value")),
                    *(found.get(key) for key in ("n_used", "n_missing", "method", "undefined_reason")),
                )


def _verdicts(study: Study, names: Names) -> Iterator[Row]:
    """Verdicts with their figures in words; findings about single groups stay out, however large the group."""
    rows = Verdict.objects.filter(
        computation__round__study=study, computation__status=ComputationStatus.CURRENT
    ).select_related("computation")
    shown = behind_verdicts(study, analysed(study))
    for row in rows.order_by("computation__round__number", "technology__position", "pk"):
        figures = shown_findings(row, shown, NO_GROUPS, study.minimum_group)
        yield (
            names.rounds[row.computation.round_id],
            *names.technology(row.technology_id),
            row.verdict,
            row.open_because,
            row.is_stable,
            " ".join(words_of(finding) for finding in figures),
        )


def _reasons(study: Study, names: Names) -> Iterator[Row]:
    """Approved reasons of analysed rounds, in an order that says nothing about their authors."""
    approved = Reason.objects.filter(
        round__in=published_rounds(study), moderation=Moderation.APPROVED
    ).exclude(member__status=MemberStatus.WITHDRAWN)
    found = approved.values_list("code", "round_id", "technology_id", "stance", "text")
    for _code, round_, technology, stance, text in sorted(
        found,
        key=lambda row: (names.rounds[row[1]], names.technology(row[2]), keyed(study, f"reason:{row[0]}")),
    ):
        yield (names.rounds[round_], *names.technology(technology), stance, text)
