"""The ward workbook gives every valid ward back, in both languages, and the same cells again."""

from __future__ import annotations

import io
import zipfile
from dataclasses import fields, replace
from datetime import date, time, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.validation import validate
from samplan_rostering.domain.ward import (
    FULLTIME_WEEK_MINUTES,
    Absence,
    AbsenceKind,
    Contract,
    DatedRequirement,
    Employee,
    HeldSkill,
    PastShift,
    Period,
    Pin,
    RosterType,
    RuleProfile,
    ShiftKind,
    ShiftType,
    Skill,
    Unit,
    WardData,
    WeeklyRequirement,
    Wish,
    WishKind,
)
from samplan_rostering.domain.ward_rules import BY_KEY
from samplan_rostering.workbook import read_ward, write_template, write_ward
from samplan_rostering.workbook.choices import ABSENCE_KINDS, ROSTER_TYPES, RULES, SHIFT_KINDS, WISH_KINDS
from samplan_rostering.workbook.rule_sheets import LEVELS, RULE_LABELS
from samplan_rostering.workbook.sheets import SHEETS

CODES = st.text("ABCÅÄÖ-_=+abc019", min_size=1, max_size=6)
NAMES = st.text("Anna Åsköld-'=@é", max_size=15).map(lambda text: " ".join(text.split()))
CLOCK = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))


def unique(codes: st.SearchStrategy[str], smallest: int, largest: int) -> st.SearchStrategy[list[str]]:
    return st.lists(codes, min_size=smallest, max_size=largest, unique=True)


KINDS = st.sampled_from(AbsenceKind)
PARTS = st.sampled_from([(), (time(8), time(12, 30)), (time(13), time(0))])


@st.composite
def shift_types(draw: st.DrawFn, code: str) -> ShiftType:
    start, length = draw(CLOCK), draw(st.integers(60, 780))
    standby = draw(st.integers(0, length - 60))
    minute = (start.hour * 60 + start.minute + length) % (24 * 60)
    return ShiftType(
        code=code,
        name=draw(NAMES),
        kind=draw(st.sampled_from(ShiftKind)),
        start=start,
        end=time(minute // 60, minute % 60),
        break_minutes=draw(st.integers(0, 59)),
        paid_minutes=draw(st.integers(1, 24 * 60)),
        colour=draw(st.sampled_from([None, "#0b5A6f"])),
        on_call_minutes=draw(st.integers(0, length - 60 - standby)),
        standby_minutes=standby,
    )


@st.composite
def contracts(draw: st.DrawFn, employee: str, period: Period) -> tuple[Contract, ...]:
    """One or two contracts; the first is in force on the first date."""
    kind = draw(st.sampled_from(RosterType))
    change = draw(st.none() | st.integers(0, period.days - 1))
    end = None if change is None else period.date_of(change)
    first = Contract(
        employee=employee,
        valid_from=period.start - timedelta(days=draw(st.integers(0, 5000))),
        valid_to=end,
        percentage=draw(st.decimals(1, 100, places=2)),
        roster_type=kind,
        fulltime_week_minutes=draw(st.sampled_from([FULLTIME_WEEK_MINUTES[kind], 60, 10_080, 2203])),
    )
    if end is None:
        return (first,)
    return (first, replace(first, valid_from=end + timedelta(days=1), valid_to=None, percentage=Decimal(100)))


@st.composite
def employees(draw: st.DrawFn, code: str, skills: list[str], period: Period) -> Employee:
    """Somebody with these skills, each from when and until when it may be held."""
    spans = st.sampled_from([(None, None), (period.start, None), (period.start, period.end)])
    held = tuple(HeldSkill(skill, *draw(spans)) for skill in skills)
    return Employee(code, draw(NAMES), draw(NAMES), draw(CLOCK), held)


@st.composite
def wards(draw: st.DrawFn) -> WardData:
    """Draw a valid ward, small enough to be quick, with something in every sheet now and then."""
    period = Period(draw(st.dates(date(2020, 1, 1), date(2040, 1, 1))), date(2040, 1, 1), draw(NAMES))
    period = replace(period, end=period.start + timedelta(days=draw(st.integers(0, 60))))
    skills, shifts, people = draw(unique(CODES, 0, 3)), draw(unique(CODES, 1, 4)), draw(unique(CODES, 1, 4))
    day = st.integers(0, period.days - 1).map(period.date_of)
    skill = st.none() | st.sampled_from(skills) if skills else st.none()
    people_needed = st.tuples(st.integers(0, 3), st.integers(3, 5), st.none() | st.integers(5, 9))
    person, shift = st.sampled_from(people), st.sampled_from(shifts)
    weekly = st.lists(st.tuples(st.integers(0, 6), shift, skill), min_size=1, max_size=6, unique=True)
    dated = st.lists(st.tuples(day, shift, skill), max_size=3, unique=True)
    cells = st.lists(st.tuples(person, st.integers(1, 20)), max_size=4, unique=True)
    held = st.lists(st.sampled_from(skills), unique=True) if skills else st.just([])
    return WardData(
        unit=Unit(draw(CODES), draw(NAMES), draw(st.sampled_from(["Europe/Stockholm", "Europe/Helsinki"]))),
        period=period,
        skills=tuple(Skill(code, draw(NAMES)) for code in skills),
        shift_types=tuple(draw(shift_types(code)) for code in shifts),
        employees=tuple(draw(employees(code, draw(held), period)) for code in people),
        contracts=tuple(row for code in people for row in draw(contracts(code, period))),
        weekly_requirements=tuple(WeeklyRequirement(*key, *draw(people_needed)) for key in draw(weekly)),
        dated_requirements=tuple(DatedRequirement(*key, *draw(people_needed)) for key in draw(dated)),
        absences=tuple(
            Absence(draw(person), first, first + timedelta(3), draw(KINDS), *draw(PARTS))
            for first in draw(st.lists(st.dates(date(2019, 1, 1), date(2041, 1, 1)), max_size=3))
        ),
        wishes=tuple(draw(wishes(person, day, shift)) for _ in range(draw(st.integers(0, 3)))),
        history=tuple(
            PastShift(who, period.start - timedelta(days=ago), draw(shift)) for who, ago in draw(cells)
        ),
        pins=tuple(
            Pin(who, period.date_of(number), draw(st.none() | shift))
            for who, number in draw(cells)
            if number < period.days
        ),
        rules=replace(RuleProfile(), weekly_rest_minutes=draw(st.sampled_from([2160, 2820])), weight_wish=3),
        settings=tuple(
            draw(st.lists(rule_settings(people, shifts, period), max_size=3, unique_by=lambda s: s.rule))
        ),
    )


def rule_settings(people: list[str], shifts: list[str], period: Period) -> st.SearchStrategy[RuleSetting]:
    """Settings of several kinds: for all and for one, with figures, people and dates."""
    person = st.none() | st.sampled_from(people)
    weight = st.none() | st.integers(0, 100_000)
    count = (("maximum", "4"), ("minimum", "1"), ("shift", shifts[0]))
    permit = (("minutes", "540"), ("negotiated", "2026-12-01"), ("reason", "liv och hälsa"))
    return st.one_of(
        st.builds(RuleSetting, st.just("quick_return"), st.sampled_from(Level), weight, person),
        st.builds(
            RuleSetting, st.just("shift_count"), st.just(Level.SOFT), weight, person,
            parameters=st.just(count),
        ),
        st.builds(
            RuleSetting, st.just("nights_per_week"), st.just(Level.HARD), weight, person,
            valid_from=st.none() | st.just(period.start), valid_to=st.none() | st.just(period.end),
        ),
        st.just(RuleSetting(
            "short_rest_permission", Level.HARD, None, None, None, permit, period.start, period.end
        )),
    )  # fmt: skip


@st.composite
def wishes(
    draw: st.DrawFn,
    person: st.SearchStrategy[str],
    day: st.SearchStrategy[date],
    shift: st.SearchStrategy[str],
) -> Wish:
    kind = draw(st.sampled_from(WishKind))
    wanted = None if kind is WishKind.OFF else draw(st.none() | shift)
    return Wish(draw(person), draw(day), kind, wanted, draw(st.integers(1, 1000)))


def sheet_parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if "worksheets" in name}


@settings(max_examples=20, deadline=None)
@given(wards(), st.sampled_from(["sv", "en"]))
def test_a_ward_is_read_back_as_it_was_written(ward: WardData, language: str) -> None:
    assert validate(ward) == []
    data = write_ward(ward, "en" if language == "en" else "sv")
    again = read_ward(data)
    assert again == ward
    assert write_ward(again, "en" if language == "en" else "sv") == data


def test_the_sheets_stand_in_the_order_people_fill_them_in() -> None:
    names = CalamineWorkbook.from_filelike(io.BytesIO(write_template(date(2027, 1, 1)))).sheet_names
    assert names == [
        "Instruktioner", "Period", "Kompetenser", "Passtyper", "Medarbetare",
        "Kompetens per medarbetare", "Anställningar", "Bemanningskrav", "Undantag",
        "Frånvaro", "Önskemål", "Historik", "Låsta pass", "Regler", "Regelprofil",
    ]  # fmt: skip


def test_every_value_of_the_domain_has_a_name() -> None:
    assert {choice.value for choice in SHIFT_KINDS} == set(ShiftKind)
    assert {choice.value for choice in ROSTER_TYPES} == set(RosterType)
    assert {choice.value for choice in ABSENCE_KINDS} == set(AbsenceKind)
    assert {choice.value for choice in WISH_KINDS} == set(WishKind)
    assert {choice.value for choice in RULES} == {field.name for field in fields(RuleProfile)}
    assert list(RULE_LABELS) == list(BY_KEY)
    assert {choice.value for choice in LEVELS} == set(Level)


def test_names_can_stand_in_a_drop_down_and_in_a_spreadsheet() -> None:
    """A list of choices is separated by commas; a sheet's name has at most 31 characters."""
    for spec in SHEETS:
        assert len(spec.name.sv) <= 31
        assert len(spec.name.en) <= 31
        for column in spec.columns:
            assert spec.name.en
            assert column.name.en
            assert bool(column.help.sv) == bool(column.help.en)
            if column.key != "rule":  # the template has a row for each rule already
                assert not any("," in name for name in column.choice_names("sv") + column.choice_names("en"))


def test_the_template_depends_on_its_date_alone() -> None:
    today = date(2027, 1, 1)
    assert write_template(today) == write_template(today)
    assert sheet_parts(write_template(today)) == sheet_parts(write_template(date(2027, 1, 2)))
    assert sheet_parts(write_template(today)) != sheet_parts(write_template(today, "en"))
