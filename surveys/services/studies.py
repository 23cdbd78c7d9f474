"""Studies: created from a template, edited before (and by amendment after) the protocol is locked."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import may_organise, refuse, require
from experts.services.panels import create_group, create_panel
from foundation.exceptions import InvalidInput
from foundation.localized import localized
from foundation.services.audit import record
from surveys.enums import CriterionKind, RoundStatus, StudyStatus
from surveys.exceptions import WrongState
from surveys.hooks import check_rule
from surveys.models import Choice, Criterion, Field, Question, Study
from surveys.question_types import kind_of
from surveys.services.consent import keep_version
from surveys.services.protocol import (
    LATER_POLICY_FIELDS,
    POLICY_FIELDS,
    protocol_change,
    refuse_if_answered,
    refuse_while_asked,
)
from surveys.study_templates import EXTRAS, TEMPLATES

# Who is asked what, and from where they are to look at it.
ASKING = {"routing", "per_member", "per_technology", "unfamiliar_rule", "unfamiliar_at", "perspective"}
FIXED_ONCE_ANSWERED = ("key", "type", "asked_per", "minimum", "maximum", "settings")
FIXED_WHILE_ASKED = ("role", "required", "allow_cannot_judge", "ask_reason", "show_feedback")
WORDING_ONLY = _(
    "A round is open. Until it closes only the wording of a question may change: its text, help, labels and unit."
)


def may_create(user) -> bool:
    """Administrators, owners and organisers start studies; so may a person who has no role yet."""
    return may_organise(user) or (user.is_active and not user.panel_roles.exists())


@transaction.atomic
def create_study(
    *, actor, template: str, title, language="en", simulated=False, extras=(), **details
) -> Study:
    """Create a study with the questions, criteria and policies of a template; its creator becomes the owner.

    `extras` are names of question sets that are put behind the template's questions.
    """
    if not may_create(actor):
        refuse(actor, "platform", "create_study")
    plan = TEMPLATES[template]
    title = localized(title)
    panel = create_panel(name=title, actor=actor)
    study = Study(
        title=title,
        panel=panel,
        template=template,
        language=language,
        simulated=simulated,
        created_by=actor,
        **(plan.texts | plan.policies | details),
    )
    study.full_clean()
    study.save()
    record(
        stream=study.stream, action="study.created", actor=actor, target=title, detail={"template": template}
    )
    for key, name in plan.groups:
        create_group(panel=panel, key=key, name=name, actor=actor, stream=study.stream)
    added = [spec for extra in extras for spec in EXTRAS[extra].questions]
    for position, spec in enumerate([*plan.questions, *added], 1):
        _create_question(study, position, **spec)
    questions = {question.key: question for question in study.questions.all()}
    for kind, (key, expression) in plan.criteria.items():
        check_rule(study=study, kind=kind, question=questions[key], expression=expression)
        Criterion.objects.create(study=study, kind=kind, question=questions[key], expression=expression)
    return study


def _create_question(study: Study, position: int, *, choices=(), **spec) -> Question:
    question = Question(study=study, position=position, **spec)
    question.full_clean()
    _refuse_unfit(question, len(choices))
    question.save()
    Choice.objects.bulk_create(
        [
            Choice(question=question, value=value, key=key, label=localized(label))
            for value, key, label in choices
        ]
    )
    return question


@transaction.atomic
def edit_study(*, study: Study, actor, reason: str = "", **changes) -> Study:
    """Change texts and policies. Policies are part of the protocol: after the lock they need a reason."""
    if not changes:
        require(actor, study.panel, Capability.EDIT_STUDY)
        return study
    with protocol_change(study=study, actor=actor, reason=reason or _no_reason_needed(study, changes)):
        if ASKING & {field for field in changes if changes[field] != getattr(study, field)}:
            refuse_while_asked(
                study,
                _(
                    "A round is open. Who is asked what, and from whose perspective, is changed between rounds."
                ),
            )
        before = {field: getattr(study, field) for field in changes}
        for field, value in changes.items():
            setattr(study, field, value)
        study.full_clean()
        study.save(update_fields=[*changes, "updated_at"])
        record(
            stream=study.stream,
            action="study.edited",
            actor=actor,
            detail={field: [before[field], changes[field]] for field in changes},
        )
        if study.is_locked and "consent" in changes:
            keep_version(study)
    return study


def _no_reason_needed(study: Study, changes: dict) -> str:
    """Texts outside the protocol (welcome, label) may change at any time."""
    in_protocol = {*POLICY_FIELDS, *LATER_POLICY_FIELDS, "title", "purpose"}
    return "" if in_protocol & set(changes) or not study.is_locked else "-"


def add_question(*, study: Study, actor, reason: str = "", choices=(), **spec) -> Question:
    """Add a question at the end."""
    with protocol_change(study=study, actor=actor, reason=reason):
        refuse_while_asked(study)
        position = (study.questions.order_by("-position").values_list("position", flat=True).first() or 0) + 1
        question = _create_question(study, position, choices=choices, **spec)
        record(stream=study.stream, action="question.added", actor=actor, target=question.key)
    return question


def add_question_set(*, study: Study, actor, extra: str, reason: str = "") -> list[Question]:
    """Add the questions of a set that the study does not ask yet, in one amendment."""
    with protocol_change(study=study, actor=actor, reason=reason):
        refuse_while_asked(study)
        asked = set(study.questions.exclude(role="").values_list("role", flat=True))
        keys = set(study.questions.values_list("key", flat=True))
        missing = [spec for spec in EXTRAS[extra].questions if spec["role"] not in asked]
        if taken := sorted(keys & {spec["key"] for spec in missing}):
            raise InvalidInput(_("Another question has the key “%(key)s”.") % {"key": taken[0]})
        last = study.questions.order_by("-position").values_list("position", flat=True).first() or 0
        added = [_create_question(study, last + place, **spec) for place, spec in enumerate(missing, 1)]
        for question in added:
            record(stream=study.stream, action="question.added", actor=actor, target=question.key)
    return added


def edit_question(*, question: Question, actor, reason: str = "", choices=None, **changes) -> Question:
    """Change a question: while it is asked its wording only. Once answered, its key, type, scale and options stay."""
    study = question.study
    with protocol_change(study=study, actor=actor, reason=reason):
        structural = [f for f in FIXED_ONCE_ANSWERED if f in changes and _differs(question, f, changes[f])]
        if structural or _values_change(question, choices):
            refuse_while_asked(study, WORDING_ONLY)
            refuse_if_answered(question)
        if any(_differs(question, f, changes[f]) for f in FIXED_WHILE_ASKED if f in changes):
            refuse_while_asked(study, WORDING_ONLY)
        for field, value in changes.items():
            setattr(question, field, value)
        question.full_clean()
        _refuse_unfit(question, question.choices.count() if choices is None else len(choices))
        question.save()
        if choices is not None:
            _replace_choices(question, choices)
        record(
            stream=study.stream,
            action="question.edited",
            actor=actor,
            target=question.key,
            detail={"fields": sorted(changes)},
        )
    return question


def _differs(question: Question, field: str, value) -> bool:
    """Whether answers would mean something else. The names of axes are wording, like the question's text."""
    if field != "settings":
        return value != getattr(question, field)
    wording = ("x", "y")
    old, new = ({k: v for k, v in each.items() if k not in wording} for each in (question.settings, value))
    return old != new


def _refuse_unfit(question: Question, options: int) -> None:
    """A question that its type could not ask: too few options, limits that exclude each other."""
    if problems := kind_of(question).problems(question, options):
        raise InvalidInput(errors={field: [str(problem)] for field, problem in problems.items()})


def _values_change(question: Question, choices) -> bool:
    return choices is not None and {value for value, _key, _label in choices} != set(
        question.choices.values_list("value", flat=True)
    )


def _replace_choices(question: Question, choices) -> None:
    kept = set()
    for value, key, label in choices:
        Choice.objects.update_or_create(
            question=question, value=value, defaults={"key": key, "label": localized(label)}
        )
        kept.add(value)
    question.choices.exclude(value__in=kept).delete()


def remove_question(*, question: Question, actor, reason: str = "") -> None:
    """Take a question out of the protocol. Refused once it has answers."""
    study = question.study
    with protocol_change(study=study, actor=actor, reason=reason):
        refuse_while_asked(study)
        refuse_if_answered(question)
        key = question.key
        question.criteria.all().delete()
        try:
            question.delete()
        except ProtectedError as error:  # nobody answered it, and that was computed
            raise InvalidInput(_("A round has asked this question. It stays in the protocol.")) from error
        record(stream=study.stream, action="question.removed", actor=actor, target=key)


def move_question(*, question: Question, actor, to: int, reason: str = "") -> None:
    """Put a question at place `to` (1 is first)."""
    study = question.study
    with protocol_change(study=study, actor=actor, reason=reason):
        refuse_while_asked(study)
        order = list(study.questions.exclude(pk=question.pk))
        order.insert(max(0, to - 1), question)
        for position, entry in enumerate(order, 1):
            entry.position = position
        Question.objects.bulk_update(order, ["position"])
        record(
            stream=study.stream,
            action="question.moved",
            actor=actor,
            target=question.key,
            detail={"to": order.index(question) + 1},
        )


def set_criterion(*, study: Study, actor, kind: str, question: Question, expression, reason="") -> Criterion:
    """Set the rule of one kind, once whoever evaluates it has found nothing wrong with it."""
    with protocol_change(study=study, actor=actor, reason=reason):
        check_rule(study=study, kind=kind, question=question, expression=expression)
        criterion, _created = Criterion.objects.update_or_create(
            study=study,
            kind=CriterionKind(kind),
            defaults={"question": question, "expression": expression},
        )
        record(
            stream=study.stream,
            action="criterion.set",
            actor=actor,
            target=kind,
            detail={"question": question.key, "rule": expression},
        )
    return criterion


def add_field(*, study: Study, actor, key: str, name, parent: Field | None = None) -> Field:
    """Add a subject field to the study's tree."""
    with protocol_change(study=study, actor=actor, reason="-"):
        field = Field(study=study, key=key, name=localized(name), parent=parent)
        field.position = study.fields.count() + 1
        field.full_clean()
        field.save()
        record(stream=study.stream, action="field.added", actor=actor, target=key)
    return field


FOLLOWING = {
    StudyStatus.DRAFT: (StudyStatus.ARCHIVED,),
    StudyStatus.ACTIVE: (StudyStatus.FINISHED,),
    StudyStatus.FINISHED: (StudyStatus.ACTIVE, StudyStatus.ARCHIVED),
    StudyStatus.ARCHIVED: (StudyStatus.ACTIVE,),
}


@transaction.atomic
def set_study_status(*, study: Study, actor, status: str) -> Study:
    """Finish, archive or take up again. Nothing is deleted; a study that never ran is in preparation again."""
    require(actor, study.panel, Capability.RUN_ROUNDS)
    Study.objects.select_for_update().get(pk=study.pk)
    study.refresh_from_db(fields=["status", "protocol_hash"])
    if status not in FOLLOWING[StudyStatus(study.status)]:
        raise WrongState
    if study.rounds.filter(status__in=(RoundStatus.OPEN, RoundStatus.CLOSED)).exists():
        raise WrongState(_("A round is open or being analysed. Close it and wait for its results first."))
    if status == StudyStatus.ACTIVE and not study.is_locked:
        status = StudyStatus.DRAFT
    study.status = StudyStatus(status)
    study.save(update_fields=["status", "updated_at"])
    record(stream=study.stream, action=f"study.{status}", actor=actor)
    return study
