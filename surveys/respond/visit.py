"""Who is here, and in which round: what every page of the questionnaire starts from."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import wraps

from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from experts.exceptions import LinkRequired
from experts.headers import private_page
from experts.links import current_member, member_here
from experts.models import PanelMember
from foundation.prepared import Prepared
from surveys.enums import ParticipationStatus, RoundStatus
from surveys.exceptions import ConsentRequired
from surveys.models import Participation, Round, Study
from surveys.respond.kept import kept_words
from surveys.respond.tastes import chosen_language, in_language

OVER = (RoundStatus.CLOSED, RoundStatus.ANALYSED)


@dataclass
class Visit:
    """One member at one study. `rounds` ascend; `participations` are the member's, by round id."""

    study: Study
    member: PanelMember
    rounds: list[Round] = field(default_factory=list)
    participations: dict[int, Participation] = field(default_factory=dict)

    @cached_property
    def open_round(self) -> Round | None:
        return next((round for round in self.rounds if round.is_open), None)

    @cached_property
    def round(self) -> Round | None:
        """The open round that asks this member."""
        asked = self.open_round is not None and self.open_round.pk in self.participations
        return self.open_round if asked else None

    @cached_property
    def participation(self) -> Participation | None:
        return self.participations.get(self.round.pk) if self.round else None

    @property
    def is_submitted(self) -> bool:
        part = self.participation
        return part is not None and part.status == ParticipationStatus.SUBMITTED

    @property
    def drawer(self) -> str:
        """Where this browser keeps what is not sent yet: another for each person, telling nothing of them."""
        return _drawer(self.participation)

    @property
    def drawers_left(self) -> str:
        """The same, of rounds that are over: what was not sent in time may still lie there. Pairs, for scripts."""
        over = [each for each in self.rounds if each.status in OVER and each.pk in self.participations]
        pairs = [(each.number, _drawer(self.participations[each.pk])) for each in over]
        return json.dumps(pairs) if pairs else ""

    @cached_property
    def earlier(self) -> Round | None:
        """The latest analysed round before the open one."""
        number = self.round.number if self.round else 0
        return next(
            (r for r in reversed(self.rounds) if r.number < number and r.status == RoundStatus.ANALYSED), None
        )

    @cached_property
    def latest_over(self) -> Round | None:
        return next((round for round in reversed(self.rounds) if round.status in OVER), None)

    @cached_property
    def latest_answered(self) -> Round | None:
        """The latest round, over or open, in which the member was asked."""
        return next(
            (r for r in reversed(self.rounds) if r.pk in self.participations and r.status in (*OVER, "open")),
            None,
        )


def _drawer(part: Participation) -> str:
    return salted_hmac("surveys.respond.drawer", part.code).hexdigest()[:12]


_ROUNDS = Prepared(
    lambda code: Round.objects.filter(study__code=code).select_related("study__panel").order_by("number")
)
_OWN = Prepared(
    lambda member, rounds: Participation.objects.filter(member=member, round__pk__in=rounds).order_by()
)


def visit_for(request: HttpRequest, code: str) -> Visit:
    """The visit of the member whose link was opened here; see `current_member` for refusals. Three queries."""
    rounds = _ROUNDS.all(code=code)
    study = rounds[0].study if rounds else Study.objects.filter(code=code).select_related("panel").first()
    member = current_member(request, study.panel if study else None)
    for each in rounds:
        each.study = study
    own = _OWN.all(member=member.pk, rounds=[each.pk for each in rounds])
    visit = Visit(study, member, rounds, {part.round_id: part for part in own})
    for each in rounds:
        if part := visit.participations.get(each.pk):
            part.round = each
    return visit


def asked_here(request: HttpRequest, code: str) -> tuple[Round, PanelMember] | None:
    """The study's open round and the member whose link was opened here: all that a save needs to know.

    Two narrow queries for the path that is walked most. None for whatever reason; `visit_for` tells them apart.
    """
    round = _OPEN.first(code=code)
    member = member_here(request, round.study.panel_id) if round else None
    return (round, member) if round and member else None


_FOR_SAVING = (
    "number",
    "study__panel_id",
    "study__protocol_hash",
    "study__updated_at",
    "study__moderate_reasons",
)
_OPEN = Prepared(
    lambda code: (
        Round.objects.filter(study__code=code, status=RoundStatus.OPEN)
        .select_related("study")
        .only(*_FOR_SAVING)
        .order_by()[:1]
    )
)


def kept_form(request: HttpRequest) -> list[tuple[str, str]]:
    """What a page sent after its session had ended: the refusal keeps it, to be sent again once the link is opened."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]


def respondent_page(view):
    """A private page of one member: `view(request, visit, …)`."""

    @private_page
    @wraps(view)
    def wrapped(request, code, *args, **kwargs):
        try:
            return view(request, visit_for(request, code), *args, **kwargs)
        except (LinkRequired, ConsentRequired) as refusal:
            refusal.kept = kept_form(request)
            refusal.words = kept_words(refusal.kept)
            raise

    return wrapped


def answering_page(view):
    """A page that exists while a round asks this member, after consent; else the way leads to the welcome page."""

    @respondent_page
    @wraps(view)
    def wrapped(request, visit, *args, **kwargs):
        part = visit.participation
        if request.method != "POST" and (part is None or part.consented_at is None):
            return redirect("respond:welcome", code=visit.study.code)
        if language := chosen_language(request):
            return in_language(request, language, view, visit, *args, **kwargs)
        return view(request, visit, *args, **kwargs)

    return wrapped
