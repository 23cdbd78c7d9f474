"""What surveys announces. Listeners get ids, after the transaction that made the change was committed."""

from django.db import transaction
from django.dispatch import Signal

round_opened = Signal()
round_closed = Signal()


def announce(signal: Signal, **ids: int) -> None:
    """Send `signal` once the running transaction has committed.

    A listener's failure is logged and no more: the change was made, and whoever made it must not be told otherwise.
    """
    transaction.on_commit(lambda: signal.send(sender=None, **ids), robust=True)
