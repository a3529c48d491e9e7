"""A random life of sessions on one pooled connection never shows another tenant's rows."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text

from samplan.db.engine import make_engine
from samplan.db.session import Database, TenantSession
from samplan.errors import TenantContextMissing
from samplan.organisation.models import Site
from samplan.testing.factories import add_tenant
from samplan.testing.server import ScratchDatabase


class Sessions(RuleBasedStateMachine):
    """Opens a session for one of the tenants, writes, and ends it in some way."""

    database: Database
    tenants: list[UUID]

    def __init__(self) -> None:
        super().__init__()
        self.session: TenantSession | None = None
        self.count = 0

    @precondition(lambda self: self.session is None)
    @rule(number=st.integers(0, 1))
    def open(self, number: int) -> None:
        self.session = self.database.tenant_session(self.tenants[number])

    @precondition(lambda self: self.session is not None)
    @rule()
    def write(self) -> None:
        assert self.session is not None
        self.count += 1
        self.session.add(Site(code=f"{id(self)}-{self.count}", name="prov"))
        self.session.flush()

    @precondition(lambda self: self.session is not None)
    @rule(keep=st.booleans())
    def savepoint(self, keep: bool) -> None:
        assert self.session is not None
        point = self.session.begin_nested()
        self.write()
        point.commit() if keep else point.rollback()

    @precondition(lambda self: self.session is not None)
    @rule()
    def commit(self) -> None:
        assert self.session is not None
        self.session.commit()

    @precondition(lambda self: self.session is not None)
    @rule()
    def roll_back(self) -> None:
        assert self.session is not None
        self.session.rollback()

    @precondition(lambda self: self.session is not None)
    @rule()
    def close(self) -> None:
        assert self.session is not None
        self.session.close()
        self.session = None

    @invariant()
    def only_own_rows_show(self) -> None:
        if self.session is None:
            with self.database.engine.connect() as connection:
                assert connection.scalar(text("SELECT count(*) FROM core.site")) == 0
        else:
            assert set(self.session.scalars(select(Site.tenant_id))) <= {self.session.tenant_id}

    def teardown(self) -> None:
        if self.session is not None:
            self.session.close()


def test_no_order_of_events_shows_anothers_rows(scratch_database: ScratchDatabase) -> None:
    engine = make_engine(scratch_database.url(), pool_size=1)
    database = Database(engine)
    tenants = [add_tenant(database, "region-a").id, add_tenant(database, "region-b").id]
    budget = settings(
        max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    life = type("Life", (Sessions,), {"database": database, "tenants": tenants})
    run_state_machine_as_test(life, settings=budget)
    with database.unit_of_work(tenants[0]) as session:
        assert set(session.scalars(select(Site.tenant_id))) <= {tenants[0]}
    engine.dispose()


def test_a_session_without_a_tenant_cannot_begin(scratch_database: ScratchDatabase) -> None:
    engine = make_engine(scratch_database.url(), pool_size=1)
    nobody = TenantSession(engine)
    with pytest.raises(TenantContextMissing):
        nobody.scalar(text("SELECT 1"))
    nobody.close()
    engine.dispose()
