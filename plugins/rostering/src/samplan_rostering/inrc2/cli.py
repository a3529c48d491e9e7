"""`samplan rostering check-inrc2`: judge a roster of the competition INRC-II from its files."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from samplan_rostering.domain.inrc2.evaluate import (
    Inrc2Evaluation,
    Inrc2Rule,
    Inrc2Term,
    Inrc2Violation,
    evaluate_inrc2,
)
from samplan_rostering.domain.inrc2.rows import Inrc2FaultsError
from samplan_rostering.domain.inrc2.values import DAYS_A_WEEK, WEEKDAYS, Inrc2Assignment, Inrc2Instance
from samplan_rostering.inrc2.files import read_instance, read_solution
from samplan_rostering.inrc2.names import weeks_of

KEPT, BROKEN, BAD_INPUT = 0, 1, 2

RULE_NAMES: Mapping[Inrc2Rule, str] = MappingProxyType(
    {
        Inrc2Rule.MINIMAL_COVERAGE: "Minimal coverage constraints",
        Inrc2Rule.REQUIRED_SKILL: "Required skill constraints",
        Inrc2Rule.SUCCESSION: "Illegal shift type succession constraints",
        Inrc2Rule.SINGLE_ASSIGNMENT: "Single assignment per day",
    }
)
TERM_NAMES: Mapping[Inrc2Term, str] = MappingProxyType(
    {
        Inrc2Term.TOTAL_ASSIGNMENTS: "Total assignment constraints",
        Inrc2Term.CONSECUTIVE: "Consecutive constraints",
        Inrc2Term.DAYS_OFF: "Non working days constraints",
        Inrc2Term.PREFERENCES: "Preferences",
        Inrc2Term.MAX_WEEKENDS: "Max working weekend",
        Inrc2Term.COMPLETE_WEEKENDS: "Complete weekends",
        Inrc2Term.OPTIMAL_COVERAGE: "Optimal coverage constraints",
    }
)
"""Rules as the official validator calls them, in its order."""


def _numbers(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[int, ...]:
    try:
        return weeks_of(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("check-inrc2")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--history", type=click.IntRange(0, 9999), required=True, help="Number of the history file.")
@click.option("--weeks", callback=_numbers, required=True, help="Numbers of the week data, such as 1-2-3-3.")
@click.option("--solution", type=click.Path(path_type=Path), required=True, help="Folder of Sol-*.txt.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value on standard output.")
def check_inrc2(*, folder: Path, history: int, weeks: tuple[int, ...], solution: Path, as_json: bool) -> None:
    """Judge a roster of the competition INRC-II whose scenario, history and week data lie in FOLDER.

    Ends with 0 when every hard rule is kept, 1 when not, 2 for bad input.
    """
    try:
        instance = read_instance(folder, history, weeks)
        assignments = read_solution(solution, instance, weeks)
    except Inrc2FaultsError as error:
        for fault in error.faults:
            click.echo(str(fault), err=True)
        sys.exit(BAD_INPUT)
    evaluation = evaluate_inrc2(instance, assignments)
    if as_json:
        click.echo(json.dumps(_as_json(instance, assignments, evaluation), ensure_ascii=False))
    else:
        click.echo("\n".join(validator_lines(instance, assignments, evaluation)))
        for violation in evaluation.violations:
            click.echo(_line(violation))
    sys.exit(BROKEN if evaluation.violations else KEPT)


def validator_lines(
    instance: Inrc2Instance, assignments: Iterable[Inrc2Assignment], evaluation: Inrc2Evaluation
) -> list[str]:
    """Return the lines that the official validator writes."""
    return [
        *_grid(instance, assignments),
        *("", ""),
        *_headed("Hard constraint violations"),
        *(f"{name}: {evaluation.broken(rule)}" for rule, name in RULE_NAMES.items()),
        *("", ""),
        *_headed("Cost per constraint type"),
        *(f"{name}: {evaluation.breakdown[term]}" for term, name in TERM_NAMES.items()),
        *("", "-" * 24, ""),
        f"Total cost: {evaluation.objective}",
    ]


def _headed(heading: str) -> Sequence[str]:
    return heading, "-" * len(heading), ""


def _grid(instance: Inrc2Instance, assignments: Iterable[Inrc2Assignment]) -> list[str]:
    """Return the roster, each shift by its first letter."""
    shown = {(cell.nurse, cell.day): cell.shift[0] for cell in sorted(assignments, reverse=True)}
    width = max((len(nurse.id) for nurse in instance.scenario.nurses), default=0) + 1

    def line(name: str, days: Sequence[str]) -> str:
        weeks = (days[monday : monday + DAYS_A_WEEK] for monday in range(0, len(days), DAYS_A_WEEK))
        return f"{name:<{width}}" + " ".join(f"|{'|'.join(week)}|" for week in weeks)

    head = line("", [day[0] for day in WEEKDAYS] * len(instance.weeks))
    rows = [
        line(nurse.id, [shown.get((nurse.id, day), "-") for day in range(instance.days)])
        for nurse in instance.scenario.nurses
    ]
    return [head, "-" * (len(head) + 2), *rows]


def _as_json(
    instance: Inrc2Instance, assignments: Sequence[Inrc2Assignment], evaluation: Inrc2Evaluation
) -> dict[str, Any]:
    return {
        "scenario": instance.scenario.id,
        "nurses": len(instance.scenario.nurses),
        "weeks": len(instance.weeks),
        "assignments": len(assignments),
        "violations": [
            {
                "rule": violation.rule.value,
                "day": violation.day,
                "nurse": violation.nurse,
                "shift": violation.shift,
                "skill": violation.skill,
                "missing": violation.missing,
            }
            for violation in evaluation.violations
        ],
        "objective": evaluation.objective,
        "breakdown": {term.value: cost for term, cost in evaluation.breakdown.items()},
    }


def _line(violation: Inrc2Violation) -> str:
    week, day = divmod(violation.day, DAYS_A_WEEK)
    who = f"{violation.missing} missing" if violation.nurse is None else violation.nurse
    return f"{violation.rule.value}: {who}, week {week} {WEEKDAYS[day]}, {violation.shift} {violation.skill}"
