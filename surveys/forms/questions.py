from types import SimpleNamespace

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from foundation.forms import LocalizedFormField
from foundation.localized import localized
from surveys.enums import QuestionType
from surveys.forms.studies import AmendmentMixin
from surveys.models import Question
from surveys.question_types import KINDS

READY_SCALES = {
    "": _("As entered below"),
    "1,5": _("1 to 5"),
    "1,7": _("1 to 7"),
    "1,9": _("1 to 9"),
    "0,10": _("0 to 10"),
    "-2,2": _("-2 to 2"),
}
# Which fields each type reads; the page shows only these, and without scripts all of them.
RANGED = (QuestionType.SCALE, QuestionType.PLANE)
BOUNDED = (
    *RANGED,
    QuestionType.NUMBER,
    QuestionType.PERCENT,
    QuestionType.ESTIMATE,
    QuestionType.YEAR,
    QuestionType.CERTAINTY,
)
OPTIONED = (
    QuestionType.SCALE,
    QuestionType.CHOICE,
    QuestionType.MULTIPLE,
    QuestionType.RANKING,
    QuestionType.ALLOCATION,
    QuestionType.PAIRWISE,
)
AXIS_FIELDS = ("x_label", "x_low", "x_high", "y_label", "y_low", "y_high")
FIELDS_OF_TYPES: dict[str, tuple[str, ...]] = {
    "ready_scale": RANGED,
    "minimum": BOUNDED,
    "maximum": BOUNDED,
    "low_label": (QuestionType.SCALE,),
    "high_label": (QuestionType.SCALE,),
    "unit": (QuestionType.NUMBER, QuestionType.ESTIMATE),
    "options": OPTIONED,
    "least": (QuestionType.MULTIPLE,),
    "most": (QuestionType.MULTIPLE,),
    "other": (QuestionType.MULTIPLE,),
    "top": (QuestionType.RANKING,),
    "total": (QuestionType.ALLOCATION,),
    "no_ties": (QuestionType.PAIRWISE,),
} | dict.fromkeys(AXIS_FIELDS, (QuestionType.PLANE,))
SETTINGS = ("least", "most", "other", "top", "total", "no_ties")

OPTION_HELP = _("One option a line: value | English | Chinese. Example: 1 | Funding | 资金投入")


class QuestionForm(AmendmentMixin, forms.ModelForm):
    """One question, with its options as lines."""

    options = forms.CharField(
        label=_("Options or scale labels"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=OPTION_HELP,
    )

    ready_scale = forms.ChoiceField(
        label=_("Scale"),
        required=False,
        choices=READY_SCALES.items(),
        help_text=_("A ready scale, or your own lowest and highest value."),
    )
    least = forms.IntegerField(label=_("Choose at least"), required=False, min_value=1, max_value=40)
    most = forms.IntegerField(
        label=_("Choose at most"), required=False, min_value=1, max_value=41, help_text=_("Empty: all.")
    )
    other = forms.BooleanField(label=_("“Other” with a text of one's own"), required=False)
    top = forms.IntegerField(
        label=_("How many to rank"),
        required=False,
        min_value=1,
        max_value=40,
        help_text=_("Empty: all options. 3 asks for the first three only."),
    )
    total = forms.IntegerField(
        label=_("Points to share out"),
        required=False,
        min_value=2,
        max_value=10_000,
        help_text=_("Empty: 100."),
    )
    no_ties = forms.BooleanField(label=_("“equal” is not offered"), required=False)
    x_label = LocalizedFormField(label=_("Name of the horizontal axis"), required=False, max_length=80)
    x_low = LocalizedFormField(label=_("Its low end"), required=False, max_length=80)
    x_high = LocalizedFormField(label=_("Its high end"), required=False, max_length=80)
    y_label = LocalizedFormField(label=_("Name of the vertical axis"), required=False, max_length=80)
    y_low = LocalizedFormField(label=_("Its low end"), required=False, max_length=80)
    y_high = LocalizedFormField(label=_("Its high end"), required=False, max_length=80)

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
        self.order_fields(ORDER)
        self.settle_reason(study)
        self.initial["options"] = option_lines(self.instance) if self.instance.pk else ""
        self.initial |= initial_settings(self.instance.settings)
        if not self.instance.pk:
            self.initial |= {"type": QuestionType.SCALE, "minimum": 1, "maximum": 5}
        for end in ("minimum", "maximum"):
            self.initial[end] = plain_number(self.initial.get(end))
        for name, types in FIELDS_OF_TYPES.items():
            self.fields[name].widget.attrs["data-types"] = " ".join(types)

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
        self._take_ready_scale(cleaned)
        cleaned["settings"] = settings_of(cleaned)
        if cleaned.get("type"):
            self._refuse_unfit(cleaned, len(options))
        return cleaned

    def _take_ready_scale(self, cleaned) -> None:
        if cleaned.get("type") in RANGED and cleaned.get("ready_scale"):
            low, high = cleaned["ready_scale"].split(",")
            cleaned |= {"minimum": float(low), "maximum": float(high)}

    def _refuse_unfit(self, cleaned, options: int) -> None:
        """What the type itself would refuse, beside the field that is to blame."""
        asked = SimpleNamespace(**cleaned)
        for field, problem in KINDS[cleaned["type"]].problems(asked, options).items():
            if field not in self.errors:
                self.add_error(field, problem)

    def previewed(self) -> Question:
        """The question as entered, unsaved, with its options as if they had been read."""
        shown = Question(pk=0, study=self.study, **self.spec())
        shown._prefetched_objects_cache = {
            "choices": [
                SimpleNamespace(value=value, key=key, label=localized(label))
                for value, key, label in self.cleaned_data["options"]
            ]
        }
        return shown

    def validate_unique(self):
        key = self.cleaned_data.get("key")
        if self.study.questions.filter(key=key).exclude(pk=self.instance.pk).exists():
            self.add_error("key", _("Another question of the study has this key."))

    def spec(self) -> dict:
        """Keyword arguments for the services."""
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "settings")}


ORDER = [
    "text",
    "help",
    "key",
    "type",
    "ready_scale",
    "minimum",
    "maximum",
    "low_label",
    "high_label",
    "unit",
    *AXIS_FIELDS,
    "options",
    *SETTINGS,
    "asked_per",
    "role",
    "required",
    "allow_cannot_judge",
    "ask_reason",
    "show_feedback",
    "reason",
]


def settings_of(cleaned: dict) -> dict:
    """What the chosen type reads of the form; nothing of the other types'."""
    kind = KINDS.get(cleaned.get("type", ""))
    wanted = kind.settings if kind else ()
    found = {name: cleaned[name] for name in SETTINGS if name in wanted and cleaned.get(name)}
    for axis in ("x", "y"):
        if axis in wanted:
            found[axis] = {
                end: dict(text) for end in ("label", "low", "high") if (text := cleaned.get(f"{axis}_{end}"))
            }
    return found


def plain_number(number: float | None) -> float | int | None:
    """7 instead of 7.0: what a person would have typed."""
    return int(number) if number is not None and number == int(number) else number


def initial_settings(stored: dict) -> dict:
    found = {name: stored[name] for name in SETTINGS if name in stored}
    for axis in ("x", "y"):
        found |= {f"{axis}_{end}": localized(text) for end, text in stored.get(axis, {}).items()}
    return found


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
