from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from surveys.enums import RoundStatus
from surveys.models import Round
from surveys.services.rounds import VOICE


class RoundForm(forms.ModelForm):
    """A planned round, or the closing time and message of an open one."""

    class Meta:
        model = Round
        fields = ["opens_at", "closes_at", "scope", "shows_feedback", *VOICE, "message"]
        widgets = {
            name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            for name in ("opens_at", "closes_at")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        zone = {"zone": timezone.get_current_timezone_name()}
        self.fields["opens_at"].help_text = _("Leave empty to open it by hand. Time zone: %(zone)s.") % zone
        self.fields["closes_at"].help_text = _("Leave empty to close it by hand. Time zone: %(zone)s.") % zone
        if self.instance.status == RoundStatus.OPEN:
            for name in ("opens_at", "scope", "shows_feedback", *VOICE):
                del self.fields[name]
        elif (self.instance.number or 1) == 1:
            for name in ("scope", "shows_feedback", "allows_discussion"):
                del self.fields[name]

    def clean_opens_at(self):
        opens = self.cleaned_data["opens_at"]
        if opens and "opens_at" in self.changed_data and opens <= timezone.now():
            raise forms.ValidationError(
                _("The opening time has passed. Leave it empty to open the round by hand.")
            )
        return opens

    def clean_closes_at(self):
        closes = self.cleaned_data["closes_at"]
        if closes and closes <= timezone.now():
            raise forms.ValidationError(_("The closing time has passed."))
        return closes

    def clean(self):
        cleaned = super().clean()
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The round must close after it opens."))
        return cleaned
