import getpass
import os

from django.core.management.base import BaseCommand, CommandError

from experts.services.accounts import create_account
from foundation.exceptions import InvalidInput


class Command(BaseCommand):
    help = "Create an account. Without a password its holder gets a mail to choose one."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument("--language", default="", choices=["", "en", "zh-hans"])
        parser.add_argument("--administrator", action="store_true")
        parser.add_argument(
            "--password-from",
            choices=["mail", "prompt", "env"],
            default="mail",
            help="mail: the holder chooses; prompt: typed now; env: from ACCOUNT_PASSWORD",
        )

    def handle(self, *, email, name, language, administrator, password_from, **options):
        try:
            user = create_account(
                email=email,
                actor=None,
                name=name,
                language=language,
                administrator=administrator,
                password=_password(password_from),
            )
        except InvalidInput as refusal:
            raise CommandError(
                "; ".join(f"{key}: {text}" for key, text in refusal.errors.items())
            ) from refusal
        self.stdout.write(f"created {user.email} ({user.code})")


def _password(source: str) -> str | None:
    if source == "prompt":
        return getpass.getpass("Password: ")
    if source == "env":
        if not os.environ.get("ACCOUNT_PASSWORD"):
            raise CommandError("ACCOUNT_PASSWORD is not set")
        return os.environ["ACCOUNT_PASSWORD"]
    return None
