"""Two people: one who is never without the other, and two who are never at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.ward_rules.base import Breach, RosterRule
from samplan_rostering.domain.ward_rules.case import Case


class _Pair(RosterRule):
    __slots__ = ()
    usual: ClassVar[Level] = Level.OFF
    repeated: ClassVar[bool] = True

    def faults(self) -> Iterator[str]:
        """Refuse anything but two different people."""
        if self.employee is None:
            yield "employee"
        if self.other is None or self.other == self.employee:
            yield "other"

    def meetings(self, case: Case) -> Iterator[tuple[int, str, bool]]:
        """Yield the days on which the one works, the shift, and whether the other works it too."""
        if self.employee is None or self.other is None:
            return
        one, other = case.by_code[self.employee], case.by_code[self.other]
        for day, shift in sorted(one.row.items()):
            if self.holds_on(case.ward.period.date_of(day)):
                yield day, shift, other.row.get(day) == shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Together(_Pair):
    """The employee works no shift without the other, as somebody new without the mentor."""

    key: ClassVar[str] = "together"
    weight: int = 100

    def breaches(self, case: Case) -> Iterator[Breach]:
        """Yield the shifts that the employee works alone."""
        for day, shift, both in self.meetings(case):
            if not both:
                yield Breach(self.employee, day, shift=shift)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart(_Pair):
    """The two never work the same shift on the same day."""

    key: ClassVar[str] = "apart"
    weight: int = 1000

    def breaches(self, case: Case) -> Iterator[Breach]:
        """Yield the shifts that both work."""
        for day, shift, both in self.meetings(case):
            if both:
                yield Breach(self.employee, day, shift=shift)
