"""The score of a candidate term: a product of visible factors.

    score = log(1 + C-value)^a x acronym^b x title^c x npmi^d x head^e x edge^f x boundary^g x technology^h

with the exponents of `TermWeights`. Each factor is kept in `score_parts`, so that a page can show why a term
stands where it stands. Candidates that are modifiers ("large-scale"), fragments of one longer term or banned
by the organiser get no score. `technology` is there for Chinese alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .combine import Combined
from .heads import head_prior
from .settings import TermSettings, TermWeights
from .technology import technology_prior
from .termhood import Floats, Termhood
from .tokens_en import fold_phrase, key_of
from .words_en import EVENTS
from .words_zh import EVERYDAY, GENERAL, NEVER_CLOSING


@dataclass(frozen=True, slots=True)
class Scores:
    """Score and named factors over candidates; a score of 0 means left out."""

    score: Floats
    parts: dict[str, Floats]
    dropped: dict[str, int]


def score_terms(
    combined: Combined,
    hood: Termhood,
    settings: TermSettings,
    language: str,
    leaning: Floats | None = None,
) -> Scores:
    """Factors, product and exclusions for every candidate; `leaning` of the documents to technology, where known."""
    parts = {
        "cvalue": np.log1p(hood.cvalue),
        "acronym": 1.0 + 0.5 * np.log1p(combined.defined),
        "title": _title(hood),
        "npmi": _bond(combined, hood),
        "head": head_prior(combined, language),
        "edge": 0.4 + 0.6 * np.sqrt(hood.left_edge * hood.right_edge),
        "boundary": _boundary(hood, language),
    }
    if leaning is not None:
        parts["technology"] = technology_prior(combined, hood, leaning)
    weights = settings.weights
    score = np.ones(len(combined))
    for name, values in parts.items():
        score = score * np.maximum(values, 0.0) ** exponent(weights, name)
    out = _exclusions(combined, hood, settings, language)
    for mask in out.values():
        score = np.where(mask, 0.0, score)
    return Scores(score, parts, {name: int(mask.sum()) for name, mask in out.items()})


def exponent(weights: TermWeights, name: str) -> float:
    return float(getattr(weights, name))


def _title(hood: Termhood) -> Floats:
    if not hood.title_documents.any():
        return np.ones(len(hood.documents))
    share = hood.title_documents / np.maximum(hood.documents, 1)
    # Shrunken towards a tenth: one title among two documents is not yet a habit.
    share = (hood.title_documents + 0.5) / (hood.documents + 5.0) * 0.5 + share * 0.5
    return 0.6 + 2.0 * np.minimum(share, 0.5)


def _bond(combined: Combined, hood: Termhood) -> Floats:
    single = np.array([" " not in form for form in combined.forms], dtype=bool)
    return np.where(single, 0.5, np.clip(0.15 + hood.npmi, 0.05, 1.0))


def _boundary(hood: Termhood, language: str) -> Floats:
    if language != "zh":
        return np.ones(len(hood.documents))
    # The entropy that a free term of this frequency could have is log(frequency).
    possible = np.log(np.maximum(hood.frequency, 2))
    return 0.3 + 0.7 * np.clip(hood.entropy / possible, 0.0, 1.0)


def _exclusions(
    combined: Combined, hood: Termhood, settings: TermSettings, language: str
) -> dict[str, NDArray[np.bool_]]:
    least = settings.threshold(combined.documents)
    famous = combined.defined >= 3
    banned = {key_of(fold_phrase(term)) for term in settings.stop_terms}
    keys = [form.replace(" ", "") for form in combined.forms]
    wanted = {key_of(fold_phrase(term)) for term in settings.dictionary}
    keep = np.array([key in wanted for key in keys], dtype=bool)
    return {
        "rare": hood.documents < least,
        "fragment": (hood.nested_share >= settings.fragment_share) & ~keep,
        "modifier": (hood.right_edge < 1 - settings.modifier_share) & ~famous & ~keep & (language == "en"),
        "banned": np.array([key in banned for key in keys], dtype=bool),
        "event": np.array([not EVENTS.isdisjoint(form.split(" ")) for form in combined.forms], dtype=bool),
        "mixed": _half_latin(combined, language) & ~keep,
        "general": _general(combined, language) & ~keep,
    }


def _general(combined: Combined, language: str) -> NDArray[np.bool_]:
    """In Chinese, what names a kind of thing ("技术", "计算方法") or a finding ("计算结果"): a small corpus has little
    else, and its list would be full of them. English words are judged where a text is read."""
    if language != "zh":
        return np.zeros(len(combined), dtype=bool)
    return np.array([_is_general(form.split(" ")) for form in combined.forms], dtype=bool)


def _is_general(words: list[str]) -> bool:
    # The segmenter keeps usual pairs together: "分析方法", "计算结果".
    name = "".join(words)
    return name.endswith(NEVER_CLOSING) or GENERAL.issuperset(words) or _two_general(name)


def _two_general(name: str) -> bool:
    return any(name[:at] in EVERYDAY and name[at:] in EVERYDAY for at in range(1, len(name)))


def _half_latin(combined: Combined, language: str) -> NDArray[np.bool_]:
    """In Chinese, a lone Latin letter or number at an end is a symbol of the text, not part of a name."""
    if language != "zh":
        return np.zeros(len(combined), dtype=bool)
    ends = [(form.split(" ")[0], form.split(" ")[-1]) for form in combined.forms]
    return np.array([any(len(word) == 1 and word.isascii() for word in pair) for pair in ends], dtype=bool)
