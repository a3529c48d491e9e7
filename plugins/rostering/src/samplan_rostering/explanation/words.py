"""What explanations say, sentence by sentence, with names, dates and measured values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from samplan.plugin_api import Text, _, _l
from samplan_rostering import labels
from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.domain.evaluation import Charge, Gap, Violation
from samplan_rostering.domain.explain.candidates import Kind
from samplan_rostering.domain.explain.effect import CellChange, Effect
from samplan_rostering.domain.explain.why_not import GapReasons
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.ward import WardData
from samplan_rostering.rule_words import source_name

KINDS: Mapping[Kind, Text] = MappingProxyType(
    {
        Kind.DIRECT: _l("Takes the shift"),
        Kind.EXTRA: _l("Part-timer takes an extra shift, beyond the contract: needs consent"),
        Kind.MOVE: _l("Moves from another shift"),
        Kind.SWAP: _l("Swap between two"),
        Kind.CHAIN: _l("Two moves in a chain"),
        Kind.CALL_OFF: _l("Nobody here can: ask the internal unit or call off"),
    }
)
"""What each kind of suggestion is called."""


@dataclass(frozen=True, slots=True)
class Words:
    """Names and dates of a ward or a benchmark instance."""

    names: Mapping[str, str]
    dates: Sequence[str]
    shifts: Mapping[str, str]
    skills: Mapping[str, str]

    @classmethod
    def of_ward(cls, ward: WardData) -> Words:
        """Return the words of a ward."""
        return cls(
            {person.code: person.name or person.code for person in ward.employees},
            [ward.period.date_of(day).isoformat() for day in range(ward.period.days)],
            {kind.code: kind.name or kind.code for kind in ward.shift_types},
            {skill.code: skill.name or skill.code for skill in ward.skills},
        )

    @classmethod
    def of_instance(cls, instance: CurtoisInstance) -> Words:
        """Return the words of a benchmark instance: its own ids, and numbers for days."""
        return cls(
            {member.id: member.id for member in instance.staff},
            [_("day %(day)s", day=day) for day in range(instance.days)],
            {shift.id: shift.id for shift in instance.shifts},
            {},
        )

    def name(self, employee: str | None) -> str:
        """Return an employee's name, or what stands for nobody in particular."""
        return self.names.get(employee, employee) if employee else _("the ward")

    def shift(self, code: str) -> str:
        """Return a shift's name; an empty code is a free day."""
        return self.shifts.get(code, code) if code else _("free")

    def need(self, shift: str, skill: str | None) -> str:
        """Return what a requirement asks for, such as "Night, Registered nurse"."""
        name = self.shift(shift)
        return f"{name}, {self.skills.get(skill, skill)}" if skill else name

    def days(self, days: Iterable[int]) -> str:
        """Return days as dates, those in a row as from and to."""
        runs: list[list[int]] = []
        for day in sorted(set(days)):
            if runs and day == runs[-1][-1] + 1:
                runs[-1].append(day)
            else:
                runs.append([day])
        whole = len(runs) == 1 and len(runs[0]) == len(self.dates) > 1
        return _("the whole period") if whole else ", ".join(self._run(run) for run in runs)

    def _run(self, days: list[int]) -> str:
        first, last = (
            self.dates[day] if 0 <= day < len(self.dates) else str(day) for day in (days[0], days[-1])
        )
        return first if first == last else f"{first}–{last}"

    def rule(self, violation: Violation) -> str:
        """Return a broken rule with day, measured value, limit and source, without the person."""
        parts = [rule_name(violation.rule)]
        if violation.day is not None:
            parts.append(self.days([violation.day]))
        if violation.measured is not None and violation.limit is not None:
            measured = labels.quantity(violation.rule, violation.measured)
            limit = labels.quantity(violation.rule, violation.limit)
            parts.append(_("%(measured)s against the limit %(limit)s", measured=measured, limit=limit))
        if source := source_name(violation.source):
            parts.append(source)
        return ", ".join(parts)

    def gap(self, gap: Gap) -> str:
        """Return how many are missing where."""
        need, on = self.need(gap.shift, gap.skill), self.days([gap.day])
        return _("%(need)s %(date)s: %(missing)s missing", need=need, date=on, missing=gap.missing)

    def change(self, change: CellChange) -> str:
        """Return who works what instead of what."""
        return _(
            "%(name)s %(date)s: %(before)s → %(after)s",
            name=self.name(change.employee),
            date=self.days([change.day]),
            before=self.shift(change.before),
            after=self.shift(change.after),
        )

    def effect(self, effect: Effect) -> Iterator[str]:
        """Yield what changes do, a sentence each."""
        for violation in effect.broken:
            rule = f"{self.name(violation.employee)}: {self.rule(violation)}"
            yield _("Breaks: %(rule)s", rule=rule)
        for violation in effect.mended:
            rule = f"{self.name(violation.employee)}: {self.rule(violation)}"
            yield _("Mends: %(rule)s", rule=rule)
        for gap in effect.opened:
            yield _("Opens: %(gap)s", gap=self.gap(gap))
        for gap in effect.closed:
            yield _("Closes: %(gap)s", gap=self.gap(gap))
        for employee, minutes in effect.minutes.items():
            hours = labels.clock_minutes(minutes, sign=True)
            yield _("Hours: %(name)s %(hours)s", name=self.name(employee), hours=hours)
        for term, points in effect.costs.items():
            yield _("Cost: %(term)s %(points)s", term=term_name(term), points=signed(points))
        yield _("Cost in all: %(points)s", points=signed(effect.points))

    def reasons(self, reasons: GapReasons) -> Iterator[str]:
        """Yield why nobody closes a gap, rule by rule with those whom it keeps away."""
        for rule, codes in reasons.by_rule().items():
            names = ", ".join(self.name(code) for code in codes)
            yield _(
                "%(rule)s keeps %(count)s: %(names)s", rule=rule_name(rule), count=len(codes), names=names
            )
        for codes, text in (
            (reasons.needed_elsewhere(), _l("Needed elsewhere that day: %(names)s")),
            (reasons.free(), _l("Could, at a cost: %(names)s")),
        ):
            if codes:
                yield str(text) % {"names": ", ".join(self.name(code) for code in codes)}

    def charge(self, charge: Charge) -> str:
        """Return what a single cost is for."""
        parts = [term_name(charge.term)]
        if charge.employee is not None:
            parts.append(self.name(charge.employee))
        if charge.day is not None:
            parts.append(self.days([charge.day]))
        if charge.shift is not None:
            parts.append(self.need(charge.shift, charge.skill))
        return ", ".join(parts)


def term_name(term: Term) -> str:
    """Return what a soft term is called."""
    return str(labels.TERMS.get(term, term.value))


def rule_name(rule: Rule) -> str:
    """Return what a hard rule is called."""
    return str(labels.RULES.get(rule, rule.value))


def signed(points: int) -> str:
    """Return points with their sign, as +30 or −1000."""
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"
