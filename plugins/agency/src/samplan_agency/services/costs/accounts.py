"""The account table: accounts added, changed and removed, one by one or by a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import (
    Conflict,
    FaultLog,
    Invalid,
    Sector,
    TenantSession,
    _,
    _l,
    read_tables,
    record,
)
from samplan_agency.files.accounts_book import accounts_sheet
from samplan_agency.models import Account, CostLine
from samplan_agency.queries.rows import get_row

_OBJECT = "agency.account"
_FIELDS = ("code", "name", "kind", "cost_type", "category", "sector_id")


@dataclass(frozen=True, slots=True)
class AccountValues:
    """What an account says."""

    code: str
    name: str
    kind: str
    cost_type: str = ""
    category: str | None = None
    sector_id: UUID | None = None


def sectors(session: TenantSession) -> Sequence[Sector]:
    """Return the region's sectors by name."""
    return session.scalars(select(Sector).order_by(Sector.name)).all()


def accounts(session: TenantSession) -> Sequence[Account]:
    """Return the accounts by code."""
    return session.scalars(select(Account).order_by(Account.code)).all()


def get_account(session: TenantSession, account_id: UUID) -> Account:
    """Return an account, held until the end of the transaction; raises `NotFound`."""
    return get_row(session, Account, account_id, _("There is no such account."), lock=True)


def add_account(session: TenantSession, values: AccountValues) -> Account:
    """Add an account; raises `Invalid` for a code that is there."""
    if session.scalar(select(Account.id).where(Account.code == values.code)) is not None:
        message = _("The account is in the table already.")
        raise Invalid(message, {"code": [message]})
    row = Account(**{name: getattr(values, name) for name in _FIELDS})
    session.add(row)
    session.flush()
    record(session, "account.added", _OBJECT, row.id, after=_told(row))
    return row


def change_account(session: TenantSession, row: Account, values: AccountValues, version: int) -> None:
    """Change an account but not its code; lines that have been read in keep what they are.

    Raises:
        Conflict: somebody has changed it since that version.
    """
    if row.version != version:
        raise Conflict(_("Somebody has changed the account meanwhile. The newest is shown."))
    before = _told(row)
    for name in _FIELDS[1:]:
        setattr(row, name, getattr(values, name))
    if _told(row) == before:
        return
    row.version += 1
    row.updated_at = func.now()
    session.flush()
    record(session, "account.changed", _OBJECT, row.id, before=before, after=_told(row))


def remove_account(session: TenantSession, row: Account, version: int) -> None:
    """Remove an account; raises `Conflict` for another version, or when lines in force have it."""
    if row.version != version:
        raise Conflict(_("Somebody has changed the account meanwhile. The newest is shown."))
    used = select(CostLine.id).where(CostLine.account == row.code, CostLine.replaced_by.is_(None)).limit(1)
    if session.scalar(used) is not None:
        raise Conflict(_("Costs have been read in on the account; it stays."))
    record(session, "account.removed", _OBJECT, row.id, before=_told(row))
    session.delete(row)
    session.flush()


def book_rows(session: TenantSession) -> list[dict[str, Any]]:
    """Return the rows of the workbook."""
    codes = {sector.id: sector.code for sector in sectors(session)}
    return [
        {
            "code": row.code,
            "name": row.name,
            "kind": row.kind,
            "cost_type": row.cost_type,
            "category": row.category,
            "sector": codes.get(row.sector_id) if row.sector_id else None,
            "version": row.version,
        }
        for row in accounts(session)
    ]


def read_book(session: TenantSession, content: bytes) -> tuple[int, int]:
    """Add and change accounts as a workbook says, all or none; returns how many were added and changed.

    Accounts that the workbook lacks stay as they are. Raises `ImportFaults` with every fault, such as an
    account that somebody has changed since the workbook was fetched.
    """
    log, ids = FaultLog(), {sector.code: sector.id for sector in sectors(session)}
    names = {sector.code: sector.name for sector in sectors(session)}
    table = read_tables(content, [accounts_sheet(names)], log)["accounts"]
    known: Mapping[str, Account] = {row.code: row for row in accounts(session)}
    for line in table.rows:
        row, version = known.get(line.get("code", str) or ""), line.get("version", int)
        if row is not None and version != row.version and "version" not in line.faulty:
            message = _l("Somebody has changed the account since the workbook was fetched.")
            wanted = _l("version %(version)s; fetch the workbook again", version=row.version)
            log.add(table.fault("outdated", line, "version", message, wanted))
    log.raise_if_any()
    added = changed = 0
    for line in table.rows:
        values = AccountValues(
            line.need("code", str),
            line.need("name", str),
            line.need("kind", str),
            line.get("cost_type", str) or "",
            line.get("category", str),
            ids.get(line.get("sector", str) or ""),
        )
        row = known.get(values.code)
        if row is None:
            add_account(session, values)
            added += 1
        else:
            version = row.version
            change_account(session, row, values, version)
            changed += row.version != version
    return added, changed


def _told(row: Account) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _FIELDS[:5]} | {
        "sector": None if row.sector_id is None else str(row.sector_id)
    }
