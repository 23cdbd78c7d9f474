"""Home, new study, the study's overview."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from experts.enums import Capability
from foundation.exceptions import NotAllowed
from foundation.localized import localized
from surveys.access import study_for
from surveys.enums import StudyStatus
from surveys.exceptions import WrongState
from surveys.forms.studies import NewStudyForm
from surveys.selectors.studies import jobs_of, next_steps, studies_of, waiting_reasons, with_response
from surveys.services.studies import FOLLOWING, create_study, may_create, set_study_status
from surveys.study_templates import EXTRAS, TEMPLATES

ASKED = {
    StudyStatus.FINISHED: gettext_lazy("Finish the study…"),
    StudyStatus.ARCHIVED: gettext_lazy("Archive the study…"),
    StudyStatus.ACTIVE: gettext_lazy("Take up the study again…"),
}


def home(request):
    """The list of studies; for visitors, what this place is."""
    if not request.user.is_authenticated:
        return render(request, "surveys/landing.html")
    studies = list(studies_of(request.user))
    return render(request, "surveys/home.html", {"studies": studies, "may_create": may_create(request.user)})


@login_required
def new_study(request):
    if not may_create(request.user):
        return redirect("home")
    form = NewStudyForm(
        request.POST or None,
        initial={"template": next(iter(TEMPLATES)), "language": request.LANGUAGE_CODE},
    )
    if request.method == "POST" and form.is_valid():
        study = create_study(actor=request.user, **form.cleaned_data)
        messages.success(request, _("The study was created. Its questions and rule come from the template."))
        return redirect("surveys:study", study.code)
    plans = [
        {"plan": plan, "name": localized(plan.name), "description": localized(plan.description)}
        for plan in TEMPLATES.values()
    ]
    extras = [
        {"key": extra.key, "name": localized(extra.name), "description": localized(extra.description)}
        for extra in EXTRAS.values()
        if extra.offered
    ]
    return render(request, "surveys/new_study.html", {"form": form, "plans": plans, "extras": extras})


def study(request, code):
    study = study_for(request, code)
    rounds = list(with_response(study.rounds.order_by("number")))
    steps = next_steps(study)
    return render(
        request,
        "surveys/study.html",
        {
            "study": study,
            "section": "overview",
            "rounds": rounds,
            "latest": rounds[-1] if rounds else None,
            "steps": steps,
            "todo": next((step for step in steps if not step.done), None),
            "waiting": waiting_reasons(study),
            "jobs": jobs_of(study)[:6],
            "following": [{"status": each, "label": ASKED[each]} for each in FOLLOWING[study.status]],
        },
    )


def status(request, code, status):
    """GET says what finishing, archiving or taking up again does; POST does it."""
    study = study_for(request, code, Capability.RUN_ROUNDS)
    if status not in FOLLOWING[study.status]:
        raise NotAllowed
    if request.method != "POST":
        context = {"study": study, "section": "overview", "status": status, "title": ASKED[status]}
        return render(request, "surveys/status.html", context)
    try:
        set_study_status(study=study, actor=request.user, status=status)
    except WrongState as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Saved."))
    return redirect("surveys:study", study.code)
