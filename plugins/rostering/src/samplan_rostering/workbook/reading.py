"""Read the ward workbook into the values of the domain, or say all that is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from pathlib import Path

from samplan.plugin_api import FaultLog, Row, read_tables
from samplan_rostering.domain.hired import Hired
from samplan_rostering.domain.validation import ordinary_minutes, validate
from samplan_rostering.domain.ward import (
    DEFAULT_DAY_BREAK,
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
from samplan_rostering.workbook.faults import note_faults, sound_rows, unknown_unit
from samplan_rostering.workbook.rule_sheets import read_setting
from samplan_rostering.workbook.sheets import SHEETS


def read_ward(source: bytes | Path, units: Collection[str] | None = None) -> WardData:
    """Return the ward of a workbook, checked by `samplan_rostering.domain.validation`.

    `units` holds the codes of the units that there are; None where any will do. Raises ImportFaults
    with every fault by sheet, row and column; then nothing may be used.
    """
    log = FaultLog()
    tables = read_tables(source, SHEETS, log)
    frames = sound_rows(tables["period"])
    if not frames:
        log.raise_if_any()
    ward = _ward(frames[0], {key: sound_rows(table) for key, table in tables.items()})
    note_faults(validate(ward), tables, log)
    if units is not None and ward.unit.code not in units:
        log.add(unknown_unit(tables["period"], frames[0], units))
    log.raise_if_any()
    return ward


def _ward(frame: Row, rows: Mapping[str, tuple[Row, ...]]) -> WardData:
    """Return the ward that the sound rows tell of; whole when no row has a fault."""
    zone = frame.get("timezone", str)
    unit = Unit(frame.need("code", str), _text(frame, "name"))
    return WardData(
        unit=replace(unit, timezone=zone) if zone else unit,
        period=Period(frame.need("first", date), frame.need("last", date), _text(frame, "period_name")),
        skills=tuple(Skill(row.need("code", str), _text(row, "name")) for row in rows["skills"]),
        shift_types=tuple(_shift_type(row) for row in rows["shift_types"]),
        employees=_employees(rows["employees"], rows["held_skills"]),
        contracts=tuple(_contract(row) for row in rows["contracts"]),
        weekly_requirements=tuple(_weekly(row) for row in rows["weekly_requirements"]),
        dated_requirements=tuple(_dated(row) for row in rows["dated_requirements"]),
        absences=tuple(_absence(row) for row in rows["absences"]),
        wishes=tuple(_wish(row) for row in rows["wishes"]),
        history=tuple(PastShift(*_cell(row), row.need("shift", str)) for row in rows["history"]),
        pins=tuple(Pin(*_cell(row), row.get("shift", str)) for row in rows["pins"]),
        rules=replace(RuleProfile(), **{r.need("rule", str): r.need("value", int) for r in rows["rules"]}),
        settings=tuple(read_setting(row) for row in rows["rule_profile"]),
    )


def _text(row: Row, key: str) -> str:
    return row.get(key, str) or ""


def _cell(row: Row) -> tuple[str, date]:
    return row.need("employee", str), row.need("date", date)


def _shift_type(row: Row) -> ShiftType:
    shift = ShiftType(
        code=row.need("code", str),
        name=_text(row, "name"),
        kind=ShiftKind(row.need("kind", str)),
        start=row.need("start", time),
        end=row.need("end", time),
        break_minutes=row.get("break_minutes", int) or 0,
        paid_minutes=row.get("paid_minutes", int) or 0,
        colour=row.get("colour", str),
        on_call_minutes=row.get("on_call_minutes", int) or 0,
        standby_minutes=row.get("standby_minutes", int) or 0,
    )
    if "paid_minutes" in row.values:
        return shift
    return replace(shift, paid_minutes=max(ordinary_minutes(shift) - shift.break_minutes, 0))


def _employees(rows: tuple[Row, ...], held: tuple[Row, ...]) -> tuple[Employee, ...]:
    skills: dict[str, list[HeldSkill]] = {}
    for row in held:
        skill = HeldSkill(row.need("skill", str), row.get("valid_from", date), row.get("valid_to", date))
        skills.setdefault(row.need("employee", str), []).append(skill)
    return tuple(
        Employee(
            code=row.need("code", str),
            name=_text(row, "name"),
            profession=_text(row, "profession"),
            day_break=row.get("day_break", time) or DEFAULT_DAY_BREAK,
            skills=tuple(skills.get(row.need("code", str), ())),
            hired=_hired(row),
        )
        for row in rows
    )


def _hired(row: Row) -> Hired | None:
    """Return what a row says of hiring; None for own staff."""
    hired = Hired(
        supplier=_text(row, "supplier"),
        valid_from=row.get("hired_from", date),
        valid_to=row.get("hired_to", date),
        most_minutes=row.get("most_minutes", int),
    )
    return None if hired == Hired("") else hired


def _contract(row: Row) -> Contract:
    roster_type = RosterType(row.need("roster_type", str))
    return Contract(
        employee=row.need("employee", str),
        valid_from=row.need("valid_from", date),
        valid_to=row.get("valid_to", date),
        percentage=row.need("percentage", Decimal),
        roster_type=roster_type,
        fulltime_week_minutes=row.get("fulltime_week_minutes", int) or FULLTIME_WEEK_MINUTES[roster_type],
    )


def _weekly(row: Row) -> WeeklyRequirement:
    return WeeklyRequirement(
        weekday=int(row.need("weekday", str)),
        shift=row.need("shift", str),
        skill=row.get("skill", str),
        minimum=row.need("minimum", int),
        target=row.need("target", int),
        maximum=row.get("maximum", int),
    )


def _dated(row: Row) -> DatedRequirement:
    return DatedRequirement(
        date=row.need("date", date),
        shift=row.need("shift", str),
        skill=row.get("skill", str),
        minimum=row.need("minimum", int),
        target=row.need("target", int),
        maximum=row.get("maximum", int),
    )


def _absence(row: Row) -> Absence:
    kind = AbsenceKind(row.need("kind", str))
    return Absence(
        row.need("employee", str),
        row.need("first", date),
        row.need("last", date),
        kind,
        row.get("start", time),
        row.get("end", time),
    )


def _wish(row: Row) -> Wish:
    points = row.get("points", int)
    return Wish(
        *_cell(row),
        kind=WishKind(row.need("kind", str)),
        shift=row.get("shift", str),
        points=1 if points is None else points,
    )
