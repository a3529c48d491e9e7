"""Plan lines: what somebody adds to a forecast or takes from it, noted with its owner."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func

from samplan.plugin_api import Invalid, NotFound, TenantSession, _, holds_identity_number, record
from samplan_agency.domain.years import Year
from samplan_agency.models import ACCOUNT_KINDS, BudgetLine, Measure
from samplan_agency.queries.rows import get_row
from samplan_agency.queries.unit_tree import unit_tree
from samplan_agency.services.versions import expect_version

LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan line as wanted; `months` has the ledger's sign: costs positive, revenue negative."""

    year: int
    division_id: UUID | None
    cost_kind: str
    cost_type: str
    months: Year
    note: str
    owner: str
    measure_id: UUID | None = None


def plan_line(session: TenantSession, line_id: UUID, *, lock: bool = False) -> BudgetLine:
    """Return a plan line; raises `NotFound` where there is none."""
    missing = _("There is no such plan line.")
    row = get_row(session, BudgetLine, line_id, missing, lock=lock)
    if row.kind != "plan":
        raise NotFound(missing)
    return row


def add_plan_line(session: TenantSession, wanted: Planned) -> BudgetLine:
    """Add a plan line; raises `Invalid` for a value that is none."""
    _check(session, wanted)
    row = BudgetLine(kind="plan")
    _set(row, wanted)
    session.add(row)
    session.flush()
    record(session, "plan_line.added", "agency.plan_line", row.id, after=_told(row))
    return row


def change_plan_line(session: TenantSession, line_id: UUID, wanted: Planned, *, version: int) -> BudgetLine:
    """Change a plan line; raises `Conflict` where it is newer than `version`."""
    row = _expected(session, line_id, version)
    _check(session, wanted)
    before = _told(row)
    _set(row, wanted)
    row.version, row.updated_at = row.version + 1, func.now()
    session.flush()
    record(session, "plan_line.changed", "agency.plan_line", row.id, before=before, after=_told(row))
    return row


def delete_plan_line(session: TenantSession, line_id: UUID, *, version: int) -> None:
    """Take a plan line away; forecasts that were made with it stay as they are."""
    row = _expected(session, line_id, version)
    record(session, "plan_line.deleted", "agency.plan_line", row.id, before=_told(row))
    session.delete(row)


def _expected(session: TenantSession, line_id: UUID, version: int) -> BudgetLine:
    row = plan_line(session, line_id, lock=True)
    expect_version(row.version, version)
    return row


def _check(session: TenantSession, wanted: Planned) -> None:
    faults: dict[str, list[str]] = {}
    if wanted.division_id is not None and wanted.division_id not in unit_tree(session).divisions:
        faults["division"] = [_("There is no such division.")]
    if wanted.cost_kind not in ACCOUNT_KINDS:
        faults["row"] = [_("Choose a cost type.")]
    if not any(wanted.months) or any(abs(amount) >= LARGEST for amount in wanted.months):
        faults["amount"] = [_("Give an amount other than zero.")]
    for name, text in (("note", wanted.note), ("owner", wanted.owner)):
        if holds_identity_number(text):
            faults[name] = [_("Personal identity numbers may not stand here.")]
    if wanted.measure_id is not None and session.get(Measure, (session.tenant_id, wanted.measure_id)) is None:
        faults["measure"] = [_("There is no such measure.")]
    if faults:
        raise Invalid(next(iter(faults.values()))[0], faults)


def _set(row: BudgetLine, wanted: Planned) -> None:
    row.year, row.division_id = wanted.year, wanted.division_id
    row.cost_kind, row.cost_type = wanted.cost_kind, wanted.cost_type
    row.months = [str(amount) for amount in wanted.months]
    row.note, row.owner, row.measure_id = wanted.note, wanted.owner, wanted.measure_id


def _told(row: BudgetLine) -> dict[str, Any]:
    return {
        "year": row.year,
        "division_id": None if row.division_id is None else str(row.division_id),
        "cost_type": row.cost_type or row.cost_kind,
        "amount": str(sum(map(Decimal, row.months))),
        "note": row.note,
        "owner": row.owner,
        "measure_id": None if row.measure_id is None else str(row.measure_id),
    }
