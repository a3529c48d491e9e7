"""No command answers with a traceback where the deployment is at fault: a sentence, and an exit code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from samplan.cli import CORE_COMMANDS, main
from samplan.modules.manager import Modules
from samplan.settings import Settings
from samplan.testing.server import ScratchDatabase

SECRET = "hemligt-losenord"
NOWHERE = f"postgresql://samplan_app:{SECRET}@127.0.0.1:1/samplan"
UNREADABLE = f"postgresql://samplan_app:{SECRET}@host:port/samplan"
GOOD = {"DATABASE_URL": NOWHERE, "REDIS_URL": "redis://127.0.0.1:1", "SAMPLAN_SECRET_KEY": "k" * 32}
VARIABLES = (*GOOD, "SAMPLAN_MIGRATOR_URL", "SAMPLAN_ADMIN_URL", "SAMPLAN_MODULES", "SAMPLAN_LOG_LEVEL")

# what a command needs to be called at all; one that is missing here is called without arguments
ARGUMENTS = {
    "account create": ["--email", "a@example.test", "--operator", "--password-stdin"],
    "account reset-password": ["--email", "a@example.test"],
    "db downgrade": ["agency@base"],
    "db revision": ["core", "words"],
    "jobs list": ["--tenant", "nobody"],
    "module enable": ["agency", "--tenant", "nobody"],
    "module disable": ["agency", "--tenant", "nobody"],
    "privacy erase": ["--tenant", "nobody", "--reference", "x"],
    "privacy export": ["--tenant", "nobody", "--reference", "x", "--out", "x.zip"],
    "tenant apply": [str(Path(__file__).parents[3] / "tenants")],
}
WITHOUT_SETTINGS = {
    "demo": "brings its own servers, see test_demo_servers.py",
    "db url": "reads the running demo's notes",
}


def commands(group: click.Group, path: str = "") -> Iterator[str]:
    for name in group.list_commands(click.Context(group)):
        found = group.get_command(click.Context(group), name)
        if isinstance(found, click.Group):
            yield from commands(found, f"{path}{name} ")
        else:
            yield f"{path}{name}"


CORE = [name for name in commands(main) if name.split()[0] in CORE_COMMANDS and name not in WITHOUT_SETTINGS]
OF_THE_DATABASE = [name for name in CORE if name.startswith("db ")]
OF_THE_DEPLOYMENT = [name for name in CORE if name not in OF_THE_DATABASE]


@pytest.fixture(autouse=True)
def without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def run(name: str, env: dict[str, str]) -> Result:
    return CliRunner().invoke(main, [*name.split(), *ARGUMENTS.get(name, [])], env=env, input="x\n")


def assert_told(result: Result, exit_code: int, *words: str) -> None:
    assert result.exit_code == exit_code, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Error: " in result.stderr
    assert "Traceback" not in result.output
    assert SECRET not in result.output
    for word in words:
        assert word in result.output


def test_every_command_is_tried() -> None:
    assert len(OF_THE_DEPLOYMENT) >= 12
    assert len(OF_THE_DATABASE) == 5
    assert set(ARGUMENTS) <= set(CORE)


@pytest.mark.parametrize("name", OF_THE_DEPLOYMENT)
def test_missing_settings_are_all_named(name: str) -> None:
    assert_told(run(name, {}), 1, "DATABASE_URL", "REDIS_URL", "SAMPLAN_SECRET_KEY")


@pytest.mark.parametrize("name", OF_THE_DEPLOYMENT)
def test_a_database_that_does_not_answer_is_told(name: str) -> None:
    assert_told(run(name, GOOD), 1, "the database cannot be used", "127.0.0.1")


@pytest.mark.parametrize("name", OF_THE_DATABASE)
def test_the_databases_own_commands_ask_for_an_address_and_tell_what_is_wrong_with_it(name: str) -> None:
    variable = "SAMPLAN_ADMIN_URL" if name == "db bootstrap" else "SAMPLAN_MIGRATOR_URL"
    assert_told(run(name, {}), 2, "Missing option")
    for wrong in (UNREADABLE, "sqlite://", f"x:{SECRET}"):
        assert_told(run(name, {variable: wrong}), 2, "give an address such as")
    assert_told(run(name, {variable: NOWHERE}), 1, "the database cannot be used")


def test_a_database_that_is_not_migrated_and_an_unsafe_role_are_told(
    empty_database: ScratchDatabase,
) -> None:
    environ = {**GOOD, "DATABASE_URL": empty_database.url()}
    for name in ("tenant list", "audit verify", "account reset-password", "jobs list"):
        assert_told(run(name, environ), 1, "the database is not migrated: run `samplan db upgrade`")
    migrator = {**GOOD, "DATABASE_URL": empty_database.url("samplan_migrator")}
    assert_told(run("tenant list", migrator), 1, "refusing to serve")
    as_app = {"SAMPLAN_MIGRATOR_URL": empty_database.url()}
    assert_told(run("db upgrade", as_app), 1, "may not do that")


def test_a_module_that_is_not_installed_and_an_unknown_part_are_told() -> None:
    assert_told(run("tenant list", {**GOOD, "SAMPLAN_MODULES": "nothing"}), 1, "module nothing is not instal")
    result = CliRunner().invoke(
        main, ["db", "revision", "nothing", "x"], env={"SAMPLAN_MIGRATOR_URL": NOWHERE}
    )
    assert_told(result, 2, "choose among agency")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", UNREADABLE),
        ("DATABASE_URL", "sqlite://"),
        ("REDIS_URL", "redis://host:port"),
        ("SAMPLAN_LOG_LEVEL", "LOUD"),
        ("SAMPLAN_LOGIN_ATTEMPTS", "many"),
        ("SAMPLAN_SECURE_COOKIES", "perhaps"),
        ("SAMPLAN_TRUSTED_PROXIES", "one"),
    ],
)
def test_a_wrong_setting_is_named(variable: str, value: str) -> None:
    assert_told(run("tenant list", {**GOOD, variable: value}), 1, "the settings are wrong", variable)


def test_good_settings_are_read_as_they_are_meant() -> None:
    given = {"SAMPLAN_LOG_LEVEL": "debug", "SAMPLAN_LOGIN_ATTEMPTS": "3 per minute"}
    socket = "postgresql://samplan_app:x@/samplan?host=/run/postgresql"
    settings = Settings.from_env({**GOOD, **given, "DATABASE_URL": socket, "REDIS_URL": "unix:///run/r.sock"})
    assert (settings.log_level, settings.login_attempts) == ("DEBUG", "3 per minute")
    assert settings.database_url == socket


def test_a_fault_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(Modules, "load", broken)
    result = run("tenant list", GOOD)
    assert isinstance(result.exception, RuntimeError)
