"""What a file of employees may say: its fields, with the professions, skills and units to choose from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select

from samplan.plugin_api import Choice, Label, OrgUnit, Profession, SheetSpec, TenantSession
from samplan_rostering.queries.setup.wards import WardLine, skills_of, ward_lines
from samplan_rostering.workbook.staff_file import staff_file

OTHER_UNIT = "*"
"""Stands for every unit that is no ward."""


def fields_of(session: TenantSession, ward: WardLine) -> SheetSpec:
    """Return the fields of a file for a ward."""
    professions = session.scalars(select(Profession).order_by(Profession.name))
    return staff_file(
        [Choice(row.name, Label(row.name), (row.code,)) for row in professions],
        [Choice(row.code, Label(row.name or row.code), (row.code,)) for row in skills_of(session, ward.id)],
        _units(session, ward),
    )


def _units(session: TenantSession, ward: WardLine) -> list[Choice]:
    """Return the wards, the file's own first, and one choice that stands for all other units.

    A unit goes by its code, and by its name where no other unit has it.
    """
    units = session.execute(select(OrgUnit.code, OrgUnit.name)).all()
    counted = Counter(name for _code, name in units)
    wards = sorted(ward_lines(session), key=lambda line: line.id != ward.id)
    known = {line.code for line in wards}
    others = [(code, name) for code, name in units if code not in known]
    return [
        *(
            Choice(line.code, Label(f"{line.name} ({line.code})"), _names(line.code, line.name, counted))
            for line in wards
        ),
        Choice(
            OTHER_UNIT,
            Label("annan enhet", "another unit"),
            tuple(text for code, name in others for text in _names(code, name, counted)),
        ),
    ]


def _names(code: str, name: str, counted: Mapping[str, int]) -> tuple[str, ...]:
    return (code, name) if counted[name] == 1 else (code,)
