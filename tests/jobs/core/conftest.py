"""Fixtures for jobs: a core with the probe plugin."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from samplan.db.session import Database
from samplan.modules.manager import Modules
from samplan.testing.server import ScratchDatabase

# The probe's handlers are found by their module's name, here as in a worker process.
sys.path.append(str(Path(__file__).parent))

from jobbench import Bench, load_modules, make_bench
from jobplant import Plant, make_plant
from jobprobe import plugin


@pytest.fixture(scope="session")
def probe_modules() -> Modules:
    return load_modules(plugin)


@pytest.fixture
def modules(probe_modules: Modules) -> Modules:
    return probe_modules


@pytest.fixture
def bench(db: Database, modules: Modules) -> Bench:
    """Give a core on a database that is rolled back."""
    return make_bench(db, modules)


@pytest.fixture
def lease_seconds() -> float:
    """Leases outlast what a busy machine lets a process wait; a test of one that runs out has another."""
    return 60.0


@pytest.fixture
def plant(
    database: Database,
    scratch_database: ScratchDatabase,
    redis_url: str,
    modules: Modules,
    tmp_path: Path,
    lease_seconds: float,
) -> Iterator[Plant]:
    """Give a core whose work is done by real processes."""
    bench = make_bench(database, modules)
    found = make_plant(bench, scratch_database.url(), redis_url, tmp_path, lease_seconds)
    yield found
    found.close()
    found.redis.close()
