"""Saved scans that run again by the calendar or on new documents."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.codes import new_code
from scanning.enums import (
    MonitorSchedule,
    RunTrigger,
)
from scanning.models.corpora import Corpus, Scan


class MonitorQuerySet(models.QuerySet):
    def kept(self):
        return self.filter(removed_at=None)


class Monitor(models.Model):
    """A recipe that reads a corpus again and again, and tells what changed."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="monitors")
    name = models.CharField(_("name"), max_length=200)
    recipe = models.JSONField(default=dict)
    schedule = models.CharField(
        max_length=10, choices=MonitorSchedule.choices, default=MonitorSchedule.WEEKLY
    )
    on_upload = models.BooleanField(default=False)
    mail = models.BooleanField(default=True, help_text=_("Alerts go to all who may review candidates."))
    active = models.BooleanField(default=True)
    next_run_at = models.DateTimeField(null=True, blank=True)
    idle_since = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("Since when its turns were left out, as nothing had been imported."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True, help_text=_("Removed, but can be brought back."))

    objects = MonitorQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["active", "next_run_at"], name="monitor_due")]

    def __str__(self):
        return self.name


class MonitorRun(models.Model):
    """One run of a monitor: its scan, and what it found new, surging, moved or gone since the run before."""

    monitor = models.ForeignKey(Monitor, on_delete=models.CASCADE, related_name="runs")
    scan = models.OneToOneField(Scan, on_delete=models.CASCADE, related_name="monitor_run")
    number = models.PositiveIntegerField()
    trigger = models.CharField(max_length=10, choices=RunTrigger.choices)
    corpus_mark = models.CharField(
        max_length=60, blank=True, help_text=_("What the corpus held when it began.")
    )
    alerts = models.JSONField(default=list)
    changes = models.JSONField(
        default=dict, help_text=_("New, gone and moved candidates since the run before.")
    )
    concluded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["monitor", "number"], name="monitor_run_number_once"),
        ]

    def __str__(self):
        return f"{self.monitor} {self.number}"
