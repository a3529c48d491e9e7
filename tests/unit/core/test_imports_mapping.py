"""Files of other systems: how they are read, mapped to fields, and what is said of what does not fit."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from samplan.errors import Invalid
from samplan.imports.delimited import guessed_delimiter
from samplan.imports.faults import FaultLog, ImportFaults
from samplan.imports.foreign import domestic
from samplan.imports.mapped import read_mapped, sound_rows
from samplan.imports.mapping import ColumnMapping, check_mapping, guess_mapping, unknown_values
from samplan.imports.mapping_form import MOST_SHOWN, answered_mapping, mapping_questions
from samplan.imports.sources import SourceTable, pack_source, read_source_table, unpack_source
from samplan.imports.spec import Choice, Column, Kind, Label, SheetSpec
from samplan.imports.values import parse

SECTORS = Choice("som", Label("Somatik", "Somatic")), Choice("psy", Label("Psykiatri", "Psychiatry"))
PROFESSIONS = Choice("ssk", Label("Sjuksköterska", "Nurse")), Choice("lak", Label("Läkare", "Physician"))
SPEC = SheetSpec(
    key="invoices",
    name=Label("Fakturor", "Invoices"),
    unique=(("number",),),
    ascending=(("first", "last"),),
    columns=(
        Column(
            key="number",
            name=Label("Fakturanummer", "Invoice number"),
            required=True,
            synonyms=("Fakt.nr",),
        ),
        Column(key="amount", name=Label("Belopp", "Amount"), kind=Kind.DECIMAL, maximum=Decimal(10_000)),
        Column(key="hours", name=Label("Timmar", "Hours"), kind=Kind.DURATION),
        Column(key="first", name=Label("Fr.o.m.", "From"), kind=Kind.DATE),
        Column(key="last", name=Label("T.o.m.", "To"), kind=Kind.DATE),
        Column(
            key="sector",
            name=Label("Sektor", "Sector"),
            kind=Kind.CHOICE,
            choices=SECTORS,
        ),
        Column(
            key="groups",
            name=Label("Yrken", "Professions"),
            kind=Kind.CHOICE,
            several=True,
            choices=PROFESSIONS,
        ),
    ),
)  # fmt: skip
HEAD = "Fakt_nr;Belopp;Timmar;Fr o m;T o m;Sektor;Yrken"


def read(data: bytes) -> SourceTable:
    return read_source_table(data, SPEC, FaultLog())


def codes(data: bytes) -> list[str]:
    with pytest.raises(ImportFaults) as caught:
        read(data)
    return [fault.code for fault in caught.value.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t", ",", "|"])
def test_encoding_and_delimiter_are_found(encoding: str, delimiter: str) -> None:
    rows = [["Fakt.nr", "Namn", "Sektor"], ["F1", "Åre – Älv", "Somatik"], ["F2", "Öar, 3", "Psykiatri"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    source = read(text.encode(encoding))
    assert [list(row) for row in source.cells] == rows
    assert source.origin.delimiter == delimiter
    assert source.origin.encoding == {"cp1252": "Windows-1252", "utf-16": "UTF-16"}.get(encoding, "UTF-8")


def test_decimal_commas_are_no_delimiters() -> None:
    assert guessed_delimiter("id;grad\n" + "1;87,5\n" * 50) == ";"
    assert guessed_delimiter("id,namn\n1,Ek\n2,Al; Lind\n") == ","
    assert guessed_delimiter("bara en kolumn\n1\n2\n") == ";"


def test_what_is_no_table_is_refused() -> None:
    assert codes(b"") == ["empty_file"]
    assert codes(b" \r\n ") == ["empty_file"]
    assert codes(HEAD.encode()) == ["no_rows"]
    assert codes(b"\x00\x01\x02" * 100) == ["not_a_text"]
    assert codes(b"\x81\x8d\x8f") == ["not_a_text"]
    assert codes(b"text with\x01a control") == ["not_a_text"]
    assert codes(b"a;b\n" * 5_300_000) == ["file_too_large"]  # some 20 MB
    assert codes(b"a;b\n1;2\n" * 10_001) == ["too_many_rows"]
    assert codes(b";".join([b"x"] * 300) + b"\ny") == ["too_many_columns"]


def test_headings_below_a_title_and_sums_at_the_end() -> None:
    text = f"Rapport juli\nsep nedan\n{HEAD}\nF1;1;;;;;\n;;;;;;\nF2;2;;;;;\nSumma;3;;;;;\n"
    source = read(text.encode())
    assert (source.head, source.filled) == (3, (4, 6))
    again = read(f"sep=,\n{HEAD.replace(';', ',')}\nF1,1\n".encode())
    assert (again.head, again.origin.delimiter, again.filled) == (2, ",", (3,))


def test_columns_are_guessed_by_their_headings() -> None:
    mapping = guess_mapping(SPEC, read(f"{HEAD}\nF1;;;;;;\n".encode()))
    assert mapping.columns["number"] == "Fakt_nr"
    assert set(mapping.columns) == {column.key for column in SPEC.columns}
    odd = read(b"Belopp;Amount;;Belopp\nx;y;z;u\n")
    assert odd.headings == ("Belopp", "Amount", "C", "Belopp (2)")
    assert guess_mapping(SPEC, odd).columns == {"amount": "Belopp"}


def test_rows_are_typed_and_every_fault_has_its_place() -> None:
    rows = [
        HEAD,
        "007;1\xa0234,50;129:25;2027-01-01;20270131;somatik;Läkare, sjuksköterska",
        "F2;12 000;7,5;2027-02-01;2027-01-31;X;Rörmokare",
        "007;-;;;9999-12-31;;",
        ";#N/A;fel;31 mars;;;",
    ]
    source, log = read("\n".join(rows).encode("cp1252")), FaultLog()
    table = read_mapped(SPEC, source, guess_mapping(SPEC, source), log)
    assert table.rows[0].values == {
        "number": "007",
        "amount": Decimal("1234.50"),
        "hours": 129 * 60 + 25,
        "first": date(2027, 1, 1),
        "last": date(2027, 1, 31),
        "sector": "som",
        "groups": "lak\nssk",
    }
    assert table.rows[0].each("groups") == ("lak", "ssk")
    found = log.found()
    assert found is not None
    assert {(fault.place, fault.code) for fault in found.faults} == {
        ("B3", "out_of_range"), ("E3", "not_ascending"), ("F3", "not_a_choice"), ("G3", "not_a_choice"),
        ("A4", "duplicate"), ("A5", "missing_value"), ("B5", "formula_error"), ("C5", "not_duration"),
        ("D5", "not_date"),
    }  # fmt: skip
    fault = next(fault for fault in found.faults if fault.place == "B3")
    assert (fault.heading, fault.value, str(fault.expected)) == (
        "Belopp", "12 000", "a number, such as 37,5, at most 10000",
    )  # fmt: skip
    assert [row.number for row in sound_rows(table, log)] == [2]


def test_codes_are_mapped_and_unknown_ones_asked_about() -> None:
    source = read(f"{HEAD}\nF1;;;;;10;LÄK/SSK\nF2;;;;;20;LÄK\n".encode())
    mapping = guess_mapping(SPEC, source)
    assert unknown_values(SPEC, source, mapping) == {"sector": ["10", "20"], "groups": ["LÄK", "SSK"]}
    asked = {question.key: question for question in mapping_questions(SPEC, source, mapping, "sv")}
    assert [(value.raw, value.count) for value in asked["groups"].values] == [("LÄK", 2), ("SSK", 1)]
    form = {f"column-{key}": question.selected for key, question in asked.items()}
    form |= {f"raw-{v.name}": v.raw for question in asked.values() for v in question.values}
    form |= {
        "value-sector-0": "=som",
        "value-sector-1": "-",
        "value-groups-0": "=lak",
        "value-groups-1": "=x",
    }
    said = answered_mapping(SPEC, source, form)
    assert said.values == {"sector": {"10": "som", "20": ""}, "groups": {"läk": "lak"}}
    assert ColumnMapping.of(said.as_dict()) == said
    check_mapping(SPEC, said)
    gone = ColumnMapping(said.columns, {"sector": {"10": "gone", "30": "psy"}, "groups": {"ssk": "ssk"}})
    assert unknown_values(SPEC, source, gone)["sector"] == ["10", "20"]
    assert said.over(gone).values["sector"] == {"10": "som", "20": "", "30": "psy"}
    assert said.over(gone).values["groups"] == {"läk": "lak", "ssk": "ssk"}
    assert unknown_values(SPEC, source, said) == {"groups": ["SSK"]}
    row = read_mapped(SPEC, source, said, FaultLog()).rows[1]
    assert row.values == {"number": "F2", "groups": "lak"}


def test_a_required_field_without_a_column_is_said() -> None:
    source, log = read(b"Vad;Belopp\nx;1\n"), FaultLog()
    read_mapped(SPEC, source, guess_mapping(SPEC, source), log)
    found = log.found()
    assert found is not None
    assert [(fault.code, fault.heading, fault.row) for fault in found.faults] == [
        ("missing_column", "Fakturanummer", None)
    ]


def test_columns_with_personal_identity_numbers_are_gone() -> None:
    text = f"{HEAD};PERSNR;Kontakt\n" + "F1;;;;;;;okänt;19850101-1234\nF2;;;;;;;;8501011234\n"
    source = read(text.encode())
    assert source.refused == {8, 9}
    assert "19850101" not in repr(source)
    assert source.headings[7] == "PERSNR"
    form = {"column-number": "c9", "column-amount": "c2"}
    assert answered_mapping(SPEC, source, form).columns == {"amount": "Belopp"}
    single = read(b"Fakt.nr;Belopp\n19850101-1234;1\n" + b"F2;2\n" * 9)
    log = FaultLog()
    read_mapped(SPEC, single, guess_mapping(SPEC, single), log)
    found = log.found()
    assert found is not None
    assert next((fault.code, fault.place, fault.value) for fault in found.faults) == (
        "identity_number", "A2", "********-****",
    )  # fmt: skip


def test_mappings_of_something_else_are_refused() -> None:
    wrong: list[dict[str, object]] = [
        {"columns": {"other": "X"}},
        {"constants": {"sector": "x"}},
        {"values": {"amount": {"10": "x"}}},
        {"values": {"sector": {"19850101-1234": "som"}}},
        {"values": {"sector": {str(number): "som" for number in range(501)}}},
    ]
    for said in wrong:
        with pytest.raises(Invalid):
            check_mapping(SPEC, ColumnMapping.of({"columns": {}, "values": {}, "constants": {}} | said))
    for odd in (None, [], {"columns": 1}, {"columns": {"a": "x" * 300}, "values": {}, "constants": {}}):
        with pytest.raises(Invalid):
            ColumnMapping.of(odd)


def test_workbooks_are_read_as_text_files_are() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Utdrag")
    sheet.write_row(0, 0, ["Fakturanummer", "Belopp", "Timmar", "Fr.o.m."])
    sheet.write_string(1, 0, "007")
    sheet.write_number(1, 1, 1234.5)
    sheet.write_datetime(1, 2, timedelta(hours=129, minutes=25), book.add_format({"num_format": "[h]:mm"}))
    sheet.write_datetime(1, 3, date(2027, 1, 31), book.add_format({"num_format": "yyyy-mm-dd"}))
    book.close()
    source, log = read(buffer.getvalue()), FaultLog()
    row = read_mapped(SPEC, source, guess_mapping(SPEC, source), log).rows[0]
    assert (source.origin.sheet, log.found()) == ("Utdrag", None)
    assert row.values == {
        "number": "007", "amount": Decimal("1234.5"), "hours": 7765, "first": date(2027, 1, 31),
    }  # fmt: skip


AMOUNT = Column(key="x", name=Label("x"), kind=Kind.DECIMAL)
LENGTH = Column(key="x", name=Label("x"), kind=Kind.DURATION)
DAY = Column(key="x", name=Label("x"), kind=Kind.DATE)
GAPS = st.sampled_from([" ", "\xa0", "\u2009", "\u202f", ""])


@given(
    st.decimals(0, 9_999_999, places=2),
    GAPS,
    st.sampled_from(["{}", "-{}", "{}-", "\u2212{}"]),
    st.booleans(),
)
def test_any_amount_is_read_however_it_is_spelt(number: Decimal, gap: str, sign: str, percent: bool) -> None:
    spelt = sign.format(f"{number:,.2f}".replace(",", gap).replace(".", ",")) + (" %" if percent else "")
    assert parse(domestic(spelt, Kind.DECIMAL), AMOUNT, "sv") == (number if sign == "{}" else -number)
    dotted = f"{number:,.2f}".translate(str.maketrans(",.", ".,"))
    assert parse(domestic(dotted, Kind.DECIMAL), AMOUNT, "sv") == number
    assert parse(domestic(f"{number:,.2f}", Kind.DECIMAL), AMOUNT, "sv") == number


@given(st.integers(0, 9999 * 60))
def test_any_length_of_time_is_read(minutes: int) -> None:
    assert parse(domestic(f"{minutes // 60}:{minutes % 60:02d}", Kind.DURATION), LENGTH, "sv") == minutes
    hours = f"{Decimal(minutes) / 60:.4f}".replace(".", ",")
    assert parse(domestic(hours, Kind.DURATION), LENGTH, "sv") == minutes


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)))
def test_any_date_is_read(day: date) -> None:
    for spelt in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day} 00:00:00",
        f"{day} 00:00:00.000",
        f"{day:%Y/%m/%d}",
    ):
        assert parse(domestic(spelt, Kind.DATE), DAY, "sv") == day
    assert parse(domestic("9999-12-31", Kind.DATE), DAY, "sv") is None


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        source = read(data)
    except ImportFaults:
        return
    assert unpack_source(pack_source(source, FaultLog()), SPEC) == source
    assert len(set(source.headings)) == len(source.headings)
    read_mapped(SPEC, source, guess_mapping(SPEC, source), FaultLog())
    assert all(len(q.values) <= MOST_SHOWN for q in mapping_questions(SPEC, source, ColumnMapping(), "sv"))
