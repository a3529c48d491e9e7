"""The CP-SAT model of some of a problem's atoms, with or without assumptions, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ortools.sat.python.cp_model import FEASIBLE, INFEASIBLE, OPTIMAL, CpModel, CpSolver, IntVar, LinearExpr

from samplan_rostering.solver.explain.atoms import ANY, WEEKEND, Atom, Clauses, Key, Rests, Sum
from samplan_rostering.solver.problem import Problem

Group = tuple[Atom, ...]
"""Atoms that are kept or left out together."""


@dataclass(slots=True)
class Submodel:
    """A model that atoms are added to; only what they speak of becomes variables."""

    problem: Problem
    cp: CpModel = field(default_factory=CpModel)
    _vars: dict[Key, IntVar] = field(default_factory=dict)

    def var(self, key: Key) -> IntVar:
        """Return the variable of a truth; with any shift come all shifts of the day."""
        if key not in self._vars:
            var = self.cp.new_bool_var("")
            self._vars[key] = var
            if key.shift == ANY:
                shifts = range(len(self.problem.shifts))
                worked = [self.var(Key(key.employee, key.day, shift)) for shift in shifts]
                self.cp.add(LinearExpr.sum(worked) == var)
            elif key.shift == WEEKEND:
                for day in self.problem.weekends[key.day]:
                    self.cp.add_implication(self.var(Key(key.employee, day, ANY)), var)
        return self._vars[key]

    def add(self, atom: Atom, when: IntVar | None = None) -> None:
        """Add an atom, to hold always or when a literal is true."""
        given = [] if when is None else [when]
        match atom.content:
            case Clauses(clauses):
                for clause in clauses:
                    parts = [self.var(key) if true else self.var(key).negated() for key, true in clause]
                    self.cp.add_bool_or(parts).only_enforce_if(given)
            case Sum(_, low, high):
                total = self.total(atom.content)
                if low is not None:
                    self.cp.add(total >= low).only_enforce_if(given)
                if high is not None:
                    self.cp.add(total <= high).only_enforce_if(given)
            case Rests(options):
                chosen = [self.cp.new_bool_var("") for _ in options]
                self.cp.add_bool_or(chosen).only_enforce_if(given)
                for rest, option in zip(chosen, options, strict=True):
                    for keys in option:
                        self.cp.add_bool_or([rest.negated(), *(self.var(key).negated() for key in keys)])

    def total(self, content: Sum) -> LinearExpr:
        """Return the expression of a sum."""
        variables = [self.var(key) for key, _ in content.terms]
        return LinearExpr.weighted_sum(variables, [amount for _, amount in content.terms])

    def close(self) -> None:
        """Let nobody work two shifts on a day; to be called when all atoms are there."""
        by_day: dict[tuple[int, int], list[IntVar]] = {}
        for key, var in self._vars.items():
            if key.shift >= 0:
                by_day.setdefault((key.employee, key.day), []).append(var)
        for worked in by_day.values():
            if len(worked) > 1:
                self.cp.add_at_most_one(worked)


def possible(problem: Problem, atoms: Sequence[Atom], seconds: float, seed: int = 1) -> bool | None:
    """Tell whether some roster keeps all atoms; None when it was not found out in time."""
    model = Submodel(problem)
    for atom in atoms:
        model.add(atom)
    model.close()
    status = _solver(seconds, seed).solve(model.cp)
    return False if status == INFEASIBLE else True if status in (OPTIMAL, FEASIBLE) else None


def assumed_core(problem: Problem, groups: Sequence[Group], seconds: float) -> list[Group] | None:
    """Return the groups that the solver says clash, by assumptions; None when it does not, or says nonsense.

    The answer may be wrong (google/or-tools #5141: literals outside the assumptions after presolve, hence
    none here) and is to be verified by `possible`.
    """
    model = Submodel(problem)
    by_index: dict[int, Group] = {}
    for group in groups:
        literal = model.cp.new_bool_var("")
        by_index[literal.index] = group
        for atom in group:
            model.add(atom, literal)
        model.cp.add_assumption(literal)
    model.close()
    solver = _solver(seconds, 1)
    solver.parameters.cp_model_presolve = False
    if solver.solve(model.cp) != INFEASIBLE:
        return None
    core = solver.sufficient_assumptions_for_infeasibility()
    if not core or any(index not in by_index for index in core):
        return None
    return [by_index[index] for index in core]


def extreme(problem: Problem, atoms: Sequence[Atom], content: Sum, seconds: float) -> int | None:
    """Return the most (where `low` is asked), or the least, that a sum can be when atoms are kept."""
    model = Submodel(problem)
    for atom in atoms:
        model.add(atom)
    total = model.total(content)
    model.close()
    if content.low is not None:
        model.cp.maximize(total)
    else:
        model.cp.minimize(total)
    solver = _solver(seconds, 1)
    return round(solver.objective_value) if solver.solve(model.cp) == OPTIMAL else None


def _solver(seconds: float, seed: int) -> CpSolver:
    solver = CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = max(seconds, 0.0)
    return solver
