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


class SupplementKind(models.TextChoices):
    AUTHORITY = "authority", _("Expert indicators")
    ATTRITION = "attrition", _("Attrition")
