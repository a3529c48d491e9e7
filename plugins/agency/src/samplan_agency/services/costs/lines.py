"""Lines of costs in SQL: what a file changes of them, writing them, and renewing the sums by month."""

# ruff: noqa: S608 - no query here is built from anything that comes from outside
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from samplan.plugin_api import KeptRows, StagedFile, Text, _l, record, take_turn
from samplan_agency.domain.months import month_of
from samplan_agency.models import Delivery
from samplan_agency.services.costs.months import add_to_months, sum_kept
from samplan_agency.services.deliveries.kept_lines import kept_rows
from samplan_agency.services.deliveries.reading import LEDGER, Ahead, Counts, Sum, rows_of

_FILLED = {
    "category": "line_category", "level": "level", "sector_id": "sector_id", "supplier_id": "supplier_id",
    "zone": "zone", "time_class": "time_class", "amount": "amount",
    "hours": "hours", "unit_price": "unit_price", "invoice": "invoice", "order_reference": "order_reference",
    "consultant": "consultant", "shift": "shift", "description": "description", "kind": "kind",
    "account": "account", "unit": "unit", "unit_id": "unit_id", "work_month": "work_month",
    "booked_month": "booked_month", "work_date": "worked",
}  # fmt: skip
_LACKING = {"ledger": ("unit_price", "consultant", "shift"), "invoices": ()}
_MOST_SUMS = 2000
_MOST_CODES = 50
_LINE_ID = "(:begin || lpad(to_hex(t.row_number), 12, '0'))::uuid"
"""The delivery's own id, which begins with its time, ends with the row: in order, nothing drawn for it."""

_SAME = """
CREATE TEMP TABLE file_same ON COMMIT DROP AS
SELECT t.row_number, c.id, c.work_month, c.source, {same} AS same
FROM file_rows t JOIN agency.cost_line c ON c.line_key = t.line_key AND c.replaced_by IS NULL"""
_GONE = """
CREATE TEMP TABLE file_gone ON COMMIT DROP AS
SELECT c.id, c.work_month, c.amount FROM agency.cost_line c
JOIN agency.delivery d ON d.id = c.delivery_id
WHERE :whole AND c.source = :source AND c.replaced_by IS NULL AND d.source = :system
  AND c.booked_month IN (SELECT k.booked_month FROM agency.staged_sum k WHERE k.delivery_id = :delivery)
  AND NOT EXISTS (SELECT FROM file_rows t WHERE t.line_key = c.line_key)"""
_SUMS = """
SELECT account, booked_month, sum(lines), sum(amount), sum(hours) FROM agency.staged_sum
WHERE delivery_id = :delivery GROUP BY 1, 2 ORDER BY 1, 2 LIMIT :limit"""
_COUNTS = """
SELECT coalesce(sum(amount), 0), min(booked_month), max(booked_month),
  sum(lines) FILTER (WHERE booked_month > :came), min(first_row) FILTER (WHERE booked_month > :came),
  coalesce(sum(lines) FILTER (WHERE kind = 'accrued'), 0)
FROM agency.staged_sum WHERE delivery_id = :delivery"""
_CHANGES = """
SELECT count(*) FILTER (WHERE NOT same), count(*) FILTER (WHERE same), (SELECT count(*) FROM file_gone)
FROM file_same"""
_NEW = " WHERE NOT EXISTS (SELECT FROM file_same s WHERE s.row_number = t.row_number AND s.same)"
_UNITS = """
SELECT DISTINCT unit FROM agency.staged_sum
WHERE delivery_id = :delivery AND unit_id IS NULL AND unit IS NOT NULL ORDER BY 1 LIMIT :limit"""
_NEW_SUPPLIERS = """
SELECT k.supplier, max(k.supplier_name) FROM agency.staged_sum k
WHERE k.delivery_id = :delivery AND k.supplier IS NOT NULL
  AND NOT EXISTS (SELECT FROM agency.supplier s WHERE s.code = k.supplier) GROUP BY 1 ORDER BY 1"""
# Another file that is read in at the same moment may name the same one.
_ADD_SUPPLIER = """
INSERT INTO agency.supplier (code, name) VALUES (:code, :name) ON CONFLICT DO NOTHING RETURNING id"""
_RETIRE = """
UPDATE agency.cost_line c SET replaced_by = :delivery
FROM (SELECT id FROM file_same WHERE NOT same UNION ALL SELECT id FROM file_gone) o WHERE c.id = o.id"""


def kept_costs(delivery: Delivery) -> KeptRows:
    """Return how lines of costs are kept from the dry run until they are read in."""
    return kept_rows(delivery, _LACKING[delivery.kind])


def count_costs(staged: StagedFile, delivery: Delivery) -> Counts:
    """Return what a file of costs would change; nothing of it is in force."""
    sum_kept(staged, delivery)
    _compare(staged, delivery)
    return _counts(staged, delivery, [code for code, _name in _unknown_suppliers(staged, delivery)])


def read_costs(staged: StagedFile, delivery: Delivery) -> Counts:
    """Write a file's lines in the place of those with the same key, and renew the sums of the months."""
    take_turn(staged.session, LEDGER)
    suppliers = _add_suppliers(staged, delivery)
    _compare(staged, delivery)
    counts = _counts(staged, delivery, suppliers)
    gone = bool(counts.replaced or counts.removed)
    new = _NEW if counts.unchanged else ""
    if gone:
        staged.execute(_RETIRE, delivery=delivery.id)
    if counts.added or counts.replaced:
        begin = str(delivery.id)[:24]
        statement = _insert(delivery.kind) + new
        staged.execute_by_hash(statement, tenant=delivery.tenant_id, delivery=delivery.id, begin=begin)
    if gone or counts.added:
        add_to_months(staged, delivery, _values(), new, gone=gone)
    return counts


def note_duplicates(staged: StagedFile, key: str, message: Callable[[int], Text]) -> None:
    """Note rows whose natural key an earlier row of the file has; `message` gets the number of that."""
    several = "FROM file_rows GROUP BY line_key HAVING count(*) > 1"
    if not staged.execute_by_hash(f"SELECT EXISTS (SELECT {several})").scalar_one():
        return
    found = staged.execute_by_hash(
        f"WITH twice AS (SELECT line_key, min(row_number) AS first {several})"
        f" SELECT t.row_number, twice.first, r.{key}, count(*) OVER ()"
        " FROM file_rows t JOIN twice USING (line_key) JOIN file_raw r USING (row_number)"
        " WHERE t.wrong = 0 AND t.row_number <> twice.first ORDER BY 1 LIMIT :limit",
        limit=max(1, staged.log.room),
    )
    rows = found.all()
    for number, first, raw, _total in rows:
        staged.fault("duplicate", number, key, message(first), raw=raw, expected=_l("each of them once"))
    staged.log.count(rows[0][3] - len(rows) if rows else 0)


def _lines_same(kind: str) -> str:
    lacking = _LACKING[kind]
    pairs = [
        f"(c.{name} IS NOT DISTINCT FROM t.{value})" for name, value in _FILLED.items() if name not in lacking
    ]
    return "(" + " AND ".join(pairs) + ")"


def _values() -> dict[str, str]:
    return {name: f"t.{value}" for name, value in _FILLED.items()}


def _compare(staged: StagedFile, delivery: Delivery) -> None:
    staged.execute("DROP TABLE IF EXISTS file_same, file_gone")
    staged.execute(_SAME.format(same=_lines_same(delivery.kind)))
    staged.execute("ANALYZE file_same")
    whole, about = delivery.whole_months, {"source": delivery.kind, "system": delivery.source}
    staged.execute_by_hash(_GONE, whole=whole, delivery=delivery.id, **about)


def _counts(staged: StagedFile, delivery: Delivery, suppliers: Sequence[str]) -> Counts:
    came = month_of(delivery.delivered_at.date())
    replaced, unchanged, removed = staged.execute(_CHANGES).one()
    found = staged.execute(_COUNTS, delivery=delivery.id, came=came).one()
    amount, first, last, ahead, first_ahead, accrued = found
    sums = rows_of(staged, _SUMS, delivery=delivery.id, limit=_MOST_SUMS)
    units = rows_of(staged, _UNITS, delivery=delivery.id, limit=_MOST_CODES)
    return Counts(
        staged.rows - replaced - unchanged,
        replaced,
        removed,
        unchanged,
        amount,
        first,
        last,
        [Sum(account or "", *others) for account, *others in sums],
        [unit for (unit,) in units],
        suppliers[:_MOST_CODES],
        ahead=Ahead(ahead, first_ahead, last) if ahead else None,
        accrued=accrued,
    )


def _unknown_suppliers(staged: StagedFile, delivery: Delivery) -> list[Any]:
    return rows_of(staged, _NEW_SUPPLIERS, delivery=delivery.id)


def _add_suppliers(staged: StagedFile, delivery: Delivery) -> list[str]:
    """Add suppliers that the file names and nobody has entered; return their codes."""
    added = []
    for code, name in _unknown_suppliers(staged, delivery):
        supplier_id: UUID | None = staged.execute(_ADD_SUPPLIER, code=code, name=name or code).scalar()
        if supplier_id is not None:
            after = {"code": code, "name": name or code}
            record(staged.session, "supplier.added", "agency.supplier", supplier_id, after=after)
            added.append(code)
    return added


def _insert(kind: str) -> str:
    filled = {name: f"t.{value}" for name, value in _FILLED.items() if name not in _LACKING[kind]}
    return (
        "INSERT INTO agency.cost_line (tenant_id, id, delivery_id, source, line_key, row_number,"
        f" {', '.join(filled)}) SELECT :tenant, {_LINE_ID}, :delivery, '{kind}', t.line_key, t.row_number,"
        f" {', '.join(filled.values())} FROM file_rows t"
    )
