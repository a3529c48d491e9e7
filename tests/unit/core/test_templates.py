"""What the content security policy forbids, no template contains; what hx-csp wants, each has."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "platform/src").rglob("templates/**/*.html")) + sorted(
    (ROOT / "plugins").glob("*/src/**/templates/**/*.html")
)
ICONS = ROOT / "platform/src/samplan/web/static/core/vendor/icons/icons.svg"
TAG = re.compile(r"<[a-z][\w-]*(?:\{\{.*?\}\}|\{%.*?%\}|\"[^\"]*\"|'[^']*'|[^>\"'])*>", re.DOTALL)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def _tags(path: Path) -> list[str]:
    return TAG.findall(COMMENT.sub("", path.read_text("utf-8")))


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 5


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_inline(path: Path) -> None:
    tags = _tags(path)
    assert [tag for tag in tags if re.search(r"\s(style|on[a-z]+)\s*=", tag)] == []
    assert [tag for tag in tags if tag.startswith("<style")] == []
    assert [
        tag for tag in tags if tag.startswith("<script") and not ("nonce=" in tag and "src=" in tag)
    ] == []
    assert [tag for tag in tags if re.search(r"(src|href|action)=\"(https?:)?//", tag)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_htmx_element_carries_the_nonce_and_no_script(path: Path) -> None:
    with_htmx = [tag for tag in _tags(path) if re.search(r"\shx-(?!nonce)", tag)]
    assert [tag for tag in with_htmx if "hx-nonce=" not in tag] == []
    # These need `eval`, which the policy refuses: filters of triggers, hx-on, computed values.
    assert [
        tag for tag in with_htmx if re.search(r"\shx-on|=['\"](js|javascript):|hx-trigger=\"[^\"]*\[", tag)
    ] == []
    # One page nonce for all would let injected markup inherit it.
    assert [tag for tag in with_htmx if "hx-nonce:inherited" in tag] == []


def test_every_icon_is_there() -> None:
    known = set(re.findall(r'<symbol[^>]*\bid="([\w-]+)"', ICONS.read_text("utf-8")))
    assert known
    used = re.compile(r'(?:icon_name=|\bicon\()"([\w-]+)"')
    for path in TEMPLATES:
        assert set(used.findall(path.read_text("utf-8"))) <= known, path


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_form_that_posts_carries_the_token(path: Path) -> None:
    text = COMMENT.sub("", path.read_text("utf-8"))
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, re.DOTALL)
    bare = [form for form in forms if not re.search(r"csrf\(\)|csrf_token|hidden_tag|form_fields", form)]
    assert bare == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_percent_sign_in_a_text_is_doubled(path: Path) -> None:
    # Jinja fills every translated text by `%`, also when it has no placeholder.
    texts = re.findall(r"""\b_\(\s*"((?:[^"\\]|\\.)*)\"""", path.read_text("utf-8"))
    assert [text for text in texts if re.search(r"%(?![(%])", text.replace("%%", ""))] == []
