"""The technology list. Forms, imports, the review of candidates and experts' proposals all come through here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field

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
        key=key or _key(_last_number(study) + 1),
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


@dataclass(frozen=True)
class Entry:
    """What is to be put on the list."""

    name: dict
    description: dict = dataclass_field(default_factory=dict)
    field: Field | None = None

    @property
    def chinese(self) -> str:
        return self.name.get("zh-hans", "")


def problems_of(study: Study, entries: Sequence[Entry]) -> dict[int, str]:
    """Why entries cannot be added, by their position from 0: names that are taken, texts that are too long."""
    taken = {}
    rows = study.technologies.filter(status=TechnologyStatus.ACTIVE).values_list("key", "name")
    for key, name in rows:
        taken |= dict.fromkeys(_folded(name), _("%(key)s on the list already has this name.") % {"key": key})
    problems = {}
    for position, entry in enumerate(entries):
        names = _folded(entry.name)
        problem = next((taken[name] for name in names if name in taken), "") or _unfit(study, entry)
        if problem:
            problems[position] = str(problem)
        taken |= {name: taken.get(name, _("The name is there twice.")) for name in names}
    return problems


def _unfit(study: Study, entry: Entry) -> str:
    try:
        _technology(study, entry).clean_fields(exclude=["study", "field", "key"])
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""


def _technology(study: Study, entry: Entry, **more) -> Technology:
    return Technology(
        study=study,
        name=localized(entry.name),
        description=localized(entry.description),
        field=entry.field,
        **more,
    )


@transaction.atomic
def add_technologies(*, study: Study, actor, entries: Sequence[Entry]) -> list[Technology]:
    """Put many at the end of the list with as many queries as few, or none: `errors` says which are wrong."""
    require(actor, study.panel, Capability.EDIT_STUDY)
    Study.objects.select_for_update().get(pk=study.pk)
    if problems := problems_of(study, entries):
        raise InvalidInput(errors=problems)
    number = _last_number(study)
    last = study.technologies.aggregate(last=Max("position"))["last"] or 0
    added = Technology.objects.bulk_create(
        [
            _technology(study, entry, key=_key(number + n), position=last + n)
            for n, entry in enumerate(entries, 1)
        ],
        batch_size=500,
    )
    if added:
        record(
            stream=study.stream,
            action="study.technologies_added",
            actor=actor,
            target=study.code,
            detail={
                "count": len(added),
                "origin": Origin.ORGANISER,
                "technologies": {each.key: dict(each.name) for each in added},
            },
        )
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


def _last_number(study: Study) -> int:
    numbers = [
        int(match[1])
        for key in study.technologies.values_list("key", flat=True)
        if (match := re.fullmatch(r"T(\d+)", key))
    ]
    return max(numbers, default=0)


def _key(number: int) -> str:
    return f"T{number:02d}"


def _refuse_same_name(study: Study, name, but: Technology | None = None) -> None:
    wanted = _folded(name)
    others = study.technologies.filter(status=TechnologyStatus.ACTIVE).exclude(pk=but.pk if but else None)
    for key, other in others.values_list("key", "name"):
        if wanted & _folded(other):
            raise InvalidInput(
                _("%(key)s on the list already has this name.") % {"key": key},
                errors={"name": [_("Already on the list.")]},
            )


def _folded(name) -> set[str]:
    return {text.casefold() for text in name.values() if text}


def _plain(value):
    return dict(value) if isinstance(value, dict) else str(value or "")
