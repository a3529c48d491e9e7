"""Measures: added, changed, removed, and their planned effects, each with the version that was seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from samplan.plugin_api import (
    Conflict,
    Invalid,
    OrgUnit,
    TenantSession,
    _,
    find_members,
    holds_identity_number,
    record,
)
from samplan_agency.domain.months import plus_months
from samplan_agency.models import CATEGORIES, COST_KINDS, Measure, MeasureEffect, MeasureTarget, Supplier
from samplan_agency.queries.measures.plans import EVERYTHING, Plan, Targets, YearEffect, get_plan
from samplan_agency.queries.rows import get_row
from samplan_agency.services.versions import expect_version

_OBJECT = "agency.measure"
_OWN = (
    "code", "title", "description", "owner", "division_id", "first_month", "ended_month", "baseline_month",
    "decided_by", "decided_on", "diary_number",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A measure as somebody wants it; the fields of `Measure`, and what it acts on."""

    code: str
    title: str
    owner: str
    division_id: UUID
    first_month: date
    description: str = ""
    ended_month: date | None = None
    baseline_month: date | None = None
    decided_by: str | None = None
    decided_on: date | None = None
    diary_number: str | None = None
    targets: Targets = EVERYTHING


def add_measure(session: TenantSession, wanted: Wanted, now: datetime) -> Measure:
    """Add a measure; raises `Invalid` with messages per field."""
    check_measure(session, wanted)
    row = Measure(**{name: getattr(wanted, name) for name in _OWN}, updated_at=now)
    session.add(row)
    session.flush()
    _set_targets(session, row.id, wanted.targets)
    record(session, "measure.added", _OBJECT, row.id, after=_told(row, wanted.targets))
    return row


def change_measure(
    session: TenantSession, measure_id: UUID, version: int, wanted: Wanted, now: datetime
) -> None:
    """Change a measure; raises `Invalid` with messages per field, `Conflict` when it is newer by now."""
    plan = locked(session, measure_id, version)
    check_measure(session, wanted, plan)
    before = _told(plan.row, plan.targets)
    for name in _OWN:
        setattr(plan.row, name, getattr(wanted, name))
    _set_targets(session, measure_id, wanted.targets)
    after = _told(plan.row, wanted.targets)
    changed = [name for name in after if before[name] != after[name]]
    if changed:
        _touch(plan.row, now)
        record(
            session,
            "measure.changed",
            _OBJECT,
            measure_id,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )


def remove_measure(session: TenantSession, measure_id: UUID, version: int) -> None:
    """Remove a measure that is not decided.

    Raises:
        Conflict: it is decided, it is newer by now, or a plan line of the forecast refers to it.
    """
    plan = locked(session, measure_id, version)
    if plan.decided:
        raise Conflict(_("A decided measure is kept. Say when it ended instead."))
    told = _told(plan.row, plan.targets)
    try:
        with session.begin_nested():
            session.delete(plan.row)
    except IntegrityError as error:
        raise Conflict(_("A plan line of the forecast refers to it. Remove that first.")) from error
    record(session, "measure.removed", _OBJECT, measure_id, before=told)


def set_effect(
    session: TenantSession, measure_id: UUID, version: int, effect: YearEffect, now: datetime
) -> None:
    """Set what a measure is planned to save in a year; an amount of zero removes it.

    Raises:
        Invalid: with messages per field.
        Conflict: the measure is newer by now.
    """
    plan = locked(session, measure_id, version)
    check_effect(plan.row.first_month, effect)
    before = next((one for one in plan.effects if one.year == effect.year), None)
    if before == effect or (before is None and not effect.amount):
        return
    session.execute(
        delete(MeasureEffect).where(MeasureEffect.measure_id == measure_id, MeasureEffect.year == effect.year)
    )
    if effect.amount:
        weights = [str(weight) for weight in effect.weights]
        session.add(
            MeasureEffect(measure_id=measure_id, year=effect.year, amount=effect.amount, weights=weights)
        )
    _touch(plan.row, now)
    record(
        session,
        "measure.effect_set",
        _OBJECT,
        measure_id,
        before=_told_effect(before) if before else None,
        after=_told_effect(effect),
    )


def check_effect(first_month: date, effect: YearEffect) -> None:
    """Refuse an effect that cannot be; raises `Invalid`."""
    wrong: dict[str, list[str]] = {}
    if not first_month.year <= effect.year <= 2100:
        wrong["year"] = [_("From the year in which the measure begins, %(year)s.", year=first_month.year)]
    if not 0 <= effect.amount < Decimal(10) ** 12:
        wrong["amount"] = [_("An amount of zero or more. Zero removes the year.")]
    if len(effect.weights) not in {0, 12} or any(not 0 <= weight <= 1000 for weight in effect.weights):
        wrong["weights"] = [_("Twelve numbers from 0 to 1,000, January to December, or nothing.")]
    if wrong:
        raise Invalid(_("The planned effect is not valid."), wrong)


def check_measure(session: TenantSession, wanted: Wanted, plan: Plan | None = None) -> None:
    """Refuse a measure that cannot be, in place of `plan`; raises `Invalid` with messages per field."""
    wrong = _dates(wanted)
    if plan is not None and any(effect.year < wanted.first_month.year for effect in plan.effects):
        wrong["first_month"] = [_("Effects are planned for years before this month. Remove them first.")]
    taken = session.scalar(select(Measure.id).where(Measure.code == wanted.code))
    if taken is not None and (plan is None or taken != plan.row.id):
        wrong["code"] = [_("There is a measure with this number already.")]
    if (wanted.decided_by is None) != (wanted.decided_on is None):
        wrong["decided_on"] = [_("Give both who decided and when, or neither.")]
    for name in ("title", "description", "owner", "decided_by", "diary_number"):
        if holds_identity_number(getattr(wanted, name) or ""):
            wrong[name] = [_("No personal identity numbers here.")]
    if any(
        member.name.casefold() == wanted.owner.casefold() for member in find_members(session, wanted.owner)
    ):
        wrong["owner"] = [_("Give the function that owns the measure, not a person's name.")]
    division = session.get(OrgUnit, (session.tenant_id, wanted.division_id))
    if division is None or division.kind not in {"region", "division"}:
        wrong["division_id"] = [_("Choose a division.")]
    wrong |= _unknown_targets(session, wanted.targets)
    if wrong:
        raise Invalid(_("The measure is not valid."), wrong)


def locked(session: TenantSession, measure_id: UUID, version: int) -> Plan:
    """Return a measure that nobody else changes meanwhile; raises `Conflict` when it is newer by now."""
    row = get_row(session, Measure, measure_id, _("There is no such measure."), lock=True)
    expect_version(row.version, version)
    return get_plan(session, measure_id)


def _dates(wanted: Wanted) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if wanted.ended_month is not None and wanted.ended_month < wanted.first_month:
        wrong["ended_month"] = [_("Not before the month in which it begins.")]
    if wanted.baseline_month is not None and wanted.baseline_month > plus_months(wanted.first_month, -12):
        wrong["baseline_month"] = [_("At least twelve months before the measure begins.")]
    return wrong


def _unknown_targets(session: TenantSession, targets: Targets) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    for name, kind, chosen in (
        ("units", OrgUnit, targets.units),
        ("suppliers", Supplier, targets.suppliers),
    ):
        known = set(session.scalars(select(kind.id).where(kind.id.in_(chosen))))
        if chosen - known:
            wrong[name] = [_("Choose from the list.")]
    for name, words, chosen_words in (
        ("categories", CATEGORIES, targets.categories),
        ("kinds", COST_KINDS, targets.kinds),
    ):
        if chosen_words - set(words):
            wrong[name] = [_("Choose from the list.")]
    return wrong


def _set_targets(session: TenantSession, measure_id: UUID, targets: Targets) -> None:
    session.execute(delete(MeasureTarget).where(MeasureTarget.measure_id == measure_id))
    columns: Iterable[tuple[str, Iterable[Any]]] = (
        ("unit_id", targets.units),
        ("category", targets.categories),
        ("supplier_id", targets.suppliers),
        ("kind", targets.kinds),
    )
    session.add_all(
        MeasureTarget(measure_id=measure_id, **{name: value})
        for name, values in columns
        for value in sorted(values)
    )
    session.flush()


def _touch(row: Measure, now: datetime) -> None:
    row.version += 1
    row.updated_at = now


def _told(row: Measure, targets: Targets) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _OWN} | {
        "units": sorted(targets.units),
        "categories": sorted(targets.categories),
        "suppliers": sorted(targets.suppliers),
        "kinds": sorted(targets.kinds),
    }


def _told_effect(effect: YearEffect) -> dict[str, Any]:
    return {"year": effect.year, "amount": effect.amount, "weights": list(effect.weights)}
