"""What the forms of the module's pages share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import DateField, DecimalField
from wtforms import MonthField as AnyMonthField

from samplan.plugin_api import _, _l
from samplan_agency.domain.months import FIRST_YEAR, LAST_YEAR, in_reach

NEEDED = _l("Fill this in.")
LARGEST, FINEST = Decimal(10) ** 12, Decimal("1e-6")
"""Between what a number can be: sums and products of such ones can be stored."""


class DayField(DateField):  # type: ignore[misc] # WTForms ships no annotations
    """A date that can be counted on from."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent; raises ValueError for what is no date, or of a year out of reach."""
        super().process_formdata(valuelist)
        self.data = _reached(self.data)


class MonthField(AnyMonthField):  # type: ignore[misc] # WTForms ships no annotations
    """A month, by its first date, that can be counted on from."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent; raises ValueError for what is no month, or of a year out of reach."""
        super().process_formdata(valuelist)
        self.data = _reached(self.data)


def _reached(day: date | None) -> date | None:
    if day is not None and not in_reach(day):
        raise ValueError(_("Give a year from %(first)s to %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))
    return day


class SekField(DecimalField):  # type: ignore[misc] # WTForms ships no annotations
    """A number such as an amount in SEK, with a comma or a point; neither infinite nor without end."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent; raises ValueError for what is no number that can be stored."""
        plain = ["".join(text.split()).replace(",", ".") for text in valuelist]
        super().process_formdata(plain)
        if plain and self.data is not None and not _can_be_stored(self.data):
            super().process_formdata(["–"])  # refused as what is no number at all, in the same words


def _can_be_stored(number: Decimal) -> bool:
    return number.is_finite() and (not number or FINEST <= abs(number) < LARGEST)


def filled(text: str | None) -> str | None:
    """Return a text without outer spaces; None for an empty one."""
    return (text or "").strip() or None
