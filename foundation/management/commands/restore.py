"""`manage.py restore FILE`: a backup onto a machine that holds nothing yet."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from foundation.backups import as_command_error, restore_backup
from foundation.models import AuditHead
from foundation.services.audit import broken_links


class Command(BaseCommand):
    help = "Restores what `manage.py backup` wrote: into an empty database, where no files are."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file, **options):
        with as_command_error():
            restored = restore_backup(file.absolute())
        self.stdout.write(f"Restored the backup of {restored.made_at}; every table has as many rows as then.")
        self._check_audit()
        if not restored.key_is_here:
            self.stdout.write(
                "SECRET_KEY is not the one under which the backup was made: personal links already sent will not open."
            )

    def _check_audit(self) -> None:
        streams = list(AuditHead.objects.order_by("stream").values_list("stream", flat=True))
        if broken := [stream for stream in streams if broken_links(stream)]:
            raise CommandError(f"Audit trails do not verify: {', '.join(broken)}")
        self.stdout.write(f"{len(streams)} audit trails verify.")
