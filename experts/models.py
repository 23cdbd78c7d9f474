"""Who: accounts, the expert bank, panels and their groups, roles, invitations with personal links."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts.enums import LIVE_INVITATIONS, InvitationStatus, MemberStatus, Role
from experts.validators import single_line
from foundation.codes import new_code
from foundation.localized import LocalizedField

LANGUAGE_CHOICES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]


class UserManager(BaseUserManager):
    use_in_migrations = True

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account. Its e-mail address is its login name; `is_staff` makes it an administrator."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True, validators=[single_line])
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGE_CHOICES, blank=True)
    is_staff = models.BooleanField(_("administrator"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        ordering = ["email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_whatever_case")]

    def __str__(self):
        return self.name or self.email

    @property
    def audit_label(self) -> str:
        """How the audit trail names this account for ever: no name, because entries outlive erasure.

        Pages that show the trail look the name up through the entry's `actor` while the account exists.
        """
        return f"account {self.code}"

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)


class Expert(models.Model):
    """One person in the expert bank, across studies."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    name = models.CharField(_("name"), max_length=150, validators=[single_line])
    email = models.EmailField(_("e-mail"))
    organisation = models.CharField(_("organisation"), max_length=200, blank=True, validators=[single_line])
    country = models.CharField(_("country"), max_length=80, blank=True, validators=[single_line])
    expertise = models.JSONField(_("expertise"), default=list, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGE_CHOICES, default="en")
    notes = models.TextField(_("notes"), blank=True)
    simulated = models.BooleanField(_("simulated"), default=False)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="expert")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="expert_email_whatever_case")]

    def __str__(self):
        return self.name


class Panel(models.Model):
    """The people of one study: its experts, in groups, and the staff with their roles."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    name = LocalizedField(_("name"), max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return str(self.name)


class PanelGroup(models.Model):
    """A stakeholder group within a panel, such as academia, industry or government."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="groups")
    key = models.SlugField(_("key"), max_length=40)
    name = LocalizedField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["panel", "key"], name="group_key_once_in_panel")]

    def __str__(self):
        return str(self.name)


class PanelMember(models.Model):
    """One expert in one panel. Peers know the pseudonym only; it carries no order of joining."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="members")
    expert = models.ForeignKey(Expert, null=True, on_delete=models.SET_NULL, related_name="memberships")
    group = models.ForeignKey(
        PanelGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    pseudonym = models.CharField(_("pseudonym"), max_length=40)
    status = models.CharField(max_length=12, choices=MemberStatus.choices, default=MemberStatus.ACTIVE)
    language = models.CharField(max_length=10, choices=LANGUAGE_CHOICES, default="en")
    joined_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pseudonym"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "expert"], name="member_once_in_panel"),
            models.UniqueConstraint(fields=["panel", "pseudonym"], name="member_pseudonym_once"),
        ]

    def __str__(self):
        return self.pseudonym


class PanelRole(models.Model):
    """What an account may do around one panel, and so in the study that the panel answers."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="panel_roles")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["panel", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "user"], name="one_role_per_account_and_panel"),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}"


class Invitation(models.Model):
    """An invitation with its personal link.

    The link's token is derived from `nonce` (256 random bits) and the server's key, and is not stored: only its
    hash is. The database alone opens nothing, and a reminder can carry the same link.
    """

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    member = models.ForeignKey(PanelMember, on_delete=models.CASCADE, related_name="invitations")
    nonce = models.CharField(max_length=64, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    status = models.CharField(max_length=10, choices=InvitationStatus.choices, default=InvitationStatus.DRAFT)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(status__in=LIVE_INVITATIONS),
                name="one_live_invitation_per_member",
            ),
        ]

    def __str__(self):
        return f"{self.member} {self.status}"

    @property
    def is_live(self) -> bool:
        return self.status in LIVE_INVITATIONS and self.expires_at > timezone.now()


class MemberFile(models.Model):
    """What is kept for a day of a file of members that somebody uploaded."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class MemberImport(MemberFile):
    """Rows of a checked file that wait for somebody's confirmation. Deleted with it, or after a day."""

    rows = models.JSONField(default=list)

    def __str__(self):
        return f"{self.file_name} {self.code}"


class FinishedImport(MemberFile):
    """Whom an import of members brought, by code, for as long as it may be undone. Dropped after a day."""

    members = models.JSONField(default=list)
    experts = models.JSONField(default=list, help_text=_("Codes of those who were new in the expert bank."))

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"{self.file_name} {self.code}"


class ApiToken(models.Model):
    """A program's way in for one account, to read through the API. Only the token's hash is kept."""

    PREFIX = "delphi_"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("what it is for"), max_length=100)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.name
