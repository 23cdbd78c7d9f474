"""The charts of the dashboards by name: what each is called, what it says, and where its data comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from consensus.charts.bars import (
    Distribution,
    DistributionWords,
    Movement,
    MovementWords,
    OptionSeries,
    distributions,
    option_shares,
    stability_bars,
)
from consensus.charts.figure import Axis, Chart, Label
from consensus.charts.lines import Line, LineWords, Point, coefficient_lines
from consensus.charts.map import MapWords, Spot, scatter_map
from consensus.charts.ranges import Quartiles, RangeWords, Series, quartile_ranges
from consensus.charts.verdicts import VERDICT_TOKENS, verdict_shares
from consensus.dashboard.asked import Asked, chosen, portion
from consensus.feedback_view import option_label
from consensus.selectors.results import Item, StudyResults, panel_results, stability
from surveys.enums import QuestionRole, QuestionType, Special, VerdictKind
from surveys.models import Question, Technology
from surveys.question_types import kind_of

Maker = Callable[[StudyResults, Asked, Technology | None], Chart | None]
ROUND_TOKENS = ("ramp-3", "ramp-5", "ramp-7", "mark")


@dataclass(frozen=True)
class Entry:
    """A chart's name on the page and its maker."""

    title: Callable[[], str]
    make: Maker


MAKERS: dict[str, Entry] = {}


def chart(name: str, title: Callable[[], str]):
    def register(make: Maker) -> Maker:
        MAKERS[name] = Entry(title, make)
        return make

    return register


def label_of(results: StudyResults, technology: Technology) -> Label:
    url = reverse("results:technology", args=[results.study.code, technology.code])
    return Label(technology.key, str(technology.name), url)


def item_word(results: StudyResults) -> str:
    text = str(results.study.item_label) or _("technology")
    return text[:1].upper() + text[1:]


def verdict_names() -> dict[str, str]:
    return {kind.value: str(kind.label) for kind in VerdictKind}


def round_token(place: int, of: int) -> str:
    """The latest round is darkest."""
    return ROUND_TOKENS[max(0, len(ROUND_TOKENS) - 1 - of + place)] if of < 4 else f"ramp-{min(7, 2 + place)}"


def value_axis(question: Question, title: str = "") -> Axis:
    low, high = kind_of(question).bounds(question)
    if question.type == QuestionType.SCALE and low is not None and high is not None:
        return Axis(title, low - 0.3, high + 0.3, options={"dtick": 1} if high - low <= 12 else {})
    if question.type in (QuestionType.PERCENT, QuestionType.ESTIMATE):
        return Axis(title, -2, 102, " %") if question.type == QuestionType.PERCENT else Axis(title)
    return Axis(title, whole=question.type == QuestionType.YEAR)


def range_words(results: StudyResults, series: str) -> RangeWords:
    return RangeWords(
        row=item_word(results),
        series=series,
        q1=_("First quartile"),
        median=_("Median"),
        q3=_("Third quartile"),
        n="n",
    )


def quartiles(item: Item | None, group: int | None = None) -> Quartiles | None:
    row = item and (item.panel if group is None else item.groups.get(group))
    if not row or row.median is None:
        return None
    return Quartiles(row.n, row.q1, row.median, row.q3)


@chart("verdicts", lambda: _("Verdicts after each round"))
def verdicts(results: StudyResults, asked: Asked, technology=None) -> Chart:
    counts: dict[str, list[int]] = {verdict: [] for verdict in VERDICT_TOKENS}
    for computation in results.computations:
        found = [verdict.verdict for verdict in results.verdicts_after(computation).values()]
        for verdict, column in counts.items():
            column.append(found.count(verdict))
    return verdict_shares(
        [str(round) for round in results.rounds],
        counts,
        names=verdict_names(),
        round_title=_("Round"),
        share_title=_("Share of the list"),
    )


@chart("ranges", lambda: _("Quartile ranges, round by round"))
def ranges(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    if asked.question is None:
        return None
    shown, _parts = portion(results, asked)
    items = results.items(questions=[asked.question], technologies=[t.pk for t in shown])
    of = len(results.computations)
    group = asked.group.pk if asked.group else None
    series = [
        Series(
            str(computation.round),
            round_token(place, of),
            [quartiles(items.get((computation.pk, t.pk, asked.question.pk)), group) for t in shown],
        )
        for place, computation in enumerate(results.computations)
    ]
    return quartile_ranges(
        [label_of(results, t) for t in shown],
        series,
        words=range_words(results, _("Round")),
        value_axis=value_axis(asked.question),
    )


@chart("coefficients", lambda: _("Agreement of the whole panel, round by round"))
def coefficients(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    if asked.question is None:
        return None
    stored = panel_results(results.computations, asked.question)
    wanted = (
        ("kendall_w", _("Kendall's W"), "g1", "circle"),
        ("alpha", _("Krippendorff's alpha"), "g2", "square"),
        ("ac1", _("Gwet's AC1"), "g3", "diamond"),
        ("percent_agreement", _("Agreement of pairs"), "g8", "triangle-up"),
    )
    lines = [
        Line(name, token, symbol, [_point(stored.get(c.pk, {}).get(key)) for c in results.computations])
        for key, name, token, symbol in wanted
        if any(key in stored.get(c.pk, {}) for c in results.computations)
    ]
    return coefficient_lines(
        [str(round) for round in results.rounds],
        lines,
        words=LineWords(
            _("Round"),
            _("Coefficient"),
            _("Value"),
            _("Lower bound"),
            _("Upper bound"),
            "n",
            _("Not defined because"),
        ),
    )


def _point(stored: dict | None) -> Point:
    if not stored:
        return Point(None, reason=_("not computed"))
    return Point(
        stored.get("value"),
        stored.get("ci_low"),
        stored.get("ci_high"),
        stored.get("n_used"),
        reason_words(stored.get("undefined_reason")),
    )


def reason_words(code: str | None) -> str:
    """Why a figure is not defined, in words."""
    said = {
        "no_answers": _("nobody gave a value"),
        "no_variance": _("all answers are the same"),
        "too_few_raters": _("fewer than two raters"),
        "too_few_items": _("fewer than two items"),
        "too_few_categories": _("fewer than two categories"),
        "missing_ratings": _("nobody rated everything"),
    }
    return said.get(code, code) if code else ""


@chart("stability", lambda: _("Stability since the round before"))
def stability_chart(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    if asked.question is None or len(results.computations) < 2:
        return None
    shown, _parts = portion(results, asked)
    found = {
        row.technology_id: row for row in stability(results.latest, asked.question, [t.pk for t in shown])
    }
    movements = [
        Movement(
            label_of(results, t),
            found[t.pk].n_pairs,
            found[t.pk].unchanged,
            (found[t.pk].statistics.get("net_change") or {}).get("value"),
        )
        for t in shown
        if t.pk in found
    ]
    return stability_bars(
        movements,
        words=MovementWords(
            item_word(results),
            _("Kept their answer"),
            _("Net change"),
            "n",
            _("Share of members in both rounds"),
        ),
    )


@chart("map", lambda: _("Importance and feasibility"))
def importance_map(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    pair = map_questions(results)
    if pair is None:
        return None
    x, y = pair
    shown = [t.pk for t in chosen(results, asked)]
    items = results.items(questions=pair, technologies=shown)
    spots = []
    for pk in shown:
        across, up = (latest_item(results, items, pk, question) for question in pair)
        if across and up and across.median is not None and up.median is not None:
            verdict = results.latest_verdicts.get(pk)
            spots.append(
                Spot(
                    label_of(results, results.technologies[pk]),
                    *(_mean(row) for row in (across, up)),
                    min(across.n, up.n),
                    verdict.verdict if verdict else VerdictKind.TOO_FEW,
                )
            )
    return scatter_map(
        spots,
        x_axis=value_axis(x, _("%(question)s (mean)") % {"question": role_name(x)}),
        y_axis=value_axis(y, _("%(question)s (mean)") % {"question": role_name(y)}),
        words=MapWords(item_word(results), _("Verdict"), "n", verdict_names()),
    )


def role_name(question: Question) -> str:
    return str(QuestionRole(question.role).label) if question.role else question.key


def map_questions(results: StudyResults) -> list[Question] | None:
    found = [results.question_of_role(role) for role in (QuestionRole.IMPORTANCE, QuestionRole.FEASIBILITY)]
    return found if all(found) else None  # type: ignore[return-value]


def latest_item(results: StudyResults, items, technology_id: int, question: Question):
    """The panel's row of the latest round that asked about this technology."""
    for computation in reversed(results.computations):
        item = items.get((computation.pk, technology_id, question.pk))
        if item is not None and item.n:
            return item.panel
    return None


def _mean(row) -> float:
    """Medians of a nine-point scale fall on few points of a map; means spread them."""
    return sum(v * c for v, c in zip(row.values, row.counts, strict=True)) / sum(row.counts)


@chart("timing", lambda: _("When it will be realised"))
def timing(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    pair = timing_questions(results)
    if not pair:
        return None
    shown, _parts = portion(results, asked)
    items = results.items(questions=pair, technologies=[t.pk for t in shown])
    found = {
        question.pk: {t.pk: _latest_quartiles(results, items, t.pk, question) for t in shown}
        for question in pair
    }
    last = pair[-1].pk
    shown = sorted(shown, key=lambda t: (found[last][t.pk].median if found[last][t.pk] else 9999, t.position))
    tokens, symbols = ("g1", "g2"), ("circle", "diamond")
    series = [
        Series(role_name(question), tokens[place], [found[question.pk][t.pk] for t in shown], symbols[place])
        for place, question in enumerate(pair)
    ]
    return quartile_ranges(
        [label_of(results, t) for t in shown],
        series,
        words=range_words(results, _("Realisation")),
        value_axis=Axis(_("Year"), whole=True),
    )


def timing_questions(results: StudyResults) -> list[Question]:
    found = (results.question_of_role(role) for role in (QuestionRole.YEAR_LAB, QuestionRole.YEAR_SOCIETY))
    return [question for question in found if question is not None]


def _latest_quartiles(results, items, technology_id, question) -> Quartiles | None:
    row = latest_item(results, items, technology_id, question)
    return None if row is None or row.median is None else Quartiles(row.n, row.q1, row.median, row.q3)


@chart("distributions", lambda: _("Answers, round by round"))
def distribution_chart(results: StudyResults, asked: Asked, technology: Technology | None) -> Chart | None:
    question = asked.question
    if question is None or technology is None:
        return None
    items = results.items(questions=[question], technologies=[technology.pk])
    series = []
    for computation in results.computations:
        item = items.get((computation.pk, technology.pk, question.pk))
        if item and item.panel and item.n:
            row = item.panel
            series.append(
                Distribution(
                    str(computation.round), row.n, row.values, row.counts, row.median, row.q1, row.q3
                )
            )
    return distributions(
        series,
        words=DistributionWords(_("Round"), _("Answer"), "n", _("Answers"), _("median")),
        classes=kind_of(question).categories(question) is None,
        whole=question.type == QuestionType.YEAR,
    )


@chart("groups", lambda: _("Panel groups side by side"))
def group_chart(results: StudyResults, asked: Asked, technology: Technology | None) -> Chart | None:
    question, latest = asked.question, technology and latest_round_of(results, technology)
    if question is None or technology is None or latest is None:
        return None
    items = results.items(questions=[question], technologies=[technology.pk])
    item = items.get((latest.pk, technology.pk, question.pk))
    if item is None or not item.groups:
        return None
    rows = [(_("Whole panel"), quartiles(item))]
    rows += [(str(group), quartiles(item, group.pk)) for group in results.groups if group.pk in item.groups]
    return quartile_ranges(
        [Label("", name) for name, _found in rows],
        [Series(str(latest.round), "accent", [found for _name, found in rows])],
        words=range_words(results, _("Round")),
        value_axis=value_axis(question),
    )


def latest_round_of(results: StudyResults, technology: Technology):
    """The computation of the latest round that asked about this technology."""
    asked = [c for c in results.computations if technology.pk in results.verdicts[c.pk]]
    return asked[-1] if asked else None


@chart("constraints", lambda: _("What holds it back"))
def constraints(results: StudyResults, asked: Asked, technology: Technology | None) -> Chart | None:
    question = results.question_of_role(QuestionRole.CONSTRAINT)
    latest = technology and latest_round_of(results, technology)
    if question is None or technology is None or latest is None:
        return None
    items = results.items(questions=[question], technologies=[technology.pk])
    item = items.get((latest.pk, technology.pk, question.pk))
    if item is None or item.panel is None:
        return None
    pairs = sorted(
        zip(item.panel.values, item.panel.counts, strict=True), key=lambda pair: (-pair[1], pair[0])
    )
    return option_shares(
        [option_label(question, value) for value, _count in pairs],
        [OptionSeries(str(latest.round), "ramp-4", item.n, [count for _value, count in pairs])],
        option_title=_("Option"),
        share_title=_("Share of answers"),
    )


@chart("realisation", lambda: _("Realisation time"))
def realisation(results: StudyResults, asked: Asked, technology: Technology | None) -> Chart | None:
    """Already, by years, never and cannot say, laboratory beside society."""
    latest = technology and latest_round_of(results, technology)
    questions = timing_questions(results)
    if technology is None or latest is None or not questions:
        return None
    items = results.items(questions=questions, technologies=[technology.pk])
    names = [Special.ALREADY, None, Special.NEVER, Special.CANNOT_SAY]
    options = [str(name.label) if name else _("A year") for name in names]
    tokens = ("g1", "g2")
    series = []
    for place, question in enumerate(questions):
        item = items.get((latest.pk, technology.pk, question.pk))
        if item is None or item.panel is None:
            continue
        counts = [item.panel.specials.get(name, 0) if name else item.n for name in names]
        series.append(OptionSeries(role_name(question), tokens[place], sum(counts), counts))
    if not series:
        return None
    return option_shares(options, series, option_title=_("Answer"), share_title=_("Share of answers"))
