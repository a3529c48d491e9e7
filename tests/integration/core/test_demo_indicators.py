"""A demo's indicators: computed by the ordinary job, published by some, all of it marked; once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from samplan.access.service import ensure_roles
from samplan.clock import FrozenClock
from samplan.core import Core
from samplan.db.session import Database
from samplan.demo.indicators import PUBLISHERS, SOURCE, ask_for_planned_months, seed_indicators
from samplan.demo.seed import seed_accounts
from samplan.indicators.models import IndicatorFact, IndicatorValueRow
from samplan.jobs.models import JobRun
from samplan.modules.manager import CORE, Modules
from samplan.organisation.models import Population
from samplan.tenancy.models import Tenant
from samplan.testing.factories import add_group, add_tenant, make_core

TODAY = date(2026, 11, 22)
REGIONS = ("region-a", "region-b", "region-c", "region-d")


@pytest.fixture
def modules() -> Modules:
    """Use the core alone, so that these tests need no plugin."""
    return Modules.load([])


@pytest.fixture
def core(database: Database, modules: Modules) -> Core:
    """Describe four regions with inhabitants, their group, and the logins of a demo."""
    regions = [add_tenant(database, slug) for slug in REGIONS]
    group, _ = add_group(database, members=regions)
    for tenant in (*regions, group):
        with database.unit_of_work(tenant.id) as session:
            ensure_roles(session, modules.get(CORE).roles)
    for tenant in regions:
        with database.unit_of_work(tenant.id) as session:
            session.add(Population(year=2025, inhabitants=286_000, source=SOURCE, confirmed=False))
    core = make_core(database, modules, FrozenClock(datetime(2026, 11, 22, 12, tzinfo=UTC)))
    seed_accounts(core, "k4pa-9xyz-m3rt-wq7e")
    return core


def values(core: Core, slug: str) -> list[IndicatorValueRow]:
    with core.database.unit_of_work(core.tenants.by_slug(slug).id) as session:
        return list(session.scalars(select(IndicatorValueRow)))


def facts(core: Core) -> list[IndicatorFact]:
    group_id = core.tenants.by_slug("ledningen").group_id
    assert group_id is not None
    with core.database.group_session(group_id) as session:
        return list(session.scalars(select(IndicatorFact)))


def test_every_region_has_values_of_both_kinds_at_once(core: Core) -> None:
    seed_indicators(core, TODAY)
    for slug in REGIONS:
        rows = values(core, slug)
        assert Counter((row.indicator, row.origin) for row in rows) == {
            ("core.sickness_absence", "manual"): 6,
            ("core.inhabitants", "computed"): 1,
        }
        invented = [row for row in rows if row.origin == "manual"]
        assert {row.source for row in invented} == {SOURCE}
        assert all(3 < float(row.value or 0) < 9 and row.recorded_by is not None for row in invented)
        with core.database.unit_of_work(core.tenants.by_slug(slug).id) as session:
            run = session.scalars(select(JobRun)).one()
        assert (run.job_type, run.status, run.result["values"]) == ("core.compute_indicators", "succeeded", 1)  # type: ignore[index] # it has succeeded
    assert core.dispatcher.waiting("default") == frozenset(), "nothing is left to the workers"


def test_some_regions_publish_to_the_group_and_the_values_are_marked(core: Core) -> None:
    seed_indicators(core, TODAY)
    found = facts(core)
    named = {core.tenants.by_slug(slug).id: slug for slug in REGIONS}
    assert Counter(named[fact.tenant_id] for fact in found) == dict.fromkeys(REGIONS[:PUBLISHERS], 4)
    assert {fact.comment for fact in found} == {SOURCE}
    assert max(fact.period_end for fact in found) == date(2026, 10, 31)
    published = {(fact.tenant_id, fact.indicator, fact.period_start): fact.value for fact in found}
    own = values(core, "region-a")
    here = core.tenants.by_slug("region-a").id
    recorded = {(here, row.indicator, row.period_start): row.value for row in own}
    assert {key: value for key, value in published.items() if key[0] == here}.items() <= recorded.items()


def test_loading_again_changes_nothing(core: Core) -> None:
    seed_indicators(core, TODAY)
    before = [len(values(core, slug)) for slug in REGIONS], len(facts(core))
    seed_indicators(core, TODAY)
    assert ([len(values(core, slug)) for slug in REGIONS], len(facts(core))) == before
    with core.database.unit_of_work(core.tenants.by_slug("region-a").id) as session:
        assert len(session.scalars(select(JobRun)).all()) == 1


def test_a_tenant_that_is_no_demo_is_left_alone(core: Core) -> None:
    tenant_id = core.tenants.by_slug("region-a").id
    with core.database.unit_of_work(tenant_id) as session:
        session.get_one(Tenant, tenant_id).demo = False
    core.tenants.forget(tenant_id)
    seed_indicators(core, TODAY)
    assert values(core, "region-a") == []
    assert tenant_id not in {fact.tenant_id for fact in facts(core)}
    with core.database.unit_of_work(tenant_id) as session:
        assert session.scalars(select(JobRun)).all() == []


def test_the_months_of_a_new_roster_are_asked_for_once(core: Core) -> None:
    tenant = core.tenants.by_slug("region-a")
    for _ in range(2):
        ask_for_planned_months(core, tenant, TODAY)
    with core.database.unit_of_work(tenant.id) as session:
        runs = session.scalars(select(JobRun).order_by(JobRun.id)).all()
    assert [run.params["start"] for run in runs] == ["2026-11-01", "2026-12-01", "2027-01-01", "2027-02-01"]
    assert {run.status for run in runs} == {"queued"}
