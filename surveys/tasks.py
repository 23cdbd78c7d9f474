from celery import shared_task

from surveys.services.rounds import run_schedule


@shared_task(ignore_result=True)
def open_and_close_rounds() -> None:
    """Runs every half minute; opens and closes the rounds whose time has come."""
    run_schedule()
