"""Values as other systems write them, brought to how a described column reads them.

Swedish exports have a comma for decimals, hard or thin spaces (or a full stop) between thousands, a minus
sign behind the number, a per cent sign, hours as 129:25 or 129,5, and 9999-12-31 for "until further notice".
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from samplan.imports.spec import Kind
from samplan.imports.values import tidy

_GROUPED = re.compile(r"([+-]?)(\d{1,3}(?:\.\d{3})+)(,\d+)?")
_GROUPED_ENGLISH = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+)(\.\d+)")
_HOURS = re.compile(r"(\d{1,4}),(\d{1,4})")
_WHOLE = re.compile(r"\d{1,4}")
_DATE_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]00:00(?::00)?(?:\.0+)?")
_OPEN_END = frozenset({"9999-12-31", "99991231", "9999/12/31"})
_EMPTY = frozenset({"null", "-", "–", "."})
ERRORS = frozenset(
    {
        "#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!", "#spill!", "#calc!",
        "#saknas!", "#referens!", "#värdefel!", "#division/0!", "#namn?", "#ogiltigt!", "#skärning!",
    }
)  # fmt: skip
"""What spreadsheets write, in English and Swedish, where a formula failed."""


def domestic(raw: str, kind: Kind) -> str:
    """Return a cell's text as a column of the kind reads it; what is not known is left as it is."""
    text = tidy(raw)
    if text.casefold() in _EMPTY:
        return ""
    if kind in {Kind.DECIMAL, Kind.INTEGER}:
        return _number(text)
    if kind is Kind.DATE:
        return _date(text)
    return _duration(text) if kind is Kind.DURATION else text


def is_error(raw: str) -> bool:
    """Tell whether a cell holds what a spreadsheet writes for a failed formula."""
    return raw.strip().casefold() in ERRORS


def _number(text: str) -> str:
    text = text.replace("−", "-").replace("'", "").replace("’", "").removesuffix("%").replace(" ", "")
    if text.endswith("-") and not text.startswith("-"):
        text = "-" + text[:-1]
    found = _GROUPED.fullmatch(text)
    if found and (found[3] or found[2].count(".") > 1):
        return found[1] + found[2].replace(".", "") + (found[3] or "")
    found = _GROUPED_ENGLISH.fullmatch(text)
    if found:
        return found[1] + found[2].replace(",", "") + found[3]
    if re.fullmatch(r"[+-]?[.,]\d+", text):
        return text.replace(".", "0.").replace(",", "0,")
    return text


def _date(text: str) -> str:
    found = _DATE_TIME.fullmatch(text)
    text = found[1] if found else text
    return "" if text in _OPEN_END else text


def _duration(text: str) -> str:
    """Write hours with decimals, as 38,25, as hours and minutes; `38.15` is left, it may mean either."""
    text = text.replace(" ", "")
    if not (_HOURS.fullmatch(text) or _WHOLE.fullmatch(text)):
        return text
    minutes = int((Decimal(text.replace(",", ".")) * 60).to_integral_value(ROUND_HALF_UP))
    return f"{minutes // 60}:{minutes % 60:02d}"
