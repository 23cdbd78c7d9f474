"""Home, new study, the study's overview."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from experts.permissions import may_organise
from foundation.localized import localized
from foundation.models import Job
from surveys.access import study_for
from surveys.forms.studies import NewStudyForm
from surveys.selectors.studies import next_steps, studies_of, waiting_reasons, with_response
from surveys.services.studies import create_study
from surveys.study_templates import TEMPLATES


def home(request):
    """The list of studies; for visitors, what this place is."""
    if not request.user.is_authenticated:
        return render(request, "surveys/landing.html")
    studies = list(studies_of(request.user))
    return render(request, "surveys/home.html", {"studies": studies, "may_create": may_create(request.user)})


def may_create(user) -> bool:
    """Administrators, owners and organisers start studies; so may a person who has none yet."""
    return user.is_staff or may_organise(user) or not user.panel_roles.exists()


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
    return render(request, "surveys/new_study.html", {"form": form, "plans": plans})


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
            "jobs": Job.objects.filter(stream=study.stream)[:6],
            "groups": study.panel.groups.all(),
        },
    )
