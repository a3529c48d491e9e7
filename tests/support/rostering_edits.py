"""What the tests of changes by hand share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from rostering_pages import work
from samplan.testing.site import Site
from samplan_rostering.models import Assignment, Employee, ShiftType
from samplan_rostering.services.rosters.edits import Edited

NOW = datetime(2027, 1, 10, 22, 30, tzinfo=UTC)  # still the 10th in Stockholm
Change = Callable[..., Edited]


def cells(site: Site, roster_id: UUID) -> dict[tuple[str, int], str]:
    """Return the roster by employee and day of January."""
    with work(site) as session:
        rows = session.execute(
            select(Employee.code, Assignment.on_date, ShiftType.code)
            .select_from(Assignment)
            .join(Employee, Employee.id == Assignment.employee_id)
            .join(ShiftType, ShiftType.id == Assignment.shift_type_id)
            .where(Assignment.roster_id == roster_id)
        )
        return {(code, on.day): shift for code, on, shift in rows}
