"""Read the budget of a year: it replaces that of the divisions that are in the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from samplan.plugin_api import Refusal, Shape, SheetSpec, StagedFile, TenantSession, _l, take_turn
from samplan_agency.files.budget import COST_KINDS, EVENLY, with_divisions
from samplan_agency.models import Delivery
from samplan_agency.queries.forecast.given import months_of
from samplan_agency.queries.unit_tree import unit_tree
from samplan_agency.services.costs.lines import note_duplicates
from samplan_agency.services.deliveries.reading import (
    LEDGER,
    Change,
    Counts,
    Reader,
    Sum,
    far_future,
    outside_period,
    refuse_many,
    rows_of,
)
from samplan_agency.services.forecast.budget import (
    ZERO,
    BudgetChange,
    BudgetRow,
    Key,
    budget_change,
    write_budget,
)

_KINDS = {choice.value: choice.name.sv for choice in COST_KINDS}
_ROWS = """
SELECT t.of_year, t.of_month, t.division_id, t.unit_id, t.kind, coalesce(t.cost_type, ''), round(t.amount, 2),
  coalesce(t.spread, :spread)
FROM file_rows t WHERE t.wrong = 0 AND t.of_year IS NOT NULL ORDER BY t.row_number"""
# An amount of a month where the file has one of the whole year as well.
_BOTH = """
SELECT t.row_number, r.amount, count(*) OVER () FROM file_rows t JOIN file_raw r USING (row_number)
WHERE t.wrong = 0 AND t.of_month IS NOT NULL AND EXISTS (
  SELECT FROM file_rows w WHERE w.wrong = 0 AND w.of_month IS NULL AND w.of_year = t.of_year
    AND w.division_id IS NOT DISTINCT FROM t.division_id AND w.unit_id IS NOT DISTINCT FROM t.unit_id
    AND w.kind = t.kind
    AND w.cost_type IS NOT DISTINCT FROM t.cost_type)
ORDER BY 1 LIMIT :limit"""
_PLACES = """
SELECT t.row_number, r.unit, t.division_id, t.unit_id FROM file_rows t JOIN file_raw r USING (row_number)
WHERE t.division_id IS NOT NULL AND t.unit_id IS NOT NULL ORDER BY 1"""


def _spec(session: TenantSession) -> SheetSpec:
    return with_divisions({unit.code: unit.name for unit in unit_tree(session).divisions.values()})


def _shape(_fields: frozenset[str]) -> Shape:
    year = "coalesce(t.year, extract(year FROM t.period)::int)"
    month = "coalesce(t.month, extract(month FROM t.period)::int)"
    parts = (year, month, "t.division", "t.unit", "t.kind", "t.cost_type")
    key = ", ".join(f"coalesce(({part})::text, '')" for part in parts)
    return Shape(
        codes=frozenset({"unit"}),
        joins="LEFT JOIN core.org_unit u ON u.code = t.division LEFT JOIN core.org_unit c ON c.code = t.unit",
        extra={
            "of_year": year,
            "of_month": month,
            "division_id": "u.id",
            "unit_id": "c.id",
            "begins": f"make_date({year}, coalesce({month}, 1), 1)",
            "line_key": f"md5(concat_ws('|', {key}))::uuid",
        },
    )


def _refusals(_staged: StagedFile, delivery: Delivery) -> Sequence[Refusal]:
    return (
        Refusal(
            "amount",
            "t.wrong = 0 AND t.of_year IS NULL",
            "missing_value",
            _l("The row says no year."),
            _l("a year, or a month such as 2027-01"),
        ),
        Refusal(
            "unit",
            "t.unit IS NOT NULL AND t.unit_id IS NULL",
            "unknown_unit",
            _l("There is no unit with this code."),
            _l("the code of a unit of the organisation"),
        ),
        *outside_period(delivery, "begins", at="amount"),
        *far_future(delivery, "begins", at="amount"),
    )


def _check(staged: StagedFile, _delivery: Delivery) -> None:
    refuse_many(staged)
    note_duplicates(
        staged,
        "amount",
        lambda row: _l("The same month, place and cost type stand in row %(row)s already.", row=row),
    )
    _check_places(staged)
    found = rows_of(staged, _BOTH, limit=max(1, staged.log.room))
    message = _l("The same cost type has an amount of the whole year as well.")
    wanted = _l("amounts by month, or one for the whole year")
    for row, raw, _total in found:
        staged.fault("both_month_and_year", row, "amount", message, raw=raw, expected=wanted)
    staged.log.count(found[0][2] - len(found) if found else 0)


def _check_places(staged: StagedFile) -> None:
    """Note rows whose cost centre is of another division than the one beside it."""
    if not {"division", "unit"} <= set(staged.places):
        return
    tree = unit_tree(staged.session)
    for row, raw, division_id, unit_id in rows_of(staged, _PLACES):
        own = tree.division(unit_id)
        if own != division_id:
            message = _l("The cost centre is not of the division.")
            wanted = tree.name(own) or _l("no division beside it")
            staged.fault("other_division", row, "unit", message, raw=raw, expected=wanted)


def _rows(staged: StagedFile) -> Iterator[BudgetRow]:
    """Yield the rows, those of cost centres as of their divisions."""
    tree = unit_tree(staged.session)
    for year, month, division_id, unit_id, *rest in rows_of(staged, _ROWS, spread=EVENLY):
        yield BudgetRow(year, month, division_id or tree.division(unit_id), *rest)


def _count(staged: StagedFile, _delivery: Delivery) -> Counts:
    return _counts(staged.session, budget_change(staged.session, _rows(staged)))


def _read(staged: StagedFile, delivery: Delivery) -> Counts:
    take_turn(staged.session, LEDGER)
    change = budget_change(staged.session, _rows(staged))
    counts = _counts(staged.session, change)
    write_budget(staged.session, change, delivery)
    return counts


def _counts(session: TenantSession, change: BudgetChange) -> Counts:
    years = sorted({year for year, _cell in change.lines})
    names = unit_tree(session).division_names

    def named(key: Key) -> str:
        year, cell = key
        division = names.get(cell.division, "") if cell.division else ""
        return " · ".join(filter(None, (str(year), division, _KINDS[cell.kind], cell.cost_type)))

    changes = [
        Change(named(key), abs(sum(months_of(line), ZERO)), abs(sum(change.lines[key], ZERO)))
        for key, line in change.replaced.items()
    ]
    changes += [
        Change(named(key), abs(sum(months_of(line), ZERO)), None) for key, line in change.removed.items()
    ]
    sums = [
        Sum(named(key), date(key[0], month, 1), 1, abs(amount))
        for key, months in change.lines.items()
        for month, amount in enumerate(months, start=1)
        if amount
    ]
    return Counts(
        len(change.added),
        len(change.replaced),
        len(change.removed),
        len(change.unchanged),
        change.amount,
        date(years[0], 1, 1) if years else None,
        date(years[-1], 12, 1) if years else None,
        sums,
        changes=changes,
    )


BUDGET_READER = Reader(
    kind="budget",
    label=_l("Budget"),
    by=_l("Division and cost type"),
    figure=_l("Amount (SEK)"),
    spec=_spec,
    shape=_shape,
    refusals=_refusals,
    check=_check,
    count=_count,
    read=_read,
)
