"""Asking for a round's results once more."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consensus.jobs import compute_again
from experts.enums import Capability
from surveys.access import study_for
from surveys.exceptions import WrongState


@require_POST
def again(request, code, number):
    study = study_for(request, code, Capability.RUN_ROUNDS)
    round = get_object_or_404(study.rounds.select_related("study__panel"), number=number)
    try:
        compute_again(round=round, actor=request.user)
    except WrongState as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The results are being computed again."))
    return redirect("surveys:round", study.code, number)
