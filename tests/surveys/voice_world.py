"""Eight members answered round 1, three gave reasons that a moderator approved, and round 2 shows them."""

from types import SimpleNamespace

from consensus.services.compute import compute_round
from consensus.services.feedback import freeze_reasons
from surveys.models import Reason
from surveys.services.moderation import moderate
from surveys.services.reasons import save_reason
from surveys.services.rounds import open_round, plan_round
from tests.consensus.worlds import answer_all, close, make_panel_study, make_round
from tests.factories import agreed, owner_of

VALUES = (1, 3, 3, 3, 4, 4, 4, 4)
FOR, AGAINST, OWN = "Bench data hold up", "Nobody will pay for it", "I saw it fail twice"


def approve(entry, actor, decision="approved", note=""):
    entry.refresh_from_db()
    return moderate(entry=entry, actor=actor, decision=decision, note=note, seen_revision=entry.revision)


def next_round(study, **fields):
    """Open a further round the product's way, as after its listeners have run."""
    owner = owner_of(study)
    planned = plan_round(study=study, actor=owner, **({"scope": "all", "shows_feedback": True} | fields))
    opened = open_round(round=planned, actor=owner)
    if opened.shows_feedback:
        freeze_reasons(round_id=opened.pk)
    return agreed(opened)


def finish(round):
    compute_round(round_id=close(round).pk)


def make_world(**round_fields):
    study = make_panel_study((8,), technologies=2)
    owner = owner_of(study)
    first = make_round(study)
    technologies = list(study.technologies.order_by("position"))
    members = list(study.panel.members.order_by("pseudonym"))
    for technology in technologies:
        answer_all(first, "agreement", technology, VALUES)
    spoken = [(0, OWN, "against"), (5, FOR, "for"), (6, AGAINST, "against")]
    reasons = {}
    for at, text, stance in spoken:
        save_reason(
            round=first, member=members[at], technology=technologies[0].code, text=text, stance=stance
        )
        reasons[text] = Reason.objects.get(round=first, text=text)
        approve(reasons[text], owner)
    finish(first)
    return SimpleNamespace(
        study=study,
        owner=owner,
        first=first,
        second=next_round(study, **round_fields),
        technologies=technologies,
        members=members,
        reasons=reasons,
    )
