"""How the measures go: planned, expected so far and realised by the data, and what is still to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from samplan.plugin_api import TenantSession
from samplan_agency.domain.change import Cost, Split, split_change
from samplan_agency.domain.measures import Acting, Cell, Limits, Progress, Status, realised, status_of
from samplan_agency.domain.months import Months, month_of, plus_months
from samplan_agency.models import COST_KINDS
from samplan_agency.queries.costs.extent import extent
from samplan_agency.queries.costs.remembered import remembered
from samplan_agency.queries.costs.sums import Choice, Dimension, cost_sums
from samplan_agency.queries.measures.plans import Plan, plans
from samplan_agency.queries.unit_tree import unit_tree

USUAL_PROVISIONAL = 2
USUAL_LIMITS = Limits()
ZERO = Decimal(0)
_SHOWN_OVER = 3  # fully invoiced months that an effect already shown is the mean of


@dataclass(frozen=True, slots=True)
class Known:
    """How far the outcome is known: the last month with costs, and the last that is fully invoiced."""

    last: date | None
    final: date | None

    def provisional(self, month: date) -> bool:
        """Tell whether invoices for a month are still to come."""
        return self.final is None or month > self.final


@dataclass(frozen=True, slots=True)
class Standing:
    """How a measure goes: the realised effect by month, and its status."""

    plan: Plan
    realised: Mapping[date, Decimal]
    known: Known
    status: Status

    def months(self, year: int | None = None) -> list[date]:
        """Return the fully invoiced months that could be compared, of a year or of all."""
        return [
            month
            for month in sorted(self.realised)
            if not self.known.provisional(month) and (year is None or month.year == year)
        ]

    def expected_so_far(self, year: int | None = None) -> Decimal:
        """Return what is planned for those months."""
        return sum((self.plan.planned.get(month, ZERO) for month in self.months(year)), ZERO)

    def realised_so_far(self, year: int | None = None) -> Decimal:
        """Return what was realised in those months."""
        return sum((self.realised[month] for month in self.months(year)), ZERO)


@dataclass(frozen=True, slots=True)
class DecidedEffect:
    """What a decided measure is to save in a month to come, in SEK.

    `shown` is the part that the latest fully invoiced months already show, `amount` what is left to expect:
    who carries the outcome forward takes `amount` only.
    """

    measure_id: UUID
    code: str
    title: str
    division_id: UUID
    month: date
    kinds: tuple[str, ...]
    expected: Decimal
    shown: Decimal

    @property
    def amount(self) -> Decimal:
        """What the outcome does not show yet."""
        return max(self.expected - self.shown, ZERO)


def known_months(session: TenantSession, provisional: int = USUAL_PROVISIONAL) -> Known:
    """Return how far the ledger goes; the `provisional` months up to its last booking are not final."""
    there = extent(session, "ledger", COST_KINDS)
    if there is None:
        return Known(None, None)
    return Known(there.last, min(there.last, plus_months(there.booked, -provisional)))


def standings(
    session: TenantSession, today: date, limits: Limits = USUAL_LIMITS, provisional: int = USUAL_PROVISIONAL
) -> list[Standing]:
    """Return how every measure goes, by code; effects of those that act on the same costs are shared."""
    found = plans(session)
    known = known_months(session, provisional)
    acting = acting_measures(session, found)
    effects = _realised(session, acting, known)
    return [_standing(plan, effects.get(plan.row.id, {}), known, today, limits) for plan in found]


def acting_measures(session: TenantSession, found: Iterable[Plan]) -> list[Acting]:
    """Return the decided ones among measures as they act."""
    tree = unit_tree(session)
    return [plan.acting(tree) for plan in found if plan.decided]


def decided_effects(
    session: TenantSession, year: int, *, after: date | None = None, provisional: int = USUAL_PROVISIONAL
) -> list[DecidedEffect]:
    """Return what decided measures are to save in the months of a year that have no outcome yet.

    Args:
        session: the tenant's.
        year: the calendar year.
        after: the last month whose outcome is counted on; None: the last that is fully invoiced.
        provisional: how many of the newest months are not fully invoiced.
    """
    known = known_months(session, provisional)
    found = [plan for plan in plans(session) if plan.decided]
    effects = _realised(session, acting_measures(session, found), known)
    last = after or known.final or date.min
    return [
        DecidedEffect(
            plan.row.id,
            plan.row.code,
            plan.row.title,
            plan.row.division_id,
            month,
            tuple(sorted(plan.targets.kinds)) or ("hired",),
            plan.planned[month],
            shown,
        )
        for plan in found
        for shown in [_shown(effects[plan.row.id], known)]
        for month in sorted(plan.planned)
        if month.year == year
        and month > last
        and (plan.row.ended_month is None or month <= plan.row.ended_month)
    ]


def split_of(session: TenantSession, measure: Acting, months: Sequence[date]) -> Split | None:
    """Return why what a measure acts on changed in some months: hours, mix of category and supplier, price.

    None where no month can be compared.
    """
    if not months:
        return None
    before = [measure.compared_with(month) for month in months]
    return split_change(_costs(session, measure, before), _costs(session, measure, months), 2)


def _costs(session: TenantSession, measure: Acting, months: Sequence[date]) -> list[Cost]:
    scope = measure.scope
    if not scope.units:
        return []
    choice = Choice(
        Months(min(months), max(months)),
        kinds=tuple(scope.kinds),
        units=scope.units,
        categories=tuple(scope.categories),
        suppliers=tuple(scope.suppliers),
    )
    by: tuple[Dimension, ...] = ("work_month", "unit_id", "category", "supplier_id", "kind")
    wanted = {month: months.count(month) for month in months}
    return [
        Cost((one.key[2], one.key[3]), int(one.amount * 100), int(one.hours * 100))
        for one in cost_sums(session, choice, by)
        if scope.holds(Cell(*one.key[1:]))
        for _ in range(wanted.get(one.key[0], 0))
    ]


def _realised(
    session: TenantSession, acting: Sequence[Acting], known: Known
) -> dict[UUID, dict[date, Decimal]]:
    if known.last is None or not acting:
        return {measure.id: {} for measure in acting}
    months = Months(min(min(measure.baseline, measure.first) for measure in acting), known.last)
    told = tuple(
        (one.id, one.scope, one.first, one.last, one.baseline, tuple(sorted(one.planned.items())))
        for one in acting
    )
    return remembered(
        session, "ledger", months, ("realised", told), lambda: _computed(session, acting, months)
    )


def _computed(
    session: TenantSession, acting: Sequence[Acting], months: Months
) -> dict[UUID, dict[date, Decimal]]:
    choice = Choice(months, kinds=COST_KINDS)
    levels: dict[date, dict[Cell, Decimal]] = {}
    by: tuple[Dimension, ...] = ("work_month", "kind", "unit_id", "category")
    if any(one.scope.suppliers for one in acting):  # without, a tenth of the rows tells it all
        by += ("supplier_id",)
    for one in cost_sums(session, choice, by):
        month, kind, unit, category, *supplier = one.key
        cell = Cell(unit, category, supplier[0] if supplier else None, kind)
        levels.setdefault(month, {})[cell] = one.amount
    return realised(acting, levels, sorted(levels))


def _shown(effects: Mapping[date, Decimal], known: Known) -> Decimal:
    """Return the monthly effect that the latest fully invoiced months show; zero without any."""
    latest = [effects[month] for month in sorted(effects) if not known.provisional(month)][-_SHOWN_OVER:]
    if not latest:
        return ZERO
    return max((sum(latest, ZERO) / len(latest)).quantize(Decimal("0.01")), ZERO)


def _standing(
    plan: Plan, effects: Mapping[date, Decimal], known: Known, today: date, limits: Limits
) -> Standing:
    bare = Standing(plan, effects, known, Status.PROPOSED)
    row = plan.row
    so_far = bare.expected_so_far(), bare.realised_so_far()
    progress = Progress(plan.decided, row.first_month, row.ended_month, *so_far)
    return Standing(plan, effects, known, status_of(progress, month_of(today), limits))
