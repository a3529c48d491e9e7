"""Changing rule profiles: a period's, and the standing one of a ward."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from sqlalchemy import delete, func, select

from samplan.plugin_api import Conflict, NotFound, TenantSession, _, record
from samplan_rostering.domain.faults import Fault
from samplan_rostering.domain.rule_setting import RuleSetting as RuleSettingValue
from samplan_rostering.domain.validate_settings import check_settings
from samplan_rostering.domain.validation import validate
from samplan_rostering.domain.ward import WardData
from samplan_rostering.domain.ward_rules import RULES, WardRule
from samplan_rostering.domain.ward_rules.profile import parameters_of, rule_of, usual_rule, write_value
from samplan_rostering.models import (
    Employee,
    PeriodEmployee,
    RosterPeriod,
    RuleSetting,
    Ward,
    WardProfile,
)
from samplan_rostering.queries.setup.exceptions import is_exception
from samplan_rostering.queries.setup.profile import Profile, stored_lines
from samplan_rostering.solver.contradictions import Contradiction, contradictions
from samplan_rostering.solver.from_ward import problem_from_ward

_PLACES: Mapping[str, int] = {rule.key: place for place, rule in enumerate(RULES)}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with a profile: its faults by line, and what no roster could keep."""

    lines: tuple[RuleSettingValue, ...]
    faults: tuple[Fault, ...]
    contradictions: tuple[Contradiction, ...]

    def __bool__(self) -> bool:
        """Tell whether anything is."""
        return bool(self.faults or self.contradictions)


def judge(profile: Profile, lines: Iterable[RuleSettingValue]) -> Judgement:
    """Return what would be wrong with a profile of these lines.

    Contradictions are those that it adds to what the input holds already; they are found without a search.
    """
    ordered = tuple(sorted(lines, key=lambda line: _PLACES.get(line.rule, len(_PLACES))))
    exceptions = tuple(line for line in profile.ward.settings if is_exception(line))
    wanted = replace(profile.ward, settings=ordered + exceptions)
    faults = tuple(fault for fault in check_settings(wanted) if (fault.index or 0) < len(ordered))
    if faults:
        return Judgement(ordered, faults, ())
    there = {str(item) for item in hard_contradictions(profile.ward)}
    new = tuple(item for item in hard_contradictions(wanted) if str(item) not in there)
    return Judgement(ordered, (), new)


def hard_contradictions(ward: WardData) -> list[Contradiction]:
    """Return what leaves somebody no row at all; nothing for an input that is not whole yet."""
    if validate(ward):
        return []
    return [item for item in contradictions(problem_from_ward(ward)) if item.hard]


def line_of(kind: type[WardRule], said: RuleSettingValue, sheet_of: WardData) -> RuleSettingValue | None:
    """Return a line with only what is not as usual; None when nothing is.

    Raises:
        ValueError: a figure cannot be read; the message names it.
    """
    rule, usual = rule_of(said, sheet_of.rules), usual_rule(kind, sheet_of.rules)
    figures = {
        name: write_value(getattr(rule, name))
        for name in parameters_of(kind)
        if not _alike(getattr(rule, name), getattr(usual, name))
    }
    weight = None if rule.weight == usual.weight else rule.weight
    if rule.level == usual.level and weight is None and not figures:
        return None
    return replace(said, weight=weight, parameters=tuple(sorted(figures.items())))


def _alike(one: object, other: object) -> bool:
    """Tell whether two values of a figure are the same, several in whatever order."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return set(one) == set(other)
    return one == other


def lock_period(session: TenantSession, period_id: UUID, version: int | None) -> RosterPeriod:
    """Return a period that nobody else can change now.

    Raises:
        NotFound: no such period.
        Conflict: it is not of the version that the change is based on.
    """
    period = session.scalar(
        select(RosterPeriod).where(RosterPeriod.id == period_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if period is None:
        raise NotFound(_("There is no such roster period."))
    if period.version != version:
        raise Conflict(_("Somebody else has changed this in the meantime. What is shown now is the newest."))
    return period


def save_period_profile(
    session: TenantSession, period: RosterPeriod, lines: Iterable[RuleSettingValue], before: Profile
) -> None:
    """Replace the lines of a locked period's profile; they have been judged, without exceptions."""
    kept = tuple(lines)
    people = dict(
        session.execute(
            select(Employee.code, Employee.id)
            .join(PeriodEmployee, PeriodEmployee.employee_id == Employee.id)
            .where(PeriodEmployee.period_id == period.id)
        ).all()
    )
    session.execute(delete(RuleSetting).where(RuleSetting.period_id == period.id))
    session.add_all(
        RuleSetting(
            period_id=period.id,
            rule=line.rule,
            level=line.level.value,
            weight=line.weight,
            employee_id=None if line.employee is None else people[line.employee],
            other_employee_id=None if line.other is None else people[line.other],
            parameters=dict(line.parameters),
            valid_from=line.valid_from,
            valid_to=line.valid_to,
            position=position,
        )
        for position, line in enumerate(kept)
    )
    period.version, period.updated_at = period.version + 1, func.now()
    _record(session, "rostering.period", period.id, before.lines, kept)


def save_ward_profile(
    session: TenantSession,
    ward_id: UUID,
    version: int | None,
    lines: Iterable[RuleSettingValue],
    before: Profile,
) -> None:
    """Replace the lines of a ward's standing profile.

    Raises:
        Conflict: it is not of the version that the change is based on.
    """
    session.scalars(select(Ward).where(Ward.id == ward_id).with_for_update()).one()
    stored = session.scalar(
        select(WardProfile).where(WardProfile.ward_id == ward_id),
        execution_options={"populate_existing": True},
    )
    if version != (0 if stored is None else stored.version):
        raise Conflict(_("Somebody else has changed this in the meantime. What is shown now is the newest."))
    kept = tuple(lines)
    if stored is None:
        stored = WardProfile(ward_id=ward_id, rules=asdict(before.ward.rules), settings=stored_lines(kept))
        session.add(stored)
    else:
        stored.settings, stored.updated_at = stored_lines(kept), func.now()
        stored.version += 1
    _record(session, "rostering.ward", ward_id, before.lines, kept)
    session.flush()


def usual_lines(profile: Profile) -> tuple[RuleSettingValue, ...]:
    """Return the lines of a standing profile that a new period begins with."""
    return tuple(line for line in profile.lines if line.employee is None)


def _record(
    session: TenantSession,
    kind: str,
    key: UUID,
    before: Iterable[RuleSettingValue],
    after: Iterable[RuleSettingValue],
) -> None:
    record(
        session,
        "profile.changed",
        kind,
        key,
        before={"settings": [text_of(line) for line in before]},
        after={"settings": [text_of(line) for line in after]},
    )


def text_of(line: RuleSettingValue) -> str:
    """Return a line for the audit trail; whom it is for is not told."""
    figures = ", ".join(f"{name}={value}" for name, value in line.parameters)
    parts = [line.rule, line.level.value, "" if line.weight is None else str(line.weight), figures]
    if line.employee is not None:
        parts.append("(1)")
    return " ".join(part for part in parts if part)


def same_profile(one: Iterable[RuleSettingValue], other: Iterable[RuleSettingValue]) -> bool:
    """Tell whether two profiles say the same, in whatever order."""

    def said(lines: Iterable[RuleSettingValue]) -> list[str]:
        return sorted(repr(line) for line in lines if not is_exception(line))

    return said(one) == said(other)
