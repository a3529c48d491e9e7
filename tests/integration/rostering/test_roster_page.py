"""The grid's templates: where the coverage stands, and how many broken rules are shown at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import render_template_string

from samplan.testing.site import Site
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import (
    Absence,
    AbsenceKind,
    Pin,
    Skill,
    WardData,
    WeeklyRequirement,
    Wish,
    WishKind,
)
from samplan_rostering.queries.rosters.checks import check_ward
from samplan_rostering.queries.rosters.grid import roster_grid
from samplan_rostering.queries.rosters.stored import input_hash


def grid_page(site: Site, ward: WardData) -> str:
    source = '{% import "rostering/grid.html" as ro with context %}{{ ro.roster_table(grid) }}'
    with site.app.test_request_context("/t/ett/rostering/"):
        return render_template_string(source, grid=roster_grid(ward, [Assignment("M01", 0, "D")], {}))


def breach_list(site: Site, ward: WardData, shifts: int) -> str:
    source = '{% import "rostering/parts.html" as parts with context %}{{ parts.check_message(check, 28) }}'
    check = check_ward(ward, evaluate_ward(ward, [Assignment("M01", day, "D") for day in range(shifts)]))
    with site.app.test_request_context("/t/ett/rostering/"):
        return render_template_string(source, check=check)


@pytest.mark.parametrize(("more", "may_stay"), [(8, True), (9, False)])
def test_the_coverage_stands_below_the_people_and_stays_in_sight_if_wished(
    rostering_site: Site, ward: WardData, more: int, may_stay: bool
) -> None:
    codes = [f"K{number}" for number in range(more)]
    many = replace(
        ward,
        skills=(*ward.skills, *(Skill(code, "") for code in codes)),
        weekly_requirements=(
            *ward.weekly_requirements,
            *(WeeklyRequirement(0, "D", code, 0, 1, None) for code in codes),
        ),
    )

    page = grid_page(rostering_site, many)

    assert page.index("Didrik Exempel") < page.index("Bemannat/mål") < page.index("<tfoot")
    assert ("Håll bemanningen i sikte" in page) == may_stay
    assert page.count("K0") == 1


def test_signs_are_signs_and_codes_are_texts(rostering_site: Site, ward: WardData) -> None:
    day, *others = ward.shift_types
    odd = replace(
        ward,
        shift_types=(replace(day, code="D<b>"), *others),
        weekly_requirements=(),
        dated_requirements=(),
        wishes=(Wish("M01", ward.period.start, WishKind.AVOID, "D<b>", 1),),
        pins=(Pin("M01", ward.period.start, "D<b>"),),
        history=(),
    )
    source = '{% import "rostering/grid.html" as ro with context %}{{ ro.roster_table(grid) }}'
    grid = roster_grid(odd, [Assignment("M01", 0, "D<b>")], {})
    with rostering_site.app.test_request_context("/t/ett/rostering/"):
        page = render_template_string(source, grid=grid)

    assert "&lt;span" not in page
    assert page.count('<span class="ro-sign') >= 2
    assert "D&lt;b&gt;</span>" in page
    assert "<b>" not in page


def test_the_foot_says_what_each_day_lacks(rostering_site: Site, ward: WardData) -> None:
    worked = [Assignment("M01", 1, "D"), Assignment("M01", 4, "D"), Assignment("M02", 2, "D")]
    grid = roster_grid(ward, worked, {})

    assert [(gap.below_minimum, gap.below_target) for gap in grid.gaps[:5]] == [
        (1, 1),  # nobody by day
        (0, 0),
        (0, 0),
        (1, 1),
        (0, 1),  # the night, which asks for nobody at least
    ]
    foot = grid_page(rostering_site, ward).split("<tfoot")[1]
    assert foot.count('class="ds-sr-only">under minimibemanningen<') == sum(
        gap.below_minimum > 0 for gap in roster_grid(ward, [Assignment("M01", 0, "D")], {}).gaps
    )
    assert "1<span" in foot


@pytest.mark.parametrize(("days", "opened"), [(5, True), (6, False)])
def test_many_broken_rules_are_folded(rostering_site: Site, ward: WardData, days: int, opened: bool) -> None:
    away = Absence("M01", date(2027, 1, 4), date(2027, 1, 31), AbsenceKind.VACATION)
    lenient = replace(ward.rules, max_consecutive_days=28, weekly_rest_minutes=60, hours_band_minutes=100_000)

    page = breach_list(rostering_site, replace(ward, absences=(away,), pins=(), rules=lenient), days)

    assert f"Visa {days} brutna regler" in page
    assert (" open>" in page) == opened
    assert 'href="#cell-1-0"' in page


def test_the_inputs_mark_knows_no_order_and_nothing_outside_the_period(ward: WardData) -> None:
    first, *others = ward.contracts
    away = Absence("M01", date(2027, 3, 1), date(2027, 3, 5), AbsenceKind.VACATION)
    turned = replace(ward, contracts=(*others, first), absences=(away, *reversed(ward.absences)))
    night = replace(away, first=date(2027, 2, 1), last=date(2027, 2, 1))  # where the last night ends

    assert input_hash(turned) == input_hash(ward)
    assert input_hash(replace(ward, absences=ward.absences[1:])) != input_hash(ward)
    assert input_hash(replace(ward, absences=(*ward.absences, night))) != input_hash(ward)
    assert input_hash(replace(ward, contracts=tuple(others))) != input_hash(ward)
