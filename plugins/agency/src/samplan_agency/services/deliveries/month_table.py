"""Tables of figures by month and unit, as delivered files give them: what they share to be read in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from samplan.plugin_api import Refusal, Shape, SheetSpec, StagedFile, Text, _l
from samplan_agency.models import Delivery
from samplan_agency.services.deliveries.reading import Reader, month_sql, spec_with_words, wrong_dates
from samplan_agency.services.deliveries.vintage_table import VintageTable, key_sql, words_sql


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthTable:
    """A table that is named as its kind, with `work_month` and `unit`.

    `keys` are columns that are a part of its natural key, and `told` one more where a file tells it.
    `figures` are the others with their SQL of a typed row `t`; the first is what sums and changes tell,
    called `figure`.
    """

    kind: str
    label: Text
    spec: SheetSpec
    keys: tuple[str, ...]
    figures: Mapping[str, str]
    figure: Text
    told: str | None = None

    def reader(self) -> Reader:
        """Return how such files are read into it."""
        table = self._table()
        return Reader(
            kind=self.kind,
            label=self.label,
            by=_l("Cost centre"),
            figure=self.figure,
            spec=spec_with_words(self.spec),
            shape=self._shape,
            refusals=_refusals,
            check=table.check,
            count=table.count,
            read=table.read,
        )

    def _table(self) -> VintageTable:
        keys = (*self.keys, self.told) if self.told else self.keys
        known = {name: f"t.{name}" for name in ("work_month", "unit", "unit_id", *keys)}
        choices = {column.key: column.choices for column in self.spec.columns}
        named = ", ".join(words_sql(f"r.{name}", choices[name]) for name in keys)
        return VintageTable(
            f"{self.kind}_month",
            known | dict(self.figures),
            month="h.work_month",
            name_of=f"concat_ws(' · ', to_char(r.work_month, 'YYYY-MM'), r.unit, {named})",
            figure=next(iter(self.figures)),
            field="month",
            twice=lambda row: _l(
                "The same month, unit and profession stand in row %(row)s already.", row=row
            ),
        )

    def _shape(self, fields: frozenset[str]) -> Shape:
        parts = [f"t.{name}" for name in self.keys]
        if self.told:  # such as the rows of files without it have
            parts[-1] = f"concat_ws('|', {parts[-1]}, t.{self.told})"
        return Shape(
            hours=frozenset({"hours"}) & fields,
            codes=frozenset({"unit"}),
            joins="LEFT JOIN core.org_unit u ON u.code = t.unit",
            extra={
                "line_key": key_sql(month_sql("t.month"), "t.unit", *parts),
                "unit_id": "u.id",
                "work_month": month_sql("t.month"),
            },
        )


def _refusals(_staged: StagedFile, delivery: Delivery) -> list[Refusal]:
    return wrong_dates(delivery, "month")
