"""The design system speaks Norwegian; our pages must not."""

import re
from pathlib import Path

import pytest

import samplan

PACKAGE = Path(samplan.__file__).parent
STATIC = PACKAGE / "web/static/core"
VENDOR = STATIC / "vendor"

TEXT_PROPERTY = re.compile(r"""(--dsc-[\w-]+):\s*("[^"]*"|'[^']*')""")
# Words of Norwegian that are not Swedish.
WORDS = re.compile(
    r"\b(ikke|og|tegn|igjen|fjern|trykk|ugyldig|forslag|søk|velg|valgte|lukk|åpne|neste|forrige|tilbake|"
    r"logg|passord|brukernavn|legg til|du er her|bla i|naviger)\b",
    re.IGNORECASE,
)
SAME_IN_SWEDISH = {"av"}


def _texts(css: str) -> dict[str, str]:
    """Return the custom properties of a style sheet whose value is text with a letter in it."""
    found = {name: value[1:-1] for name, value in TEXT_PROPERTY.findall(css)}
    return {name: value for name, value in found.items() if re.search(r"[^\W\d_]{2,}", value)}


def _override(language: str) -> tuple[str, dict[str, str]]:
    """Return the selectors and properties of our rule for one language."""
    css = (STATIC / "texts.css").read_text("utf-8")
    rule = css[css.index(f":root:lang({language}),") :]
    selectors, body = rule[: rule.index("\n}")].split("{", maxsplit=1)
    return selectors, _texts(body)


@pytest.fixture(scope="module")
def norwegian() -> dict[str, str]:
    return _texts((VENDOR / "designsystemet/designsystemet.css").read_text("utf-8"))


def test_the_design_system_still_keeps_texts_in_custom_properties(norwegian: dict[str, str]) -> None:
    assert len(norwegian) >= 4
    assert norwegian["--dsc-field-counter-under"] == "%d tegn igjen"


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_text_is_overridden(norwegian: dict[str, str], language: str) -> None:
    _, ours = _override(language)
    assert norwegian.keys() - ours.keys() == set()
    kept = {name for name, text in norwegian.items() if ours[name] == text and text not in SAME_IN_SWEDISH}
    assert kept == set()
    assert [text for text in ours.values() if WORDS.search(text)] == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_rule_reaches_the_elements_that_set_their_own_text(language: str) -> None:
    selectors, _ = _override(language)
    css = (VENDOR / "designsystemet/designsystemet.css").read_text("utf-8").replace("{value}", "value")
    classes: set[str] = set()
    for rule, body in re.findall(r"([^{}]*)\{([^{}]*)\}", css):
        if _texts(body):
            classes |= set(re.findall(r"\.(ds-[\w-]+)", rule))
    assert classes
    assert {name for name in classes if f".{name}" not in selectors} == set()


def test_the_script_has_no_norwegian_but_the_fallback_of_an_overridden_text() -> None:
    script = (VENDOR / "designsystemet-web/designsystemet-web.js").read_text("utf-8")
    texts = re.findall(r"[`\"']([^`\"'\n]{3,80})[`\"']", script)
    assert {text for text in texts if WORDS.search(text)} <= {"%d tegn igjen", "%d tegn for mye"}


@pytest.mark.parametrize(
    "pattern", ["web/templates/**/*.html", "translations/**/*.po", "web/static/core/*.js"]
)
def test_our_own_texts_have_no_norwegian(pattern: str) -> None:
    files = list(PACKAGE.glob(pattern))
    assert files
    hits = {
        path.name: found
        for path in files
        if (found := sorted({word.lower() for word in WORDS.findall(path.read_text("utf-8"))}))
    }
    assert hits == {}
