"""Swedish public holidays, by their Swedish names."""

from datetime import date
from functools import lru_cache

from holidays.countries.sweden import Sweden


@lru_cache(maxsize=4096)  # asked of each shift of a page
def public_holiday(on: date) -> str | None:
    """Return the name of the public holiday on a date, None for any other; Sundays are not named."""
    return _CALENDAR.get(on)


_CALENDAR = Sweden(language="sv", include_sundays=False)
