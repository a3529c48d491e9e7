"""Erasing a person: the rosters stay, and whose shifts they were is no longer known.

Whoever takes part in a period is made anonymous: the name and the account go, a random pseudonym takes the
place of the employment id, also where runs have told of it, and wishes, absences and rules for the person
are deleted. Contracts and skills stay with the pseudonym, because rosters are judged by them. Whom no period
and no roster names is deleted altogether.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Update, and_, delete, func, or_, select, update

from samplan.plugin_api import ErasureReport, JobRun, RetentionPolicy, TenantSession, _l, record
from samplan_rostering import models
from samplan_rostering.queries.extract.person import find_employee
from samplan_rostering.services.erasure.own import count_own_requests, delete_own_requests
from samplan_rostering.services.erasure.runs import refuse_during_runs
from samplan_rostering.services.erasure.scenarios import naming_rows, rename
from samplan_rostering.services.erasure.words import WORDS, erase_words

PSEUDONYM = re.compile(r"anonym-[0-9a-f]{12}")

_REMOVED = "–"  # a change after publication has a reason
_JOBS = "rostering."  # the runs of this module
_TELLING = ("params", "result", "error_details")
_NAMED_BY = (
    models.PeriodEmployee,
    models.Assignment,
    models.HistoryShift,
    models.Lock,
    models.WorkedShift,
    models.PublicationShift,
)

_LABELS = {
    "rostering.employee": _l(
        "Employee: name and account are removed, a pseudonym replaces the employment id"
    ),
    "rostering.employee_deleted": _l("Employee in no period and no roster: deleted"),
    "rostering.absence": _l("Absences: deleted"),
    "rostering.wish": _l("Wishes: deleted"),
    "rostering.wish_answer": _l("Answers about wishes: deleted"),
    "rostering.absence_request": _l("Requests for absence: deleted"),
    "rostering.swap": _l("Swaps with colleagues: deleted"),
    "rostering.rule_setting": _l("Rules for the person: deleted"),
    "rostering.roster_edit": _l("Reasons for changes of the person's shifts: removed"),
    "rostering.scenario": _l(
        "Scenarios and their rosters: absences and rules are removed, the pseudonym replaces the id"
    ),
    "rostering.rule_permission": _l("Exceptions for the person: deleted"),
    "rostering.contract": _l("Contracts: deleted"),
    "rostering.employee_skill": _l("Skills: deleted"),
    **WORDS,
    "core.job_run": _l("Runs that tell of the employment id: it is replaced by the pseudonym"),
}


def erase_person(session: TenantSession, policy: RetentionPolicy) -> ErasureReport:
    """Erase, or in a dry run count, what is kept about the policy's subject.

    Who was made anonymous before is not found by the employment id, and not touched again.

    Raises:
        Conflict: an optimisation that the person takes part in is under way.
    """
    employee = find_employee(session, policy.subject)
    whose = policy.subject.account_id or (employee.account_id if employee else None)
    if employee is not None:
        refuse_during_runs(session, employee.id, _JOBS, hold=not policy.dry_run)
    said = erase_words(session, whose, employee, dry_run=policy.dry_run)
    if employee is None or PSEUDONYM.fullmatch(employee.code):
        return ErasureReport(said, _LABELS) if said else ErasureReport({})
    if _is_named(session, employee.id):
        rows = _make_anonymous(session, employee, dry_run=policy.dry_run)
    else:
        rows = _delete(session, employee, dry_run=policy.dry_run)
    return ErasureReport(rows | said, _LABELS)


def _is_named(session: TenantSession, employee_id: UUID) -> bool:
    return any(_count(session, model, employee_id) for model in _NAMED_BY)


def _make_anonymous(session: TenantSession, employee: models.Employee, *, dry_run: bool) -> dict[str, int]:
    runs, scenarios = _telling_runs(session, employee.code), naming_rows(session, employee.code)
    rows = {
        "rostering.employee": 1,
        "rostering.absence": _count(session, models.Absence, employee.id),
        "rostering.wish": _count(session, models.Wish, employee.id),
        **count_own_requests(session, employee.id),
        "rostering.rule_setting": _settings(session, employee.id),
        "rostering.roster_edit": _told(session, employee.id),
        "rostering.scenario": len(scenarios),
        "rostering.rule_permission": _count(session, models.RulePermission, employee.id),
        "core.job_run": len(runs),
    }
    if dry_run:
        return rows
    pseudonym = f"anonym-{secrets.token_hex(6)}"
    for run in runs:
        for part in _TELLING:
            setattr(run, part, replaced(getattr(run, part), employee.code, pseudonym))
    for row in scenarios:
        rename(row, employee.code, pseudonym)
    _note_changed_periods(session, employee.id)
    session.execute(delete(models.Wish).where(models.Wish.employee_id == employee.id))
    delete_own_requests(session, employee.id)
    session.execute(delete(models.RuleSetting).where(_of_person(employee.id)))
    session.execute(delete(models.RulePermission).where(models.RulePermission.employee_id == employee.id))
    session.execute(delete(models.Absence).where(models.Absence.employee_id == employee.id))
    session.execute(_telling_edits(employee.id))
    _forget_absence_kinds(session, employee.id)
    employee.code, employee.name, employee.account_id = pseudonym, "", None
    record(session, "employee.made_anonymous", "rostering.employee", employee.id)
    session.flush()
    return rows


def _forget_absence_kinds(session: TenantSession, employee_id: UUID) -> None:
    """Keep that somebody did not work, and not what kind of absence it was."""
    row = models.WorkedShift
    absent = (row.employee_id == employee_id) & row.absence_kind.is_not(None)
    session.execute(
        update(row).where(absent).values(absence_kind="other"),
        execution_options={"synchronize_session": False},
    )


def _delete(session: TenantSession, employee: models.Employee, *, dry_run: bool) -> dict[str, int]:
    rows = {
        "rostering.employee_deleted": 1,
        "rostering.absence": _count(session, models.Absence, employee.id),
        "rostering.wish": _count(session, models.Wish, employee.id),
        **count_own_requests(session, employee.id),
        "rostering.rule_setting": _settings(session, employee.id),
        "rostering.rule_permission": _count(session, models.RulePermission, employee.id),
        "rostering.contract": _count(session, models.Contract, employee.id),
        "rostering.employee_skill": _count(session, models.EmployeeSkill, employee.id),
    }
    if dry_run:
        return rows
    session.execute(delete(models.Wish).where(models.Wish.employee_id == employee.id))
    session.execute(delete(models.RuleSetting).where(_of_person(employee.id)))
    session.execute(delete(models.RulePermission).where(models.RulePermission.employee_id == employee.id))
    record(session, "employee.deleted", "rostering.employee", employee.id)
    session.execute(delete(models.Employee).where(models.Employee.id == employee.id))  # its parts go with it
    return rows


def _note_changed_periods(session: TenantSession, employee_id: UUID) -> None:
    """Count the change of the periods that lose wishes or absences: it is a change of their input."""
    taking_part = select(models.PeriodEmployee.period_id).where(
        models.PeriodEmployee.employee_id == employee_id
    )
    session.execute(
        update(models.RosterPeriod)
        .where(models.RosterPeriod.id.in_(taking_part))
        .values(version=models.RosterPeriod.version + 1, updated_at=func.now()),
        execution_options={"synchronize_session": False},
    )


def _telling_runs(session: TenantSession, code: str) -> list[JobRun]:
    """Return the module's runs whose questions, answers or reasons name the employment id."""
    runs = session.scalars(select(JobRun).where(JobRun.job_type.startswith(_JOBS)))
    return [run for run in runs if any(_tells(getattr(run, part), code) for part in _TELLING)]


def _tells(value: Any, code: str) -> bool:
    return bool(value) and replaced(value, code, "") != value


def replaced(value: Any, code: str, pseudonym: str) -> Any:
    """Return JSON with the id replaced where it is a text, or one of a text's parts between commas."""
    if isinstance(value, Mapping):
        return {name: replaced(item, code, pseudonym) for name, item in value.items()}
    if isinstance(value, list):
        return [replaced(item, code, pseudonym) for item in value]
    if isinstance(value, str):
        return ", ".join(pseudonym if part == code else part for part in value.split(", "))
    return value


def _given_reasons(employee_id: UUID) -> ColumnElement[bool]:
    """Choose the changes of the person's shifts that say why; the text may be about the person."""
    own = models.RosterEdit.changes.contains([{"employee": str(employee_id)}])
    return and_(own, models.RosterEdit.reason.not_in(("", _REMOVED)))


def _told(session: TenantSession, employee_id: UUID) -> int:
    query = select(func.count()).select_from(models.RosterEdit).where(_given_reasons(employee_id))
    return session.scalar(query) or 0


def _telling_edits(employee_id: UUID) -> Update:
    return (
        update(models.RosterEdit)
        .where(_given_reasons(employee_id))
        .values(reason=_REMOVED)
        .execution_options(synchronize_session=False)
    )


def _of_person(employee_id: UUID) -> ColumnElement[bool]:
    """Choose the rules for a person, and those about two of whom the person is one."""
    row = models.RuleSetting
    return or_(row.employee_id == employee_id, row.other_employee_id == employee_id)


def _settings(session: TenantSession, employee_id: UUID) -> int:
    query = select(func.count()).select_from(models.RuleSetting).where(_of_person(employee_id))
    return session.scalar(query) or 0


def _count(session: TenantSession, model: Any, employee_id: UUID) -> int:
    return (
        session.scalar(select(func.count()).select_from(model).where(model.employee_id == employee_id)) or 0
    )
