"""Documents for paper: what no font has does not stop one."""

from __future__ import annotations

import pytest

from pdf_text import pdf_texts
from samplan.documents.typeset import typeset

TEMPLATE = b"""#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(lang: "sv")
= #data.title
#for row in data.rows [#row.join("; ")

]"""


@pytest.mark.parametrize("odd", ["🌙", "漢字", "\x01", "ᚠ"])
def test_what_no_font_has_is_shown_as_a_box(odd: str) -> None:
    data = {"title": "Natt", "rows": [["Åsa é – 1½", f"Natt {odd}"], ("b", "c")]}
    told = "".join(pdf_texts(typeset(TEMPLATE, data)))
    assert "Åsa é – 1½; Natt □" in told
    assert "b; c" in told


def test_any_other_fault_is_told() -> None:
    with pytest.raises(RuntimeError, match="title"):
        typeset(TEMPLATE, {"rows": []})
