"""Asking for time off, and deciding on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from samplan.plugin_api import Conflict, Invalid, NotFound, TenantSession, _, record
from samplan_rostering.domain.absence import Absence as AbsenceValue
from samplan_rostering.domain.absence import AbsenceKind, collide
from samplan_rostering.models import Absence, AbsenceRequest, Employee, PeriodEmployee, RosterPeriod
from samplan_rostering.queries.employees.people import absence_value
from samplan_rostering.services.replanning.part_of_day import check_part_of_day

ASKED_FOR = tuple(kind for kind in AbsenceKind if kind is not AbsenceKind.SICK)
"""Nobody asks to be ill: the ward manager registers that."""
LONGEST = timedelta(days=366)
# Rows that refer to an employee can still be added: whoever adds those holds the period that this changes.
_ALONE = select(Employee.id).with_for_update(key_share=True)
PERSONAL = ("first_date", "last_date", "start_time", "end_time", "kind")


@dataclass(frozen=True, slots=True)
class Asked:
    """Dates to be away, both inclusive, and the kind; with times that part of each date."""

    first: date
    last: date
    kind: AbsenceKind
    start: time | None = None
    end: time | None = None


def ask_for_absence(
    session: TenantSession, employee: Employee, asked: Asked, now: datetime
) -> AbsenceRequest:
    """Ask for time off, and return the request.

    Raises:
        Invalid: the dates make no sense, or meet an absence or request that is there already.
    """
    if asked.last < asked.first:
        message = _("The last date is before the first.")
        raise Invalid(message, {"last": [message]})
    if asked.first < now.date() or asked.last - asked.first > LONGEST:
        message = _("Ask for dates from today on, at most a year at a time.")
        raise Invalid(message, {"first": [message]})
    if asked.kind not in ASKED_FOR:
        message = _("Choose a kind of absence that can be asked for.")
        raise Invalid(message, {"kind": [message]})
    away = AbsenceValue(employee.code, asked.first, asked.last, asked.kind, asked.start, asked.end)
    check_part_of_day(away)
    session.execute(_ALONE.where(Employee.id == employee.id))
    if _meets(session, employee, away):
        message = _("You are away, or have asked to be, on some of these dates already.")
        raise Invalid(message, {"first": [message]})
    row = AbsenceRequest(
        employee_id=employee.id,
        first_date=asked.first,
        last_date=asked.last,
        start_time=asked.start,
        end_time=asked.end,
        kind=asked.kind.value,
        requested_at=now,
    )
    session.add(row)
    session.flush()
    after = {name: getattr(row, name) for name in PERSONAL}
    thing = "rostering.absence_request"
    record(session, "absence_request.made", thing, row.id, after=after, personal=PERSONAL)
    return row


def withdraw_request(session: TenantSession, employee: Employee, request_id: UUID, now: datetime) -> None:
    """Take back a request of one's own that is not decided; raises `NotFound` and `Conflict`."""
    row = _locked(session, request_id)
    if row.employee_id != employee.id:
        raise NotFound(_("There is no such request."))
    _close(session, row, "withdrawn", now)
    record(session, "absence_request.withdrawn", "rostering.absence_request", row.id)


def decide_request(
    session: TenantSession, request_id: UUID, *, approve: bool, account_id: UUID, now: datetime
) -> AbsenceRequest:
    """Approve a request, which registers the absence, or decline it; return the request.

    Raises:
        NotFound: no such request.
        Conflict: it is decided or withdrawn already, is of whoever decides, or meets a registered absence.
    """
    row = _locked(session, request_id)
    session.execute(_ALONE.where(Employee.id == row.employee_id))
    employee = session.get_one(Employee, (session.tenant_id, row.employee_id), populate_existing=True)
    if employee.account_id == account_id:
        raise Conflict(_("Somebody else must decide on your own request."))
    meant = absence_value(row, employee.code)
    if approve and row.state == "requested":
        _refuse_met(session, employee, meant)
    _close(session, row, "approved" if approve else "declined", now)
    if approve:
        last = session.scalar(select(func.max(Absence.position)).where(Absence.employee_id == employee.id))
        session.add(
            Absence(
                employee_id=employee.id,
                first_date=row.first_date,
                last_date=row.last_date,
                start_time=row.start_time,
                end_time=row.end_time,
                kind=row.kind,
                position=0 if last is None else last + 1,
            )
        )
        _note_changed_periods(session, row)
        record(session, "absence_request.approved", "rostering.absence_request", row.id)
    else:
        record(session, "absence_request.declined", "rostering.absence_request", row.id)
    session.flush()
    return row


def _meets(session: TenantSession, employee: Employee, asked: AbsenceValue) -> bool:
    waiting = select(AbsenceRequest).where(
        AbsenceRequest.employee_id == employee.id,
        AbsenceRequest.state == "requested",
        AbsenceRequest.last_date >= asked.first,
    )
    others = session.scalars(waiting)
    return _met(session, employee, asked) is not None or any(
        collide(asked, absence_value(row, employee.code)) for row in others
    )


def _refuse_met(session: TenantSession, employee: Employee, asked: AbsenceValue) -> None:
    met = _met(session, employee, asked)
    if met is not None:
        raise Conflict(
            _(
                "An absence is registered for %(first)s – %(last)s already. Decline this one.",
                first=met.first_date.isoformat(),
                last=met.last_date.isoformat(),
            )
        )


def _met(session: TenantSession, employee: Employee, asked: AbsenceValue) -> Absence | None:
    """Return the first registered absence that shares some of a date."""
    own = select(Absence).where(Absence.employee_id == employee.id, Absence.last_date >= asked.first)
    rows = session.scalars(own.order_by(Absence.first_date, Absence.position))
    return next((row for row in rows if collide(asked, absence_value(row, employee.code))), None)


def _locked(session: TenantSession, request_id: UUID) -> AbsenceRequest:
    row = session.get(
        AbsenceRequest, (session.tenant_id, request_id), with_for_update=True, populate_existing=True
    )
    if row is None:
        raise NotFound(_("There is no such request."))
    return row


def _close(session: TenantSession, row: AbsenceRequest, state: str, now: datetime) -> None:
    if row.state != "requested":
        raise Conflict(_("The request has been decided or withdrawn already."))
    row.state, row.decided_at = state, now
    session.flush()


def _note_changed_periods(session: TenantSession, row: AbsenceRequest) -> None:
    """Count the change of the periods that the absence meets: it is a part of their input."""
    taking_part = select(PeriodEmployee.period_id).where(PeriodEmployee.employee_id == row.employee_id)
    session.execute(
        update(RosterPeriod)
        .where(
            RosterPeriod.id.in_(taking_part),
            RosterPeriod.start_date <= row.last_date,
            RosterPeriod.end_date >= row.first_date,
        )
        .values(version=RosterPeriod.version + 1, updated_at=func.now()),
        execution_options={"synchronize_session": False},
    )
