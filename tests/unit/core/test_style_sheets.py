"""Style sheets of the shell and of modules do not make a change of the page dear."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SHEETS = sorted(
    path
    for folder in ("platform/src", "plugins")
    for path in (ROOT / folder).rglob("static/**/*.css")
    if "swagger-ui" not in path.parts
)
SELECTORS = re.compile(r"([^{};]+)\{")


def _split(selectors: str) -> list[str]:
    """Return the selectors of a rule, split at commas outside brackets."""
    parts, depth = [""], 0
    for char in selectors:
        depth += (char in "([") - (char in ")]")
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]


def _flat(selector: str) -> str:
    """Return a selector without what its :has() hold."""
    while (shorter := re.sub(r":has\((?:[^()]|\([^()]*\))*\)", ":has", selector)) != selector:
        selector = shorter
    return selector


def _for_anything(selector: str) -> bool:
    """Tell whether a selector reaches all elements or all cells by what others hold."""
    return re.search(r":has\b.*[\s>+~](\*|:is\(t[hd]\b)", _flat(selector)) is not None


@pytest.mark.parametrize(
    "selector", [".a:has(.b) *", ".a:has(:is(.b,.c))>*:hover", "tr:has(b) > :is(th, td)"]
)
def test_a_rule_for_anything_is_seen(selector: str) -> None:
    assert _for_anything(selector)


@pytest.mark.parametrize(
    "selector", [".a:has(> *)", ".a:has(.b :is(*)) label", ".a > *", ".a:has(.b)::before"]
)
def test_a_rule_for_something_is_not(selector: str) -> None:
    assert not _for_anything(selector)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_no_rule_reaches_anything_below_has(sheet: Path) -> None:
    """Browsers restyle the whole page for such a rule whenever an element comes or goes."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    rules = (part for found in SELECTORS.findall(text) for part in _split(found))
    assert [rule for rule in rules if _for_anything(rule)] == []
