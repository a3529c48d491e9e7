"""Files that are no workbook, or that mean harm, are refused quickly and in plain words."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archives import SHEET, SPEC, archive, changed, only_fault, outcome, workbook
from samplan.imports.archive import Limits, load_bytes
from samplan.imports.faults import FaultLog, ImportFaults
from samplan.imports.workbook import read_tables


def test_a_sound_workbook_is_read() -> None:
    tables = read_tables(workbook(3), [SPEC], FaultLog())
    assert [row.values for row in tables["a"].rows] == [{"x": "1"}, {"x": "2"}, {"x": "3"}]
    assert [row.number for row in tables["a"].rows] == [2, 3, 4]


OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (OLE2 + bytes(600), "old format (.xls)"),
        (OLE2 + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "picture"),
        ("id;namn\n1;Åsa\n".encode("latin-1"), "text file"),
        (b"\x00\x01\x02", "not a workbook"),
        (
            archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": b"x"}),
            ".ods",
        ),
        (archive(**{"word__document.xml": b"x"}), "text document"),
        (archive(**{"xl__workbook.bin": b"x"}), ".xlsb"),
        (archive(**{"xl__workbook.xml": b"x", "xl__vbaProject.bin": b"x"}), "macros"),
        (archive(readme=b"x"), "archive (zip)"),
        (b"PK\x05\x06" + bytes(18), "archive (zip)"),
    ],
)
def test_other_files_are_named_for_what_they_are(data: bytes, words: str) -> None:
    fault = only_fault(data)
    assert fault.code == "not_a_workbook"
    assert words in str(fault.message)
    assert ".xlsx" in str(fault.expected)


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "tabell.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(ImportFaults, match="picture"):
        read_tables(path, [SPEC], FaultLog())
    path.write_bytes(workbook())
    assert read_tables(path, [SPEC], FaultLog())["a"].rows


def test_a_file_beyond_the_size_limit_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "stor.xlsx"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    tracemalloc.start()
    with pytest.raises(ImportFaults) as caught:
        load_bytes(path, FaultLog())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.faults[0].code == "file_too_large"
    assert peak < 15 * 1024 * 1024
    assert load_bytes(path, FaultLog(), Limits(file_bytes=10**9))[:4] == bytes(4)


def zeros(size: int) -> bytes:
    return changed(lambda name, content: bytes(size) if name == "xl/theme/theme1.xml" else content)


def test_a_zip_bomb_is_refused_by_its_directory() -> None:
    bomb = zeros(500 * 1024 * 1024)
    tracemalloc.start()
    fault = only_fault(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert fault.code == "unpacks_too_large"
    assert peak < 5 * 1024 * 1024


def test_a_part_that_swells_too_much_is_refused_although_it_is_below_the_total() -> None:
    assert only_fault(zeros(2 * 1024 * 1024)).code == "unpacks_too_large"
    assert only_fault(workbook(), Limits(parts=3)).code == "unpacks_too_large"


def test_a_directory_that_lies_about_a_size_is_refused() -> None:
    """The part claims 100 bytes in both headers and holds 20 MB: no more than the claim is unpacked."""
    honest = changed(lambda name, content: content + bytes(20 * 1024 * 1024) if name == SHEET else content)
    size = struct.pack("<I", 20 * 1024 * 1024 + len(zipfile.ZipFile(io.BytesIO(workbook())).read(SHEET)))
    lying = honest.replace(size, struct.pack("<I", 100))
    assert lying != honest
    tracemalloc.start()
    fault = only_fault(lying)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert fault.code == "broken_file"
    assert peak < 5 * 1024 * 1024


def test_encrypted_and_oddly_packed_parts_are_refused() -> None:
    data = bytearray(workbook())
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    assert "password" in str(only_fault(bytes(data)).message)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("xl/workbook.xml", b"<workbook/>")
    assert only_fault(buffer.getvalue()).code == "broken_file"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_occurs_twice_is_refused() -> None:
    buffer = io.BytesIO(workbook())
    with zipfile.ZipFile(buffer, "a") as made:
        made.writestr(SHEET, b"<worksheet/>")
    assert only_fault(buffer.getvalue()).code == "broken_file"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_makes_anything_else_than_faults(data: st.DataObject) -> None:
    """Change bytes of parts and of the archive itself: the answer is rows or faults, never another error."""
    part = data.draw(
        st.sampled_from([None, SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"])
    )
    offset = data.draw(st.integers(0, 2000))
    junk = data.draw(st.binary(min_size=1, max_size=8))

    def damage(content: bytes) -> bytes:
        at = offset % max(len(content), 1)
        return content[:at] + junk + content[at + len(junk) :]

    whole = workbook(3)
    damaged = damage(whole) if part is None else changed(lambda n, c: damage(c) if n == part else c, whole)
    assert outcome(damaged)


class PanicException(BaseException):
    """A stand-in: the real class cannot be imported."""


def test_a_panic_of_the_library_is_a_fault_and_an_interrupt_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(error: BaseException) -> None:
        def raise_it(_file: object) -> None:
            raise error

        monkeypatch.setattr("samplan.imports.workbook.CalamineWorkbook.from_filelike", raise_it)

    fail(PanicException())
    assert only_fault(workbook()).code == "broken_file"
    fail(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        read_tables(workbook(), [SPEC], FaultLog())
