"""The Celery application. Tasks take ids only; job rows, not a result backend, hold their outcome."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delphi_platform.settings")

app = Celery("delphi_platform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
