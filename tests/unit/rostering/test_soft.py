"""Soft costs and windows: price, CP-SAT model, row graph, bound and master say the same on tiny problems."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import inf

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from ortools.sat.python.cp_model import OPTIMAL, CpSolver

from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.solver import own_costs
from samplan_rostering.solver.best import Best
from samplan_rostering.solver.bound import Bounder
from samplan_rostering.solver.master import Master
from samplan_rostering.solver.model import build_model
from samplan_rostering.solver.objective import breakdown, own_cost, weekend_cost
from samplan_rostering.solver.parts import hint
from samplan_rostering.solver.problem import (
    CoverRow,
    CoverStep,
    EmployeeRules,
    Problem,
    Roster,
    Row,
    WeekendCost,
)
from samplan_rostering.solver.rows import RowSearch
from samplan_rostering.solver.soft import (
    CombinationCost,
    Meeting,
    PairCost,
    RunCost,
    WholeWeekend,
    WindowCost,
    WindowLimit,
    each_day,
)
from samplan_rostering.solver.soft_price import outside, run_cost
from samplan_rostering.solver.solution import SolveOptions, Status
from samplan_rostering.solver.solve import solve

DAYS, SHIFTS = 5, ("D", "N")
WEEKENDS = ((1, 2), (4,))
MINUTES = ((1, 1),) * DAYS
PLAIN = EmployeeRules(id="A", min_minutes=0, max_minutes=DAYS, max_run=DAYS)
ROWS: list[Row] = list(product((None, 0, 1), repeat=DAYS))

day = st.integers(0, DAYS - 1)
cell = st.tuples(day, st.integers(0, 1))
weight = st.integers(0, 30)


@st.composite
def windows(draw: st.DrawFn, *, hard: bool = False) -> WindowCost | WindowLimit:
    first = draw(day)
    days = range(first, draw(st.integers(first + 1, DAYS)))
    amounts = tuple(draw(st.tuples(st.integers(0, 3), st.integers(0, 3))) for _ in days)
    low = draw(st.none() | st.integers(-1, 5))
    high = draw(st.none() | st.integers(-1 if low is None else low, 8))
    if hard:
        return WindowLimit(Rule.HOURS_MAX, days, amounts, low, high)
    return WindowCost(Term.WISHES, 0, days, amounts, low, high, draw(weight))


@st.composite
def runs(draw: st.DrawFn) -> RunCost:
    low = draw(st.integers(0, 3))
    return RunCost(
        Term.WISHES,
        0,
        draw(st.sampled_from([None, frozenset({0, 1}), frozenset({1})])),
        low,
        draw(st.integers(low, 4)),
        draw(weight),
        draw(weight),
        draw(st.integers(0, 5)),
    )


combinations = st.lists(cell, min_size=1, max_size=3, unique_by=lambda c: c[0]).map(tuple)


@st.composite
def costs(draw: st.DrawFn) -> dict[str, object]:
    """Costs of every kind for employee 0, and a cost of weekends beside them."""
    return {
        "combination_costs": tuple(
            CombinationCost(Term.WISHES, 0, cells, draw(weight))
            for cells in draw(st.lists(combinations, max_size=4))
        ),
        "run_costs": tuple(draw(st.lists(runs(), max_size=3))),
        "window_costs": tuple(draw(st.lists(windows(), max_size=2))),
        "whole_weekends": tuple(
            WholeWeekend(Term.WISHES, 0, draw(weight)) for _ in range(draw(st.integers(0, 2)))
        ),
        "weekend_costs": (WeekendCost(0, draw(st.integers(-1, 1)), draw(weight), 5, frozenset({-1})),),
    }


def problem_of(*own: EmployeeRules, **more: object) -> Problem:
    return Problem(DAYS, SHIFTS, MINUTES, WEEKENDS, own, **more)  # type: ignore[arg-type] # each by its name


def total(problem: Problem, roster: Roster) -> int:
    return sum(breakdown(problem, roster).values())


def keeps(own: EmployeeRules, row: Row) -> bool:
    worked = sum(shift is not None for shift in row)
    in_hours = own.min_minutes <= worked <= own.max_minutes
    long = any(None not in row[first : first + own.max_run + 1] for first in range(DAYS - own.max_run))
    return in_hours and not long and not any(outside(window, row) for window in own.window_limits)


PRICES = st.lists(st.integers(-20, 20), min_size=DAYS * 3, max_size=DAYS * 3)
REMEMBERED = st.sampled_from([1, 6, 1000])


@settings(max_examples=40, deadline=None)
@given(
    more=costs(),
    limits=st.lists(windows(hard=True), max_size=1).map(tuple),
    prices=PRICES,
    few=st.booleans(),
    remembered=REMEMBERED,
)
def test_the_cheapest_row_is_the_cheapest_of_all_there_are(
    more: dict[str, object],
    limits: tuple[WindowLimit, ...],
    prices: list[int],
    few: bool,
    remembered: int,
) -> None:
    own = replace(PLAIN, window_limits=limits, max_minutes=DAYS - 1 if few else DAYS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_costs, "MOST_REMEMBERED", remembered)
        problem = problem_of(own, **more)
        kept = problem.costs_of(0)
        search = RowSearch(problem)
    cells = np.array(prices, dtype=np.float64).reshape(DAYS, 3)
    nothing = weekend_cost(problem, 0, (None,) * DAYS)

    def cost(row: Row) -> float:
        by_cell = sum(cells[day, 2 if shift is None else shift] for day, shift in enumerate(row))
        return float(by_cell) + own_cost(problem, 0, row) - nothing

    loose = {window for window in kept.loose if isinstance(window, WindowLimit)}
    strict = tuple(window for window in limits if window not in loose)
    rows = [row for row in ROWS if keeps(replace(own, window_limits=strict), row)]
    found, least = search.cheapest(0, cells, np.zeros(len(WEEKENDS)))
    if not rows:
        assert (found, least) == ([], inf)
        return
    assert least == pytest.approx(min(map(cost, rows)))
    assert found[0] in rows
    assert cost(found[0]) == pytest.approx(least)
    assert search.keeps_limits(0, found[0]) == keeps(replace(PLAIN, window_limits=limits), found[0])
    through = search.through(0, cells, np.zeros(len(WEEKENDS)))
    for row in rows:
        for on, shift in enumerate(row):
            assert through[on, 2 if shift is None else shift] <= cost(row) + 1e-6


@settings(max_examples=30, deadline=None)
@given(
    more=costs(),
    limits=st.lists(windows(hard=True), max_size=1).map(tuple),
    seed=PRICES,
    longest=st.sampled_from([2, DAYS]),
)
def test_the_model_finds_what_the_price_says(
    more: dict[str, object], limits: tuple[WindowLimit, ...], seed: list[int], longest: int
) -> None:
    """Needs of different weight make other rows the cheapest; with and without a limit of days in a row."""
    own = replace(PLAIN, window_limits=limits, max_run=longest)
    needs = tuple(
        CoverRow(on, s, frozenset({0}), (CoverStep(Term.UNDER_COVER, 1, under=max(seed[3 * on + s], 0)),))
        for on in range(DAYS)
        for s in range(2)
    )
    problem = problem_of(own, cover=needs, **more)
    rows = [row for row in ROWS if keeps(own, row)]
    solver = CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(build_model(problem).cp)
    if rows:
        assert status == OPTIMAL
        assert round(solver.objective_value) == min(total(problem, (row,)) for row in rows)
    else:
        assert status != OPTIMAL


@st.composite
def pairs(draw: st.DrawFn) -> PairCost:
    on = st.frozensets(st.integers(0, 1), max_size=2)
    meetings = tuple(
        Meeting(frozenset((there, s) for s in draw(on)), frozenset((there, s) for s in draw(on)))
        for there in draw(st.lists(day, max_size=3))
    )
    one = draw(st.integers(0, 1))
    return PairCost(Term.WISHES, one, 1 - one, meetings, draw(st.booleans()), draw(weight))


FEW: list[Row] = [row for row in ROWS if row[3:] == (None, None)]
SHORT = replace(
    PLAIN, window_limits=(WindowLimit(Rule.HOURS_MAX, range(3, 5), each_day(range(3, 5), (1, 1)), None, 0),)
)


@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    more=costs(),
    limits=st.lists(windows(hard=True), max_size=2).map(tuple),
    pair=st.lists(pairs(), min_size=1, max_size=2).map(tuple),
    seed=PRICES,
    remembered=REMEMBERED,
)
def test_the_bound_is_below_and_the_search_at_the_cheapest_roster(
    more: dict[str, object],
    limits: tuple[WindowLimit, ...],
    pair: tuple[PairCost, ...],
    seed: list[int],
    remembered: int,
) -> None:
    own = (replace(SHORT, window_limits=(*SHORT.window_limits, *limits)), replace(SHORT, id="B"))
    needs = tuple(
        CoverRow(on, s, frozenset({0, 1}), (CoverStep(Term.UNDER_COVER, 1, under=max(seed[3 * on + s], 0)),))
        for on in range(DAYS)
        for s in range(2)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_costs, "MOST_REMEMBERED", remembered)
        problem = problem_of(*own, cover=needs, pairs=pair, **more)
        rows = [[row for row in FEW if keeps(each, row)] for each in own]
        if not rows[0]:
            assert solve(problem, SolveOptions(seconds=20, workers=1)).status is Status.INFEASIBLE
            return
        costs_of = {roster: total(problem, roster) for roster in product(*rows)}
        optimum = min(costs_of.values())
        best, search = Best(problem), RowSearch(problem)
        best.offer((rows[0][0], rows[1][0]))
        bounder = Bounder(best, search, lambda: 60.0)
        bounder.run()
        assert best.bound is not None
        assert best.bound <= optimum
        closed = [best.closed_cells(employee, ()).cells for employee in range(2)]
        for roster, cost in costs_of.items():
            if best.objective is not None and cost < best.objective:
                assert all(closed[e].isdisjoint(enumerate(roster[e])) for e in range(2))
        found = solve(problem, SolveOptions(seconds=20, workers=1))
        assert found.objective == optimum
        assert found.status is Status.OPTIMAL


@settings(max_examples=30, deadline=None)
@given(
    more=costs(), pair=st.lists(pairs(), max_size=2).map(tuple), which=st.tuples(*[st.sampled_from(ROWS)] * 2)
)
def test_the_master_prices_a_roster_as_the_objective_does(
    more: dict[str, object], pair: tuple[PairCost, ...], which: tuple[Row, Row]
) -> None:
    """Also where a row is kept and stands as numbers in the master."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_costs, "MOST_REMEMBERED", 1)
        problem = problem_of(PLAIN, replace(PLAIN, id="B"), pairs=pair, **more)
        whole, part = Master(problem), Master(problem, {1: which[1]})
        for employee, row in enumerate(which):
            whole.add(employee, row)
        part.add(0, which[0])
        assert whole.solve() == pytest.approx(total(problem, which))
        assert part.solve() == pytest.approx(total(problem, which))


def test_a_run_is_priced_as_the_competition_does() -> None:
    """S2 and S3: charged when it ends inside, or by day when too long; days before count."""
    cost = RunCost(Term.WISHES, 0, frozenset({0}), 2, 3, under=10, over=1)
    assert run_cost(cost, (None, 0, None, None, 0)) == 10  # one too short; the last may go on
    assert run_cost(cost, (0, 0, 0, 0, 0)) == 2  # two days too many
    assert run_cost(replace(cost, before=1), (None,) * 5) == 10  # ended before the period, too short
    assert run_cost(replace(cost, before=4), (0, None, None, None, None)) == 1  # only the day inside
    assert run_cost(replace(cost, shifts=None, before=3), (None, 0, None, 0, 1)) == 1 + 10


def test_a_hint_gives_costs_with_variables_of_their_own_a_value_too() -> None:
    cost = RunCost(Term.WISHES, 0, frozenset({0}), 2, 3, under=10, over=1)
    problem, roster = problem_of(PLAIN, run_costs=(cost,)), ((None, 0, None, None, 0),)
    model = build_model(problem)
    hint(problem, model, roster)
    assert len(model.cp.proto.solution_hint.vars) == len(model.cp.proto.variables)
