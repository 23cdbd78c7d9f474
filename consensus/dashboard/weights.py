"""The study's weights of familiarity and of the basis of judgement: a named table, or one of its own."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from consensus.counting.expert_weights import weight_table
from consensus.dashboard.asked import read_asked
from consensus.forms import WeightsForm
from consensus.selectors.results import StudyResults
from experts.enums import Capability
from experts.forms import told
from foundation.exceptions import InvalidInput
from surveys.access import study_for
from surveys.exceptions import ProtocolLocked
from surveys.services.studies import edit_study


def weights(request, code):
    study = study_for(request, code, Capability.EDIT_STUDY)
    form = WeightsForm(request.POST or None, study=study, table=weight_table(study))
    if request.method == "POST" and form.is_valid():
        try:
            edit_study(
                study=study,
                actor=request.user,
                reason=form.cleaned_data.get("reason", ""),
                expert_weights=form.table().as_dict(),
            )
        except (InvalidInput, ProtocolLocked) as refusal:
            told(form, refusal)
        else:
            messages.success(request, _("Saved. Rounds keep the weights that they were computed with."))
            return redirect("results:indicators", study.code)
    results = StudyResults(study)
    context = {
        "study": study,
        "section": "results",
        "form": form,
        "results": results,
        "asked": read_asked(results, {}),
    }
    return render(request, "results/weights.html", context, status=400 if form.errors else 200)
