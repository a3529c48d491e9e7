"""House rules that a machine can check: raw connections, tenant settings, secrets in the tree, sizes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted([*(ROOT / "platform/src").rglob("*.py"), *(ROOT / "plugins").glob("*/src/**/*.py")])
OTHERS = sorted(path for folder in ("tests", "benchmarks", "bin") for path in (ROOT / folder).rglob("*.py"))
MAX_FILE, MAX_FUNCTION, MAX_HOOKSPECS = 300, 40, 250


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function with its docstring, without its decorators."""
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def test_raw_connections_are_opened_only_where_the_database_is_kept() -> None:
    allowed = ("platform/src/samplan/db/", "platform/src/samplan/demo/", "platform/src/samplan/testing/")
    reasons = {
        "platform/src/samplan/health.py": "asks the catalogue, which no tenant owns",
        "platform/src/samplan/jobs/reconciler.py": "holds an advisory lock for the length of a round",
    }
    found = {
        names(path)
        for path in SOURCES
        if re.search(r"engine\.(connect|begin)\(|create_engine\(", path.read_text())
    }
    assert {name for name in found if not name.startswith(allowed)} <= set(reasons)


def test_a_tenant_is_set_only_for_a_transaction() -> None:
    offenders = [
        names(path)
        for path in SOURCES
        if re.search(r"\bSET\s+(SESSION\s+)?app\.|set_config\([^)]*,\s*false\)", path.read_text())
        and not names(path).startswith("platform/src/samplan/testing/")
        and "db/migrations/env.py" not in names(path)
    ]
    assert offenders == []


def test_files_and_functions_stay_short() -> None:
    long = {}
    for path in (path for path in (*SOURCES, *OTHERS) if "migrations/versions" not in names(path)):
        text = path.read_text()
        lines, limit = text.count("\n"), MAX_HOOKSPECS if path.name == "hookspecs.py" else MAX_FILE
        if lines > limit:
            long[names(path)] = lines
        if lines > MAX_FUNCTION:
            lengths = {f"{names(path)}: {node.name}": lines_of(node) for node in functions(ast.parse(text))}
            long |= {name: length for name, length in lengths.items() if length > MAX_FUNCTION}
    assert long == {}


def test_plugins_import_only_the_facade() -> None:
    offenders = [
        f"{names(path)}: {match}"
        for path in (ROOT / "plugins").glob("*/src/**/*.py")
        if "migrations/versions" not in names(path)
        for match in re.findall(
            r"^\s*(?:from|import)\s+samplan(?:\.(?!plugin_api\b)\S+)", path.read_text(), re.MULTILINE
        )
    ]
    assert offenders == []


def test_services_never_commit() -> None:
    offenders = [
        names(path)
        for path in SOURCES
        if path.name in {"service.py", "services.py", "queries.py"} or "services" in path.parts
        if re.search(r"session\.(commit|rollback)\(", path.read_text())
    ]
    assert offenders == []


def test_templates_hold_no_inline_script_or_style() -> None:
    templates = [*(ROOT / "platform/src").rglob("*.html"), *(ROOT / "plugins").glob("*/src/**/*.html")]
    assert templates
    inline = re.compile(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\bsrc=)|javascript:", re.IGNORECASE)
    assert [names(path) for path in templates if inline.search(path.read_text())] == []
