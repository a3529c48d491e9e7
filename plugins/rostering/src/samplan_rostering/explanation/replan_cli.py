"""`samplan rostering replan`: change a published roster as little as possible."""

from __future__ import annotations

import json
import sys
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from samplan.plugin_api import _
from samplan_rostering.domain.explain.news import Away, News, Prices, with_news
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import DatedRequirement, Period, WardData
from samplan_rostering.explanation import values
from samplan_rostering.explanation.cli import CLASH, TOLD, fail, json_option, language_option, read_day
from samplan_rostering.explanation.language import speaking
from samplan_rostering.explanation.words import Words

if TYPE_CHECKING:
    from samplan_rostering.solver.replan.plan import Change, Replan

PRICE = click.IntRange(0, 100_000)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--roster", type=click.Path(path_type=Path), required=True, help="The published roster (JSON).")
@click.option("--from", "first", metavar="DAY", required=True, help="The first day that may change.")
@click.option("--today", metavar="DAY", help="The day that notice counts from; the first one unless told.")
@click.option("--absent", nargs=3, multiple=True, metavar="EMPLOYEE FIRST LAST", help="New: who is away.")
@click.option(
    "--absent-part",
    nargs=5,
    multiple=True,
    metavar="EMPLOYEE FIRST LAST START END",
    help="New: who is away for a part of each day, such as 07:00 10:00; an END of 00:00 is the day's end.",
)
@click.option("--need", nargs=4, multiple=True, metavar="DAY SHIFT SKILL N", help="New: how many at least.")
@click.option("--told", nargs=2, multiple=True, metavar="EMPLOYEE DAY", help="Who was told of a change.")
@click.option("--price-later", type=PRICE, default=50, show_default=True, help="With enough notice.")
@click.option("--price-soon", type=PRICE, default=100, show_default=True, help="With less notice.")
@click.option("--price-told", type=PRICE, default=100, show_default=True, help="More for who was told.")
@click.option("--everywhere", is_flag=True, help="Search the whole roster, not only around what is new.")
@click.option("--seconds", type=click.FloatRange(0.1, 3600), default=2, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the roster goes (JSON).")
@language_option
@json_option
def replan(
    *,
    file: Path,
    roster: Path,
    first: str,
    today: str | None,
    out: Path,
    language: str,
    as_json: bool,
    **options: Any,
) -> None:
    """Re-plan the published roster of FILE, a ward's workbook, for new absences and needs.

    A `-` for SKILL is none in particular. Ends with 0, 2 for bad input, 3 when somebody cannot have any row
    from the first day on, with the rules that clash; nothing is written then.
    """
    with speaking(language):
        ward, published = _read(file, roster)
        answer = _answer(ward, published, first, today or first, options)
        value = _value(answer, ward)
        if not answer.clashes:
            _write(out, answer)
        if as_json:
            click.echo(json.dumps(value, ensure_ascii=False))
        else:
            for line in _lines(answer, value, Words.of_ward(ward)):
                click.echo(line)
    sys.exit(CLASH if answer.clashes else TOLD)


def _read(file: Path, roster: Path) -> tuple[WardData, list[Assignment]]:
    from samplan_rostering.cli import read_roster, read_source  # that module offers this command

    source = read_source(file, "auto").value
    if not isinstance(source, WardData):
        fail(f"{file.name}: not a ward's workbook")
    return source, read_roster(roster)[1]


def _answer(
    before: WardData, published: list[Assignment], first: str, today: str, options: dict[str, Any]
) -> Replan:
    from samplan_rostering.solver.replan.plan import ReplanOptions
    from samplan_rostering.solver.replan.plan import replan as replan_ward

    away = [*options["absent"], *options["absent_part"]]
    ward = _with_news(before, [_away(before, *row) for row in away], options["need"])
    prices = Prices(options["price_later"], options["price_soon"], options["price_told"])
    told = {(_employee(ward, code), _day(day, ward.period)) for code, day in options["told"]}
    try:
        return replan_ward(
            ward,
            published,
            ReplanOptions(
                first=_day(first, ward.period),
                today=_today(today, ward.period),
                prices=prices,
                told=frozenset(told),
                everywhere=options["everywhere"],
                seconds=options["seconds"],
            ),
            before,
        )
    except ValueError as error:
        fail(str(error))


def _with_news(ward: WardData, away: list[Away], needs: list[tuple[str, str, str, str]]) -> WardData:
    """Return the ward with new absences and needs; ends the command where they name what it has not."""
    return with_news(ward, News(tuple(away), tuple(_need(ward, *need) for need in needs)))


def _away(ward: WardData, code: str, first: str, last: str, *clocks: str) -> Away:
    """Return an absence, for a part of each day with two clock times."""
    option, date_of = "--absent-part" if clocks else "--absent", ward.period.date_of
    one, two = _day(first, ward.period), _day(last, ward.period)
    away = Away(_employee(ward, code), date_of(one), date_of(two), *(_clock(text) for text in clocks))
    if away.last < away.first:
        fail(f"{option}: the last day lies before the first")
    if not away.absence().sound:
        fail(f"{option}: the end must be after the start on the same day; 00:00 is the end of the day")
    return away


def _clock(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a clock time of the ward's
    except ValueError:
        fail(f"--absent-part: {text!r}, expected a time such as 07:00")


def _need(ward: WardData, day: str, shift: str, skill: str, number: str) -> DatedRequirement:
    if shift not in {kind.code for kind in ward.shift_types}:
        fail(f"the ward has no shift {shift}")
    if skill != "-" and skill not in {held.code for held in ward.skills}:
        fail(f"the ward has no skill {skill}")
    if not number.isdecimal() or len(number) > 3:
        fail(f"--need: {number!r}, expected a number from 0 to 999")
    on = ward.period.date_of(_day(day, ward.period))
    return DatedRequirement(on, shift, None if skill == "-" else skill, int(number), int(number), None)


def _employee(ward: WardData, code: str) -> str:
    if code not in {person.code for person in ward.employees}:
        fail(f"the ward has no employee {code}")
    return code


def _day(text: str, period: Period) -> int:
    day = read_day(text, period)
    if not 0 <= day < period.days:
        fail(f"{text}: not a day of the period")
    return day


def _today(text: str, period: Period) -> int:
    """Return the day of today, which may lie before the period when it is given as a date."""
    day = read_day(text, period)
    if day == -1 and period.date_of(-1).isoformat() != text:
        fail(f"{text}: not a date")
    return day


def _value(answer: Replan, ward: WardData) -> dict[str, Any]:
    from samplan_rostering.explanation.clashes import ClashWords
    from samplan_rostering.solver.from_ward import problem_from_ward

    words = Words.of_ward(ward)
    clash_words = ClashWords.of_ward(problem_from_ward(ward), ward) if answer.clashes else None
    return {
        "changes": [
            {
                **values.change_value(change.cell, words),
                "notice_days": change.notice,
                "price": change.price,
                "forced": change.forced,
            }
            for change in answer.changes
        ],
        "price": answer.price,
        "effect": values.effect_value(answer.effect, words),
        "gaps": [values.gap_value(gap, words) for gap in answer.gaps],
        "kept": [values.violation_value(violation, words) for violation in answer.kept],
        "broken": [values.violation_value(violation, words) for violation in answer.broken],
        "clashes": [] if clash_words is None else [clash_words.clash(clash) for clash in answer.clashes],
        "seconds": round(answer.seconds, 2),
    }


def _lines(answer: Replan, value: dict[str, Any], words: Words) -> list[str]:
    if answer.clashes:
        parts = [f"- {part['text']}" for clash in value["clashes"] for part in clash["parts"]]
        return [_("These rules clash from the first day on:"), *parts]
    return [
        *(_change(change, words) for change in answer.changes),
        _("%(count)s changes, %(price)s points", count=len(answer.changes), price=answer.price),
        *words.effect(answer.effect),
        *(_("Still open: %(gap)s", gap=words.gap(gap)) for gap in answer.gaps),
        *(
            _("Broken before: %(rule)s", rule=f"{words.name(v.employee)}: {words.rule(v)}")
            for v in answer.kept
        ),
        *(_("Broken: %(rule)s", rule=f"{words.name(v.employee)}: {words.rule(v)}") for v in answer.broken),
    ]


def _change(change: Change, words: Words) -> str:
    cell = words.change(change.cell)
    if change.forced:
        return _("%(change)s (cannot be worked)", change=cell)
    return _(
        "%(change)s (days of notice: %(days)s, points: %(price)s)",
        change=cell,
        days=change.notice,
        price=change.price,
    )


def _write(out: Path, answer: Replan) -> None:
    cells = [{"employee": a.employee, "day": a.day, "shift": a.shift} for a in answer.assignments]
    try:
        out.write_text(json.dumps({"assignments": cells}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        fail(f"{out}: {error.strerror}")
