"""Fixtures for jobs: a core with the probe plugin."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from samplan.db.session import Database
from samplan.modules.manager import Modules

# The probe's handlers are found by their module's name, here as in a worker process.
sys.path.append(str(Path(__file__).parent))

from jobbench import Bench, make_bench
from jobprobe import plugin


@pytest.fixture(scope="session")
def probe_modules() -> Modules:
    return Modules.load([plugin])


@pytest.fixture
def modules(probe_modules: Modules) -> Modules:
    return probe_modules


@pytest.fixture
def bench(db: Database, modules: Modules) -> Bench:
    """Give a core on a database that is rolled back."""
    return make_bench(db, modules)
