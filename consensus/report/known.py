"""What the platform knows of what a reporting checklist asks; empty where it does not."""

from __future__ import annotations

from collections import Counter

from django.db.models import Min, Sum
from django.utils.translation import gettext as _

from consensus.report.changes import added, decided, dropped, proposals, reworded
from consensus.report.method import feedback, moderation
from consensus.report.reading import Reported, day, listed, pair, rate, spoken, stated
from consensus.report.study import composition
from experts.enums import Role
from experts.models import Invitation
from surveys.enums import AskReason, Origin


def registered(found: Reported) -> str:
    study = found.study
    if not study.is_locked:
        return ""
    said = {"date": day(study.protocol_locked_at), "hash": study.protocol_hash[:16]}
    return _("Protocol locked on the platform on %(date)s, hash beginning %(hash)s.") % said


def directed(found: Reported) -> str:
    roles = Counter(found.study.panel.roles.values_list("role", flat=True))
    return stated(listed(pair(role.label, roles[role]) for role in Role if roles[role]))


def members(found: Reported) -> str:
    return stated(listed(pair(name, n) for name, n in composition(found)))


def invited(found: Reported) -> str:
    sent = Invitation.objects.filter(member__panel=found.study.panel, sent_at__isnull=False)
    facts = sent.aggregate(first=Min("sent_at"), reminders=Sum("reminders"))
    if not facts["first"]:
        return ""
    return _("Personal links by e-mail, the first on %(date)s; reminders sent: %(reminders)d.") % {
        "date": day(facts["first"]),
        "reminders": facts["reminders"] or 0,
    }


def origins(found: Reported) -> str:
    origins = Counter(found.study.technologies.values_list("origin", flat=True))
    said = listed(pair(origin.label, origins[origin]) for origin in Origin if origins[origin])
    return stated(said) if said else ""


def steps(found: Reported) -> str:
    return _("Delphi in rounds; rounds so far: %(n)d.") % {"n": len(found.rounds)} if found.rounds else ""


def presented(found: Reported) -> str:
    study = found.study
    asked = {question.ask_reason for question in study.questions.all()} - {AskReason.NEVER}
    explained = listed(AskReason(key).label for key in sorted(asked)) or str(AskReason.NEVER.label)
    open_ = listed(row.number for row in found.rounds if row.allows_proposals)
    said = [
        _("Questions and scales: section “Method”."),
        _("Reasons: %(rule)s.") % {"rule": explained},
        _("New entries could be proposed in rounds: %(rounds)s.") % {"rounds": open_}
        if open_
        else _("Members could not propose new entries."),
    ]
    return spoken(said)


def scopes(found: Reported) -> str:
    return spoken(stated(pair(row, row.get_scope_display())) for row in found.rounds)


def defined(found: Reported) -> str:
    return spoken(stated(pair(kind, words)) for kind, _question, words in found.rules)


def collected(_found: Reported) -> str:
    return _("Individually, in a web questionnaire behind a personal link, each at their own pace.")


def processed(found: Reported) -> str:
    return spoken(
        [moderation(found), _("Statistics and verdicts were computed by the rules of the protocol.")]
    )


def fed_back(found: Reported) -> str:
    return spoken(feedback(found))


def anonymous(found: Reported) -> str:
    return _(
        "%(level)s. Answers are stored under pseudonyms; groups under %(n)d are not shown, nor could they be found by "
        "subtraction."
    ) % {"level": found.study.get_anonymity_display(), "n": found.study.minimum_group}


def accessible(_found: Reported) -> str:
    return _(
        "The questionnaire's pages are in English and Chinese, fit phones and screen readers, and can be used by "
        "keyboard alone."
    )


def dates(found: Reported) -> str:
    return spoken(stated(pair(row, f"{day(row.opened_at)} – {day(row.closed_at)}")) for row in found.rounds)


def deviations(found: Reported) -> str:
    if not found.versions:
        return ""
    if len(found.versions) == 1:
        return _("No amendment was made after the lock.")
    return spoken(stated(pair(day(row.locked_at), row.reason.rstrip(".。"))) for row in found.versions[1:])


def responded(found: Reported) -> str:
    said = []
    for row in found.rounds:
        counted = found.response[row.number]
        share = rate(counted["returned"], counted["sent"])
        said.append(stated(pair(row, f"{counted['returned']} / {counted['sent']} ({share})")))
    return spoken(said)


def outcome(found: Reported) -> str:
    verdicts = found.results.latest_verdicts
    if not verdicts:
        return ""
    said = {"rated": len(verdicts), "decided": decided(found)}
    return (
        _("Entries rated: %(rated)d, decided: %(decided)d; each with its figures in section “Results”.")
        % said
    )


def modified(found: Reported) -> str:
    said = {"added": len(added(found)), "dropped": len(dropped(found)), "reworded": len(reworded(found))}
    counted = _("After round 1 opened: added %(added)d, dropped %(dropped)d, reworded %(reworded)d.") % said
    return spoken([counted, proposals(found)])


def limits(found: Reported) -> str:
    return _("Attrition and what hangs on it: section “Attrition”.") if found.attrition else ""


def aim(found: Reported) -> str:
    return str(found.study.purpose)


def decisions(found: Reported) -> str:
    return _(
        "Verdicts follow from the locked rules; organisers decided on the list and on members' proposals."
    )
