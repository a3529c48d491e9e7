"""Contracts that are split over wards stay as they are when one of the wards is read in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from samplan.plugin_api import Invalid, TenantSession, _
from samplan_rostering.models import Contract
from samplan_rostering.queries.employees.shares import percentages


def kept_apart(
    session: TenantSession,
    old: Sequence[Contract],
    new: Sequence[Contract],
    ward_id: UUID,
    codes: Mapping[UUID, str],
) -> tuple[list[Contract], list[Contract]]:
    """Return the old contracts that may be replaced, and the new ones that are to be stored.

    A ward's file states of a split contract what is the ward's: that is known already. Anything else about
    the same dates would undo the split, and is refused.

    Raises:
        Invalid: the file changes a split contract.
    """
    split = percentages(session, old, ward_id)
    if not split:
        return list(old), list(new)
    apart = [row for row in old if row.id in split]
    stated = [row for row in new if not any(_is_share(row, of, split[of.id]) for of in apart)]
    for row in stated:
        if any(row.employee_id == of.employee_id and _overlap(row, of) for of in apart):
            message = _(
                "The contract of %(code)s is split over several wards. Change it on the employee's page.",
                code=codes.get(row.employee_id, ""),
            )
            raise Invalid(message, {"contracts": [message]})
    return [row for row in old if row.id not in split], stated


def _is_share(row: Contract, of: Contract, percentage: object) -> bool:
    return (
        row.employee_id,
        row.valid_from,
        row.valid_to,
        row.percentage,
        row.roster_type,
        row.fulltime_week_minutes,
    ) == (
        of.employee_id,
        of.valid_from,
        of.valid_to,
        percentage,
        of.roster_type,
        of.fulltime_week_minutes,
    )


def _overlap(one: Contract, other: Contract) -> bool:
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max)
