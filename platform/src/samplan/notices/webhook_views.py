"""The pages *Webhooks*: the endpoints of other systems, one of them with its log, and its secret once."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from samplan.access.policy import requires
from samplan.api.pagination import paginate
from samplan.api.schemas import DEFAULT_PAGE
from samplan.db.sorting import swedish_sort
from samplan.errors import Conflict, Invalid
from samplan.i18n import _
from samplan.ids import parse_uuid
from samplan.modules.contributions import EventSpec
from samplan.notices.declarations import TRIAL, WEBHOOKS
from samplan.notices.due import calls_webhooks
from samplan.notices.endpoints import Endpoints, Wanted, find_endpoint
from samplan.notices.forms import WebhookForm
from samplan.notices.models import Event, WebhookDelivery, WebhookEndpoint
from samplan.notices.words import DELIVERY_STATES, disabled_text, reason_text
from samplan.tenancy.context import current_tenant
from samplan.web.core_pages import core_pages
from samplan.web.forms import options
from samplan.web.request import current_core, current_session


@core_pages.get("/t/<tenant>/webhooks")
@requires(WEBHOOKS)
def webhooks() -> Response:
    """List the endpoints, with a form for a new one."""
    return _list_page(_offer(WebhookForm()), 200)


@core_pages.post("/t/<tenant>/webhooks")
@requires(WEBHOOKS)
def add_webhook() -> Response:
    """Add an endpoint, and show its secret this once."""
    form = _offer(WebhookForm())
    if not form.validate():
        return _list_page(form, 422)
    try:
        row, secret = _endpoints().add(_wanted(form))
    except (Conflict, Invalid) as error:
        form.show(error)
        return _list_page(form, error.status)
    return _secret_page(row, secret)


@core_pages.get("/t/<tenant>/webhooks/<uuid:endpoint_id>")
@requires(WEBHOOKS)
def webhook(endpoint_id: UUID) -> Response:
    """Show an endpoint: what it is, and what was delivered to it."""
    return _page(find_endpoint(current_session(), endpoint_id), None, 200)


@core_pages.post("/t/<tenant>/webhooks/<uuid:endpoint_id>")
@requires(WEBHOOKS)
def change_webhook(endpoint_id: UUID) -> Response:
    """Change an endpoint's name, address or events."""
    row, form = find_endpoint(current_session(), endpoint_id), _offer(WebhookForm())
    if not form.validate():
        return _page(row, form, 422)
    try:
        _endpoints().change(endpoint_id, _wanted(form), version=form.seen)
    except Invalid as error:
        form.show(error)
        return _page(row, form, 422)
    except Conflict as error:
        return _conflict(endpoint_id, error)
    flash(_("The webhook has been changed."), "success")
    return redirect(url_for("core.webhook", endpoint_id=endpoint_id))


@core_pages.post("/t/<tenant>/webhooks/<uuid:endpoint_id>/secret")
@requires(WEBHOOKS)
def rotate_webhook(endpoint_id: UUID) -> Response:
    """Give an endpoint another secret, and show it this once."""
    try:
        row, secret = _endpoints().rotate(endpoint_id, version=_seen(), now=current_core().clock.now())
    except Conflict as error:
        return _conflict(endpoint_id, error)
    return _secret_page(row, secret)


@core_pages.post("/t/<tenant>/webhooks/<uuid:endpoint_id>/active")
@requires(WEBHOOKS)
def switch_webhook(endpoint_id: UUID) -> Response:
    """Switch an endpoint on or off."""
    active, now = request.form.get("active") == "1", current_core().clock.now()
    told = _("The webhook is on.") if active else _("The webhook is off.")
    return _acted(
        endpoint_id, told, lambda own: own.switch(endpoint_id, active=active, version=_seen(), now=now)
    )


@core_pages.post("/t/<tenant>/webhooks/<uuid:endpoint_id>/remove")
@requires(WEBHOOKS)
def remove_webhook(endpoint_id: UUID) -> Response:
    """Remove an endpoint with its log."""
    try:
        _endpoints().remove(endpoint_id, version=_seen())
    except Conflict as error:
        return _conflict(endpoint_id, error)
    flash(_("The webhook has been removed."), "success")
    return redirect(url_for("core.webhooks"))


@core_pages.post("/t/<tenant>/webhooks/<uuid:endpoint_id>/try")
@requires(WEBHOOKS)
def try_webhook(endpoint_id: UUID) -> Response:
    """Call an endpoint about nothing, to see whether it answers."""
    now = current_core().clock.now()
    return _acted(endpoint_id, _("The trial is on its way."), lambda own: own.try_out(endpoint_id, now))


@core_pages.post("/t/<tenant>/webhooks/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>/again")
@requires(WEBHOOKS)
def deliver_again(endpoint_id: UUID, delivery_id: UUID) -> Response:
    """Deliver an event once more."""
    now = current_core().clock.now()
    told = _("The event is on its way again.")
    return _acted(endpoint_id, told, lambda own: own.resend(endpoint_id, delivery_id, now))


def _acted(endpoint_id: UUID, told: str, act: Callable[[Endpoints], object]) -> Response:
    try:
        act(_endpoints())
    except Conflict as error:
        return _conflict(endpoint_id, error)
    flash(told, "success")
    return redirect(url_for("core.webhook", endpoint_id=endpoint_id))


def _endpoints() -> Endpoints:
    return Endpoints(current_session(), current_core().settings, frozenset(_offered()))


def _offered() -> dict[str, EventSpec]:
    """Return the events that an endpoint may ask for: those of the modules that the tenant has."""
    enabled = current_tenant().enabled_modules
    events = current_core().modules.events()
    return {
        name: spec for name, spec in events.items() if name.partition(".")[0] in enabled and spec is not TRIAL
    }


def _offer(form: WebhookForm) -> WebhookForm:
    form.events.choices = options(
        (name, f"{spec.title} ({name})") for name, spec in sorted(_offered().items())
    )
    return form


def _wanted(form: WebhookForm) -> Wanted:
    return Wanted(form.name.data or "", form.url.data or "", form.events.data or [])


def _seen() -> int:
    return WebhookForm().seen


def _list_page(form: WebhookForm, status: int) -> Response:
    rows = (
        current_session().scalars(select(WebhookEndpoint).order_by(swedish_sort(WebhookEndpoint.name))).all()
    )
    page = render_template(
        "core/webhooks.html",
        rows=rows,
        form=form,
        ready=calls_webhooks(current_core().settings),
        disabled=disabled_text,
    )
    return make_response(page, status)


def _conflict(endpoint_id: UUID, error: Conflict) -> Response:
    """Show the endpoint as it is now, with what stood in the way."""
    session = current_session()
    session.expire_all()
    return _page(find_endpoint(session, endpoint_id), None, 409, str(error))


def _page(row: WebhookEndpoint, form: WebhookForm | None, status: int, conflict: str = "") -> Response:
    if form is None:
        form = _offer(WebhookForm(formdata=None))
        form.name.data, form.url.data, form.events.data = row.name, row.url, list(row.events)
        form.version.data = str(row.version)
    session = current_session()
    log = paginate(
        session,
        select(WebhookDelivery).where(WebhookDelivery.endpoint_id == row.id),
        WebhookDelivery.id,
        cursor=parse_uuid(request.args.get("cursor", "")),
        limit=DEFAULT_PAGE,
        newest_first=True,
    )
    asked = select(Event).where(Event.id.in_([item.event_id for item in log.items]))
    events = {event.id: event for event in session.scalars(asked)}
    older = url_for("core.webhook", endpoint_id=row.id, cursor=log.next_cursor) if log.next_cursor else None
    page = render_template(
        "core/webhook.html",
        row=row,
        form=form,
        conflict=conflict,
        log=[(item, events[item.event_id]) for item in log.items],
        older_url=older,
        states=DELIVERY_STATES,
        reason=reason_text,
        disabled=disabled_text,
        specs=current_core().modules.events(),
        now=current_core().clock.now(),
    )
    return make_response(page, status)


def _secret_page(row: WebhookEndpoint, secret: str) -> Response:
    return make_response(render_template("core/webhook_secret.html", row=row, secret=secret))
