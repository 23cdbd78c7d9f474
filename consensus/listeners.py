"""What this app does when surveys announces something."""

from consensus.jobs import request_computation
from consensus.services.feedback import freeze_reasons


def on_round_closed(sender, round_id: int, **_):
    request_computation(round_id=round_id)


def on_round_opened(sender, round_id: int, **_):
    freeze_reasons(round_id=round_id)
