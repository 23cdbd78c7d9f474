"""How a study reviews: alone or in pairs, signed or not, and which methods of the machine are trusted."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.exceptions import InvalidInput
from foundation.services.audit import record
from scanning.models import Candidate, ReviewPolicy
from surveys.models import Study

REVIEWERS = 2


def policy_of(study: Study) -> ReviewPolicy:
    """The study's policy; the defaults, unsaved, where nobody set one."""
    return ReviewPolicy.objects.filter(study=study).first() or ReviewPolicy(study=study)


@transaction.atomic
def set_policy(*, study: Study, actor, **changes) -> ReviewPolicy:
    """Change how candidates are reviewed from now on. Decisions already made stand."""
    require(actor, study.panel, Capability.EDIT_STUDY)
    Study.objects.select_for_update().get(pk=study.pk)
    policy = policy_of(study)
    if "methods_off" in changes:
        changes["methods_off"] = _known_methods(study, changes["methods_off"])
    before = {name: getattr(policy, name) for name in changes}
    if policy.pk and before == changes:
        return policy
    for name, value in changes.items():
        setattr(policy, name, value)
    policy.save()
    record(
        stream=study.stream,
        action="review.policy_changed",
        actor=actor,
        detail={name: [before[name], changes[name]] for name in changes},
    )
    return policy


def methods_of(study: Study) -> list[str]:
    """Methods that have proposed candidates in this study."""
    rows = Candidate.objects.filter(study=study).exclude(scan=None)
    return list(rows.order_by("method").values_list("method", flat=True).distinct())


def _known_methods(study: Study, chosen) -> list[str]:
    known = set(methods_of(study)) | set(policy_of(study).methods_off)
    if not set(chosen) <= known:
        raise InvalidInput(errors={"methods_off": [_("Unknown method.")]})
    return sorted(set(chosen))
