from django.core.management.base import BaseCommand, CommandError

from consensus.services.compute import compute_round
from surveys.exceptions import WrongState
from surveys.models import Round


class Command(BaseCommand):
    help = (
        "Compute a closed round again. Feedback that was frozen stays as it is; the older results are kept."
    )

    def add_arguments(self, parser):
        parser.add_argument("code", help="code of the round")

    def handle(self, *args, code, **options):
        round = Round.objects.filter(code=code).first()
        if round is None:
            raise CommandError(f"no round has the code {code}")
        try:
            computation = compute_round(round_id=round.pk)
        except WrongState as refusal:
            raise CommandError("the round is not closed yet") from refusal
        self.stdout.write(f"input  {computation.input_hash}")
        self.stdout.write(f"result {computation.result_hash}")
