from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from delphi_platform.replay import read_estimates, replay
from experts.models import User
from foundation.exceptions import InvalidInput


class Command(BaseCommand):
    help = "Play a two-round elicitation (round,item,expert,group,best,lower,upper in percent) as a study."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--owner", default="replay@example.org", help="e-mail of the owner's account")
        parser.add_argument("--title", default="Replayed elicitation")

    def handle(self, *args, file, owner, title, **options):
        account = User.objects.filter(email=owner.lower()).first()
        if account is None:
            account = User.objects.create_user(owner, name="Replay")
        try:
            study = replay(estimates=read_estimates(file), owner=account, title=title, say=self.stdout.write)
        except FileNotFoundError as error:
            raise CommandError(f"no such file: {file}") from error
        except InvalidInput as refusal:
            lines = [f"  line {line}: {reason}" for line, reason in refusal.errors.items()]
            raise CommandError("\n".join([str(refusal.message), *lines])) from refusal
        self.stdout.write(self.style.SUCCESS(f"study {study.code}"))
