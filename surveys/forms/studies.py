from django import forms
from django.utils.translation import gettext_lazy as _

from experts.models import LANGUAGE_CHOICES
from foundation.forms import LocalizedFormField
from surveys.enums import Routing
from surveys.models import Study
from surveys.study_templates import EXTRAS, TEMPLATES


class NewStudyForm(forms.Form):
    template = forms.ChoiceField(label=_("Template"), widget=forms.RadioSelect)
    title = LocalizedFormField(
        label=_("Title"), max_length=200, help_text=_("In one language or both; experts see it first.")
    )
    extras = forms.MultipleChoiceField(
        label=_("Further questions"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=_("Main language"), choices=LANGUAGE_CHOICES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        from foundation.localized import localized

        self.fields["template"].choices = [
            (key, localized(plan.name).text()) for key, plan in TEMPLATES.items()
        ]
        self.fields["extras"].choices = [
            (key, localized(extra.name).text()) for key, extra in EXTRAS.items() if extra.offered
        ]


class AmendmentMixin(forms.Form):
    """Adds the reason that a change of a locked protocol needs."""

    reason = forms.CharField(
        label=_("Reason for the amendment"),
        required=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "The protocol is locked. The change is recorded with your name, and every report lists it."
        ),
    )

    def settle_reason(self, study):
        if not study.is_locked:
            del self.fields["reason"]


class QuestionSetForm(AmendmentMixin):
    """Nothing to fill in but the reason, once the protocol is locked."""

    def __init__(self, *args, study, **kwargs):
        super().__init__(*args, **kwargs)
        self.settle_reason(study)


class TextsForm(forms.ModelForm):
    """Texts that experts read and that are no part of the protocol."""

    class Meta:
        model = Study
        fields = ["welcome", "worked_example", "thanks", "item_label", "items_label", "language"]


class PoliciesForm(AmendmentMixin, forms.ModelForm):
    """The protocol's policies."""

    class Meta:
        model = Study
        fields = [
            "title",
            "purpose",
            "perspective",
            "consent",
            "anonymity",
            "minimum_group",
            "minimum_answers",
            "quantile_type",
            "routing",
            "per_member",
            "per_technology",
            "unfamiliar_rule",
            "unfamiliar_at",
            "feedback_median",
            "feedback_distribution",
            "feedback_groups",
            "feedback_reasons",
            "moderate_reasons",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields([*self.Meta.fields, "reason"])
        self.settle_reason(self.instance)

    def clean(self):
        cleaned = super().clean()
        sized = cleaned.get("per_member") or cleaned.get("per_technology")
        if cleaned.get("routing") == Routing.BLOCKS and not sized and not self.errors:
            self.add_error("per_member", _("Random blocks need a size: fill in this or the next number."))
        if cleaned.get("unfamiliar_rule") and cleaned.get("unfamiliar_at") is None:
            self.add_error("unfamiliar_at", _("Say up to which rating of familiarity the rule holds."))
        return cleaned


def changes_of(form) -> dict:
    """What a form changed, for a service's keyword arguments."""
    return {name: form.cleaned_data[name] for name in form.changed_data if name != "reason"}
