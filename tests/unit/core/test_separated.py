"""Files of rows for spreadsheets: as Swedish ones read them, and no text that they would compute."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from samplan.documents.separated import write_separated


def test_numbers_dates_and_texts() -> None:
    content = write_separated(["Å", "b"], [[Decimal("-1.50"), date(2026, 1, 2)], [None, 'a;"b"'], [2, 0.5]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").split("\r\n") == ["Å;b", "-1,50;2026-01-02", ';"a;""b"""', "2;0,5", ""]


def test_text_is_never_a_formula() -> None:
    for text in ("=1+1", "+1", "-2", "@x", "\tx"):
        assert (
            write_separated(["a"], [[text]]).decode("utf-8-sig").split("\r\n")[1].lstrip('"').startswith("'")
        )
