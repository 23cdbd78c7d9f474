"""Form fields for text in two languages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.localized import LANGUAGES, Localized, localized

LANGUAGE_NAMES = {"en": _("English"), "zh-hans": _("Chinese")}


class LocalizedWidget(forms.MultiWidget):
    """One input per language, each marked with its own `lang`."""

    template_name = "django/forms/widgets/localized.html"

    def __init__(self, long: bool = False, attrs=None):
        widget = forms.Textarea if long else forms.TextInput
        super().__init__(
            {
                code.replace("-", "_"): widget(attrs={"lang": code, **({"rows": 3} if long else {})})
                for code in LANGUAGES
            },
            attrs,
        )

    def decompress(self, value):
        text = localized(value)
        return [text.get(code, "") for code in LANGUAGES]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for code, subwidget in zip(LANGUAGES, context["widget"]["subwidgets"], strict=True):
            subwidget["language_name"] = LANGUAGE_NAMES[code]
            subwidget["attrs"].pop("required", None)  # one language is enough
        return context


class LocalizedFormField(forms.MultiValueField):
    """A `Localized` from one text per language; at least one language when required."""

    def __init__(self, *, max_length: int = 2000, long: bool | None = None, required: bool = True, **kwargs):
        fields = [forms.CharField(max_length=max_length, required=False) for _code in LANGUAGES]
        kwargs.setdefault("widget", LocalizedWidget(long=max_length > 300 if long is None else long))
        super().__init__(fields, required=required, require_all_fields=False, **kwargs)

    def compress(self, data_list) -> Localized:
        return localized(dict(zip(LANGUAGES, data_list or ["", ""], strict=True)))
