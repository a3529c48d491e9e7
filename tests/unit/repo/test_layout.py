"""The layout that keeps `platform/` from shadowing the standard library, and each part in its place."""

from __future__ import annotations

import platform
import sysconfig
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PLUGINS = sorted(path.name for path in (ROOT / "plugins").iterdir() if path.is_dir())
TOP_LEVEL = ("pyproject.toml", "platform", "plugins", "tenants", "tests", "helm")


def test_platform_is_the_standard_librarys_module() -> None:
    assert Path(str(platform.__file__)).parent == Path(sysconfig.get_path("stdlib"))
    assert platform.system()


def test_nothing_under_platform_can_become_a_module_named_platform() -> None:
    folder = ROOT / "platform"
    outside = [path.relative_to(ROOT) for path in folder.rglob("*.py") if folder / "src" not in path.parents]
    assert outside == []
    tests = [path for path in (folder / "src").rglob("*.py") if path.name.startswith(("test_", "conftest"))]
    assert tests == []
    assert list((ROOT / "tests").rglob("platform")) == []
    assert list((ROOT / "tests").rglob("__init__.py")) == []


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_the_top_level_is_as_agreed(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("name", PLUGINS)
def test_each_plugins_distribution_package_and_entry_point_agree(name: str) -> None:
    project = tomllib.loads((ROOT / "plugins" / name / "pyproject.toml").read_text())["project"]
    assert project["name"] == f"samplan-{name.replace('_', '-')}"
    assert project["entry-points"]["samplan.plugins"] == {name: f"samplan_{name}.plugin:plugin"}
    assert (ROOT / "plugins" / name / "src" / f"samplan_{name}" / "py.typed").exists()
    installed = {entry.name: entry.value for entry in entry_points(group="samplan.plugins")}
    assert installed[name] == f"samplan_{name}.plugin:plugin"


def test_the_root_project_file_is_tool_configuration_only() -> None:
    assert set(tomllib.loads((ROOT / "pyproject.toml").read_text())) == {"tool"}


@pytest.mark.parametrize("name", PLUGINS)
def test_every_plugin_has_the_same_file_names(name: str) -> None:
    package = ROOT / "plugins" / name / "src" / f"samplan_{name}"
    for expected in (
        "plugin.py",
        "permissions.py",
        "web/views.py",
        f"templates/{name}",
        "migrations/versions",
    ):
        assert (package / expected).exists(), expected
    assert (package / "models.py").exists() or (package / "models" / "__init__.py").exists()
