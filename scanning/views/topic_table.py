"""The topics as a table that sorts, and its downloads."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from experts.enums import Capability
from foundation.sorting import headers, in_order
from foundation.spreadsheet import csv_response, xlsx_response
from scanning.how import kind_name, lead_sentence
from scanning.map_files import topic_rows_as_table
from scanning.selectors.topic_table import SORTS, topic_rows
from scanning.selectors.topics import scans_with_map
from scanning.views.common import chosen_scan
from surveys.access import study_for


def topic_table(request, code):
    study = study_for(request, code, Capability.REVIEW)
    scans = scans_with_map(study)
    scan = chosen_scan(scans, request.GET.get("scan", ""))
    sort, descending = _order(request)
    context = {"study": study, "section": "scan", "tab": "map", "scans": scans, "scan": scan}
    if scan is not None:
        context |= {
            "rows": [_shown(row) for row in _sorted(topic_rows(scan), sort, descending)],
            "columns": headers(request.GET, _columns(), sort, descending),
            "order": f"{'-' if descending else ''}{sort}" if sort else "",
        }
    return render(request, "scanning/topics.html", context)


def topic_table_download(request, code):
    study = study_for(request, code, Capability.REVIEW)
    scan = chosen_scan(scans_with_map(study), request.GET.get("scan", ""))
    if scan is None:
        raise Http404
    table = topic_rows_as_table(_sorted(topic_rows(scan), *_order(request)))
    name = f"{scan.code}-topic-figures"
    if request.GET.get("format") == "xlsx":
        return xlsx_response(table, file_name=f"{name}.xlsx", sheet="topics")
    return csv_response(table, file_name=f"{name}.csv")


def _order(request) -> tuple[str, bool]:
    asked = request.GET.get("sort", "")
    sort = asked.removeprefix("-")
    return (sort, asked.startswith("-")) if sort in SORTS else ("", False)


def _sorted(rows, sort, descending):
    return in_order(rows, SORTS[sort], descending) if sort else rows


def _columns() -> list[tuple[str, str, str]]:
    return [
        ("name", _("Topic"), ""),
        ("documents", _("Documents"), "num"),
        ("growth", _("Growth"), "num"),
        ("acceleration", _("Acceleration"), "num"),
        ("sources", _("Sources"), "num"),
        ("change", _("Change of sources"), "num"),
        ("countries", _("Countries"), "num"),
        ("burst", _("Burst"), "num"),
        ("novelty", _("Novelty"), "num"),
        ("", _("Who came first"), ""),
        ("", _("Main candidates"), ""),
    ]


def _shown(row) -> dict:
    return {
        "row": row,
        "percent": 100 * row.share,
        "kinds": [(kind_name(kind), count, row.kind_growth[kind]) for kind, count in row.kinds.items()],
        "leads": [lead_sentence(lead.first, lead.then, lead.years, lead.together) for lead in row.leads],
    }
