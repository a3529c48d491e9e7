"""`samplan tenant`: shows first, applies once, and tells all that is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from samplan.core import Core
from samplan.modules.manager import Modules
from samplan.tenancy.cli import tenant
from samplan.testing.factories import make_core
from samplan.testing.server import RolledBackDatabase

TENANTS = str(Path(__file__).parents[3] / "tenants")


@pytest.fixture
def core(db: RolledBackDatabase, modules: Modules) -> Core:
    return make_core(db, modules)


@pytest.fixture
def run(core: Core, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("samplan.tenancy.cli.command_core", lambda: core)

    def run(*args: str) -> Any:
        return CliRunner().invoke(tenant, args)

    return run


def test_a_dry_run_shows_everything_and_writes_nothing(core: Core, run: Any) -> None:
    result = run("apply", TENANTS, "--dry-run")
    assert result.exit_code == 0
    assert "+ region-dalarna: site falu-lasarett" in result.output
    assert result.output.splitlines()[-1].endswith("changes to make")
    assert core.tenants.all() == []
    report = json.loads(run("apply", TENANTS, "--dry-run", "--json").output)
    assert report["dry_run"] is True
    assert {change["action"] for change in report["changes"]} == {"created"}


def test_applying_twice_changes_nothing_the_second_time(core: Core, run: Any) -> None:
    first = run("apply", TENANTS)
    assert first.exit_code == 0, first.output
    assert len(core.tenants.all()) == 8
    assert run("apply", TENANTS).output == "0 changes made\n"
    assert json.loads(run("apply", TENANTS, "--json").output) == {"dry_run": False, "changes": []}
    listed = run("list").output
    assert "Region Västmanland: blood, rostering" in listed
    rows = json.loads(run("list", "--json").output)
    assert {row["slug"]: row["kind"] for row in rows}["ledningsgruppen"] == "group"


def test_faults_go_to_standard_error_and_nothing_is_written(core: Core, run: Any, tmp_path: Path) -> None:
    (tmp_path / "ett.yaml").write_text("slug: två\n")
    (tmp_path / "tva.yaml").write_text("[")
    result = run("apply", str(tmp_path), "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "ett.yaml: slug" in result.stderr
    assert "tva.yaml: expected readable YAML" in result.stderr
    assert core.tenants.all() == []
    assert run("apply", str(tmp_path / "nowhere")).exit_code == 2
