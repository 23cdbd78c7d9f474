"""A monitor's report as a Word document, in the active language."""

import io
from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from scanning.monitors.report import Line, Report, method_notes

CJK_FONT = "Microsoft YaHei"


def docx_of(report: Report) -> bytes:
    from docx import Document
    from docx.shared import Pt

    document = Document()
    document.styles["Normal"].font.size = Pt(10.5)
    for style in ("Normal", "Title", "Heading 1"):
        _set_cjk_font(document.styles[style])
    run = report.run
    document.core_properties.title = report.title
    document.core_properties.language = get_language() or "en"
    document.core_properties.author = ""
    document.add_heading(report.title, 0)
    document.add_paragraph(f"{run.monitor.corpus.study.title} · {report.made}")
    _table(document, [(label, value) for label, value in report.figures])
    _alerts(document, report)
    _candidates(document, _("Rising now"), report.rising)
    if report.before:
        _candidates(document, _("New on the list"), report.new)
    _candidates(document, _("Top candidates"), report.top)
    if report.gone:
        document.add_heading(_("Gone from the list"), 1)
        document.add_paragraph(_(", ").join(seen.name for seen in report.gone))
    document.add_heading(_("Documents per year"), 1)
    _table(
        document,
        [(year, number_format(n, 0)) for year, n in report.years.items()],
        (_("Year"), _("Documents")),
    )
    document.add_heading(_("Method"), 1)
    _table(document, report.method)
    for note in method_notes():
        document.add_paragraph(note)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _alerts(document, report: Report) -> None:
    document.add_heading(_("Alerts"), 1)
    for name, _language, sentence in report.alerts:
        paragraph = document.add_paragraph(style="List Bullet")
        paragraph.add_run(name).bold = True
        paragraph.add_run(f" – {sentence}")
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
    _table(document, rows, (_("Place"), pgettext("thing", "Name"), _("Documents"), _("Growth")))


def _table(document, rows: Iterable[tuple], header: tuple[str, ...] = ()) -> None:
    rows = [*([header] if header else []), *rows]
    if not rows:
        return
    table = document.add_table(
        len(rows), len(rows[0]), style="Light Grid Accent 1" if header else "Light List"
    )
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, value in zip(cells.cells, row, strict=True):
            cell.text = _xml(str(value))


def _xml(text: str) -> str:
    """Without characters that no XML may hold."""
    return "".join(mark for mark in text if mark in "\t\n" or mark >= " ")


def _set_cjk_font(style) -> None:
    from docx.oxml.ns import qn

    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CJK_FONT)
