"""Several wards and their internal unit: the generator, the evaluator and the rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from dying import solve_or_die
from hospital import hospital as hospital_of
from samplan_rostering.domain.evaluate_hospital import evaluate_hospital
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.hospital import (
    Guest,
    Hospital,
    Placement,
    guests_of,
    hospital_faults,
    internal_view,
    may_work,
    with_guests,
)
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.validation import validate
from samplan_rostering.domain.ward import HeldSkill, Pin, WeeklyRequirement
from samplan_rostering.solver import executors
from samplan_rostering.solver.executors import InProcess, Processes
from samplan_rostering.solver.together import fits_together
from samplan_rostering.solver.wards import (
    HospitalOptions,
    HospitalSnapshot,
    HospitalSolution,
    solve_hospital,
)


@pytest.fixture(scope="module")
def small() -> Hospital:
    return hospital_of(wards=4, staff=6, days=14, floating=3)


@pytest.fixture(scope="module")
def solved(small: Hospital) -> HospitalSolution:
    options = HospitalOptions(seconds=120, workers=1, rounds=1, work=0.2)
    return solve_hospital(small, options, InProcess())


def test_the_same_seed_gives_the_same_hospital_and_every_unit_is_valid() -> None:
    made = hospital_of(wards=6, staff=14, days=28, floating=5, seed=3)
    assert made == hospital_of(wards=6, staff=14, days=28, floating=5, seed=3)
    assert made != hospital_of(wards=6, staff=14, days=28, floating=5, seed=4)
    assert not hospital_faults(made)
    assert not [fault for ward in made.units for fault in validate(ward)]
    assert {len(ward.employees) for ward in made.wards} == {14}
    assert made.internal is not None
    assert all(len(employee.skills) > 1 for employee in made.internal.employees)
    assert len({ward.shift_types for ward in made.wards}) > 1, "several shift patterns"
    assert all(employee.name == f"Anställd {employee.code}" for w in made.units for employee in w.employees)
    assert hospital_of(wards=1, staff=6, days=14, floating=0).internal is None
    for wrong in ({"wards": 0}, {"staff": 2}, {"days": 7}, {"floating": -1}):
        with pytest.raises(ValueError, match="wards"):
            hospital_of(**wrong)


def test_what_does_not_go_together_is_said(small: Hospital) -> None:
    one, two, *_ = small.wards
    later = replace(two, period=replace(two.period, end=date(2027, 3, 1)))
    elsewhere = replace(two, unit=replace(two.unit, timezone="Europe/Helsinki"))
    shared = replace(two, employees=(*two.employees, one.employees[0]))
    found = {
        fault.code: fault.values
        for wards in ((one, one), (one, later), (one, elsewhere), (one, shared))
        for fault in hospital_faults(Hospital(wards))
    }
    assert found["same_unit"] == (one.unit.code,)
    assert found["dates"] == found["timezone"] == (two.unit.code,)
    assert one.employees[0].code in found["shared_employee"]
    assert [fault.code for fault in hospital_faults(Hospital(()))] == ["no_ward"]
    assert not hospital_faults(small)


@pytest.mark.slow
def test_guests_lower_what_is_needed_just_as_the_evaluator_counts_them(
    small: Hospital, solved: HospitalSolution
) -> None:
    for ward in small.wards:
        guests = guests_of(small, ward, solved.placements)
        roster = solved.rosters[ward.unit.code]
        counted = evaluate_ward(ward, roster, guests)
        lowered = evaluate_ward(with_guests(ward, guests), roster)
        assert counted.objective == lowered.objective
        assert counted.uncovered == lowered.uncovered
        assert counted.objective <= evaluate_ward(ward, roster).objective
    assert Guest(0, "D", ("SSK",)).counts(WeeklyRequirement(0, "D", "SSK", 1, 1, None))
    assert not Guest(0, "D", ("SSK",)).counts(WeeklyRequirement(0, "D", "USK", 1, 1, None))


@pytest.mark.slow
def test_the_rounds_keep_every_rule_and_only_gain(small: Hospital, solved: HospitalSolution) -> None:
    assert not solved.together
    assert solved.complete
    assert solved.evaluation.violations == ()
    assert solved.evaluation == evaluate_hospital(small, solved.rosters, solved.placements)
    assert list(solved.objectives) == sorted(solved.objectives, reverse=True)
    assert solved.objectives[-1] < solved.objectives[0], "who helps out saves something"
    assert solved.objectives[-1] == solved.evaluation.objective
    assert small.internal is not None
    people = {employee.code: employee for employee in small.internal.employees}
    wards = {ward.unit.code: ward for ward in small.wards}
    away = [place for place in solved.placements if place.unit in wards]
    assert away
    for place in away:
        ward = wards[place.unit]
        assert may_work(people[place.employee], ward, ward.period.date_of(place.day))


@pytest.mark.slow
def test_the_same_work_gives_the_same_rosters_by_one_process_or_two(
    small: Hospital, solved: HospitalSolution
) -> None:
    options = HospitalOptions(seconds=120, workers=2, rounds=1, work=0.2)
    again = solve_hospital(small, options, Processes(2))
    assert again.rosters == solved.rosters
    assert again.placements == solved.placements


def moved(placements: Sequence[Placement], **changes: object) -> list[Placement]:
    """Return the placements with another first one that is in a ward."""
    index = next(i for i, place in enumerate(placements) if place.unit != "INT")
    other = replace(placements[index], **changes)  # type: ignore[arg-type]
    return [*placements[:index], other, *placements[index + 1 :]]


@pytest.mark.slow
def test_the_evaluator_judges_people_of_the_internal_unit_over_all_wards(
    small: Hospital, solved: HospitalSolution
) -> None:
    def broken(placements: Sequence[Placement]) -> set[Rule]:
        found = evaluate_hospital(small, solved.rosters, placements)
        return {violation.rule for unit, violation in found.violations if unit == "INT"}

    assert broken(solved.placements) == set()
    assert Rule.UNKNOWN in broken(moved(solved.placements, unit="A99"))
    assert Rule.UNKNOWN in broken(moved(solved.placements, employee="INT-999"))
    assert Rule.HOURS_MIN in broken([])
    first = next(place for place in solved.placements if place.unit != "INT")
    other = next(ward.unit.code for ward in small.wards if ward.unit.code != first.unit)
    assert Rule.ONE_SHIFT in broken([*solved.placements, replace(first, unit=other, shift="D")])
    # A night in one ward and a day in another: too little rest, whatever the wards.
    free = [p for p in solved.placements if p.employee != first.employee]
    night = Placement(first.employee, 2, first.unit, "N")
    assert {Rule.REST_AFTER_SHIFT} <= broken([*free, night, Placement(first.employee, 3, other, "D")])
    assert small.internal is not None
    strangers = tuple(
        replace(e, skills=tuple(s for s in e.skills if s.skill != first.unit))
        for e in small.internal.employees
    )
    unknown = replace(small, internal=replace(small.internal, employees=strangers))
    found = evaluate_hospital(unknown, solved.rosters, solved.placements)
    assert Rule.SKILL in {violation.rule for _, violation in found.violations}, "never introduced there"


def test_introduction_counts_on_the_dates_for_which_it_is_valid(small: Hospital) -> None:
    assert small.internal is not None
    ward, person = small.wards[0], small.internal.employees[0]
    until = replace(person, skills=(HeldSkill(ward.unit.code, None, ward.period.date_of(3)),))
    assert may_work(until, ward, ward.period.date_of(3))
    assert not may_work(until, ward, ward.period.date_of(4))


def test_shifts_at_the_same_times_are_one_kind(small: Hospital) -> None:
    view = internal_view(small)
    clocks = [(s.start, s.end, s.break_minutes, s.paid_minutes, s.kind) for s in view.shift_types]
    assert len(clocks) == len(set(clocks))
    assert not validate(view)


@pytest.mark.slow
def test_small_wards_are_one_problem_at_the_evaluators_price() -> None:
    two = hospital_of(wards=2, staff=6, days=14, floating=2)
    assert fits_together(two)
    solution = solve_hospital(two, HospitalOptions(seconds=60, workers=1, work=0.1), InProcess())
    assert solution.together
    assert solution.complete
    assert solution.evaluation.violations == ()
    assert solution.objectives == (solution.evaluation.objective,)
    assert solution.bound is not None
    assert solution.bound <= solution.evaluation.objective
    other = replace(
        two, wards=(replace(two.wards[0], rules=replace(two.wards[0].rules, weight_wish=2)), two.wards[1])
    )
    assert not fits_together(other), "other weights"


@pytest.mark.slow
def test_an_impossible_ward_and_internal_unit_are_named_and_the_others_get_rosters(small: Hospital) -> None:
    first = small.wards[0]
    locked = first.employees[2].code
    pins = tuple(Pin(locked, first.period.date_of(day), "D") for day in range(14))
    wards = (replace(first, pins=pins, absences=()), *small.wards[1:])
    options = HospitalOptions(seconds=60, workers=1, rounds=0, work=0.05)
    solution = solve_hospital(replace(small, wards=wards), options, InProcess())
    assert not solution.complete
    assert solution.wards[first.unit.code].reasons[0].employee == locked
    assert solution.wards[first.unit.code].objective is None
    assert all(solution.wards[ward.unit.code].objective is not None for ward in wards[1:])
    assert small.internal is not None
    tight = replace(small.internal.rules, max_consecutive_days=1, hours_band_minutes=0, hours_band_percent=0)
    hard = replace(small, internal=replace(small.internal, rules=tight))
    solution = solve_hospital(hard, options, InProcess())
    assert {reason.employee for reason in solution.reasons} <= {e.code for e in small.internal.employees}
    assert solution.reasons


@pytest.mark.slow
def test_it_stops_when_asked_and_keeps_what_there_is(small: Hospital) -> None:
    seen: list[HospitalSnapshot] = []

    def stop_at_the_second(snapshot: HospitalSnapshot) -> bool:
        seen.append(snapshot)
        return snapshot.done == 2

    options = HospitalOptions(seconds=60, workers=1, rounds=3, work=0.05)
    solution = solve_hospital(small, options, InProcess(), stop_at_the_second)
    assert [snapshot.done for snapshot in seen] == [1, 2]
    assert len(solution.rosters) == 2
    assert solution.evaluation.violations == ()


@pytest.mark.slow
def test_a_lost_process_costs_its_ward_only(
    small: Hospital, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag = tmp_path / "die"
    flag.touch()
    monkeypatch.setattr(executors, "_solve", partial(solve_or_die, str(flag)))
    options = HospitalOptions(seconds=60, workers=2, rounds=0, work=0.05)
    solution = solve_hospital(replace(small, internal=None), options, Processes(2))
    assert not flag.exists()
    assert solution.complete
