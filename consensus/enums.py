from django.db import models
from django.utils.translation import gettext_lazy as _


class ComputationStatus(models.TextChoices):
    RUNNING = "running", _("Running")
    CURRENT = "current", _("Current")
    SUPERSEDED = "superseded", _("Superseded")


class ExportKind(models.TextChoices):
    RESULTS = "results", _("Results")
    ANSWERS = "answers", _("Pseudonymous answers")
    REPORT = "report", _("Consensus report")


class ExportFormat(models.TextChoices):
    CSV = "csv", _("CSV (zipped, with codebook)")
    XLSX = "xlsx", _("Excel workbook")
    JSON = "json", _("JSON")
    DOCX = "docx", _("Word document")


TABULAR = (ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.JSON)
FORMATS: dict[str, tuple[ExportFormat, ...]] = {
    ExportKind.RESULTS: TABULAR,
    ExportKind.ANSWERS: TABULAR,
    ExportKind.REPORT: (ExportFormat.DOCX,),
}


class OpenBecause(models.TextChoices):
    """Why a verdict is "open", by the names that `consensus.stats.verdicts` gives it."""

    NO_RULE = "no_rule", _("No rule is set")
    NO_EARLIER_ROUND = "no_earlier_round", _("No earlier round to compare with")
    STABILITY_UNKNOWN = "stability_unknown", _("Stability could not be measured")
    NOT_STABLE = "not_stable", _("Not stable yet")
    CONTRADICTION = "contradiction", _("The rules for in and out both hold")
    UNDEFINED = "undefined", _("A figure that the rule needs is missing")
    UNDIVIDED = "undivided", _("Stable and undivided")
    NOT_MET = "not_met", _("No rule holds")


class SupplementKind(models.TextChoices):
    AUTHORITY = "authority", _("Expert indicators")
    ATTRITION = "attrition", _("Attrition")
