"""What a reader of the dashboards asked for, from the address."""

from __future__ import annotations

from dataclasses import dataclass

from consensus.models import Computation
from consensus.selectors.results import StudyResults
from experts.models import PanelGroup
from surveys.enums import VerdictKind
from surveys.models import Question, Technology

MOST_IN_CHART = 40
SORTS = ("list", "name", "verdict", "median", "iqr", "share", "n", "change")


@dataclass(frozen=True)
class Asked:
    question: Question | None
    field: str = ""
    verdict: str = ""
    group: PanelGroup | None = None
    words: str = ""
    sort: str = "list"
    descending: bool = False
    part: int = 1  # which MOST_IN_CHART technologies a chart shows
    whole: bool = False  # all of them: files are not cut into parts
    weighted: bool = False
    round: int = 0  # number of an analysed round; 0: the latest


def read_asked(results: StudyResults, query) -> Asked:
    """Unknown values are as good as none: a stale bookmark still opens."""
    sort = query.get("sort", "")
    key = query.get("question", "")
    return Asked(
        question=next((q for q in results.ordered if q.key == key), results.main_question),
        field=query.get("field", "") if results.family(query.get("field", "")) else "",
        verdict=query.get("verdict", "") if query.get("verdict") in VerdictKind.values else "",
        group=next((g for g in results.groups if g.key == query.get("group")), None),
        words=query.get("q", "").strip()[:100],
        sort=sort.lstrip("-") if sort.lstrip("-") in SORTS else "list",
        descending=sort.startswith("-"),
        part=max(1, _number(query.get("part", ""))),
        weighted=query.get("weights") == "familiarity",
        round=_number(query.get("round", "")),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def chosen_round(results: StudyResults, asked: Asked, rounds: list | None = None) -> Computation | None:
    """The computation of the round asked for, else the latest one; `rounds` narrows which may be asked for."""
    offered = results.computations if rounds is None else rounds
    wanted = [computation for computation in offered if computation.round.number == asked.round]
    return (wanted or offered[-1:] or [None])[0]


def chosen(results: StudyResults, asked: Asked) -> list[Technology]:
    """The technologies that the filters leave."""
    family = results.family(asked.field)
    verdicts = results.latest_verdicts
    return [
        technology
        for technology in results.technologies.values()
        if (family is None or technology.field_id in family)
        and (not asked.verdict or _verdict(verdicts, technology) == asked.verdict)
        and (not asked.words or _mentions(technology, asked.words))
    ]


def portion(results: StudyResults, asked: Asked) -> tuple[list[Technology], int]:
    """Those of one chart, and into how many charts the list falls."""
    found = chosen(results, asked)
    if asked.whole:
        return found, 1
    parts = max(1, -(-len(found) // MOST_IN_CHART))
    first = (min(asked.part, parts) - 1) * MOST_IN_CHART
    return found[first : first + MOST_IN_CHART], parts


def _verdict(verdicts, technology: Technology) -> str:
    found = verdicts.get(technology.pk)
    return found.verdict if found else ""


def _mentions(technology: Technology, words: str) -> bool:
    return words.casefold() in " ".join([technology.key, *technology.name.values()]).casefold()
