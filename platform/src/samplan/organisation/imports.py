"""Import and export of the organisation: all of a workbook or nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from samplan.audit.service import record
from samplan.db.session import TenantSession
from samplan.db.sorting import swedish_key
from samplan.i18n import _l
from samplan.ids import new_id
from samplan.imports.faults import Fault, FaultLog, ImportFaults
from samplan.imports.spec import Language, SheetSpec, Value
from samplan.imports.tables import Row, Table
from samplan.imports.template import write_workbook
from samplan.imports.workbook import read_tables
from samplan.organisation.check import Known, check_tables
from samplan.organisation.models import UNIT_KINDS, OrgUnit, Profession, Sector, Site
from samplan.organisation.workbook import INTRO, LARGEST_FILE, SHEETS, TITLE

Facts = dict[str, Any]
"""A row's columns by the keys of its sheet, without the code."""

_TYPES: Mapping[str, tuple[str, type[Any]]] = {
    "sites": ("site", Site),
    "units": ("org_unit", OrgUnit),
    "professions": ("profession", Profession),
    "sectors": ("sector", Sector),
}


@dataclass(frozen=True, slots=True)
class ImportChange:
    """One row that the import creates (`before` is None) or changes; only what differs is listed."""

    sheet: str
    code: str
    name: str
    before: Facts | None
    after: Facts


@dataclass(frozen=True, slots=True)
class OrganisationImport:
    """A workbook without faults: what it would change, and how many rows are so already."""

    changes: tuple[ImportChange, ...]
    unchanged: int

    @property
    def created(self) -> int:
        """Number of new rows."""
        return sum(change.before is None for change in self.changes)


def read_organisation(session: TenantSession, data: bytes) -> OrganisationImport:
    """Return what a workbook would change; raises `ImportFaults` with everything that is wrong in it."""
    log = FaultLog()
    if len(data) > LARGEST_FILE:
        message = _l("The file is larger than %(limit)s kB.", limit=LARGEST_FILE // 1000)
        log.stop(
            Fault("file_too_large", message, expected=_l("a workbook with the sheets of the template only"))
        )
    tables = read_tables(data, SHEETS, log)
    here = {spec.key: _facts(session, spec.key) for spec in SHEETS}
    check_tables(tables, Known(sites=here["sites"], units=here["units"]), log)
    log.raise_if_any()
    if not any(table.rows for table in tables.values()):
        raise ImportFaults(
            [Fault("no_rows", _l("The workbook has no rows."), expected=_l("at least one row"))]
        )
    changes: list[ImportChange] = []
    unchanged = 0
    for spec in SHEETS:
        found = [_change(tables[spec.key], row, here[spec.key]) for row in tables[spec.key].rows]
        changes += [change for change in found if change is not None]
        unchanged += found.count(None)
    return OrganisationImport(tuple(changes), unchanged)


def apply_import(session: TenantSession, wanted: OrganisationImport) -> None:
    """Write what `read_organisation` found; each row is recorded, and is the tenant's own from now on."""
    rows: dict[str, dict[str, Any]] = {
        sheet: {row.code: row for row in session.scalars(select(kind))}
        for sheet, (_object_type, kind) in _TYPES.items()
    }
    for spec in SHEETS:
        object_type, kind = _TYPES[spec.key]
        for change in _in_order(change for change in wanted.changes if change.sheet == spec.key):
            if change.before is None:
                rows[spec.key][change.code] = kind(id=new_id(), code=change.code)
                session.add(rows[spec.key][change.code])
            row = rows[spec.key][change.code]
            for name, value in _columns(change, rows).items():
                setattr(row, name, value)
            if isinstance(row, Site):
                row.notes = {**(row.notes or {}), "confirmed": True}
            if isinstance(row, OrgUnit):
                row.source = None
            action = f"{object_type}.{'created' if change.before is None else 'updated'}"
            record(session, action, object_type, row.id, before=change.before, after=change.after)
        session.flush()
    after = {"created": wanted.created, "updated": len(wanted.changes) - wanted.created}
    record(session, "organisation.imported", "organisation", None, after=after)


def export_organisation(session: TenantSession, *, language: Language, created: datetime) -> bytes:
    """Return the whole organisation as the workbook that can be imported again."""
    rows = {
        spec.key: [{"code": code, **facts} for code, facts in _sorted(_facts(session, spec.key))]
        for spec in SHEETS
    }
    return _write(rows, language, created)


def organisation_template(*, language: Language, created: datetime) -> bytes:
    """Return the empty workbook."""
    return _write({}, language, created)


def _write(rows: Mapping[str, list[Facts]], language: Language, created: datetime) -> bytes:
    return write_workbook(
        SHEETS,
        rows,
        title=TITLE.to(language),
        intro=[text.to(language) for text in INTRO],
        language=language,
        created=created,
    )


def _facts(session: TenantSession, sheet: str) -> dict[str, Facts]:
    """Return what the database holds in the terms of a sheet, by code."""
    rows: Sequence[Any] = session.scalars(select(_TYPES[sheet][1])).all()
    if sheet != "units":
        names = [column.key for column in _spec(sheet).columns if column.key != "code"]
        return {row.code: {name: _stated(getattr(row, name)) for name in names} for row in rows}
    units: dict[UUID, OrgUnit] = {row.id: row for row in rows}
    sites = dict(session.execute(select(Site.id, Site.code)).all())
    return {
        unit.code: {
            "name": unit.name,
            "kind": unit.kind,
            "parent": units[unit.parent_id].code if unit.parent_id else None,
            "site": sites[unit.site_id] if unit.site_id else None,
            "active": unit.active,
        }
        for unit in units.values()
    }


def _change(table: Table, row: Row, here: Mapping[str, Facts]) -> ImportChange | None:
    """Return what a row changes, None when it is so already; a column that is not there changes nothing."""
    code = row.need("code", str)
    wanted = {key: row.values.get(key) for key in table.columns if key != "code"}
    if table.spec.key == "units" and wanted.get("active", True) is None:
        wanted["active"] = True
    before = here.get(code)
    name = row.need("name", str)
    if before is None:
        return ImportChange(
            table.spec.key, code, name, None, {k: v for k, v in wanted.items() if v is not None}
        )
    changed = [key for key, value in wanted.items() if before[key] != value]
    if not changed:
        return None
    old, new = {key: before[key] for key in changed}, {key: wanted[key] for key in changed}
    return ImportChange(table.spec.key, code, name, old, new)


def _columns(change: ImportChange, rows: Mapping[str, Mapping[str, Any]]) -> Facts:
    """Return the values of the table's columns for the facts of a sheet's row."""
    values: Facts = {k: float(v) if isinstance(v, Decimal) else v for k, v in change.after.items()}
    for name, sheet in (("parent", "units"), ("site", "sites")):
        if name in values:
            code = values.pop(name)
            values[f"{name}_id"] = rows[sheet][code].id if code else None
    return values


def _in_order(changes: Iterable[ImportChange]) -> list[ImportChange]:
    """Return the changes so that a unit comes after a new one that it stands below."""

    def rank(change: ImportChange) -> int:
        is_new_unit = change.sheet == "units" and change.before is None
        return UNIT_KINDS.index(change.after["kind"]) if is_new_unit else len(UNIT_KINDS)

    return sorted(changes, key=rank)


def _spec(sheet: str) -> SheetSpec:
    return next(spec for spec in SHEETS if spec.key == sheet)


def _stated(value: Any) -> Value | None:
    return Decimal(str(value)) if isinstance(value, float) else value


def _sorted(facts: Mapping[str, Facts]) -> list[tuple[str, Facts]]:
    return sorted(facts.items(), key=lambda item: (swedish_key(str(item[1]["name"])), item[0]))
