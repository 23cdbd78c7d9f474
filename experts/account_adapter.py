from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators and with roles, unless a site opens registration.

    Addresses in mails are built on SITE_URL, never on the Host header of the request that causes them.
    """

    def is_open_for_signup(self, request):
        return settings.OPEN_REGISTRATION

    def send_mail(self, template_prefix, email, context):
        """Password mails go through the outbox, where the link is not stored; the rest leave as allauth has them."""
        user = context.get("user")
        if template_prefix == "account/email/password_reset_key" and user is not None:
            from experts.services.accounts import send_account_mail

            send_account_mail(user, "password")
            return
        super().send_mail(template_prefix, email, {**context, "current_site": _Site()})

    def get_reset_password_from_key_url(self, key):
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", key)

    def get_email_confirmation_url(self, request, emailconfirmation):
        return settings.SITE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])


class _Site:
    """What allauth's mails call the site."""

    @property
    def domain(self):
        return settings.SITE_URL.split("://", 1)[-1]

    @property
    def name(self):
        return "Delphi Platform"

    def __str__(self):
        return self.name
