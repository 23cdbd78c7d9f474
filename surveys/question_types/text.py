import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from surveys.question_types.base import QuestionKind, Value

LONGEST = 4000


def clean_text(raw: str, longest: int = LONGEST) -> str:
    """Text as typed, without control characters that no keyboard makes; at most `longest` characters."""
    if not isinstance(raw, str):  # a nested value may be deeper than Python can print
        raise ValidationError(_("This value cannot be read."), code="malformed")
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
    if len(text) > longest:
        raise ValidationError(
            _("At most %(limit)d characters; this has %(length)d."),
            code="too_long",
            params={"limit": longest, "length": len(text)},
        )
    return text


class FreeText(QuestionKind):
    parts = ("text",)
    is_ordered = False
    template = "surveys/questions/text.html"

    def value(self, question, given):
        return Value(text=clean_text(given["text"]))
