"""Swedish organisation numbers: ten digits, the last of which checks the others."""

from __future__ import annotations

import re

_FORM = re.compile(r"[0-9]{6}-[0-9]{4}")


def is_organisation_number(text: str) -> bool:
    """Tell whether `text` is written NNNNNN-NNNN and its check digit is right.

    The check is the Luhn algorithm (ISO/IEC 7812-1, annex B): every second digit, from the one before
    the last, is doubled, and the sum of all digits is a multiple of ten.
    """
    if not _FORM.fullmatch(text):
        return False
    digits = [int(sign) for sign in reversed(text) if sign != "-"]
    doubled = [digit * 2 for digit in digits[1::2]]
    return (sum(digits[0::2]) + sum(value // 10 + value % 10 for value in doubled)) % 10 == 0
