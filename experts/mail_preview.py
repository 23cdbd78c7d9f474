"""Mails as their readers will see them, shown before they are sent."""

from dataclasses import dataclass
from datetime import timedelta

import nh3
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from experts.models import LANGUAGE_CHOICES, Panel, PanelMember
from experts.services.mailing import mail_context
from foundation.services import mail

TAGS = {"p", "a", "br", "strong", "em", "b", "i", "ul", "ol", "li", "h1", "h2", "h3", "blockquote"}


@dataclass(frozen=True)
class MailPreview:
    """One language's mail, addressed to the first of its readers."""

    language: str
    label: str
    readers: int
    subject: str
    html: str


def safe_html(html: str) -> str:
    """The body of a mail as it may stand in a page."""
    return nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"})


def previews(
    *, panel: Panel, template: str, readers: QuerySet[PanelMember], message: str
) -> list[MailPreview]:
    """The mail in each language that one of `readers` has, the most frequent first."""
    names: dict[str, list[str]] = {}
    for language, name in readers.order_by("pseudonym").values_list("language", "expert__name"):
        names.setdefault(language, []).append(name)
    by_size = sorted(names.items(), key=lambda item: (-len(item[1]), item[0]))
    return [_preview(panel, template, language, found, message) for language, found in by_size]


def _preview(panel: Panel, template: str, language: str, names: list[str], message: str) -> MailPreview:
    context = mail_context(panel, {"message": message}, language) | {
        "name": names[0],
        "expires_at": timezone.now() + timedelta(days=settings.INVITATION_DAYS),
    }
    shown = mail.render_mail(template=template, context=context, language=language)
    body = shown["html"].replace(mail.LINK, _("(personal link)"))
    return MailPreview(
        language=language,
        label=dict(LANGUAGE_CHOICES)[language],
        readers=len(names),
        subject=shown["subject"],
        html=safe_html(body),
    )
