"""Tables of other systems' files as they travel in a form: whole, or refused."""

from __future__ import annotations

import base64
import json
import math
import zlib

import pytest

from samplan.errors import Invalid
from samplan.imports.faults import FaultLog, ImportFaults
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
