from django import forms
from django.utils.translation import gettext_lazy as _

from consensus.enums import ExportFormat, ExportKind
from experts.models import LANGUAGE_CHOICES


class ExportForm(forms.Form):
    kind = forms.ChoiceField(label=_("Content"), choices=ExportKind.choices)
    format = forms.ChoiceField(label=_("Format"), choices=ExportFormat.choices)
    language = forms.ChoiceField(label=_("Language of names and labels"), choices=LANGUAGE_CHOICES)
