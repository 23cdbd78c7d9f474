"""A study template: the protocol that a new study starts from. Texts are content, so both languages stand here."""

from dataclasses import dataclass, field
from typing import Any

Text = dict[str, str]


@dataclass(frozen=True)
class StudyTemplate:
    """Plain data; `surveys.services.studies.create_study` turns it into rows."""

    key: str
    name: Text
    description: Text
    item_label: Text
    items_label: Text
    purpose: Text
    groups: list[tuple[str, Text]]
    questions: list[dict[str, Any]]
    criteria: dict[str, tuple[str, dict[str, Any]]]
    policies: dict[str, Any] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, Text]:
        return {"purpose": self.purpose, "item_label": self.item_label, "items_label": self.items_label}


@dataclass(frozen=True)
class QuestionSet:
    """Questions that belong together and may be added to a study of any template. Each has a role."""

    key: str
    name: Text
    description: Text
    questions: list[dict[str, Any]]
    offered: bool = True  # on the page that creates a study


def text(en: str, zh: str) -> Text:
    return {"en": en, "zh-hans": zh}


GROUPS = [
    ("academia", text("Academia", "学术界")),
    ("industry", text("Industry", "产业界")),
    ("government", text("Government", "政府部门")),
    ("society", text("Civil society", "社会组织与用户")),
]
