"""The locked requirements: hashes for everything, no address of an index, and nothing forgotten."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[3]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def pinned(lock: Path) -> dict[str, list[str]]:
    """Return the pinned versions by name of distribution."""
    found: dict[str, list[str]] = {}
    for line in lock.read_text().splitlines():
        match = re.match(r"([a-z0-9][a-z0-9._-]*)(?:\[[^]]+\])?==(\S+)", line)
        if match:
            found.setdefault(match[1], []).append(match[2])
    return found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes(lock: Path) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", lock.read_text())
    requirements = [block for block in blocks if re.match(r"[a-z0-9._-]+(\[[^]]+\])?==", block)]
    assert len(requirements) > 20
    assert [block.splitlines()[0] for block in requirements if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_no_lock_names_an_index(lock: Path) -> None:
    assert re.findall(r"https?://\S+|--(?:extra-)?index-url|--find-links", lock.read_text()) == []


def test_the_node_lock_names_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


@pytest.mark.parametrize("project", ["platform", "plugins/rostering"])
def test_what_a_distribution_asks_for_is_in_the_locks(project: str) -> None:
    locked = pinned(ROOT / "requirements" / "worker.txt")
    declared = tomllib.loads((ROOT / project / "pyproject.toml").read_text())["project"]
    wanted = [*declared["dependencies"], *declared.get("optional-dependencies", {}).get("solver", [])]
    for requirement in map(Requirement, wanted):
        if requirement.name == "samplan":
            continue
        versions = locked.get(requirement.name.lower(), [])
        assert versions, f"{requirement.name} is not locked"
        assert all(requirement.specifier.contains(version) for version in versions)
