from django.utils.translation import gettext_lazy as _

from foundation.localized import localized
from surveys.question_types.base import setting
from surveys.question_types.composite import Composite
from surveys.question_types.scale import MOST_POINTS_OF_PLANE, Scale

AXES = ("x", "y")


class Plane(Composite):
    """Two scales at once: a point in a plane with two labelled axes. Both have the same points."""

    settings = AXES
    template = "surveys/questions/plane.html"

    def part_keys(self, question):
        return list(AXES)

    def part_label(self, question, key):
        return str(self.axis(question, key)["label"]) or key

    def axis(self, question, key: str) -> dict:
        """The axis's name and the labels of its ends."""
        given = setting(question, key, {})
        return {name: localized(given.get(name)) for name in ("label", "low", "high")}

    def bounds(self, question):
        return Scale().bounds(question)

    def part_bounds(self, question, key):
        return self.bounds(question)

    def points(self, question) -> list[int]:
        low, high = self.bounds(question)
        return list(range(int(low), int(high) + 1))

    def problems(self, question, options):
        found = Scale().problems(question, options, most=MOST_POINTS_OF_PLANE)
        for key in AXES:
            if not self.axis(question, key)["label"]:
                found[f"{key}_label"] = _("Name the axis.")
        return found
