"""Checks of values that several models or services share."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# How many weights each part of the table has: influences from large to small, levels from high to low.
EXPERT_WEIGHTS = {"practice": 3, "theory": 3, "peers": 3, "intuition": 3, "familiarity": 5, "importance": 4}
HIGHEST = {"importance": 100.0}
# Beside next to nothing one person's answer would count alone, and weighted figures would tell what it was.
LEAST_SHARE = 0.01


def validate_expert_weights(value: Any) -> None:
    """Nothing (the usual table), or a whole table of numbers that do not grow from the first to the last."""
    if value == {}:
        return
    if not isinstance(value, dict) or set(value) != {"preset", *EXPERT_WEIGHTS}:
        raise ValidationError(_("A table of weights has every part, or is left out as a whole."))
    for part, size in EXPERT_WEIGHTS.items():
        check_weights(value[part], size, HIGHEST.get(part, 1.0))


def check_weights(weights: Any, size: int, highest: float) -> None:
    numbers = [w for w in weights if isinstance(w, int | float)] if isinstance(weights, list) else []
    if len(numbers) != size or any(not 0 <= number <= highest for number in numbers):
        raise ValidationError(
            _("%(size)d numbers from 0 to %(highest)g are needed."), params={"size": size, "highest": highest}
        )
    if any(0 < number < LEAST_SHARE * max(numbers) for number in numbers):
        raise ValidationError(_("A weight is 0, or at least a hundredth of the largest."))
    if sorted(numbers, reverse=True) != numbers:
        raise ValidationError(_("Weights do not grow from the first to the last."))
