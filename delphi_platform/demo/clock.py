"""Let the demo's rounds lie in the past, so that its timeline and audit trail read like a real study's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def days_ago(days: float) -> Iterator[datetime]:
    """Within, `timezone.now()` runs from that many days ago. Only for the simulated demo."""
    real = timezone.now
    shift = timedelta(days=days)
    with patch("django.utils.timezone.now", lambda: real() - shift):
        yield real() - shift
