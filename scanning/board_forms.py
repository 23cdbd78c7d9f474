"""Forms of the review's settings, the formula, the map and backtests. Services validate again."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.forms import LocalizedFormField
from scanning.formula_words import PART_LABELS
from scanning.models import ReviewPolicy
from scanning.services.backtests import DIPS_TOO, FACTOR, GROWTH, HORIZON, LEARNED, TOP
from scanning.services.ranking import MOST, PARTS, checked_formula
from scanning.textmining.ranking import Formula


class PolicyForm(forms.ModelForm):
    class Meta:
        model = ReviewPolicy
        fields = ("blind", "sign_off")
        help_texts = {
            "blind": _(
                "Accepting or rejecting is kept as one of two judgements. When both agree, that is the "
                "decision; when they differ, the candidate waits among the conflicts."
            ),
            "sign_off": _(
                "Two people who judged alike, blind, count as signed. So does what a person added alone."
            ),
        }


class FormulaForm(forms.Form):
    """Weights of the parts, 0 to 10. Numbers, so that the page works without a slider as well."""

    similarity_penalty = forms.FloatField(
        label=_("Keep similar names apart"),
        help_text=_("How far a candidate drops when one with a similar name stands above it."),
    )
    field_penalty = forms.FloatField(
        label=_("Mix fields"),
        help_text=_("How far a candidate drops when its field or topic fills the places above it."),
    )

    def __init__(self, *args, formula: Formula, **kwargs):
        initial = {name: formula.weights.get(name, 0) for name in PARTS}
        initial |= {
            "similarity_penalty": formula.similarity_penalty,
            "field_penalty": formula.field_penalty,
        }
        super().__init__(*args, initial=initial, **kwargs)
        for name in PARTS:
            label, meaning = PART_LABELS[name]
            self.fields[name] = forms.FloatField(label=label, help_text=meaning)
        self.order_fields([*PARTS, "similarity_penalty", "field_penalty"])
        for field in self.fields.values():
            field.min_value, field.max_value = 0, MOST
            field.widget = forms.NumberInput(attrs={"min": 0, "max": MOST, "step": "0.1"})

    def weights(self):
        return [self[name] for name in PARTS]

    def formula(self) -> Formula:
        values = self.cleaned_data
        return checked_formula(
            {name: values[name] for name in PARTS}, values["similarity_penalty"], values["field_penalty"]
        )


class TopicNameForm(forms.Form):
    name = LocalizedFormField(label=pgettext_lazy("technology", "Name"), max_length=200)


class BacktestForm(forms.Form):
    cut = forms.TypedChoiceField(
        label=_("Last year that is seen"),
        coerce=int,
        help_text=_(
            "The list is made from documents up to this year. Later ones are hidden until it stands."
        ),
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("en", _("English")), ("zh", _("Chinese"))])
    by = forms.ChoiceField(
        label=_("Flagged by"),
        choices=[
            (GROWTH, _("growth as observed")),
            (LEARNED, _("what earlier years taught")),
            (DIPS_TOO, _("what earlier years taught, terms in a dip too")),
        ],
        help_text=_(
            "What is learned comes from years before the last one seen; it takes longer. A term that recovers from"
            " a dip counts as grown: with them the task is easier."
        ),
    )
    horizon = forms.IntegerField(
        label=_("Years looked at afterwards"), min_value=1, max_value=10, initial=HORIZON
    )
    factor = forms.FloatField(
        label=_("Grew means at least times"),
        min_value=1.1,
        max_value=10,
        initial=FACTOR,
        help_text=_("Its share of all documents in those years, against its share in the last year seen."),
    )
    top = forms.IntegerField(label=_("How many are flagged"), min_value=1, max_value=500, initial=TOP)

    def __init__(self, *args, years: list[int], **kwargs):
        super().__init__(*args, **kwargs)
        choices = years[1:-1] or years
        self.fields["cut"].choices = [(year, str(year)) for year in reversed(choices)]
        self.fields["cut"].initial = choices[max(0, len(choices) - HORIZON)] if choices else None
