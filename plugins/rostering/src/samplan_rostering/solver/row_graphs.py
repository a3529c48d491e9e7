"""The row graphs of a problem's employees, those with the same rules made together."""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import replace

from samplan_rostering.solver.own_costs import OwnCosts
from samplan_rostering.solver.problem import Problem
from samplan_rostering.solver.row_graph import RowGraph, row_graph
from samplan_rostering.solver.row_memory import Memory, memories


def row_graphs(problem: Problem) -> list[RowGraph | None]:
    """Return the graph of each employee; None: no row keeps the rules that the graph has."""
    alike: dict[object, list[int]] = defaultdict(list)
    forbidden = _Numbers()
    for employee, rules in enumerate(problem.employees):
        alike[forbidden.of(rules.forbidden), _what_matters(problem, employee)].append(employee)
    graphs: list[RowGraph | None] = [None] * len(problem.employees)
    for group in alike.values():
        people = [_memories(problem, employee) for employee in group]
        made = row_graph(problem.days, len(problem.shifts), people)
        for employee, graph in zip(group, made, strict=True):
            graphs[employee] = graph
    return graphs


class _Numbers:
    """Numbers values, equal ones alike; long ones that are the same object are compared once."""

    def __init__(self) -> None:
        self._by_object: dict[int, int] = {}
        self._by_value: dict[Hashable, int] = {}

    def of(self, value: Hashable) -> int:
        """Return the number of a value, which lives as long as this does."""
        if id(value) not in self._by_object:
            self._by_object[id(value)] = self._by_value.setdefault(value, len(self._by_value))
        return self._by_object[id(value)]


def _memories(problem: Problem, employee: int) -> list[Memory]:
    rules, weekends = problem.employees[employee], problem.weekends_of.get(employee)
    return memories(problem, rules, weekends, problem.costs_of(employee))


def _what_matters(problem: Problem, employee: int) -> object:
    """Return what two people must share for their memories to differ in their start only."""
    rules, weekends = problem.employees[employee], problem.weekends_of.get(employee)
    own: OwnCosts = problem.costs_of(employee)
    endless = rules.max_run >= problem.days + rules.run_before
    return (
        (rules.max_run, endless, rules.min_run, rules.min_off),
        rules.rest_windows,
        tuple(replace(limit, before=0) for limit in rules.run_limits),
        weekends and (weekends.adjacent, weekends.worked_before - {-1}),
        tuple((item.cells, item.weight) for item in own.combinations),
        tuple(replace(run, employee=0, before=0) for run in own.runs),
        sum(whole.weight for whole in own.whole_weekends),
        tuple(
            (window.days, window.amounts, window.low, window.high, getattr(window, "weight", None))
            for window in own.remembered
        ),
    )
