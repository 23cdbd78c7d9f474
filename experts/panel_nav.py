"""What the app that runs studies tells panel pages about the study behind a panel.

It registers a function in `AppConfig.ready`; without it a panel stands for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import TypedDict

from experts.models import Panel, User
from foundation.localized import LANGUAGES
from foundation.services.audit import PLATFORM


class OpenRound(TypedDict):
    """The round that is asking now, as mails name it."""

    number: int
    closes_at: datetime | None


class PanelContext(TypedDict, total=False):
    title: str  # name of the study, in the active language
    url: str  # address of the study's page
    tabs: list[dict] | Callable[[User], list[dict]]  # {"url", "label", "current"}: the study's navigation
    stream: str  # name of the study's audit chain
    hides_pseudonyms: bool  # fully anonymous: no page may show a name beside a pseudonym
    simulated: bool  # no real people are in this panel
    locked: bool  # the groups are part of a locked protocol: a change of them needs a reason
    language: str  # of members of whom nothing else is known
    open_round: OpenRound | None


Provider = Callable[[Panel], PanelContext | None]
_provider: Provider = lambda panel: None  # noqa: E731


def register_panel_context(provider: Provider) -> None:
    global _provider
    _provider = provider


def panel_context(panel: Panel) -> PanelContext:
    found: PanelContext = {
        "title": str(panel),
        "url": "",
        "tabs": [],
        "stream": PLATFORM,
        "language": LANGUAGES[0],
        "open_round": None,
    }
    found.update(_provider(panel) or {})
    return found


Around = Callable[[Panel, User, str], AbstractContextManager]
_around: Around = lambda panel, actor, reason: nullcontext()  # noqa: E731


def register_group_change(around: Around) -> None:
    """`around(panel, actor, reason)` surrounds every change of a panel's groups, and may refuse it."""
    global _around
    _around = around


def group_change(panel: Panel, actor: User, reason: str = "") -> AbstractContextManager:
    return _around(panel, actor, reason)


def stream_of(panel: Panel) -> str:
    """The audit chain in which changes to this panel are recorded."""
    return panel_context(panel)["stream"]


def title_of(panel: Panel) -> str:
    return str(panel_context(panel)["title"])


def tabs_for(context: PanelContext, user: User) -> list[dict]:
    tabs = context["tabs"]
    return tabs(user) if callable(tabs) else tabs
