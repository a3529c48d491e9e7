"""Changes of who there is and how much they work: contracts, working-time models, new people, vacancies."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

from samplan_rostering.domain.faults import Expected
from samplan_rostering.domain.scenario.base import Change, Trouble, chosen, one_of
from samplan_rostering.domain.scenario.readers import (
    ROSTER_TYPES,
    Choice,
    Code,
    Codes,
    Number,
    Text,
    Whole,
    Words,
    holds,
    must_hold,
)
from samplan_rostering.domain.ward import (
    FULLTIME_WEEK_MINUTES,
    Contract,
    Employee,
    HeldSkill,
    Period,
    RosterType,
    Skill,
    WardData,
)

WEEK = 7 * 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractChange(Change):
    """Another share of full time, for some or all, within the period: a share, or more or less of it."""

    kind: ClassVar[str] = "contract"
    employees: tuple[str, ...] = holds(Codes("employees"), ())
    professions: tuple[str, ...] = holds(Codes("professions"), ())
    percentage: Decimal | None = holds(Number(1, 100))
    add_percentage: Decimal | None = holds(Number(-99, 99))

    def troubles(self, ward: WardData) -> Iterator[Trouble]:  # noqa: ARG002 - as of every change
        """Refuse a change of nothing."""
        yield from one_of(self, "percentage", "add_percentage")

    def apply(self, ward: WardData) -> WardData:
        """Change the contracts within the period; a share stays from 1 to 100 per cent."""
        people = {person.code for person in chosen(ward, self.employees, self.professions)}

        def change(row: Contract) -> Contract:
            share = row.percentage if self.percentage is None else self.percentage
            share += self.add_percentage or 0
            return replace(row, percentage=min(max(share, Decimal(1)), Decimal(100)))

        return replace(ward, contracts=within(ward, people, change))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTime(Change):
    """Another working-time model within the period: minutes of a full week, another rotation, or both.

    A rotation without minutes has those of the agreement.
    """

    kind: ClassVar[str] = "working_time"
    employees: tuple[str, ...] = holds(Codes("employees"), ())
    professions: tuple[str, ...] = holds(Codes("professions"), ())
    of_types: tuple[str, ...] = holds(Words(ROSTER_TYPES), ())
    fulltime_week_minutes: int | None = holds(Whole(60, WEEK))
    roster_type: str | None = holds(Choice(ROSTER_TYPES))

    def troubles(self, ward: WardData) -> Iterator[Trouble]:  # noqa: ARG002 - as of every change
        """Refuse a change of nothing."""
        yield from one_of(self, "fulltime_week_minutes", "roster_type")

    def apply(self, ward: WardData) -> WardData:
        """Change the contracts within the period that are of one of the roster types chosen."""
        people = {person.code for person in chosen(ward, self.employees, self.professions)}

        def change(row: Contract) -> Contract:
            if self.of_types and row.roster_type.value not in self.of_types:
                return row
            model = row.roster_type if self.roster_type is None else RosterType(self.roster_type)
            usual = row.fulltime_week_minutes if self.roster_type is None else FULLTIME_WEEK_MINUTES[model]
            return replace(row, roster_type=model, fulltime_week_minutes=self.fulltime_week_minutes or usual)

        return replace(ward, contracts=within(ward, people, change))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddStaff(Change):
    """More people of a profession in the period: recruited, or lent by another ward."""

    kind: ClassVar[str] = "add_staff"
    count: int = must_hold(Whole(1, 50))
    profession: str = must_hold(Text(80))
    skills: tuple[str, ...] = holds(Codes("skills"), ())
    percentage: Decimal = holds(Number(1, 100), Decimal(100))
    roster_type: str = holds(Choice(ROSTER_TYPES), RosterType.DAY.value)
    lent_by: str | None = holds(Text(60))

    def apply(self, ward: WardData) -> WardData:
        """Add the people after the others, with codes that no ward and no other period has."""
        held = tuple(HeldSkill(skill) for skill in self.skills)
        model = RosterType(self.roster_type)
        whence = f", {self.lent_by}" if self.lent_by else ""
        people = tuple(
            Employee(code, f"{self.profession} +{number}{whence}", self.profession, skills=held)
            for number, code in self._codes(ward)
        )
        contracts = tuple(
            Contract(
                person.code,
                ward.period.start,
                ward.period.end,
                self.percentage,
                model,
                FULLTIME_WEEK_MINUTES[model],
            )
            for person in people
        )
        return replace(ward, employees=(*ward.employees, *people), contracts=(*ward.contracts, *contracts))

    def _codes(self, ward: WardData) -> list[tuple[int, str]]:
        stem = f"+{ward.unit.code}-{ward.period.start:%y%m%d}-"
        taken = {person.code for person in ward.employees}
        free = [(n, f"{stem}{n}") for n in range(1, len(taken) + self.count + 1) if f"{stem}{n}" not in taken]
        return free[: self.count]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy(Change):
    """People who are not there in the period: named, or the last so many of a profession."""

    kind: ClassVar[str] = "vacancy"
    employees: tuple[str, ...] = holds(Codes("employees"), ())
    profession: str | None = holds(Code("professions"))
    count: int | None = holds(Whole(1, 500))

    def troubles(self, ward: WardData) -> Iterator[Trouble]:
        """Refuse to take away nobody, everybody, or more of a profession than there are."""
        yield from one_of(self, "employees", "profession")
        if self.profession is not None:
            there = len(self._of_kind(ward))
            if self.count is None:
                yield Trouble("count", "", Expected.GIVEN)
            elif there and self.count > there:
                yield Trouble("count", str(self.count), Expected.BETWEEN, {"low": "1", "high": str(there)})
        if len(self._gone(ward)) == len(ward.employees):
            yield Trouble("employees", ", ".join(self.employees), Expected.ANY_ROW)

    def apply(self, ward: WardData) -> WardData:
        """Take the people away with all that the input says of them."""
        return without_people(ward, self._gone(ward))

    def _gone(self, ward: WardData) -> frozenset[str]:
        of_kind = self._of_kind(ward)
        return frozenset(self.employees) | frozenset(of_kind[len(of_kind) - (self.count or 0) :])

    def _of_kind(self, ward: WardData) -> list[str]:
        return [p.code for p in ward.employees if p.profession == self.profession and not p.hired]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSkill(Change):
    """A competence that the ward has not had, and who holds it, so that tasks can move to it."""

    kind: ClassVar[str] = "skill"
    code: str = must_hold(Text(20))
    name: str | None = holds(Text(80))
    employees: tuple[str, ...] = holds(Codes("employees"), ())
    professions: tuple[str, ...] = holds(Codes("professions"), ())

    def troubles(self, ward: WardData) -> Iterator[Trouble]:
        """Refuse a change that nobody is to hold."""
        if self.code not in {skill.code for skill in ward.skills}:
            return
        yield from one_of(self, "employees", "professions")

    def apply(self, ward: WardData) -> WardData:
        """Add the competence unless it is there, and give it to those who are chosen."""
        there = self.code in {skill.code for skill in ward.skills}
        new = () if there else (Skill(self.code, self.name or self.code),)
        some = bool(self.employees or self.professions)
        people = {p.code for p in chosen(ward, self.employees, self.professions)} if some else set()
        return replace(
            ward,
            skills=(*ward.skills, *new),
            employees=tuple(self._holding(p) if p.code in people else p for p in ward.employees),
        )

    def _holding(self, person: Employee) -> Employee:
        if any(held.skill == self.code and held == HeldSkill(self.code) for held in person.skills):
            return person
        kept = tuple(held for held in person.skills if held.skill != self.code)
        return replace(person, skills=(*kept, HeldSkill(self.code)))


def without_people(ward: WardData, gone: Collection[str]) -> WardData:
    """Return a ward without some people and without all that the input says of them."""
    return replace(
        ward,
        employees=tuple(row for row in ward.employees if row.code not in gone),
        contracts=tuple(row for row in ward.contracts if row.employee not in gone),
        absences=tuple(row for row in ward.absences if row.employee not in gone),
        wishes=tuple(row for row in ward.wishes if row.employee not in gone),
        history=tuple(row for row in ward.history if row.employee not in gone),
        pins=tuple(row for row in ward.pins if row.employee not in gone),
        settings=tuple(s for s in ward.settings if s.employee not in gone and s.other not in gone),
    )


def within(
    ward: WardData, people: Collection[str], change: Callable[[Contract], Contract]
) -> tuple[Contract, ...]:
    """Return the contracts, changed for some people within the period and as they were around it."""
    rows: list[Contract] = []
    for row in ward.contracts:
        new = change(row) if row.employee in people else row
        rows += [row] if new == row else _around(row, new, ward.period)
    return tuple(rows)


def _around(old: Contract, new: Contract, period: Period) -> Iterator[Contract]:
    """Yield a contract as it was before the period, as it is in it, and as it was after it."""
    first, last, day = period.start, period.end, timedelta(days=1)
    if old.valid_from > last or (old.valid_to is not None and old.valid_to < first):
        yield old
        return
    if old.valid_from < first:
        yield replace(old, valid_to=first - day)
    ends = last if old.valid_to is None else min(old.valid_to, last)
    yield replace(new, valid_from=max(old.valid_from, first), valid_to=ends)
    if old.valid_to is None or old.valid_to > last:
        yield replace(old, valid_from=last + day)
