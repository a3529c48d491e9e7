"""A rule profile that makes every roster impossible: told at once, with what holds the hours back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from samplan_rostering.cli import rostering
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.validation import validate
from samplan_rostering.domain.ward import ShiftKind, ShiftType, WardData
from samplan_rostering.solver.contradictions import Contradiction, contradictions
from samplan_rostering.solver.from_ward import problem_from_ward
from samplan_rostering.workbook import write_ward

Make = Callable[..., WardData]


def with_rule(ward: WardData, rule: str, **figures: int) -> WardData:
    values = tuple((name, str(value)) for name, value in figures.items())
    return replace(ward, settings=(RuleSetting(rule, Level.HARD, parameters=values),))


def told(ward: WardData) -> list[Contradiction]:
    assert not list(validate(ward))
    return contradictions(problem_from_ward(ward))


def long_shifts(ward: WardData, hours: int) -> WardData:
    """Return the ward with a single shift type of so many hours, and a break."""
    kind = ShiftType("D", "Dag", ShiftKind.DAY, time(7), time(7 + hours, 30), 30, hours * 60)
    needs = tuple(row for row in ward.weekly_requirements if row.shift == "D")
    return replace(ward, shift_types=(kind,), weekly_requirements=needs, wishes=())


@pytest.mark.parametrize(
    ("rule", "figures", "because"),
    [
        ("consecutive_days", {"limit": 1}, Rule.CONSECUTIVE_DAYS),
        ("weekly_rest", {"minutes": 8640}, Rule.WEEKLY_REST),
        ("shift_length", {"minutes": 300}, Rule.SHIFT_LENGTH),
    ],
)
def test_too_few_hours_are_told_with_the_rule_that_holds_them_back(
    small_ward: Make, rule: str, figures: dict[str, int], because: Rule
) -> None:
    ward = small_ward(2, 28)
    assert not any(each.hard for each in told(ward))
    found = [each for each in told(with_rule(ward, rule, **figures)) if each.hard]
    assert [each.employee for each in found] == [person.code for person in ward.employees]
    for each in found:
        assert each.rule is Rule.HOURS_MIN
        assert each.because == (because,)
        assert (each.possible or 0) < (each.asked or 0)


@pytest.mark.parametrize(
    ("rule", "figure", "value"), [("consecutive_days", "limit", 0), ("weekly_rest", "minutes", 9600)]
)
def test_what_no_week_can_hold_is_a_fault_of_its_line(
    small_ward: Make, rule: str, figure: str, value: int
) -> None:
    (fault,) = validate(with_rule(small_ward(), rule, **{figure: value}))
    assert (fault.entity, fault.index, fault.data["names"]) == ("setting", 0, figure)


def test_hours_between_two_sums_of_shifts_are_told_with_both(small_ward: Make) -> None:
    ward = long_shifts(small_ward(1, 28, hours_band_minutes=0, hours_band_percent=0), 7)
    (found,) = [each for each in told(ward) if each.hard]
    assert (found.rule, found.sums is not None) == (Rule.HOURS_MIN, True)
    assert found.sums is not None
    below, above = found.possible or 0, found.sums[1]
    assert (below % 420, above - below) == (0, 420)
    assert below < (found.asked or 0) <= found.sums[0] < above
    wide = replace(ward, rules=replace(ward.rules, hours_band_minutes=210))
    assert not any(each.hard for each in told(wide))


def test_hours_and_needs_that_only_a_forbidden_shift_could_meet_name_the_limit(small_ward: Make) -> None:
    ward = long_shifts(small_ward(2, 14), 12)
    needs = {row.weekday: replace(row, skill=None) for row in ward.weekly_requirements}
    ward = replace(ward, weekly_requirements=tuple(needs.values()))
    assert told(ward) == []
    found = told(with_rule(ward, "shift_length", minutes=600))
    assert {each.because for each in found} == {(Rule.SHIFT_LENGTH,)}
    assert {each.hard for each in found} == {True, False}
    (fault, *_more) = validate(long_shifts(small_ward(2, 14), 14))  # beyond 13 h: refused with the shift type
    assert fault.entity == "shift_type"


def test_the_reason_is_told_of_everybody_and_the_command_line_refuses(
    small_ward: Make, tmp_path: Path
) -> None:
    ward = with_rule(small_ward(12, 14), "weekly_rest", minutes=8640)
    found = [each for each in told(ward) if each.hard]
    assert [each.because for each in found] == [(Rule.WEEKLY_REST,)] * 12
    book, out = tmp_path / "ward.xlsx", tmp_path / "roster.json"
    book.write_bytes(write_ward(ward))
    command = ["solve", str(book), "--seconds", "1", "--out", str(out)]
    ended = CliRunner().invoke(rostering, command)
    assert (ended.exit_code, out.exists()) == (3, False)
    assert ended.stderr.count("can be worked") == 12

    ward = small_ward(3, 7, hours_band_percent=100)
    crowd = replace(ward.weekly_requirements[0], minimum=9, target=9)
    book.write_bytes(write_ward(replace(ward, weekly_requirements=(crowd,))))
    ended = CliRunner().invoke(rostering, command)
    assert (ended.exit_code, out.exists()) == (2, False)
    assert "--start-anyway" in ended.stderr
    assert CliRunner().invoke(rostering, [*command, "--start-anyway"]).exit_code == 0
