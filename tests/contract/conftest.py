"""The dummy plugin beside the core, in a database migrated for both."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "dummy_plugin"
if str(FOLDER) not in sys.path:
    sys.path.insert(0, str(FOLDER))

from samplan.modules.manager import Modules  # noqa: E402 - the plugin's folder must be known first


@pytest.fixture(scope="session")
def dummy_modules() -> Modules:
    """Register the dummy plugin alone."""
    import dummy

    return Modules.load([dummy.plugin])


@pytest.fixture
def modules(dummy_modules: Modules) -> Modules:
    """Migrate and serve the core with the dummy plugin."""
    return dummy_modules
