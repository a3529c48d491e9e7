"""What is published to a group, and what PostgreSQL itself refuses."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError, ProgrammingError

from indicators import JUNE, MAY, SPEC, enter
from samplan.audit.models import AuditEntry
from samplan.errors import Conflict, Forbidden, NotFound
from samplan.indicators.models import IndicatorFact, IndicatorValueRow
from samplan.indicators.publish import facts, find_fact, publish, withdraw
from samplan.modules.contributions import IndicatorSpec
from samplan.organisation.models import Site
from samplan.tenancy.models import Tenant
from samplan.testing.factories import add_group, add_tenant
from samplan.testing.server import RolledBackDatabase


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
