"""The consensus report of a study: its sections in order, in the active language."""

from __future__ import annotations

from collections.abc import Iterator

from consensus.report import changes, checklist, course, credes, method, results, study
from consensus.report.blocks import Block
from consensus.report.reading import Reported
from surveys.models import Study

SECTIONS = (
    study.front,
    study.summary,
    study.protocol,
    course.course,
    study.panel,
    study.rounds,
    method.method,
    results.results,
    course.verdicts,
    results.disagreements,
    changes.changes,
    changes.attrition,
    changes.indicators,
    checklist.checklist,
    credes.credes,
    study.provenance,
)


def report_of(study: Study) -> Iterator[Block]:
    found = Reported(study)
    for section in SECTIONS:
        yield from section(found)


def count_blocks(study: Study) -> int:
    """Roughly how many there will be: for the progress bar."""
    return 100 + study.technologies.count()
