"""The Celery application. Tasks take ids only; job rows, not a result backend, hold their outcome."""

import os

from celery import Celery
from celery.signals import setup_logging

from foundation.broker.worker import connect

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delphi_platform.settings")

connect()
app = Celery("delphi_platform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_django_logging(**_):
    """Celery would otherwise put handlers of its own beside those of the settings."""
