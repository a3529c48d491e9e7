"""Read changes from JSON, and apply them to a ward one after the other; every fault is told at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from types import MappingProxyType
from typing import Any

from samplan_rostering.domain.faults import Expected, Fault
from samplan_rostering.domain.scenario.absence import AbsenceChange, Summer
from samplan_rostering.domain.scenario.base import Change, Trouble, readers, unknown_names
from samplan_rostering.domain.scenario.readers import UnreadableError, shown
from samplan_rostering.domain.scenario.rules import Crisis, LimitChange, RuleChange
from samplan_rostering.domain.scenario.shifts import ReplaceShifts, ShiftChange
from samplan_rostering.domain.scenario.staff import (
    AddSkill,
    AddStaff,
    ContractChange,
    Vacancy,
    WorkingTime,
)
from samplan_rostering.domain.scenario.staffing import Staffing, TaskShift
from samplan_rostering.domain.validation import validate
from samplan_rostering.domain.ward import WardData

KINDS: Mapping[str, type[Change]] = MappingProxyType(
    {
        kind.kind: kind
        for kind in (
            Staffing,
            ShiftChange,
            ReplaceShifts,
            ContractChange,
            WorkingTime,
            AddStaff,
            Vacancy,
            RuleChange,
            LimitChange,
            AbsenceChange,
            Summer,
            Crisis,
            TaskShift,
            AddSkill,
        )
    }
)
"""Every kind of change by its name in JSON."""
MOST_CHANGES = 100


class ChangesError(ValueError):
    """Changes that cannot be read or applied; `faults` says what is wrong with which, counted from 0."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep all faults."""
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


def read_changes(content: Any) -> tuple[Change, ...]:
    """Return the changes that a JSON list holds; raises `ChangesError` with every fault."""
    if not isinstance(content, list):
        raise ChangesError([Fault("change", None, "changes", shown(content), Expected.LIST)])
    if len(content) > MOST_CHANGES:
        limits = {"low": "0", "high": str(MOST_CHANGES)}
        raise ChangesError([Fault("change", None, "changes", str(len(content)), Expected.BETWEEN, limits)])
    faults: list[Fault] = []
    changes: list[Change] = []
    for number, item in enumerate(content):
        try:
            changes.append(read_change(item, number))
        except ChangesError as error:
            faults += error.faults
    if faults:
        raise ChangesError(faults)
    return tuple(changes)


def read_change(content: Any, number: int = 0) -> Change:
    """Return one change; raises `ChangesError` with every fault of it."""
    if not isinstance(content, Mapping):
        raise ChangesError([Fault("change", number, "change", shown(content), Expected.OBJECT)])
    kind = KINDS.get(content["kind"]) if isinstance(content.get("kind"), str) else None
    if kind is None:
        known = {"choices": ", ".join(KINDS)}
        raise ChangesError(
            [Fault("change", number, "kind", shown(content.get("kind")), Expected.KNOWN_KIND, known)]
        )
    own = readers(kind)
    faults = [
        Fault("change", number, str(name), shown(value), Expected.KNOWN_FIELD, {"names": ", ".join(own)})
        for name, value in content.items()
        if name not in own and name != "kind"
    ]
    values: dict[str, Any] = {}
    for item in fields(kind):
        value = content.get(item.name)
        if value is None:
            if item.default is MISSING:
                faults.append(Fault("change", number, item.name, "", Expected.GIVEN))
            continue
        try:
            values[item.name] = own[item.name].read(value)
        except UnreadableError as error:
            faults.append(Fault("change", number, item.name, error.value, error.expected, error.data))
    if faults:
        raise ChangesError(faults)
    return kind(**values)


def write_change(change: Change) -> dict[str, Any]:
    """Return a change as JSON that `read_change` reads; what is as usual is left out."""
    own = readers(type(change))
    given = {
        item.name: own[item.name].write(value)
        for item in fields(change)
        if (value := getattr(change, item.name)) is not None and value != item.default
    }
    return {"kind": change.kind, **given}


def apply_changes(ward: WardData, changes: Sequence[Change]) -> WardData:
    """Return a valid ward as it is with the changes, each made to what those before it have left.

    Raises:
        ChangesError: a change does not fit; every fault of the first that does not.
    """
    for number, change in enumerate(changes):
        faults = [_placed(trouble, number) for trouble in _troubles(change, ward)]
        if not faults:
            ward = change.apply(ward)
            faults = [_of_result(fault, number) for fault in validate(ward)]
        if faults:
            raise ChangesError(faults)
    return ward


def _troubles(change: Change, ward: WardData) -> Iterator[Trouble]:
    unknown = list(unknown_names(change, ward))
    yield from unknown or change.troubles(ward)


def _placed(trouble: Trouble, number: int) -> Fault:
    return Fault("change", number, trouble.field, trouble.value, trouble.expected, trouble.data)


def _of_result(fault: Fault, number: int) -> Fault:
    """Return a fault of the changed ward as one of the change that led to it."""
    row = "" if fault.index is None else f" {fault.index + 1}"
    return Fault(
        "change", number, f"{fault.entity}{row}.{fault.field}", fault.value, fault.expected, fault.data
    )
