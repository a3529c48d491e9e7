"""Background work: the optimisation of several wards with their internal unit, each ward a run of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from samplan.plugin_api import JobContext, JobFailed, JobRun, Outcome, PartRun, TenantSession, new_id
from samplan_rostering import labels
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.hospital import Guest, Hospital, hospital_faults
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import WardData
from samplan_rostering.jobs import expect_roster
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.services.rosters.stored import Made, store_internal, store_roster
from samplan_rostering.solver.solution import Reason, Snapshot, Solution, SolveOptions, Status
from samplan_rostering.solver.wards import (
    FOUND,
    HospitalOptions,
    HospitalSnapshot,
    HospitalSolution,
    WardTask,
)

PART = "rostering.solve_ward"


@dataclass(frozen=True, slots=True)
class Unit:
    """A ward or the internal unit, its period, and the mark of its input when the whole began."""

    period_id: UUID
    ward: WardData
    input_hash: str


def solve_ward_part(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Roster one ward around its guests; the roster is part of the result, by places of people and shifts.

    Raises:
        JobFailed: as for the optimisation of a single roster.
    """
    from samplan_rostering.solver.wards import solve_task  # with OR-Tools, late

    ctx.progress(pct=0, phase=labels.READING)
    with ctx.unit_of_work() as session:
        unit = _unit(session, params["period_id"])
        start = _start(session, unit.ward, params["start_run"])
    guests = tuple(Guest(g["day"], g["shift"], tuple(g["skills"])) for g in params["guests"])
    options = SolveOptions(seconds=params["seconds"], workers=1, seed=params["seed"])

    def report(snapshot: Snapshot) -> bool:
        pct = min(100.0 * snapshot.seconds / options.seconds, 100.0)
        found = {"incumbent": snapshot.objective, "bound": snapshot.bound}
        return not ctx.progress(pct=pct, phase=labels.SEARCHING, **found)

    solution = solve_task(unit.ward, WardTask(0, 0, options, guests, start), report)
    expect_roster(solution, round(options.seconds))
    evaluation = evaluate_ward(unit.ward, solution.assignments, guests)
    if evaluation.violations or evaluation.objective != solution.objective:
        raise JobFailed("rejected", str(labels.REJECTED), recomputed=evaluation.objective)
    return Outcome(
        {
            "objective": solution.objective,
            "bound": solution.bound,
            "status": solution.status.value,
            "uncovered": evaluation.uncovered,
            "seconds": round(solution.seconds, 3),
            "versions": dict(solution.versions),
            "input_hash": unit.input_hash,
            "rows": _rows(unit.ward, solution.assignments),
        }
    )


def solve_wards(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Roster wards and place their internal unit's people; all rosters are stored with the end of the run.

    A ward that gets no roster does not keep the others from theirs. A run that is stopped keeps its best
    rosters if that is wished.

    Raises:
        JobFailed: they cannot be rostered together, none gets a roster, some input was changed meanwhile, or
            the evaluator rejects what was found.
    """
    from samplan_rostering.solver.wards import solve_hospital  # with OR-Tools, late

    ctx.progress(pct=0, phase=labels.READING)
    with ctx.unit_of_work() as session:
        wards = [_unit(session, period_id) for period_id in params["period_ids"]]
        own = params["internal_period_id"]
        internal = None if own is None else _unit(session, own)
    hospital = Hospital(tuple(unit.ward for unit in wards), None if internal is None else internal.ward)
    faults = hospital_faults(hospital)
    if faults:
        message = str(labels.NOT_TOGETHER)
        raise JobFailed("not_together", message, faults="; ".join(str(fault) for fault in faults))
    options = HospitalOptions(params["seconds"], params["workers"], params["seed"], params["rounds"])

    def report(snapshot: HospitalSnapshot) -> bool:
        return not ctx.progress(incumbent=snapshot.objective)

    solution = solve_hospital(hospital, options, _Parts(ctx, wards, options), report)
    _check(solution)
    return _outcome(ctx, [*wards, *([internal] if internal else [])], hospital, solution)


def _unit(session: TenantSession, period_id: UUID) -> Unit:
    ward = ward_data(session, period_id)
    return Unit(period_id, ward, input_hash(ward))


def _rows(ward: WardData, assignments: Sequence[Assignment]) -> list[list[int]]:
    """Return for each of the ward's people the number of the shift of every day, -1 for a free one."""
    numbers = {shift.code: number for number, shift in enumerate(ward.shift_types)}
    rows = {employee.code: [-1] * ward.period.days for employee in ward.employees}
    for cell in assignments:
        rows[cell.employee][cell.day] = numbers[cell.shift]
    return list(rows.values())


def _assignments(ward: WardData, rows: Sequence[Sequence[int]]) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(employee.code, day, ward.shift_types[number].code)
        for employee, row in zip(ward.employees, rows, strict=True)
        for day, number in enumerate(row)
        if number >= 0
    )


def _start(session: TenantSession, ward: WardData, run_id: UUID | None) -> tuple[Assignment, ...]:
    """Return the roster of an earlier part, if it is there and of the same input."""
    run = None if run_id is None else session.get(JobRun, (session.tenant_id, run_id))
    if run is None or run.result is None or run.result["input_hash"] != input_hash(ward):
        return ()
    return _assignments(ward, run.result["rows"])


@dataclass(slots=True)
class _Parts:
    """Lets wards be solved in runs of their own."""

    ctx: JobContext
    wards: Sequence[Unit]
    options: HospitalOptions
    last: dict[int, UUID] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)

    def run(
        self,
        hospital: Hospital,  # noqa: ARG002 - each part reads its own ward
        tasks: Sequence[WardTask],
        done: Callable[[WardTask, Solution], bool],
    ) -> None:
        """Have the tasks done by whoever is free, and tell of all; raises `JobFailed` for changed input."""
        by_key = {self._key(task): task for task in tasks}
        changing = {task.ward for task in tasks}
        kept = sum(objective for ward, objective in self.known.items() if ward not in changing)

        def tell(found: Sequence[PartRun]) -> Mapping[str, Any]:
            phase = labels.PLACING if tasks[0].round else labels.WARDS
            ended = sum(part.finished for part in found)
            share = (tasks[0].round + ended / len(found)) / (self.options.rounds + 1)
            objectives = [_objective(part) for part in found]
            return {
                "pct": 100 * share,
                "phase": phase,
                "incumbent": kept + sum(o for o in objectives if o is not None),
                "wards_done": len(self.wards) - len(found) + ended,
                "wards": len(self.wards),
                "uncovered": sum((part.result or {}).get("uncovered", 0) for part in found),
            }

        params = {key: self._params(task) for key, task in by_key.items()}
        for part in self.ctx.run_parts(PART, params, tell):
            task = by_key[part.key]
            solution = self._solution(task, part)
            if solution.status in FOUND:
                self.last[task.ward] = part.run_id
                self.known[task.ward] = solution.objective or 0
            done(task, solution)

    def _key(self, task: WardTask) -> str:
        unit = self.wards[task.ward]
        content = repr((unit.input_hash, task.guests, self.last.get(task.ward), task.options.seed))
        mark = hashlib.sha256(content.encode()).hexdigest()[:16]
        return f"{task.round}:{unit.period_id}:{mark}"

    def _params(self, task: WardTask) -> dict[str, Any]:
        start = self.last.get(task.ward)
        return {
            "period_id": str(self.wards[task.ward].period_id),
            "seconds": round(task.options.seconds, 1),
            "seed": task.options.seed,
            "guests": [{**asdict(guest), "skills": list(guest.skills)} for guest in task.guests],
            "start_run": None if start is None else str(start),
        }

    def _solution(self, task: WardTask, part: PartRun) -> Solution:
        unit, result = self.wards[task.ward], part.result
        if result is not None and result["input_hash"] != unit.input_hash:
            raise JobFailed("changed", str(labels.CHANGED), unit=unit.ward.unit.name)
        infeasible = part.error_code == "infeasible"
        status = Status.INFEASIBLE if infeasible else Status.UNKNOWN
        return Solution(
            status=status if result is None else Status(result["status"]),
            objective=None if result is None else result["objective"],
            bound=None if result is None else result["bound"],
            seconds=0.0 if result is None else result["seconds"],
            seed=task.options.seed,
            versions={} if result is None else result["versions"],
            breakdown={},
            assignments=() if result is None else _assignments(unit.ward, result["rows"]),
            reasons=tuple(_reasons(part.error_details or {})) if infeasible else (),
        )


def _objective(part: PartRun) -> int | None:
    if part.result is not None:
        return int(part.result["objective"])
    incumbent = part.progress.get("incumbent")
    return None if incumbent is None else int(incumbent)


def _reasons(details: Mapping[str, Any]) -> list[Reason]:
    return [
        Reason(row["employee"], tuple(Rule(rule) for rule in row["rules"]), row["minutes"], row["limit"])
        for row in details.get("reasons", ())
    ]


def _check(solution: HospitalSolution) -> None:
    """Raise `JobFailed` when nobody has got a roster, or the evaluator finds a broken rule."""
    reasons = [*solution.reasons, *(reason for ward in solution.wards.values() for reason in ward.reasons)]
    if not any(ward.status in FOUND for ward in solution.wards.values()):
        named = [asdict(reason) for reason in reasons]
        raise JobFailed("infeasible" if reasons else "none_found", str(labels.NO_WARD), reasons=named)
    broken = [
        {"unit": unit, "rule": violation.rule.value, "employee": violation.employee, "day": violation.day}
        for unit, violation in solution.evaluation.violations
    ]
    if broken:
        raise JobFailed("rejected", str(labels.REJECTED), violations=broken)


def _outcome(
    ctx: JobContext, units: Sequence[Unit], hospital: Hospital, solution: HospitalSolution
) -> Outcome:
    """Return the sums, and what stores every roster."""
    ready = [unit for unit in units if _has_roster(unit, hospital, solution)]
    made = {unit.period_id: Made(new_id(), ctx.run_id, unit.period_id, unit.input_hash) for unit in ready}
    result = {
        "wards": len(hospital.wards),
        "wards_without_roster": sum(ward.status not in FOUND for ward in solution.wards.values()),
        "objective": solution.evaluation.objective,
        "uncovered": solution.evaluation.uncovered,
        "shifts_of_the_internal_unit": len(solution.placements),
        "rosters": {str(period_id): str(one.roster_id) for period_id, one in made.items()},
        "link": {"endpoint": "rostering.index", "values": {}},
    }

    def write(session: TenantSession) -> None:
        for unit in sorted(ready, key=lambda unit: unit.period_id):  # in one order: rows are locked
            if unit.ward is hospital.internal:
                judged = solution.evaluation.units[unit.ward.unit.code]
                own = _internal_solution(solution, judged.objective, judged.breakdown)
                store_internal(session, made[unit.period_id], hospital, solution.placements, own)
            else:
                store_roster(session, made[unit.period_id], unit.ward, solution.wards[unit.ward.unit.code])

    return Outcome(result, write)


def _has_roster(unit: Unit, hospital: Hospital, solution: HospitalSolution) -> bool:
    if unit.ward is hospital.internal:
        return bool(solution.placements) and not solution.reasons
    return solution.wards[unit.ward.unit.code].status in FOUND


def _internal_solution(solution: HospitalSolution, objective: int, breakdown: Mapping[Any, int]) -> Solution:
    first = next(ward for ward in solution.wards.values() if ward.status in FOUND)
    return Solution(
        status=Status.FEASIBLE,
        objective=objective,
        bound=None,
        seconds=solution.seconds,
        seed=first.seed,
        versions=first.versions,
        breakdown=breakdown,
        assignments=(),
    )
