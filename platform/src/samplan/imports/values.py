"""Turn the value of one cell into what its column holds, or say why that cannot be."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType

from samplan.i18n import _l
from samplan.imports.faults import Text, did_you_mean
from samplan.imports.identity_numbers import holds_identity_number, masked
from samplan.imports.spec import Column, Kind, Language, Value, folded, names_of

Raw = str | int | float | bool | date | time | datetime | timedelta
"""A cell as the workbook library gives it; an empty cell is an empty string."""

_DATE_NUMBER = re.compile(r"[2-7]\d{4}")
_FIRST_DATE_NUMBER = date(1899, 12, 30)
EARLIEST, LATEST = date(1950, 1, 1), date(2150, 12, 31)
"""The dates that files and forms may tell, unless they say otherwise."""
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_DATE = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?:[ T]00:00(?::00)?)?")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::00)?|(\d{2})(\d{2})")
_DURATION = re.compile(r"(\d{1,4}):(\d{2})(?::00)?")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_YES = frozenset({"ja", "j", "yes", "y", "x", "sant", "true", "1"})
_NO = frozenset({"nej", "n", "no", "falskt", "false", "0"})


class CellFault(Exception):
    """The value does not fit its column."""

    def __init__(self, code: str, message: Text, expected: Text = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.expected = expected


def parse(raw: Raw, column: Column, language: Language) -> Value | None:
    """Return the value of a cell by the kind of its column, None for an empty one.

    Raises CellFault; `language` is that of the sheet, for the names of choices.
    """
    if isinstance(raw, str):
        raw = tidy(raw)
        if not raw:
            return None
    if column.kind is Kind.CHOICE:
        return _choice(raw, column, language)
    value = _PARSERS[column.kind](raw)
    if value is None:
        raise CellFault(f"not_{column.kind.value}", _NOT[column.kind], expected(column, language))
    if isinstance(value, str):
        _check_text(value, column, language)
    else:
        _check_bounds(value, column, language)
    return value


def tidy(text: str) -> str:
    """Return text without what cannot be seen: outer and doubled spaces, hard spaces, zero-width signs."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_INVISIBLE).split())


def shown(raw: Raw) -> str:
    """Return a cell's value for a list of faults: short, numbers with a comma, identity numbers masked."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int | float):
        return masked(f"{raw:.15g}").replace(".", ",")
    if isinstance(raw, datetime):
        return raw.isoformat(sep=" ")
    text = masked(tidy(str(raw)))
    return text if len(text) <= 80 else text[:79] + "…"


def expected(column: Column, language: Language) -> Text:
    """Say what a column holds, in words, with its bounds or choices."""
    if column.kind is Kind.CHOICE:
        return _l("one of: %(choices)s", choices=", ".join(column.choice_names(language)))
    if column.kind is Kind.TEXT:
        return _l("text of at most %(length)s characters", length=column.max_length)
    low, high = _bounds(column)
    if low is not None and high is not None:
        return _l("%(kind)s, from %(low)s to %(high)s", kind=_EXPECTED[column.kind], low=low, high=high)
    if low is not None:
        return _l("%(kind)s, at least %(low)s", kind=_EXPECTED[column.kind], low=low)
    if high is not None:
        return _l("%(kind)s, at most %(high)s", kind=_EXPECTED[column.kind], high=high)
    return _EXPECTED[column.kind]


def _text(raw: Raw) -> str | None:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw):
        return f"{raw:.15g}"
    return None


def _number(raw: Raw) -> Decimal | None:
    """Read a number; 15 digits are what a spreadsheet keeps, the rest of a float is noise."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return Decimal(f"{raw:.15g}") if math.isfinite(raw) else None
    if isinstance(raw, str):
        compact = raw.replace(" ", "").replace("−", "-")
        if _NUMBER.fullmatch(compact):
            return Decimal(compact.replace(",", "."))
    return None


def _integer(raw: Raw) -> int | None:
    number = _number(raw)
    return int(number) if number is not None and number == number.to_integral_value() else None


def _date(raw: Raw) -> date | None:
    if isinstance(raw, datetime):
        return raw.date() if raw.time() == time() else None
    if isinstance(raw, date):
        return raw
    text = f"{raw:.15g}" if isinstance(raw, int | float) and not isinstance(raw, bool) else str(raw)
    if _DATE_NUMBER.fullmatch(text):
        day = _FIRST_DATE_NUMBER + timedelta(days=int(text))
        wanted = _l("a date, such as %(day)s; the column formatted as dates", day=day.isoformat())
        raise CellFault("not_date", _l("This is the number by which a spreadsheet keeps a date."), wanted)
    match = _DATE.fullmatch(text)
    if match is None or (not match[2] and len(text) != 8):
        return None
    try:
        return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        raise CellFault(
            "impossible_date", _l("There is no such date in the calendar."), _EXPECTED[Kind.DATE]
        ) from None


def _time(raw: Raw) -> time | None:
    if isinstance(raw, time):
        minutes: int | None = _minutes(timedelta(hours=raw.hour, minutes=raw.minute, seconds=raw.second))
    elif isinstance(raw, timedelta):
        minutes = _minutes(raw)
    elif isinstance(raw, str) and (match := _TIME.fullmatch(raw)):
        hour, minute = int(match[1] or match[3]), int(match[2] or match[4])
        minutes = hour * 60 + minute if minute < 60 else None
    else:
        return None
    if minutes is None or not 0 <= minutes <= 24 * 60:
        return None
    return time(minutes // 60 % 24, minutes % 60)


def _duration(raw: Raw) -> int | None:
    if isinstance(raw, time):
        return _minutes(timedelta(hours=raw.hour, minutes=raw.minute, seconds=raw.second))
    if isinstance(raw, timedelta):
        return _minutes(raw)
    if isinstance(raw, str) and (match := _DURATION.fullmatch(raw)) and int(match[2]) < 60:
        return int(match[1]) * 60 + int(match[2])
    return None


def _minutes(length: timedelta) -> int | None:
    """Return whole minutes; a second of rounding is allowed."""
    minutes = round(length / timedelta(minutes=1))
    return minutes if abs(length - timedelta(minutes=minutes)) <= timedelta(seconds=1) else None


def _yes_no(raw: Raw) -> bool | None:
    if isinstance(raw, bool):
        return raw
    word = str(int(raw)) if isinstance(raw, int | float) and raw in {0, 1} else str(raw).casefold()
    if word in _YES:
        return True
    return False if word in _NO else None


def _choice(raw: Raw, column: Column, language: Language) -> str:
    word = folded(_text(raw) or str(raw))
    names = {name: choice.value for choice in column.choices for name in names_of(choice)}
    if word in names:
        return names[word]
    near = did_you_mean(str(raw), column.choice_names(language))
    hint = expected(column, language)
    if near:
        hint = _l("%(expected)s; did you mean “%(near)s”?", expected=hint, near=near)
    raise CellFault("not_a_choice", _l("The value is not one of those allowed."), hint)


def _check_text(value: str, column: Column, language: Language) -> None:
    if holds_identity_number(value):
        raise CellFault(
            "identity_number",
            _l("The cell holds a personal identity number; it may not be stored here."),
            _l("an id of your own choice, such as an employment number"),
        )
    if len(value) > column.max_length:
        raise CellFault("too_long", _l("The text is too long."), expected(column, language))
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} for sign in value):
        raise CellFault("unreadable_text", _l("The text holds signs that cannot be shown."))


def _check_bounds(value: Value, column: Column, language: Language) -> None:
    low, high = column.minimum, column.maximum
    if isinstance(value, date):
        low, high = low or EARLIEST, high or LATEST
        outside = not (isinstance(low, date) and isinstance(high, date) and low <= value <= high)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        below = low is not None and not isinstance(low, date) and value < low
        outside = below or (high is not None and not isinstance(high, date) and value > high)
    else:
        return
    if outside:
        raise CellFault(
            "out_of_range", _l("The value is outside what is allowed."), expected(column, language)
        )


def _bounds(column: Column) -> tuple[str | None, str | None]:
    """Return the bounds as they are written in a cell."""
    low: object = column.minimum
    high: object = column.maximum
    if column.kind is Kind.DATE:
        low, high = low or EARLIEST, high or LATEST
    return _bound(low, column.kind), _bound(high, column.kind)


def _bound(bound: object, kind: Kind) -> str | None:
    if bound is None:
        return None
    if kind is Kind.DURATION and isinstance(bound, int):
        return f"{bound // 60}:{bound % 60:02d}"
    return str(bound).replace(".", ",")


_PARSERS: Mapping[Kind, Callable[[Raw], Value | None]] = MappingProxyType(
    {
        Kind.TEXT: _text,
        Kind.INTEGER: _integer,
        Kind.DECIMAL: _number,
        Kind.DATE: _date,
        Kind.TIME: _time,
        Kind.DURATION: _duration,
        Kind.YES_NO: _yes_no,
    }
)
_NOT: Mapping[Kind, Text] = MappingProxyType(
    {
        Kind.TEXT: _l("This is not text; the spreadsheet may have turned it into a date or a time."),
        Kind.INTEGER: _l("This is not a whole number."),
        Kind.DECIMAL: _l("This is not a number."),
        Kind.DATE: _l("This is not a date."),
        Kind.TIME: _l("This is not a time of day."),
        Kind.DURATION: _l("This is not a length of time."),
        Kind.YES_NO: _l("This is neither yes nor no."),
    }
)
_EXPECTED: Mapping[Kind, Text] = MappingProxyType(
    {
        Kind.INTEGER: _l("a whole number"),
        Kind.DECIMAL: _l("a number, such as 37,5"),
        Kind.DATE: _l("a date, such as 2027-01-31"),
        Kind.TIME: _l("a time of day in hours and minutes, such as 07:30"),
        Kind.DURATION: _l("hours and minutes, such as 38:15"),
        Kind.YES_NO: _l("yes or no"),
    }
)
