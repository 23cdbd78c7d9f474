"""The report of one run: plain data in the active language, for the page and for the file."""

from dataclasses import dataclass, field

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from scanning.models import MonitorRun
from scanning.monitors.compare import Comparison, Moved, Seen, compare
from scanning.monitors.reading import run_before, seen_in
from scanning.monitors.words import alert_sentence
from scanning.recipe import LANGUAGES, RANKINGS
from scanning.textmining.signals import RISING

MOST = 15
TOP = 20


@dataclass(frozen=True)
class Line:
    """One candidate in a table of the report."""

    seen: Seen
    before: int | None = None  # its place in the run before
    added: int | None = None

    @property
    def factor(self) -> str:
        return f"× {number_format(2**self.seen.growth, 1)}" if self.seen.growth is not None else ""

    @property
    def places(self) -> int:
        return self.before - self.seen.rank if self.before else 0


@dataclass(frozen=True)
class Report:
    run: MonitorRun
    before: MonitorRun | None
    comparison: Comparison
    figures: list[tuple[str, str]]
    alerts: list[tuple[str, str, str]]  # name, language, sentence
    rising: list[Line]
    new: list[Line]
    top: list[Line]
    gone: list[Seen]
    years: dict[str, int]
    method: list[tuple[str, str]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.run.monitor.name

    @property
    def made(self) -> str:
        return date_format(localtime(self.run.concluded_at), "DATE_FORMAT")


def report_of(run: MonitorRun) -> Report:
    now, before = seen_in(run.scan), run_before(run)
    comparison = compare(seen_in(before.scan), now) if before else Comparison()
    earlier = {pair.now.key: pair for pair in comparison.both}
    rising = [each for each in now if each.growth is not None and each.growth >= RISING]
    rising.sort(key=lambda each: (-each.growth, each.rank))
    return Report(
        run=run,
        before=before,
        comparison=comparison,
        figures=_figures(run, before, comparison),
        alerts=[(each["name"], each["language"], alert_sentence(each)) for each in run.alerts],
        rising=[_line(each, earlier) for each in rising[:MOST]],
        new=[_line(each, earlier) for each in comparison.new[:MOST]],
        top=[_line(each, earlier) for each in now[:TOP]],
        gone=comparison.gone[:MOST],
        years=_years(run),
        method=_method(run, before),
    )


def _line(seen: Seen, earlier: dict[str, Moved]) -> Line:
    pair = earlier.get(seen.key)
    return Line(seen, pair.before.rank, pair.added) if pair else Line(seen)


def _figures(run: MonitorRun, before: MonitorRun | None, comparison: Comparison) -> list[tuple[str, str]]:
    documents = run.scan.summary.get("documents", 0)
    figures = [(_("Documents read"), _n(documents))]
    if before:
        figures += [
            (
                _("New documents since the run before"),
                _n(documents - before.scan.summary.get("documents", 0)),
            ),
            (_("New candidates"), _n(len(comparison.new))),
            (_("Gone from the list"), _n(len(comparison.gone))),
        ]
    else:
        figures.append((_("Candidates"), _n(run.scan.summary.get("candidates", 0))))
    return [*figures, (_("Alerts"), _n(len(run.alerts)))]


def _years(run: MonitorRun) -> dict[str, int]:
    years: dict[str, int] = {}
    for counts in (run.scan.summary.get("yearly_total") or {}).values():
        for year, count in counts.items():
            # Each language has its own total; a document is of one language.
            years[year] = years.get(year, 0) + count
    return dict(sorted(years.items()))


def _method(run: MonitorRun, before: MonitorRun | None) -> list[tuple[str, str]]:
    scan, recipe = run.scan, run.scan.recipe
    rows = [
        (_("Corpus"), scan.corpus.name),
        (_("Run"), _("%(number)s of %(date)s") % {"number": run.number, "date": _moment(run.created_at)}),
        (_("Occasion"), run.get_trigger_display()),
    ]
    if before:
        value = _("%(number)s of %(date)s") % {"number": before.number, "date": _moment(before.created_at)}
        rows.append((_("Compared with run"), value))
    return [
        *rows,
        (_("Language"), str(LANGUAGES.get(recipe.get("language"), ""))),
        (_("Order of the list"), str(RANKINGS.get(recipe.get("ranking"), ""))),
        (_("Method"), scan.method),
        (_("Hash of the result"), scan.summary.get("hash", "")),
    ]


def method_notes() -> list[str]:
    return [
        _("Growth compares a term's share of documents in the last two years with the three years before."),
        _(
            "A surge is an alert when at least five documents, and twice as many as the term's earlier share lets "
            "expect, came in since the run before, and chance alone would do this in fewer than one of a hundred "
            "runs (Poisson, corrected for the number of terms). A first run compares years instead."
        ),
        _("All this describes what the corpus holds. It does not forecast."),
    ]


def _moment(value) -> str:
    return date_format(localtime(value), "DATETIME_FORMAT")


def _n(value: int) -> str:
    return number_format(value, 0, force_grouping=True)
