"""How long it takes to recommend what closes a gap, and to re-plan after a sick call, on a ward of 60 people.

The ward is the demo ward grown: its people several times over under codes of their own, its needs in
proportion, four weeks. Its roster is what the engine finds in the time given. Each gap is asked about anew,
with nothing remembered, as a page would. One process; figures are seconds of the wall clock, and in brackets
of the processor, which other work on the machine does not change.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from samplan_rostering.demo_ward import demo_ward
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.explain.recommend import recommend
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import Absence, AbsenceKind, WardData
from samplan_rostering.solver.replan.plan import ReplanOptions, replan
from samplan_rostering.solver.solution import SolveOptions
from samplan_rostering.solver.solve import solve_ward

Answer = TypeVar("Answer")


def grown_ward(people: int, days: int, seed: int) -> WardData:
    """Return the demo ward with so many people and days; the needs grow with the people."""
    ward = demo_ward(seed)
    last = ward.period.start + timedelta(days=days - 1)
    times = -(-people // len(ward.employees))
    share = people / len(ward.employees)
    pairs = [
        (employee.code, f"{employee.code}-{copy}") for copy in range(times) for employee in ward.employees
    ][:people]
    codes: dict[str, list[str]] = {}
    for code, new in pairs:
        codes.setdefault(code, []).append(new)
    person = {employee.code: employee for employee in ward.employees}
    return replace(
        ward,
        period=replace(ward.period, end=last),
        employees=tuple(replace(person[code], code=new) for code, new in pairs),
        contracts=tuple(replace(row, employee=new) for row in ward.contracts for new in codes[row.employee]),
        absences=tuple(replace(row, employee=new) for row in ward.absences for new in codes[row.employee]),
        wishes=tuple(
            replace(row, employee=new)
            for row in ward.wishes
            if row.date <= last
            for new in codes[row.employee]
        ),
        history=tuple(replace(row, employee=new) for row in ward.history for new in codes[row.employee]),
        pins=(),
        dated_requirements=(),
        weekly_requirements=tuple(
            replace(
                row,
                minimum=round(row.minimum * share),
                target=round(row.target * share),
                maximum=None if row.maximum is None else round(row.maximum * share),
            )
            for row in ward.weekly_requirements
        ),
    )


@dataclass(slots=True)
class Watch:
    """Seconds of questions, by the wall clock and of the processor."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def time(self, call: Callable[[], Answer]) -> Answer:
        """Return what a call returns, and note how long it takes."""
        begin, worked = time.perf_counter(), time.process_time()
        answer = call()
        self.wall.append(time.perf_counter() - begin)
        self.processor.append(time.process_time() - worked)
        return answer

    @property
    def last(self) -> str:
        """The last question's seconds."""
        return f"{self.wall[-1]:.2f} s ({self.processor[-1]:.2f})"

    def __str__(self) -> str:
        """Return median and longest."""
        middle, most = (
            f"{of(self.wall):.2f} s ({of(self.processor):.2f})" for of in (statistics.median, max)
        )
        return f"median {middle}, longest {most}"


def recommendations(ward: WardData, roster: Collection[Assignment], questions: int) -> Watch:
    """Ask for gaps, and for needs that are met as if one more were wanted; print what is found."""
    gaps = Judge(ward, roster).before.gaps
    needs = [(gap.day, gap.shift, gap.skill) for gap in gaps]
    needs += [(day, row.shift, row.skill) for day in range(7, 21) for row in ward.weekly_requirements[:8]]
    watch = Watch()
    for day, shift, skill in needs[:questions]:
        answer = watch.time(lambda: recommend(Judge(ward, roster), day, shift, skill))  # noqa: B023 - called at once
        kinds = ", ".join(suggestion.kind.value for suggestion in answer.suggestions[:3])
        print(f"  day {day:2} {shift} {skill}: {watch.last}, {len(answer.suggestions)} ({kinds})")
    return watch


def sick_calls(ward: WardData, roster: Collection[Assignment], questions: int) -> Watch:
    """Let people fall ill for two days, one at a time, and re-plan; print what it changes."""
    watch = Watch()
    for number, employee in enumerate(ward.employees[::7][:questions]):
        day = 8 + number
        dates = ward.period.date_of(day), ward.period.date_of(day + 1)
        absence = Absence(employee.code, *dates, AbsenceKind.SICK)
        now = replace(ward, absences=(*ward.absences, absence))
        options = ReplanOptions(first=day, today=day)
        answer = watch.time(lambda: replan(now, roster, options, ward))  # noqa: B023 - called at once
        print(f"  {employee.code} day {day}: {watch.last}, {len(answer.changes)} changes")
    return watch


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--solve-seconds", type=float, default=30)
    parser.add_argument("--questions", type=int, default=12)
    options, _ = parser.parse_known_args()  # `make bench` gives all scripts the same arguments
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    ward = grown_ward(options.people, options.days, options.seed)
    solution = solve_ward(ward, SolveOptions(seconds=options.solve_seconds, seed=options.seed))
    print(f"{options.people} people, {options.days} days, objective {solution.objective}")
    watch = Watch()
    watch.time(lambda: Judge(ward, solution.assignments))
    print(f"one evaluation of the roster: {watch.last}")
    for name, measure in (("recommend", recommendations), ("replan", sick_calls)):
        print(f"{name}: {measure(ward, solution.assignments, options.questions)}")


if __name__ == "__main__":
    main()
