"""Few tasks carry all background work: run a job, send a mail, and look after those that were left behind."""

from celery import shared_task

from foundation.models import OutboxMail
from foundation.services import jobs, mail


@shared_task(ignore_result=True)
def run_job(job_id: int) -> None:
    jobs.run(job_id)


@shared_task(ignore_result=True)
def reap_jobs() -> int:
    return jobs.reap()


@shared_task(ignore_result=True)
def send_queued_mail() -> int:
    return mail.send_queued()


@shared_task(ignore_result=True)
def send_mail(mail_id: int) -> None:
    row = OutboxMail.objects.filter(pk=mail_id).first()
    if row is not None:
        mail.send(row)
