"""What stands behind the placeholder of a mail: a member's link, or the link to choose a password.

Neither is stored. A password link is made when the mail leaves, and works once.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from experts import links
from experts.models import User

PASSWORD = "password:"  # noqa: S105 (a prefix of references)


def resolve(reference: str) -> str:
    if reference.startswith(PASSWORD):
        return password_link(reference.removeprefix(PASSWORD))
    return links.resolve(reference)


def password_link(user_code: str) -> str:
    user = User.objects.filter(code=user_code, is_active=True).first()
    if user is None:
        return _("(this link is no longer valid)")
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return settings.SITE_URL + path.replace("UID-KEY", key)
