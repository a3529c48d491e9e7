"""How long it takes to tell what a lifted shift would do, before it is put down: 60 people and 70 days.

The ward is the demo ward grown, its roster invented: runs of shifts and days off. `one place` is a lifted
shift and a target, `a day` a lifted shift and everybody of that day in one request. Fresh: the process has
not seen the roster before; kept: it has judged it, as it has when it showed the page. Reading the input and
the roster from the database comes on top. Milliseconds of the processor, and of the wall clock.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from random import Random

from bench_explain import grown_ward
from samplan_rostering.domain.explain.board import Board
from samplan_rostering.domain.explain.effect import CellChange
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData


def invented_roster(ward: WardData, seed: int) -> list[Assignment]:
    """Return runs of two to four shifts with two or three days off between them, for everybody."""
    random, cells = Random(seed), []  # noqa: S311 - an example, no secret
    shifts = [kind.code for kind in ward.shift_types]
    for person in ward.employees:
        day = random.randint(0, 3)
        while day < ward.period.days:
            run = range(day, min(day + random.randint(2, 4), ward.period.days))
            shift = random.choice(shifts)
            cells += [Assignment(person.code, worked, shift) for worked in run]
            day = run.stop + random.randint(2, 3)
    return cells


def swap(board: Board, lifted: Assignment, employee: str, day: int) -> list[CellChange]:
    """Return the changes that put a lifted shift down; what is there goes the other way."""
    there = board.shift(employee, day)
    return [
        board.change(lifted.employee, lifted.day, there),
        board.change(employee, day, lifted.shift),
    ]


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds that a call takes, of the processor and of the wall clock."""
    worked, begin = time.process_time(), time.perf_counter()
    call()
    return (time.process_time() - worked) * 1000, (time.perf_counter() - begin) * 1000


def told(name: str, times: list[tuple[float, float]]) -> None:
    """Print median and longest."""
    parts = []
    for kind, values in zip(("processor", "clock"), zip(*times, strict=True), strict=True):
        parts.append(f"{kind} median {statistics.median(values):.1f} ms, longest {max(values):.1f} ms")
    print(f"{name}: {'; '.join(parts)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--days", type=int, default=70)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--questions", type=int, default=20)
    options, _ = parser.parse_known_args()  # `make bench` gives all scripts the same arguments
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    ward = grown_ward(options.people, options.days, options.seed)
    cells = invented_roster(ward, options.seed)
    print(f"{options.people} people, {options.days} days, {len(cells)} shifts")
    lifts = cells[:: max(len(cells) // options.questions, 1)][: options.questions]
    others = [person.code for person in ward.employees]
    kept = Board(ward, cells)
    told("the whole roster judged", [timed(lambda: Board(ward, cells).evaluation()) for _ in range(5)])
    kept.evaluation()
    one, day = [], []
    for number, lifted in enumerate(lifts):
        to = (
            others[(others.index(lifted.employee) + 7) % len(others)],
            (lifted.day + number) % ward.period.days,
        )
        one.append(timed(lambda: kept.effect(swap(kept, lifted, *to))))  # noqa: B023 - called at once
        everybody = [swap(kept, lifted, code, lifted.day) for code in others if code != lifted.employee]
        day.append(timed(lambda: [kept.effect(changes) for changes in everybody]))  # noqa: B023 - called at once
    told("one place, kept", one)
    told("a day, kept", day)
    fresh = [
        timed(lambda: (board := Board(ward, cells)).effect(swap(board, lifted, others[0], lifted.day)))  # noqa: B023 - called at once
        for lifted in lifts
        if lifted.employee != others[0]
    ]
    told("one place, fresh", fresh)


if __name__ == "__main__":
    main()
