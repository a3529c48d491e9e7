"""Values of indicators published to the management group, and withdrawn, from the indicator's page."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from samplan.access.policy import requires
from samplan.errors import Conflict, Invalid, NotFound
from samplan.i18n import _
from samplan.indicators.declarations import PUBLISH
from samplan.indicators.models import IndicatorFact
from samplan.indicators.publish import facts, find_fact, publish, withdraw
from samplan.indicators.service import find_spec
from samplan.modules.contributions import Period
from samplan.tenancy.context import current_tenant
from samplan.web.core_pages import core_pages
from samplan.web.request import current_core, current_principal, current_session


@core_pages.post("/t/<tenant>/indicators/<name>/publish")
@requires(PUBLISH)
def publish_indicator(name: str) -> Response:
    """Publish the newest value of a period to the group that the region belongs to."""
    spec = find_spec(current_core().modules, current_tenant().enabled_modules, name)
    by = current_principal().account_id
    try:
        fact = publish(current_session(), _group(), spec, _period(), by=by)
    except Conflict as error:
        flash(str(error), "warning")
    else:
        told = _("Published, without numbers: too few observations.") if fact.suppressed else _("Published.")
        flash(told, "success")
    return redirect(url_for("core.indicator", name=name), 303)


@core_pages.post("/t/<tenant>/indicators/<name>/withdraw")
@requires(PUBLISH)
def withdraw_indicator(name: str) -> Response:
    """Withdraw a value that the region has published."""
    session, version = current_session(), request.form.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Invalid(_("There is no such published value."))
    fact = find_fact(session, _group(), name, _period(), int(version))
    try:
        withdraw(session, fact, by=current_principal().account_id, now=current_core().clock.now())
    except Conflict as error:
        flash(str(error), "warning")
    else:
        flash(_("Withdrawn: the group sees it no more."), "success")
    return redirect(url_for("core.indicator", name=name), 303)


def published_by_period(name: str) -> dict[tuple[date, date], IndicatorFact] | None:
    """Return what the region has published of an indicator, by first and last day; None outside a group."""
    group_id = current_tenant().member_of
    if group_id is None:
        return None
    found = facts(current_session(), group_id, indicator=name)
    return {(fact.period_start, fact.period_end): fact for fact in found}


def _group() -> UUID:
    group_id = current_tenant().member_of
    if group_id is None:
        raise NotFound(_("The region belongs to no management group."))
    return group_id


def _period() -> Period:
    try:
        first, last = (date.fromisoformat(request.form.get(name, "")) for name in ("first", "last"))
    except ValueError:
        raise Invalid(_("Choose a period.")) from None
    return Period(first, last)
