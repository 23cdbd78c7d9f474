from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from surveys.enums import RoundStatus
from surveys.models import Round


class RoundForm(forms.ModelForm):
    """A planned round, or the closing time and message of an open one."""

    class Meta:
        model = Round
        fields = ["opens_at", "closes_at", "scope", "shows_feedback", "message"]
        widgets = {
            name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            for name in ("opens_at", "closes_at")
        }
        help_texts = {
            "opens_at": _("Leave empty to open it by hand."),
            "closes_at": _("Leave empty to close it by hand."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.status == RoundStatus.OPEN:
            for name in ("opens_at", "scope", "shows_feedback"):
                del self.fields[name]
        elif (self.instance.number or 1) == 1:
            del self.fields["scope"], self.fields["shows_feedback"]

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
