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


def in_words(result: Result) -> bool:
    """Tell whether a command ended with a sentence: no traceback, and no secret in it."""
    ended = isinstance(result.exception, SystemExit) and "Error: " in result.stderr
    return ended and "Traceback" not in result.output and SECRET not in result.output


def test_every_command_is_tried() -> None:
    assert len(OF_THE_DEPLOYMENT) >= 12
    assert len(OF_THE_DATABASE) == 5
    assert set(ARGUMENTS) <= set(CORE)


@pytest.mark.parametrize("name", OF_THE_DEPLOYMENT)
def test_missing_settings_are_all_named(name: str) -> None:
    result = run(name, {})
    assert (result.exit_code, in_words(result)) == (1, True), result.output
    for variable in ("DATABASE_URL", "REDIS_URL", "SAMPLAN_SECRET_KEY"):
        assert variable in result.output


@pytest.mark.parametrize("name", OF_THE_DEPLOYMENT)
def test_a_database_that_does_not_answer_is_told(name: str) -> None:
    result = run(name, GOOD)
    assert (result.exit_code, in_words(result)) == (1, True), result.output
    assert "the database cannot be used" in result.output
    assert "127.0.0.1" in result.output


@pytest.mark.parametrize("name", OF_THE_DATABASE)
def test_the_databases_own_commands_ask_for_an_address_and_tell_what_is_wrong_with_it(name: str) -> None:
    variable = "SAMPLAN_ADMIN_URL" if name == "db bootstrap" else "SAMPLAN_MIGRATOR_URL"
    missing = run(name, {})
    assert (missing.exit_code, in_words(missing)) == (2, True), missing.output
    assert "Missing option" in missing.output
    for address in (UNREADABLE, "sqlite://", f"x:{SECRET}"):
        wrong = run(name, {variable: address})
        assert (wrong.exit_code, in_words(wrong)) == (2, True), wrong.output
        assert "give an address such as" in wrong.output
    silent = run(name, {variable: NOWHERE})
    assert (silent.exit_code, in_words(silent)) == (1, True), silent.output
    assert "the database cannot be used" in silent.output


def test_a_database_that_is_not_migrated_and_an_unsafe_role_are_told(
    empty_database: ScratchDatabase,
) -> None:
    environ = {**GOOD, "DATABASE_URL": empty_database.url()}
    for name in ("tenant list", "audit verify", "account reset-password", "jobs list"):
        result = run(name, environ)
        assert (result.exit_code, in_words(result)) == (1, True), result.output
        assert "the database is not migrated: run `samplan db upgrade`" in result.output
    unsafe = run("tenant list", {**GOOD, "DATABASE_URL": empty_database.url("samplan_migrator")})
    assert (unsafe.exit_code, in_words(unsafe)) == (1, True), unsafe.output
    assert "refusing to serve" in unsafe.output
    powerless = run("db upgrade", {"SAMPLAN_MIGRATOR_URL": empty_database.url()})
    assert (powerless.exit_code, in_words(powerless)) == (1, True), powerless.output
    assert "may not do that" in powerless.output


def test_a_module_that_is_not_installed_and_an_unknown_part_are_told() -> None:
    absent = run("tenant list", {**GOOD, "SAMPLAN_MODULES": "nothing"})
    assert (absent.exit_code, in_words(absent)) == (1, True), absent.output
    assert "module nothing is not instal" in absent.output
    unknown = CliRunner().invoke(
        main, ["db", "revision", "nothing", "x"], env={"SAMPLAN_MIGRATOR_URL": NOWHERE}
    )
    assert (unknown.exit_code, in_words(unknown)) == (2, True), unknown.output
    assert "choose among agency" in unknown.output


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
    result = run("tenant list", {**GOOD, variable: value})
    assert (result.exit_code, in_words(result)) == (1, True), result.output
    assert "the settings are wrong" in result.output
    assert variable in result.output


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
