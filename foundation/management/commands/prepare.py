"""`manage.py prepare`: catalogues, migrations, cache table, static files, demo. Safe to repeat."""

from django.core.management.base import BaseCommand

from foundation.preparation import prepare


class Command(BaseCommand):
    help = "Brings database, message catalogues and static files up to date; loads the demo study once."

    def add_arguments(self, parser):
        parser.add_argument("--no-demo", action="store_true", help="Leave the demo study out.")

    def handle(self, *args, no_demo, **options):
        prepare(self.stdout.write, with_demo=not no_demo)
