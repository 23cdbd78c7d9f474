from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators and by role invitations, unless a site opens registration."""

    def is_open_for_signup(self, request):
        return getattr(settings, "OPEN_REGISTRATION", False)
