"""The mail that tells reviewers what a monitor noticed."""

from django.conf import settings
from django.urls import reverse

from experts.enums import Capability
from experts.models import PanelRole
from experts.permissions import CAPABILITIES
from foundation.services.mail import post, write_mail
from scanning.models import MonitorRun
from scanning.monitors.words import lazy_alert_sentence

MOST = 20


def mail_alerts(*, run: MonitorRun) -> int:
    """Write to everybody who may review candidates of the study; asked twice, it writes once."""
    monitor = run.monitor
    study = monitor.corpus.study
    path = reverse("scanning:monitor_run", args=[study.code, monitor.code, run.number])
    reviewing = [role for role, allowed in CAPABILITIES.items() if Capability.REVIEW in allowed]
    roles = PanelRole.objects.filter(panel=study.panel_id, role__in=reviewing, user__is_active=True)
    readers = list(roles.select_related("user").order_by("user_id"))
    for role in readers:
        user = role.user
        mail = write_mail(
            template="monitor_alerts",
            context={
                "name": user.name,
                "monitor": monitor.name,
                "title": study.title.text(user.language or "en"),
                "alerts": [(each["name"], lazy_alert_sentence(each)) for each in run.alerts[:MOST]],
                "more": max(0, len(run.alerts) - MOST),
                "address": f"{settings.SITE_URL}{path}",
            },
            to_address=user.email,
            to_name=user.name,
            language=user.language or "en",
            stream=study.stream,
            dedupe_key=f"monitor:{monitor.code}:{run.number}:{user.code}",
        )
        post(mail)
    return len(readers)
