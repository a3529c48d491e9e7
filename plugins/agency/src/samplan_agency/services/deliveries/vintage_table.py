"""Tables of rows known by a natural key and kept with their delivery: how files are read into them."""

# ruff: noqa: S608 - no query here is built from anything that comes from outside
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from samplan.plugin_api import Choice, StagedFile, Text, take_turn
from samplan_agency.models import Delivery
from samplan_agency.services.costs.lines import note_duplicates
from samplan_agency.services.deliveries.reading import LEDGER, Change, Counts, Sum, rows_of

_COUNTS = """
SELECT count(*) - (SELECT count(*) FROM file_same),
  (SELECT count(*) FROM file_same WHERE NOT same), (SELECT count(*) FROM file_gone),
  (SELECT count(*) FROM file_same WHERE same), min(t.work_month), max(t.work_month) FROM file_rows t"""
_UNITS = """
SELECT DISTINCT t.unit FROM file_rows t WHERE t.unit IS NOT NULL AND t.unit_id IS NULL ORDER BY 1 LIMIT 50"""
_MOST_CHANGES, _MOST_SUMS = 200, 2000


def key_sql(*parts: str) -> str:
    """Return the SQL for the hash of a natural key of these values."""
    return "md5(concat_ws('|', " + ", ".join(f"coalesce(({part})::text, '')" for part in parts) + "))::uuid"


def words_sql(column: str, choices: Sequence[Choice]) -> str:
    """Return the SQL for what the codes of a column are called in files."""
    cases = " ".join(f"WHEN '{choice.value}' THEN '{choice.name.sv}'" for choice in choices)
    return f"CASE {column} {cases} END"


@dataclass(frozen=True, slots=True)
class VintageTable:
    """A table in schema `agency` whose rows have a delivery, `row_number`, `line_key` and `replaced_by`.

    `columns` are its others, each with its SQL of a typed row `t`, which must have `line_key`, `work_month`,
    `unit` and `unit_id`. `month` is the SQL of a stored row's month, `name_of` of what a stored row `r` is
    called, `figure` the column that tells sums and changes. `field` is where a row that stands twice is told,
    by `twice`, which gets the number of the first.
    """

    name: str
    columns: Mapping[str, str]
    month: str
    name_of: str
    figure: str
    field: str
    twice: Callable[[int], Text]

    def count(self, staged: StagedFile, delivery: Delivery) -> Counts:
        """Return what a file would change; nothing is written."""
        staged.execute("DROP TABLE IF EXISTS file_same, file_gone")
        staged.execute(self._same())
        staged.execute(self._gone(), whole=delivery.whole_months, system=delivery.source)
        added, replaced, removed, unchanged, first, last = staged.execute(_COUNTS).one()
        sums = rows_of(
            staged,
            f"SELECT t.unit, t.work_month, count(*), sum({self.columns[self.figure]}) FROM file_rows t"
            " GROUP BY 1, 2 ORDER BY 1, 2 LIMIT :limit",
            limit=_MOST_SUMS,
        )
        return Counts(
            added=added,
            replaced=replaced,
            removed=removed,
            unchanged=unchanged,
            first_month=first,
            last_month=last,
            sums=[Sum(unit or "", month, rows, None, figure) for unit, month, rows, figure in sums],
            unknown_units=[unit for (unit,) in rows_of(staged, _UNITS)],
            changes=[Change(*row) for row in rows_of(staged, self._changes(), limit=_MOST_CHANGES)],
        )

    def read(self, staged: StagedFile, delivery: Delivery) -> Counts:
        """Write a file's rows in the place of those with the same key."""
        take_turn(staged.session, LEDGER)
        counts = self.count(staged, delivery)
        staged.execute(
            f"UPDATE agency.{self.name} h SET replaced_by = :delivery FROM (SELECT id FROM file_same"
            " WHERE NOT same UNION ALL SELECT id FROM file_gone) o WHERE h.id = o.id",
            delivery=delivery.id,
        )
        names = ", ".join(("line_key", "row_number", *self.columns))
        values = ", ".join(("t.line_key", "t.row_number", *self.columns.values()))
        staged.execute(
            f"INSERT INTO agency.{self.name} (delivery_id, {names})"
            f" SELECT :delivery, {values} FROM file_rows t"
            " WHERE NOT EXISTS (SELECT FROM file_same s WHERE s.row_number = t.row_number AND s.same)"
            " ORDER BY t.row_number",
            delivery=delivery.id,
        )
        return counts

    def check(self, staged: StagedFile, _delivery: Delivery) -> None:
        """Note rows that stand twice."""
        note_duplicates(staged, self.field, self.twice)

    def _same(self) -> str:
        alike = " AND ".join(f"h.{name} IS NOT DISTINCT FROM {sql}" for name, sql in self.columns.items())
        return (
            f"CREATE TEMP TABLE file_same ON COMMIT DROP AS SELECT t.row_number, h.id, {alike} AS same"
            f" FROM file_rows t JOIN agency.{self.name} h"
            " ON h.line_key = t.line_key AND h.replaced_by IS NULL"
        )

    def _gone(self) -> str:
        return (
            "CREATE TEMP TABLE file_gone ON COMMIT DROP AS"
            f" SELECT h.id FROM agency.{self.name} h JOIN agency.delivery d ON d.id = h.delivery_id"
            " WHERE :whole AND h.replaced_by IS NULL AND d.source = :system"
            f" AND {self.month} IN (SELECT DISTINCT t.work_month FROM file_rows t)"
            " AND NOT EXISTS (SELECT FROM file_rows t WHERE t.line_key = h.line_key)"
        )

    def _changes(self) -> str:
        name = f"(SELECT {self.name_of} FROM (SELECT h.*) r)"
        return (
            f"SELECT {name}, h.{self.figure}::numeric, ({self.columns[self.figure]})::numeric"
            f" FROM file_same s JOIN agency.{self.name} h ON h.id = s.id"
            " JOIN file_rows t ON t.row_number = s.row_number WHERE NOT s.same"
            f" UNION ALL SELECT {name}, h.{self.figure}::numeric, NULL"
            f" FROM file_gone g JOIN agency.{self.name} h ON h.id = g.id ORDER BY 1 LIMIT :limit"
        )
