"""Template filters for Swedish and English formats: dates, times and numbers by the request's locale."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol
from babel.units import format_unit
from flask import Flask
from flask_babel import get_locale, to_user_timezone

from samplan.i18n import DEFAULT_LOCALE, _

NARROW_MINUS = "−"
_MONTHS = {"short": "LLL\u00a0yyyy", "long": "LLLL yyyy", "name": "LLLL", "short_name": "LLL"}
# Unit, its seconds, and how many of it make the next one.
_UNITS = (
    ("duration-day", 86400, 10**9),
    ("duration-hour", 3600, 24),
    ("duration-minute", 60, 60),
    ("duration-second", 1, 60),
)


def _locale() -> str:
    return str(get_locale() or DEFAULT_LOCALE)


def show_date(value: date | None) -> str:
    """Return a date as 2026-11-22, the form used in Sweden."""
    return value.isoformat() if value else ""


def show_day(value: date | None) -> str:
    """Return a date in words, such as 'måndag 4 januari 2027'."""
    return format_date(value, "full", locale=_locale()) if value else ""


def show_month(value: date | str | None, style: str = "short") -> str:
    """Return a month as people say it, from its first date or a text such as `2026-10`; empty for none.

    In the style `short` 'okt 2026', `long` 'oktober 2026', `name` 'oktober', `short_name` 'okt'.
    """
    if not value:
        return ""
    text = value[:7] if isinstance(value, str) else f"{value:%Y-%m}"
    return _month(text, style, _locale())


@lru_cache(maxsize=4096)
def _month(text: str, style: str, locale: str) -> str:
    """Return the words of a month: a page may have hundreds of months. Abbreviations have no full stop."""
    month = date.fromisoformat(f"{text}-01")
    return str(format_date(month, _MONTHS[style], locale=locale)).replace(".", "")


def show_time(value: datetime | None) -> str:
    """Return an instant in the tenant's time zone, as 2026-11-22 14:05."""
    return format_datetime(to_user_timezone(value), "yyyy-MM-dd HH:mm", locale=_locale()) if value else ""


def show_number(value: float | Decimal | None, decimals: int | None = 0) -> str:
    """Return a number with the locale's separators and a real minus sign.

    Without a number of decimals it has as many as it needs, at most six.
    """
    if value is None:
        return ""
    if decimals is None:
        return str(format_decimal(value, "#,##0.######", locale=_locale())).replace("-", NARROW_MINUS)
    number = Decimal(str(value)) if isinstance(value, float) else value
    return f"{number:,.{decimals}f}".translate(_signs(_locale()))


@lru_cache
def _signs(locale: str) -> dict[int, str]:
    """Return what stands for the signs of a number in a locale: a page may have thousands of numbers."""
    return str.maketrans({",": get_group_symbol(locale), ".": get_decimal_symbol(locale), "-": NARROW_MINUS})


def show_duration(value: timedelta | None) -> str:
    """Return a length of time in words, in its two largest units, such as '2 minuter 5 sekunder'."""
    if value is None:
        return ""
    seconds = round(value.total_seconds())
    if seconds < 1:
        return _("less than a second")
    parts = [(unit, seconds // size % wrap) for unit, size, wrap in _UNITS]
    first = next(place for place, (_unit, count) in enumerate(parts) if count)
    words = [
        format_unit(count, unit, "long", locale=_locale())
        for unit, count in parts[first : first + 2]
        if count
    ]
    return " ".join(str(word) for word in words)


def install_formats(app: Flask) -> None:
    """Register the filters `date`, `day`, `month`, `time`, `number` and `duration`."""
    app.jinja_env.filters.update(
        date=show_date,
        day=show_day,
        month=show_month,
        time=show_time,
        number=show_number,
        duration=show_duration,
    )
