"""Accounts: made by administrators or for a role, told by mail how to choose a password."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability, Role
from experts.exceptions import LastOwner
from experts.models import Panel, PanelRole, User
from experts.permissions import require, require_administrator
from experts.services.bank import scrub_mails
from experts.services.panels import checked
from experts.services.resolving import PASSWORD
from experts.services.roles import set_role
from foundation.exceptions import InvalidInput
from foundation.services.audit import PLATFORM, record
from foundation.services.mail import post, write_mail


def find_account(email: str) -> User | None:
    return User.objects.annotate(lower=Lower("email")).filter(lower=email.strip().lower()).first()


@transaction.atomic
def create_account(
    *,
    email: str,
    actor: User | None,
    name: str = "",
    language: str = "",
    administrator: bool = False,
    password: str | None = None,
    notify: bool = True,
) -> User:
    """A new account; without a password its holder chooses one by mail. `actor=None` is the command line."""
    if actor is not None:
        require_administrator(actor, "create_account")
    return _create(email, actor, name, language, administrator, password, notify)


def _create(email, actor, name, language, administrator, password, notify) -> User:
    if find_account(email):
        raise InvalidInput(errors={"email": [_("There is an account with this address.")]})
    user = User(email=email.strip().lower(), name=name.strip(), language=language, is_staff=administrator)
    user.set_password(password)
    checked(user, exclude=["password"])
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    record(
        stream=PLATFORM,
        action="account.created",
        actor=actor,
        target=user.audit_label,
        detail={"administrator": administrator},
    )
    if notify and not user.has_usable_password():
        send_account_mail(user)
    return user


def send_account_mail(user: User, template: str = "account"):
    """Mail that leads to choosing a password. The link is made when the mail leaves and is not stored."""
    row = write_mail(
        template=template,
        context={"name": user.name, "email": user.email},
        to_address=user.email,
        to_name=user.name,
        language=user.language or "en",
        link_reference=f"{PASSWORD}{user.code}",
    )
    post(row)
    return row


@transaction.atomic
def give_role_to_address(*, panel: Panel, email: str, role: str, actor: User, stream: str = "") -> PanelRole:
    """Give a role to whoever has this address; somebody new gets an account and a mail."""
    require(actor, panel, Capability.MANAGE_ROLES)
    if role not in Role.values:
        raise InvalidInput(errors={"role": [_("Choose a role.")]})
    user = find_account(email) or _create(email, actor, "", actor.language, False, None, True)
    if not user.is_active:
        raise InvalidInput(errors={"email": [_("This account is closed.")]})
    return set_role(panel=panel, user=user, role=role, actor=actor, stream=stream)


@transaction.atomic
def edit_own_account(*, user: User, name: str, language: str) -> User:
    user.name, user.language = name.strip(), language
    checked(user, exclude=["password"])
    user.save(update_fields=["name", "language"])
    return user


@transaction.atomic
def set_account_state(
    *, user: User, actor: User, active: bool | None = None, administrator: bool | None = None
):
    """Close or reopen an account, make or unmake an administrator. Nobody does so to themselves."""
    require_administrator(actor, "set_account_state")
    if user.pk == actor.pk:
        raise InvalidInput(_("You cannot change this about your own account."))
    if active is not None:
        user.is_active = active
    if administrator is not None:
        user.is_staff = administrator
    user.save(update_fields=["is_active", "is_staff"])
    if not user.is_active:
        end_sessions(user)
    record(
        stream=PLATFORM,
        action="account.changed",
        actor=actor,
        target=user.audit_label,
        detail={"active": user.is_active, "administrator": user.is_staff},
    )
    return user


@transaction.atomic
def erase_account(*, user: User, actor: User) -> None:
    """Remove an account for good. A panel's last owner has to be replaced first."""
    require_administrator(actor, "erase_account")
    if user.pk == actor.pk:
        raise InvalidInput(_("You cannot change this about your own account."))
    owned = PanelRole.objects.filter(user=user, role=Role.OWNER).values_list("panel_id", flat=True)
    for panel_id in owned:
        if not PanelRole.objects.filter(panel_id=panel_id, role=Role.OWNER).exclude(user=user).exists():
            raise LastOwner
    record(stream=PLATFORM, action="account.erased", actor=actor, target=user.audit_label)
    end_sessions(user)
    scrub_mails(address=user.email, references=[f"{PASSWORD}{user.code}"])
    user.delete()


def end_sessions(user: User) -> None:
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
