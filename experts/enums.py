from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ORGANISER = "organiser", _("Organiser")
    MODERATOR = "moderator", _("Moderator")
    ANALYST = "analyst", _("Analyst")


class Capability(models.TextChoices):
    """What a role may do in one study. The table is `experts.permissions.CAPABILITIES`."""

    VIEW = "view", _("See the study and its results")
    EDIT_STUDY = "edit_study", _("Edit the protocol and the technology list")
    RUN_ROUNDS = "run_rounds", _("Open and close rounds")
    MANAGE_PANEL = "manage_panel", _("Manage the panel and its invitations")
    MODERATE = "moderate", _("Moderate reasons")
    REVIEW = "review", _("Review candidate technologies")
    EXPORT = "export", _("Export results and pseudonymous answers")
    MANAGE_ROLES = "manage_roles", _("Give and take roles")
    SEE_AUDIT = "see_audit", _("Read the audit trail")


class MemberStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class InvitationStatus(models.TextChoices):
    DRAFT = "draft", _("Not sent yet")
    SENT = "sent", _("Sent")
    OPENED = "opened", _("Opened")
    REVOKED = "revoked", _("Revoked")


LIVE_INVITATIONS = (InvitationStatus.DRAFT, InvitationStatus.SENT, InvitationStatus.OPENED)
