"""What every statistic returns: frozen results that never carry NaN to a caller.

A function that is given one item returns a result of plain values: ``float``, ``int``, ``str``, ``tuple`` or
``None``. A function that is given a table of items returns the same class with one array per field:

* numbers are ``numpy.ma.MaskedArray``; an undefined entry is masked (``.tolist()`` gives ``None`` there; the
  number under the mask is NaN, so that stripping the mask cannot turn "undefined" into a plausible figure);
* ``undefined_reason`` is an object array of ``None`` or a short code;
* ``result.item(i)`` is the plain result of item ``i``; ``len(result)`` is the number of items;
* a two-dimensional field (all tied modes, several quantiles) becomes a tuple of its unmasked entries, or
None.

``as_dict()`` is JSON-safe in both forms.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
ObjectArray = npt.NDArray[np.object_]

NO_ANSWERS = "no_answers"
NO_BAND = "no_band"
NO_VARIANCE = "no_variance"
NEGATIVE_VARIANCE = "negative_variance"
MISSING_RATINGS = "missing_ratings"
TOO_FEW_CATEGORIES = "too_few_categories"
TOO_FEW_ITEMS = "too_few_items"
TOO_FEW_RATERS = "too_few_raters"
TOO_FEW_ROUNDS = "too_few_rounds"
ZERO_MEAN = "zero_mean"
ZERO_MEDIAN = "zero_median"
ZERO_IQR = "zero_iqr"


def plain(value: Any) -> Any:
    """A JSON-safe twin of ``value``: None for anything undefined, Python numbers, lists."""
    if value is None or value is np.ma.masked:
        return None
    if isinstance(value, Result):
        return value.as_dict()
    if isinstance(value, np.ma.MaskedArray | np.ndarray):
        return [plain(v) for v in value.tolist()]
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return value


def whole(value: float) -> float | int:
    """Counts of people read better as whole numbers; sums of weights stay as they are."""
    return int(value) if float(value).is_integer() else float(value)


@dataclass(frozen=True, kw_only=True)
class Result:
    """``value`` with what is needed to read it: how many answers, which method, why undefined."""

    value: Any
    n_used: Any
    n_missing: Any
    method: str
    undefined_reason: Any = None

    def as_dict(self) -> dict[str, Any]:
        return {f.name: plain(getattr(self, f.name)) for f in dataclasses.fields(self)}

    @property
    def is_table(self) -> bool:
        return isinstance(self.undefined_reason, np.ndarray)

    def __len__(self) -> int:
        if not self.is_table:
            raise TypeError("this result is of one item and has no length")
        return len(self.undefined_reason)

    def __bool__(self) -> bool:
        return True

    def item(self, index: int) -> Self:
        """The plain result of one item of a table (of a single result: itself)."""
        if not self.is_table:
            if index:
                raise IndexError(f"item {index} of a result of one item")
            return self
        names = (f.name for f in dataclasses.fields(self))
        return dataclasses.replace(self, **{name: _pick(getattr(self, name), index) for name in names})

    def items(self) -> Iterator[Self]:
        return (self.item(i) for i in range(len(self)))


R = TypeVar("R", bound=Result)


def _pick(field: Any, index: int) -> Any:
    if isinstance(field, Result):
        return field.item(index) if field.is_table else field
    if not isinstance(field, np.ndarray):
        return field
    entry = field[index]
    if entry is np.ma.masked:
        return None
    if isinstance(entry, np.ma.MaskedArray):
        return tuple(entry.compressed().tolist()) or None
    if isinstance(entry, np.ndarray):
        return tuple(entry.tolist())
    return entry.item() if isinstance(entry, np.generic) else entry


def first_reason(size: int, *tests: tuple[npt.ArrayLike, str]) -> ObjectArray:
    """Per item the code of the first test that holds, else None."""
    reasons = np.full(size, None, dtype=object)
    for mask, code in reversed(tests):
        reasons[np.broadcast_to(np.asarray(mask, dtype=bool), (size,))] = code
    return reasons


def defined(reasons: ObjectArray) -> BoolArray:
    return np.asarray(reasons == np.array(None, dtype=object), dtype=bool)


def as_field(array: Any) -> Any:
    """Mask what is not finite; whole counts, flags and objects pass as they are."""
    if not isinstance(array, np.ndarray) or isinstance(array, np.ma.MaskedArray) or array.dtype.kind != "f":
        return array
    bad = ~np.isfinite(array)
    if bad.any():
        array = np.where(bad, np.nan, array)
    return np.ma.MaskedArray(array, mask=bad)


def counts_field(array: FloatArray) -> Any:
    """Numbers of people as integers if they all are."""
    rounded = np.rint(array)
    return rounded.astype(np.int64) if np.array_equal(rounded, array) else as_field(array)


def build(
    cls: type[R],
    *,
    single: bool,
    value: Any,
    n_used: Any,
    n_missing: Any,
    method: str,
    reasons: ObjectArray,
    **fields: Any,
) -> R:
    """Assemble a table of results, or its only entry if ``single``.

    ``value`` is masked wherever a reason is given; other fields where they are not finite.
    """
    value = np.where(defined(reasons) if value.ndim == 1 else defined(reasons)[:, None], value, np.nan)
    table = cls(
        value=as_field(value),
        n_used=counts_field(np.asarray(n_used, dtype=float)),
        n_missing=counts_field(np.asarray(n_missing, dtype=float)),
        method=method,
        undefined_reason=reasons,
        **{name: as_field(field) for name, field in fields.items()},
    )
    return table.item(0) if single else table


def scalar(number: Any) -> float | None:
    """A float, or None where the computation has no finite result."""
    if number is None:
        return None
    number = float(number)
    return number if np.isfinite(number) else None


def undefined(
    cls: type[R], reason: str, *, method: str, n_used: Any = 0, n_missing: Any = 0, **fields: Any
) -> R:
    """A scalar result without a value; fields not named are None."""
    names = {f.name for f in dataclasses.fields(cls)} - {
        "value",
        "n_used",
        "n_missing",
        "method",
        "undefined_reason",
    }
    rest = {name: fields.get(name) for name in names}
    return cls(value=None, n_used=n_used, n_missing=n_missing, method=method, undefined_reason=reason, **rest)
