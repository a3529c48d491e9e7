"""Time reports from a workbook: all of them or, when something is wrong, none."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from samplan.plugin_api import FaultLog, OrgUnit, Row, Table, TenantSession, Text, _l, read_tables, record
from samplan_agency.files.time_reports import TIME_REPORTS
from samplan_agency.models import Supplier, TimeReport

_AT_A_TIME = 1000
_ORE = Decimal("0.01")
_CHANGED = ("unit_id", "ends", "break_minutes", "hours", "filename", "read_at")


def read_time_reports(session: TenantSession, content: bytes, filename: str, now: datetime) -> int:
    """Keep the time reports of a workbook and return their number; the same shift again replaces it.

    Raises `ImportFaults` with every fault in the file.
    """
    log = FaultLog()
    table = read_tables(content, (TIME_REPORTS,), log)[TIME_REPORTS.key]
    suppliers: dict[str, UUID] = dict(session.execute(select(Supplier.code, Supplier.id)).all())
    units: dict[str, UUID] = dict(session.execute(select(OrgUnit.code, OrgUnit.id)).all())
    for row in table.rows:
        _check(table, row, suppliers, units, log)
    log.raise_if_any()
    values = [_values(row, suppliers, units) | {"filename": filename, "read_at": now} for row in table.rows]
    for first in range(0, len(values), _AT_A_TIME):
        added = insert(TimeReport).values(values[first : first + _AT_A_TIME])
        session.execute(
            added.on_conflict_do_update(
                constraint="uq_time_report_shift", set_={name: added.excluded[name] for name in _CHANGED}
            )
        )
    after = {"filename": filename, "rows": len(values)}
    record(session, "time_reports.read", "agency.time_report", None, after=after)
    return len(values)


def _check(table: Table, row: Row, suppliers: dict[str, UUID], units: dict[str, UUID], log: FaultLog) -> None:
    def note(key: str, code: str, message: Text, expected: Text) -> None:
        log.add(table.fault(code, row, key, message, expected))

    supplier, unit = row.get("supplier", str), row.get("unit", str)
    if supplier is not None and supplier not in suppliers:
        note(
            "supplier",
            "unknown_supplier",
            _l("There is no supplier with this code."),
            _l("a code of Agreements"),
        )
    if unit is not None and unit not in units:
        note("unit", "unknown_unit", _l("There is no unit with this code."), _l("a code of the organisation"))
    consultant = row.get("consultant", str)
    if consultant is not None and not any(sign.isdigit() for sign in consultant):
        note("consultant", "name", _l("This looks like a name."), _l("the supplier's id, with a digit in it"))
    if not row.get("order_reference", str) and consultant is None:
        note("consultant", "nobody", _l("Neither call-off nor consultant is told."), _l("one of them"))
    if row.faulty.isdisjoint({"begins", "ends", "hours", "break_minutes"}) and not 0 < _hours(row) <= 24:
        note("hours", "hours", _l("The hours cannot be told."), _l("hours, or when it begins and ends"))


def _hours(row: Row) -> Decimal:
    """Return the hours without the break: as told, or by the times; 0 where neither says."""
    told, begins, ends = row.get("hours", Decimal), row.get("begins", time), row.get("ends", time)
    if told is not None:
        return told.quantize(_ORE)
    if begins is None or ends is None:
        return Decimal(0)
    day = date(2000, 1, 3)
    length = datetime.combine(day, ends) - datetime.combine(day, begins)
    if length <= timedelta():
        length += timedelta(days=1)
    minutes = length // timedelta(minutes=1) - (row.get("break_minutes", int) or 0)
    return (Decimal(minutes) / 60).quantize(_ORE)


def _values(row: Row, suppliers: dict[str, UUID], units: dict[str, UUID]) -> dict[str, Any]:
    unit = row.get("unit", str)
    return {
        "supplier_id": suppliers[row.need("supplier", str)],
        "order_reference": row.get("order_reference", str) or "",
        "consultant": row.get("consultant", str) or "",
        "unit_id": None if unit is None else units[unit],
        "work_date": row.need("work_date", date),
        "begins": row.get("begins", time),
        "ends": row.get("ends", time),
        "break_minutes": row.get("break_minutes", int) or 0,
        "hours": _hours(row),
    }
