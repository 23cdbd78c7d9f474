"""The technology list."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from experts.enums import Capability
from foundation.exceptions import InvalidInput
from surveys.access import study_for
from surveys.enums import RoundStatus, TechnologyStatus
from surveys.forms.technologies import FieldForm, TechnologyForm, TechnologyLinesForm
from surveys.services.studies import add_field
from surveys.services.technologies import (
    add_technologies,
    add_technology,
    edit_technology,
    move_technology,
    set_technology_status,
)

PAGE = 50


def technologies(request, code):
    study = study_for(request, code)
    rows = study.technologies.select_related("field")
    status, words, field = (request.GET.get(name, "") for name in ("status", "q", "field"))
    if status in TechnologyStatus.values:
        rows = rows.filter(status=status)
    if field:
        rows = rows.filter(field__code=field)
    found = [row for row in rows if not words or _mentions(row, words)]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "surveys/technologies.html",
        {
            "study": study,
            "section": "technologies",
            "page": page,
            "here": f"?{request.GET.urlencode()}" if request.GET else "",
            "filtered": bool(status or words or field),
            "n_active": study.technologies.filter(status=TechnologyStatus.ACTIVE).count(),
            "fields": study.fields.all(),
            "statuses": TechnologyStatus.choices,
            "asked": {"status": status, "q": words, "field": field},
        },
    )


def _mentions(technology, words: str) -> bool:
    texts = [technology.key, *technology.name.values(), *technology.description.values()]
    return words.casefold() in " ".join(texts).casefold()


def _list_address(request, study, at=None) -> str:
    """The list as it was when a row's form was opened: its filters and page stand in the form's own address."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return reverse("surveys:technologies", args=[study.code]) + query + (f"#{at.code}" if at else "")


def _form_page(request, study, form, title):
    return render(
        request,
        "surveys/edit.html",
        {
            "study": study,
            "section": "technologies",
            "form": form,
            "title": title,
            "back_url": _list_address(request, study),
        },
        status=400 if form.errors else 200,
    )


def new_technology(request, code):
    study = study_for(request, code, Capability.EDIT_STUDY)
    form = TechnologyForm(request.POST or None, study=study)
    form.instance.study = study
    if request.method == "POST" and form.is_valid():
        try:
            added = add_technology(study=study, actor=request.user, **form.cleaned_data)
        except InvalidInput as refusal:
            form.add_error("name", str(refusal.message))
        else:
            messages.success(request, _("%(key)s is on the list.") % {"key": added.key})
            return redirect("surveys:technologies", study.code)
    return _form_page(request, study, form, _("New technology"))


def many_technologies(request, code):
    """The first POST shows what was read of the lines, the second, with `add`, adds it."""
    study = study_for(request, code, Capability.EDIT_STUDY)
    form = TechnologyLinesForm(request.POST or None, study=study)
    entries = form.cleaned_data["lines"] if request.method == "POST" and form.is_valid() else []
    if entries and "add" in request.POST:
        try:
            added = add_technologies(study=study, actor=request.user, entries=entries)
        except InvalidInput as refusal:  # the list changed since the form looked at it
            form.add_error("lines", list(refusal.errors.values()))
        else:
            text = ngettext("%(n)d technology added.", "%(n)d technologies added.", len(added))
            messages.success(request, text % {"n": len(added)})
            return redirect("surveys:technologies", study.code)
    context = {
        "study": study,
        "section": "technologies",
        "form": form,
        "entries": [] if form.errors else entries,
        "with_fields": any(entry.field for entry in entries),
    }
    return render(request, "surveys/many_technologies.html", context, status=400 if form.errors else 200)


def technology(request, code, technology_code):
    study = study_for(request, code, Capability.EDIT_STUDY)
    edited = get_object_or_404(study.technologies, code=technology_code)
    form = TechnologyForm(request.POST or None, instance=edited, study=study)
    if request.method == "POST" and form.is_valid():
        fresh = study.technologies.get(pk=edited.pk)
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        try:
            edit_technology(technology=fresh, actor=request.user, **changed)
        except InvalidInput as refusal:
            form.add_error("name", str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect(_list_address(request, study, edited))
    return _form_page(request, study, form, edited.key)


@require_POST
def arrange_technology(request, code, technology_code):
    """Move, take off the list, or put back (which is also the undo)."""
    study = study_for(request, code, Capability.EDIT_STUDY)
    chosen = get_object_or_404(study.technologies, code=technology_code)
    do = request.POST.get("do", "")
    if do in TechnologyStatus.values:
        _set_status(request, chosen, do)
    elif do in ("up", "down"):
        place = list(study.technologies.values_list("pk", flat=True)).index(chosen.pk) + 1
        move_technology(technology=chosen, actor=request.user, to=place + (1 if do == "down" else -1))
    return redirect(_list_address(request, study, chosen))


def _set_status(request, chosen, status):
    try:
        set_technology_status(technology=chosen, actor=request.user, status=status)
    except InvalidInput as refusal:
        messages.error(request, str(refusal.message))
        return
    if status == TechnologyStatus.ACTIVE:
        messages.success(request, _("%(key)s is on the list.") % {"key": chosen.key})
    else:
        messages.success(request, taken_off(chosen))


def taken_off(technology) -> str:
    """What it means that this technology left the list."""
    text = _("%(key)s was taken off the list.")
    if technology.round_technologies.filter(round__status=RoundStatus.OPEN).exists():
        text = _("%(key)s was taken off the list. The open round still asks about it; later rounds do not.")
    return text % {"key": technology.key}


def fields(request, code):
    """The study's subject fields."""
    study = study_for(request, code, Capability.EDIT_STUDY)
    form = FieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"]
        if study.fields.filter(key=key).exists():
            form.add_error("key", _("Another field of the study has this key."))
        else:
            add_field(study=study, actor=request.user, key=key, name=form.name())
            messages.success(request, _("Saved."))
            return redirect("surveys:fields", study.code)
    return render(
        request,
        "surveys/fields.html",
        {"study": study, "section": "technologies", "form": form, "fields": study.fields.all()},
        status=400 if form.errors else 200,
    )
