"""A plugin that breaks its contract stops the start, and every fault is named at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dummy import DummyPlugin

from samplan.errors import ContractError
from samplan.modules.contributions import (
    IndicatorSpec,
    JobType,
    MigrationBranch,
    NavItem,
    Permission,
    RoleTemplate,
    Schedule,
)
from samplan.modules.hookspecs import hookimpl
from samplan.modules.manager import Modules, installed_plugins
from samplan.testing.plugin_contract import check


class Broken(DummyPlugin):
    """Breaks every rule that is checked at start."""

    @hookimpl
    def samplan_migrations(self) -> MigrationBranch:
        return MigrationBranch("other", Path())

    @hookimpl
    def samplan_permissions(self) -> list[Permission]:
        return [Permission("core:widget:read", "Stolen")]

    @hookimpl
    def samplan_jobs(self) -> list[Any]:
        return [JobType("other.count", "Count", "dummy:count", Any, "dummy:nothing", queue="slow")]  # type: ignore[arg-type]

    @hookimpl
    def samplan_schedules(self) -> list[Schedule]:
        return [Schedule("dummy.unknown", "* * * * *")]

    @hookimpl
    def samplan_indicators(self) -> list[IndicatorSpec]:
        return [IndicatorSpec("other.widgets", "", "", "higher", "", "")]

    @hookimpl
    def samplan_nav(self) -> list[NavItem]:
        return [NavItem("core.start", "Stolen", "dummy:widget:read")]

    @hookimpl
    def samplan_role_templates(self) -> list[RoleTemplate]:
        return [RoleTemplate("viewer", "", frozenset({"rostering:roster:read"}))]


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(ContractError) as caught:
        Modules.load([Broken()])
    for expected in (
        "migration branch 'other'",
        "permission core:widget:read lacks dummy:",
        "job other.count lacks dummy.",
        "unknown queue slow",
        "indicator other.widgets lacks dummy.",
        "endpoint core.start",
        "permission dummy:nothing is used but not declared",
        "permission rostering:roster:read is used but not declared",
        "schedule names unknown job dummy.unknown",
    ):
        assert expected in str(caught.value)


class Mistyped(DummyPlugin):
    """Implements a hook that does not exist."""

    name = "mistyped"

    @hookimpl
    def samplan_navigation(self) -> list[NavItem]:
        return []


class Old(DummyPlugin):
    """Was made for another version of the plugin API."""

    core_api = "0.0"


class Bare:
    """Implements nothing."""

    name, core_api, title = "bare", "0.1", "Bare"


@pytest.mark.parametrize(
    ("plugin", "fault"),
    [
        (Mistyped(), "samplan_navigation"),
        (Old(), "made for core API 0.0"),
        (Bare(), "does not implement samplan_models"),
        (object(), "has no valid name"),
    ],
)
def test_a_plugin_that_does_not_fit_stops_the_start(plugin: object, fault: str) -> None:
    with pytest.raises(ContractError, match=fault):
        Modules.load([plugin])


def test_a_module_that_is_not_installed_cannot_be_deployed() -> None:
    with pytest.raises(ContractError, match="module nothing is not installed"):
        Modules.load([DummyPlugin()], deployed=["nothing"])
    assert [module.name for module in Modules.load([DummyPlugin()], deployed=[])] == ["core"]


@pytest.mark.parametrize("plugin", installed_plugins(), ids=lambda plugin: plugin.name)
def test_every_installed_plugin_keeps_the_contract(plugin: Any) -> None:
    assert check(plugin).name == plugin.name
