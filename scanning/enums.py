from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    PAPER = "paper", _("Paper")
    PATENT = "patent", _("Patent")
    PROJECT = "project", _("Research project")
    NEWS = "news", _("News")
    REPORT = "report", _("Report")


class ImportStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    IMPORTED = "imported", _("Imported")
    REFUSED = "refused", _("Refused")


class CandidateStatus(models.TextChoices):
    PENDING = "pending", _("To be reviewed")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
    MERGED = "merged", _("Merged into another")
    SPLIT = "split", _("Split into others")


class DecisionAction(models.TextChoices):
    ACCEPT = "accept", _("Accepted")
    EDIT = "edit", _("Edited")
    MERGE = "merge", _("Merged")
    SPLIT = "split", _("Split")
    REJECT = "reject", _("Rejected")
    PROMOTE = "promote", _("Put on the technology list")
    ADD = "add", _("Added by hand")
    SIGN = "sign", _("Signed by a second person")
    EVIDENCE = "evidence", _("More evidence fetched")
    UNDO = "undo", _("Undone")


class RejectReason(models.TextChoices):
    NONE = "", _("No reason")
    NOT_TECHNOLOGY = "not_technology", _("Not a technology")
    TOO_BROAD = "too_broad", _("Too broad")
    TOO_NARROW = "too_narrow", _("Too narrow")
    DUPLICATE = "duplicate", _("Already on the list")
    OFF_TOPIC = "off_topic", _("Outside the study")
    OTHER = "other", _("Another reason")


class Judgement(models.TextChoices):
    """What one of two reviewers says without knowing what the other says."""

    ACCEPT = "accept", _("Accept")
    REJECT = "reject", _("Reject")


class TopicStatus(models.TextChoices):
    ACTIVE = "active", _("On the map")
    MERGED = "merged", _("Merged into another")
    DELETED = "deleted", _("Deleted")


class TopicAction(models.TextChoices):
    RELABEL = "relabel", _("Renamed")
    MERGE = "merge", _("Merged")
    SPLIT = "split", _("Split")
    DELETE = "delete", _("Deleted")
    MOVE = "move", _("Candidate moved")
    UNDO = "undo", _("Undone")


class MonitorSchedule(models.TextChoices):
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")
    NEVER = "never", _("Not by the calendar")


class RunTrigger(models.TextChoices):
    SCHEDULE = "schedule", _("By the calendar")
    UPLOAD = "upload", _("New documents")
    HAND = "hand", _("By hand")


class SuggestionKind(models.TextChoices):
    WORDING = "wording", _("Wording")
    MERGE = "merge", _("Merge")
    SPLIT = "split", _("Split")


class SuggestionStatus(models.TextChoices):
    WAITING = "waiting", _("To be reviewed")
    ACCEPTED = "accepted", _("Accepted")
    EDITED = "edited", _("Accepted with changes")
    REJECTED = "rejected", _("Rejected")


class SummaryStatus(models.TextChoices):
    WAITING = "waiting", _("To be approved")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    ERASED = "erased", _("Erased")


class CallStatus(models.TextChoices):
    BEGUN = "begun", _("Begun")
    DONE = "done", _("Answered")
    FAILED = "failed", _("Failed")
