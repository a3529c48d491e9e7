"""The measures as they are written down, with what they act on and their planned effects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import NotFound, OrgUnit, TenantSession, _
from samplan_agency.domain.measures import Acting, Scope, effect_by_month
from samplan_agency.domain.months import plus_months
from samplan_agency.models import Measure, MeasureEffect, MeasureTarget
from samplan_agency.queries.unit_tree import UnitTree

USUAL_KINDS = frozenset({"hired"})


@dataclass(frozen=True, slots=True)
class Targets:
    """What a measure acts on, as it was chosen; what is empty was not narrowed."""

    units: frozenset[UUID] = frozenset()
    categories: frozenset[str] = frozenset()
    suppliers: frozenset[UUID] = frozenset()
    kinds: frozenset[str] = frozenset()


EVERYTHING = Targets()


@dataclass(frozen=True, slots=True)
class YearEffect:
    """The planned effect of a year in SEK, and its weights by month (none: evenly)."""

    year: int
    amount: Decimal
    weights: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A measure with all that belongs to it; `division` is the unit's name."""

    row: Measure
    division: str
    targets: Targets = EVERYTHING
    effects: tuple[YearEffect, ...] = ()
    planned: Mapping[date, Decimal] = field(default_factory=dict)

    @property
    def decided(self) -> bool:
        """Whether somebody has decided it."""
        return self.row.decided_on is not None

    def planned_in(self, year: int) -> Decimal:
        """Return what is planned for a year."""
        return sum((effect.amount for effect in self.effects if effect.year == year), Decimal(0))

    @property
    def baseline(self) -> date:
        """The first of the twelve months that the measure is compared with."""
        return self.row.baseline_month or plus_months(self.row.first_month, -12)

    def acting(self, tree: UnitTree) -> Acting:
        """Return the measure as it acts: on its units, or its division, with all below."""
        units = tree.below(*(self.targets.units or {self.row.division_id}))
        scope = Scope(
            units, self.targets.kinds or USUAL_KINDS, self.targets.categories, self.targets.suppliers
        )
        row = self.row
        return Acting(row.id, scope, row.first_month, row.ended_month, self.baseline, self.planned)


def plans(session: TenantSession, ids: Iterable[UUID] | None = None) -> list[Plan]:
    """Return the measures by code; only those of `ids` where they are given."""
    query = select(Measure, OrgUnit.name).join(
        OrgUnit, (OrgUnit.tenant_id == Measure.tenant_id) & (OrgUnit.id == Measure.division_id)
    )
    if ids is not None:
        query = query.where(Measure.id.in_(list(ids)))
    rows = session.execute(query.order_by(Measure.code)).all()
    found = [row.id for row, _name in rows]
    targets, effects = _targets(session, found), _effects(session, found)
    return [_plan(row, name, targets.get(row.id, EVERYTHING), effects.get(row.id, ())) for row, name in rows]


def get_plan(session: TenantSession, measure_id: UUID) -> Plan:
    """Return a measure; raises `NotFound`."""
    found = plans(session, [measure_id])
    if not found:
        raise NotFound(_("There is no such measure."))
    return found[0]


def _plan(row: Measure, division: str, targets: Targets, effects: tuple[YearEffect, ...]) -> Plan:
    planned: dict[date, Decimal] = {}
    for effect in effects:
        planned |= effect_by_month(effect.year, effect.amount, effect.weights, row.first_month)
    return Plan(row, division, targets, effects, planned)


def _targets(session: TenantSession, ids: list[UUID]) -> dict[UUID, Targets]:
    found: dict[UUID, list[MeasureTarget]] = {}
    for row in session.scalars(select(MeasureTarget).where(MeasureTarget.measure_id.in_(ids))):
        found.setdefault(row.measure_id, []).append(row)
    return {
        measure_id: Targets(
            frozenset(row.unit_id for row in rows if row.unit_id is not None),
            frozenset(row.category for row in rows if row.category is not None),
            frozenset(row.supplier_id for row in rows if row.supplier_id is not None),
            frozenset(row.kind for row in rows if row.kind is not None),
        )
        for measure_id, rows in found.items()
    }


def _effects(session: TenantSession, ids: list[UUID]) -> dict[UUID, tuple[YearEffect, ...]]:
    found: dict[UUID, list[YearEffect]] = {}
    query = select(MeasureEffect).where(MeasureEffect.measure_id.in_(ids)).order_by(MeasureEffect.year)
    for row in session.scalars(query):
        effect = YearEffect(row.year, row.amount, tuple(Decimal(str(weight)) for weight in row.weights))
        found.setdefault(row.measure_id, []).append(effect)
    return {measure_id: tuple(effects) for measure_id, effects in found.items()}
