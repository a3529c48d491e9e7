"""What a form carries from page to page: changes of a roster's cells, and what is new."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, time

from samplan.plugin_api import Invalid, _
from samplan_rostering.domain.explain.effect import CellChange
from samplan_rostering.domain.explain.news import Away, News, needed
from samplan_rostering.domain.ward import WardData

MOST_CHANGES = 2000


def packed(changes: Iterable[CellChange]) -> str:
    """Return changes as the text of a form's field."""
    cells = [[change.employee, change.day, change.before, change.after] for change in changes]
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> tuple[CellChange, ...]:
    """Return the changes of a form's field; raises `Invalid` for what `packed` has not made."""
    try:
        cells = json.loads(text)
    except (ValueError, RecursionError):
        cells = None
    if isinstance(cells, list) and len(cells) <= MOST_CHANGES and all(map(_is_change, cells)):
        return tuple(CellChange(*cell) for cell in cells)
    message = _("a list of changes: employee, day, shift before and shift after")
    raise Invalid(_("The changes did not arrive whole. Go back and try again."), {"changes": [message]})


def _is_change(cell: object) -> bool:
    return (
        isinstance(cell, list)
        and len(cell) == 4
        and type(cell[1]) is int
        and all(isinstance(cell[place], str) and cell[place].isprintable() for place in (0, 2, 3))
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def away_values(away: Away) -> dict[str, str]:
    """Return who is away as JSON holds it; without times it is whole days."""
    given = {name: getattr(away, name) for name in ("first", "last", "start", "end")}
    return {
        "employee": away.employee,
        **{n: each.isoformat() for n, each in given.items() if each is not None},
    }


def away_of(employee: str, first: str, last: str, start: str | None = None, end: str | None = None) -> Away:
    """Return who is away from what JSON holds; raises ValueError or TypeError for what it cannot hold."""
    times = (None if clock is None else time.fromisoformat(clock) for clock in (start, end))
    return Away(_text(employee), date.fromisoformat(first), date.fromisoformat(last), *times)


def packed_news(news: News) -> str:
    """Return news as the text of a form's field."""
    away = [away_values(row) for row in news.away]
    needs = [[row.date.isoformat(), row.shift, row.skill, row.minimum] for row in news.needs]
    return json.dumps({"away": away, "needs": needs}, ensure_ascii=False, separators=(",", ":"))


def unpacked_news(text: str, ward: WardData) -> News:
    """Return the news of a form's field; raises `Invalid` for what `packed_news` has not made."""
    try:
        value = json.loads(text)
        news = News(
            tuple(away_of(**row) for row in value["away"]),
            tuple(
                needed(date.fromisoformat(on), _text(shift), None if skill is None else _text(skill), number)
                for on, shift, skill, number in value["needs"]
            ),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        news = News()
    if (news.away or news.needs) and news.unknown(ward) is None:
        return news
    message = _("who is away from which date to which, or what is needed on which date")
    raise Invalid(_("What is new did not arrive whole. Go back and try again."), {"news": [message]})
