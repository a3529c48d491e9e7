"""One cell: what is read from it, and what is said when it does not fit."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan.imports.identity_numbers import holds_identity_number, masked
from samplan.imports.spec import Choice, Column, Kind, Label, Value
from samplan.imports.values import CellFault, Raw, parse, shown, tidy
from samplan.imports.writing import written

CHOICES = (
    Choice("day", Label("Dag", "Day")),
    Choice("evening", Label("Kväll", "Evening"), synonyms=("Em",)),
)


def column(kind: Kind, minimum: int | None = None, maximum: int | None = None) -> Column:
    choices = CHOICES if kind is Kind.CHOICE else ()
    name = Label("Kolumn", "Column")
    return Column(key="key", name=name, kind=kind, choices=choices, minimum=minimum, maximum=maximum)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Kind.TEXT, "  Anna \xa0 Ek\u200b ", "Anna Ek"),
        (Kind.TEXT, 1001.0, "1001"),
        (Kind.TEXT, "A\u030ange", "Ånge"),
        (Kind.TEXT, "=1+1", "=1+1"),
        (Kind.INTEGER, 12.0, 12),
        (Kind.INTEGER, "1\xa0234", 1234),
        (Kind.INTEGER, "12,0", 12),
        (Kind.INTEGER, "\u22125", -5),
        (Kind.DECIMAL, "37,5", Decimal("37.5")),
        (Kind.DECIMAL, "37.5 ", Decimal("37.5")),
        (Kind.DECIMAL, 0.1 + 0.2, Decimal("0.3")),
        (Kind.DATE, date(2027, 1, 31), date(2027, 1, 31)),
        (Kind.DATE, datetime.fromisoformat("2027-01-31"), date(2027, 1, 31)),
        (Kind.DATE, "2027-01-31", date(2027, 1, 31)),
        (Kind.DATE, "20270131", date(2027, 1, 31)),
        (Kind.DATE, 20270131.0, date(2027, 1, 31)),
        (Kind.DATE, "2027-01-31 00:00:00", date(2027, 1, 31)),
        (Kind.TIME, time(7, 30), time(7, 30)),
        (Kind.TIME, "7.30", time(7, 30)),
        (Kind.TIME, "0730", time(7, 30)),
        (Kind.TIME, "24:00", time(0, 0)),
        (Kind.TIME, time(23, 59, 59, 991000), time(0, 0)),
        (Kind.DURATION, timedelta(hours=38, minutes=15), 38 * 60 + 15),
        (Kind.DURATION, time(0, 30), 30),
        (Kind.DURATION, "38:15", 38 * 60 + 15),
        (Kind.YES_NO, "JA", True),
        (Kind.YES_NO, "no", False),
        (Kind.YES_NO, 1.0, True),
        (Kind.YES_NO, False, False),
        (Kind.CHOICE, "kväll", "evening"),
        (Kind.CHOICE, "EVENING", "evening"),
        (Kind.CHOICE, "em", "evening"),
        (Kind.CHOICE, "Day*", "day"),
        (Kind.TEXT, "   ", None),
        (Kind.DATE, "", None),
    ],
)
def test_reads_what_people_write(kind: Kind, raw: Raw, value: Value | None) -> None:
    assert parse(raw, column(kind), "sv") == value


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        (Kind.TEXT, date(2027, 1, 2), "not_text"),
        (Kind.TEXT, True, "not_text"),
        (Kind.TEXT, float("nan"), "not_text"),
        (Kind.TEXT, "a\x07b", "unreadable_text"),
        (Kind.TEXT, "x" * 201, "too_long"),
        (Kind.INTEGER, "tolv", "not_integer"),
        (Kind.INTEGER, 1.5, "not_integer"),
        (Kind.INTEGER, True, "not_integer"),
        (Kind.INTEGER, float("inf"), "not_integer"),
        (Kind.DECIMAL, "1.234,5", "not_decimal"),
        (Kind.DECIMAL, "1e5", "not_decimal"),
        (Kind.DATE, "2027-02-30", "impossible_date"),
        (Kind.DATE, "2027-13-01", "impossible_date"),
        (Kind.DATE, 99999999.0, "impossible_date"),
        (Kind.DATE, "31/1 2027", "not_date"),
        (Kind.DATE, "2027-0131", "not_date"),
        (Kind.DATE, 46000.0, "not_date"),
        (Kind.DATE, datetime.fromisoformat("2027-01-31T08:00"), "not_date"),
        (Kind.DATE, True, "not_date"),
        (Kind.DATE, date(1907, 1, 31), "out_of_range"),
        (Kind.DATE, "2207-01-31", "out_of_range"),
        (Kind.TIME, "25:00", "not_time"),
        (Kind.TIME, "07:60", "not_time"),
        (Kind.TIME, 7.0, "not_time"),
        (Kind.TIME, time(7, 30, 20), "not_time"),
        (Kind.TIME, timedelta(hours=30), "not_time"),
        (Kind.DURATION, 38.25, "not_duration"),
        (Kind.DURATION, "1:75", "not_duration"),
        (Kind.YES_NO, "kanske", "not_yes_no"),
        (Kind.YES_NO, 2.0, "not_yes_no"),
        (Kind.CHOICE, "natt", "not_a_choice"),
        (Kind.CHOICE, 7.0, "not_a_choice"),
    ],
)
def test_refuses_what_does_not_fit(kind: Kind, raw: Raw, code: str) -> None:
    with pytest.raises(CellFault) as caught:
        parse(raw, column(kind), "sv")
    assert caught.value.code == code
    assert str(caught.value.message)


def test_bounds_are_inclusive_and_said() -> None:
    bounded = column(Kind.INTEGER, 0, 5)
    assert [parse(0.0, bounded, "sv"), parse(5.0, bounded, "sv")] == [0, 5]
    for raw in (-1.0, 6.0):
        with pytest.raises(CellFault) as caught:
            parse(raw, bounded, "sv")
        assert caught.value.code == "out_of_range"
        assert str(caught.value.expected) == "a whole number, from 0 to 5"


def test_open_bounds_and_durations_are_said_in_the_way_they_are_written() -> None:
    for low, high, text in (
        (60, None, "hours and minutes, such as 38:15, at least 1:00"),
        (None, 90, "hours and minutes, such as 38:15, at most 1:30"),
    ):
        with pytest.raises(CellFault) as caught:
            parse("0:30" if low else "2:00", column(Kind.DURATION, low, high), "sv")
        assert str(caught.value.expected) == text


def test_a_near_miss_among_choices_is_suggested_in_the_language_of_the_sheet() -> None:
    with pytest.raises(CellFault) as swedish:
        parse("Kvall", column(Kind.CHOICE), "sv")
    with pytest.raises(CellFault) as english:
        parse("Evning", column(Kind.CHOICE), "en")
    assert str(swedish.value.expected) == "one of: Dag, Kväll; did you mean “Kväll”?"
    assert str(english.value.expected) == "one of: Day, Evening; did you mean “Evening”?"


@pytest.mark.parametrize(
    "text",
    [
        "19121212-1212",
        "191212121212",
        "121212-1212",
        "121212+1212",
        "1212121212",
        "Tolvan (121212-1212)",
        "19121272-1219",  # coordination number: the day plus 60
    ],
)
def test_personal_identity_numbers_are_refused_and_hidden(text: str) -> None:
    assert holds_identity_number(text)
    with pytest.raises(CellFault) as caught:
        parse(text, column(Kind.TEXT), "sv")
    assert caught.value.code == "identity_number"
    assert "****" in shown(text)
    assert not re.search(r"\d", shown(text))


@pytest.mark.parametrize(
    "text",
    [
        "19121212-1213",
        "191212121213",
        "121212-1213",
        "121212+0000",
        "121272-1213",  # coordination number
        "Anna Ek (20000229-9999)",
    ],
)
def test_a_wrong_check_digit_helps_nobody(text: str) -> None:
    assert holds_identity_number(text)
    with pytest.raises(CellFault) as caught:
        parse(text, column(Kind.TEXT), "sv")
    assert caught.value.code == "identity_number"
    assert re.search(r"\*{6}[-+]?\*{4}", shown(text))


@pytest.mark.parametrize(
    "text",
    [
        "1912121213",  # ten digits in a row, and the wrong check digit
        "20270104 0800",
        "20271340-1234",
        "E-1001",
        "232100-0180",
        "070-123 45 67",
        "1212121212123",
        "",
    ],
)
def test_other_numbers_are_no_identity_numbers(text: str) -> None:
    assert not holds_identity_number(text)
    assert masked(text) == text


def test_a_numeric_cell_with_an_identity_number_is_refused() -> None:
    with pytest.raises(CellFault) as caught:
        parse(191212121212.0, column(Kind.TEXT), "sv")
    assert caught.value.code == "identity_number"
    assert shown(191212121212.0) == "************"


@pytest.mark.parametrize(
    ("raw", "text"),
    [(37.5, "37,5"), (True, "TRUE"), (12.0, "12"), ("x" * 100, "x" * 79 + "…"), (time(7, 30), "07:30:00")],
)
def test_values_are_shown_short(raw: Raw, text: str) -> None:
    assert shown(raw) == text


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


VALUES = st.one_of(
    st.tuples(st.just(Kind.INTEGER), st.integers(-(10**9), 10**9)),
    st.tuples(st.just(Kind.DECIMAL), st.decimals(-(10**6), 10**6, places=4)),
    st.tuples(st.just(Kind.DATE), st.dates(date(1950, 1, 1), date(2150, 12, 31))),
    st.tuples(st.just(Kind.TIME), st.times().map(lambda t: t.replace(second=0, microsecond=0))),
    st.tuples(st.just(Kind.DURATION), st.integers(0, 10_000)),
    st.tuples(st.just(Kind.YES_NO), st.booleans()),
    st.tuples(st.just(Kind.CHOICE), st.sampled_from(["day", "evening"])),
)


@given(VALUES, st.sampled_from(["sv", "en"]))
def test_what_is_written_is_read_back(kind_and_value: tuple[Kind, Value], language: str) -> None:
    kind, value = kind_and_value
    described = column(kind)
    assert language in {"sv", "en"}
    assert parse(written(value, described, "en" if language == "en" else "sv"), described, "sv") == value
