"""The course of the study: every step with its date, and what the rules said of each entry after each round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import numpy as np
from django.db.models import Min
from django.utils.translation import gettext as _

from consensus.models import Computation, Verdict
from consensus.report.blocks import Block, Grid, Heading, Paragraph
from consensus.report.reading import NONE, Reported, day, listed, pair, rate, spoken
from consensus.selectors.stability import Moved, movements
from consensus.verdicts.words import percent, verdict_words
from experts.models import Invitation
from surveys.enums import VerdictKind
from surveys.models import Round, Technology

Step = tuple[datetime, str, str]


def course(found: Reported) -> Iterator[Block]:
    yield Heading(_("Course of the study"))
    taken = [*_preparation(found), *(step for row in found.rounds for step in _of_round(found, row))]
    rows = [(day(moment), step, what) for moment, step, what in sorted(taken, key=_minute)]
    yield Grid(rows, (_("Date"), _("Step"), _("In figures")), (3.2, 4.6, 9.2), 8.5)


def _minute(step: Step) -> datetime:
    """Opening round 1 locks the protocol a moment later: of one minute the preparation comes first."""
    return step[0].replace(second=0, microsecond=0)


def _preparation(found: Reported) -> Iterator[Step]:
    yield found.study.created_at, _("Study created"), NONE
    first = Invitation.objects.filter(member__panel=found.study.panel).aggregate(at=Min("sent_at"))["at"]
    if first:
        yield first, _("First invitation"), NONE
    for version in found.versions:
        said = _("hash beginning %(hash)s") % {"hash": version.hash[:16]}
        if version.number == 1:
            yield version.locked_at, _("Protocol locked: version %(n)d") % {"n": 1}, said
        else:
            reason = spoken([version.reason, f"({said})"])
            yield version.locked_at, _("Amendment: version %(n)d") % {"n": version.number}, reason


def _of_round(found: Reported, row: Round) -> Iterator[Step]:
    named, counted = {"round": row}, found.response[row.number]
    before = next((each for each in found.rounds if each.number == row.number - 1), None)
    if row.opened_at:
        opened = [
            pair(_("entries"), row.round_technologies.count()),
            pair(_("members asked"), counted["sent"]),
            row.get_scope_display(),
        ]
        if before is not None and before.closed_at:
            opened.append(
                pair(_("days since the round before closed"), _days(before.closed_at, row.opened_at))
            )
        yield row.opened_at, _("%(round)s opened") % named, listed(opened)
    if row.closed_at:
        share = rate(counted["returned"], counted["sent"])
        closed = [
            pair(_("answered"), f"{counted['returned']} / {counted['sent']} ({share})"),
            pair(_("submitted"), counted["submitted"]),
        ]
        if row.opened_at:
            closed.append(pair(_("days open"), _days(row.opened_at, row.closed_at)))
        yield row.closed_at, _("%(round)s closed") % named, listed(closed)
    if row.analysed_at:
        computation = next((c for c in found.results.computations if c.round_id == row.pk), None)
        counts = _counts(found, computation) if computation else {}
        said = listed(pair(kind.label, counts[kind]) for kind in VerdictKind if counts.get(kind))
        yield row.analysed_at, _("%(round)s analysed") % named, said or NONE


def _days(start: datetime, end: datetime) -> int:
    return max(0, (end - start).days)


def _counts(found: Reported, computation: Computation) -> Counter:
    """How the list stands once this round was analysed: what was decided before stays so."""
    return Counter(verdict.verdict for verdict in found.results.verdicts_after(computation).values())


def verdicts(found: Reported) -> Iterator[Block]:
    """Counts after each round, how stable the answers were, and the way of each entry."""
    computations = found.results.computations
    if not found.results.latest_verdicts:
        return
    yield Heading(_("Verdicts after each round"))
    heads = [_("Round %(number)d") % {"number": c.round.number} for c in computations]
    share = 11 / len(heads)
    yield Grid(_counted(found), (_("Verdict"), *heads), (6, *[share] * len(heads)), 9)
    yield Paragraph(
        _(
            "Each column is the state of the whole list after that round: what was decided before stays decided."
        ),
        is_small=True,
    )
    moved = _moved(found)
    for text in _stability(found, moved):
        yield Paragraph(text, is_item=True)
    if len(computations) > 1:
        head = (_("Entry"), *heads, _("Stability"))
        widths = (5, *[8.4 / len(heads)] * len(heads), 3.6)
        yield Heading(_("Entry by entry"), 2)
        yield Grid([_way(found, row, moved) for row in _rated(found)], head, widths, 8)


def _counted(found: Reported) -> list[tuple[str, ...]]:
    counts = [_counts(found, computation) for computation in found.results.computations]
    return [
        (str(kind.label), *(str(each[kind]) for each in counts))
        for kind in VerdictKind
        if any(each[kind] for each in counts)
    ]


def _moved(found: Reported) -> dict[tuple[int, int], Moved]:
    """Movements of the rule's question by computation and technology; enough people answered twice."""
    question = found.results.main_question
    rows = movements(found.study, found.results.computations, questions=[question]) if question else []
    return {(each.row.computation_id, each.row.technology_id): each for each in rows}


def _stability(found: Reported, moved: dict[tuple[int, int], Moved]) -> Iterator[str]:
    for computation in found.results.computations[1:]:
        here = [each for (pk, _technology), each in moved.items() if pk == computation.pk]
        if not here:
            continue
        verdicts = found.results.verdicts[computation.pk]
        unchanged = [each.row.unchanged for each in here if each.row.unchanged is not None]
        stable = [
            pk for pk, verdict in verdicts.items() if verdict.is_stable and (computation.pk, pk) in moved
        ]
        yield _(
            "Rounds %(earlier)d to %(later)d: entries compared %(all)d, of which stable %(stable)d; answers unchanged, "
            "median over entries: %(share)s."
        ) % {
            "earlier": min(each.row.previous_round.number for each in here),
            "later": computation.round.number,
            "all": len(here),
            "stable": len(stable),
            "share": percent(float(np.median(unchanged))) if unchanged else NONE,
        }


def _rated(found: Reported) -> list[Technology]:
    rated = found.results.latest_verdicts
    return [row for pk, row in found.results.technologies.items() if pk in rated]


def _way(found: Reported, technology: Technology, moved: dict[tuple[int, int], Moved]) -> tuple[str, ...]:
    given = [found.results.verdicts[c.pk].get(technology.pk) for c in found.results.computations]
    last = next((verdict for verdict in reversed(given) if verdict), None)
    stable = _stable(last, moved) if last and _may_show(found, last) else NONE
    return (f"{technology.key} {technology.name}", *(_said(found, verdict) for verdict in given), stable)


def _said(found: Reported, verdict: Verdict | None) -> str:
    if verdict is None:
        return NONE
    if not _may_show(found, verdict):
        return _("Too few answers to be shown")
    return verdict_words(verdict.verdict, verdict.open_because)


def _may_show(found: Reported, verdict: Verdict) -> bool:
    """As in the results: nothing of an entry of fewer answers than the smallest group."""
    question = found.results.main_question
    if question is None:
        return True
    item = found.main_items.get((verdict.computation_id, verdict.technology_id, question.pk))
    return item is not None and item.panel is not None


def _stable(verdict: Verdict, moved: dict[tuple[int, int], Moved]) -> str:
    """Of the last round that asked about the entry."""
    seen = moved.get((verdict.computation_id, verdict.technology_id))
    said = {True: _("stable"), False: _("not stable"), None: ""}[verdict.is_stable]
    if seen is None or seen.row.unchanged is None:
        return said or NONE
    unchanged = _("unchanged: %(share)s of %(n)d") % {
        "share": percent(seen.row.unchanged),
        "n": seen.row.n_pairs,
    }
    return listed(text for text in (said, unchanged) if text)
