"""Registering exceptions from the rules on rest and long shifts, and ending them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, update

from samplan.plugin_api import Conflict, Invalid, TenantSession, _, record
from samplan_rostering.domain.rule_setting import RuleSetting as RuleSettingValue
from samplan_rostering.domain.ward_rules.bounds import BOUNDS
from samplan_rostering.domain.ward_rules.profile import read_value
from samplan_rostering.labels import clock_minutes
from samplan_rostering.models import RosterPeriod, RulePermission
from samplan_rostering.queries.setup.exceptions import content, unregistered
from samplan_rostering.services.periods.keys import Keys


@dataclass(frozen=True, slots=True)
class ExceptionFields:
    """What is said when an exception is registered."""

    rule: str
    minutes: int
    employee_id: UUID | None
    reason: str
    negotiated: date
    valid_from: date
    valid_to: date


def register_exception(session: TenantSession, ward_id: UUID, fields: ExceptionFields) -> RulePermission:
    """Register an exception for a ward; the rosters of its dates may use it from now on.

    Raises:
        Invalid: dates that end before they begin, a negotiation after the begin, or minutes that no
            agreement allows.
    """
    bounds = BOUNDS[fields.rule, "minutes"]
    faults: dict[str, list[str]] = {}
    if not bounds.low <= fields.minutes <= bounds.high:
        faults["minutes"] = [
            _(
                "From %(low)s to %(high)s hours.",
                low=clock_minutes(bounds.low),
                high=clock_minutes(bounds.high),
            )
        ]
    if fields.valid_to < fields.valid_from:
        faults["valid_to"] = [_("Not before %(date)s.", date=fields.valid_from.isoformat())]
    if fields.negotiated > fields.valid_from:
        faults["negotiated"] = [_("An exception is negotiated before it begins.")]
    if faults:
        raise Invalid(_("The exception cannot be registered like this."), faults)
    row = RulePermission(ward_id=ward_id, **{name: getattr(fields, name) for name in fields.__slots__})
    session.add(row)
    session.flush()
    record(session, "exception.registered", "rostering.exception", row.id, after=_said(row))
    note_change(session, ward_id, row.valid_from, row.valid_to)
    return row


def end_exception(session: TenantSession, row: RulePermission, last: date, seen: date | None) -> None:
    """Let a locked exception end earlier than it was registered for; before its begin it never holds.

    Raises:
        Conflict: it ends on another date by now than was seen.
        Invalid: the date is not before the last one.
    """
    if row.valid_to != seen:
        raise Conflict(_("Somebody else has changed this in the meantime. What is shown now is the newest."))
    if last >= row.valid_to:
        message = _("A date before %(date)s.", date=row.valid_to.isoformat())
        raise Invalid(message, {"last": [message]})
    before = _said(row)
    first, end = row.valid_from, row.valid_to
    if last < row.valid_from:
        record(session, "exception.withdrawn", "rostering.exception", row.id, before=before)
        session.delete(row)
    else:
        row.valid_to = last
        record(session, "exception.ended", "rostering.exception", row.id, before=before, after=_said(row))
    session.flush()
    note_change(session, row.ward_id, first, end)


def register_stated(
    session: TenantSession, ward_id: UUID, settings: Iterable[RuleSettingValue], keys: Keys
) -> None:
    """Register the exceptions that a read-in profile states and the ward does not have yet."""
    for setting in unregistered(session, ward_id, settings):
        figures = dict(setting.parameters)
        negotiated = read_value(date, figures.get("negotiated", ""))
        if setting.valid_from is None or setting.valid_to is None:
            continue  # refused when it was read
        row = RulePermission(
            ward_id=ward_id,
            rule=setting.rule,
            minutes=int(str(content(setting)[2])),
            employee_id=None if setting.employee is None else keys.employees[setting.employee],
            reason=figures.get("reason", ""),
            negotiated=negotiated,
            valid_from=setting.valid_from,
            valid_to=setting.valid_to,
        )
        session.add(row)
        session.flush()
        record(session, "exception.registered", "rostering.exception", row.id, after=_said(row))


def note_change(session: TenantSession, ward_id: UUID, first: date, last: date) -> None:
    """Count the change of the ward's periods that meet these dates: it is a change of their input."""
    session.execute(
        update(RosterPeriod)
        .where(
            RosterPeriod.ward_id == ward_id, RosterPeriod.start_date <= last, RosterPeriod.end_date >= first
        )
        .values(version=RosterPeriod.version + 1, updated_at=func.now()),
        execution_options={"synchronize_session": "fetch"},
    )


def _said(row: RulePermission) -> dict[str, object]:
    """Return what the audit trail says; whom it is for is not told."""
    return {
        "rule": row.rule,
        "minutes": row.minutes,
        "reason": row.reason,
        "negotiated": row.negotiated,
        "start": row.valid_from,
        "end": row.valid_to,
    }
