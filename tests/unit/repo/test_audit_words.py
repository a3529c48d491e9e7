"""Every action that the code records has a name in the audit trail, and so has every thing and field."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from samplan.audit.reading import words_for
from samplan.modules.contributions import AuditWords
from samplan.modules.manager import Modules
from samplan.organisation.imports import _TYPES
from samplan.tenancy.differences import TENANT_FIELDS
from samplan.testing.site import Site

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted(
    path for top in ("platform/src", "plugins") for path in (ROOT / top).rglob("*.py") if "src" in path.parts
)
CHANGES = ("created", "updated")
APPLIED = (
    "tenant", "management_group", "group_member", "profession", "sector", "site", "org_unit", "population",
)  # fmt: skip

# Where the action is not written at the call of `record`: what it can be. A new such place must be added.
COMPUTED = {
    "samplan/exchange/service.py": {
        "exchange.handed_over", "exchange.sent_to_members", "exchange.shared", "exchange.withdrawn",
    },
    "samplan/identity/service.py": {
        "member.deactivated", "member.reactivated", "member.password_reset", "account.password_changed",
        "login.ended", "login.failed", "login.succeeded", "sessions.ended",
    },
    "samplan/notices/endpoints.py": {
        "webhook.changed", "webhook.rotated", "webhook.switched_off", "webhook.switched_on",
    },
    "samplan/organisation/service.py": {"population.created", "population.updated"},
    "samplan/organisation/imports.py": {f"{kind}.{done}" for kind, _ in _TYPES.values() for done in CHANGES},
    "samplan/tenancy/service.py": {f"{kind}.{done}" for kind in APPLIED for done in CHANGES}
    - {"group_member.updated"},
    "samplan_rostering/services/publishing/steps.py": {
        "period.consulted_on", "period.consultation_withdrawn", "period.decided", "period.reopened",
        "period.published",
    },
}  # fmt: skip
# Functions that pass an action on to `record`; their calls name it.
PASSING_ON = {"record_for_account": 2, "_record_afterwards": 2, "_write": 4}


@dataclass(frozen=True)
class Recorded:
    """One call of `record`, as far as it says what it records."""

    place: str
    action: str | None
    object_type: str | None
    fields: frozenset[str]


def literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def keys(node: ast.expr, assigned: dict[str, ast.expr]) -> set[str]:
    """Return the names that a dictionary in the code, or one that a variable was given, spells out."""
    if isinstance(node, ast.Name):
        return keys(assigned[node.id], {}) if node.id in assigned else set()
    found = [part for part in ast.walk(node) if isinstance(part, ast.Dict)]
    return {name for part in found for key in part.keys if (name := literal(key)) is not None}


def assignments(path: Path) -> dict[ast.Call, dict[str, ast.expr]]:
    """Return, for each call, what the variables of its function were given."""
    found: dict[ast.Call, dict[str, ast.expr]] = {}
    for function in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(function, ast.FunctionDef):
            nodes = list(ast.walk(function))
            given = {
                target.id: node.value
                for node in nodes
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            found |= {node: given for node in nodes if isinstance(node, ast.Call)}
    return found


def name_of(path: Path) -> str:
    return "/".join(path.parts[path.parts.index("src") + 1 :])


@cache
def calls(path: Path) -> list[tuple[str, ast.Call, dict[str, ast.expr]]]:
    """Return the calls in a file that record, or pass on what is recorded."""
    found: list[tuple[str, ast.Call, dict[str, ast.expr]]] = []
    text = path.read_text("utf-8")
    if not any(f"{name}(" in text for name in ("record", *PASSING_ON)):
        return found
    for node, assigned in assignments(path).items():
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name == "record" or name in PASSING_ON:
            found.append((name, node, assigned))
    return found


@cache
def recorded() -> list[Recorded]:
    found = []
    for path in SOURCES:
        for name, call, assigned in calls(path):
            if name == "record" and len(call.args) >= 4:
                named = {k.arg: k.value for k in call.keywords}
                fields = {
                    key
                    for side in ("before", "after")
                    if side in named
                    for key in keys(named[side], assigned)
                }
                found.append(
                    Recorded(name_of(path), literal(call.args[1]), literal(call.args[2]), frozenset(fields))
                )
    return found


def module_words(modules: Modules, place: str) -> AuditWords:
    """Return the words that hold for what a file records."""
    package = place.partition("/")[0]
    return words_for(modules, "x" if package == "samplan" else f"{package.removeprefix('samplan_')}.x")


@pytest.fixture(scope="module")
def modules() -> Modules:
    return Modules.load()


def test_the_calls_are_found() -> None:
    actions = {call.action for call in recorded()}
    assert {"module.enabled", "roster.made", "job.requested", None} <= actions
    assert len(recorded()) > 25


def test_every_action_that_is_recorded_has_a_name(modules: Modules) -> None:
    nameless = set()
    for call in recorded():
        wanted = {call.action} if call.action else COMPUTED.get(call.place)
        assert wanted is not None, f"{call.place} computes the action that it records: add it to COMPUTED"
        known = module_words(modules, call.place).actions
        nameless |= {(call.place, action) for action in wanted if action not in known}
    assert nameless == set()


def test_every_action_that_is_passed_on_has_a_name(modules: Modules) -> None:
    passed = {
        (name_of(path), action)
        for path in SOURCES
        for name, call, _assigned in calls(path)
        if name in PASSING_ON and len(call.args) > PASSING_ON[name]
        if (action := literal(call.args[PASSING_ON[name]])) is not None and "." in action
    }
    assert len(passed) > 5
    listed = set().union(*COMPUTED.values())
    assert [(place, action) for place, action in sorted(passed) if action not in listed] == []
    assert [pair for pair in sorted(passed) if pair[1] not in module_words(modules, pair[0]).actions] == []


def test_an_action_without_a_name_would_be_found(modules: Modules) -> None:
    assert "module.painted" not in module_words(modules, "samplan/modules/lifecycle.py").actions
    assert "roster.made" not in module_words(modules, "samplan/modules/lifecycle.py").actions
    assert "roster.made" in module_words(modules, "samplan_rostering/services/rosters/stored.py").actions


def test_every_thing_and_field_that_is_recorded_has_a_name(modules: Modules) -> None:
    nameless = set()
    for call in recorded():
        words = module_words(modules, call.place)
        if call.object_type is not None and call.object_type not in words.objects:
            nameless.add((call.place, call.object_type))
        nameless |= {(call.place, name) for name in call.fields if name not in words.fields}
    core = words_for(modules, "x")
    nameless |= {("tenancy", kind) for kind in APPLIED if kind not in core.objects}
    nameless |= {("tenancy", name) for name in TENANT_FIELDS if name not in core.fields}
    assert nameless == set()


def test_a_plugins_things_carry_its_name_and_their_pages_exist(modules: Modules, site: Site) -> None:
    for module in modules:
        words = module.audit_words
        if words is None:
            continue
        if module.name != "core":
            assert all(thing.startswith(f"{module.name}.") for thing in words.objects)
        for thing, (endpoint, argument) in words.pages.items():
            assert thing in words.objects
            rules = list(site.app.url_map.iter_rules(endpoint))
            assert rules, f"{thing}: there is no page {endpoint}"
            assert not argument or any(argument in rule.arguments for rule in rules), f"{thing}: {argument}"
