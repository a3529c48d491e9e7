"""Lines of costs in SQL: what a file changes of them, writing them, and renewing the sums by month."""

# ruff: noqa: S608 - no query here is built from anything that comes from outside
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from samplan.plugin_api import StagedFile, Text, _l, record, take_turn
from samplan_agency.domain.months import month_of
from samplan_agency.models import Delivery
from samplan_agency.services.cost_months import add_to_months, keep_sums
from samplan_agency.services.kept_lines import LINE_ID, ROUNDED, execute_by_hash, keep_lines, line_ids
from samplan_agency.services.reading import LEDGER, Ahead, Counts, Sum, rows_of

_FILLED = {
    "category": "line_category", "level": "level", "sector_id": "sector_id", "supplier_id": "supplier_id",
    "zone": "zone::int", "time_class": "coalesce(t.time_class, 'ordinary')",
    "amount": "round(t.amount, 2)", "hours": "round(t.hours, 2)", "unit_price": "round(t.unit_price, 2)",
    "invoice": "invoice", "order_reference": "order_reference", "consultant": "consultant", "shift": "shift",
    "description": "description", "kind": "kind", "account": "coalesce(t.account, '')", "unit": "unit",
    "unit_id": "unit_id", "work_month": "work_month", "booked_month": "booked_month", "work_date": "worked",
}  # fmt: skip
_LACKING = {"ledger": ("unit_price", "consultant", "shift"), "invoices": ()}
_MOST_SUMS = 2000
_MOST_CODES = 50

_SAME = """
CREATE TEMP TABLE file_same ON COMMIT DROP AS
SELECT t.row_number, c.id, c.work_month, c.source, {same} AS same
FROM file_rows t JOIN agency.cost_line c ON c.line_key = t.line_key AND c.replaced_by IS NULL"""
_GONE = """
CREATE TEMP TABLE file_gone ON COMMIT DROP AS
SELECT c.id, c.work_month, c.amount FROM agency.cost_line c
JOIN agency.delivery d ON d.id = c.delivery_id
WHERE :whole AND c.source = :source AND c.replaced_by IS NULL AND d.source = :system
  AND c.booked_month IN (SELECT DISTINCT t.booked_month FROM file_rows t)
  AND NOT EXISTS (SELECT FROM file_rows t WHERE t.line_key = c.line_key)"""
_SUMS = """
SELECT t.account, t.booked_month, count(*), sum(t.amount), sum(t.hours) FROM file_rows t
GROUP BY 1, 2 ORDER BY 1, 2 LIMIT :limit"""
_COUNTS = """
SELECT count(*) - (SELECT count(*) FROM file_same),
  (SELECT count(*) FROM file_same WHERE NOT same), (SELECT count(*) FROM file_gone),
  (SELECT count(*) FROM file_same WHERE same), coalesce(sum(t.amount), 0),
  min(t.booked_month), max(t.booked_month),
  count(*) FILTER (WHERE t.booked_month > :came), min(t.row_number) FILTER (WHERE t.booked_month > :came),
  count(*) FILTER (WHERE t.kind = 'accrued')
FROM file_rows t"""
_CHANGES = """
SELECT (SELECT count(*) FROM file_same WHERE NOT same), (SELECT count(*) FROM file_gone),
  (SELECT count(*) FROM file_same WHERE same)"""
_NEW = " WHERE NOT EXISTS (SELECT FROM file_same s WHERE s.row_number = t.row_number AND s.same)"
_UNITS = "SELECT DISTINCT t.unit FROM file_rows t WHERE t.unit_id IS NULL ORDER BY 1 LIMIT :limit"
_NEW_SUPPLIERS = """
SELECT f.code, max(f.name)
FROM (SELECT btrim(r.supplier, E' \\u00a0') AS code, {name} AS name FROM file_raw r) f
WHERE f.code <> '' AND NOT EXISTS (SELECT FROM agency.supplier s WHERE s.code = f.code)
GROUP BY 1 ORDER BY 1"""
# Another file that is read in at the same moment may name the same one.
_ADD_SUPPLIER = """
INSERT INTO agency.supplier (code, name) VALUES (:code, :name) ON CONFLICT DO NOTHING RETURNING id"""
_RETIRE = """
UPDATE agency.cost_line c SET replaced_by = :delivery
FROM (SELECT id FROM file_same WHERE NOT same UNION ALL SELECT id FROM file_gone) o WHERE c.id = o.id"""


def count_costs(staged: StagedFile, delivery: Delivery) -> Counts:
    """Return what a file of costs would change; nothing is written."""
    _compare(staged, delivery)
    return _counts(staged, delivery)


def keep_costs(staged: StagedFile, delivery: Delivery) -> str:
    """Keep the lines of a file without faults for reading them in."""
    mark = keep_lines(staged, delivery, _LACKING[delivery.kind])
    if mark:
        keep_sums(staged, delivery, _values())
    return mark


def read_costs(staged: StagedFile, delivery: Delivery) -> Counts:
    """Write a file's lines in the place of those with the same key, and renew the sums of the months."""
    take_turn(staged.session, LEDGER)
    suppliers = staged.notes.get("suppliers", ())
    _compare(staged, delivery)
    counts = (
        _kept_counts(staged, delivery) if staged.notes.get("kept") else _counts(staged, delivery, suppliers)
    )
    gone = bool(counts.replaced or counts.removed)
    new = _NEW if counts.unchanged else ""
    if gone:
        staged.execute(_RETIRE, delivery=delivery.id)
    if counts.added or counts.replaced:
        statement = _insert(delivery.kind, kept=bool(staged.notes.get("kept"))) + new
        execute_by_hash(staged, statement, **line_ids(delivery))
    if gone or counts.added:
        add_to_months(staged, delivery, _values(), new, gone=gone)
    return counts


def note_duplicates(staged: StagedFile, key: str, message: Callable[[int], Text]) -> None:
    """Note rows whose natural key an earlier row of the file has; `message` gets the number of that."""
    rows = rows_of(
        staged,
        "WITH twice AS (SELECT line_key, min(row_number) AS first FROM file_rows"
        " GROUP BY 1 HAVING count(*) > 1)"
        f" SELECT t.row_number, twice.first, r.{key}, count(*) OVER () FROM file_rows t"
        " JOIN twice USING (line_key) JOIN file_raw r USING (row_number)"
        " WHERE t.wrong = 0 AND t.row_number <> twice.first ORDER BY 1 LIMIT :limit",
        limit=max(1, staged.log.room),
    )
    for number, first, raw, _total in rows:
        staged.fault("duplicate", number, key, message(first), raw=raw, expected=_l("each of them once"))
    staged.log.count(rows[0][3] - len(rows) if rows else 0)


def _lines_same(kind: str) -> str:
    lacking = _LACKING[kind]
    pairs = [
        f"(c.{name} IS NOT DISTINCT FROM {_value(value)})"
        for name, value in _FILLED.items()
        if name not in lacking
    ]
    return "(" + " AND ".join(pairs) + ")"


def _values() -> dict[str, str]:
    return {name: _value(value) for name, value in _FILLED.items()}


def _value(value: str) -> str:
    return value if "t." in value else f"t.{value}"


def _compare(staged: StagedFile, delivery: Delivery) -> None:
    staged.execute("DROP TABLE IF EXISTS file_same, file_gone")
    staged.execute(_SAME.format(same=_lines_same(delivery.kind)))
    staged.execute("ANALYZE file_same")
    staged.execute(_GONE, whole=delivery.whole_months, source=delivery.kind, system=delivery.source)


def _counts(staged: StagedFile, delivery: Delivery, suppliers: Sequence[str] | None = None) -> Counts:
    came = month_of(delivery.delivered_at.date())
    found = staged.execute(_COUNTS, came=came).one()
    added, replaced, removed, unchanged, amount, first, last, ahead, first_ahead, accrued = found
    sums = [
        Sum(account or "", month, count, total, hours)
        for account, month, count, total, hours in rows_of(staged, _SUMS, limit=_MOST_SUMS)
    ]
    units = [unit for (unit,) in rows_of(staged, _UNITS, limit=_MOST_CODES)]
    new = suppliers if suppliers is not None else [code for code, _name in _unknown_suppliers(staged)]
    return Counts(
        added,
        replaced,
        removed,
        unchanged,
        amount,
        first,
        last,
        sums,
        units,
        list(new)[:_MOST_CODES],
        ahead=Ahead(ahead, first_ahead, last) if ahead else None,
        accrued=accrued,
    )


def _kept_counts(staged: StagedFile, delivery: Delivery) -> Counts:
    """Return what kept lines change; what they are has been counted in the dry run."""
    replaced, removed, unchanged = staged.execute(_CHANGES).one()
    known = delivery.summary
    return Counts(
        delivery.rows - replaced - unchanged,
        replaced,
        removed,
        unchanged,
        delivery.amount,
        delivery.first_month,
        delivery.last_month,
        [Sum.of(each) for each in known["sums"]],
        known["unknown_units"],
        list(staged.notes.get("suppliers", ()))[:_MOST_CODES],
        ahead=Ahead.of(known["ahead"]) if known.get("ahead") else None,
        accrued=known.get("accrued", 0),
    )


def _unknown_suppliers(staged: StagedFile) -> list[Any]:
    if "supplier" not in staged.places:
        return []
    named = "supplier_name" in staged.places
    name = r"NULLIF(btrim(r.supplier_name, E' \u00a0'), '')" if named else "NULL::text"
    return rows_of(staged, _NEW_SUPPLIERS.format(name=name))


def add_suppliers(staged: StagedFile) -> None:
    """Add suppliers that the file names and nobody has entered."""
    found = staged.notes["unknown"] if staged.notes.get("kept") else _unknown_suppliers(staged)
    added = []
    for code, name in found:
        supplier_id: UUID | None = staged.execute(_ADD_SUPPLIER, code=code, name=name or code).scalar()
        if supplier_id is not None:
            after = {"code": code, "name": name or code}
            record(staged.session, "supplier.added", "agency.supplier", supplier_id, after=after)
            added.append(code)
    staged.notes["suppliers"] = added


def _insert(kind: str, *, kept: bool) -> str:
    filled = {name: value for name, value in _FILLED.items() if name not in _LACKING[kind]}
    names = ", ".join(filled)
    if kept:
        filled |= {name: name for name in ROUNDED if name in filled}
    values = ", ".join(map(_value, filled.values()))
    line_id = "t.id" if kept else LINE_ID
    return (
        f"INSERT INTO agency.cost_line (tenant_id, id, delivery_id, source, line_key, row_number, {names})"
        f" SELECT :tenant, {line_id}, :delivery, '{kind}', t.line_key, t.row_number, {values}"
        " FROM file_rows t"
    )
