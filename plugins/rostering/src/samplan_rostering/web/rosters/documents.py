"""Rosters and publications as documents for paper."""

from __future__ import annotations

from uuid import UUID

from babel.dates import format_datetime
from flask_babel import get_locale, to_user_timezone
from werkzeug.wrappers import Response

from samplan.plugin_api import NotFound, _, current_session, current_tenant, download, requires
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.publishing.publications import get_publication
from samplan_rostering.queries.rosters.plan import Plan, published_plan, roster_plan
from samplan_rostering.roster_pdf import LAYOUTS, Heading, write_pdf
from samplan_rostering.web.blueprint import blueprint


@blueprint.get("/publications/<uuid:publication_id>/<layout>.pdf")
@requires(Allow.READ_ROSTER)
def publication_pdf(publication_id: UUID, layout: str) -> Response:
    """Answer a publication as a PDF."""
    found = get_publication(current_session(), publication_id)
    when = format_datetime(
        to_user_timezone(found.published_at), "yyyy-MM-dd HH:mm", locale=get_locale() or "sv_SE"
    )
    lead = _("Publication %(number)s, published %(when)s", number=found.number, when=when)
    return _answer(published_plan(current_session(), found), layout, lead)


@blueprint.get("/rosters/<uuid:roster_id>/<layout>.pdf")
@requires(Allow.READ_ROSTER)
def roster_pdf(roster_id: UUID, layout: str) -> Response:
    """Answer a roster as it is now as a PDF, which says on each page that it is a draft."""
    session = current_session()
    found = periods.get_roster(session, roster_id)
    if found.period_id is None:
        raise NotFound(_("There is no such document."))
    lead = _("Roster %(number)s, version %(version)s", number=found.number, version=found.version)
    return _answer(roster_plan(session, found.period_id, found.id), layout, lead, mark=_("DRAFT"))


def _answer(plan: Plan, layout: str, lead: str, mark: str = "") -> Response:
    if layout not in LAYOUTS:
        raise NotFound(_("There is no such document."))
    content = write_pdf(plan, layout, Heading(lead, current_tenant().name, mark))
    return download(content, f"{plan.unit_name} {plan.start.isoformat()} {layout}", "pdf")
