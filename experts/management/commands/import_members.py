from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from experts.models import Panel
from experts.services.accounts import find_account
from experts.services.member_import import import_members, read_members
from foundation.exceptions import InvalidInput, NotAllowed


class Command(BaseCommand):
    help = "Import panel members from a CSV or XLSX file, whole or not at all."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--panel", required=True, help="code of the panel")
        parser.add_argument("--actor", required=True, help="e-mail address of the account that imports")
        parser.add_argument("--dry-run", action="store_true", help="check the file and change nothing")

    def handle(self, *, file, panel, actor, dry_run, **options):
        found = Panel.objects.filter(code=panel).first()
        account = find_account(actor)
        if found is None or account is None:
            raise CommandError("unknown panel or account")
        try:
            rows = read_members(panel=found, content=file.read_bytes())
            if dry_run:
                self.stdout.write(f"{len(rows)} rows, no problem found")
                return
            members = import_members(panel=found, rows=rows, actor=account)
        except OSError as error:
            raise CommandError(str(error)) from error
        except NotAllowed as refusal:
            raise CommandError("this account does not manage the panel") from refusal
        except InvalidInput as refusal:
            lines = [
                f"line {line}: {' '.join(map(str, reasons))}" for line, reasons in refusal.errors.items()
            ]
            raise CommandError("\n".join([str(refusal), *lines])) from refusal
        self.stdout.write(f"{len(members)} members added, {len(rows) - len(members)} were there already")
