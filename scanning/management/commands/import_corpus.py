"""`manage.py import_corpus FILE`: bring a corpus file into a study, through the same services as the page."""

import time
from pathlib import Path

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError

from foundation.services import jobs
from scanning.enums import DocumentKind, ImportStatus
from scanning.formats.reasons import reason
from scanning.management.support import acting_account, chosen_study, finished
from scanning.models import Corpus
from scanning.services.corpora import create_corpus, receive_file
from scanning.services.scans import peak_memory_mb


class Command(BaseCommand):
    help = "Import a corpus file of any known format into a study and print time and memory."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--study", default="", help="Code of the study; the newest by default.")
        parser.add_argument("--name", default="", help="Name of the corpus; the file's name by default.")
        parser.add_argument("--kind", default=DocumentKind.PAPER, choices=DocumentKind.values)
        parser.add_argument("--format", default="", help="Recognised from the file by default.")

    def handle(self, *args, file: Path, study: str, name: str, kind: str, format: str, **options):
        if not file.is_file():
            raise CommandError(f"no such file: {file}")
        chosen = chosen_study(study)
        actor = acting_account(chosen)
        name = name or file.name.split(".")[0]
        corpus = Corpus.objects.filter(study=chosen, name=name).first() or create_corpus(
            study=chosen, actor=actor, name=name
        )
        started = time.monotonic()
        with file.open("rb") as handle:
            received = receive_file(
                corpus=corpus, actor=actor, file=File(handle, name=file.name), kind=kind, format=format
            )
        jobs.run(received.job_id)
        job = finished(received.job)
        received.refresh_from_db()
        if received.status != ImportStatus.IMPORTED:
            for fault in received.errors:
                where = f"line {fault['line']}: " if fault["line"] else ""
                self.stderr.write(f"{where}{reason(fault['code'])} {fault['detail']}".rstrip())
            raise CommandError(job.error or "The import was not completed.")
        self.stdout.write(
            f"{corpus.name} ({corpus.code}): {received.n_read} read, {received.n_new} new, "
            f"{received.n_updated} updated, {received.n_duplicates} duplicates, {received.n_gaps} kept with a gap, "
            f"{received.n_left_out} left out; "
            f"{time.monotonic() - started:.1f} s, peak memory {peak_memory_mb()} MB"
        )
