"""The documentation names everything that it must, and nothing that is not there."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from samplan import plugin_api
from samplan.cli import main
from samplan.imports.spec import Column, Kind, SheetSpec
from samplan.modules.hookspecs import SamplanHooks
from samplan.modules.manager import Modules
from samplan.settings import _OPTIONAL, Settings
from samplan_rostering.domain.curtois_text import parse_curtois
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.ward import RuleProfile
from samplan_rostering.domain.ward_rules import RULES as WARD_RULES
from samplan_rostering.domain.ward_rules.profile import defaults_of, write_value
from samplan_rostering.workbook.choices import RULES
from samplan_rostering.workbook.rule_sheets import RULE_LABELS
from samplan_rostering.workbook.sheets import SHEETS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
TEXTS = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md"), *ROOT.glob("*/README.md")])
HOOKS = [name for name in vars(SamplanHooks) if name.startswith("samplan_")]
FOLDERS = ("platform", "plugins", "tests", "docs", "tenants", "bin", "requirements", "helm", "benchmarks")

MANY = 8  # choices that are not listed in a cell

HOLDS = {
    Kind.TEXT: "text",
    Kind.INTEGER: "whole number",
    Kind.DECIMAL: "number",
    Kind.DATE: "date",
    Kind.TIME: "time of day",
    Kind.DURATION: "hours and minutes",
    Kind.YES_NO: "yes or no",
}


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def section(name: str, heading: str) -> str:
    """Return what stands below a heading of a page, up to the next heading."""
    found = re.search(rf"^#+ {re.escape(heading)}$(.*?)(?=^#+ |\Z)", page(name), re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/{name} has no heading {heading!r}"
    return found[1]


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_documented_by_its_signature(hook: str) -> None:
    signature = f"{hook}{inspect.signature(getattr(SamplanHooks, hook))}".replace("'", "")
    text = section("plugins/hooks.md", hook)
    assert signature in text
    assert "```python" in text, "an example is missing"


def test_every_name_of_the_facade_is_documented() -> None:
    named = set(re.findall(r"`(\w+)`", page("plugins/api.md")))
    assert sorted(set(plugin_api.__all__) - named) == []


def settings() -> Iterator[tuple[str, object]]:
    """Yield each variable with its default; None where it must be given."""
    defaults = {field.name: field.default for field in fields(Settings)}
    yield from ((name, None) for name in ("DATABASE_URL", "REDIS_URL", "SAMPLAN_SECRET_KEY"))
    yield from ((variable, defaults[name]) for name, (variable, _convert) in _OPTIONAL.items())


def shown(default: object) -> str:
    """Return how the page writes a default."""
    if default is None:
        return "required"
    if default == "":
        return "none"
    if default == ():
        return "any"
    if isinstance(default, bool):
        return f"`{default:d}`"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


@pytest.mark.parametrize(("variable", "default"), list(settings()))
def test_every_setting_is_documented_with_its_default(variable: str, default: object) -> None:
    found = re.search(rf"^\| `{variable}` \| ([^|]+) \|", page("ops/settings.md"), re.MULTILINE)
    assert found is not None
    named = {"SAMPLAN_MODULES": "all installed", "SAMPLAN_WEBHOOK_NETWORKS": "none"}
    assert found[1] == named.get(variable, shown(default))


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command below a group with the words that call it."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from commands(found, f"{path} {name}")
    else:
        yield path, command


def test_every_command_is_documented_with_its_options() -> None:
    text = page("ops/commands.md")
    headings = set(re.findall(r"^### (samplan .+)$", text, re.MULTILINE))
    found = dict(commands(main, "samplan"))
    assert headings == set(found)
    for path, command in found.items():
        named = set(re.findall(r"^\| `(--[a-z-]+)`", section("ops/commands.md", path), re.MULTILINE))
        options = {p.opts[0] for p in command.params if isinstance(p, click.Option)}
        assert named == options, path


def test_every_role_and_permission_is_documented() -> None:
    modules = Modules.load()
    text = page("user/roller.md")
    roles = modules.role_templates()
    for key, role in roles.items():
        assert f"| `{key}` |" in text
        assert all(name in modules.permissions() for name in role.permissions)
    for name in modules.permissions():
        holders = sorted(key for key, role in roles.items() if name in role.permissions)
        row = re.search(rf"^\| `{re.escape(name)}` \| [^|]+ \| ([^|]*) \|$", text, re.MULTILINE)
        assert row is not None, name
        assert sorted(re.findall(r"`(\w+)`", row[1])) == holders, name


def holds(column: Column) -> str:
    """Return what a column holds, as the page says it."""
    if column.kind is Kind.CHOICE:
        names = column.choice_names("sv")
        return " / ".join(names) if len(names) < MANY else "one of the list"
    if column.refers_to:
        return f"code of {next(s.name.sv for s in SHEETS if s.key == column.refers_to.sheet)}"
    bounds = [str(bound) for bound in (column.minimum, column.maximum) if bound is not None]
    minutes = " minutes" if column.kind is Kind.DURATION else ""
    return HOLDS[column.kind] + (f", {' to '.join(bounds)}{minutes}" if bounds else "")


def row(column: Column) -> str:
    """Return a column's row in the page's table."""
    cells = (
        column.name.sv,
        column.name.en,
        "yes" if column.required else "no",
        holds(column),
        column.help.en,
    )
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


@pytest.mark.parametrize("spec", SHEETS, ids=lambda spec: spec.key)
def test_every_sheet_and_column_of_the_workbook_is_documented(spec: SheetSpec) -> None:
    text = section("rostering/workbook.md", f"{spec.name.sv} ({spec.name.en})")
    rows = [line for line in text.splitlines() if line.startswith("| ")][2:]
    assert rows == [row(column) for column in spec.columns]


def test_the_example_of_the_benchmark_format_can_be_read() -> None:
    example = re.search(r"^```text\n(.*?)^```", page("rostering/benchmark.md"), re.MULTILINE | re.DOTALL)
    assert example is not None
    instance = parse_curtois(example[1])
    assert (instance.days, len(instance.staff), len(instance.requests)) == (14, 2, 2)


def test_every_rule_term_and_limit_is_documented() -> None:
    text = page("rostering/rules.md")
    for rule in Rule:
        found = re.search(rf"^\| `{rule}` \|.*$", text, re.MULTILINE)
        assert found is not None, rule
    for term in Term:
        assert f"| `{term}` |" in text
    for kind in WARD_RULES:
        found = re.search(rf"^\| `{kind.key}` \|.*$", text, re.MULTILINE)
        assert found is not None, kind.key
        figures = [f"`{name}={write_value(value)}`" for name, value in defaults_of(kind).items()]
        facts = [RULE_LABELS[kind.key].sv, kind.usual.value, kind.source, *figures]
        assert [fact for fact in facts if fact not in found[0]] == [], kind.key
    labels = {choice.value: choice.name.sv for choice in RULES}
    for limit in fields(RuleProfile):
        found = re.search(rf"^\| {re.escape(labels[limit.name])} \| ([^|]+) \|", text, re.MULTILINE)
        assert found is not None, limit.name
        assert found[1] == str(limit.default)
        assert limit.metadata.get("rule", "") in text


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_parse_and_name_what_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    for example in re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for node in ast.walk(ast.parse(example)):
            if isinstance(node, ast.ImportFrom) and node.module == "samplan.plugin_api":
                assert {alias.name for alias in node.names} <= set(plugin_api.__all__)
    named = re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []
    links = re.findall(r"(?<!!)\[[^]]+\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []
    for file, test in re.findall(r"`(tests/[\w./]+)::(\w+)`", text):
        assert f"def {test}(" in (ROOT / file).read_text("utf-8"), f"{file}::{test}"


def test_what_was_asked_for_is_accounted_for() -> None:
    text = page("coverage.md")
    ids = [f"{letter}{number}" for letter, last in (("R", 9), ("A", 8), ("B", 2), ("F", 7), ("C", 9))
           for number in range(1, last + 1)]  # fmt: skip
    assert [id_ for id_ in ids if f"| {id_} |" not in text] == []
