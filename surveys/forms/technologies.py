from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.models import Technology
from surveys.pasting import fold, read_lines
from surveys.services.technologies import problems_of

SHOWN_ERRORS = 50


class TechnologyForm(forms.ModelForm):
    class Meta:
        model = Technology
        fields = ["name", "description", "field"]

    def __init__(self, *args, study, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["field"].queryset = study.fields.all()
        self.fields["field"].empty_label = _("No field")


class TechnologyLinesForm(forms.Form):
    """Many technologies at once, pasted from a table or a text; `lines` becomes what was read of each line."""

    lines = forms.CharField(
        label=_("Technologies"),
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "One a line, copied from a spreadsheet or with | between the parts: the name in one language or "
            "both, then descriptions, then a field of the study. Numbers in front are left out. "
            "Nothing is added before you have seen what was read."
        ),
    )

    def __init__(self, *args, study, **kwargs):
        super().__init__(*args, **kwargs)
        self.study = study

    def clean_lines(self):
        fields = {
            fold(text): field
            for field in self.study.fields.all()
            for text in (field.key, *field.name.values())
        }
        lines = read_lines(self.cleaned_data["lines"], fields)
        readable = [line for line in lines if line.entry]
        problems = problems_of(self.study, [line.entry for line in readable])
        errors = [
            (line.number, _("A line has no name: %(line)s") % {"line": line.text[:60]})
            for line in lines
            if not line.entry
        ] + [(readable[position].number, problem) for position, problem in problems.items()]
        for number, problem in sorted(errors)[:SHOWN_ERRORS]:
            self.add_error("lines", f"{_('Line %(line)d') % {'line': number}}: {problem}")
        return [line.entry for line in readable]


class FieldForm(forms.Form):
    key = forms.SlugField(label=_("Key"), max_length=40)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120, required=False)

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("name_en") or cleaned.get("name_zh")):
            self.add_error("name_en", _("Enter the text in at least one language."))
        return cleaned

    def name(self) -> dict:
        return {"en": self.cleaned_data["name_en"], "zh-hans": self.cleaned_data["name_zh"]}
