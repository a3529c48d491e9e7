"""Notice of changes to a roster that people have been told of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.ward_rules.base import SOFT_ONLY, Breach, WardRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(WardRule):
    """Changes are told two weeks ahead (Arbetstidslagen 12 §).

    A roster alone does not break it, only one that replaces another: re-planning prices what comes later.
    """

    key: ClassVar[str] = "notice"
    source: ClassVar[str] = "ATL-12"
    levels: ClassVar[frozenset[Level]] = SOFT_ONLY
    usual: ClassVar[Level] = Level.SOFT
    days: int = field(default=14, metadata={"rule": "ATL-12"})

    def late(self, changes: Iterable[tuple[str, int]], today: int) -> Iterator[Breach]:
        """Yield the changes, by employee and day, that come with less notice; days count as in the period."""
        for employee, day in sorted(changes):
            if self.concerns(employee) and 0 <= day - today < self.days:
                yield Breach(employee, day, day - today, self.days)

    def faults(self) -> Iterator[str]:
        """Refuse less than no notice."""
        if self.days < 0:
            yield "days"
