"""What became of the list: entries added after the first round, dropped, reworded; who left, and what hangs on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext as _

from consensus.dashboard.words import question_name
from consensus.exports.supplements import Stored
from consensus.report.blocks import Block, Grid, Heading, Paragraph
from consensus.report.reading import NONE, Reported, day, listed, number, rate, spoken
from consensus.selectors.voices import approved_proposals
from consensus.verdicts.words import percent
from foundation.localized import LANGUAGES, localized
from foundation.models import AuditEntry
from surveys.enums import FINAL_VERDICTS, ProposalKind, ProposalStatus, TechnologyStatus, VerdictKind

Change = tuple[str, str, str, str]


def changes(found: Reported) -> Iterator[Block]:
    yield Heading(_("Entries added, dropped and reworded"))
    rows = [*added(found), *dropped(found), *reworded(found)]
    if rows:
        header = (_("Entry"), _("Change"), _("When"), _("What or why"))
        yield Grid(rows, header, (5, 2.4, 2.8, 6.8), 8.5)
    else:
        yield Paragraph(_("The list was not changed after round 1 opened."))
    yield Paragraph(proposals(found))


def added(found: Reported) -> list[Change]:
    """Entries first asked about after round 1."""
    late = (
        found.study.technologies.annotate(first=Min("round_technologies__round__number"))
        .filter(first__gt=1)
        .order_by("first", "position", "pk")
    )
    return [
        (
            f"{row.key} {row.name}",
            _("added"),
            _("Round %(number)d") % {"number": row.first},
            row.get_origin_display(),
        )
        for row in late
    ]


def dropped(found: Reported) -> list[Change]:
    gone = found.study.technologies.filter(status=TechnologyStatus.DROPPED).order_by("position", "pk")
    why = list(_audit(found, "technology.dropped"))
    rows = []
    for row in gone:
        last = [entry for entry in why if entry.target.startswith(f"{row.key} ")][-1:]
        rows += [(f"{row.key} {row.name}", _("dropped"), day(entry.at), _reason(entry)) for entry in last]
    return rows


def _reason(entry: AuditEntry) -> str:
    return entry.detail.get("reason") or _("no reason was recorded")


def reworded(found: Reported) -> list[Change]:
    rows = []
    for entry in _audit(found, "technology.edited"):
        before, after = (entry.detail.get(name, {}) for name in ("before", "after"))
        for part in ("name", "description"):
            old, new = (localized(side.get(part)) for side in (before, after))
            changed = [language for language in LANGUAGES if old.get(language) != new.get(language)]
            if changed:
                said = _("before: %(text)s") % {"text": " / ".join(old.get(each) or NONE for each in changed)}
                rows.append((entry.target, _("reworded"), day(entry.at), said))
    return rows


def _audit(found: Reported, action: str):
    """Of the list as it changed once the protocol was locked: before that it was being written."""
    locked = found.study.protocol_locked_at
    rows = AuditEntry.objects.filter(stream=found.study.stream, action=action).order_by("sequence")
    return rows.filter(at__gt=locked) if locked else rows.none()


def proposals(found: Reported) -> str:
    made = approved_proposals(found.study).exclude(kind=ProposalKind.FLAG)
    counts = Counter(made.values_list("status", flat=True))
    if not counts:
        return _("No proposal of a member was let through in the analysed rounds.")
    return _(
        "Members' proposals that were let through in the analysed rounds: %(all)d, of which accepted %(accepted)d, "
        "covered by another entry %(merged)d, not taken up %(rejected)d."
    ) % {
        "all": sum(counts.values()),
        "accepted": counts[ProposalStatus.ACCEPTED],
        "merged": counts[ProposalStatus.MERGED],
        "rejected": counts[ProposalStatus.REJECTED],
    }


def attrition(found: Reported) -> Iterator[Block]:
    yield Heading(_("Attrition"))
    if not found.attrition:
        yield Paragraph(_("Nothing is known of attrition: there is one analysed round at most."))
        return
    header = (
        _("From round"),
        _("To round"),
        _("Asked again"),
        _("Came back"),
        _("Share"),
        _("New in the round"),
    )
    yield Grid([_step(later, figures) for later, figures in found.attrition], header, size=9)
    for later, figures in found.attrition:
        yield from _compared(found, later, figures)
    yield Paragraph(differing(found.stored))


def _step(later: int, figures: dict[str, Any]) -> tuple[str, ...]:
    response = figures["response"]
    back, n = response["came_back"], response["n"]
    return str(figures["earlier"]), str(later), str(n), str(back), rate(back, n), str(figures["newcomers"])


def _compared(found: Reported, later: int, figures: dict[str, Any]) -> Iterator[Block]:
    names = {question.key: question_name(question) for question in found.results.questions}
    for key, part in figures["questions"].items():
        together = part["together"]
        if not part["items"] and not together:
            continue
        said = _(
            "Round %(later)d, “%(question)s”: of %(compared)d entries compared, drop-outs had answered differently "
            "on %(flagged)d (adjusted p below %(alpha)s)."
        ) % {
            "later": later,
            "question": names.get(key, key),
            "compared": len(part["items"]),
            "flagged": part["flagged"],
            "alpha": figures["alpha"],
        }
        if together and together.get("p_value") is not None:
            together_said = _("Over all entries together: p = %(p)s.") % {"p": f"{together['p_value']:.3f}"}
            said = spoken([said, together_said])
        yield Paragraph(said, is_item=True)


def differing(stored: Stored) -> str:
    """Whether any verdict of a later round hangs on those who had missed a round."""
    rows = [row for row in stored.completers() if row[0] == row[2]]
    other = [row for row in rows if row[5] != row[6]]
    if not rows:
        return _("Verdicts among completers alone are not shown: too few members are left out.")
    if not other:
        return _("Among the completers alone every verdict that may be compared would be the same.")
    said = listed(
        f"{key} ({VerdictKind(here).label} → {VerdictKind(there).label})"
        for *_head, key, _name, here, there, _all, _part in other
    )
    return _("Among the completers alone these verdicts would differ: %(list)s.") % {"list": said}


def indicators(found: Reported) -> Iterator[Block]:
    """The expert indicators of Chinese studies, where the study asks what they need."""
    stored = found.stored.authority_figures
    rows = [
        (
            str(computation.round.number),
            _positivity(stored[computation.pk]["positivity"]["panel"]),
            *_coefficients(stored[computation.pk]["panel"]),
        )
        for computation in found.results.computations
        if computation.pk in stored
    ]
    if not rows:
        return
    yield Heading(_("Expert indicators"))
    header = (_("Round"), _("Positivity"), "Ca", "Cs", "Cr", _("Members with a basis"))
    yield Grid(rows, header, size=9)
    if any(stored[c.pk]["lacks"] for c in found.results.computations if c.pk in stored):
        yield Paragraph(_("The study does not ask all that authority coefficients need."), is_small=True)


def _positivity(panel: dict[str, Any] | None) -> str:
    return percent(panel["value"]) if panel else NONE


def _coefficients(row: dict[str, Any] | None) -> tuple[str, ...]:
    found = row or {}
    count = found.get("n_basis")
    return (
        *(number(found.get(name)) for name in ("ca", "cs", "value")),
        NONE if count is None else str(count),
    )


def decided(found: Reported) -> int:
    return sum(row.verdict in FINAL_VERDICTS for row in found.results.latest_verdicts.values())
