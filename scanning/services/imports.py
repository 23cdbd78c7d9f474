"""The import of one corpus file: walk it, check all of it, then bring it in.

A record whose date cannot be read is kept without it, one without any text is left out; both are counted and the
first ones listed. The file is refused when it is not what it seems.

Nothing is written before the whole file was checked. Documents of an import under way are invisible until one
update of the file's row makes all of them visible at once; only then are documents of earlier imports updated.
A killed or cancelled run leaves invisible rows that the next run removes first, so every run ends the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation.services.audit import record
from foundation.services.jobs import JobCancelled, Progress, job_kind
from scanning.enums import ImportStatus
from scanning.exceptions import FileRefused
from scanning.formats import FORMATS, Entry, Fault, FileFault, detect_format
from scanning.formats.base import LEFT_OUT, MAX_FAULTS
from scanning.formats.source import Inspection, inspect, open_source
from scanning.models import CorpusFile
from scanning.services import intake
from scanning.services.corpora import IMPORT
from scanning.services.fence import hold
from scanning.services.monitoring import corpus_grew

BATCH = 1000


@job_kind(IMPORT, _("Import of a file"))
def import_file(progress: Progress) -> dict:
    corpus_file = CorpusFile.objects.select_related("corpus__study").get(pk=progress.params["file"])
    if corpus_file.status == ImportStatus.REFUSED:
        raise FileRefused
    run = _Run(corpus_file, progress)
    try:
        if corpus_file.status != ImportStatus.IMPORTED:
            run.check()
            run.bring_in()
        run.update_earlier()
    except FileFault as error:
        run.refuse([error.fault])
    finally:
        intake.give_turn_back(corpus_file.corpus, progress.job.lease)
    if corpus_file.n_new or corpus_file.n_updated:
        corpus_grew(corpus_file.corpus)
    return run.result()


@dataclass
class Notices:
    """What is said of records that are kept with a gap or left out: all are counted, the first are listed."""

    usable: int = 0
    gaps: int = 0
    left_out: int = 0
    listed: list[Fault] = field(default_factory=list)

    def take(self, parsed: Entry | Fault) -> bool:
        """Whether the file can be read on in spite of this."""
        if isinstance(parsed, Entry):
            self.usable += 1
            self.gaps += bool(parsed.gaps)
            self._list(parsed.gaps)
            return True
        if parsed.code not in LEFT_OUT:
            return False
        self.left_out += 1
        self._list([parsed])
        return True

    def _list(self, faults) -> None:
        self.listed.extend(list(faults)[: MAX_FAULTS - len(self.listed)])

    def columns(self) -> dict:
        return {
            "n_gaps": self.gaps,
            "n_left_out": self.left_out,
            "errors": [fault.as_dict() for fault in self.listed],
        }


class _Run:
    def __init__(self, corpus_file: CorpusFile, progress: Progress):
        self.file, self.progress = corpus_file, progress
        self.path = Path(corpus_file.file.path)
        self.bytes = max(self.path.stat().st_size, 1)
        self.inspection: Inspection | None = None
        self.notices = Notices()

    def check(self) -> None:
        """Read everything once; refuse the file when it is not what it seems, or nothing of it can be used."""
        self._inspect()
        faults: list[Fault] = []
        self.notices = Notices()
        for parsed in self._read(step=1):
            if not self.notices.take(parsed):
                faults.append(parsed)
                if len(faults) >= MAX_FAULTS:
                    faults.append(Fault(parsed.line, "more"))
                    break
        if not self.notices.usable and not faults:
            faults = self.notices.listed or [Fault(0, "empty")]
        if faults:
            self.refuse(faults)

    def refuse(self, faults: list[Fault]) -> None:
        with transaction.atomic():
            hold(self.progress)
            CorpusFile.objects.filter(pk=self.file.pk, status=ImportStatus.WAITING).update(
                status=ImportStatus.REFUSED,
                errors=[fault.as_dict() for fault in faults],
                format=self.file.format,
            )
            self._record("corpus.file_refused", {"faults": len(faults)})
        raise FileRefused(errors={fault.line: fault.code for fault in faults[:20]})

    def bring_in(self) -> None:
        """Insert what is new, invisible; count; then make it visible in one update."""
        intake.wait_for_turn(self.file.corpus, self.progress)
        intake.remove_invisible(self.file.corpus)
        try:
            counts = self._insert()
        except JobCancelled:
            intake.remove_invisible(self.file.corpus)
            raise
        with transaction.atomic():
            hold(self.progress)
            self.file.status = ImportStatus.IMPORTED
            columns = counts.columns() | self.notices.columns()
            for name, value in columns.items():
                setattr(self.file, name, value)
            self.file.save(update_fields=["status", "format", *columns])
            self._record("corpus.file_imported", {k: v for k, v in columns.items() if k != "errors"})

    def _insert(self) -> intake.Counts:
        counts = intake.Counts()
        for batch in _batches(self._read(step=2)):
            with transaction.atomic():
                hold(self.progress)
                intake.hold_turn(self.file.corpus, self.progress)
                counts += intake.insert_new(self.file, batch)
        return counts

    def update_earlier(self) -> None:
        """Bring documents of earlier files up to date. Safe to repeat: it writes what the file says."""
        if not self.file.n_updated:
            return
        if self.inspection is None:
            self._inspect()
        for batch in _batches(self._read(step=3)):
            with transaction.atomic():
                hold(self.progress)
                intake.update_changed(self.file, batch)

    def result(self) -> dict:
        file = self.file
        return {
            "read": file.n_read,
            "new": file.n_new,
            "updated": file.n_updated,
            "duplicates": file.n_duplicates,
            "gaps": file.n_gaps,
            "left out": file.n_left_out,
        }

    def _inspect(self) -> None:
        self.inspection = inspect(self.path, lambda position: self._tick(0, position), self.file.name)
        sample = replace(self.inspection.sample, mapping=self.file.corpus.column_map)
        form = FORMATS.get(self.file.format) or detect_format(sample)
        if form is None:
            raise FileFault(Fault(1, "unknown_format"))
        if form.container != self.inspection.container:
            raise FileFault(Fault(0, "wrong_format", self.inspection.container))
        self.file.format = form.key

    def _read(self, step: int) -> Iterator[Entry | Fault]:
        form = FORMATS[self.file.format]
        mapping = self.file.corpus.column_map
        with open_source(self.path, self.inspection, self.file.name, mapping) as source:
            for number, parsed in enumerate(form.read(source)):
                if number % 200 == 0:
                    self._tick(step, source.position())
                yield parsed
            self._tick(step, self.bytes)

    def _tick(self, step: int, position: int) -> None:
        # Four walks: inspecting, checking, inserting, updating; the last one never reports being complete.
        try:
            self.progress.update(min(step * self.bytes + position, 4 * self.bytes - 1), 4 * self.bytes)
        except JobCancelled:
            if self.file.status != ImportStatus.IMPORTED:  # once visible, the import is brought to its end
                raise

    def _record(self, action: str, detail: dict) -> None:
        record(
            stream=self.file.corpus.study.stream,
            action=action,
            actor=self.progress.job.requested_by,
            target=self.file.name,
            detail={"corpus": self.file.corpus.code, "file": self.file.code, **detail},
        )


def _batches(entries: Iterator[Entry | Fault]) -> Iterator[list[Entry]]:
    usable = (entry for entry in entries if isinstance(entry, Entry))
    while batch := list(islice(usable, BATCH)):
        yield batch
