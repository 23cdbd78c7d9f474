"""Where technologies come from: corpora and documents, scans, candidates with evidence, decisions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.codes import new_code
from foundation.localized import LocalizedField
from foundation.models import Job
from scanning.append_only import Appended, AppendOnly
from scanning.enums import (
    CandidateStatus,
    DecisionAction,
    DocumentKind,
    ImportStatus,
    MonitorSchedule,
    RejectReason,
    RunTrigger,
)
from surveys.models import Field, Study, Technology


class DocumentQuerySet(models.QuerySet):
    def visible(self):
        """Documents of files whose import is complete: an import under way is not there yet."""
        return self.filter(Q(source_file=None) | Q(source_file__status=ImportStatus.IMPORTED))


class CandidateQuerySet(models.QuerySet):
    def visible(self):
        """Candidates of complete scans that are not held back, and those added by hand."""
        return self.filter(Q(scan=None) | Q(scan__finished_at__isnull=False), held=False)


class Corpus(models.Model):
    """A collection of documents that scans of one study read."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="corpora")
    name = models.CharField(_("name"), max_length=200)
    formula = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("Weights that order its candidates; empty: those of the recipe."),
    )
    column_map = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("What the columns of its tables mean, as a person said: field, header."),
    )
    import_turn = models.CharField(
        max_length=40, blank=True, editable=False, help_text=_("Lease of the job that imports now.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "corpora"

    def __str__(self):
        return self.name


class CorpusFile(models.Model):
    """One imported file: what was read of it, and what was refused, with line numbers."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    file = models.FileField(upload_to="corpora/%Y/%m/", blank=True)
    format = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=10, choices=DocumentKind.choices, default=DocumentKind.PAPER)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=ImportStatus.choices, default=ImportStatus.WAITING)
    n_read = models.PositiveIntegerField(default=0)
    n_new = models.PositiveIntegerField(default=0)
    n_updated = models.PositiveIntegerField(default=0)
    n_duplicates = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list, help_text=_("Line number and reason."))
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.name


class Document(models.Model):
    """One record of a corpus."""

    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="documents")
    source_file = models.ForeignKey(
        CorpusFile, null=True, on_delete=models.SET_NULL, related_name="documents"
    )
    external_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=DocumentKind.choices, default=DocumentKind.PAPER)
    source = models.CharField(max_length=120, blank=True)
    database = models.CharField(max_length=20, blank=True, help_text=_("Whose export it came from."))
    title = models.TextField(blank=True)
    abstract = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    date = models.DateField(null=True, blank=True)
    url = models.URLField(max_length=500, blank=True)
    countries = models.JSONField(default=list, blank=True)
    organisations = models.JSONField(default=list, blank=True)
    fingerprint = models.CharField(max_length=40, help_text=_("Of the normalised title."))

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["corpus", "external_id"], name="document_once_in_corpus"),
        ]
        indexes = [
            models.Index(fields=["corpus", "year"], name="document_by_year"),
            models.Index(fields=["corpus", "fingerprint"], name="document_by_fingerprint"),
        ]

    def __str__(self):
        return self.title[:80] or self.external_id

    @property
    def named(self) -> bool:
        """Whether the identifier is the source's own, not one made from the title."""
        return not self.external_id.startswith("title:")


class Scan(models.Model):
    """One run of the mining recipe over a corpus, with everything needed to run it again."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="scans")
    recipe = models.JSONField(default=dict)
    method = models.CharField(max_length=60, blank=True)
    summary = models.JSONField(default=dict, help_text=_("Documents read, years, durations, memory."))
    network = models.JSONField(default=dict, help_text=_("Names and which of them share documents."))
    watching = models.BooleanField(
        default=False, help_text=_("Run by a monitor: its candidates are held back.")
    )
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"{self.corpus} {self.code}"


class Candidate(models.Model):
    """A proposed technology: the machine's until a person accepted it."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="candidates")
    scan = models.ForeignKey(Scan, null=True, on_delete=models.PROTECT, related_name="candidates")
    field = models.ForeignKey(
        Field, null=True, blank=True, on_delete=models.SET_NULL, related_name="candidates"
    )
    name = LocalizedField(_("name"), max_length=300)
    description = LocalizedField(_("description"), max_length=4000, blank=True)
    mined_name = models.CharField(max_length=300, help_text=_("As the machine found it; never edited."))
    language = models.CharField(max_length=10, default="en")
    topic = models.ForeignKey(
        "Topic", null=True, blank=True, on_delete=models.SET_NULL, related_name="candidates"
    )
    method = models.CharField(max_length=60)
    model = models.CharField(
        max_length=100, blank=True, help_text=_("Language model that wrote of it; blank: none.")
    )
    prompt_version = models.CharField(max_length=40, blank=True)
    how = models.JSONField(default=dict, help_text=_("How it was found, for people and machines."))
    variants = models.JSONField(default=list)
    score = models.FloatField(default=0)
    score_parts = models.JSONField(default=dict)
    signals = models.JSONField(default=dict)
    growth = models.FloatField(null=True, blank=True, help_text=_("Of the signals, to sort by."))
    n_documents = models.PositiveIntegerField(default=0)
    yearly = models.JSONField(default=dict, help_text=_("Documents per year."))
    rank = models.PositiveIntegerField(default=0)
    held = models.BooleanField(
        default=False,
        help_text=_("Found by a monitor; not on the review board until a person puts it there."),
    )
    status = models.CharField(max_length=10, choices=CandidateStatus.choices, default=CandidateStatus.PENDING)
    signed = models.BooleanField(default=False, help_text=_("A second person stands by the wording."))
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    split_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    technology = models.ForeignKey(
        Technology, null=True, blank=True, on_delete=models.PROTECT, related_name="candidates"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "pk"]
        indexes = [models.Index(fields=["study", "status", "rank"], name="candidate_queue")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=CandidateStatus.MERGED) | Q(merged_into__isnull=False),
                name="merged_candidate_names_its_target",
            ),
        ]

    def __str__(self):
        return str(self.name)


class Evidence(models.Model):
    """A document that supports a candidate, with the passage to highlight."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="evidence")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="evidence")
    part = models.CharField(max_length=10, default="abstract", help_text=_("title or abstract"))
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    passages = models.JSONField(default=list, help_text=_("All places: part, start, end."))
    weight = models.FloatField(default=1)

    class Meta:
        ordering = ["-weight", "pk"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["candidate", "document"], name="evidence_once_per_document"),
        ]

    def __str__(self):
        return f"{self.candidate_id} {self.document_id}"


class Decision(AppendOnly):
    """What a reviewer did with a candidate. Never edited, never deleted."""

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="decisions")
    action = models.CharField(max_length=10, choices=DecisionAction.choices)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewer_label = models.CharField(max_length=200)
    reject_reason = models.CharField(max_length=16, choices=RejectReason.choices, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.candidate_id} {self.action}"


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


from scanning.board_models import Backtest, Opinion, ReviewPolicy, Topic, TopicDecision  # noqa: E402
from scanning.counting_models import CountedChunk  # noqa: E402
from scanning.llm_models import ModelCall, ReasonSummary, Suggestion  # noqa: E402

__all__ = [
    "Appended",
    "Backtest",
    "Candidate",
    "Corpus",
    "CorpusFile",
    "CountedChunk",
    "Decision",
    "Document",
    "Evidence",
    "ModelCall",
    "Monitor",
    "MonitorRun",
    "Opinion",
    "ReasonSummary",
    "ReviewPolicy",
    "Scan",
    "Suggestion",
    "Topic",
    "TopicDecision",
]
