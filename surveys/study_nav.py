"""The sections of a study. Every app adds its own in `AppConfig.ready`, so no app needs to know the others."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from experts.enums import Capability


@dataclass(frozen=True)
class Section:
    """A tab of the study: `key` is compared with the page's `section`; `url` is a URL name or a function."""

    key: str
    label: object
    url: str | Callable
    order: int
    capability: str = Capability.VIEW

    def address(self, study) -> str:
        return self.url(study) if callable(self.url) else reverse(self.url, args=[study.code])


_sections: dict[str, Section] = {}


def register_section(section: Section) -> None:
    _sections[section.key] = section


def sections_for(study, current: str = "") -> list[dict]:
    """The tabs that this account may open, in order, for `components/tabs.html`."""
    may = getattr(study, "may", {})
    return [
        {
            "key": section.key,
            "label": section.label,
            "url": section.address(study),
            "current": section.key == current,
        }
        for section in sorted(_sections.values(), key=lambda section: section.order)
        if str(section.capability) in may
    ]
