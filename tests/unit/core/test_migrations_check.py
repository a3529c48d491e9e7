"""The rules that migrations follow, judged without a database."""

from pathlib import Path

import pytest

from samplan.db import migrate
from samplan.demo.migrations_check import head_faults, in_order, statement_faults
from samplan.modules.contributions import MigrationBranch
from samplan.modules.manager import Modules

COUNTED = """
def upgrade():
    done = op.get_bind().execute(text("UPDATE core.tenant SET name = 'x'"))
    if done.rowcount != 1:
        raise RuntimeError(done.rowcount)
"""
HARMLESS = """
def upgrade():
    op.execute("GRANT SELECT, UPDATE, DELETE ON core.tenant TO samplan_app")
    op.execute("INSERT INTO core.x VALUES (1)")
    op.drop_table("update")
"""
BLIND = [
    'op.execute("UPDATE core.tenant SET name = 1")',
    'op.execute("  delete from core.tenant")',
    'op.execute(sa.text("UPDATE core.tenant SET name = 1"))',
    'op.execute(f"DELETE FROM {table}")',
    'op.get_bind().execute(text("UPDATE core.tenant SET name = 1"))',
    'op.execute("MERGE INTO core.tenant USING x ON true"); done.rowcount',
]


@pytest.mark.parametrize("statement", BLIND)
def test_changing_rows_without_counting_them_is_a_fault(tmp_path: Path, statement: str) -> None:
    revision = tmp_path / "20260101_0000_a_change.py"
    revision.write_text(f"def upgrade():\n    {statement}\n")
    assert statement_faults(revision) == [
        f"{revision.name}:2: rows are changed without checking the rowcount"
    ]


@pytest.mark.parametrize("text", [COUNTED, HARMLESS])
def test_counted_changes_and_other_statements_are_not(tmp_path: Path, text: str) -> None:
    revision = tmp_path / "20260101_0000_a_change.py"
    revision.write_text(text)
    assert statement_faults(revision) == []


def branch(label: str, *depends_on: str) -> MigrationBranch:
    return MigrationBranch(label, Path(), depends_on)


def test_branches_stand_after_those_that_they_depend_on() -> None:
    branches = [branch("b", "a"), branch("c", "core"), branch("a", "core"), branch("core")]
    assert [item.label for item in in_order(branches)] == ["core", "c", "a", "b"]
    with pytest.raises(ValueError, match="depend on each other: a, b"):
        in_order([branch("core"), branch("a", "b"), branch("b", "a")])


def test_every_installed_branch_has_one_head_and_counts_its_changes() -> None:
    modules = Modules.load()
    assert head_faults(modules) == []
    revisions = [path for item in migrate.branches(modules) for path in item.path.glob("*.py")]
    assert len(revisions) >= len(modules.installed)
    assert [fault for path in revisions for fault in statement_faults(path)] == []


def test_two_heads_in_a_branch_are_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = "revision = {!r}\ndown_revision = {!r}\nbranch_labels = {!r}\ndepends_on = None\n"
    for name, down, label in (("r0", None, ("side",)), ("r1", "r0", None), ("r2", "r0", None)):
        (tmp_path / f"{name}.py").write_text(first.format(name, down, label))
    modules = Modules.load([])
    side = MigrationBranch("side", tmp_path, ())
    branches = [*migrate.branches(modules), side]
    monkeypatch.setattr(migrate, "branches", lambda _modules: branches)
    assert head_faults(modules) == ["branch side has 2 heads"]
