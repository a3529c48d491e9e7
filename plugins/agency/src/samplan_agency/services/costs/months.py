"""Renew the sums that pages read: for months, from the lines in force; by what a file changes of these."""

# ruff: noqa: S608 - no query here is built from anything that comes from outside
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Uuid, cast, delete, func, insert, select

from samplan.plugin_api import StagedFile, TenantSession, new_id
from samplan_agency.models import CostLine, CostMonth, CostTotal, Delivery

_TOTAL_KEYS = (
    "work_month", "source", "kind", "unit_id", "category", "sector_id", "supplier_id", "zone",
)  # fmt: skip
_SUMS = ("amount", "hours", "lines")
_KEYS = (*_TOTAL_KEYS, "booked_month", "account", "time_class")
_FILE_KEYS = tuple(name for name in _KEYS if name != "source")
_NAMES = ", ".join(_FILE_KEYS)
_ALL = f"{_NAMES}, sum(amount) AS amount, sum(hours) AS hours, sum(lines) AS lines"
_ID = "(:begin || lpad(to_hex(row_number() OVER ()), 12, '0'))::uuid"
"""Of rows that come by the thousand: one id is drawn for all, and each ends with its number."""
_HERE = "m.source = :source AND m.work_month IN (SELECT work_month FROM file_sums)"
_ADDED = f"{_NAMES}, amount, hours, lines FROM file_sums"
_JOINED = (
    f"{_ALL} FROM (SELECT {_NAMES}, amount, hours, lines FROM before UNION ALL SELECT {_ADDED}) c"
    f" GROUP BY {_NAMES} HAVING sum(lines) > 0"
)
_BEFORE = (
    f"WITH before AS (DELETE FROM agency.cost_month m WHERE {_HERE} RETURNING {_NAMES}, amount, hours, lines)"
)
_GONE = f"""
INSERT INTO file_sums ({_NAMES}, amount, hours, lines)
SELECT {_NAMES}, -sum(c.amount), -sum(coalesce(c.hours, 0)), -count(*) FROM agency.cost_line c
JOIN (SELECT id FROM file_same WHERE NOT same UNION ALL SELECT id FROM file_gone) o USING (id)
GROUP BY {_NAMES}"""
_STAGED = """
INSERT INTO agency.staged_sum (tenant_id, delivery_id, work_month, booked_month, kind, account, unit,
  category, sector_id, supplier, zone, time_class, unit_id, supplier_name, amount, hours, lines, first_row)
SELECT tenant_id, delivery_id, work_month, booked_month, kind, account, unit, line_category, sector_id,
  supplier, zone, time_class, any_value(unit_id), max(supplier_name), sum(amount), sum(hours), count(*),
  min(row_number)
FROM agency.staged_line WHERE delivery_id = :delivery GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12"""


def renew_months(session: TenantSession, source: str, months: Iterable[date]) -> None:
    """Sum the lines in force of a source (`ledger`, `invoices`) anew for these months of work.

    Every page of costs reads these sums: whoever changes lines calls this in the same transaction, or
    `add_to_months` for the lines of a file.
    """
    wanted = sorted(set(months))
    lines = [CostLine.replaced_by.is_(None), CostLine.source == source, CostLine.work_month.in_(wanted)]
    _clear(session, CostMonth, source, wanted)
    keys = [getattr(CostLine, name) for name in _KEYS]
    sums = (func.sum(CostLine.amount), func.coalesce(func.sum(CostLine.hours), 0), func.count())
    _fill(session, CostMonth, (*_KEYS, *_SUMS), select(*keys, *sums).where(*lines).group_by(*keys))
    _renew_totals(session, source, wanted)


def sum_kept(staged: StagedFile, delivery: Delivery) -> None:
    """Sum the lines that are kept of a delivery, by months and all else that `CostMonth` tells apart."""
    staged.execute_by_hash(_STAGED, delivery=delivery.id)


def add_to_months(
    staged: StagedFile, delivery: Delivery, values: Mapping[str, str], new: str, *, gone: bool
) -> None:
    """Add to the sums what a file changes: its rows come; with `gone` lines that it replaces or lacks go.

    `values` are the SQL of a line's columns, `new` the condition under which a row `t` is not in force yet;
    without one, the sums of the dry run are those of all rows.
    """
    source = delivery.kind
    if new:
        keys = ", ".join(f"{values[name]} AS {name}" for name in _FILE_KEYS)
        sums = "sum(t.amount) AS amount, sum(coalesce(t.hours, 0)) AS hours, count(*) AS lines"
        rows = f"SELECT {keys}, {sums} FROM file_rows t{new} GROUP BY {', '.join(map(str, range(1, 11)))}"
    else:
        names = {name: f"k.{name}" for name in _FILE_KEYS} | {"supplier_id": "s.id AS supplier_id"}
        rows = (
            f"SELECT {', '.join(names.values())}, k.amount, coalesce(k.hours, 0) AS hours, k.lines"
            " FROM agency.staged_sum k LEFT JOIN agency.supplier s ON s.code = k.supplier"
            f" WHERE k.delivery_id = '{delivery.id}'"
        )
    staged.execute("DROP TABLE IF EXISTS file_sums")
    staged.execute_by_hash(f"CREATE TEMP TABLE file_sums ON COMMIT DROP AS {rows}")
    if gone:
        staged.execute(_GONE)
    staged.execute("ANALYZE file_sums (work_month)")
    held = staged.execute(f"SELECT EXISTS (SELECT FROM agency.cost_month m WHERE {_HERE})", source=source)
    begin, found = (_BEFORE, _JOINED) if held.scalar_one() else ("", _ADDED)
    into = f"agency.cost_month (id, source, {_NAMES}, amount, hours, lines)"
    staged.execute(
        f"{begin} INSERT INTO {into} SELECT {_ID}, :source, {found}", source=source, begin=_begin()
    )
    months = staged.execute("SELECT DISTINCT work_month FROM file_sums").scalars()
    _renew_totals(staged.session, source, sorted(months))


def _renew_totals(session: TenantSession, source: str, months: Sequence[date]) -> None:
    _clear(session, CostTotal, source, months)
    keys = [getattr(CostMonth, name) for name in _TOTAL_KEYS]
    totals = (func.sum(getattr(CostMonth, name)) for name in _SUMS)
    rows = select(*keys, func.max(CostMonth.booked_month), *totals).group_by(*keys)
    here = [CostMonth.source == source, CostMonth.work_month.in_(months)]
    _fill(session, CostTotal, (*_TOTAL_KEYS, "booked_to", *_SUMS), rows.where(*here))


def _clear(session: TenantSession, kind: Any, source: str, months: Sequence[date]) -> None:
    rows = delete(kind).where(kind.source == source, kind.work_month.in_(months))
    session.execute(rows.execution_options(synchronize_session=False))


def _fill(session: TenantSession, kind: Any, names: Sequence[str], rows: Any) -> None:
    ending = func.lpad(func.to_hex(func.row_number().over()), 12, "0")
    rows = rows.add_columns(cast(func.concat(_begin(), ending), Uuid))
    # Without Python's defaults, which would give all rows one id.
    session.execute(insert(kind).from_select((*names, "id"), rows, include_defaults=False))


def _begin() -> str:
    """Return what the ids of rows that are made together begin with."""
    return str(new_id())[:24]
