"""What those who do not plan are told of a roster's check: nothing of a colleague's own rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta

from samplan_rostering.domain.absence import Absence, AbsenceKind
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.domain.wishing import veto_rule
from samplan_rostering.queries.rosters.checks import check_ward
from samplan_rostering.queries.rosters.stored import discreet


def test_of_a_part_of_a_day_neither_times_nor_kind_are_told(small_ward: Callable[..., WardData]) -> None:
    ward = small_ward(4, 14)
    on, code = ward.period.start, ward.employees[0].code
    rows = (
        Absence(code, on, on, AbsenceKind.TRAINING, time(13), time(15)),
        Absence(code, on + timedelta(1), on + timedelta(1), AbsenceKind.SICK),
    )
    part, whole = discreet(replace(ward, absences=rows)).absences
    assert (part.kind, part.whole, part.times_told) == (AbsenceKind.OTHER, False, False)
    assert (whole.kind, whole.whole) == (AbsenceKind.OTHER, True)
    assert rows[0].times_told


def test_a_colleagues_veto_is_no_broken_rule_to_others(small_ward: Callable[..., WardData]) -> None:
    ward = small_ward(4, 14)
    person, shift = ward.employees[0].code, ward.shift_types[0].code
    ward = replace(ward, settings=(*ward.settings, veto_rule(person, ward.period.date_of(1))))
    evaluation = evaluate_ward(ward, [Assignment(person, 1, shift)])
    planner, others = (check_ward(ward, evaluation, private=private) for private in (True, False))
    vetoed = [breach for breach in planner.breaches if (breach.employee, breach.day) == (person, 1)]
    assert "unwanted_pattern" in {breach.rule for breach in vetoed}
    assert "unwanted_pattern" not in {breach.rule for breach in others.breaches}
    assert len(others.breaches) == len(planner.breaches) - sum(
        breach.rule == "unwanted_pattern" for breach in planner.breaches
    )
