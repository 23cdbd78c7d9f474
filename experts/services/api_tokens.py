"""API tokens of accounts: shown once, hashed at rest, revocable."""

import secrets

from django.db import transaction
from django.utils import timezone

from experts.models import ApiToken, User
from experts.tokens import hash_token
from foundation.exceptions import NotAllowed
from foundation.services.audit import PLATFORM, record


@transaction.atomic
def create_token(*, user: User, name: str) -> tuple[ApiToken, str]:
    """A new token and its text, which cannot be read again."""
    text = ApiToken.PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(user=user, name=name[:100], token_hash=hash_token(text))
    record(stream=PLATFORM, action="token.created", actor=user, target=f"token {token.code}")
    return token, text


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: User) -> None:
    if token.user_id != actor.pk and not actor.is_staff:
        raise NotAllowed
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record(stream=PLATFORM, action="token.revoked", actor=actor, target=f"token {token.code}")


def account_of(text: str) -> User | None:
    """The active account that this token belongs to."""
    token = (
        ApiToken.objects.filter(token_hash=hash_token(text), revoked_at=None, user__is_active=True)
        .select_related("user")
        .first()
    )
    if token is None:
        return None
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
    return token.user
