"""Indicator values of a tenant: versions, the compute job, and what is published to a group."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from samplan.audit.models import AuditEntry
from samplan.clock import FrozenClock
from samplan.core import Core
from samplan.db.session import TenantSession
from samplan.errors import Conflict, Forbidden, Invalid, NotFound
from samplan.indicators.models import IndicatorFact, IndicatorValueRow
from samplan.indicators.periods import period_of
from samplan.indicators.publish import facts, find_fact, publish, withdraw
from samplan.indicators.service import (
    Note,
    catalogue,
    find_spec,
    newest_values,
    record_value,
    series,
)
from samplan.jobs.dispatch import InlineDispatcher
from samplan.jobs.models import JobRun
from samplan.jobs.service import request_run
from samplan.modules.contributions import IndicatorSpec, IndicatorValue, Period
from samplan.modules.manager import Modules
from samplan.organisation.models import Population, Site
from samplan.tenancy.models import Tenant
from samplan.testing.factories import add_group, add_tenant, make_core
from samplan.testing.server import RolledBackDatabase

SPEC = IndicatorSpec("core.test", "Test", "st", "lower", "def", "src", min_n=10)
MAY = Period(date(2026, 5, 1), date(2026, 5, 31))
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
NOTE = Note("manual", "HR")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def modules() -> Modules:
    """Use the core alone."""
    return Modules.load([])


def enter(session: TenantSession, value: float | None, period: Period = MAY, **kwargs: Any) -> bool:
    return record_value(session, SPEC, period, IndicatorValue(value, **kwargs), NOTE) is not None


def test_a_new_value_supersedes_and_the_old_one_stays(tenant_session: TenantSession) -> None:
    assert enter(tenant_session, 5.1)
    assert not enter(tenant_session, 5.1)
    assert enter(tenant_session, 4.9, provisional=True)
    assert enter(tenant_session, 7.25, JUNE, n=12, strata={"women": 3})
    found = series(tenant_session, "core.test")
    assert [(s.current.period_start, s.current.version, s.current.value) for s in found] == [
        (JUNE.start, 1, Decimal("7.25")),
        (MAY.start, 2, Decimal("4.9")),
    ]
    assert [row.value for row in found[1].earlier] == [Decimal("5.1")]
    assert len(series(tenant_session, "core.test", since=JUNE.start)) == 1
    newest = newest_values(tenant_session)["core.test"]
    assert (newest.period_start, newest.strata) == (JUNE.start, {"women": 3})
    trail = tenant_session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()
    assert [entry.action for entry in trail] == ["indicator.recorded"] * 3
    assert trail[1].before is not None
    assert trail[1].before["value"] == "5.1"


@pytest.mark.parametrize(
    ("period", "value", "field"),
    [
        (Period(date(2026, 5, 1), date(2026, 5, 30)), IndicatorValue(1.0), "period"),
        (Period(date(2026, 5, 2), date(2026, 6, 1)), IndicatorValue(1.0), "period"),
        (MAY, IndicatorValue(float("nan")), "value"),
        (MAY, IndicatorValue(1e300), "value"),
        (MAY, IndicatorValue(1.0, numerator=float("inf")), "numerator"),
        (MAY, IndicatorValue(1.0, n=-1), "n"),
    ],
)
def test_a_wrong_value_is_refused(
    tenant_session: TenantSession, period: Period, value: IndicatorValue, field: str
) -> None:
    with pytest.raises(Invalid) as raised:
        record_value(tenant_session, SPEC, period, value, NOTE)
    assert set(raised.value.fields) == {field}
    assert series(tenant_session, "core.test") == []


def test_a_recorded_value_cannot_be_changed_or_removed(tenant_session: TenantSession) -> None:
    enter(tenant_session, 5.0)
    for statement in ("UPDATE core.indicator_value SET value = 1", "DELETE FROM core.indicator_value"):
        with pytest.raises(ProgrammingError), tenant_session.begin_nested():
            tenant_session.execute(text(statement))


def test_only_indicators_of_enabled_modules_are_there(modules: Modules) -> None:
    assert find_spec(modules, {"core"}, "core.inhabitants").period == "year"
    (pair,) = catalogue(modules, {"core"})
    assert pair[0].name == "core"
    assert catalogue(modules, set()) == []
    for name in ("core.nothing", "agency.cost"):
        with pytest.raises(NotFound):
            find_spec(modules, {"core"}, name)
    with pytest.raises(NotFound):
        find_spec(modules, set(), "core.inhabitants")


# --- the compute job ---------------------------------------------------------------------------------


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


# --- publication -------------------------------------------------------------------------------------


@pytest.fixture
def group(db: RolledBackDatabase, tenant: Tenant) -> UUID:
    return add_group(db, members=[tenant])[1]


def publish_may(db: RolledBackDatabase, tenant: Tenant, group: UUID, spec: IndicatorSpec = SPEC) -> None:
    with db.unit_of_work(tenant.id) as session:
        publish(session, group, spec, MAY, by=uuid4(), comment="ok")


def enter_may(db: RolledBackDatabase, tenant: Tenant, value: float, n: int | None = 20) -> None:
    with db.unit_of_work(tenant.id) as session:
        enter(session, value, n=n, numerator=1.0, denominator=2.0, strata={"a": 1})


def test_the_group_sees_what_was_published_and_nothing_else(
    db: RolledBackDatabase, tenant: Tenant, group: UUID
) -> None:
    with db.unit_of_work(tenant.id) as session:
        session.add(Site(code="s", name="S"))
    enter_may(db, tenant, 5.0)
    publish_may(db, tenant, group)
    enter_may(db, tenant, 6.0)  # a later correction does not change what the group saw
    with db.group_session(group) as reader:
        (fact,) = facts(reader, group)
        assert (fact.tenant_id, fact.value, fact.version, fact.comment) == (tenant.id, Decimal(5), 1, "ok")
        for kind in (IndicatorValueRow, Site, AuditEntry):
            assert reader.scalars(select(kind)).all() == []
        forged = insert(IndicatorFact).values(**fact_values(tenant.id, group, version=9))
        with pytest.raises(ProgrammingError), reader.begin_nested():
            reader.execute(forged)
    publish_may(db, tenant, group)
    with db.group_session(group) as reader:
        assert [(fact.version, fact.value) for fact in facts(reader, group)] == [(2, Decimal(6))]
        assert reader.scalar(select(func.count()).select_from(IndicatorFact)) == 2
    with db.unit_of_work(tenant.id) as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
        assert actions.count("indicator.published") == 2


def test_another_group_and_another_member_see_nothing(
    db: RolledBackDatabase, tenant: Tenant, group: UUID
) -> None:
    neighbour = add_tenant(db, "grannen")
    _tenant, elsewhere = add_group(db, members=[neighbour], slug="norden")
    enter_may(db, tenant, 5.0)
    publish_may(db, tenant, group)
    with db.group_session(elsewhere) as reader:
        assert facts(reader, elsewhere) == []
        assert facts(reader, group) == []
    with db.unit_of_work(neighbour.id, member_of=group) as session:
        assert facts(session, group) == []
    with db.system_session() as system:
        assert system.scalars(select(IndicatorFact)).all() == []


def test_a_small_number_is_published_without_any_of_its_numbers(
    db: RolledBackDatabase, tenant: Tenant, group: UUID
) -> None:
    enter_may(db, tenant, 5.0, n=9)
    publish_may(db, tenant, group)
    with db.group_session(group) as reader:
        (fact,) = facts(reader, group)
        assert fact.suppressed
        assert (fact.value, fact.numerator, fact.denominator, fact.strata, fact.n) == (None,) * 5
    enter_may(db, tenant, 5.0, n=10)
    publish_may(db, tenant, group)
    with db.group_session(group) as reader:
        (fact,) = facts(reader, group)
        assert (fact.suppressed, fact.value, fact.n) == (False, Decimal(5), 10)


def test_an_unknown_number_behind_a_value_is_not_published(
    db: RolledBackDatabase, tenant: Tenant, group: UUID
) -> None:
    enter_may(db, tenant, 5.0, n=None)
    with pytest.raises(Conflict):
        publish_may(db, tenant, group)
    publish_may(db, tenant, group, replace(SPEC, min_n=0))


def fact_values(tenant_id: UUID, group: UUID, **changed: Any) -> dict[str, Any]:
    return {
        "group_id": group,
        "tenant_id": tenant_id,
        "indicator": "core.test",
        "period_start": MAY.start,
        "period_end": MAY.end,
        "version": 1,
        "value": 5,
        "n": 20,
        "min_n": 10,
        "suppressed": False,
        "method_version": 1,
        "published_by": uuid4(),
        **changed,
    }


@pytest.mark.parametrize("changed", [{"n": 9}, {"n": 9, "suppressed": True}])
def test_postgresql_itself_refuses_a_fact_below_the_smallest_number(
    db: RolledBackDatabase, tenant: Tenant, group: UUID, changed: dict[str, Any]
) -> None:
    with db.unit_of_work(tenant.id) as session:
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(insert(IndicatorFact).values(**fact_values(tenant.id, group, **changed)))
        session.execute(insert(IndicatorFact).values(**fact_values(tenant.id, group)))


def test_nobody_publishes_in_anothers_name_or_to_a_group_it_is_not_in(
    db: RolledBackDatabase, tenant: Tenant, group: UUID
) -> None:
    outsider = add_tenant(db, "utanfor")
    enter_may(db, outsider, 5.0)
    with pytest.raises(Forbidden):
        publish_may(db, outsider, group)
    with db.unit_of_work(outsider.id) as session:
        with pytest.raises(ProgrammingError), session.begin_nested():  # row-level security
            session.execute(insert(IndicatorFact).values(**fact_values(tenant.id, group)))
        with pytest.raises(IntegrityError), session.begin_nested():  # no member
            session.execute(insert(IndicatorFact).values(**fact_values(outsider.id, group)))
    with pytest.raises(NotFound):
        publish_may(db, tenant, group)  # a member, but without a value


def test_a_withdrawn_fact_stays_and_counts_no_more(
    db: RolledBackDatabase, tenant: Tenant, group: UUID
) -> None:
    enter_may(db, tenant, 5.0)
    publish_may(db, tenant, group)
    later = datetime.now(UTC) + timedelta(hours=1)
    with db.unit_of_work(tenant.id) as session:
        fact = find_fact(session, group, "core.test", MAY, 1)
        withdraw(session, fact, by=uuid4(), now=later)
        with pytest.raises(Conflict):
            withdraw(session, fact, by=uuid4(), now=later)
        with pytest.raises(NotFound):
            find_fact(session, group, "core.test", JUNE, 1)
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
        assert actions[-1] == "indicator.withdrawn"
    with db.group_session(group) as reader:
        assert facts(reader, group) == []
        assert facts(reader, group, indicator="core.other") == []
        assert len(facts(reader, group, seen_at=later - timedelta(minutes=1))) == 1
        assert facts(reader, group, seen_at=later) == []
        (seen,) = facts(reader, group, seen_at=later - timedelta(minutes=1))
    with db.unit_of_work(add_tenant(db, "annan").id) as session, pytest.raises(Forbidden):
        withdraw(session, seen, by=uuid4(), now=later)


def test_the_periods_of_the_core_indicators_are_known(modules: Modules) -> None:
    for spec in modules.indicators().values():
        assert period_of(spec.period, NOW.date()).start <= NOW.date()
