from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consensus.counting.expert_weights import CUSTOM, WeightTable, preset_table
from consensus.enums import TABULAR, ExportFormat, ExportKind
from experts.models import LANGUAGE_CHOICES
from surveys.forms.studies import AmendmentMixin
from surveys.validators import EXPERT_WEIGHTS, HIGHEST, check_weights


class ExportForm(forms.Form):
    """Content that comes as tables; a report has a form of its own."""

    kind = forms.ChoiceField(
        label=_("Content"), choices=[pair for pair in ExportKind.choices if pair[0] != ExportKind.REPORT]
    )
    format = forms.ChoiceField(label=_("Format"), choices=[(each.value, each.label) for each in TABULAR])
    language = forms.ChoiceField(label=_("Language of names and labels"), choices=LANGUAGE_CHOICES)


class ReportForm(forms.Form):
    language = forms.ChoiceField(label=_("Language of the report"), choices=LANGUAGE_CHOICES)

    @property
    def wanted(self) -> dict[str, str]:
        return {
            "kind": ExportKind.REPORT,
            "format": ExportFormat.DOCX,
            "language": self.cleaned_data["language"],
        }


class WeightsForm(AmendmentMixin):
    """A named table, or the study's own, one row a part."""

    preset = forms.ChoiceField(label=_("Table"), widget=forms.RadioSelect)
    practice = forms.CharField(label=_("Practice: large, medium, small influence"), required=False)
    theory = forms.CharField(label=_("Theory: large, medium, small influence"), required=False)
    peers = forms.CharField(label=_("Peers and literature: large, medium, small influence"), required=False)
    intuition = forms.CharField(label=_("Intuition: large, medium, small influence"), required=False)
    familiarity = forms.CharField(label=_("Familiarity: five levels, from high to low"), required=False)
    importance = forms.CharField(
        label=_("Importance index: four grades, from high to low"),
        required=False,
        help_text=_("For questions with four grades. Others are weighted evenly from 100 to 0."),
    )

    def __init__(self, *args, study, table: WeightTable, **kwargs):
        shown = {name: write_weights(part) for name, part in table.as_dict().items() if name != "preset"}
        super().__init__(*args, initial={"preset": table.preset} | shown, **kwargs)
        self.fields["preset"].choices = [
            ("common", _("The usual table: .5/.4/.3, .3/.2/.1, .1/.1/.1, .1/.1/.1; familiarity 1 to .2")),
            ("familiarity_nine_to_one", _("The same, familiarity .9 to .1")),
            (CUSTOM, _("Our own, as written below")),
        ]
        self.order_fields(["preset", *EXPERT_WEIGHTS, "reason"])
        self.settle_reason(study)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("preset") != CUSTOM:
            return cleaned
        for part, size in EXPERT_WEIGHTS.items():
            try:
                cleaned[part] = read_weights(cleaned.get(part, ""))
                check_weights(cleaned[part], size, HIGHEST.get(part, 1.0))
            except forms.ValidationError as error:
                self.add_error(part, error)
        return cleaned

    def table(self) -> WeightTable:
        chosen = self.cleaned_data["preset"]
        if chosen != CUSTOM:
            return preset_table(chosen)
        return WeightTable(CUSTOM, **{part: tuple(self.cleaned_data[part]) for part in EXPERT_WEIGHTS})


def write_weights(weights: list[float]) -> str:
    return " / ".join(f"{weight:g}" for weight in weights)


def read_weights(text: str) -> list[float]:
    """Numbers with anything usual between them; a full-width comma or slash is one."""
    for mark in "/／,，、;；":
        text = text.replace(mark, " ")
    try:
        return [float(part) for part in text.split()]
    except ValueError as error:
        raise forms.ValidationError(_("Write numbers, separated by “/”.")) from error
