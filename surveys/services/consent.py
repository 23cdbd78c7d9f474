"""Consent: to a text in a version, so that it stays known what each member agreed to."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from foundation.localized import Localized, localized
from foundation.services.audit import canonical_json, record, sha256
from surveys.exceptions import RoundNotOpen, TextChanged
from surveys.models import ConsentVersion, Participation, Study


def consent_text(study: Study) -> Localized:
    """The study's text, or the platform's in every language where the study has none."""
    return study.consent or localized({code: _usual(code) for code, _name in settings.LANGUAGES})


def _usual(language: str) -> str:
    with override(language):
        return _("Taking part is voluntary. You may leave questions out and stop at any time.")


def consent_hash(study: Study) -> str:
    return sha256(canonical_json(dict(consent_text(study))))


@transaction.atomic
def consent(*, participation: Participation, shown: str, language: str = "") -> None:
    """Note that the member read what is asked and agreed to take part. The first time counts.

    `shown` is the hash of the text that was on the page; TextChanged is raised where it is none, or no longer the text.
    """
    round = participation.round
    if not round.is_open:
        raise RoundNotOpen
    study = Study.objects.get(pk=round.study_id)
    if shown != consent_hash(study):
        raise TextChanged
    first = Participation.objects.filter(pk=participation.pk, consented_at=None)
    if first.exists():
        first.update(
            consented_at=timezone.now(),
            consent_version=keep_version(study),
            language=language or participation.language,
        )


def keep_version(study: Study) -> ConsentVersion:
    """The row of the present text; it is written when the text is amended, or the first member agrees to it."""
    text, digest = consent_text(study), consent_hash(study)
    if known := study.consent_versions.filter(hash=digest).first():
        return known
    Study.objects.select_for_update().get(pk=study.pk)  # two members may be the first at once
    if known := study.consent_versions.filter(hash=digest).first():
        return known
    number = study.consent_versions.count() + 1
    version = ConsentVersion.objects.create(study=study, number=number, text=text, hash=digest)
    record(stream=study.stream, action="consent.version", target=f"consent {number}", detail={"hash": digest})
    return version
