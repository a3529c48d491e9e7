"""The commands that explain, recommend and re-plan: exit codes, words in both languages, and bad input."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from samplan_rostering.cli import rostering
from samplan_rostering.domain.ward import Absence, AbsenceKind, Pin, WardData, WeeklyRequirement
from samplan_rostering.workbook import write_ward

Make = Callable[..., WardData]


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(rostering, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def value(*arguments: object, code: int = 0) -> Any:
    """Return what a command prints with --json, and check its exit code."""
    found, printed, told = run(*arguments, "--json")
    assert found == code, told
    return json.loads(printed)


def written(folder: Path, cells: Iterable[tuple[str, int, str]]) -> Path:
    roster = folder / "roster.json"
    rows = [{"employee": code, "day": day, "shift": shift} for code, day, shift in cells]
    roster.write_text(json.dumps({"assignments": rows}))
    return roster


@pytest.fixture
def ward(small_ward: Make) -> WardData:
    """Three nurses for a week without limits of hours; one of them is needed by day each day."""
    ward = small_ward(7, 7, hours_band_minutes=100_000)
    nurses = tuple(replace(ward.employees[index], name="") for index in (4, 5, 6))
    codes = {person.code for person in nurses}
    return replace(
        ward,
        employees=nurses,
        contracts=tuple(row for row in ward.contracts if row.employee in codes),
        weekly_requirements=tuple(
            WeeklyRequirement(day, shift, "SSK", int(shift == "D"), int(shift == "D"), None)
            for day in range(7)
            for shift in ("D", "K", "N")
        ),
    )


@pytest.fixture
def workbook(ward: WardData, tmp_path: Path) -> Path:
    path = tmp_path / "ward.xlsx"
    path.write_bytes(write_ward(ward))
    return path


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """The first nurse by day to Friday, nobody on Saturday, the second on Sunday."""
    return written(tmp_path, [*(("M3-05", day, "D") for day in range(5)), ("M3-06", 6, "D")])


def test_a_ward_that_can_be_rostered_has_no_clash(workbook: Path) -> None:
    code, printed, _ = run("explain", workbook, "--language", "en")
    assert (code, printed) == (0, "All rules that were asked about can be kept together.\n")
    assert value("explain", workbook, "--hard-cover")["verdict"] == "possible"


def test_a_clash_is_told_in_words_and_as_values(ward: WardData, workbook: Path) -> None:
    start = ward.period.start
    away = Absence("M3-05", start, start, AbsenceKind.VACATION)
    workbook.write_bytes(write_ward(replace(ward, absences=(away,), pins=(Pin("M3-05", start, "D"),))))
    code, printed, _ = run("explain", workbook, "--language", "en")
    assert code == 3
    assert "- M3-05: No shift during absence, 2027-09-06" in printed
    assert "- M3-05: locked to Dag, 2027-09-06" in printed
    code, printed, _ = run("explain", workbook)
    assert "- M3-05: låst till Dag, 2027-09-06" in printed
    (clash,) = value("explain", workbook, code=3)["clashes"]
    assert clash["minimal"]
    assert {(part["rule"], part["employee"]) for part in clash["parts"]} == {
        ("absence", "M3-05"),
        ("pin", "M3-05"),
    }


def test_the_minimum_as_a_hard_requirement_clashes_where_nobody_is(ward: WardData, workbook: Path) -> None:
    start = ward.period.start
    away = tuple(Absence(p.code, start, start, AbsenceKind.SICK) for p in ward.employees)
    workbook.write_bytes(write_ward(replace(ward, absences=away)))
    assert value("explain", workbook)["verdict"] == "possible"
    code, printed, _ = run("explain", workbook, "--hard-cover", "--language", "en")
    assert code == 3
    assert "- Requirement Dag, Legitimerad sjuksköterska, 2027-09-06, asked: 1, possible: 0" in printed
    assert printed.count("No shift during absence") == 3


def test_a_benchmark_can_be_asked_about_too(tmp_path: Path, own_instance: str) -> None:
    path = tmp_path / "own.txt"
    path.write_text(own_instance.replace("A,E=5|L=5,2400,1440,5", "A,E=1|L=1,2400,1440,5"))
    (clash,) = value("explain", path, code=3)["clashes"]
    assert {part["employee"] for part in clash["parts"]} == {"A"}
    assert {part["rule"] for part in clash["parts"]} == {"hours_min", "max_shifts"}
    shares = value("explain", path, "--shares", "--roster", written(tmp_path, [("A", 3, "L")]))
    assert shares["objective"] == sum(shares["by_term"].values()) == sum(shares["by_day"].values())
    code, _, told = run("recommend", path, "--roster", written(tmp_path, []), "--gap", 0, "E")
    assert (code, "not a ward's workbook" in told) == (2, True)


def test_why_not_names_rule_measured_value_and_limit(workbook: Path, roster: Path) -> None:
    question = ("explain", workbook, "--roster", roster, "--why-not", "M3-05", "2027-09-11", "D")
    code, printed, _ = run(*question, "--language", "en")
    assert code == 0
    assert "Breaks: M3-05: Working days in a row, 2027-09-06, 6 against the limit 5" in printed
    assert "Closes: Dag, Legitimerad sjuksköterska 2027-09-11: 1 missing" in printed
    answer = value(*question)
    assert {"consecutive_days"} <= {broken["rule"] for broken in answer["effect"]["broken"]}
    assert answer["effect"]["minutes"] == {"M3-05": 480}


def test_a_gap_names_whom_each_rule_keeps_away(workbook: Path, roster: Path) -> None:
    question = ("explain", workbook, "--roster", roster, "--gap", 5, "D", "--skill", "SSK")
    answer = value(*question)
    assert (answer["missing"], answer["there"]) == (1, [])
    assert answer["rules"]["consecutive_days"] == ["M3-05"]
    assert answer["free"] == ["M3-06", "M3-07"]
    code, printed, _ = run(*question, "--language", "en")
    assert code == 0
    assert "Working days in a row keeps 1: M3-05" in printed


def test_shares_are_those_of_the_check(workbook: Path, roster: Path) -> None:
    shares = value("explain", workbook, "--roster", roster, "--shares")
    checked = json.loads(run("check", workbook, roster, "--json")[1])
    assert shares["objective"] == checked["objective"] == sum(shares["by_employee"].values())
    code, printed, _ = run("explain", workbook, "--roster", roster, "--shares", "--language", "en")
    assert code == 0
    assert "1000  Staffing below the minimum, 2027-09-11, Dag" in printed


def test_suggestions_are_numbered_and_told_in_swedish(workbook: Path, roster: Path) -> None:
    question = ("recommend", workbook, "--roster", roster, "--gap", "2027-09-11", "D", "--skill", "SSK")
    code, printed, _ = run(*question)
    assert code == 0
    assert printed.startswith("1. Tar passet")
    answer = value(*question)
    assert answer["suggestions"][0]["kind"] == "direct"
    assert answer["suggestions"][0]["effect"]["costs"]["under_minimum"] == -1000
    assert not answer["call_off"]


def test_where_nobody_can_it_says_to_call_off(ward: WardData, workbook: Path, roster: Path) -> None:
    on = ward.period.date_of(5)
    away = tuple(Absence(p.code, on, on, AbsenceKind.SICK) for p in ward.employees)
    workbook.write_bytes(write_ward(replace(ward, absences=away)))
    question = ("recommend", workbook, "--roster", roster, "--gap", 5, "D", "--skill", "SSK")
    code, printed, _ = run(*question, "--language", "en")
    assert code == 1
    assert "call off" in printed
    assert value(*question, code=1)["call_off"]


@pytest.mark.parametrize(
    ("question", "why"),
    [
        (("--why-not", "X", 0, "D"), "no such employee"),
        (("--why-not", "M3-05", 7, "D"), "no such day"),
        (("--why-not", "M3-05", "soon", "D"), "no such day"),
        (("--why-not", "M3-05", "9" * 5000, "D"), "no such day"),
        (("--gap", 0, "X"), "no such shift"),
        (("--gap", 0, "D", "--skill", "X"), "no such skill"),
        (("--gap", 0, "D", "--shares"), "one question at a time"),
        (("--shares", "--hard-cover"), "one question at a time"),
    ],
)
def test_a_question_about_what_there_is_not_is_refused(
    workbook: Path, roster: Path, question: tuple[object, ...], why: str
) -> None:
    code, printed, told = run("explain", workbook, "--roster", roster, *question)
    assert (code, printed) == (2, "")
    assert why in told


def test_a_question_about_a_roster_needs_one(workbook: Path) -> None:
    code, _, told = run("explain", workbook, "--shares")
    assert (code, "--roster is needed" in told) == (2, True)


def test_a_sick_call_is_replanned_and_written(workbook: Path, roster: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.json"
    question = ("replan", workbook, "--roster", roster, "--from", 2, "--absent", "M3-05", 2, 2, "--out", out)
    answer = value(*question)
    forced, change = sorted(answer["changes"], key=lambda change: not change["forced"])
    assert (forced["employee"], forced["day"], forced["after"], forced["price"]) == ("M3-05", 2, "", 0)
    assert (change["day"], change["before"], change["after"], change["price"]) == (2, "", "D", 100)
    assert answer["price"] == 100
    assert [gap["day"] for gap in answer["gaps"]] == [5]
    cells = json.loads(out.read_text())["assignments"]
    assert {"employee": change["employee"], "day": 2, "shift": "D"} in cells
    code, printed, _ = run(*question)
    assert code == 0
    assert "kan inte arbetas" in printed
    assert "2 ändringar, 100 poäng" in printed


def test_who_is_away_for_a_part_of_a_day_keeps_what_lies_beside_it(
    workbook: Path, roster: Path, tmp_path: Path
) -> None:
    """The day shift of 07:00 to 16:00 cannot be worked; the hours after it take nothing."""
    new = ("replan", workbook, "--roster", roster, "--from", 2, "--out", tmp_path / "new.json")
    answer = value(*new, "--absent-part", "M3-05", 2, 2, "09:00", "11:30")
    assert [(c["employee"], c["day"], c["after"]) for c in answer["changes"] if c["forced"]] == [
        ("M3-05", 2, "")
    ]
    assert value(*new, "--absent-part", "M3-05", 2, 2, "20:00", "00:00")["changes"] == []


def test_new_demand_and_who_was_told_are_minded(workbook: Path, roster: Path, tmp_path: Path) -> None:
    options = ("--from", 1, "--today", "2027-08-20", "--need", 3, "N", "SSK", 1, "--told", "M3-06", 3)
    out = ("--out", tmp_path / "new.json")
    (change,) = value("replan", workbook, "--roster", roster, *options, *out)["changes"]
    assert (change["employee"], change["day"], change["after"]) == ("M3-07", 3, "N")
    assert (change["notice_days"], change["price"]) == (20, 50)


def test_what_clashes_is_told_and_nothing_is_written(
    ward: WardData, workbook: Path, roster: Path, tmp_path: Path
) -> None:
    locked = Pin("M3-05", ward.period.date_of(2), "D")
    workbook.write_bytes(write_ward(replace(ward, pins=(locked,))))
    out = tmp_path / "new.json"
    options = ("--from", 1, "--absent", "M3-05", 2, 2, "--out", out)
    answer = value("replan", workbook, "--roster", roster, *options, code=3)
    assert {part["rule"] for part in answer["clashes"][0]["parts"]} == {"absence", "pin"}
    code, printed, _ = run("replan", workbook, "--roster", roster, *options, "--language", "en")
    assert (code, printed.splitlines()[0]) == (3, "These rules clash from the first day on:")
    assert not out.exists()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--from", 9), "not a day of the period"),
        (("--from", "9" * 5000), "not a day of the period"),
        (("--from", 1, "--need", 1, "D", "-", "9" * 5000), "expected a number"),
        (("--from", 1, "--today", "yesterday"), "not a date"),
        (("--from", 1, "--absent", "X", 1, 1), "no employee X"),
        (("--from", 1, "--absent", "M3-05", 3, 1), "the last day lies before the first"),
        (("--from", 1, "--absent-part", "X", 1, 1, "08:00", "09:00"), "no employee X"),
        (
            ("--from", 1, "--absent-part", "M3-05", 3, 1, "08:00", "09:00"),
            "the last day lies before the first",
        ),
        (("--from", 1, "--absent-part", "M3-05", 1, 1, "09:00", "08:00"), "the end must be after the start"),
        (
            ("--from", 1, "--absent-part", "M3-05", 1, 1, "8 o'clock", "09:00"),
            "expected a time such as 07:00",
        ),
        (("--from", 1, "--need", 1, "X", "-", 1), "no shift X"),
        (("--from", 1, "--need", 1, "D", "X", 1), "no skill X"),
        (("--from", 1, "--need", 1, "D", "-", "many"), "expected a number"),
        (("--from", 1, "--told", "X", 1), "no employee X"),
    ],
)
def test_news_about_what_there_is_not_are_refused(
    workbook: Path, roster: Path, tmp_path: Path, options: tuple[object, ...], why: str
) -> None:
    out = tmp_path / "new.json"
    code, printed, told = run("replan", workbook, "--roster", roster, *options, "--out", out)
    assert (code, printed) == (2, "")
    assert why in told
    assert not out.exists()


def test_a_roster_of_another_ward_is_not_replanned(workbook: Path, tmp_path: Path) -> None:
    other = written(tmp_path, [("X", 0, "D")])
    code, _, told = run("replan", workbook, "--roster", other, "--from", 1, "--out", tmp_path / "new.json")
    assert code == 2
    assert "not one of this ward" in told
