from django.core.management.base import BaseCommand

from delphi_platform.demo.load import load_demo


class Command(BaseCommand):
    help = "Load the demo study with its simulated panel, through the services that pages use."

    def handle(self, *args, **options):
        study = load_demo(self.stdout.write)
        self.stdout.write(self.style.SUCCESS(f"demo study {study.code}"))
