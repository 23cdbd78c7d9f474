"""The first sections: what the study is, how its protocol changed, who the panel was, how the rounds went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from consensus.exports.column_texts import METHOD_TEXTS
from consensus.privacy.suppress import merged_groups
from consensus.report.blocks import TITLE, Block, Grid, Heading, Paragraph
from consensus.report.reading import NONE, Reported, day, listed, rate
from experts.enums import MemberStatus
from experts.models import Invitation
from foundation.version import program
from surveys.enums import VerdictKind


def front(found: Reported) -> Iterator[Block]:
    study, latest = found.study, found.results.latest
    yield Heading(str(study.title), TITLE)
    yield Paragraph(_("Consensus report of a Delphi study"))
    if latest:
        state = {"round": latest.round, "date": day(latest.round.analysed_at)}
        yield Paragraph(_("State of the results: %(round)s, analysed on %(date)s.") % state)
    else:
        yield Paragraph(_("No round has been analysed yet."))
    yield Paragraph(_("Written by %(program)s.") % {"program": program()}, is_small=True)
    if study.simulated:
        yield Paragraph(str(METHOD_TEXTS["simulated"]), lead=_("Note: "))
    if str(study.purpose):
        yield Paragraph(str(study.purpose))


def summary(found: Reported) -> Iterator[Block]:
    verdicts = Counter(verdict.verdict for verdict in found.results.latest_verdicts.values())
    if not verdicts:
        return
    rated = sum(verdicts.values())
    yield Heading(_("Summary"))
    yield Paragraph(
        _(
            "The latest verdict on each of the %(rated)d entries that were rated, in %(rounds)d analysed rounds:"
        )
        % {"rated": rated, "rounds": len(found.results.rounds)}
    )
    yield Grid(
        [
            (str(kind.label), str(verdicts[kind]), rate(verdicts[kind], rated))
            for kind in VerdictKind
            if verdicts[kind]
        ],
        (_("Verdict"), _("Entries"), _("Share")),
        (9, 4, 4),
    )


def protocol(found: Reported) -> Iterator[Block]:
    study = found.study
    yield Heading(_("Study and protocol"))
    yield Grid(
        [
            (_("Code of the study"), study.code),
            (_("Main language"), study.get_language_display()),
            (_("Anonymity"), study.get_anonymity_display()),
            (_("Smallest group shown"), str(study.minimum_group)),
            (_("Fewest answers for a verdict"), str(study.minimum_answers)),
            (_("Protocol locked"), day(study.protocol_locked_at)),
            (_("Hash of the protocol as it stands"), study.protocol_hash or NONE),
        ],
        widths=(6, 11),
    )
    yield Heading(_("Amendments"), 2)
    amended = found.versions[1:]
    if not found.versions:
        yield Paragraph(_("The protocol is not locked yet: no round has been opened."))
    elif not amended:
        yield Paragraph(_("The protocol was not changed after round 1 opened."))
    else:
        rows = [
            (str(row.number), day(row.locked_at), row.locked_by_label, row.reason, row.hash[:16])
            for row in amended
        ]
        yield Grid(
            rows,
            (_("Version"), _("Date"), _("By"), _("Reason"), _("Hash")),
            (1.8, 2.8, 3.2, 5.8, 3.4),
            8.5,
        )


def panel(found: Reported) -> Iterator[Block]:
    yield Heading(_("Panel"))
    yield Grid(recruitment(found), widths=(12, 5))
    yield Heading(_("Composition"), 2)
    yield Grid(composition(found), (_("Panel group"), _("Members")), (12, 5))
    minimum = {"n": found.study.minimum_group}
    yield Paragraph(
        _("Groups with fewer than %(n)d members are put together, with the next smallest where needed.")
        % minimum,
        is_small=True,
    )


def recruitment(found: Reported) -> list[tuple[str, str]]:
    """People, not answers: how many were invited, opened their link, declined, and withdrew."""
    members = found.study.panel.members
    links = Invitation.objects.filter(member__panel=found.study.panel)
    return [
        (_("Listed in the panel"), str(members.count())),
        (_("Invited by personal link"), str(_people(links.exclude(sent_at=None)))),
        (_("Opened their link"), str(_people(links.exclude(opened_at=None)))),
        (_("Declined"), str(members.filter(status=MemberStatus.DECLINED).count())),
        (_("Withdrew"), str(members.filter(status=MemberStatus.WITHDRAWN).count())),
    ]


def _people(links) -> int:
    return links.order_by().values("member_id").distinct().count()


def composition(found: Reported) -> list[tuple[str, str]]:
    """Members who did not decline, by group; small groups under one name."""
    members = found.study.panel.members.exclude(status=MemberStatus.DECLINED)
    sizes = Counter(members.values_list("group_id", flat=True))
    names = {group.pk: str(group) for group in found.results.groups} | {None: _("No group")}
    merged = merged_groups(sizes, found.study.minimum_group)
    rows = [(name, str(sizes[pk])) for pk, name in names.items() if sizes[pk] and pk not in merged]
    if merged:
        rows.append((_("Groups too small to be named"), str(sum(sizes[pk] for pk in merged))))
    return [*rows, (_("All members"), str(sum(sizes.values())))]


def rounds(found: Reported) -> Iterator[Block]:
    yield Heading(_("Rounds and response"))
    if not found.rounds:
        yield Paragraph(_("No round is over yet."))
        return
    yield Grid(
        [_round(found, row) for row in found.rounds],
        (
            _("Round"), _("Opened on"), _("Closed on"), _("Entries"), _("Asked"), _("Answered"), _("Submitted"),
            _("Response rate"),
        ),
        (1.6, 2.8, 2.8, 1.7, 1.6, 2.1, 2.3, 2.1),
        8.5,
    )  # fmt: skip
    yield Paragraph(
        _("Answered is whoever began to answer: their answers count, submitted or not."), is_small=True
    )
    yield from _by_group(found)


def _round(found: Reported, row) -> tuple[str, ...]:
    counted = found.response[row.number]
    return (
        str(row.number),
        day(row.opened_at),
        day(row.closed_at),
        str(row.round_technologies.count()),
        *(str(counted[name]) for name in ("sent", "returned", "submitted")),
        rate(counted["returned"], counted["sent"]),
    )


def _by_group(found: Reported) -> Iterator[Block]:
    numbers = sorted(found.positivity)
    rows = []
    for group in found.results.groups:
        cells = [found.positivity[number]["groups"].get(group.key) for number in numbers]
        if any(cells):
            rows.append((str(group), *(_part(cell) for cell in cells)))
    if rows:
        yield Heading(_("Response by panel group"), 2)
        header = (_("Panel group"), *(_("Round %(number)d") % {"number": number} for number in numbers))
        yield Grid(rows, header, (5, *[12 / len(numbers)] * len(numbers)), 9)


def _part(cell) -> str:
    if not cell:
        return NONE
    return f"{cell['returned']} / {cell['sent']} ({rate(cell['returned'], cell['sent'])})"


def provenance(found: Reported) -> Iterator[Block]:
    """What another analyst needs to find the same numbers again."""
    if not found.results.computations:
        return
    yield Heading(_("Provenance"))
    yield Paragraph(
        _("Each figure can be recomputed from the export of answers; the hashes say of what and into what.")
    )
    for row in found.results.computations:
        yield Heading(str(row.round), 2)
        versions = row.method.get("versions", {})
        yield Grid(
            [
                (_("Computation"), row.code),
                (_("Hash of the input"), row.input_hash),
                (_("Hash of the results"), row.result_hash),
                (_("Seed"), str(row.seed)),
                (
                    _("Software"),
                    listed([program(), *(f"{name} {text}" for name, text in versions.items())]),
                ),
            ],
            widths=(4, 13),
            size=8.5,
        )
