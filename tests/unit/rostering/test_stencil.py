"""Rows of alike cells: a macro writes each look once, rows fill it in, and no text is taken for markup."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment

from samplan_rostering.web.stencil import Stencil

CELL = """{% macro cell(item, sign, name, link) %}
{% if link %}<a href="{{ link }}{{ item.look }}">{% endif %}{{ name }}: {{ item.look }}{{ sign }}
{% endmacro %}"""
TEXT = st.text(st.characters(exclude_characters="\0"), max_size=8)


@dataclass(frozen=True)
class Item:
    """A cell that shows its look."""

    look: str


def macro():  # type: ignore[no-untyped-def] # what Jinja makes of a macro
    """Return the macro of the cells."""
    environment = Environment(autoescape=True, loader=DictLoader({"cell": CELL}))
    return environment.get_template("cell").module.cell


@given(
    names=st.lists(st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=8), max_size=4),
    looks=st.lists(TEXT, max_size=6),
    linked=st.booleans(),
)
def test_rows_are_what_the_macro_writes_of_each_cell(
    names: list[str], looks: list[str], linked: bool
) -> None:
    """Each row is as if the macro had been called for each of its cells; texts are escaped."""
    cell, stencil = macro(), Stencil(macro(), "&")
    for name in names:
        link = f"/{name}/" if linked else ""
        found = stencil.row([Item(look) for look in looks], name=name, link=link)
        assert found == "".join(cell(Item(look), "&", name=name, link=link) for look in looks)


def test_a_look_is_written_once() -> None:
    """The macro is not called again for a cell that looks like one before."""
    cell, calls = macro(), []

    def counted(item: Item, **said: str) -> object:
        calls.append(item.look)
        return cell(item, "", **said)

    stencil = Stencil(counted)  # type: ignore[arg-type]
    for name in ("Ada", "<b>"):
        stencil.row([Item("D"), Item("N"), Item("D")], name=name, link="")
    assert calls == ["D", "N"]
