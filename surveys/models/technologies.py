from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.codes import new_code
from foundation.localized import LocalizedField
from surveys.enums import Origin, TechnologyStatus
from surveys.models.study import Field, Study


class Technology(models.Model):
    """One entry of the study's list, the thing that is rated."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="technologies")
    field = models.ForeignKey(
        Field, null=True, blank=True, on_delete=models.PROTECT, related_name="technologies"
    )
    key = models.CharField(
        _("number"), max_length=40, help_text=_("A short name that stays the same in exports, such as T07.")
    )
    name = LocalizedField(_("name"), max_length=300)
    description = LocalizedField(_("description"), max_length=4000, blank=True)
    status = models.CharField(
        max_length=10, choices=TechnologyStatus.choices, default=TechnologyStatus.ACTIVE
    )
    origin = models.CharField(max_length=12, choices=Origin.choices, default=Origin.ORGANISER)
    source_code = models.CharField(
        max_length=16,
        blank=True,
        db_index=True,
        help_text=_("Code of the candidate or proposal it came from."),
    )
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "technologies"
        constraints = [models.UniqueConstraint(fields=["study", "key"], name="technology_key_once_in_study")]

    def __str__(self):
        return str(self.name)
