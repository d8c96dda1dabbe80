"""Business days and business hours: Monday to Friday, nine to five."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

_SATURDAY = 5
_OPENS, _CLOSES = time(9), time(17)
_HOURS_A_DAY = 8


def is_business_day(day: date) -> bool:
    """Monday to Friday. Public holidays differ by country and are not known here."""
    return day.weekday() < _SATURDAY


def business_days_after(day: date, days: int) -> date:
    """The business day that many business days after `day`; with none, `day` itself or the next one."""
    while not is_business_day(day):
        day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=1)
        while not is_business_day(day):
            day += timedelta(days=1)
    return day


def business_hours_after(start: datetime, hours: int, zone: tzinfo) -> datetime:
    """The instant that many business hours (9 to 17 in `zone`) after `start`, in the zone of `start`."""
    local = start.astimezone(zone)
    opens = local.replace(hour=_OPENS.hour, minute=0, second=0, microsecond=0)
    closes = opens.replace(hour=_CLOSES.hour)
    if not is_business_day(local.date()) or local >= closes:
        into = timedelta(0)
    else:
        into = max(local - opens, timedelta(0))
    day = (
        local.date() if is_business_day(local.date()) and local < closes else _next_business_day(local.date())
    )
    days, rest = divmod(timedelta(hours=hours) + into, timedelta(hours=_HOURS_A_DAY))
    if not rest and days:
        days, rest = days - 1, timedelta(hours=_HOURS_A_DAY)
    end = datetime.combine(business_days_after(day, days), _OPENS, tzinfo=zone) + rest
    return end.astimezone(start.tzinfo)


def _next_business_day(day: date) -> date:
    return business_days_after(day + timedelta(days=1), 0)
