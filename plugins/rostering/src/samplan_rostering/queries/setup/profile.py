"""Rule profiles: a period's, and the standing one of a ward that new periods begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import NotFound, OrgUnit, TenantSession, _
from samplan_rostering.domain import ward as values
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.ward_rules import BY_KEY
from samplan_rostering.models import RosterPeriod, ShiftType, Skill, Ward, WardProfile
from samplan_rostering.queries.periods.ward_data import shift_value, ward_data
from samplan_rostering.queries.setup.exceptions import is_exception


@dataclass(frozen=True, slots=True)
class Profile:
    """A rule profile and what it is for: `ward` is the input that is judged by it."""

    version: int
    lines: tuple[RuleSetting, ...]
    ward: values.WardData

    @property
    def standard(self) -> dict[str, RuleSetting]:
        """The lines of rules that there are once, for everybody, by rule."""
        return {line.rule: line for line in self.lines if not is_own(line)}

    @property
    def own(self) -> tuple[RuleSetting, ...]:
        """The other lines: for single people, and rules that may be there several times."""
        return tuple(line for line in self.lines if is_own(line))


def is_own(line: RuleSetting) -> bool:
    """Tell whether a line is for somebody, or one of several of its rule."""
    return line.employee is not None or BY_KEY[line.rule].repeated


def period_profile(session: TenantSession, period_id: UUID) -> Profile:
    """Return a period's profile, with its whole input; raises `NotFound`."""
    ward = ward_data(session, period_id)
    period = session.get_one(RosterPeriod, (session.tenant_id, period_id))
    lines = tuple(line for line in ward.settings if not is_exception(line))
    return Profile(period.version, lines, ward)


def ward_profile(session: TenantSession, ward_id: UUID, today: date) -> Profile:
    """Return a ward's standing profile; usual rules where nothing else was said. Raises `NotFound`.

    The input beside it is that of the ward's newest period, else the ward's skills and shift types alone.
    """
    ward = session.get(Ward, (session.tenant_id, ward_id))
    if ward is None:
        raise NotFound(_("There is no such ward."))
    stored = session.scalar(select(WardProfile).where(WardProfile.ward_id == ward_id))
    newest = session.scalar(
        select(RosterPeriod.id)
        .where(RosterPeriod.ward_id == ward_id)
        .order_by(RosterPeriod.start_date.desc(), RosterPeriod.id)
        .limit(1)
    )
    data = _alone(session, ward, today) if newest is None else ward_data(session, newest)
    rules = values.RuleProfile() if stored is None else values.RuleProfile(**stored.rules)
    lines = () if stored is None else lines_of(stored.settings)
    kept = tuple(line for line in data.settings if is_exception(line))
    data = replace(data, rules=rules, settings=lines + kept)
    return Profile(0 if stored is None else stored.version, lines, data)


def _alone(session: TenantSession, ward: Ward, today: date) -> values.WardData:
    unit = session.get_one(OrgUnit, (session.tenant_id, ward.unit_id))
    skills = select(Skill).where(Skill.ward_id == ward.id, ~Skill.retired).order_by(Skill.position, Skill.id)
    shifts = (
        select(ShiftType)
        .where(ShiftType.ward_id == ward.id, ~ShiftType.retired)
        .order_by(ShiftType.position, ShiftType.id)
    )
    return values.WardData(
        unit=values.Unit(unit.code, unit.name, ward.timezone),
        period=values.Period(today, today),
        skills=tuple(values.Skill(row.code, row.name) for row in session.scalars(skills)),
        shift_types=tuple(shift_value(row) for row in session.scalars(shifts)),
        employees=(),
        contracts=(),
        weekly_requirements=(),
    )


def lines_of(stored: Mapping[str, Any]) -> tuple[RuleSetting, ...]:
    """Return the lines of a stored standing profile."""
    return tuple(
        RuleSetting(
            rule=line["rule"],
            level=Level(line["level"]),
            weight=line["weight"],
            parameters=tuple(sorted(line["parameters"].items())),
            valid_from=_date(line["valid_from"]),
            valid_to=_date(line["valid_to"]),
        )
        for line in stored.get("lines", ())
    )


def stored_lines(lines: tuple[RuleSetting, ...]) -> dict[str, Any]:
    """Return lines for everybody as they are stored."""
    return {"lines": [_stored(line) for line in lines if line.employee is None]}


def _stored(line: RuleSetting) -> dict[str, Any]:
    return {
        "rule": line.rule,
        "level": line.level.value,
        "weight": line.weight,
        "parameters": dict(line.parameters),
        "valid_from": line.valid_from and line.valid_from.isoformat(),
        "valid_to": line.valid_to and line.valid_to.isoformat(),
    }


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
