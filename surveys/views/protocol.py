"""The protocol: policies, questions, criteria, and its versions."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from experts.enums import Capability
from experts.forms import told
from foundation.exceptions import InvalidInput
from foundation.localized import localized
from surveys.access import study_for
from surveys.enums import CriterionKind
from surveys.exceptions import ProtocolLocked
from surveys.forms.criteria import CriterionForm, first_values
from surveys.forms.questions import QuestionForm
from surveys.forms.studies import PoliciesForm, QuestionSetForm, TextsForm, changes_of
from surveys.hooks import rule_doubts, rule_in_words
from surveys.respond.sheet import Cell
from surveys.respond.widgets import widget
from surveys.services.studies import (
    add_question,
    add_question_set,
    edit_question,
    edit_study,
    move_question,
    remove_question,
    set_criterion,
)
from surveys.study_templates import EXTRAS


def protocol(request, code):
    study = study_for(request, code)
    criteria = {criterion.kind: criterion for criterion in study.criteria.select_related("question")}
    groups = {group.key: str(group) for group in study.panel.groups.all()}
    rules = [
        {
            "kind": kind,
            "label": CriterionKind(kind).label,
            "criterion": criteria.get(kind),
            "words": rule_in_words(criteria[kind].expression, groups) if kind in criteria else "",
        }
        for kind in CriterionKind.values
    ]
    return render(
        request,
        "surveys/protocol.html",
        {
            "study": study,
            "section": "protocol",
            "questions": study.questions.prefetch_related("choices"),
            "rules": rules,
            "versions": study.protocol_versions.select_related("locked_by"),
        },
    )


def _edit(
    request,
    study,
    form,
    save,
    *,
    title,
    back="surveys:protocol",
    template="surveys/edit.html",
    **more,
):
    """Show a form or save it through `save(form)`; a service's refusal comes back beside the form."""
    if request.method == "POST" and form.is_valid():
        try:
            save(form)
        except (InvalidInput, ProtocolLocked) as refusal:
            told(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(back, study.code)
    context = {"study": study, "section": "protocol", "form": form, "title": title, "back": back} | more
    return render(request, template, context, status=400 if form.errors else 200)


def edit_policies(request, code):
    study = study_for(request, code, Capability.EDIT_STUDY)
    form = PoliciesForm(request.POST or None, instance=study)

    def save(form):
        fresh = study_for(request, code, Capability.EDIT_STUDY)
        edit_study(
            study=fresh,
            actor=request.user,
            reason=form.cleaned_data.get("reason", ""),
            **changes_of(form),
        )

    return _edit(request, study, form, save, title=_("Policies"))


def edit_texts(request, code):
    study = study_for(request, code, Capability.EDIT_STUDY)
    form = TextsForm(request.POST or None, instance=study)

    def save(form):
        fresh = study_for(request, code, Capability.EDIT_STUDY)
        edit_study(study=fresh, actor=request.user, **changes_of(form))

    return _edit(request, study, form, save, title=_("Texts for experts"))


def new_question(request, code):
    study = study_for(request, code, Capability.EDIT_STUDY)
    form = QuestionForm(request.POST or None, study=study)

    def save(form):
        add_question(
            study=study,
            actor=request.user,
            reason=form.cleaned_data.get("reason", ""),
            choices=form.cleaned_data["options"],
            **form.spec(),
        )

    return _edit_question(request, study, form, save, title=_("New question"))


def question_set(request, code, extra):
    """Add the questions of a set that the study lacks, after saying which they are."""
    study = study_for(request, code, Capability.EDIT_STUDY)
    if extra not in EXTRAS:
        raise Http404
    form = QuestionSetForm(request.POST if request.method == "POST" else None, study=study)

    def save(form):
        add_question_set(
            study=study, actor=request.user, extra=extra, reason=form.cleaned_data.get("reason", "")
        )

    lead = "\n".join(str(localized(spec["text"])) for spec in EXTRAS[extra].questions)
    title = _("Add questions: %(set)s") % {"set": localized(EXTRAS[extra].name)}
    return _edit(request, study, form, save, title=title, lead=lead)


def question(request, code, question_code):
    study = study_for(request, code, Capability.EDIT_STUDY)
    edited = get_object_or_404(study.questions.prefetch_related("choices"), code=question_code)
    form = QuestionForm(request.POST or None, instance=edited, study=study)

    def save(form):
        fresh = study.questions.get(pk=edited.pk)
        edit_question(
            question=fresh,
            actor=request.user,
            reason=form.cleaned_data.get("reason", ""),
            choices=form.cleaned_data["options"],
            **form.spec(),
        )

    shown = study.questions.prefetch_related("choices").get(pk=edited.pk)
    return _edit_question(request, study, form, save, title=_("Edit question"), shown=shown)


def _edit_question(request, study, form, save, *, title, shown=None):
    """The form beside the question as experts will see it; "preview" draws what was entered and saves nothing."""
    template = "surveys/edit_question.html"
    if "preview" not in request.POST:
        preview = widget(Cell(shown, None)) if shown else None
        return _edit(request, study, form, save, title=title, template=template, preview=preview)
    preview = widget(Cell(form.previewed(), None)) if form.is_valid() else None
    context = {"study": study, "section": "protocol", "form": form, "title": title, "preview": preview}
    return render(request, template, context, status=400 if form.errors else 200)


@require_POST
def arrange_question(request, code, question_code):
    """Move a question up or down, or remove it."""
    study = study_for(request, code, Capability.EDIT_STUDY)
    chosen = get_object_or_404(study.questions, code=question_code)
    reason = request.POST.get("reason", "")
    place = list(study.questions.values_list("pk", flat=True)).index(chosen.pk) + 1
    to = {"up": max(1, place - 1), "down": place + 1}.get(request.POST.get("do"))
    try:
        if request.POST.get("do") == "remove":
            remove_question(question=chosen, actor=request.user, reason=reason)
            messages.success(request, _("The question was removed."))
        elif to:
            move_question(question=chosen, actor=request.user, to=to, reason=reason)
    except (InvalidInput, ProtocolLocked) as refusal:
        messages.error(request, str(refusal.message))
    return redirect("surveys:protocol", study.code)


def criterion(request, code, kind):
    study = study_for(request, code, Capability.EDIT_STUDY)
    kind = _known_kind(kind)
    form = CriterionForm(request.POST or None, study=study, kind=kind, initial=first_values(study, kind))

    def save(form):
        set_criterion(
            study=study,
            actor=request.user,
            kind=kind,
            question=form.cleaned_data["question"],
            expression=form.expression(),
            reason=form.cleaned_data.get("reason", ""),
        )
        for text in rule_doubts(study):
            messages.warning(request, text)

    return _edit(request, study, form, save, title=CriterionKind(kind).label)


def _known_kind(kind: str) -> str:
    if kind not in CriterionKind.values:
        raise Http404
    return kind


def version(request, code, number):
    """One version of the protocol as it was locked."""
    study = study_for(request, code)
    locked = get_object_or_404(study.protocol_versions.select_related("locked_by"), number=number)
    return render(
        request,
        "surveys/protocol_version.html",
        {"study": study, "section": "protocol", "version": locked, "texts": _locked_texts(locked)},
    )


def _locked_texts(version) -> list[tuple[str, str]]:
    """What experts were told, as this version holds it."""
    policies = version.snapshot["policies"]
    told = ((_("Whose perspective"), "perspective"), (_("Consent text"), "consent"))
    return [(label, str(localized(policies[name]))) for label, name in told if name in policies]
