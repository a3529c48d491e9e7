"""Indicators of a demo: example values, computed ones by the ordinary job, and some published to the group.

Everything that is made up says so in its source. May be repeated: what is there already is left as it is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import islice
from random import Random
from uuid import UUID

from sqlalchemy import select

from samplan.audit.context import SYSTEM, Actor, acting_as
from samplan.core import Core
from samplan.db.session import TenantSession
from samplan.demo.seed import address
from samplan.identity.models import Membership
from samplan.indicators.compute import JOB
from samplan.indicators.models import IndicatorFact, IndicatorValueRow
from samplan.indicators.periods import ended, period_of
from samplan.indicators.publish import publish
from samplan.indicators.service import Note, newest_values, record_value
from samplan.jobs.dispatch import InlineDispatcher
from samplan.jobs.service import request_run
from samplan.modules.contributions import IndicatorValue, Period
from samplan.tenancy.context import TenantContext, tenant_scope

SOURCE = "exempeldata"
MANUAL, COMPUTED = "core.sickness_absence", "core.inhabitants"
MONTHS, PUBLISHED_MONTHS, PUBLISHERS = 6, 3, 3
PLANNED_MONTHS = 3  # after this one: the demo ward's roster is for the near future
HOURS = (400_000, 900_000)  # ordinary working hours of a month, invented
WINTER = (1, 2, 3, 11, 12)
ONCE = "demo"  # the key by which the demo's run is asked for once


def seed_indicators(core: Core, today: date) -> None:
    """Give the demo's regions values of every indicator that can have one, and let some publish them."""
    regions = [tenant for tenant in core.tenants.all() if tenant.demo and tenant.kind == "region"]
    for region in regions:
        _enter_values(core, region, today)
    _compute(core, regions)
    for region in [region for region in regions if region.member_of is not None][:PUBLISHERS]:
        _publish(core, region)


def ask_for_planned_months(core: Core, tenant: TenantContext, today: date) -> None:
    """Have the months computed that a new roster is for; by the workers, as for everybody."""
    period = period_of("month", today)
    for _month in range(PLANNED_MONTHS + 1):
        params = {"start": period.start.isoformat(), "end": period.end.isoformat()}
        key = f"{ONCE}-{period.start}"
        with acting_as(SYSTEM), core.database.unit_of_work(tenant.id) as session:
            request_run(core, session, tenant, JOB, params, requested_by=None, idempotency_key=key)
        period = _after(period)


def _after(period: Period) -> Period:
    return period_of("month", date.fromordinal(period.end.toordinal() + 1))


def _enter_values(core: Core, region: TenantContext, today: date) -> None:
    """Enter half a year of the manual series, invented, as the region's controller."""
    spec = core.modules.indicators()[MANUAL]
    chance = Random(f"{region.slug}/{MANUAL}")  # noqa: S311 - examples that are the same every time
    with core.database.unit_of_work(region.id) as session:
        by = _account(session, "controller", region)
        known = select(IndicatorValueRow.id).where(IndicatorValueRow.indicator == MANUAL).limit(1)
        if by is None or session.scalar(known) is not None:
            return
        with acting_as(Actor("account", by)):
            for period in islice(ended(spec.period, today), MONTHS):
                value = _sickness_absence(chance, period)
                record_value(session, spec, period, value, Note("manual", SOURCE, by=by))


def _sickness_absence(chance: Random, period: Period) -> IndicatorValue:
    hours = chance.randrange(*HOURS)
    absent = round(hours * (chance.uniform(0.050, 0.062) + (0.012 if period.start.month in WINTER else 0.0)))
    return IndicatorValue(round(100 * absent / hours, 2), numerator=absent, denominator=hours)


def _compute(core: Core, regions: list[TenantContext]) -> None:
    """Do the ordinary job once for each region, here and now: the workers are not there yet."""
    here = InlineDispatcher()
    own = replace(core, dispatcher=here)
    for region in regions:
        with acting_as(SYSTEM), core.database.unit_of_work(region.id) as session:
            request_run(own, session, region, JOB, {}, requested_by=None, idempotency_key=ONCE)
    here.work(own)


def _publish(core: Core, region: TenantContext) -> None:
    """Publish the newest values of two indicators to the group, as the region's production director."""
    group_id = region.member_of
    with tenant_scope(region), core.database.unit_of_work(region.id, member_of=group_id) as session:
        by = _account(session, "production_director", region)
        own = select(IndicatorFact.indicator).where(IndicatorFact.tenant_id == region.id).limit(1)
        if group_id is None or by is None or session.scalar(own) is not None:
            return
        specs = core.modules.indicators()
        with acting_as(Actor("account", by)):
            for name, period in _to_publish(session):
                publish(session, group_id, specs[name], period, by=by, comment=SOURCE)


def _to_publish(session: TenantSession) -> list[tuple[str, Period]]:
    months = session.execute(
        select(IndicatorValueRow.period_start, IndicatorValueRow.period_end)
        .where(IndicatorValueRow.indicator == MANUAL)
        .order_by(IndicatorValueRow.period_start.desc())
        .limit(PUBLISHED_MONTHS)
    )
    chosen = [(MANUAL, Period(row.period_start, row.period_end)) for row in months]
    newest = newest_values(session).get(COMPUTED)
    return [*chosen, (COMPUTED, Period(newest.period_start, newest.period_end))] if newest else chosen


def _account(session: TenantSession, role: str, region: TenantContext) -> UUID | None:
    query = select(Membership.account_id).where(Membership.email == address(role, region))
    return session.scalar(query)
