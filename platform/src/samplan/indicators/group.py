"""What a management group sees: its members, and what they have published to it. Nothing else of a region."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from samplan.db.session import GroupSession
from samplan.db.sorting import swedish_key
from samplan.i18n import _
from samplan.indicators.models import IndicatorFact
from samplan.indicators.periods import period_label
from samplan.indicators.publish import facts
from samplan.modules.contributions import IndicatorSpec, Period
from samplan.modules.manager import Modules
from samplan.tenancy.models import GroupMember, Tenant
from samplan.web.formats import show_number

LATEST = 5


@dataclass(frozen=True, slots=True)
class FactView:
    """A published value in the language of the request; `spec` is None where the indicator is unknown."""

    fact: IndicatorFact
    spec: IndicatorSpec | None
    region: str
    demo: bool
    title: str
    value: str
    unit: str
    period: str
    source: str


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member of the group: how many values it has published, and the latest."""

    name: str
    demo: bool
    count: int
    latest: FactView | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The members by name, and all published values, the latest published first."""

    members: tuple[MemberView, ...]
    published: tuple[FactView, ...]

    @property
    def latest(self) -> tuple[FactView, ...]:
        """Return the values that were published last."""
        return self.published[:LATEST]

    @property
    def newest(self) -> tuple[FactView, ...]:
        """Return each region's value of the latest period of each indicator, by indicator and region."""
        found: dict[tuple[str, UUID], FactView] = {}
        for view in sorted(self.published, key=lambda view: view.fact.period_start):
            found[view.fact.indicator, view.fact.tenant_id] = view
        return tuple(
            sorted(found.values(), key=lambda view: (swedish_key(view.title), swedish_key(view.region)))
        )

    def series(self, indicator: str) -> tuple[FactView, ...]:
        """Return the values of an indicator, the latest period first, by region."""
        chosen = [view for view in self.published if view.fact.indicator == indicator]
        by_region = sorted(chosen, key=lambda view: swedish_key(view.region))
        return tuple(sorted(by_region, key=lambda view: view.fact.period_start, reverse=True))


def overview(session: GroupSession, group_id: UUID, modules: Modules, locale: str) -> Overview:
    """Return the group's members and what they have published to it, by what the database lets it see."""
    members = session.scalars(
        select(Tenant)
        .join(GroupMember, GroupMember.tenant_id == Tenant.id)
        .where(GroupMember.group_id == group_id)
    ).all()
    regions = {member.id: member for member in members}
    specs = modules.indicators()
    published = tuple(
        _view(fact, specs.get(fact.indicator), regions[fact.tenant_id], locale)
        for fact in sorted(facts(session, group_id), key=_published_at, reverse=True)
        if fact.tenant_id in regions
    )
    return Overview(tuple(_members(members, published)), published)


def _published_at(fact: IndicatorFact) -> tuple[datetime, str]:
    return fact.published_at, f"{fact.period_start} {fact.indicator}"


def _members(members: Iterable[Tenant], published: Collection[FactView]) -> Iterable[MemberView]:
    for member in sorted(members, key=lambda member: swedish_key(member.name)):
        own = [view for view in published if view.fact.tenant_id == member.id]
        yield MemberView(member.name, member.demo, len(own), own[0] if own else None)


def _view(fact: IndicatorFact, spec: IndicatorSpec | None, region: Tenant, locale: str) -> FactView:
    period = Period(fact.period_start, fact.period_end)
    shown = show_number(fact.value, spec.decimals if spec else 2)
    return FactView(
        fact=fact,
        spec=spec,
        region=region.name,
        demo=region.demo,
        title=str(spec.title) if spec else fact.indicator,
        value=_("withheld, small numbers") if fact.suppressed else shown,
        unit="" if fact.suppressed or spec is None else str(spec.unit),
        period=period_label(spec.period, period, locale) if spec else f"{period.start} – {period.end}",
        source=_(fact.source)
        if fact.source
        else "",  # a computed value has its indicator's, to be translated
    )
