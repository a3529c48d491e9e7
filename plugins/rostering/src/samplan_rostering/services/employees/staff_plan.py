"""What a file of employees says against what is stored: who is new, who changes, and who is not in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import (
    ColumnMapping,
    Fault,
    FaultLog,
    ImportFaults,
    Language,
    Row,
    SourceTable,
    Table,
    TenantSession,
    _l,
    read_mapped,
    sound_rows,
)
from samplan_rostering.domain.contract_history import IncompleteError, Stated, overlap, told_anew
from samplan_rostering.domain.ward import Contract, HeldSkill, RosterType
from samplan_rostering.models import Employee
from samplan_rostering.queries.employees.people import Place, StoredPerson, places, stored_people
from samplan_rostering.queries.employees.staff_fields import fields_of
from samplan_rostering.queries.setup.wards import WardLine, staff_ids
from samplan_rostering.services.periods.effects import Difference, PersonChange, difference

MOST_FAULTS = 1_000_000
SHOWN_FAULTS = 200
_TELLS_CONTRACT = ("percentage", "valid_from", "valid_to", "roster_type", "fulltime_week_minutes")
_MISSING = {
    "percentage": _l("The percentage is missing for somebody without a contract."),
    "roster_type": _l("The roster type is missing for somebody without a contract."),
}


@dataclass(frozen=True, slots=True)
class StaffFile:
    """A file with its mapping; contracts change from the date `on`. Faults speak `language`."""

    source: SourceTable
    mapping: ColumnMapping
    on: date
    language: Language = "sv"


@dataclass(frozen=True, slots=True)
class Target:
    """What somebody is to be after the file; `skills` are all of the ward's."""

    code: str
    name: str
    profession: str
    contracts: tuple[Contract, ...]
    skills: tuple[HeldSkill, ...]


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """What reading a file in does. People with a faulty row are left as they are, with all their rows.

    `missing` are the ward's people that the file does not name; `elsewhere` counts the rows of other units,
    `skipped` the faulty ones, of which `faults` lists the first faults.
    """

    new: tuple[PersonChange, ...]
    changed: tuple[PersonChange, ...]
    unchanged: int
    missing: tuple[tuple[str, str], ...]
    elsewhere: int
    skipped: int
    faults: ImportFaults | None
    targets: tuple[Target, ...]

    @property
    def mark(self) -> str:
        """A mark of exactly this, for who agrees to it."""
        faults = () if self.faults is None else tuple(map(str, self.faults.faults))
        said = (self.targets, self.new, self.changed, self.skipped, faults)
        return hashlib.sha256(repr(said).encode()).hexdigest()

    @property
    def does_something(self) -> bool:
        """Tell whether anybody is added or changed."""
        return bool(self.new or self.changed)


def plan_staff(session: TenantSession, ward: WardLine, file: StaffFile) -> StaffPlan:
    """Return what a file does to a ward's people; nothing is stored.

    Raises `ImportFaults` where the mapping leaves out what every row needs.
    """
    log = FaultLog(MOST_FAULTS)
    table = read_mapped(fields_of(session, ward), file.source, file.mapping, log, file.language)
    found = log.found()
    if found is not None and any(fault.row is None for fault in found.faults):
        raise ImportFaults([fault for fault in found.faults if fault.row is None])
    return _Planner(session, ward, table, log, file).plan()


class _Planner:
    """Carries what the steps of planning share."""

    def __init__(
        self, session: TenantSession, ward: WardLine, table: Table, log: FaultLog, file: StaffFile
    ) -> None:
        self._session, self._ward, self._table, self._log, self._on = session, ward, table, log, file.on
        usual = file.mapping.constants.get("roster_type")
        self._usual = RosterType(usual) if usual else None
        self._ours = file.mapping.constants.get("unit", ward.code) == ward.code
        self._elsewhere = frozenset(row.number for row in table.rows if not self._is_here(row))

    def plan(self) -> StaffPlan:
        """Return the plan."""
        rows = self._by_code()
        stored = stored_people(self._session, list(rows))
        targets = [self._target(code, theirs, stored.get(code)) for code, theirs in rows.items()]
        right = [target for target in targets if target is not None]
        elsewhere = places(self._session, [target.code for target in right], None)
        new, changed = [], []
        for target in right:
            change = self._change(target, stored.get(target.code), elsewhere.get(target.code, ()))
            if target.code not in stored:
                new.append(change)
            elif change:
                changed.append(change)
        faults = self._faults()
        moved = {change.code for change in (*new, *changed)}
        return StaffPlan(
            new=tuple(new),
            changed=tuple(changed),
            unchanged=len(right) - len(moved),
            missing=self._missing(),
            elsewhere=len(self._elsewhere),
            skipped=len({fault.row for fault in faults}),
            faults=ImportFaults(faults[:SHOWN_FAULTS], len(faults)) if faults else None,
            targets=tuple(target for target in right if target.code in moved),
        )

    def _is_here(self, row: Row) -> bool:
        if "unit" in row.faulty:
            return True  # nobody knows whose it is: that is told
        return row.get("unit", str) == self._ward.code if "unit" in self._table.columns else self._ours

    def _by_code(self) -> dict[str, list[Row]]:
        """Return the rows of the ward by person; none of who has a faulty row."""
        sound = {row.number for row in sound_rows(self._table, self._log)}
        here = [row for row in self._table.rows if row.number not in self._elsewhere]
        faulty = {row.get("code", str) for row in here if row.number not in sound}
        found: dict[str, list[Row]] = {}
        for row in here:
            code = row.get("code", str)
            if code is not None and code not in faulty:
                found.setdefault(code, []).append(row)
        return found

    def _target(self, code: str, rows: Sequence[Row], stored: StoredPerson | None) -> Target | None:
        """Return what a person is to be; None with a fault where the rows do not agree."""
        said = [_said(row) for row in rows]
        for row, person in zip(rows, said, strict=True):
            if person != said[0]:
                message = _l("The row says another name or profession than row %(row)s.", row=rows[0].number)
                self._log.add(self._table.fault("contradiction", row, "code", message))
                return None
        contracts = self._contracts(code, rows, stored)
        if contracts is None:
            return None
        name, profession = said[0]
        return Target(
            code=code,
            name=name or (stored.name if stored else ""),
            profession=profession or (stored.profession if stored else ""),
            contracts=contracts,
            skills=self._skills(rows, stored),
        )

    def _contracts(
        self, code: str, rows: Sequence[Row], stored: StoredPerson | None
    ) -> tuple[Contract, ...] | None:
        stated = list(dict.fromkeys(self._stated(row) for row in rows))
        if overlap(stated, self._on):
            message = _l("The dates overlap another row of the same person.")
            self._log.add(self._table.fault("overlap", rows[-1], "code", message))
            return None
        former = () if stored is None else stored.contracts
        if not former and not any(stated):
            stated = [Stated(first=self._on)]
        try:
            return told_anew(former, stated, employee=code, on=self._on, usual=self._usual)
        except IncompleteError as error:
            expected = _l("a value in the file")
            fault = self._table.fault("missing_value", rows[0], "code", _MISSING[error.missing], expected)
            self._log.add(fault)
            return None

    def _stated(self, row: Row) -> Stated:
        if not any(key in self._table.columns for key in _TELLS_CONTRACT):
            return Stated()
        kind = row.get("roster_type", str)
        return Stated(
            first=row.get("valid_from", date),
            last=row.get("valid_to", date),
            percentage=row.get("percentage", Decimal),
            roster_type=RosterType(kind) if kind else None,
            fulltime_week_minutes=row.get("fulltime_week_minutes", int),
            open_end="valid_to" in self._table.columns,
        )

    def _skills(self, rows: Sequence[Row], stored: StoredPerson | None) -> tuple[HeldSkill, ...]:
        """Return the person's skills in the ward: what the file does not name stays."""
        held = () if stored is None else _of_ward(stored, self._ward.id)
        dated = "skill_from" in self._table.columns or "skill_to" in self._table.columns
        for row in rows:
            for skill in row.each("skills"):
                new = HeldSkill(skill, row.get("skill_from", date), row.get("skill_to", date))
                met = [each for each in held if each.skill == skill and _meet(each, new)]
                if not dated and any((each.valid_to or date.max) >= self._on for each in met):
                    continue
                if not dated and met:
                    new = replace(new, valid_from=self._on)
                    met = []
                held = (*(each for each in held if each not in met), new)
        return held

    def _change(
        self, target: Target, stored: StoredPerson | None, elsewhere: tuple[Place, ...]
    ) -> PersonChange:
        fields: dict[str, Difference[str]] = {}
        for name in ("name", "profession"):
            before, after = (getattr(stored, name) if stored else ""), getattr(target, name)
            if before != after:
                fields[name] = Difference((before,) if before else (), (after,))
        return PersonChange(
            code=target.code,
            name=target.name,
            places=elsewhere,
            fields=fields,
            contracts=difference(stored.contracts if stored else (), target.contracts),
            absences=Difference((), ()),
            skills=difference(_of_ward(stored, self._ward.id) if stored else (), target.skills),
        )

    def _missing(self) -> tuple[tuple[str, str], ...]:
        named = {row.get("code", str) for row in self._table.rows}
        rows = self._session.execute(
            select(Employee.code, Employee.name)
            .where(Employee.id.in_(staff_ids(self._ward.id)))
            .order_by(Employee.name, Employee.code)
        )
        return tuple((code, name) for code, name in rows if code not in named)

    def _faults(self) -> list[Fault]:
        found = self._log.found()
        faults = () if found is None else found.faults
        return [fault for fault in faults if fault.row not in self._elsewhere]


def _said(row: Row) -> tuple[str, str]:
    parts = (row.get("first_name", str), row.get("last_name", str))
    name = row.get("name", str) or " ".join(part for part in parts if part)
    return name, row.get("profession", str) or ""


def _of_ward(stored: StoredPerson, ward_id: UUID) -> tuple[HeldSkill, ...]:
    return tuple(held for ward, held in stored.skills if ward == ward_id)


def _meet(one: HeldSkill, other: HeldSkill) -> bool:
    return (one.valid_from or date.min) <= (other.valid_to or date.max) and (
        other.valid_from or date.min
    ) <= (one.valid_to or date.max)
