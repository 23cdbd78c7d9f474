"""Text that exists in several languages while meaning one thing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LANGUAGES = ("en", "zh-hans")


class Localized(dict[str, str]):
    """A mapping of language code to text that prints itself in the active language.

    A missing language falls back to any language that has text, so that a reader never meets a blank.
    """

    def __str__(self) -> str:
        return self.text()

    def text(self, language: str | None = None) -> str:
        wanted = language or get_language() or LANGUAGES[0]
        if found := self.get(wanted):
            return found
        wanted = wanted.lower()
        for code in (wanted, wanted.split("-")[0], *LANGUAGES):
            if self.get(code):
                return self[code]
        return next((text for text in self.values() if text), "")

    def language(self, language: str | None = None) -> str:
        """The language that `text` returns, for the `lang` attribute of the element around it."""
        shown = self.text(language)
        return next((code for code, text in self.items() if text == shown), LANGUAGES[0])

    def __bool__(self) -> bool:
        return any(self.values())

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(sorted(self.items())))


def localized(value: Any) -> Localized:
    """Build a `Localized` from a mapping, a plain string (put under the active language) or None."""
    if value is None:
        return Localized()
    if isinstance(value, str):
        active = (get_language() or LANGUAGES[0]).lower()
        return Localized({active if active in LANGUAGES else LANGUAGES[0]: value.strip()})
    return Localized({code: str(text).strip() for code, text in value.items() if text})


class LocalizedField(models.JSONField):
    """JSON column that holds a `Localized`; filter one language with `name__en__icontains`."""

    description = _("Text in several languages")

    def __init__(self, *args: Any, max_length: int = 2000, **kwargs: Any):
        kwargs.setdefault("default", Localized)
        self.text_max_length = max_length
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs["max_length"] = self.text_max_length
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        return localized(super().from_db_value(value, expression, connection))

    def to_python(self, value):
        return localized(super().to_python(value))

    def get_prep_value(self, value):
        return super().get_prep_value(dict(value) if isinstance(value, dict) else value)

    def pre_save(self, model_instance, add):
        value = localized(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        for code, text in localized(value).items():
            if code not in LANGUAGES:
                raise ValidationError(_("Unknown language: %(code)s."), params={"code": code})
            if len(text) > self.text_max_length:
                raise ValidationError(
                    _("At most %(limit)d characters."), params={"limit": self.text_max_length}
                )
        if not self.blank and not localized(value):
            raise ValidationError(_("Enter the text in at least one language."), code="required")

    def formfield(self, **kwargs):
        from foundation.forms import LocalizedFormField

        return LocalizedFormField(
            required=not self.blank,
            label=kwargs.get("label", self.verbose_name and capfirst(self.verbose_name)),
            help_text=kwargs.get("help_text", self.help_text),
            max_length=self.text_max_length,
        )
