"""When a monitor's turn comes: at the same time of day as its first one, whatever the clocks do in between."""

import calendar
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAILY, WEEKLY, MONTHLY = "daily", "weekly", "monthly"
_DAYS = {DAILY: 1, WEEKLY: 7}


def next_turn(schedule: str, began: datetime, now: datetime, zone: tzinfo) -> datetime | None:
    """The first turn after `now`, counted from when the monitor was made, so that turns neither drift nor pile up.

    A month later is the same day of the month, or its last one. In the hour that a change of clocks leaves out it is an
    hour later, in the one that comes twice it is the first. None without a calendar.
    """
    start = began.astimezone(zone)
    if schedule in _DAYS:
        step = _DAYS[schedule]
        passed = max(0, (now.astimezone(zone).date() - start.date()).days // step)
        days = (start.date() + timedelta(days=step * n) for n in range(passed, passed + 3))
    elif schedule == MONTHLY:
        here = now.astimezone(zone)
        passed = max(0, 12 * (here.year - start.year) + here.month - start.month)
        days = (_months_later(start.date(), n) for n in range(passed, passed + 3))
    else:
        return None
    turns = (_at(day, start.time(), zone) for day in days)
    return next(turn for turn in turns if turn > now and turn > began)


def _at(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
