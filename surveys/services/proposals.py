"""What experts propose for the list and its wording, and what the organisers make of it.

A proposal is written by a person, decided by a person, and answered in that person's words. It carries no time and
its audit entry no member: the entry is written when somebody decides.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.models import PanelMember
from experts.permissions import require
from experts.services.panels import checked
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.localized import localized
from foundation.services.audit import record
from surveys.enums import Moderation, Origin, ProposalKind, ProposalStatus, RoundStatus, TechnologyStatus
from surveys.exceptions import WrongState
from surveys.models import Assignment, Field, Proposal, Question, Round, Study, Technology
from surveys.question_types.text import clean_text
from surveys.services.answers import lock_participation, touch
from surveys.services.moderation import state_after_edit
from surveys.services.technologies import add_technology, edit_technology

MOST_PER_ROUND = 50


@transaction.atomic
def propose_technology(
    *,
    round: Round,
    member: PanelMember,
    name: str,
    description: str = "",
    text: str = "",
    field: str = "",
    language: str = "",
) -> Proposal:
    """Propose an entry for the list, in the member's own language."""
    part = _part(round, member, round.allows_proposals)
    found = Field.objects.filter(study=round.study_id, code=field).first() if field else None
    if field and found is None:
        raise InvalidInput(errors={"field": [_("Choose a field of this study.")]})
    name = _clean("name", name, 300)
    if not name:
        raise InvalidInput(errors={"name": [_("Enter a name.")]})
    proposal = Proposal(
        kind=ProposalKind.TECHNOLOGY,
        name=_in(language, name),
        description=_in(language, _clean("description", description, 4000)),
        text=_clean("text", text),
        field=found,
    )
    return _keep(proposal, part, language)


@transaction.atomic
def propose_wording(
    *,
    round: Round,
    member: PanelMember,
    technology: str,
    name: str = "",
    description: str = "",
    text: str = "",
    language: str = "",
) -> Proposal:
    """Propose another name or description for an entry that the member is asked about."""
    part = _part(round, member, round.allows_proposals)
    target = _asked(round, member, technology)
    name, description = _clean("name", name, 300), _clean("description", description, 4000)
    shown = (str(target.name), str(target.description))
    if (name or shown[0], description or shown[1]) == shown:
        raise InvalidInput(errors={"name": [_("This is the wording as it is. Change something first.")]})
    proposal = Proposal(
        kind=ProposalKind.REWORDING,
        technology=target,
        name=_in(language, name),
        description=_in(language, description),
        text=_clean("text", text),
    )
    return _keep(proposal, part, language)


@transaction.atomic
def flag_wording(
    *,
    round: Round,
    member: PanelMember,
    technology: str,
    problem: str,
    question: str = "",
    text: str = "",
    language: str = "",
) -> Proposal:
    """Report that an entry, or one question about it, is badly worded. Once for each problem and place."""
    part = _part(round, member, round.allows_flags)
    target = _asked(round, member, technology)
    asked = Question.objects.filter(study=round.study_id, key=question).first() if question else None
    if question and asked is None:
        raise NotAllowed
    earlier = Proposal.objects.filter(
        round=round, member=member, kind=ProposalKind.FLAG, technology=target, question=asked, problem=problem
    ).first()
    if earlier is not None and not earlier.is_waiting:
        raise WrongState(_("The organisers have already answered this report."))
    flag = earlier or Proposal(
        kind=ProposalKind.FLAG, technology=target, question=asked, problem=problem, revision=0
    )
    flag.text = _clean("text", text)
    return _keep(flag, part, language)


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, member: PanelMember) -> None:
    """Its author takes it back, as long as nobody has decided on it."""
    if proposal.member_id != member.pk:
        raise NotAllowed
    waiting = Proposal.objects.filter(pk=proposal.pk, status=ProposalStatus.WAITING)
    if not waiting.update(moderation=Moderation.WITHDRAWN):
        raise WrongState


@transaction.atomic
def accept_proposal(
    *, proposal: Proposal, actor, answer: str = "", name=None, description=None, field=None
) -> Proposal:
    """Put it on the list or into its wording, as proposed or as edited here; a report is noted."""
    study = _decide(proposal, actor, ProposalStatus.ACCEPTED, answer)
    if proposal.kind == ProposalKind.TECHNOLOGY:
        proposal.became = add_technology(
            study=study,
            actor=actor,
            name=localized(name or proposal.name),
            description=localized(proposal.description if description is None else description),
            field=field,
            origin=Origin.EXPERT,
            source_code=proposal.code,
        )
    elif proposal.kind == ProposalKind.REWORDING:
        _reword(study, proposal, actor, name, description)
        proposal.became = proposal.technology
    return _note(proposal, actor, "accepted")


@transaction.atomic
def merge_proposal(*, proposal: Proposal, actor, into: Technology, answer: str = "") -> Proposal:
    """The list covers it already: its author is told by which entry."""
    study = _decide(proposal, actor, ProposalStatus.MERGED, answer)
    if proposal.kind != ProposalKind.TECHNOLOGY:
        raise InvalidInput
    if into.study_id != study.pk or into.status != TechnologyStatus.ACTIVE:
        raise InvalidInput(errors={"into": [_("Choose an entry of the list.")]})
    proposal.became = into
    return _note(proposal, actor, "merged")


@transaction.atomic
def reject_proposal(*, proposal: Proposal, actor, answer: str) -> Proposal:
    """Not taken up, with a reason for its author."""
    if not answer.strip():
        raise InvalidInput(errors={"answer": [_("Say why: the proposer reads it.")]})
    _decide(proposal, actor, ProposalStatus.REJECTED, answer)
    return _note(proposal, actor, "rejected")


@transaction.atomic
def reopen_proposal(*, proposal: Proposal, actor) -> Proposal:
    """Undo a decision. What an acceptance put on the list stays there until it is taken off on its own page."""
    study = proposal.round.study
    require(actor, study.panel, Capability.EDIT_STUDY)
    decided = Proposal.objects.filter(pk=proposal.pk).exclude(status=ProposalStatus.WAITING)
    if proposal.status == ProposalStatus.ACCEPTED and proposal.kind != ProposalKind.FLAG:
        raise InvalidInput(_("This is on the list. Take it off there instead."))
    if not decided.update(status=ProposalStatus.WAITING, became=None, decided_by=None, decided_at=None):
        raise WrongState
    proposal.refresh_from_db()
    record(stream=study.stream, action="proposal.reopened", actor=actor, target=f"proposal {proposal.code}")
    return proposal


def _part(round: Round, member: PanelMember, allowed: bool):
    """Lock the member's part; a round without this right answers as if there were nothing."""
    part = lock_participation(round, member)
    if not allowed:
        raise NotAllowed
    return part


def _asked(round: Round, member: PanelMember, code: str) -> Technology:
    row = Assignment.objects.filter(round=round, member=member, technology__code=code)
    found = row.select_related("technology").first()
    if found is None:
        raise NotAllowed
    return found.technology


def _clean(name: str, text: str, longest: int = 2000) -> str:
    try:
        return clean_text(text, longest)
    except ValidationError as error:
        raise InvalidInput(errors={name: error.messages}) from error


def _in(language: str, text: str):
    return localized({language or "en": text})


def _keep(proposal: Proposal, part, language: str) -> Proposal:
    """Store it; what this member sent before, word for word, is that: a double click proposes once."""
    round = part.round
    own = list(Proposal.objects.filter(round=round, member=part.member))
    same = (
        each for each in own if each.moderation != Moderation.WITHDRAWN and _said(each) == _said(proposal)
    )
    if earlier := next(same, None):
        return earlier
    if not proposal.pk and len(own) >= MOST_PER_ROUND:
        raise InvalidInput(_("This is as much as one person can propose in a round."))
    proposal.round, proposal.member, proposal.language = round, part.member, language
    proposal.moderation = state_after_edit(proposal, round.study)
    proposal.revision = (proposal.revision or 0) + 1 if proposal.pk else 1
    checked(proposal).save()
    touch(part, language)
    return proposal


def _said(proposal: Proposal) -> tuple:
    """What the member says with it."""
    about = (proposal.kind, proposal.technology_id, proposal.question_id, proposal.field_id)
    return (*about, proposal.problem, dict(proposal.name), dict(proposal.description), proposal.text)


def _decide(proposal: Proposal, actor, status: str, answer: str) -> Study:
    """Authorise, and take the proposal out of the queue: of two organisers one decides."""
    study = proposal.round.study
    require(actor, study.panel, Capability.EDIT_STUDY)
    answer = _clean("answer", answer, 1000)
    waiting = Proposal.objects.filter(pk=proposal.pk, status=ProposalStatus.WAITING).exclude(
        moderation__in=(Moderation.WITHDRAWN, Moderation.REJECTED)
    )
    if not waiting.update(
        status=status,
        answer=answer,
        decided_by=actor,
        decided_at=timezone.now(),
        moderation=Moderation.APPROVED,
    ):
        raise WrongState
    proposal.refresh_from_db()
    return study


def _reword(study: Study, proposal: Proposal, actor, name, description) -> None:
    """Only the proposed language changes. Those who are answering now must all have read the same words."""
    asked_now = proposal.technology.round_technologies.filter(round__status=RoundStatus.OPEN)
    if asked_now.exists():
        raise InvalidInput(
            _("A round is asking about this entry. Change its wording when the round is over.")
        )
    changes = {}
    for part, given in (("name", name), ("description", description)):
        text = localized(getattr(proposal, part) if given is None else given)
        if text:
            changes[part] = {**getattr(proposal.technology, part), **text}
    edit_technology(technology=proposal.technology, actor=actor, **changes)


def _note(proposal: Proposal, actor, what: str) -> Proposal:
    proposal.save(update_fields=["became"])
    became = f"{proposal.became.key} {proposal.became.name}" if proposal.became else ""
    record(
        stream=proposal.round.study.stream,
        action=f"proposal.{what}",
        actor=actor,
        target=f"proposal {proposal.code}",
        detail={"kind": proposal.kind, "answer": proposal.answer, "entry": became},
    )
    return proposal
