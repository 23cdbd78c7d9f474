"""The charts of the dashboards by name: what each is called, what it says, and where its data comes from.

One module for each page; importing them registers their charts.
"""

from consensus.dashboard.figures import (
    agreement,
    attrition,
    evolution,
    indicators,
    map,
    technology,
    timing,
    weighting,
)
from consensus.dashboard.figures.base import MAKERS, item_word, items_word
from consensus.dashboard.figures.map import map_questions
from consensus.dashboard.realisation import timing_questions

__all__ = [
    "MAKERS",
    "agreement",
    "attrition",
    "evolution",
    "indicators",
    "item_word",
    "items_word",
    "map",
    "map_questions",
    "technology",
    "timing",
    "timing_questions",
    "weighting",
]
