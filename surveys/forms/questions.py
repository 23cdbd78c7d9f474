from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from surveys.enums import CriterionKind, QuestionType
from surveys.forms.studies import AmendmentMixin
from surveys.models import Question
from surveys.study_templates import rules

OPTION_HELP = _("One option a line: value | English | Chinese. Example: 1 | Funding | 资金投入")


class QuestionForm(AmendmentMixin, forms.ModelForm):
    """One question, with its options as lines."""

    options = forms.CharField(
        label=_("Options or scale labels"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=OPTION_HELP,
    )

    class Meta:
        model = Question
        fields = [
            "text",
            "help",
            "key",
            "type",
            "role",
            "asked_per",
            "minimum",
            "maximum",
            "low_label",
            "high_label",
            "unit",
            "required",
            "allow_cannot_judge",
            "ask_reason",
            "show_feedback",
        ]

    def __init__(self, *args, study, **kwargs):
        super().__init__(*args, **kwargs)
        self.study = study
        self.instance.study = study
        self.order_fields([*self.Meta.fields, "options", "reason"])
        self.settle_reason(study)
        self.initial["options"] = option_lines(self.instance) if self.instance.pk else ""

    def clean_options(self):
        return [
            _option(number, line)
            for number, line in enumerate(self.cleaned_data["options"].splitlines(), 1)
            if line.strip()
        ]

    def clean(self):
        cleaned = super().clean()
        options = cleaned.get("options") or []
        if len({value for value, _key, _label in options}) != len(options):
            self.add_error("options", _("Each value may occur once."))
        if cleaned.get("type") == QuestionType.CHOICE and len(options) < 2 and "options" not in self.errors:
            self.add_error("options", _("A choice needs at least two options."))
        return cleaned

    def validate_unique(self):
        key = self.cleaned_data.get("key")
        if self.study.questions.filter(key=key).exclude(pk=self.instance.pk).exists():
            self.add_error("key", _("Another question of the study has this key."))

    def spec(self) -> dict:
        """Keyword arguments for the services."""
        skipped = ("reason", "options")
        return {name: value for name, value in self.cleaned_data.items() if name not in skipped}


def _option(number: int, line: str) -> tuple[int, str, dict]:
    parts = [part.strip() for part in line.replace("｜", "|").split("|")]
    try:
        value = int(parts[0])
    except ValueError as error:
        raise ValidationError(
            _("Line %(line)d: begin with a whole number, then “|”."), params={"line": number}
        ) from error
    label = {"en": parts[1] if len(parts) > 1 else "", "zh-hans": parts[2] if len(parts) > 2 else ""}
    if not any(label.values()):
        raise ValidationError(_("Line %(line)d: the label is missing."), params={"line": number})
    return value, slugify(label["en"])[:40], {code: text for code, text in label.items() if text}


def option_lines(question: Question) -> str:
    return "\n".join(
        " | ".join([str(choice.value), choice.label.get("en", ""), choice.label.get("zh-hans", "")])
        for choice in question.choices.all()
    )


class CriterionForm(AmendmentMixin):
    """The usual rules without writing an expression: a share in a band, or net change for stability."""

    question = forms.ModelChoiceField(label=_("Question"), queryset=Question.objects.none(), empty_label=None)
    low = forms.FloatField(label=_("Band from"), required=False)
    high = forms.FloatField(label=_("Band to"), required=False)
    threshold = forms.FloatField(label=_("Threshold in percent"), min_value=1, max_value=100, initial=75)

    def __init__(self, *args, study, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["question"].queryset = study.questions.filter(
            type__in=[QuestionType.SCALE, QuestionType.PERCENT, QuestionType.NUMBER, QuestionType.ESTIMATE]
        )
        if kind == CriterionKind.STABILITY:
            del self.fields["low"], self.fields["high"]
            self.fields["threshold"].initial = 15
            self.fields["threshold"].help_text = _(
                "Stable when fewer than this share of the answers moved on balance since the round before."
            )
        else:
            self.fields["low"].required = self.fields["high"].required = True
            self.fields["threshold"].help_text = _("At least this share of the answers lies in the band.")
        self.settle_reason(study)

    def clean(self):
        cleaned = super().clean()
        low, high = cleaned.get("low"), cleaned.get("high")
        if low is not None and high is not None and low > high:
            self.add_error("high", _("The band ends before it begins."))
        return cleaned

    def expression(self) -> dict:
        share = self.cleaned_data["threshold"] / 100
        if self.kind == CriterionKind.STABILITY:
            return rules.net_change_below(share)
        return rules.share_at_least(self.cleaned_data["low"], self.cleaned_data["high"], share)
