"""Charts of one technology's page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from consensus.charts.bars import (
    Distribution,
    DistributionWords,
    OptionSeries,
    distributions,
    option_shares,
)
from consensus.charts.figure import Chart, Label
from consensus.charts.ranges import Series, quartile_ranges
from consensus.dashboard.asked import Asked
from consensus.dashboard.figures.base import chart, latest_round_of, quartiles, range_words, value_axis
from consensus.feedback.view import option_label
from consensus.selectors.results import StudyResults
from surveys.enums import QuestionRole, QuestionType
from surveys.models import Technology
from surveys.question_types import kind_of


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
