from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from experts.enums import MemberStatus, Role
from experts.models import LANGUAGE_CHOICES, Expert, Panel, PanelGroup, User
from experts.selectors.members import STATES
from foundation.exceptions import Refusal
from foundation.forms import LocalizedFormField


def told(form: forms.Form, refusal: Refusal) -> None:
    """Put a service's refusal where the form shows it."""
    errors = dict(getattr(refusal, "errors", {}) or {})
    if not errors:
        form.add_error(None, str(refusal.message))
    for name, messages in errors.items():
        form.add_error(name if name in form.fields else None, [str(each) for each in messages])


class ExpertiseField(forms.CharField):
    """A list of words, typed with commas or semicolons between them."""

    def prepare_value(self, value):
        return "; ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        from experts.importing.rows import SEPARATOR

        text = super().to_python(value).replace("，", ";").replace(",", ";")
        return list(dict.fromkeys(part.strip() for part in SEPARATOR.split(text) if part.strip()))


class GroupForm(forms.Form):
    name = LocalizedFormField(
        label=pgettext_lazy("thing", "Name"), max_length=120, help_text=_("One language is enough.")
    )
    reason = forms.CharField(
        label=_("Reason for the amendment"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Groups are part of the protocol, which is locked. The change is recorded with your name."
        ),
    )

    def __init__(self, *args, locked: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not locked:
            del self.fields["reason"]


class MemberForm(forms.Form):
    group = forms.ModelChoiceField(PanelGroup.objects.none(), label=_("Group"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGE_CHOICES)

    def __init__(self, *args, panel: Panel, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = panel.groups.all()


class PersonForm(MemberForm):
    """Somebody new to the panel. Who is in the bank already keeps the entry that is there."""

    email = forms.EmailField(label=_("E-mail"))
    name = forms.CharField(label=_("Name"), max_length=150)
    organisation = forms.CharField(label=_("Organisation"), max_length=200, required=False)
    country = forms.CharField(label=_("Country"), max_length=80, required=False)

    field_order = ["email", "name", "organisation", "country", "group", "language"]


class MemberFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    group = forms.ModelChoiceField(
        PanelGroup.objects.none(),
        label=_("Group"),
        required=False,
        empty_label=_("All groups"),
        to_field_name="key",
    )
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any status")), *MemberStatus.choices]
    )
    state = forms.ChoiceField(
        label=_("Invitation"), required=False, choices=[("", _("Any invitation")), *STATES.items()]
    )

    def __init__(self, *args, panel: Panel, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = panel.groups.all()


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX, at most 5 MB and 20,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
    )


class SendForm(forms.Form):
    message = forms.CharField(
        label=_("Personal words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Stand in every mail, between the greeting and the link."),
    )


class RoleForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Somebody without an account gets one, and a mail to choose a password."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.ANALYST)


class ExpertForm(forms.ModelForm):
    expertise = ExpertiseField(
        label=_("Expertise"), required=False, help_text=_("Several with a semicolon between them.")
    )

    class Meta:
        model = Expert
        fields = ["name", "email", "organisation", "country", "expertise", "language", "notes"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}


class AccountForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"))
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGE_CHOICES)
    administrator = forms.BooleanField(
        label=_("Administrator"), required=False, help_text=_("May do everything, in every study.")
    )


class OwnAccountForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As the browser asks")), *LANGUAGE_CHOICES]
