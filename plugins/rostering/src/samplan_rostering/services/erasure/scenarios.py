"""Scenarios and searches know people by their employment id: it goes with the person's other data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from samplan.plugin_api import TenantSession
from samplan_rostering.models import Roster, Scenario, SolveTrace
from samplan_rostering.queries.extract.person import cell_of, names_person

PRIVATE = ("absence", "rule")
"""Changes that say something about a person which is not kept with the pseudonym either."""


def naming_rows(session: TenantSession, code: str) -> list[Scenario | Roster | SolveTrace]:
    """Return the scenarios, their rosters, and the searches under way that name an employment id."""
    rows: list[Scenario | Roster | SolveTrace] = []
    rows += session.scalars(select(Scenario).where(names_person(Scenario.changes, code)))
    rows += session.scalars(
        select(Roster).where(Roster.scenario_id.is_not(None), cell_of(Roster.cells, code))
    )
    rows += session.scalars(select(SolveTrace).where(cell_of(SolveTrace.cells, code)))
    return rows


def rename(row: Scenario | Roster | SolveTrace, code: str, pseudonym: str) -> None:
    """Put a pseudonym in the place of an employment id; absences and rules of the person go."""
    if isinstance(row, Scenario):
        row.changes = list(_changes(row.changes, code, pseudonym))
        row.version += 1
    else:
        row.cells = [[pseudonym if who == code else who, day, shift] for who, day, shift in row.cells or ()]


def _changes(changes: list[Any], code: str, pseudonym: str) -> Iterator[Mapping[str, Any]]:
    for change in changes:
        people = change.get("employees", ())
        if change["kind"] in PRIVATE and code in (change.get("employee"), change.get("other")):
            continue
        if change["kind"] in PRIVATE and code in people:
            others = [who for who in people if who != code]
            if others or change.get("professions"):
                yield {**change, "employees": others}
        else:
            yield {name: _renamed(value, code, pseudonym) for name, value in change.items()}


def _renamed(value: Any, code: str, pseudonym: str) -> Any:
    if isinstance(value, list):
        return [pseudonym if item == code else item for item in value]
    return value
