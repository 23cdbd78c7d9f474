"""Rows that may only be added: decisions, opinions. What was said stays said."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.exceptions import Refusal


class Appended(Refusal):
    """Somebody tried to change what may only be added to."""

    code = "append_only"
    default_message = _("Decisions are kept as they were made.")


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise Appended

    def delete(self):
        raise Appended

    def bulk_update(self, objs, fields, batch_size=None):
        raise Appended


class AppendOnly(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise Appended
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise Appended
