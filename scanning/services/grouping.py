"""Writing groups that people named to the study's fields. One job: seven hundred technologies take a while."""

import re

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.exceptions import InvalidInput, Refusal
from foundation.models import Job
from foundation.services import jobs
from foundation.services.audit import record
from foundation.services.jobs import Progress, job_kind
from scanning.models import Candidate
from scanning.services.review import edit
from surveys.models import Field, Study
from surveys.services.studies import add_field
from surveys.services.technologies import edit_technology

WRITE_GROUPS = "scanning.write_groups"


def start_writing(*, study: Study, actor, of: str, groups: list[tuple[str, list[str]]]) -> Job:
    """`groups` are (name, codes of technologies or candidates); each becomes a field of the study."""
    require(actor, study.panel, Capability.EDIT_STUDY)
    cleaned = [(" ".join(name.split())[:120], codes) for name, codes in groups]
    names = [name.casefold() for name, _codes in cleaned]
    if not cleaned or not all(names):
        raise InvalidInput(errors={"groups": [_("Tick at least one group and give each a name.")]})
    if len(set(names)) < len(names):
        raise InvalidInput(errors={"groups": [_("Two groups have the same name.")]})
    with transaction.atomic():
        record(
            stream=study.stream,
            action="groups.written",
            actor=actor,
            detail={"of": of, "groups": {name: len(codes) for name, codes in cleaned}},
        )
        return jobs.request_job(
            kind=WRITE_GROUPS,
            params={"study": study.pk, "actor": actor.pk, "of": of, "groups": cleaned},
            stream=study.stream,
            dedupe_key=f"groups:{study.code}",
            actor=actor,
            total=sum(len(codes) for _name, codes in cleaned),
        )


@job_kind(WRITE_GROUPS, _("Write groups to fields"))
def run_writing(progress: Progress) -> dict:
    """Run twice it changes nothing more: fields are found by name, what is in its field already is skipped."""
    params = progress.params
    study = Study.objects.select_related("panel").get(pk=params["study"])
    actor = get_user_model().objects.get(pk=params["actor"])
    done, refused = 0, []
    for name, codes in params["groups"]:
        field = field_named(study, actor, name)
        for code in codes:
            try:
                _WRITERS[params["of"]](study, actor, code, field)
            except Refusal as refusal:
                refused.append(f"{code}: {refusal.message}")
            done += 1
            progress.update(done)
    return {"written": done - len(refused), "refused": refused[:50]}


def field_named(study: Study, actor, name: str) -> Field:
    known = {text.casefold(): field for field in study.fields.all() for text in field.name.values() if text}
    if name.casefold() in known:
        return known[name.casefold()]
    language = "zh-hans" if re.search(r"[\u3400-\u9fff]", name) else "en"
    return add_field(study=study, actor=actor, key=_free_key(study), name={language: name})


def _free_key(study: Study) -> str:
    taken = set(study.fields.values_list("key", flat=True))
    return next(key for n in range(1, len(taken) + 2) if (key := f"g{n:02d}") not in taken)


def _write_technology(study: Study, actor, code: str, field: Field) -> None:
    technology = study.technologies.filter(code=code).first()
    if technology is not None and technology.field_id != field.pk:
        edit_technology(technology=technology, actor=actor, field=field)


def _write_candidate(study: Study, actor, code: str, field: Field) -> None:
    candidate = Candidate.objects.visible().filter(study=study, code=code).first()
    if candidate is not None and candidate.field_id != field.pk:
        edit(
            candidate=candidate,
            actor=actor,
            name=candidate.name,
            description=candidate.description,
            field=field,
        )


_WRITERS = {"list": _write_technology, "candidates": _write_candidate}
