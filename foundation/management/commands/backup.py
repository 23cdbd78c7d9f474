"""`manage.py backup FILE`: everything an empty machine needs, while the platform runs."""

from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from foundation.backups import as_command_error, make_backup


class Command(BaseCommand):
    help = "Writes database, uploaded and exported files and the embedded mode's key into one file."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="default: delphi-DATE.tar.gz, here")

    def handle(self, *args, file, **options):
        target = file or Path(f"delphi-{timezone.now():%Y%m%d-%H%M%S}.tar.gz")
        with as_command_error():
            manifest = make_backup(target.absolute())
        rows = sum(manifest["rows"].values())
        self.stdout.write(f"{target}: {rows} rows of {len(manifest['rows'])} tables, and the files")
        self.stdout.write("It holds names and answers: keep it where nobody else reads.")
