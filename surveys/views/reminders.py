"""Reminding those who have not submitted."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experts.enums import Capability
from experts.forms import SendForm
from experts.mail_preview import previews
from experts.services.invitations import remind as send_reminders
from surveys.access import study_for
from surveys.enums import RoundStatus
from surveys.selectors.response import incomplete_members, with_a_link


def remind(request, code, number):
    """GET says who would get a mail; POST sends it."""
    study = study_for(request, code, Capability.MANAGE_PANEL)
    round = get_object_or_404(study.rounds, number=number)
    round.study = study
    if round.status != RoundStatus.OPEN:
        messages.error(request, _("The round is not open."))
        return redirect("surveys:round", study.code, number)
    readers = with_a_link(round)
    waiting = list(readers.values_list("pk", flat=True))
    form = SendForm(request.POST or None)
    if request.method == "POST" and waiting and form.is_valid() and "preview" not in request.POST:
        return _send(request, study, round, waiting, form.cleaned_data["message"])
    context = {
        "study": study,
        "section": "rounds",
        "round": round,
        "form": form,
        "n_waiting": len(waiting),
        "previews": previews(
            panel=study.panel,
            template="reminder",
            readers=readers,
            message=form["message"].value() or "",
        ),
        "n_uninvited": incomplete_members(round).count() - len(waiting),
    }
    return render(request, "surveys/remind.html", context, status=400 if form.errors else 200)


def _send(request, study, round, member_ids, message):
    send_reminders(
        panel=study.panel,
        actor=request.user,
        member_ids=member_ids,
        message=message,
        key=f"round {round.code} {timezone.localdate().isoformat()}",
    )
    n = len(member_ids)
    text = ngettext("%(n)d reminder is on its way.", "%(n)d reminders are on their way.", n)
    messages.success(request, text % {"n": n})
    return redirect("surveys:round", study.code, round.number)
