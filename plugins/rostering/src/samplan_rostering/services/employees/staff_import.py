"""Read a file of employees in: what the plan says, all of it in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import Invalid, SavedMapping, TenantSession, _, record
from samplan_rostering.domain.ward import DEFAULT_DAY_BREAK, HeldSkill
from samplan_rostering.domain.ward import Contract as ContractValue
from samplan_rostering.models import Contract, Employee, EmployeeSkill, PeriodEmployee, Skill, Ward
from samplan_rostering.queries.setup.wards import WardLine
from samplan_rostering.services.employees.edit import PERSONAL
from samplan_rostering.services.employees.staff_plan import StaffPlan, Target
from samplan_rostering.services.setup.changes import Reach, change_if


def lock_staff(session: TenantSession, ward: WardLine) -> None:
    """Let nobody else read employees in for a ward before this transaction has ended."""
    session.get(Ward, (session.tenant_id, ward.id), with_for_update=True)


def import_staff(
    session: TenantSession,
    ward: WardLine,
    plan: StaffPlan,
    agree: Callable[[Reach], bool],
    save: Callable[[], SavedMapping | None] = lambda: None,
) -> tuple[Reach, bool]:
    """Do what a plan says if `agree` says yes to what that does to rosters.

    Returns that, and whether it was done. `save` keeps the mapping with it.
    """
    codes = [target.code for target in plan.targets]
    periods = session.scalars(
        select(PeriodEmployee.period_id)
        .join(Employee, Employee.id == PeriodEmployee.employee_id)
        .where(Employee.code.in_(codes))
        .order_by(PeriodEmployee.period_id)
        .distinct()
    ).all()
    return change_if(session, periods, lambda: _store(session, ward, plan, save()), agree)


def _store(session: TenantSession, ward: WardLine, plan: StaffPlan, saved: SavedMapping | None) -> None:
    codes = [target.code for target in plan.targets]
    query = select(Employee).where(Employee.code.in_(codes)).order_by(Employee.id).with_for_update()
    known = {row.code: row for row in session.scalars(query)}
    for row in known.values():
        if row.supplier is not None:  # a supplier's reference is not an employment id
            raise Invalid(_("%(code)s is somebody else already. Give another id.", code=row.code))
    skills = {row.code: row.id for row in session.scalars(select(Skill).where(Skill.ward_id == ward.id))}
    for target in plan.targets:
        _store_person(session, target, known.get(target.code), skills)
    after: dict[str, object] = {"added": len(plan.new), "changed": len(plan.changed)}
    if saved is not None:
        after |= {"mapping": saved.name, "mapping_version": saved.version}
    record(session, "staff_file.imported", "rostering.ward", ward.id, after=after)
    session.flush()


def _store_person(
    session: TenantSession, target: Target, row: Employee | None, skills: dict[str, UUID]
) -> None:
    own = {"name": target.name, "profession": target.profession}
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    is_new = row is None
    if row is None:
        row = Employee(code=target.code, day_break=DEFAULT_DAY_BREAK, **own)
        session.add(row)
        session.flush()
    for name, value in own.items():
        if getattr(row, name) != value:
            before[name], after[name] = getattr(row, name), value
            setattr(row, name, value)
    for name, (old, new) in {
        "contracts": _set_contracts(session, row.id, target.contracts),
        "skills": _set_skills(session, row.id, target.skills, skills),
    }.items():
        if old != new:
            before[name], after[name] = old or None, new or None
    if is_new:
        record(session, "employee.added", "rostering.employee", row.id, after=own | after, personal=PERSONAL)
    elif after:
        record(
            session,
            "employee.changed",
            "rostering.employee",
            row.id,
            before=before,
            after=after,
            personal=PERSONAL,
        )


def _set_contracts(
    session: TenantSession, employee_id: UUID, wanted: Sequence[ContractValue]
) -> tuple[list[str], list[str]]:
    """Bring somebody's contracts to what is wanted; return how they are told before and after.

    A contract whose last date alone changes stays the same one, with its shares.
    """
    rows = session.scalars(select(Contract).where(Contract.employee_id == employee_id)).all()
    before = sorted(_told(row) for row in rows)
    by_first = {each.valid_from: each for each in wanted}
    kept = set()
    for row in rows:
        new = by_first.get(row.valid_from)
        if new is not None and _work(row) == _work(new):
            row.valid_to = new.valid_to
            kept.add(row.valid_from)
        else:
            session.delete(row)
    session.flush()
    session.add_all(
        Contract(
            employee_id=employee_id,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            percentage=each.percentage,
            roster_type=each.roster_type.value,
            fulltime_week_minutes=each.fulltime_week_minutes,
            position=0,
        )
        for each in wanted
        if each.valid_from not in kept
    )
    session.flush()
    return before, sorted(_told(each) for each in wanted)


def _set_skills(
    session: TenantSession, employee_id: UUID, wanted: Sequence[HeldSkill], skills: dict[str, UUID]
) -> tuple[list[str], list[str]]:
    """Bring somebody's skills in a ward to what is wanted; return how they are told before and after."""
    codes = {key: code for code, key in skills.items()}
    rows = session.scalars(
        select(EmployeeSkill)
        .where(EmployeeSkill.employee_id == employee_id, EmployeeSkill.skill_id.in_(codes))
        .order_by(EmployeeSkill.position)
    ).all()
    held = {HeldSkill(codes[row.skill_id], row.valid_from, row.valid_to): row for row in rows}
    for value, row in held.items():
        if value not in wanted:
            session.delete(row)
    position = max((row.position for row in rows), default=-1) + 1
    new = [value for value in wanted if value not in held]
    session.add_all(
        EmployeeSkill(
            employee_id=employee_id,
            skill_id=skills[value.skill],
            valid_from=value.valid_from,
            valid_to=value.valid_to,
            position=position + number,
        )
        for number, value in enumerate(new)
    )
    session.flush()
    return sorted(map(str, held)), sorted(map(str, wanted))


def _work(contract: Contract | ContractValue) -> tuple[object, ...]:
    return contract.percentage, str(contract.roster_type), contract.fulltime_week_minutes


def _told(contract: Contract | ContractValue) -> str:
    kind = str(contract.roster_type)
    return f"{contract.valid_from} {contract.valid_to} {contract.percentage.normalize():f} {kind}"
