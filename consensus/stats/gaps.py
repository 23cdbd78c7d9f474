"""How a missing answer is written: one convention for every statistic that reads answers.

NaN and None are gaps everywhere, and so is what a masked array masks. In ``int8``, the type of the answer
matrix of a large study, 0 is a gap too, unless the scale holds 0. A 0 in any other type is an answer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .results import FloatArray


def zero_is_gap(array: npt.NDArray[Any], values: npt.ArrayLike | None = None) -> bool:
    """Does 0 stand for "no answer" in this array (``int8``, on a scale without 0)?"""
    return array.dtype == np.int8 and (values is None or not np.isin(0, np.asarray(values, dtype=float)))


def numbers(answers: npt.ArrayLike, name: str = "answers", values: npt.ArrayLike | None = None) -> FloatArray:
    """Answers of any shape as new floats, NaN where there is none. ``values``: the scale, where it is known.

    Error: what is no number, and infinity.
    """
    given = np.asarray(answers)
    try:
        array: FloatArray = given.astype(float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers (NaN or None where missing)") from error
    if isinstance(answers, np.ma.MaskedArray):
        array[np.ma.getmaskarray(answers)] = np.nan
    if zero_is_gap(given, values):
        array[given == 0] = np.nan
    if np.isinf(array).any():
        raise ValueError(f"{name} must not contain infinity")
    return array


def vector(answers: npt.ArrayLike, name: str = "answers", values: npt.ArrayLike | None = None) -> FloatArray:
    """``numbers`` of one item, flattened."""
    return numbers(answers, name, values).ravel()


GAP = -128
LEAST_WHOLE, GREATEST_WHOLE = -26, 100  # scales and per cent; any two differ by what a byte holds


def whole(floats: FloatArray) -> npt.NDArray[np.int8] | None:
    """The same answers as ``int8``, ``GAP`` where NaN; None unless all are whole numbers from -26 to 100.

    Ratings read from a table are floats only because of their gaps; as bytes they are counted many times
    faster.
    """
    gaps = np.isnan(floats)
    inside = (floats >= LEAST_WHOLE) & (floats <= GREATEST_WHOLE)
    if not (inside | gaps).all():
        return None
    small = np.where(inside, floats, GAP).astype(np.int8)
    return small if ((small == floats) | gaps).all() else None
