"""The cells of a large file: written for COPY, looked through for what may not be kept, and read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from samplan.i18n import _l
from samplan.imports.faults import Fault
from samplan.imports.foreign import domestic, is_error
from samplan.imports.identity_numbers import holds_identity_number
from samplan.imports.large import Row
from samplan.imports.mapping import parts_of
from samplan.imports.spec import Column, Kind, Language, folded
from samplan.imports.values import CellFault, expected, parse, shown

if TYPE_CHECKING:
    from samplan.imports.staged import StagedFile

_CANDIDATE = re.compile(r"(?<!\d)(?:(?:18|19|20)?\d\d)(?:0[1-9]|1[0-2])(?:[0-3]\d|[6-9]\d)[-+ ]?\d{4}(?!\d)")
# Where ten digits in a row may be a voucher or an invoice: with a sign, or twelve with a year of birth.
_CERTAIN = re.compile(r"(?<!\d)(?:(?:19\d\d|20[01]\d|\d\d)\d{4}[-+]\d{4}|(?:19\d\d|200\d)\d{8})(?!\d)")
_MONTH = re.compile(r"((?:19|20)\d\d)[-/.M]?(0[1-9]|1[0-2])")
_MONTH_NAMES = (
    "jan(uari|uary)?", "feb(ruari|ruary)?", "mar(s|ch)?", "apr(il)?", "ma[jy]", "jun[ei]?", "jul[iy]?",
    "aug(usti?)?", "sept?(ember)?", "o[kc]t(ober)?", "nov(ember)?", "dec(ember)?",
)  # fmt: skip
_NAMED_MONTH = re.compile(r"(?:([a-z]{3,9})\.?[ -]?((?:19|20)\d\d))|(?:((?:19|20)\d\d)[ -]?([a-z]{3,9})\.?)")
_AMBIGUOUS = re.compile(r"[+-]?\d{1,3}\.\d{3}")
_BREAKS = str.maketrans({"\t": " ", "\n": " ", "\r": " "})


def flat(cell: str) -> str:
    """Return a cell as it stands in the table of texts: on one line."""
    return cell.replace("\r\n", " ").translate(_BREAKS) if not cell.isprintable() else cell


def lines_of(batch: list[Row], places: list[int]) -> str:
    """Return these columns of rows, with the rows' numbers, as COPY reads them."""
    get: Any = itemgetter(*places) if len(places) > 1 else lambda row: (row[places[0]],)
    tab = "\t"
    text = "\n".join([f"{number}\t{tab.join(get(row))}" for number, row in batch])
    sound = text.count("\t") == len(batch) * len(places) and text.count("\n") == len(batch) - 1
    if not sound or "\\" in text or "\r" in text:
        text = "\n".join([f"{number}\t{tab.join(map(_escaped, get(row)))}" for number, row in batch])
    return text + "\n"


def _escaped(cell: str) -> str:
    return flat(cell).replace("\\", "\\\\")


def note_identities(staged: StagedFile, texts: frozenset[int], lines: str, batch: list[Row]) -> None:
    """Note every cell that holds a personal identity number; `texts` are places where any form counts."""
    if not any(map(holds_identity_number, {match[0] for match in _CANDIDATE.finditer(lines)})):
        return
    headings = staged.file.source.headings
    message = _l("The cell holds a personal identity number; it may not be stored here.")
    wanted = _l("an id of your own choice, such as an employment number")
    for number, row in batch:
        for place, cell in enumerate(row, 1):
            if (place in texts or _CERTAIN.search(cell)) and holds_identity_number(cell):
                heading = headings[place - 1] if place <= len(headings) else ""
                fault = Fault("identity_number", message, "", number, place, heading, shown(cell), wanted)
                staged.log.add(fault)
                staged.identities += 1


def read_cell(raw: str, column: Column, known: Mapping[str, str], language: Language) -> str | None:
    """Return a cell's value as PostgreSQL reads it; raises `CellFault`."""
    if is_error(raw):
        message = _l("The formula in the cell gives an error.")
        raise CellFault("formula_error", message, expected(column, language))
    if column.kind is Kind.DECIMAL and _AMBIGUOUS.fullmatch(raw.strip()):
        message = _l("The full stop may stand for thousands or for decimals.")
        raise CellFault("ambiguous_number", message, _l("a number, such as 1 234,50"))
    cell = domestic(raw, column.kind)
    if column.months:
        cell = _first_of(cell)
    if not column.choices:
        value = parse(cell, column, language)
        return None if value is None else str(value)
    found: list[str] = []
    for part in parts_of(cell, column):
        chosen = known.get(folded(part))
        if chosen is None:
            chosen = str(parse(part, column, language) or "")
        if chosen and chosen not in found:
            found.append(chosen)
    return "\n".join(found) or None


def _first_of(cell: str) -> str:
    """Return the first date of a month that is written as 2026-03, 202603, 2026M03, mars 2026 or mar-2026."""
    if month := _MONTH.fullmatch(cell):
        return f"{month[1]}-{month[2]}-01"
    named = _NAMED_MONTH.fullmatch(cell.casefold())
    if named is None:
        return cell
    name, year = (named[1], named[2]) if named[1] else (named[4], named[3])
    number = next((n for n, spelled in enumerate(_MONTH_NAMES, 1) if re.fullmatch(spelled, name)), 0)
    return f"{year}-{number:02d}-01" if number else cell
