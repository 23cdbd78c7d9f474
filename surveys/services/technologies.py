"""The technology list. Forms, imports, the review of candidates and experts' proposals all come through here."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.exceptions import InvalidInput
from foundation.localized import localized
from foundation.services.audit import record
from surveys.enums import Origin, TechnologyStatus
from surveys.models import Field, Study, Technology


@transaction.atomic
def add_technology(
    *,
    study: Study,
    actor,
    name,
    description=None,
    field: Field | None = None,
    origin: str = Origin.ORGANISER,
    source_code: str = "",
    key: str = "",
    capability: str = Capability.EDIT_STUDY,
) -> Technology:
    """Put one technology at the end of the list; its key stays the same in all exports."""
    require(actor, study.panel, capability)
    Study.objects.select_for_update().get(pk=study.pk)  # two people adding at once get two numbers
    name = localized(name)
    _refuse_same_name(study, name)
    last = study.technologies.aggregate(last=Max("position"))["last"] or 0
    technology = Technology(
        study=study,
        field=field,
        key=key or _next_key(study),
        name=name,
        description=localized(description),
        origin=origin,
        source_code=source_code,
        position=last + 1,
    )
    technology.full_clean()
    technology.save()
    record(
        stream=study.stream,
        action="technology.added",
        actor=actor,
        target=f"{technology.key} {technology.name}",
        detail={"origin": origin, "source": source_code, "name": dict(name)},
    )
    return technology


@transaction.atomic
def add_technologies(*, study: Study, actor, rows: list[tuple[dict, dict]]) -> list[Technology]:
    """Add many (name, description) pairs, or none: `errors` of the refusal says which lines are wrong."""
    added, errors = [], {}
    for line, (name, description) in enumerate(rows, 1):
        try:
            with transaction.atomic():
                added.append(add_technology(study=study, actor=actor, name=name, description=description))
        except InvalidInput as refusal:
            errors[_("Line %(line)d") % {"line": line}] = str(refusal.message)
        except ValidationError as refusal:
            errors[_("Line %(line)d") % {"line": line}] = " ".join(refusal.messages)
    if errors:
        raise InvalidInput(errors=errors)
    return added


@transaction.atomic
def edit_technology(*, technology: Technology, actor, **changes) -> Technology:
    """Change name, description or field. Both the old and the new text go into the audit trail."""
    study = technology.study
    require(actor, study.panel, Capability.EDIT_STUDY)
    Study.objects.select_for_update().get(pk=study.pk)
    technology.refresh_from_db()
    before = {field: _plain(getattr(technology, field)) for field in changes}
    for field, value in changes.items():
        setattr(technology, field, localized(value) if field in ("name", "description") else value)
    _refuse_same_name(study, technology.name, but=technology)
    technology.full_clean()
    technology.save(update_fields=[*changes, "updated_at"])
    record(
        stream=study.stream,
        action="technology.edited",
        actor=actor,
        target=f"{technology.key} {technology.name}",
        detail={"before": before, "after": {field: _plain(getattr(technology, field)) for field in changes}},
    )
    return technology


@transaction.atomic
def set_technology_status(*, technology: Technology, actor, status: str, reason: str = "") -> Technology:
    """Take a technology off the list, or put it back. Its answers stay."""
    study = technology.study
    require(actor, study.panel, Capability.EDIT_STUDY)
    Study.objects.select_for_update().get(pk=study.pk)
    technology.refresh_from_db(fields=["status", "name"])
    if technology.status == TechnologyStatus(status):
        return technology
    technology.status = TechnologyStatus(status)
    if technology.status == TechnologyStatus.ACTIVE:
        _refuse_same_name(study, technology.name, but=technology)
    technology.save(update_fields=["status", "updated_at"])
    record(
        stream=technology.study.stream,
        action=f"technology.{status}",
        actor=actor,
        target=f"{technology.key} {technology.name}",
        detail={"reason": reason},
    )
    return technology


@transaction.atomic
def move_technology(*, technology: Technology, actor, to: int) -> None:
    """Put a technology at place `to` (1 is first) of the active list."""
    require(actor, technology.study.panel, Capability.EDIT_STUDY)
    Study.objects.select_for_update().get(pk=technology.study_id)
    order = list(technology.study.technologies.exclude(pk=technology.pk).order_by("position", "pk"))
    order.insert(max(0, to - 1), technology)
    for position, entry in enumerate(order, 1):
        entry.position = position
    Technology.objects.bulk_update(order, ["position"], batch_size=500)
    record(
        stream=technology.study.stream,
        action="technology.moved",
        actor=actor,
        target=f"{technology.key} {technology.name}",
        detail={"to": order.index(technology) + 1},
    )


def _next_key(study: Study) -> str:
    numbers = [
        int(match[1])
        for key in study.technologies.values_list("key", flat=True)
        if (match := re.fullmatch(r"T(\d+)", key))
    ]
    return f"T{max(numbers, default=0) + 1:02d}"


def _refuse_same_name(study: Study, name, but: Technology | None = None) -> None:
    wanted = {text.casefold() for text in name.values() if text}
    others = study.technologies.filter(status=TechnologyStatus.ACTIVE).exclude(pk=but.pk if but else None)
    for key, other in others.values_list("key", "name"):
        if wanted & {text.casefold() for text in other.values()}:
            raise InvalidInput(
                _("%(key)s on the list already has this name.") % {"key": key},
                errors={"name": [_("Already on the list.")]},
            )


def _plain(value):
    return dict(value) if isinstance(value, dict) else str(value or "")
