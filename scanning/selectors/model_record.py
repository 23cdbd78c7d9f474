"""What reviewers made of a language model's suggestions, by model and prompt version."""

from __future__ import annotations

from dataclasses import dataclass, field

from scanning.enums import SuggestionKind, SuggestionStatus
from scanning.models import Suggestion
from scanning.selectors.trial import Trial
from scanning.textmining.agreement import edit_distance, edit_share
from surveys.models import Study

TAKEN = (SuggestionStatus.ACCEPTED, SuggestionStatus.EDITED)


@dataclass
class ModelRow(Trial):
    """Suggestions of one kind by one model with one prompt. `edits`: from its name to the name as it stands."""

    model: str
    prompt_version: str
    kind: str
    made: int = 0
    accepted: int = 0
    edited: int = 0
    rejected: int = 0
    edits: list[tuple[int, float]] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(SuggestionKind(self.kind).label)

    @property
    def decided(self) -> int:
        return self.accepted + self.edited + self.rejected

    @property
    def kept(self) -> int:
        """Taken over, as it was or with changes."""
        return self.accepted + self.edited


def by_model(study: Study) -> list[ModelRow]:
    rows: dict[tuple[str, str, str], ModelRow] = {}
    made = Suggestion.objects.filter(candidate__study=study).select_related("candidate")
    fields = ("model", "prompt_version", "kind", "status", "content", "candidate__name")
    for suggestion in made.only(*fields).order_by("model", "prompt_version", "-kind", "pk"):
        key = (suggestion.model, suggestion.prompt_version, suggestion.kind)
        row = rows.setdefault(key, ModelRow(*key))
        row.made += 1
        if suggestion.status != SuggestionStatus.WAITING:
            name = str(suggestion.status)
            setattr(row, name, getattr(row, name) + 1)
        if suggestion.kind == SuggestionKind.WORDING and suggestion.status in TAKEN:
            row.edits.extend(_edits(suggestion))
    return list(rows.values())


def _edits(suggestion: Suggestion) -> list[tuple[int, float]]:
    """One for each language of the suggested name that the candidate still has."""
    kept = suggestion.candidate.name
    return [
        (edit_distance(text, kept[language]), edit_share(text, kept[language]))
        for language, text in suggestion.content["name"].items()
        if kept.get(language)
    ]
