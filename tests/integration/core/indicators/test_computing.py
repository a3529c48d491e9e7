"""The job that computes indicators."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from indicators import NOW
from samplan.clock import FrozenClock
from samplan.core import Core
from samplan.db.session import TenantSession
from samplan.errors import Invalid, NotFound
from samplan.indicators.models import IndicatorValueRow
from samplan.jobs.dispatch import InlineDispatcher
from samplan.jobs.models import JobRun
from samplan.jobs.service import request_run
from samplan.modules.contributions import IndicatorValue, Period
from samplan.modules.manager import Modules
from samplan.organisation.models import Population
from samplan.tenancy.models import Tenant
from samplan.testing.factories import add_tenant, make_core
from samplan.testing.server import RolledBackDatabase


def compute(core: Core, tenant: Tenant, **params: Any) -> JobRun:
    context = core.tenants.by_id(tenant.id)
    with core.database.unit_of_work(tenant.id) as session:
        run = request_run(core, session, context, "core.compute_indicators", params, requested_by=None)
    assert isinstance(core.dispatcher, InlineDispatcher)
    core.dispatcher.work(core)
    with core.database.unit_of_work(tenant.id) as session:
        return session.scalars(select(JobRun).where(JobRun.id == run.id)).one()


def values(core: Core, tenant: Tenant) -> list[tuple[int, int, Decimal | None, bool]]:
    with core.database.unit_of_work(tenant.id) as session:
        rows = session.scalars(
            select(IndicatorValueRow).order_by(IndicatorValueRow.period_start, IndicatorValueRow.version)
        )
        return [(row.period_start.year, row.version, row.value, row.provisional) for row in rows]


@pytest.fixture
def core(db: RolledBackDatabase, modules: Modules) -> Core:
    return make_core(db, modules, FrozenClock(NOW))


def test_the_job_computes_the_newest_periods_and_later_only_what_changed(
    core: Core, db: RolledBackDatabase, tenant: Tenant
) -> None:
    with db.unit_of_work(tenant.id) as session:
        session.add(Population(year=2024, inhabitants=286_000, source="SCB", confirmed=False))
    run = compute(core, tenant)
    assert (run.status, run.result) == (
        "succeeded",
        {"values": 1, "link": {"endpoint": "core.indicators"}},
    )
    assert values(core, tenant) == [(2024, 1, Decimal(286_000), True)]
    compute(core, tenant)
    assert len(values(core, tenant)) == 1
    with db.unit_of_work(tenant.id) as session:
        row = session.scalars(select(Population)).one()
        row.inhabitants, row.confirmed = 286_123, True
    compute(core, tenant, indicator="core.inhabitants")
    assert values(core, tenant)[1:] == [(2024, 2, Decimal(286_123), False)]
    with db.unit_of_work(tenant.id) as session:
        session.delete(session.scalars(select(Population)).one())
    compute(core, tenant, start="2024-01-01", end="2024-12-31")
    assert values(core, tenant)[2:] == [(2024, 3, None, False)]


def test_the_job_computes_for_its_own_tenant_only(core: Core, db: RolledBackDatabase, tenant: Tenant) -> None:
    other = add_tenant(db, "annan")
    for number, owner in enumerate((tenant, other), start=1):
        with db.unit_of_work(owner.id) as session:
            session.add(Population(year=2025, inhabitants=number, source="SCB", confirmed=True))
    compute(core, tenant)
    assert values(core, tenant) == [(2025, 1, Decimal(1), False)]
    assert values(core, other) == []


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"indicator": "core.sickness_absence"}, "manual_series"),
        ({"indicator": "core.nothing"}, "not_found"),
        (
            {"indicator": "core.inhabitants", "start": "2024-01-01", "end": "2024-06-30"},
            "not_a_whole_period",
        ),
    ],
)
def test_what_cannot_be_computed_fails_with_a_reason(
    core: Core, tenant: Tenant, params: dict[str, Any], code: str
) -> None:
    run = compute(core, tenant, **params)
    assert (run.status, run.error_code) == ("failed", code)
    assert values(core, tenant) == []


@pytest.mark.parametrize(
    "params",
    [
        {"start": "2024-01-01"},
        {"start": "2024-02-01", "end": "2024-01-31"},
        {"periods": 0},
        {"periods": "many"},
        {"colour": "blue"},
    ],
)
def test_wrong_parameters_make_no_run(core: Core, tenant: Tenant, params: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        compute(core, tenant, **params)
    with core.database.unit_of_work(tenant.id) as session:
        assert session.scalars(select(JobRun)).all() == []


def test_an_indicator_that_cannot_be_computed_is_named_and_does_not_stop_the_run(
    core: Core, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compute_once(_session: TenantSession, period: Period) -> IndicatorValue:
        if period.start.year == 2024:
            raise NotFound("no such file")
        return IndicatorValue(7.0)

    monkeypatch.setattr("samplan.indicators.own.inhabitants", compute_once)
    run = compute(core, tenant)
    assert run.status == "succeeded"
    assert run.result is not None
    assert (run.result["values"], run.result["failed"]) == (2, "core.inhabitants")
    assert [year for year, *_rest in values(core, tenant)] == [2023, 2025]
    alone = compute(core, tenant, start="2024-01-01", end="2024-12-31")
    assert (alone.status, alone.error_code) == ("failed", "no_indicator_computed")


def test_of_all_indicators_those_of_the_given_period_are_computed(core: Core, tenant: Tenant) -> None:
    run = compute(core, tenant, start="2024-03-01", end="2024-03-31")  # none of the core's is monthly
    assert (run.status, run.result and run.result["values"]) == ("succeeded", 0)


def test_a_run_that_is_stopped_stores_what_it_has(
    core: Core, db: RolledBackDatabase, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.unit_of_work(tenant.id) as session:
        session.add(Population(year=2025, inhabitants=1, source="SCB", confirmed=True))
    monkeypatch.setattr("samplan.jobs.heartbeat.Heartbeat.report", lambda _self, _news: False)
    compute(core, tenant)
    assert values(core, tenant) == []
