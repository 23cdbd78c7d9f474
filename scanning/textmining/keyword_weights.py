"""Weights of the keyword features (see `keywords.py`), fitted by `bench/fit_keywords.py`."""

WEIGHTS: dict[str, dict[str, float]] = {"zh": {"tf": 1.0}, "en": {"tf": 1.0}}
