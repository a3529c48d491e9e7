"""Tables of figures by month and unit, as delivered files give them: what they share to be read in."""

# ruff: noqa: S608 - no query here is built from anything that comes from outside
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from samplan.plugin_api import Refusal, Shape, StagedFile, _l
from samplan_agency.models import Delivery
from samplan_agency.services.cost_lines import note_duplicates
from samplan_agency.services.reading import Counts, Sum, month_sql, outside_period, rows_of

_COUNTS = """
SELECT count(*) - (SELECT count(*) FROM file_same),
  (SELECT count(*) FROM file_same WHERE NOT same), (SELECT count(*) FROM file_gone),
  (SELECT count(*) FROM file_same WHERE same), min(t.work_month), max(t.work_month) FROM file_rows t"""
_UNITS = "SELECT DISTINCT t.unit FROM file_rows t WHERE t.unit_id IS NULL ORDER BY 1 LIMIT 50"


@dataclass(frozen=True, slots=True)
class MonthTable:
    """A table in schema `agency` with `work_month`, `unit` and what else a row is known by and says.

    `keys` are columns that are a part of its natural key, `figures` the others with their SQL of a typed row
    `t`, `hours` the SQL of the hours that a summary of the file tells, if there are any.
    """

    name: str
    keys: tuple[str, ...]
    figures: Mapping[str, str]
    hours: str = "NULL::numeric"

    def shape(self, fields: frozenset[str]) -> Shape:
        """Return how rows are typed."""
        key = ", ".join([month_sql("t.month"), "t.unit", *(f"t.{name}" for name in self.keys)])
        return Shape(
            hours=frozenset({"hours"}) & fields,
            codes=frozenset({"unit"}),
            joins="LEFT JOIN core.org_unit u ON u.code = t.unit",
            extra={
                "line_key": f"md5(concat_ws('|', {key}))::uuid",
                "unit_id": "u.id",
                "work_month": month_sql("t.month"),
            },
        )

    def count(self, staged: StagedFile, delivery: Delivery) -> Counts:
        """Return what a file would change; nothing is written."""
        staged.execute("DROP TABLE IF EXISTS file_same, file_gone")
        staged.execute(self._same())
        staged.execute(self._gone(), whole=delivery.whole_months, system=delivery.source)
        added, replaced, removed, unchanged, first, last = staged.execute(_COUNTS).one()
        sums = rows_of(
            staged,
            f"SELECT t.unit, t.work_month, count(*), sum({self.hours}) FROM file_rows t"
            " GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 2000",
        )
        return Counts(
            added=added,
            replaced=replaced,
            removed=removed,
            unchanged=unchanged,
            first_month=first,
            last_month=last,
            sums=[Sum(unit, month, rows, None, hours) for unit, month, rows, hours in sums],
            unknown_units=[unit for (unit,) in rows_of(staged, _UNITS)],
        )

    def read(self, staged: StagedFile, delivery: Delivery) -> Counts:
        """Write a file's rows in the place of those with the same key."""
        staged.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))", key=f"agency:{delivery.tenant_id}"
        )
        counts = self.count(staged, delivery)
        staged.execute(
            f"UPDATE agency.{self.name} h SET replaced_by = :delivery FROM (SELECT id FROM file_same"
            " WHERE NOT same UNION ALL SELECT id FROM file_gone) o WHERE h.id = o.id",
            delivery=delivery.id,
        )
        staged.execute(self._insert(), delivery=delivery.id)
        return counts

    def refusals(self, _staged: StagedFile, delivery: Delivery) -> list[Refusal]:
        """Refuse months outside what the file was said to hold."""
        return outside_period(delivery, "month")

    def check(self, staged: StagedFile, _delivery: Delivery) -> None:
        """Note rows that stand twice."""
        note_duplicates(
            staged,
            "month",
            lambda row: _l("The same month, unit and profession stand in row %(row)s already.", row=row),
        )

    def _same(self) -> str:
        alike = " AND ".join(f"h.{name} IS NOT DISTINCT FROM {sql}" for name, sql in self.figures.items())
        return (
            f"CREATE TEMP TABLE file_same ON COMMIT DROP AS SELECT t.row_number, h.id, {alike}"
            f" AND h.unit_id IS NOT DISTINCT FROM t.unit_id AS same FROM file_rows t"
            f" JOIN agency.{self.name} h ON h.line_key = t.line_key AND h.replaced_by IS NULL"
        )

    def _gone(self) -> str:
        return (
            "CREATE TEMP TABLE file_gone ON COMMIT DROP AS"
            f" SELECT h.id FROM agency.{self.name} h JOIN agency.delivery d ON d.id = h.delivery_id"
            " WHERE :whole AND h.replaced_by IS NULL AND d.source = :system"
            " AND h.work_month IN (SELECT DISTINCT t.work_month FROM file_rows t)"
            " AND NOT EXISTS (SELECT FROM file_rows t WHERE t.line_key = h.line_key)"
        )

    def _insert(self) -> str:
        known = ["line_key", "row_number", "work_month", "unit", "unit_id", *self.keys]
        names, values = ", ".join([*known, *self.figures]), [f"t.{name}" for name in known]
        return (
            f"INSERT INTO agency.{self.name} (delivery_id, {names})"
            f" SELECT :delivery, {', '.join([*values, *self.figures.values()])} FROM file_rows t"
            " WHERE NOT EXISTS (SELECT FROM file_same s WHERE s.row_number = t.row_number AND s.same)"
            " ORDER BY t.row_number"
        )
