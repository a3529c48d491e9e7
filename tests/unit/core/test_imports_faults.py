"""Faults for people: place, order, count, language."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, g
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from samplan.i18n import _l
from samplan.imports.faults import (
    Fault,
    FaultLog,
    ImportFaults,
    column_letter,
    column_number,
    did_you_mean,
)


def test_a_fault_says_its_place() -> None:
    cell = Fault("c", "Fel", "Blad", 7, 28, "Namn", "x", "y")
    assert (cell.letter, cell.place, str(cell)) == ("AB", "Blad!AB7", "Blad!AB7: Fel (y)")
    assert Fault("c", "Fel", "SECTION_STAFF", 12).place == "SECTION_STAFF:12"
    assert str(Fault("c", "Fel", "Blad")) == "Blad: Fel"
    assert str(Fault("c", "Fel")) == "Fel"
    assert cell.as_dict() == {
        "code": "c",
        "sheet": "Blad",
        "row": 7,
        "column": "AB",
        "heading": "Namn",
        "value": "x",
        "message": "Fel",
        "expected": "y",
    }
    assert Fault("c", "Fel").as_dict()["column"] is None


def test_the_answer_of_an_api_has_the_places_as_field_paths() -> None:
    log = FaultLog()
    log.add(Fault("c", "One", "B", 2, 1))
    log.add(Fault("c", "Two", "B", 2, 1))
    with pytest.raises(ImportFaults) as caught:
        log.stop(Fault("c", "Three"))
    assert caught.value.status == 422
    assert caught.value.fields == {"B!A2": ["One", "Two"], "file": ["Three"]}
    assert caught.value.message == "The file has 3 faults."


def test_faults_come_in_the_order_of_the_file() -> None:
    log = FaultLog()
    log.sheets += ["A", "B"]
    for sheet, row, column in (
        ("B", 9, 2),
        ("A", 5, 1),
        ("B", None, None),
        ("B", 9, 1),
        ("A", 2, 3),
        ("", None, None),
        ("C", 1, 1),
    ):
        log.add(Fault("c", "m", sheet, row, column))
    with pytest.raises(ImportFaults) as caught:
        log.raise_if_any()
    assert [fault.place for fault in caught.value.faults] == ["", "A!C2", "A!A5", "B", "B!A9", "B!B9", "C!A1"]


def test_an_empty_log_raises_nothing_and_a_full_one_still_counts() -> None:
    log = FaultLog(limit=1)
    log.raise_if_any()
    assert not log.full
    log.add(Fault("c", "m", "A", 1))
    log.add(Fault("c", "m", "A", 2))
    assert (log.full, log.total) == (True, 2)
    with pytest.raises(ImportFaults) as caught:
        log.raise_if_any()
    assert (len(caught.value.faults), caught.value.unlisted) == (1, 1)


def test_near_names_are_suggested_and_far_ones_not() -> None:
    assert did_you_mean("sjukskoterska", ["Undersköterska", "Sjuksköterska"]) == "Sjuksköterska"
    assert did_you_mean("e14", ["E14", "E15"]) == "E14"
    assert did_you_mean("läkare", ["USK", "SSK"]) is None
    assert did_you_mean("n1", [f"n{number}" for number in range(1001)]) is None


@given(st.integers(1, 16_384))
def test_column_letters_and_numbers_are_inverse(column: int) -> None:
    assert column_number(column_letter(column)) == column


def test_known_column_letters() -> None:
    assert [column_letter(n) for n in (1, 26, 27, 702, 703, 16_384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_a_fault_speaks_the_language_of_whoever_looks(tmp_path: Path) -> None:
    catalogue = Catalog(locale="sv_SE")
    catalogue.add("The sheet has more than %(limit)s rows.", "Bladet har fler än %(limit)s rader.")
    folder = tmp_path / "sv" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    app = Flask(__name__)
    Babel(
        app, default_translation_directories=str(tmp_path), locale_selector=lambda: g.get("locale", "sv_SE")
    )
    fault = Fault("too_many_rows", _l("The sheet has more than %(limit)s rows.", limit=20_000), "Blad1")
    assert str(fault) == "Blad1: The sheet has more than 20000 rows."
    with app.test_request_context():
        assert str(fault) == "Blad1: Bladet har fler än 20000 rader."
        assert fault.as_dict()["message"] == "Bladet har fler än 20000 rader."
    with app.test_request_context():
        g.locale = "en_GB"
        assert str(fault) == "Blad1: The sheet has more than 20000 rows."
