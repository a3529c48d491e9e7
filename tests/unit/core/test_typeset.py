"""Documents for paper: what no font has does not stop one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdf_text import pdf_texts
from samplan.documents.typeset import typeset

TEMPLATE = """#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(lang: "sv")
= #data.title
#for row in data.rows [#row.join("; ")

]"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A template that needs a title and rows."""
    path = tmp_path / "rows.typ"
    path.write_text(TEMPLATE)
    return path


@pytest.mark.parametrize("odd", ["🌙", "漢字", "\x01", "ᚠ"])
def test_what_no_font_has_is_shown_as_a_box(template: Path, odd: str) -> None:
    data = {"title": "Natt", "rows": [["Åsa é – 1½", f"Natt {odd}"], ("b", "c")]}
    told = "".join(pdf_texts(typeset(template, data)))
    assert "Åsa é – 1½; Natt □" in told
    assert "b; c" in told


def test_any_other_fault_is_told(template: Path) -> None:
    with pytest.raises(RuntimeError, match="title"):
        typeset(template, {"rows": []})
