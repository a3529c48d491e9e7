"""Whose rule profile a page shows: a period's, or the standing one of a ward."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for

from samplan.plugin_api import Text, _, _l, current_session, language, ngettext, today
from samplan_rostering.domain.faults import Fault
from samplan_rostering.domain.rule_setting import RuleSetting
from samplan_rostering.domain.ward_rules import BY_KEY
from samplan_rostering.domain.ward_rules.bounds import BOUNDS
from samplan_rostering.explanation.parts import Contradicting, contradicting
from samplan_rostering.explanation.words import Words
from samplan_rostering.queries.periods.lists import PeriodOverview, overview
from samplan_rostering.queries.setup.profile import Profile, period_profile, ward_profile
from samplan_rostering.queries.setup.wards import WardLine, get_ward
from samplan_rostering.rule_words import FIGURES
from samplan_rostering.services.setup.profile import (
    Judgement,
    lock_period,
    save_period_profile,
    save_ward_profile,
)
from samplan_rostering.web.setup.rule_rows import bounds_shown, fault_field, name_of
from samplan_rostering.workbook.faults import EXPECTED

_FIELDS = {
    "rule": _l("Rule"),
    "employee": _l("Employee"),
    "other": _l("The other"),
    "valid_from": _l("Valid from"),
    "valid_to": _l("Valid to"),
}


@dataclass(frozen=True, slots=True)
class FaultLine:
    """What is wrong, and the field that it is about."""

    field: str
    label: str
    text: Text


@dataclass(frozen=True, slots=True)
class Place:
    """A profile with what it is for, and where its pages are."""

    profile: Profile
    period: PeriodOverview | None
    ward: WardLine | None

    @property
    def urls(self) -> dict[str, str]:
        """The addresses of the page and of what changes it."""
        kind = "ward" if self.period is None else "period"
        owner = self.ward if self.period is None else self.period
        endpoints = {
            "rules": f"{kind}_rules",
            "save": f"save_{kind}_rules",
            "line": f"{kind}_rule_line",
            "add": f"add_{kind}_rule_line",
            "remove": f"remove_{kind}_rule_line",
        }
        key: dict[str, Any] = {f"{kind}_id": None if owner is None else owner.id}
        return {name: url_for(f"rostering.{endpoint}", **key) for name, endpoint in endpoints.items()}

    def save(self, version: int | None, lines: Iterable[RuleSetting]) -> None:
        """Save judged lines; raises `Conflict` when somebody else was faster."""
        session = current_session()
        if self.period is not None:
            row = lock_period(session, self.period.id, version)
            save_period_profile(session, row, lines, self.profile)
        elif self.ward is not None:
            save_ward_profile(session, self.ward.id, version, lines, self.profile)


def of_period(period_id: UUID) -> Place:
    """Return the place of a period's profile; raises `NotFound`."""
    session = current_session()
    return Place(period_profile(session, period_id), overview(session, period_id), None)


def of_ward(ward_id: UUID) -> Place:
    """Return the place of a ward's standing profile; raises `NotFound`."""
    session = current_session()
    return Place(ward_profile(session, ward_id, today()), None, get_ward(session, ward_id))


def unreadable(wrong: dict[str, str]) -> list[FaultLine]:
    """Return the lines about fields that cannot be read."""
    return [
        FaultLine(field, _label(field), _("“%(value)s” cannot be read here.", value=value[:40]))
        for field, value in wrong.items()
    ]


def fault_lines(judgement: Judgement, place: Place) -> list[FaultLine]:
    """Return what is wrong with judged lines, each with its field."""
    found = [fault_line(judgement.lines[fault.index or 0], fault) for fault in judgement.faults]
    words = Words.of_ward(place.profile.ward)
    groups = contradicting(judgement.contradictions, words)
    return found + [FaultLine("", "", _kept_by_none(group)) for group in groups]


def fault_line(line: RuleSetting, fault: Fault) -> FaultLine:
    """Return what is wrong with a line of a profile, with its field."""
    field = fault_field(line, fault.field, fault.data.get("names", ""))
    bounds = BOUNDS.get((line.rule, fault.data.get("names", "")))
    limits = () if bounds is None else zip(("low", "high"), bounds_shown(bounds), strict=True)
    return FaultLine(field, _label(field), EXPECTED[fault.expected]({**fault.data, **dict(limits)}))


def _kept_by_none(group: Contradicting) -> str:
    if not group.lines:
        return _("No roster can keep this: %(what)s.", what=group.text)
    count = len(group.lines)
    people = ngettext("%(num)d person", "%(num)d people", count)
    return _("No roster can keep this: %(what)s.", what=f"{group.text} ({people}: {'; '.join(group.lines)})")


def _label(field: str) -> str:
    """Return what a field of the form is called."""
    kind, _dot, rest = field.partition(".")
    key, _dot, name = rest.partition(".")
    if key not in BY_KEY:
        return str(_FIELDS.get(field, ""))
    what = FIGURES.get(name) or {"level": _l("Level"), "weight": _l("Weight")}.get(kind, "")
    return f"{name_of(key, language())}, {what}"


def own_lines(profile: Profile) -> Sequence[tuple[int, RuleSetting, str, str, str]]:
    """Return the lines for single people and of repeated rules: place, line, name, person, the other."""
    names = {person.code: person.name or person.code for person in profile.ward.employees}
    return [
        (
            place,
            line,
            name_of(line.rule, language()),
            names.get(line.employee or "", ""),
            names.get(line.other or "", ""),
        )
        for place, line in enumerate(profile.own)
    ]
