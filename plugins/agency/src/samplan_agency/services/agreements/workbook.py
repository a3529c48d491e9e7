"""Suppliers, agreements and zones from a workbook: the new and the changed is taken in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from samplan.plugin_api import (
    FaultLog,
    Row,
    Table,
    TenantSession,
    Text,
    _l,
    did_you_mean,
    read_tables,
)
from samplan_agency.files.agreements import SHEETS
from samplan_agency.models import Agreement, MunicipalityZone, Price, Supplier
from samplan_agency.queries.agreements.book import get_agreement
from samplan_agency.services.agreements import edit as service

SHEET_KEYS = tuple(spec.key for spec in SHEETS)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file: the sheet's key, its values, and whether it is new or changes what is there."""

    sheet: str
    values: dict[str, Any]
    new: bool


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What a file changes; `unchanged` rows are there already. `mark` names it as it was shown."""

    lines: tuple[Line, ...]
    unchanged: int
    mark: str

    def count(self, sheet: str, *, new: bool) -> int:
        """Return how many rows of a sheet are new, or change what is there."""
        return sum(line.sheet == sheet and line.new is new for line in self.lines)


def plan_file(session: TenantSession, content: bytes) -> FilePlan:
    """Return what a workbook changes; raises `ImportFaults` with every fault in it."""
    log = FaultLog()
    tables = read_tables(content, SHEETS, log)
    _check(session, tables, log)
    log.raise_if_any()
    lines = list(_lines(session, tables))
    changing = tuple(line for line, before in lines if before != _shown(line.values))
    told = repr([(line.sheet, line.new, sorted(_shown(line.values).items())) for line in changing])
    return FilePlan(changing, len(lines) - len(changing), hashlib.sha256(told.encode()).hexdigest())


def take_in(session: TenantSession, plan: FilePlan, now: datetime) -> None:
    """Add and change what the plan says, in one transaction."""
    for line in plan.lines:
        if line.sheet == "suppliers":
            _take_supplier(session, line.values, now)
        elif line.sheet == "agreements":
            _take_agreement(session, line.values, now)
        else:
            found = select(Agreement.id).where(Agreement.reference == line.values["agreement"])
            agreement = get_agreement(session, session.scalars(found).one(), lock=True)
            service.set_zone(session, agreement, line.values, now)


def _take_supplier(session: TenantSession, values: dict[str, Any], now: datetime) -> None:
    row = session.scalar(select(Supplier).where(Supplier.code == values["code"]))
    if row is None:
        service.add_supplier(session, values)
    else:
        service.change_supplier(session, row.id, values, version=row.version, now=now)


def _take_agreement(session: TenantSession, values: dict[str, Any], now: datetime) -> None:
    row = session.scalar(select(Agreement).where(Agreement.reference == values["reference"]))
    if row is None:
        service.add_agreement(session, values)
    else:
        service.change_agreement(session, row.id, values, version=row.version, now=now)


def _lines(session: TenantSession, tables: dict[str, Table]) -> Iterator[tuple[Line, dict[str, Any] | None]]:
    """Yield each row with what is stored of the same thing, None for a new one."""
    stored = {key: _stored(session, key) for key in SHEET_KEYS}
    for sheet, names in _KEYS.items():
        for row in tables[sheet].rows:
            values = _VALUES[sheet](row)
            before = stored[sheet].get(tuple(values[name] for name in names))
            yield Line(sheet, values, before is None), before


_KEYS = {
    "suppliers": ("code",),
    "agreements": ("reference",),
    "zones": ("agreement", "municipality_code"),
}


def _stored(session: TenantSession, sheet: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return what is stored, by the key of the sheet's rows, as `_shown` shows it."""
    rows = stored_rows(session, sheet)
    return {tuple(values[name] for name in _KEYS[sheet]): _shown(values) for values in rows}


def stored_rows(session: TenantSession, sheet: str) -> list[dict[str, Any]]:
    """Return what is stored as rows of a sheet of the workbook, by the keys of its columns."""
    if sheet == "suppliers":
        rows: Any = session.scalars(select(Supplier).order_by(Supplier.code))
        return [{name: getattr(row, name) for name in service.SUPPLIER_FIELDS} for row in rows]
    if sheet == "agreements":
        rows = session.scalars(select(Agreement).order_by(Agreement.reference))
        return [{name: getattr(row, name) for name in service.AGREEMENT_FIELDS} for row in rows]
    rows = session.execute(
        select(Agreement.reference, MunicipalityZone)
        .join(Agreement, Agreement.id == MunicipalityZone.agreement_id)
        .order_by(Agreement.reference, MunicipalityZone.municipality)
    )
    fields = ("municipality_code", "municipality", "zone")
    return [{"agreement": reference} | {n: getattr(row, n) for n in fields} for reference, row in rows]


def price_rows(session: TenantSession) -> list[dict[str, Any]]:
    """Return the prices as rows of their file."""
    rows = session.execute(
        select(Agreement.reference, Supplier.code, Price)
        .join(Agreement, Agreement.id == Price.agreement_id)
        .outerjoin(Supplier, Supplier.id == Price.supplier_id)
        .order_by(Agreement.reference, Price.level, Price.time_class, Price.zone, Price.valid_from)
    )
    names = (*service.PRICE_KEY[2:], *service.PRICE_FIELDS)
    return [
        {"agreement": reference, "supplier": code} | {name: getattr(row, name) for name in names}
        for reference, code, row in rows
    ]


def _supplier_values(row: Row) -> dict[str, Any]:
    return {
        "code": row.need("code", str),
        "name": row.need("name", str),
        "organisation_number": row.get("organisation_number", str),
        "email": row.get("email", str),
        "rank": row.get("rank", int),
        "active": row.get("active", bool) is not False,
    }


def _agreement_values(row: Row) -> dict[str, Any]:
    return {"reference": row.need("reference", str), "name": row.need("name", str)} | _dated(row)


def _zone_values(row: Row) -> dict[str, Any]:
    kinds = {"agreement": str, "municipality_code": str, "municipality": str, "zone": int}
    return {name: row.need(name, kind) for name, kind in kinds.items()}


def _dated(row: Row) -> dict[str, Any]:
    return {
        "valid_from": row.need("valid_from", date),
        "valid_to": row.get("valid_to", date),
        "source": row.need("source", str),
        "confirmed": row.get("confirmed", bool) is True,
    }


_VALUES = {
    "suppliers": _supplier_values,
    "agreements": _agreement_values,
    "zones": _zone_values,
}


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    return service.plain(values, tuple(values))


def _check(session: TenantSession, tables: dict[str, Table], log: FaultLog) -> None:
    """Note what the sheets do not say of themselves: codes that nothing has, and identity numbers."""
    known = {
        *session.scalars(select(Agreement.reference)),
        *tables["agreements"].values("reference"),
    }
    _check_agreements(tables["zones"], known, log)
    _check_addresses(tables["suppliers"], log)
    for row in tables["zones"].rows:
        code = row.get("municipality_code", str)
        if code is not None and not (len(code) == 4 and code.isascii() and code.isdigit()):
            fault = _l("This is no municipality code."), _l("four digits, such as 2380")
            log.add(tables["zones"].fault("not_a_municipality", row, "municipality_code", *fault))


def _check_agreements(table: Table, known: set[Any], log: FaultLog) -> None:
    for row in table.rows:
        value = row.values.get("agreement")
        if value is not None and value not in known:
            near = did_you_mean(str(value), [str(other) for other in known])
            message = _l("There is no agreement with this reference, here or in the file.")
            log.add(table.fault("unknown_agreement", row, "agreement", message, _meant(near)))


def _check_addresses(table: Table, log: FaultLog) -> None:
    for row in table.rows:
        address = row.get("email", str)
        if address and not service.EMAIL.match(address):
            fault = _l("This is no e-mail address."), _l("one address, such as avrop@example.se")
            log.add(table.fault("not_an_address", row, "email", *fault))


def _meant(near: str | None) -> Text:
    return _l("did you mean “%(near)s”?", near=near) if near else ""
