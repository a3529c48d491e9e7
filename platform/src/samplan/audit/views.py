"""The audit trail as a page with filters, and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for
from sqlalchemy import Select

from samplan.access.policy import requires
from samplan.audit.declarations import READ
from samplan.audit.export import csv_lines
from samplan.audit.models import AuditEntry
from samplan.audit.queries import SYSTEM, AuditFilter, all_entries, audit_page, names_of_people
from samplan.audit.reading import Reader, choices
from samplan.audit.service import record
from samplan.db.session import Database
from samplan.db.sorting import swedish_key
from samplan.ids import parse_uuid
from samplan.modules.contributions import Text
from samplan.tenancy.context import TenantContext, current_tenant
from samplan.web.core_pages import core_pages
from samplan.web.request import current_core, current_session

LONGEST = 200


@core_pages.get("/t/<tenant>/audit")
@requires(READ)
def audit() -> str:
    """Show the trail, the newest entries first, narrowed by the address's filters."""
    session, tenant, chosen = current_session(), current_tenant(), _filter()
    modules = current_core().modules
    cursor = request.args.get("cursor", "")
    page = audit_page(session, chosen.select(tenant.timezone), int(cursor) if _is_number(cursor) else None)
    names = names_of_people(session)
    actions, objects = choices(modules, tenant.enabled_modules)
    shown: dict[str, Any] = {name: request.args[name] for name in _FILTERS if request.args.get(name)}
    return render_template(
        "core/audit.html",
        acts=Reader(session, page.entries, names).acts(page.acts),
        chosen=chosen,
        actions=_options(actions, chosen.action),
        objects=_options(objects, chosen.object_type),
        actors=sorted(
            ((str(key), name) for key, name in names.accounts.items()), key=lambda pair: swedish_key(pair[1])
        ),
        narrowed=bool(shown),
        older_url=url_for("core.audit", cursor=page.next_cursor, **shown) if page.next_cursor else None,
        newest_url=url_for("core.audit", **shown) if cursor else None,
        export_url=url_for("core.export_audit", **shown),
    )


@core_pages.get("/t/<tenant>/audit.csv")
@requires(READ)
def export_audit() -> Response:
    """Answer the filtered trail as a file; that it was taken out is an entry of its own."""
    tenant, chosen, database = current_tenant(), _filter(), current_core().database
    record(current_session(), "audit.exported", "audit", None, after=_as_mapping(chosen))
    today = current_core().clock.now().date()
    lines = _streamed(database, tenant, chosen.select(tenant.timezone))
    response = Response(lines, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{tenant.slug}-{today}.csv"'
    return response


def _streamed(database: Database, tenant: TenantContext, query: Select[AuditEntry]) -> Iterator[str]:
    """Give the lines from a unit of work of their own: the request's session has ended by then."""
    with database.unit_of_work(tenant.id) as session:
        yield from csv_lines(all_entries(session, query), names_of_people(session).accounts, tenant.timezone)


_FILTERS = ("action", "object_type", "object_id", "actor", "since", "until")


def _filter() -> AuditFilter:
    """Return the filter that the address asks for; what is not understood narrows nothing."""
    given = {name: request.args.get(name, "").strip().replace("\x00", "")[:LONGEST] for name in _FILTERS}
    return AuditFilter(
        action=given["action"],
        object_type=given["object_type"],
        object_id=given["object_id"],
        actor=SYSTEM if given["actor"] == SYSTEM else parse_uuid(given["actor"]),
        since=_date(given["since"]),
        until=_date(given["until"]),
    )


def _options(labels: Mapping[str, Text], chosen: str) -> list[tuple[str, str]]:
    """Return codes and labels to choose from, by label; a beginning that was asked for is one of them."""
    options = sorted(
        ((code, str(label)) for code, label in labels.items()), key=lambda pair: swedish_key(pair[1])
    )
    return options if not chosen or chosen in labels else [(chosen, f"{chosen}…"), *options]


def _date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1 < day.year < 9999 else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _as_mapping(chosen: AuditFilter) -> dict[str, Any]:
    values = {name: getattr(chosen, name) for name in _FILTERS}
    return {name: value for name, value in values.items() if value}
