"""A region's templates of files for other systems: added, changed, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import Conflict, Invalid, TenantSession, _, record
from samplan_rostering.domain.export import COLUMNS, DECIMALS, ENCODINGS, SEPARATORS, Column, Spelling
from samplan_rostering.models import ExportTemplate
from samplan_rostering.queries.publishing.export_rows import get_template

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a template is to be."""

    name: str
    columns: Sequence[Column]
    spelling: Spelling


def save_template(
    session: TenantSession, template_id: UUID | None, wanted: Wanted, *, version: int, now: datetime
) -> ExportTemplate:
    """Add a template, or change the one with the id.

    Raises:
        NotFound: there is none with the id.
        Conflict: it is another version by now than was seen.
        Invalid: no name or one that is taken, no column or one twice, or a spelling that is none.
    """
    row = _locked(session, template_id, version) if template_id else None
    _check(session, row, wanted)
    if row is None:
        row = ExportTemplate(version=0)
        session.add(row)
    row.name = wanted.name.strip()
    row.columns = [{"key": column.key, "heading": column.heading} for column in wanted.columns]
    row.separator, row.decimal = wanted.spelling.separator, wanted.spelling.decimal
    row.encoding, row.heading = wanted.spelling.encoding, wanted.spelling.heading
    row.version, row.updated_at = row.version + 1, now
    session.flush()
    after = {"name": row.name, "columns": [column.key for column in wanted.columns]}
    record(session, "export_template.saved", "rostering.export_template", row.id, after=after)
    return row


def delete_template(session: TenantSession, template_id: UUID, *, version: int) -> None:
    """Delete a template; files that were written stay where they are.

    Raises:
        NotFound: there is none with the id.
        Conflict: it is another version by now than was seen.
    """
    row = _locked(session, template_id, version)
    record(session, "export_template.deleted", "rostering.export_template", row.id, before={"name": row.name})
    session.delete(row)
    session.flush()


def _locked(session: TenantSession, template_id: UUID, version: int) -> ExportTemplate:
    get_template(session, template_id)
    key = session.tenant_id, template_id
    row = session.get(ExportTemplate, key, with_for_update=True, populate_existing=True)
    if row is None or row.version != version:
        raise Conflict(_("Somebody has changed the template meanwhile. Look at it as it is now."))
    return row


def _check(session: TenantSession, row: ExportTemplate | None, wanted: Wanted) -> None:
    faults: dict[str, list[str]] = {}
    name = wanted.name.strip()
    taken = session.scalar(select(ExportTemplate).where(ExportTemplate.name == name))
    if not 0 < len(name) <= LONGEST_NAME:
        faults["name"] = [_("Give the template a name of at most %(n)s characters.", n=LONGEST_NAME)]
    elif taken is not None and taken is not row:
        faults["name"] = [_("There is a template of that name already.")]
    keys = [column.key for column in wanted.columns]
    if not keys or len(set(keys)) != len(keys) or not set(keys) <= set(COLUMNS):
        faults["columns"] = [_("Choose at least one column, and each at most once.")]
    spelling = wanted.spelling
    if (
        spelling.separator not in SEPARATORS
        or spelling.decimal not in DECIMALS
        or spelling.encoding not in ENCODINGS
        or spelling.separator == spelling.decimal
    ):
        faults["separator"] = [
            _("Choose how the file is written; columns and decimals need different signs.")
        ]
    if faults:
        raise Invalid(_("The template cannot be kept like this."), faults)
