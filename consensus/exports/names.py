"""Keys, names and places of a study's rounds, technologies and questions, looked up once for an export."""

from __future__ import annotations

from surveys.enums import BINARY_TYPES
from surveys.models import Study


class Names:
    def __init__(self, study: Study):
        self.rounds = dict(study.rounds.values_list("pk", "number"))
        self.questions = {question.pk: question for question in study.questions.prefetch_related("choices")}
        listed = list(study.technologies.order_by("position", "pk"))
        self.technologies = {technology.pk: technology for technology in listed}
        self.groups = {group.pk: group for group in study.panel.groups.order_by("position", "pk")}
        self._places = {technology.pk: place for place, technology in enumerate(listed, 1)}
        self._positions = {pk: place for place, pk in enumerate(self.questions)}
        self._labels = {
            (question.pk, float(choice.value)): str(choice.label)
            for question in self.questions.values()
            for choice in question.choices.all()
        }

    def technology(self, pk: int | None) -> tuple[str | None, str | None]:
        """Key and name; none for a question that is asked once per round."""
        found = self.technologies.get(pk)
        return (found.key, str(found.name)) if found else (None, None)

    def place(self, technology_id: int | None, question_id: int) -> tuple[int, int]:
        return self._places.get(technology_id, 0), self._positions[question_id]

    def label(self, question_id: int, value: float | None) -> str | None:
        """The words of an option or a labelled scale point."""
        if value is None:
            return None
        if self.questions[question_id].type in BINARY_TYPES:
            return "yes" if value else "no"
        return self._labels.get((question_id, value))
