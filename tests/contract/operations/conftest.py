"""Two regions with the dummy module, who administers the first, and the command line."""

from __future__ import annotations

from typing import Any

import dummy
import pytest
from click.testing import CliRunner, Result

from samplan.cli import main
from samplan.modules.manager import Modules
from samplan.testing.server import ScratchDatabase
from samplan.testing.site import Person, Site


@pytest.fixture
def administrator(site: Site) -> Person:
    """Two regions with the dummy on; somebody who administers the first."""
    for slug in ("region-a", "region-b"):
        site.add_tenant(slug, modules=("dummy",))
    return site.person("region-a", "administrator", name="Ada Admin")


@pytest.fixture
def run(scratch_database: ScratchDatabase, dummy_modules: Modules, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the command line of the site's deployment."""
    monkeypatch.setenv("DATABASE_URL", scratch_database.url())
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    monkeypatch.setenv("SAMPLAN_SECRET_KEY", "k" * 32)
    monkeypatch.setattr("samplan.modules.manager.installed_plugins", lambda: [dummy.plugin])

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    return run
