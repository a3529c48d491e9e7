"""A tenant's saved mappings: found again when a file has the same headings, saved in versions, removed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from samplan.audit.service import record
from samplan.db.session import TenantSession
from samplan.db.turns import take_turn
from samplan.errors import Invalid, NotFound
from samplan.i18n import _
from samplan.imports.identity_numbers import holds_identity_number
from samplan.imports.mapping import ColumnMapping, check_mapping, guess_mapping
from samplan.imports.models import ImportMapping
from samplan.imports.sources import SourceTable
from samplan.imports.spec import SheetSpec

LONGEST_NAME = 80
_OBJECT = "import_mapping"


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """The newest version of a mapping; version 0 is a guess that nobody has saved."""

    name: str
    version: int
    mapping: ColumnMapping


def saved_mappings(session: TenantSession, purpose: str) -> list[SavedMapping]:
    """Return the newest version of each mapping for a purpose, by name."""
    rows = session.scalars(
        select(ImportMapping)
        .where(ImportMapping.purpose == purpose)
        .order_by(ImportMapping.name, ImportMapping.version.desc())
        .ext(distinct_on(ImportMapping.name))
    )
    return [SavedMapping(row.name, row.version, ColumnMapping.of(row.content)) for row in rows]


def saved_mapping(session: TenantSession, purpose: str, name: str) -> SavedMapping:
    """Return the newest version of a mapping; raises `NotFound`."""
    found = next((saved for saved in saved_mappings(session, purpose) if saved.name == name), None)
    if found is None:
        raise NotFound(_("There is no saved mapping of that name."))
    return found


def first_mapping(session: TenantSession, purpose: str, spec: SheetSpec, source: SourceTable) -> SavedMapping:
    """Return the saved mapping that uses most columns of a file and only such as it has.

    Where none fits it is a guess, of version 0.
    """
    fitting = [saved for saved in saved_mappings(session, purpose) if saved.mapping.fits(source)]
    guess = SavedMapping("", 0, guess_mapping(spec, source))
    return max(fitting, key=lambda saved: (len(saved.mapping.columns), saved.version), default=guess)


def save_mapping(
    session: TenantSession, purpose: str, spec: SheetSpec, name: str, mapping: ColumnMapping
) -> SavedMapping:
    """Save a mapping under a name: as its next version, or not again when the newest says the same.

    Raises `Invalid` for a name that is none and for a mapping of something else.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or holds_identity_number(name):
        message = _("Give the mapping a name of at most %(n)s characters.", n=LONGEST_NAME)
        raise Invalid(message, {"name": [message]})
    check_mapping(spec, mapping)
    # So that two who save at once get two versions.
    take_turn(session, f"import_mapping:{purpose}")
    newest = next((saved for saved in saved_mappings(session, purpose) if saved.name == name), None)
    if newest is not None and newest.mapping == mapping:
        return newest
    version = 1 if newest is None else newest.version + 1
    row = ImportMapping(purpose=purpose, name=name, version=version, content=mapping.as_dict())
    session.add(row)
    session.flush()
    after = {"name": name, "purpose": purpose, "version": version, "columns": sorted(mapping.columns)}
    record(session, "import_mapping.saved", _OBJECT, row.id, after=after)
    return SavedMapping(name, version, mapping)


def remove_mapping(session: TenantSession, purpose: str, name: str) -> None:
    """Remove a mapping with all its versions; what was read in by it stays. Raises `NotFound`."""
    rows = session.scalars(
        select(ImportMapping).where(ImportMapping.purpose == purpose, ImportMapping.name == name)
    ).all()
    if not rows:
        raise NotFound(_("There is no saved mapping of that name."))
    newest = max(rows, key=lambda row: row.version)
    before = {"name": name, "purpose": purpose, "version": newest.version}
    record(session, "import_mapping.removed", _OBJECT, newest.id, before=before)
    for row in rows:
        session.delete(row)
    session.flush()
