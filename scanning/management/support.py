"""What the commands share: which study, in whose name, and how a job ended."""

import time

from django.core.management.base import CommandError

from experts.enums import Role
from experts.models import PanelRole, User
from foundation.models import Job
from surveys.models import Study


def chosen_study(code: str) -> Study:
    study = Study.objects.filter(code=code).first() if code else Study.objects.order_by("-created_at").first()
    if study is None:
        raise CommandError(f"no study {code}" if code else "There is no study yet. Create one first.")
    return study


def acting_account(study: Study) -> User:
    """The study's owner, in whose name a command acts; an administrator where it has none."""
    role = PanelRole.objects.filter(panel=study.panel, role=Role.OWNER).select_related("user").first()
    user = role.user if role else User.objects.filter(is_staff=True, is_active=True).first()
    if user is None:
        raise CommandError("The study has no owner and the platform no administrator.")
    return user


def finished(job: Job) -> Job:
    """The job once it has ended: a worker may have been faster than this process in taking it."""
    while True:
        job.refresh_from_db()
        if not job.is_active:
            return job
        time.sleep(0.5)
