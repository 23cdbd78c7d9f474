from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.models import Technology


class TechnologyForm(forms.ModelForm):
    class Meta:
        model = Technology
        fields = ["name", "description", "field"]

    def __init__(self, *args, study, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["field"].queryset = study.fields.all()
        self.fields["field"].empty_label = _("No field")


class TechnologyLinesForm(forms.Form):
    """Many technologies at once, pasted from a table or a text."""

    lines = forms.CharField(
        label=_("Technologies"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("One a line: English name | Chinese name | English description | Chinese description"),
    )

    def clean_lines(self):
        rows = []
        for line in self.cleaned_data["lines"].splitlines():
            if not line.strip():
                continue
            separator = "\t" if "\t" in line else "|"
            parts = [part.strip() for part in line.replace("｜", "|").split(separator)]
            en, zh, about_en, about_zh = (*parts, "", "", "", "")[:4]
            if not (en or zh):
                self.add_error("lines", _("A line has no name: %(line)s") % {"line": line[:60]})
            rows.append(({"en": en, "zh-hans": zh}, {"en": about_en, "zh-hans": about_zh}))
        return rows


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
