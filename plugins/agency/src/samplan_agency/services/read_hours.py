"""Read hours by month, unit and profession."""

from __future__ import annotations

from samplan.plugin_api import Refusal, Shape, StagedFile, _l
from samplan_agency.files.delivered import HOURS_FILE
from samplan_agency.models import Delivery
from samplan_agency.services.cost_lines import note_duplicates
from samplan_agency.services.reading import (
    Counts,
    Reader,
    Sum,
    month_sql,
    outside_period,
    rows_of,
    spec_with_words,
)

_KEY = "concat_ws('|', t.month - (extract(day FROM t.month)::int - 1), t.unit, t.category, t.staff, t.basis)"
_SAME = """
CREATE TEMP TABLE file_same ON COMMIT DROP AS
SELECT t.row_number, h.id, h.hours = round(t.hours, 2) AND h.unit_id IS NOT DISTINCT FROM t.unit_id AS same
FROM file_rows t JOIN agency.hours_month h ON h.line_key = t.line_key AND h.replaced_by IS NULL"""
_GONE = """
CREATE TEMP TABLE file_gone ON COMMIT DROP AS
SELECT h.id FROM agency.hours_month h JOIN agency.delivery d ON d.id = h.delivery_id
WHERE :whole AND h.replaced_by IS NULL AND d.source = :system
  AND h.work_month IN (SELECT DISTINCT t.work_month FROM file_rows t)
  AND NOT EXISTS (SELECT FROM file_rows t WHERE t.line_key = h.line_key)"""
_COUNTS = """
SELECT count(*) - (SELECT count(*) FROM file_same),
  (SELECT count(*) FROM file_same WHERE NOT same), (SELECT count(*) FROM file_gone),
  (SELECT count(*) FROM file_same WHERE same), min(t.work_month), max(t.work_month) FROM file_rows t"""
_SUMS = """
SELECT t.unit, t.work_month, count(*), sum(t.hours) FROM file_rows t GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 2000"""
_RETIRE = """
UPDATE agency.hours_month h SET replaced_by = :delivery
FROM (SELECT id FROM file_same WHERE NOT same UNION ALL SELECT id FROM file_gone) o WHERE h.id = o.id"""
_INSERT = """
INSERT INTO agency.hours_month (delivery_id, line_key, row_number, work_month, unit, unit_id, category, staff,
  basis, hours)
SELECT :delivery, t.line_key, t.row_number, t.work_month, t.unit, t.unit_id, t.category, t.staff, t.basis,
  round(t.hours, 2)
FROM file_rows t
WHERE NOT EXISTS (SELECT FROM file_same s WHERE s.row_number = t.row_number AND s.same)
ORDER BY t.row_number"""


def hours_shape(_fields: frozenset[str]) -> Shape:
    """Return how rows of hours are typed."""
    return Shape(
        hours=frozenset({"hours"}),
        codes=frozenset({"unit"}),
        joins="LEFT JOIN core.org_unit u ON u.code = t.unit",
        extra={"line_key": f"md5({_KEY})::uuid", "unit_id": "u.id", "work_month": month_sql("t.month")},
    )


def count_hours(staged: StagedFile, delivery: Delivery) -> Counts:
    """Return what a file of hours would change; nothing is written."""
    staged.execute("DROP TABLE IF EXISTS file_same, file_gone")
    staged.execute(_SAME)
    staged.execute(_GONE, whole=delivery.whole_months, system=delivery.source)
    added, replaced, removed, unchanged, first, last = staged.execute(_COUNTS).one()
    sums = [Sum(unit, month, rows, None, hours) for unit, month, rows, hours in rows_of(staged, _SUMS)]
    units = rows_of(
        staged, "SELECT DISTINCT t.unit FROM file_rows t WHERE t.unit_id IS NULL ORDER BY 1 LIMIT 50"
    )
    return Counts(
        added=added,
        replaced=replaced,
        removed=removed,
        unchanged=unchanged,
        first_month=first,
        last_month=last,
        sums=sums,
        unknown_units=[unit for (unit,) in units],
    )


def read_hours(staged: StagedFile, delivery: Delivery) -> Counts:
    """Write a file's hours in the place of those with the same key."""
    staged.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))", key=f"agency:{delivery.tenant_id}"
    )
    counts = count_hours(staged, delivery)
    staged.execute(_RETIRE, delivery=delivery.id)
    staged.execute(_INSERT, delivery=delivery.id)
    return counts


def _refusals(_staged: StagedFile, delivery: Delivery) -> list[Refusal]:
    return outside_period(delivery, "month")


def _check(staged: StagedFile, _delivery: Delivery) -> None:
    note_duplicates(
        staged,
        "month",
        lambda row: _l("The same month, unit and profession stand in row %(row)s already.", row=row),
    )


HOURS_READER = Reader(
    kind="hours",
    label=_l("Hours"),
    spec=spec_with_words(HOURS_FILE),
    shape=hours_shape,
    refusals=_refusals,
    check=_check,
    count=count_hours,
    read=read_hours,
)
