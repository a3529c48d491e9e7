"""Workbooks with their parts changed, and what is found in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from samplan.documents.xlsx import Book
from samplan.imports.archive import Limits
from samplan.imports.faults import Fault, FaultLog, ImportFaults
from samplan.imports.spec import Column, Label, SheetSpec
from samplan.imports.workbook import read_tables

SPEC = SheetSpec(key="a", name=Label("Blad1", "Sheet1"), columns=(Column(key="x", name=Label("Rubrik")),))


SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: int = 1) -> bytes:
    book = Book(title="t", created=datetime(2027, 1, 1, tzinfo=UTC))
    sheet = book.sheet("Blad1")
    book.put(sheet, 0, 0, "Rubrik")
    for row in range(1, rows + 1):
        book.put(sheet, row, 0, row)
    return book.finish()


def changed(change: Callable[[str, bytes], bytes | None], data: bytes | None = None) -> bytes:
    """Return a workbook with its parts changed; None leaves a part out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data or workbook())) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def sheet_xml(body: bytes) -> bytes:
    return changed(
        lambda name, content: (
            b'<?xml version="1.0"?><worksheet>' + body + b"</worksheet>" if name == SHEET else content
        )
    )


def only_fault(data: bytes, limits: Limits | None = None) -> Fault:
    with pytest.raises(ImportFaults) as caught:
        read_tables(data, [SPEC], FaultLog(), limits or Limits())
    assert len(caught.value.faults) == 1
    fault = caught.value.faults[0]
    assert str(fault.message)
    assert str(fault.expected)
    return fault


def outcome(data: bytes) -> object:
    try:
        return read_tables(data, [SPEC], FaultLog())
    except ImportFaults as faults:
        return faults.faults


def archive(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()
