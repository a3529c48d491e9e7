"""Prices for what is not as in an earlier roster."""

from dataclasses import replace

from samplan_rostering.domain.rules import Term
from samplan_rostering.solver.problem import Problem, Request, Roster


def with_change_price(problem: Problem, roster: Roster, price: int) -> Problem:
    """Return a problem in which each cell that is not as in a roster costs so much."""
    every = range(len(problem.shifts))
    requests = list(problem.requests)
    for employee, row in enumerate(roster):
        for day, shift in enumerate(row):
            cells = tuple((day, other) for other in every) if shift is None else ((day, shift),)
            term = Term.SHIFT_OFF if shift is None else Term.SHIFT_ON
            requests.append(Request(term, employee, cells, shift is not None, price))
    return replace(problem, requests=tuple(requests))
