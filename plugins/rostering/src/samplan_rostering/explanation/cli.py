"""`samplan rostering explain` and `recommend`: why a roster is as it is, and what would close a gap."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NoReturn

import click

from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.explain.recommend import recommend as recommend_for
from samplan_rostering.domain.explain.shares import shares_of
from samplan_rostering.domain.explain.why_not import UnknownError, gap_reasons, why_not
from samplan_rostering.domain.ward import Period, WardData
from samplan_rostering.explanation import values
from samplan_rostering.explanation.language import LOCALES, speaking
from samplan_rostering.explanation.words import KINDS, Words

TOLD, NONE, BAD_INPUT, CLASH, UNKNOWN = 0, 1, 2, 3, 4
MOST_CHARGES = 20
"""Single costs that are printed; `--json` has all."""

roster_option = click.option("--roster", type=click.Path(path_type=Path), help="The roster (JSON).")
skill_option = click.option("--skill", help="The skill that is missing, by its code.")
language_option = click.option(
    "--language", type=click.Choice(sorted(LOCALES)), default="sv", show_default=True, help="Of the words."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON value on standard output.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@roster_option
@click.option("--gap", nargs=2, metavar="DAY SHIFT", help="Why does nobody work there?")
@skill_option
@click.option("--why-not", nargs=3, metavar="EMPLOYEE DAY SHIFT", help="Why not this person there?")
@click.option("--shares", is_flag=True, help="What is the objective made of?")
@click.option("--hard-cover", is_flag=True, help="Ask whether every minimum can be staffed at once.")
@click.option("--seconds", type=click.FloatRange(0.1, 3600), default=60, show_default=True)
@language_option
@json_option
def explain(
    *,
    file: Path,
    roster: Path | None,
    gap: tuple[str, str] | None,
    skill: str | None,
    why_not: tuple[str, str, str] | None,
    shares: bool,
    hard_cover: bool,
    seconds: float,
    language: str,
    as_json: bool,
) -> None:
    """Say why FILE, a ward's workbook or a benchmark text, has no roster, or why a roster of it is as it is.

    Without a question it looks for the smallest set of rules, locked cells and (--hard-cover) requirements
    that clash. DAY is a date or a number counted from 0. Ends with 0, 2 for bad input, 3 for a clash, 4 when
    it was not found out in time.
    """
    asked = sum((bool(gap), bool(why_not), shares))
    if asked > 1 or (asked and hard_cover):
        raise click.UsageError("one question at a time: --gap, --why-not, --shares or --hard-cover")
    if asked and roster is None:
        raise click.UsageError("--roster is needed for this question")
    with speaking(language):
        if roster is None or not asked:
            _explain_clash(file, hard_cover=hard_cover, seconds=seconds, as_json=as_json)
        elif shares:
            _explain_shares(file, roster, as_json=as_json)
        else:
            _explain_cell(file, roster, gap, why_not, skill, as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--roster", type=click.Path(path_type=Path), required=True, help="The roster (JSON).")
@click.option("--gap", nargs=2, metavar="DAY SHIFT", required=True, help="Where somebody is missing.")
@skill_option
@click.option("--most", type=click.IntRange(1, 10), default=8, show_default=True, help="Suggestions at most.")
@language_option
@json_option
def recommend(
    *,
    file: Path,
    roster: Path,
    gap: tuple[str, str],
    skill: str | None,
    most: int,
    language: str,
    as_json: bool,
) -> None:
    """Suggest what would close a gap in a roster of FILE, a ward's workbook, each with its exact effect.

    Ends with 0, 1 when nobody of the ward was found who can, 2 for bad input.
    """
    with speaking(language):
        ward, judge = read_case(file, roster)
        words = Words.of_ward(ward)
        with unknown_refused():
            answer = recommend_for(judge, read_day(gap[0], ward.period), gap[1], skill, most)
        value = values.recommendation_value(answer, words)
        if as_json:
            click.echo(json.dumps(value, ensure_ascii=False))
        else:
            for number, item in enumerate(answer.suggestions, start=1):
                click.echo(f"{number}. {KINDS[item.kind]}")
                for change in item.effect.changes:
                    click.echo(f"   {words.change(change)}")
                for line in words.effect(item.effect):
                    click.echo(f"   - {line}")
            if answer.reasons is not None:
                click.echo(value["text"])
                for line in words.reasons(answer.reasons):
                    click.echo(f"- {line}")
    sys.exit(NONE if answer.call_off else TOLD)


def _explain_clash(file: Path, *, hard_cover: bool, seconds: float, as_json: bool) -> None:
    from samplan_rostering.cli import read_source  # that module offers this command
    from samplan_rostering.explanation.clashes import ClashWords
    from samplan_rostering.solver.explain.clash import Verdict
    from samplan_rostering.solver.explain.clash import explain as explain_problem
    from samplan_rostering.solver.from_curtois import problem_from_curtois
    from samplan_rostering.solver.from_ward import problem_from_ward

    source = read_source(file, "auto").value
    if isinstance(source, WardData):
        problem = problem_from_ward(source)
        words = ClashWords.of_ward(problem, source)
    else:
        problem = problem_from_curtois(source)
        words = ClashWords(problem, Words.of_instance(source), ())
    hard = range(len(problem.cover)) if hard_cover else ()
    answer = explain_problem(problem, hard=hard, seconds=seconds)
    if as_json:
        click.echo(json.dumps(words.value(answer), ensure_ascii=False))
    else:
        click.echo(words.verdict(answer))
        for clash in answer.clashes:
            click.echo("")
            for part in clash.parts:
                click.echo(f"- {words.part(part)}")
    sys.exit({Verdict.POSSIBLE: TOLD, Verdict.CLASH: CLASH, Verdict.UNKNOWN: UNKNOWN}[answer.verdict])


def _explain_shares(file: Path, roster: Path, *, as_json: bool) -> None:
    from samplan_rostering.cli import read_roster, read_source  # that module offers this command

    source = read_source(file, "auto")
    shares = shares_of(source.evaluate(read_roster(roster)[1]))
    value = source.value
    words = Words.of_ward(value) if isinstance(value, WardData) else Words.of_instance(value)
    shown = values.shares_value(shares, words)
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"{shares.objective}")
    for charge in shown["charges"][:MOST_CHARGES]:
        click.echo(f"{charge['points']:>7}  {charge['text']}")
    if rest := shares.charges[MOST_CHARGES:]:
        click.echo(f"{sum(charge.points for charge in rest):>7}  +{len(rest)}")


def _explain_cell(
    file: Path,
    roster: Path,
    gap: tuple[str, str] | None,
    person: tuple[str, str, str] | None,
    skill: str | None,
    *,
    as_json: bool,
) -> None:
    ward, judge = read_case(file, roster)
    words = Words.of_ward(ward)
    with unknown_refused():
        if person is not None:
            answer = why_not(judge, person[0], read_day(person[1], ward.period), person[2])
            value, lines = values.why_not_value(answer, words), list(words.effect(answer.effect))
        elif gap is not None:
            reasons = gap_reasons(judge, read_day(gap[0], ward.period), gap[1], skill)
            value, lines = values.reasons_value(reasons, words), list(words.reasons(reasons))
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False))
    else:
        for line in lines:
            click.echo(line)


def read_case(file: Path, roster: Path) -> tuple[WardData, Judge]:
    """Return a ward and its judged roster; ends the command with 2 when they cannot be used."""
    from samplan_rostering.cli import read_roster, read_source  # that module offers these commands

    source = read_source(file, "auto").value
    if not isinstance(source, WardData):
        fail(f"{file.name}: not a ward's workbook, which this question is about")
    return source, Judge(source, read_roster(roster)[1])


LONGEST_DAY = 10
"""Digits that no day has."""


def read_day(text: str, period: Period) -> int:
    """Return a day by its date or its number; -1, which no period has, for anything else."""
    if text.isdecimal():
        return int(text) if len(text) < LONGEST_DAY else -1
    try:
        return period.day_of(date.fromisoformat(text))
    except ValueError:
        return -1


def fail(*lines: str) -> NoReturn:
    """End the command with 2, saying why on standard error."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(BAD_INPUT)


@contextmanager
def unknown_refused() -> Iterator[None]:
    """End the command with 2 where a question names what the ward has not."""
    try:
        yield
    except UnknownError as error:
        fail(f"the ward has no such {error.args[0]}")
