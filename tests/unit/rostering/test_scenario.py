"""Changes of a ward's input: what each does, what it leaves as it was, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samplan_rostering.demo_ward import demo_ward
from samplan_rostering.domain.scenario.apply import (
    KINDS,
    apply_changes,
    read_change,
    read_changes,
    write_change,
)
from samplan_rostering.domain.validation import validate
from samplan_rostering.domain.ward import Pin, RosterType, WardData
from samplan_rostering.domain.ward_rules import rule_set

WARD = demo_ward(7, date(2027, 6, 7))
FIRST, LAST = WARD.period.start, WARD.period.end


def changed(*content: dict[str, Any], ward: WardData = WARD) -> WardData:
    return apply_changes(ward, read_changes(list(content)))


def needed(ward: WardData) -> int:
    return sum(row.target for row in ward.weekly_requirements)


def test_no_change_and_a_hundred_per_cent_leave_the_ward_as_it_is() -> None:
    assert changed() == WARD
    assert changed({"kind": "staffing", "percent": 100}) == WARD
    assert changed({"kind": "contract", "add_percentage": 0}) == WARD
    assert changed({"kind": "shift_type", "code": "D", "start": "07:00"}) == WARD


@given(st.integers(0, 300), st.sets(st.sampled_from("DKN")), st.sets(st.integers(0, 6)))
@settings(deadline=None, max_examples=40)
def test_scaled_staffing_stays_in_order_and_grows_with_the_share(
    percent: int, shifts: set[str], days: set[int]
) -> None:
    change = {"kind": "staffing", "shifts": sorted(shifts), "weekdays": sorted(days)}
    one = changed({**change, "percent": percent})
    more = changed({**change, "percent": percent + 50})
    assert validate(one) == []
    for old, low, high in zip(
        WARD.weekly_requirements, one.weekly_requirements, more.weekly_requirements, strict=True
    ):
        assert low.target <= high.target
        if (shifts and old.shift not in shifts) or (days and old.weekday not in days):
            assert low == high == old
        else:
            assert low.target == (2 * old.target * percent + 100) // 200


def test_numbers_are_set_added_and_asked_for_where_nothing_was() -> None:
    ward = changed({"kind": "staffing", "shifts": ["N"], "skills": ["SSK"], "weekdays": [5], "add": 2})
    rows = {(row.weekday, row.shift, row.skill): row for row in ward.weekly_requirements}
    assert (rows[5, "N", "SSK"].minimum, rows[5, "N", "SSK"].target, rows[5, "N", "SSK"].maximum) == (4, 4, 4)
    assert rows[6, "N", "SSK"].target == 2
    new = changed({"kind": "staffing", "shifts": ["N"], "skills": ["SPEC"], "weekdays": [5], "target": 1})
    assert len(new.weekly_requirements) == len(WARD.weekly_requirements) + 1
    low = changed({"kind": "staffing", "shifts": ["D"], "skills": ["SSK"], "target": 2, "minimum": 1})
    assert {row.minimum for row in low.weekly_requirements if (row.shift, row.skill) == ("D", "SSK")} == {1}


@given(st.integers(1, 100))
@settings(deadline=None, max_examples=20)
def test_tasks_move_without_changing_how_many_are_needed(percent: int) -> None:
    ward = changed({"kind": "task_shift", "from_skill": "SSK", "to_skill": "USK", "percent": percent})
    assert needed(ward) == needed(WARD)
    assert sum(row.minimum for row in ward.weekly_requirements) == sum(
        row.minimum for row in WARD.weekly_requirements
    )
    dates = {row.date for row in WARD.dated_requirements}
    assert sum(r.target for r in ward.dated_requirements if r.date in dates) >= sum(
        r.target for r in WARD.dated_requirements
    )


def test_tasks_move_on_to_a_competence_that_is_new() -> None:
    ward = changed(
        {"kind": "skill", "code": "ADM", "name": "Administratör", "employees": [WARD.employees[-1].code]},
        {"kind": "task_shift", "from_skill": "SSK", "to_skill": "USK", "count": 1, "shifts": ["D"]},
        {"kind": "task_shift", "from_skill": "USK", "to_skill": "ADM", "count": 1, "shifts": ["D"]},
    )
    monday = {
        row.skill: row.target for row in ward.weekly_requirements if (row.weekday, row.shift) == (0, "D")
    }
    assert monday == {"SSK": 3, "SPEC": 1, "USK": 3, "ADM": 1}
    assert "ADM" in {held.skill for held in ward.employees[-1].skills}


def test_a_longer_shift_is_paid_longer_and_long_days_take_the_place_of_two() -> None:
    ward = changed(
        {"kind": "shift_type", "code": "D", "end": "19:30"},
        {"kind": "shift_type", "code": "N", "start": "19:00", "end": "07:30", "name": "Lång natt"},
        {"kind": "replace_shifts", "shifts": ["K"], "by": "D"},
    )
    shifts = {shift.code: shift for shift in ward.shift_types}
    assert shifts["D"].paid_minutes == 480 + 240
    assert (shifts["N"].start, shifts["N"].paid_minutes) == (time(19), 585 + 165)
    call = {"kind": "shift_type", "code": "N", "start": "16:00", "end": "08:00", "standby_minutes": 960}
    (night,) = (shift for shift in changed(call).shift_types if shift.code == "N")
    assert (night.paid_minutes, night.standby_minutes) == (0, 960), "nothing of it is ordinary work"
    asked = {(r.weekday, r.shift, r.skill): r.target for r in ward.weekly_requirements if r.target}
    assert not any(shift == "K" for _, shift, _ in asked)
    assert asked[0, "D", "SSK"] == 4, "as many as the shift that needed most"
    assert not any(row.shift == "K" for row in (*ward.wishes, *ward.pins))
    assert {row.shift for row in ward.history} == {row.shift for row in WARD.history}
    forgotten = changed(
        {"kind": "replace_shifts", "shifts": ["K"], "by": "D"}, ward=replace(WARD, history=())
    )
    assert [shift.code for shift in forgotten.shift_types] == ["D", "N"]


def test_contracts_change_within_the_period_only() -> None:
    somebody = WARD.employees[4].code
    ward = changed({"kind": "contract", "employees": [somebody], "percentage": 62.5})
    own = [row for row in ward.contracts if row.employee == somebody]
    assert [row.percentage for row in own] == [Decimal(100), Decimal("62.5"), Decimal(100)]
    assert (own[0].valid_to, own[1].valid_from) == (FIRST - timedelta(days=1), FIRST)
    assert (own[1].valid_to, own[2].valid_from) == (LAST, LAST + timedelta(days=1))
    assert [row for row in ward.contracts if row.employee != somebody] == [
        row for row in WARD.contracts if row.employee != somebody
    ]


def test_a_working_time_model_changes_those_who_have_it() -> None:
    ward = changed({"kind": "working_time", "of_types": ["rotation_20"], "roster_type": "rotation_30"})
    now = [row for row in ward.contracts if row.valid_on(FIRST)]
    assert not any(row.roster_type is RosterType.ROTATION_20 for row in now)
    assert {r.fulltime_week_minutes for r in now if r.roster_type is RosterType.ROTATION_30} == {2060}
    shorter = changed(
        {"kind": "working_time", "professions": ["Undersköterska"], "fulltime_week_minutes": 2100}
    )
    people = {p.code for p in WARD.employees if p.profession == "Undersköterska"}
    minutes = {
        r.fulltime_week_minutes for r in shorter.contracts if r.valid_on(FIRST) and r.employee in people
    }
    assert minutes == {2100}


def test_people_come_and_go_with_all_that_is_said_of_them() -> None:
    ward = changed({"kind": "add_staff", "count": 2, "profession": "Sjuksköterska", "skills": ["SSK"]})
    assert [p.profession for p in ward.employees[-2:]] == ["Sjuksköterska"] * 2
    again = changed({"kind": "add_staff", "count": 1, "profession": "Undersköterska"}, ward=ward)
    assert len({person.code for person in again.employees}) == len(WARD.employees) + 3
    fewer = changed({"kind": "vacancy", "profession": "Sjuksköterska", "count": 3})
    gone = {p.code for p in WARD.employees} - {p.code for p in fewer.employees}
    nurses = [p.code for p in WARD.employees if p.profession == "Sjuksköterska"]
    assert gone == set(nurses[-3:])
    for rows in (fewer.contracts, fewer.absences, fewer.wishes, fewer.history, fewer.pins):
        assert not gone & {row.employee for row in rows}


@given(st.integers(1, 6), st.integers(1, 100))
@settings(deadline=None, max_examples=20)
def test_a_summer_gives_a_share_its_weeks_in_a_row(weeks: int, share: int) -> None:
    ward = changed({"kind": "summer", "weeks": weeks, "share": share})
    new = [row for row in ward.absences if row not in WARD.absences]
    assert all((row.last - row.first).days + 1 == 7 * weeks for row in new)
    assert all(row.first >= FIRST and row.last <= LAST for row in new)
    assert len({row.employee for row in new}) == len(new)
    by_kind = {p.profession for p in WARD.employees}
    wanted = sum(
        (2 * sum(p.profession == kind for p in WARD.employees) * share + 100) // 200 for kind in by_kind
    )
    assert len(new) <= wanted <= len(new) + len(WARD.absences), "but for those who have just these weeks"


def test_an_absence_gives_up_the_shifts_that_are_locked_in_it() -> None:
    code = WARD.employees[0].code
    ward = replace(WARD, absences=(), pins=(Pin(code, FIRST, "D"), Pin(code, LAST, "D")))
    away = {
        "kind": "absence",
        "employees": [code],
        "first": str(FIRST),
        "last": str(FIRST),
        "absence": "sick",
    }
    assert changed(away, ward=ward).pins == (Pin(code, LAST, "D"),)
    late = away | {"last": str(LAST), "start": "20:00", "end": "00:00"}
    pins = Pin(code, FIRST, "D"), Pin(code, FIRST + timedelta(1), "K")
    kept = changed(late, ward=replace(ward, pins=pins))
    assert kept.pins == (Pin(code, FIRST, "D"),)
    assert [(row.start, row.end) for row in kept.absences] == [(time(20), time(0))]
    third = changed({"kind": "absence", "share": 25, "first": str(FIRST), "last": str(LAST)}, ward=ward)
    assert len(third.absences) == len(WARD.employees) // 4


@pytest.mark.parametrize("profile", ["pandemic", "heightened_alert"])
def test_a_crisis_lowers_the_staffing_and_opens_exceptions(profile: str) -> None:
    ward = changed({"kind": "crisis", "profile": profile})
    assert all(row.target == row.minimum for row in ward.weekly_requirements)
    assert needed(ward) < needed(WARD)
    assert rule_set(ward).permissions.least_rest("x", FIRST, 660) == 540
    assert ward.rules.max_consecutive_days == WARD.rules.max_consecutive_days + 1
    assert ward.rules.max_weekends_percent == (50 if profile == "pandemic" else 100)
    calm = changed({"kind": "crisis", "profile": profile, "minimum_percent": 50, "opened": []})
    assert (calm.rules, calm.settings) == (WARD.rules, WARD.settings)


def test_rules_and_limits_take_the_place_of_those_before() -> None:
    rule = {"kind": "rule", "rule": "quick_return", "level": "hard", "parameters": {"minutes": "600"}}
    ward = changed(rule, {**rule, "level": "off"}, {"kind": "limit", "name": "weight_wish", "value": 5})
    assert [(s.rule, s.level.value) for s in ward.settings if s.rule == "quick_return"] == [
        ("quick_return", "off")
    ]
    assert ward.rules.weight_wish == 5


EXAMPLES: list[dict[str, Any]] = [
    {"kind": "staffing", "shifts": ["D"], "weekdays": [0, 6], "percent": 50, "add": -1},
    {"kind": "shift_type", "code": "L", "part": "day", "start": "07:00", "end": "19:30", "break_minutes": 30},
    {"kind": "replace_shifts", "shifts": ["K"], "by": "D"},
    {"kind": "contract", "professions": ["Undersköterska"], "percentage": 87.5},
    {"kind": "working_time", "of_types": ["night"], "fulltime_week_minutes": 2000},
    {"kind": "add_staff", "count": 2, "profession": "Läkare", "skills": ["SSK"], "lent_by": "MED4"},
    {"kind": "vacancy", "profession": "Sjuksköterska", "count": 1},
    {"kind": "rule", "rule": "cost", "level": "soft", "weight": 1, "parameters": {"hour": "300"}},
    {"kind": "limit", "name": "weight_wish", "value": 0},
    {"kind": "absence", "share": 10, "first": "2027-06-08", "last": "2027-06-10", "absence": "training"},
    {"kind": "absence", "first": "2027-06-08", "last": "2027-06-08", "start": "13:00", "end": "15:00"},
    {"kind": "summer", "weeks": 3, "first": "2027-06-07", "last": "2027-07-18"},
    {"kind": "crisis", "profile": "pandemic", "opened": ["short_rest"], "negotiated": "2027-06-01"},
    {"kind": "task_shift", "from_skill": "SSK", "to_skill": "USK", "percent": 25},
    {"kind": "skill", "code": "HAND", "name": "Handledare", "professions": ["Undersköterska"]},
]  # fmt: skip


@pytest.mark.parametrize("content", EXAMPLES, ids=lambda content: content["kind"])
def test_a_change_is_written_as_it_was_read_and_fits(content: dict[str, Any]) -> None:
    change = read_change(content)
    assert write_change(change) == content
    ward = apply_changes(WARD, [change])
    assert validate(ward) == []
    assert ward != WARD


def test_every_kind_has_an_example() -> None:
    assert {content["kind"] for content in EXAMPLES} == set(KINDS)


def test_half_the_staffing_leaves_less_unfilled(small_ward: Callable[..., WardData]) -> None:
    from samplan_rostering.queries.figures.of_roster import key_figures

    ward = small_ward()
    twice = changed({"kind": "staffing", "percent": 200}, ward=ward)
    one, two = key_figures(ward, ()), key_figures(twice, ())
    assert two.required_minutes == 2 * one.required_minutes
    assert two.unfilled_minutes == two.required_minutes, "nobody works in an empty roster"
    assert two.people_below_minimum > one.people_below_minimum
    assert (one.rostered_minutes, one.money, one.wishes) == (0, None, 0)
    rates = changed(
        {"kind": "rule", "rule": "cost", "level": "off", "parameters": {"hour": "100"}}, ward=ward
    )
    assert key_figures(rates, ()).money == 0
