"""The demo study's content, read from the JSON files beside this module. Pure Python, no Django."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
CORPUS = FOLDER / "corpus.jsonl"
LATE_NEWS = FOLDER / "late_news.jsonl"  # comes in after the rest, for the monitor
LANGUAGES = ("en", "zh-hans")

Record = Mapping[str, Any]


@dataclass(frozen=True)
class DemoContent:
    """Everything that was written for the demo. Texts are ``{"en": …, "zh-hans": …}``."""

    study: Record
    technologies: tuple[Record, ...]
    reasons: tuple[Record, ...]
    experts: tuple[Record, ...]

    @cached_property
    def technology(self) -> dict[str, Record]:
        return {entry["key"]: entry for entry in self.technologies}

    @cached_property
    def expert(self) -> dict[str, Record]:
        return {entry["key"]: entry for entry in self.experts}

    @cached_property
    def top_field(self) -> dict[str, str]:
        """Every field's key to the key of the top-level field it lies under."""
        return {
            key: top["key"]
            for top in self.study["fields"]
            for key in (top["key"], *(child["key"] for child in top["children"]))
        }

    @cached_property
    def assignments(self) -> dict[str, tuple[str, ...]]:
        """Member key to the technologies of the member's fields, in list order."""
        return {
            expert["key"]: tuple(
                entry["key"]
                for entry in self.technologies
                if self.top_field[entry["field"]] in expert["fields"]
            )
            for expert in self.experts
        }

    def options(self, question_key: str) -> tuple[str, ...]:
        question = next(entry for entry in self.study["questions"] if entry["key"] == question_key)
        return tuple(option["key"] for option in question["options"])


def load_content(folder: Path = FOLDER) -> DemoContent:
    return DemoContent(
        study=_read(folder / "study.json"),
        technologies=tuple(_read(folder / "technologies.json")),
        reasons=tuple(_read(folder / "reasons.json")),
        experts=tuple(_read(folder / "experts.json")),
    )


def corpus_records(path: Path = CORPUS) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
