"""A monitor's report as a Word document, in the active language."""

from django.utils.formats import number_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from foundation.word import add_table, inert, new_document, saved
from scanning.monitors.report import Line, Report, method_notes


def docx_of(report: Report) -> bytes:
    document = new_document(title=report.title, language=get_language() or "en")
    run = report.run
    document.add_heading(inert(report.title), 0)
    document.add_paragraph(inert(f"{run.monitor.corpus.study.title} · {report.made}"))
    add_table(document, [(label, value) for label, value in report.figures])
    _alerts(document, report)
    _candidates(document, _("Rising now"), report.rising)
    if report.before:
        _candidates(document, _("New on the list"), report.new)
    _candidates(document, _("Top candidates"), report.top)
    if report.gone:
        document.add_heading(_("Gone from the list"), 1)
        document.add_paragraph(inert(_(", ").join(seen.name for seen in report.gone)))
    document.add_heading(_("Documents per year"), 1)
    add_table(
        document,
        [(year, number_format(n, 0)) for year, n in report.years.items()],
        (_("Year"), _("Documents")),
    )
    document.add_heading(_("Method"), 1)
    add_table(document, report.method)
    for note in method_notes():
        document.add_paragraph(note)
    return saved(document)


def _alerts(document, report: Report) -> None:
    document.add_heading(_("Alerts"), 1)
    for name, _language, sentence in report.alerts:
        paragraph = document.add_paragraph(style="List Bullet")
        paragraph.add_run(inert(name)).bold = True
        paragraph.add_run(inert(f" – {sentence}"))
    if not report.alerts:
        document.add_paragraph(_("Nothing out of the ordinary was seen in this run."))


def _candidates(document, heading: str, lines: list[Line]) -> None:
    document.add_heading(heading, 1)
    if not lines:
        document.add_paragraph(_("None in this run."))
        return
    rows = [
        (
            str(line.seen.rank),
            line.seen.name,
            number_format(line.seen.documents, 0, force_grouping=True),
            line.factor,
        )
        for line in lines
    ]
    add_table(document, rows, (_("Place"), pgettext("thing", "Name"), _("Documents"), _("Growth")))
