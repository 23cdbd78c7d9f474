import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# C0 and C1 controls, line separators, and the marks that turn the direction of text around.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def single_line(value: str) -> None:
    """Names and the like: they stand in mail headers, tables and spreadsheets."""
    if UNPRINTABLE.search(value):
        raise ValidationError(
            _("Line breaks and control characters are not possible here."), code="unprintable"
        )
