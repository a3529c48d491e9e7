"""What workbooks say: shifts to be called off, and suppliers' answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from samplan.plugin_api import (
    Fault,
    FaultLog,
    Row,
    Table,
    _l,
    did_you_mean,
    holds_identity_number,
    read_tables,
)
from samplan_agency.domain.keys import names_a_person
from samplan_agency.domain.pricing import folded
from samplan_agency.files.calloff import ANSWERS, LINES
from samplan_agency.queries.calloff.shown import LineView
from samplan_agency.queries.calloff.wanted import WantedShift
from samplan_agency.queries.unit_tree import Unit
from samplan_agency.services.calloff.answers import Answer
from samplan_agency.services.deliveries.reading import ID_WANTED, NAMED, PERSON_NAMED


def read_shifts(content: bytes, units: Collection[Unit], zone: ZoneInfo) -> list[WantedShift]:
    """Return the shifts of a workbook; raises `ImportFaults`. Units are named by code or name."""
    log = FaultLog()
    table = read_tables(content, [LINES], log)[LINES.key]
    known = {folded(place.name): place.id for place in units} | {folded(p.code): p.id for p in units}
    found = [_shift(table, row, known, zone, log) for row in table.rows]
    log.raise_if_any()
    return [one for one in found if one is not None]


def _shift(
    table: Table, row: Row, known: Mapping[str, UUID], zone: ZoneInfo, log: FaultLog
) -> WantedShift | None:
    name = row.get("unit", str)
    unit_id = known.get(folded(name)) if name else None
    if name and unit_id is None:
        near = did_you_mean(folded(name), known)
        log.add(table.fault("unknown_unit", row, "unit", _l("There is no such unit in use."), near or ""))
    for key in ("shift", "skill", "level"):
        if holds_identity_number(row.get(key, str) or ""):
            log.add(_identity(table, row, key))
    on, begins, ends = row.get("date", date), row.get("begins", time), row.get("ends", time)
    if unit_id is None or on is None or begins is None or ends is None or row.faulty:
        return None
    starts_at, ends_at = datetime.combine(on, begins, zone), datetime.combine(on, ends, zone)
    return WantedShift(
        unit_id=unit_id,
        starts_at=starts_at,
        ends_at=ends_at if ends_at > starts_at else ends_at + timedelta(days=1),
        break_minutes=row.get("break_minutes", int) or 0,
        shift=row.get("shift", str) or "",
        level=row.need("level", str),
        people=row.need("people", int),
        skill=row.get("skill", str),
        own_asked=row.get("own_asked", bool) or False,
    )


def read_answers(content: bytes, lines: Sequence[LineView]) -> list[Answer]:
    """Return the answers of a supplier's workbook, where lines are told by number from 1.

    Lines that no row names are not answered; a row that names nobody says that there is nobody more. A row
    that tells another shift than its line is a fault: it is the workbook of another call-off.
    Raises `ImportFaults`.
    """
    log = FaultLog()
    table = read_tables(content, [ANSWERS], log)[ANSWERS.key]
    people: dict[int, list[tuple[str, Decimal | None]]] = defaultdict(list)
    for row in table.rows:
        number, who = row.get("line", int), (row.get("consultant", str) or "").strip()
        price = row.get("price", Decimal)
        if number is not None and number > len(lines):
            log.add(table.fault("unknown_line", row, "line", _l("The call-off has no such line.")))
            continue
        if number is not None and (key := _differs(row, lines[number - 1])):
            wrong = _l(
                "That is another shift than the call-off's with this number. Is it the right call-off?"
            )
            log.add(table.fault("other_shift", row, key, wrong))
        if holds_identity_number(who):
            log.add(_identity(table, row, "consultant"))
        elif who and names_a_person(who):
            log.add(table.fault(PERSON_NAMED, row, "consultant", NAMED, ID_WANTED))
        elif who and price is None and "price" not in row.faulty:
            log.add(table.fault("no_price", row, "price", _l("Give a price for the person.")))
        elif price is not None and not who:
            log.add(table.fault("nobody", row, "consultant", _l("Give the person's id for the price.")))
        if number is not None:
            people[number].append((who, price))
    log.raise_if_any()
    answers = []
    for number, offers in sorted(people.items()):
        answers += [Answer(lines[number - 1].row.id, who, price) for who, price in offers]
    return answers


def _differs(row: Row, line: LineView) -> str | None:
    """Return the column by which a row is about another shift than a line; empty ones say nothing."""
    said = {"date": row.get("date", date), "begins": row.get("begins", time), "ends": row.get("ends", time)}
    is_so = {"date": line.begins.date(), "begins": line.begins.time(), "ends": line.ends.time()}
    return next((key for key, value in said.items() if value is not None and value != is_so[key]), None)


def _identity(table: Table, row: Row, key: str) -> Fault:
    """Return the fault of a cell with an identity number, which itself is not shown."""
    return Fault(
        "identity_number",
        _l("Personal identity numbers are not kept here."),
        table.name,
        row.number,
        table.columns.get(key),
        table.spec.column(key).name.to(table.language),
    )
