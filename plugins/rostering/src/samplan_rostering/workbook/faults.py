"""Put the faults that the domain finds in a ward at their places in the workbook."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType

from samplan.plugin_api import Fault, FaultLog, Row, Table, Text, _l, did_you_mean
from samplan_rostering.domain.faults import Expected
from samplan_rostering.domain.faults import Fault as WardFault
from samplan_rostering.domain.ward_rules.bounds import Why
from samplan_rostering.rule_words import WHY
from samplan_rostering.workbook.rule_sheets import LEVELS

_SHEETS: Mapping[str, str] = MappingProxyType(
    {
        "unit": "period",
        "period": "period",
        "skill": "skills",
        "shift_type": "shift_types",
        "employee": "employees",
        "contract": "contracts",
        "weekly_requirement": "weekly_requirements",
        "dated_requirement": "dated_requirements",
        "absence": "absences",
        "wish": "wishes",
        "history": "history",
        "pin": "pins",
        "rules": "rules",
        "setting": "rule_profile",
    }
)
_COLUMNS: Mapping[tuple[str, str], str] = MappingProxyType(
    {("period", "days"): "last", ("employee", "skills"): "code"}
)
_INDEPENDENT = frozenset(
    {
        Expected.COLOUR,
        Expected.TIMEZONE,
        Expected.NO_OVERLAP,
        Expected.IN_PERIOD,
        Expected.BEFORE_PERIOD,
        Expected.BETWEEN,
        Expected.NO_SHIFT,
        Expected.KNOWN_RULE,
        Expected.LEVEL,
        Expected.FIGURES,
        Expected.SOUND,
        Expected.KEPT,
    }
)
"""Faults that stand whatever is wrong elsewhere; the rest may only follow from rows left out."""

EXPECTED: Mapping[Expected, Callable[[Mapping[str, str]], Text]] = MappingProxyType(
    {
        Expected.ANY_ROW: lambda _: _l("at least one row"),
        Expected.CODE: lambda _: _l("a code that is not empty"),
        Expected.COLOUR: lambda _: _l("a colour written #rrggbb"),
        Expected.OWN_STAFF: lambda _: _l("somebody employed here, not hired"),
        Expected.CONTRACT: lambda _: _l("a contract in force on some date of the period"),
        Expected.KNOWN_EMPLOYEE: lambda _: _l("an employee listed among the employees"),
        Expected.KNOWN_SHIFT: lambda _: _l("a shift type listed among the shift types"),
        Expected.KNOWN_SKILL: lambda _: _l("a skill listed among the skills"),
        Expected.TIMEZONE: lambda _: _l("a known time zone, such as Europe/Stockholm"),
        Expected.UNIQUE: lambda _: _l("a value that occurs once"),
        Expected.NO_OVERLAP: lambda _: _l("dates that do not overlap another contract of the same employee"),
        Expected.NOT_BEFORE: lambda data: _l("a date not before %(earliest)s", **data),
        Expected.IN_PERIOD: lambda data: _l("a date from %(start)s to %(end)s", **data),
        Expected.BEFORE_PERIOD: lambda data: _l("a date before %(start)s", **data),
        Expected.BETWEEN: lambda data: _l("a number from %(low)s to %(high)s", **data),
        Expected.ORDERED: lambda _: _l("numbers in order: minimum, target, maximum"),
        Expected.NO_SHIFT: lambda _: _l("no shift: a wish for time off covers the whole date"),
        Expected.KNOWN_RULE: lambda _: _l("a rule of the rule profile"),
        Expected.LEVEL: lambda data: _l("one of %(levels)s", levels=_levels(data["levels"])),
        Expected.FIGURES: lambda data: _l(
            "figures of the rule, written name=value with semicolons between: %(names)s", **data
        ),
        Expected.SOUND: lambda data: _l("values that fit together, none of them missing: %(names)s", **data),
        Expected.CHOICE: lambda data: _l("one of: %(choices)s", **data),
        Expected.DATE: lambda _: _l("a date written 2027-01-31"),
        Expected.TIME: lambda _: _l("a time of day written 07:30"),
        Expected.PART_OF_DAY: lambda _: _l("a start and a later end, or neither: then it is the whole day"),
        Expected.TEXT: lambda data: _l("a text of at most %(longest)s characters", **data),
        Expected.LIST: lambda _: _l("a list of values"),
        Expected.PAIRS: lambda _: _l("values by name"),
        Expected.OBJECT: lambda _: _l("an object with a kind and its values"),
        Expected.KNOWN_KIND: lambda data: _l("a kind of change: %(choices)s", **data),
        Expected.KNOWN_FIELD: lambda data: _l("one of the values of this kind of change: %(names)s", **data),
        Expected.KNOWN_PROFESSION: lambda _: _l("a profession of one of the employees"),
        Expected.GIVEN: lambda _: _l("a value: it must be given"),
        Expected.ONE_GIVEN: lambda data: _l("at least one of these values: %(names)s", **data),
        Expected.MATCHES: lambda _: _l("a choice that fits at least one requirement"),
        Expected.OTHER: lambda data: _l("something else than %(other)s", **data),
        Expected.KEPT: lambda data: _l("a rule that is always kept: %(why)s", why=_why(data["why"])),
    }
)
_MESSAGES: Mapping[Expected, Text] = MappingProxyType(
    {
        Expected.CONTRACT: _l("The employee has no contract in the period."),
        Expected.NO_OVERLAP: _l("The contract overlaps another one of the same employee."),
        Expected.OWN_STAFF: _l("Who is hired has neither contract nor wishes here."),
        Expected.IN_PERIOD: _l("The date is outside the period."),
        Expected.BEFORE_PERIOD: _l("The date is not before the period."),
        Expected.TIMEZONE: _l("There is no such time zone."),
        Expected.ANY_ROW: _l("The sheet has no rows."),
    }
)
_LENGTHS: Mapping[tuple[str, str], Callable[[Mapping[str, str]], tuple[Text, Text]]] = MappingProxyType(
    {
        ("shift_type", "end"): lambda data: (
            _l("The shift is longer than the rules allow."),
            _l("at most %(high)s minutes from start to end", **data),
        ),
        ("period", "days"): lambda data: (
            _l("The period is too long."),
            _l("at most %(high)s days", **data),
        ),
    }
)


def _why(value: str) -> Text:
    """Return why a rule is always kept."""
    return WHY[Why(value)] if value in set(Why) else value


def _levels(values: str) -> str:
    """Return levels by their names in the workbook."""
    names = {choice.value: choice.name.sv for choice in LEVELS}
    return ", ".join(names.get(value, value) for value in values.split(", "))


def sound_rows(table: Table) -> tuple[Row, ...]:
    """Return the rows whose cells are all sound and that have every value they must have."""
    required = {column.key for column in table.spec.columns if column.required}
    return tuple(row for row in table.rows if not row.faulty and required <= row.values.keys())


def note_faults(faults: Iterable[WardFault], tables: Mapping[str, Table], log: FaultLog) -> None:
    """Add the domain's faults to `log` at the cells they concern.

    When rows were left out for faults of their own, only those are added that cannot follow
    from what was left out.
    """
    whole = log.total == 0
    contracts = tables["contracts"]
    contracts_whole = contracts.readable and len(sound_rows(contracts)) == len(contracts.rows)
    for fault in faults:
        if (
            whole
            or fault.expected in _INDEPENDENT
            or (fault.expected is Expected.CONTRACT and contracts_whole)
        ):
            log.add(_placed(fault, tables[_SHEETS[fault.entity]]))


def unknown_unit(table: Table, row: Row, units: Collection[str]) -> Fault:
    """Return the fault of a unit that is not one of `units`, with the one that may have been meant."""
    near = did_you_mean(row.need("code", str), units)
    expected = _l("the code of a unit in the organisation")
    if near:
        expected = _l("did you mean “%(near)s”?", near=near)
    message = _l("There is no unit with this code in the organisation.")
    return table.fault("unknown_unit", row, "code", message, expected)


def _placed(fault: WardFault, table: Table) -> Fault:
    code = fault.expected.name.lower()
    message, expected = _texts(fault)
    row = _row(fault, table)
    if row is None:
        return Fault(code, message, table.name, expected=expected)
    return table.fault(code, row, _column(fault), message, expected)


def _texts(fault: WardFault) -> tuple[Text, Text]:
    if fault.expected is Expected.BETWEEN and (fault.entity, fault.field) in _LENGTHS:
        return _LENGTHS[fault.entity, fault.field](fault.data)
    message = _MESSAGES.get(fault.expected, _l("The value does not fit the ward."))
    return message, EXPECTED[fault.expected](fault.data)


def _row(fault: WardFault, table: Table) -> Row | None:
    """Return the row of a fault; None where it concerns the sheet as a whole."""
    rows = sound_rows(table)
    if fault.entity in {"unit", "period"}:
        return rows[0]
    if fault.entity == "rules":
        return next((row for row in rows if row.values["rule"] == fault.field), None)
    return None if fault.index is None else rows[fault.index]


def _column(fault: WardFault) -> str:
    if fault.entity == "rules":
        return "value"
    return _COLUMNS.get((fault.entity, fault.field), fault.field)
