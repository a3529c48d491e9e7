"""Recognise Swedish personal identity numbers, so that they are refused before anything is stored.

Form: YYYYMMDD-NNNC or YYMMDD-NNNC, the sign `-` or `+`, a space or none; coordination numbers have the day
plus 60. C is the check digit of the Luhn algorithm over the last ten digits (folkbokföringslagen 1991:481,
18 §). A wrong check digit is more often a slip than another kind of number, so what has the form and a date
in it counts. Where it may well be something else the check digit decides: ten digits in a row, such as a
telephone number, and four digits after a space, such as a time of day after a date.
"""

from __future__ import annotations

import re
from datetime import date

_CANDIDATE = re.compile(r"(?<!\d)((?:18|19|20)?\d{2})(\d{2})(\d{2})([-+ ]?)(\d{4})(?!\d)")


def holds_identity_number(text: str) -> bool:
    """Tell whether a text contains what is a personal identity or coordination number, or meant as one."""
    return any(_is_meant(match) for match in _CANDIDATE.finditer(text))


def masked(text: str) -> str:
    """Return the text with all digits of every personal identity number hidden, those of its date too."""
    return _CANDIDATE.sub(lambda match: _hidden(match[0]) if _is_meant(match) else match[0], text)


def _hidden(number: str) -> str:
    return re.sub(r"\d", "*", number)


def _is_meant(match: re.Match[str]) -> bool:
    year, month, day, sign, ending = match.groups()
    if not _is_date(year, int(month), int(day)):
        return False
    certain = sign in {"-", "+"} or (len(year) == 4 and not sign)
    return certain or _luhn(year[-2:] + month + day + ending)


def _is_date(year: str, month: int, day: int) -> bool:
    """Tell whether it is a date; of a year of two digits, 29 February is taken as possible when in doubt."""
    full_year = int(year) if len(year) == 4 else 2000 + int(year)
    try:
        date(full_year, month, day - 60 if day > 60 else day)
    except ValueError:
        return False
    return True


def _luhn(digits: str) -> bool:
    total = 0
    for index, digit in enumerate(digits):
        doubled = int(digit) * (2 - index % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
