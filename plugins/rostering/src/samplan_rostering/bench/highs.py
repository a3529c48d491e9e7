"""The plain model solved by HiGHS, which cannot be loaded into a process that has OR-Tools."""

from importlib import import_module
from importlib.metadata import version
from typing import Any

from samplan_rostering.bench.compact import Compact, build
from samplan_rostering.bench.peers import Clock, Tell, raised
from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.solver.solution import Solution, SolveOptions, Status


def solve_highs(instance: CurtoisInstance, options: SolveOptions, tell: Tell) -> Solution:
    """Solve the same model as a mixed-integer programme with HiGHS."""
    highspy: Any = import_module("highspy")
    clock, versions = Clock(options), {"highspy": version("highspy")}
    model = build(instance)
    solver = _loaded(highspy, model, options)
    failures: list[Exception] = []

    def improved(event: Any) -> None:
        values = event.data_out.mip_solution
        try:
            price = model.price(lambda cell: bool(values[cell] > 0.5))
            tell(clock.seconds(), price, raised(event.data_out.mip_dual_bound))
        except Exception as error:  # noqa: BLE001 - HiGHS would end without a word; it is raised again below
            failures.append(error)

    if clock.left() <= 0:
        return clock.solution(Status.UNKNOWN, [], None, None, versions)
    solver.cbMipImprovingSolution.subscribe(improved)
    solver.setOptionValue("time_limit", clock.left())
    if solver.run() == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS failed")
    if failures:
        raise failures[0]
    info, ended = solver.getInfo(), solver.getModelStatus()
    if ended == highspy.HighsModelStatus.kInfeasible:
        return clock.solution(Status.INFEASIBLE, [], None, None, versions)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return clock.solution(Status.UNKNOWN, [], None, info.mip_dual_bound, versions)
    values = solver.getSolution().col_value

    def is_given(cell: int) -> bool:
        return bool(values[cell] > 0.5)

    status = Status.OPTIMAL if ended == highspy.HighsModelStatus.kOptimal else Status.FEASIBLE
    return clock.solution(
        status, model.roster(is_given), model.price(is_given), info.mip_dual_bound, versions
    )


def _loaded(highspy: Any, model: Compact, options: SolveOptions) -> Any:
    """Return HiGHS with the model and the limits; without a gap it stops only at a proof."""
    solver = highspy.Highs()
    settings = {
        "output_flag": False,
        "threads": options.workers,
        "random_seed": options.seed,
        "mip_rel_gap": 0.0,
    }
    for name, value in settings.items():
        solver.setOptionValue(name, value)
    if solver.passModel(_to_highs(highspy, model)) == highspy.HighsStatus.kError:
        raise ValueError("HiGHS does not take the model")
    return solver


def _to_highs(highspy: Any, model: Compact) -> Any:
    """Return the model as HiGHS holds it, row by row; a clause is a sum of its literals."""
    infinite = highspy.kHighsInf
    starts, index, value, low, high = [0], [], [], [], []
    for clause in model.clauses:
        index += [*clause.true, *clause.false]
        value += [1.0] * len(clause.true) + [-1.0] * len(clause.false)
        low.append(1 - len(clause.false))
        high.append(infinite)
        starts.append(len(index))
    for row in model.sums:
        index += [variable for variable, _ in row.terms]
        value += [float(factor) for _, factor in row.terms]
        low.append(-infinite if row.low is None else row.low)
        high.append(infinite if row.high is None else row.high)
        starts.append(len(index))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.upper), len(low)
    lp.col_cost_, lp.offset_ = [float(cost) for cost in model.cost], float(model.offset)
    lp.col_lower_, lp.col_upper_ = [0.0] * len(model.upper), [float(upper) for upper in model.upper]
    lp.row_lower_, lp.row_upper_ = low, high
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(model.upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts, index, value
    return lp
