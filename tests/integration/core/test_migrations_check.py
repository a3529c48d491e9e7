"""The migrations' round trip, on the core alone; and that it sees what is wrong."""

import pytest
from sqlalchemy import text

from samplan.db import migrate
from samplan.db.engine import make_engine
from samplan.db.rls import MIGRATOR
from samplan.demo.migrations_check import database_faults, round_trip
from samplan.modules.manager import Modules
from samplan.testing.server import ScratchDatabase


@pytest.fixture
def modules() -> Modules:
    """Use the core alone, so that these tests need no plugin."""
    return Modules.load([])


def test_core_goes_up_and_down_and_up_without_a_fault(
    empty_database: ScratchDatabase, modules: Modules
) -> None:
    steps = dict(round_trip(modules, empty_database.url(MIGRATOR)))
    assert steps == {"empty database to the heads": [], "core down and up": []}


def test_database_that_differs_from_the_models_is_a_fault(
    empty_database: ScratchDatabase, modules: Modules
) -> None:
    url = empty_database.url(MIGRATOR)
    migrate.upgrade(modules, url)
    assert database_faults(modules, url) == []
    engine = make_engine(url, pool_size=1)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE core.org_unit NO FORCE ROW LEVEL SECURITY"))
        connection.execute(text("ALTER TABLE core.org_unit ADD COLUMN surplus integer"))
    engine.dispose()
    faults = "\n".join(database_faults(modules, url))
    assert "table without row-level security: core.org_unit" in faults
    assert "surplus" in faults
