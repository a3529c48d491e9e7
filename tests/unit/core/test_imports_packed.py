"""Tables of other systems' files as they travel in a form: whole, or refused."""

from __future__ import annotations

import base64
import io
import json
import math
import zlib

import pytest
import xlsxwriter

from samplan.errors import Invalid
from samplan.imports.faults import FaultLog, ImportFaults
from samplan.imports.large import pack_file
from samplan.imports.sources import pack_source, read_source_table, unpack_source
from samplan.imports.spec import Column, Label, SheetSpec

SPEC = SheetSpec(
    key="rows", name=Label("Rader", "Rows"), columns=(Column(key="name", name=Label("Namn", "Name")),)
)
DATA = "Namn;pnr\nÅsa;19850101-1234\n;\nBo;\n".encode()


def packed(said: object) -> str:
    return base64.b64encode(zlib.compress(json.dumps(said).encode())).decode()


def test_a_packed_table_comes_back() -> None:
    source = read_source_table(DATA, SPEC, FaultLog())
    assert source.filled == (2, 4)
    assert unpack_source(pack_source(source, FaultLog()), SPEC) == source


def test_another_text_is_refused() -> None:
    whole = {"cells": [["Namn"], ["x"]], "origin": {}, "refused": []}
    assert unpack_source(packed(whole), SPEC).filled == (2,)
    changes: tuple[dict[str, object], ...] = (
        {"refused": [math.inf]}, {"refused": None}, {"cells": [["Namn"], ["\ud800"]]},
        {"cells": [["Namn"], [1]]}, {"cells": [["x"] * 201]}, {"cells": {"a": 1}}, {"origin": {"other": 1}},
    )  # fmt: skip
    wrong = [packed(each) for each in ([], None, *(whole | change for change in changes))]
    source = read_source_table(DATA, SPEC, FaultLog())
    for text in ("", "x", "eJwDAAAAAAE=", pack_source(source, FaultLog())[:-9], *wrong):
        with pytest.raises(Invalid):
            unpack_source(text, SPEC)


BINARY = {
    b"\x89PNG\r\n more": "picture", b"RIFF1234WEBP": "picture", b"%PDF-1.7 and more": "PDF",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old": "(.xls)", b"\x1f\x8b\x08 packed": "compressed",
    bytes(9): "neither",
}  # fmt: skip


@pytest.mark.parametrize(("data", "found"), BINARY.items())
def test_what_is_found_and_what_is_expected_are_both_told(data: bytes, found: str) -> None:
    with pytest.raises(ImportFaults) as caught:
        read_source_table(data, SPEC, FaultLog())
    fault = caught.value.faults[0]
    assert found in str(fault.message)
    assert [kind in str(fault.expected) for kind in ("CSV", ".xlsx")] == [True, True]


def book(*sheets: tuple[str, list[list[str]]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        for name, rows in sheets:
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


def test_the_sheet_with_the_known_headings_is_read_and_two_such_are_refused() -> None:
    names = ("Namn", "Konto", "Belopp")
    columns = tuple(Column(key=f"c{place}", name=Label(name)) for place, name in enumerate(names))
    spec = SheetSpec(key="rows", name=Label("Rader"), columns=columns)
    about, rows = ("Läs mig", [["Om filen"]]), [list(names), ["Åsa", "1", "2"]]
    source = read_source_table(book(about, ("Januari", rows)), spec, FaultLog())
    assert (source.origin.sheet, source.filled) == ("Januari", (2,))
    with pytest.raises(ImportFaults) as caught:
        read_source_table(book(("Januari", rows), ("Februari", rows)), spec, FaultLog())
    assert [(fault.code, fault.sheet) for fault in caught.value.faults] == [("several_sheets", "Februari")]


LONG = b"x" * 1_000_000
PLACES = {
    b"Utdrag;19850101-1234\nNamn;y\nx;1\n": ("identity_number", 1, 2, "********-****"),
    b"Namn;19850101-1234\nx;1\n": ("identity_number", 1, 2, "********-****"),
    b"Namn;y\nx;" + LONG + b"\n": ("broken_row", 2, None, ""),
    LONG + b";Namn\nx;1\n": ("broken_row", 1, None, ""),
    b"Namn;y\nx;1\n\x81;\xc3\n": ("not_a_text", 3, None, ""),
}


@pytest.mark.parametrize(("data", "found"), PLACES.items(), ids=[each[0] for each in PLACES.values()])
def test_a_file_to_be_kept_is_refused_by_row_and_column(data: bytes, found: tuple[object, ...]) -> None:
    with pytest.raises(ImportFaults) as caught:
        pack_file(io.BytesIO(data), SPEC, FaultLog())
    [fault] = caught.value.faults
    assert (fault.code, fault.row, fault.column, fault.value) == found
