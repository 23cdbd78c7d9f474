"""`manage.py scan_corpus`: mine a corpus into candidates and print the best, with time and memory."""

import time

from django.core.management.base import BaseCommand, CommandError

from foundation.services import jobs
from scanning.management.support import acting_account, finished
from scanning.models import Corpus
from scanning.recipe import LANGUAGES, RANKINGS, Recipe
from scanning.services.scans import peak_memory_mb, start_scan


class Command(BaseCommand):
    help = "Mine a corpus (by code or name) into candidate technologies."

    def add_arguments(self, parser):
        parser.add_argument("corpus", nargs="?", default="", help="Code or name; the newest by default.")
        parser.add_argument("--language", default="any", choices=LANGUAGES)
        parser.add_argument("--ranking", default="established", choices=RANKINGS)
        parser.add_argument("--limit", type=int, default=120)
        parser.add_argument("--min-documents", type=int)
        parser.add_argument("--year-from", type=int)
        parser.add_argument("--year-to", type=int)
        parser.add_argument("--show", type=int, default=20, help="How many candidates to print.")

    def handle(self, *args, corpus: str, show: int, **options):
        names = Recipe.__dataclass_fields__
        recipe = Recipe(**{name: options[name] for name in names if name in options})
        chosen = self._corpus(corpus)
        actor = acting_account(chosen.study)
        started = time.monotonic()
        scan = start_scan(corpus=chosen, actor=actor, recipe=recipe)
        jobs.run(scan.job_id)
        job = finished(scan.job)
        scan.refresh_from_db()
        if not scan.finished_at:
            raise CommandError(job.error or "The scan was not completed.")
        for candidate in scan.candidates.order_by("rank")[:show]:
            growth = candidate.signals.get("growth")
            rising = f"{growth:+.2f}" if growth is not None else "-"
            self.stdout.write(
                f"{candidate.rank:4}  {candidate.mined_name}  "
                f"({candidate.n_documents} documents, growth {rising})"
            )
        self.stdout.write(
            f"{chosen.name} ({chosen.code}): {scan.summary['documents']} documents, "
            f"{scan.summary['candidates']} candidates; {time.monotonic() - started:.1f} s, "
            f"peak memory {peak_memory_mb()} MB; hash {scan.summary['hash'][:16]}"
        )

    def _corpus(self, name: str) -> Corpus:
        corpora = Corpus.objects.select_related("study__panel").order_by("-created_at")
        corpus = (corpora.filter(code=name) or corpora.filter(name=name) if name else corpora).first()
        if corpus is None:
            raise CommandError(
                f"no corpus {name}" if name else "There is no corpus yet. Import a file first."
            )
        return corpus
