"""Two ways in: an account's session or token to read; a personal link's token to answer."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission

from experts import links
from experts.exceptions import LinkInvalid, LinkNoLongerValid, LinkThrottled
from experts.models import ApiToken, PanelMember
from experts.services.api_tokens import account_of
from experts.throttle import LINK_FAILURES
from foundation.exceptions import NotAllowed

SCHEME = b"bearer"


def bearer(request) -> str:
    """The token of `Authorization: Bearer …`, or an empty string."""
    parts = get_authorization_header(request).split()
    if len(parts) != 2 or parts[0].lower() != SCHEME:
        return ""
    try:
        return parts[1].decode("ascii")
    except UnicodeDecodeError:
        return ""


def refuse_guess(request) -> None:
    """Count a token that opens nothing; genuine ones behind the same address go on working."""
    if LINK_FAILURES.count(request.META.get("REMOTE_ADDR", "")):
        raise LinkThrottled
    raise NotAllowed


class AccountToken(BaseAuthentication):
    """`Authorization: Bearer <API token>` of an account, for reading."""

    def authenticate(self, request):
        token = bearer(request)
        if not token.startswith(ApiToken.PREFIX):
            return None
        account = account_of(token)
        if account is None:
            refuse_guess(request)
        return account, token

    def authenticate_header(self, request):
        return "Bearer"


class MemberToken(BaseAuthentication):
    """`Authorization: Bearer <token of the personal link>`, for answering. `request.user` is the member."""

    def authenticate(self, request):
        token = bearer(request)
        if not token or token.startswith(ApiToken.PREFIX):
            return None
        try:
            return links.member_by_token(token), token
        except (LinkInvalid, LinkNoLongerValid):
            refuse_guess(request)

    def authenticate_header(self, request):
        return "Bearer"


class IsMember(BasePermission):
    def has_permission(self, request, view):
        return isinstance(request.user, PanelMember)


class _Bearer(OpenApiAuthenticationExtension):
    target_class = AccountToken
    name = "accountToken"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": self.target_class.__doc__}


class _MemberBearer(_Bearer):
    target_class = MemberToken
    name = "memberToken"
