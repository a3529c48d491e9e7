"""The search for rows: what it finds keeps the rules and costs least, compared with every row there is."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.solver.best import Best
from samplan_rostering.solver.bound import Bounder
from samplan_rostering.solver.dive import Diver
from samplan_rostering.solver.master import Master
from samplan_rostering.solver.objective import breakdown, own_cost
from samplan_rostering.solver.parts import PartSolver
from samplan_rostering.solver.problem import (
    Balance,
    Blocked,
    CoverRow,
    CoverStep,
    EmployeeRules,
    Forbidden,
    Problem,
    Request,
    RestWindow,
    Row,
    RunLimit,
    WeekendCost,
)
from samplan_rostering.solver.rows import RowSearch
from samplan_rostering.solver.soft import FREE, CombinationCost
from samplan_rostering.solver.start import Starter

DAYS, SHIFTS = 6, ("D", "N")
WEEKENDS = ((2, 3),)
DAY_ONE = frozenset({(1, 0), (1, 1)})
MINUTES = ((8, 10),) * DAYS


@st.composite
def rules(draw: st.DrawFn) -> EmployeeRules:
    """Rules of every kind, some of which clash."""
    day = st.integers(0, DAYS - 1)
    cell = st.tuples(day, st.integers(0, 1))
    least = draw(st.integers(0, 30))
    or_free = st.tuples(day, st.integers(FREE, 1))
    combination = st.lists(or_free, min_size=2, max_size=3, unique_by=lambda c: c[0])
    forbidden = draw(st.lists(combination, max_size=4))
    windows = draw(
        st.lists(
            st.lists(
                st.lists(st.lists(cell, min_size=1, max_size=2), min_size=1, max_size=2),
                min_size=1,
                max_size=2,
            ),
            max_size=1,
        )
    )
    return EmployeeRules(
        id="A",
        min_minutes=least,
        max_minutes=least + draw(st.integers(0, 20)),
        max_run=draw(st.integers(1, 4)),
        min_run=draw(st.integers(1, 2)),
        min_off=draw(st.integers(1, 2)),
        run_before=draw(st.integers(0, 1)),
        max_weekends=draw(st.sampled_from([None, 0, 1])),
        max_per_shift=draw(st.sampled_from([(), (None, 1), (2, 2), (0, None)])),
        blocked=(Blocked(Rule.ABSENCE, frozenset(draw(st.lists(cell, max_size=2)))),),
        forbidden=tuple(Forbidden(Rule.SUCCESSION, tuple(sorted(cells))) for cells in forbidden),
        rest_windows=tuple(
            RestWindow(
                Rule.WEEKLY_REST, tuple(tuple(tuple(sorted(set(c))) for c in option) for option in window)
            )
            for window in windows
        ),
        run_limits=(RunLimit(Rule.CONSECUTIVE_NIGHTS, frozenset({1}), draw(st.integers(1, 2)), 0),),
    )


def keeps(row: Row, own: EmployeeRules) -> bool:
    """Judge a row straight from the meaning of each rule."""
    worked = [shift is not None for shift in row]
    total = sum(MINUTES[day][shift] for day, shift in enumerate(row) if shift is not None)
    cells = {(day, FREE if shift is None else shift) for day, shift in enumerate(row)}
    nights = [shift == 1 for shift in row]
    weekends = sum(any(worked[day] for day in days) for days in WEEKENDS)
    return (
        own.min_minutes <= total <= own.max_minutes
        and all(run <= own.max_run for run in runs([True] * own.run_before + worked, lead=own.run_before))
        and _short_runs_at_borders_only(worked, own)
        and all(length <= own.run_limits[0].limit for length in runs(nights))
        and (own.max_weekends is None or weekends <= own.max_weekends)
        and all(limit is None or row.count(s) <= limit for s, limit in enumerate(own.max_per_shift))
        and cells.isdisjoint(own.blocked_cells())
        and not any(cells.issuperset(item.cells) for item in own.forbidden)
        and all(
            any(not any(cells.issuperset(combination) for combination in option) for option in window.options)
            for window in own.rest_windows
        )
    )


def runs(flags: list[bool], lead: int = 0) -> list[int]:
    """Return the lengths of the runs; one that lies before the period alone does not count."""
    text = "".join("x" if flag else "." for flag in flags)
    lengths = [len(run) for run in text.split(".") if run]
    return lengths[1:] if lead and len(text) > lead and text[lead] == "." else lengths


def _short_runs_at_borders_only(worked: list[bool], own: EmployeeRules) -> bool:
    text = "".join("x" if flag else "." for flag in worked)
    inner_work = [(i, part) for i, part in enumerate(_parts(text)) if part[0] == "x"]
    parts = _parts(text)
    for place, part in enumerate(parts):
        at_border = place in {0, len(parts) - 1}
        if part[0] == "x" and len(part) < own.min_run and not at_border:
            return False
        after_history = place == 0 and own.run_before
        if (
            part[0] == "."
            and len(part) < own.min_off
            and (not at_border or (after_history and len(parts) > 1))
        ):
            return False
    return bool(inner_work) or True


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    for sign in text:
        if parts and parts[-1][0] == sign:
            parts[-1] += sign
        else:
            parts.append(sign)
    return parts


def all_rows(own: EmployeeRules) -> list[Row]:
    return [row for row in product((None, 0, 1), repeat=DAYS) if keeps(row, own)]


def problem_of(*own: EmployeeRules, **costs: object) -> Problem:
    named = tuple(replace(each, id=f"{each.id}{number}") for number, each in enumerate(own))
    return Problem(DAYS, SHIFTS, MINUTES, WEEKENDS, named, **costs)  # type: ignore[arg-type] # each by its name


PRICES = st.lists(st.integers(-20, 20), min_size=DAYS * 3, max_size=DAYS * 3)


@settings(max_examples=80, deadline=None)
@given(own=rules(), prices=PRICES, weekend=st.integers(-5, 5))
def test_the_cheapest_row_is_the_cheapest_of_all_there_are(
    own: EmployeeRules, prices: list[int], weekend: int
) -> None:
    search = RowSearch(problem_of(own))
    cells = np.array(prices, dtype=np.float64).reshape(DAYS, 3)
    weekends = np.array([float(weekend)])

    def cost(row: Row) -> float:
        by_cell = sum(cells[day, 2 if shift is None else shift] for day, shift in enumerate(row))
        return float(by_cell) + weekend * sum(any(row[day] is not None for day in days) for days in WEEKENDS)

    rows = all_rows(own)
    found, least = search.cheapest(0, cells, weekends)
    through = search.through(0, cells, weekends)
    if not rows:
        assert (found, least) == ([], inf)
        return
    best = min(map(cost, rows))
    assert least == pytest.approx(best)
    assert found[0] in rows
    assert cost(found[0]) == pytest.approx(best)
    assert search.cheapest(0, cells, weekends, below=best - 1e-6)[0] == []
    few, bound = search.cheapest(0, cells, weekends, wide=2 * DAYS)
    assert bound <= best + 1e-6
    assert all(row in rows for row in few)
    for row in rows:
        for day, shift in enumerate(row):
            assert through[day, 2 if shift is None else shift] <= cost(row) + 1e-6


NEEDS = tuple(
    CoverRow(
        day,
        shift,
        frozenset({0, 1}),
        (
            CoverStep(Term.UNDER_MINIMUM, 1, under=50),
            CoverStep(Term.UNDER_TARGET, 1 + day % 2, under=5),
            CoverStep(Term.OVER_MAXIMUM, 2, over=3),
        ),
    )
    for day in range(DAYS)
    for shift in range(2)
)


def costly(first: EmployeeRules, second: EmployeeRules, wish: tuple[int, bool], free: int) -> Problem:
    """Return a problem with costs of every kind that rows and master share."""
    return problem_of(
        first,
        second,
        cover=NEEDS,
        requests=(Request(Term.WISHES, 0, ((wish[0], 0), (wish[0], 1)), wish[1], 7),),
        weekend_costs=tuple(WeekendCost(e, free, 20, 10, frozenset({-1} if free else ())) for e in range(2)),
        balances=(
            Balance(Term.UNEVEN_NIGHTS, (0, 1), (2, 1), frozenset({1}), 4, before=(0, 2)),
            Balance(Term.UNEVEN_HOLIDAYS, (0, 1), (1, 1), None, 3, (DAY_ONE, DAY_ONE), (3, -1)),
        ),
        combination_costs=(
            CombinationCost(Term.REST_AFTER_NIGHTS, 0, ((1, 1), (2, FREE), (3, 0)), 6),
            CombinationCost(Term.WANTED_PATTERN, 1, ((4, FREE),), 5),
        ),
    )


@settings(max_examples=20, deadline=None)
@given(
    first=rules(),
    second=rules(),
    wish=st.tuples(st.integers(0, DAYS - 1), st.booleans()),
    free=st.integers(0, 1),
)
def test_the_bound_is_below_every_roster_and_the_dive_within_the_rules(
    first: EmployeeRules, second: EmployeeRules, wish: tuple[int, bool], free: int
) -> None:
    problem = costly(first, second, wish, free)
    search = RowSearch(problem)
    starter = Starter(problem, search, 1, lambda: 60.0)
    starter.run()
    rows = [all_rows(first), all_rows(second)]
    assert starter.impossible == [e for e in range(2) if not rows[e]]
    if starter.roster is None:
        return
    assert all(starter.roster[e] in rows[e] for e in range(2))
    best = Best(problem)
    best.offer(starter.roster)
    bounder = Bounder(best, search, lambda: 60.0)
    bounder.run()
    Diver(best, search, bounder, 1, lambda: 60.0).run()
    optimum = min(sum(breakdown(problem, roster).values()) for roster in product(*rows))
    assert best.bound is not None
    assert best.objective is not None
    assert best.bound <= optimum <= best.objective
    exact = PartSolver(problem).solve(starter.roster, problem.whole, 1, 60.0, 60.0)
    assert sum(breakdown(problem, exact.placed_in(starter.roster)).values()) == optimum
    assert all(best.roster[e] in rows[e] for e in range(2))
    for employee in range(2):
        closed = best.closed_cells(employee, ()).cells
        for roster in product(*rows):
            if sum(breakdown(problem, roster).values()) < best.objective:
                assert closed.isdisjoint(enumerate(roster[employee]))


def test_the_master_prices_a_row_as_the_objective_does() -> None:
    own = EmployeeRules(id="A", min_minutes=0, max_minutes=60, max_run=6)
    problem = problem_of(own, own, cover=NEEDS, requests=(Request(Term.WISHES, 0, ((1, 0),), True, 7),))
    rows: tuple[Row, Row] = ((0, None, 1, None, 0, None), (None, 0, None, 1, 1, None))
    master = Master(problem)
    for employee, row in enumerate(rows):
        master.add(employee, row)
    assert master.solve() == pytest.approx(sum(breakdown(problem, rows).values()))
    assert master.price_of(0, rows[0], master.no_prices()) == own_cost(problem, 0, rows[0]) == 7


@settings(max_examples=20, deadline=None)
@given(own=st.tuples(rules(), rules(), rules()))
def test_a_part_costs_what_the_whole_costs(own: tuple[EmployeeRules, EmployeeRules, EmployeeRules]) -> None:
    """The master of a part, the others' rows kept, prices a roster as the objective does."""
    everyone = tuple(replace(need, employees=frozenset({0, 1, 2})) for need in NEEDS)
    problem = problem_of(
        *own,
        cover=everyone,
        balances=(
            Balance(Term.UNEVEN_NIGHTS, (0, 1, 2), (2, 1, 1), frozenset({1}), 4),
            Balance(Term.UNEVEN_WEEKENDS, (0, 2), (1, 1), None, 6),
        ),
    )
    rows = [all_rows(each) for each in own]
    if not all(rows):
        return
    roster = tuple(each[0] for each in rows)
    master = Master(problem, {1: roster[1], 2: roster[2]})
    master.add(0, roster[0])
    cost = sum(breakdown(problem, roster).values())
    assert master.solve() <= cost + 1e-6  # parts of a unit are rounded up in the objective only
    whole = Master(problem)
    for employee, row in enumerate(roster):
        whole.add(employee, row)
    assert whole.solve() == pytest.approx(master.solve())
