"""Several deviations of the queue handled in one go."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    Invalid,
    _,
    as_uuid,
    current_core,
    current_principal,
    current_session,
    ngettext,
    requires,
)
from samplan_agency.permissions import Allow
from samplan_agency.queries.control.lines import PAGE
from samplan_agency.services.control import Said, handle
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.control.filters import asked
from samplan_agency.web.control.views import queue_page


@blueprint.post("/invoices/deviations")
@requires(Allow.CONTROL_INVOICE)
def invoice_batch() -> Response | tuple[str, int]:
    """Give the ticked deviations a state and a note: all of them or none."""
    session = current_session()
    note = request.form.get("note", "").strip()
    said = Said(request.form.get("said", ""), note, current_principal().account_id)
    try:
        ticked = _ticked()
        with session.begin_nested():  # undone where one of them is refused
            for deviation_id, version in ticked:
                handle(session, deviation_id, said, version=version, now=current_core().clock.now())
    except (Invalid, Conflict) as error:
        return queue_page(str(error)), error.status
    flash(ngettext("%(num)d deviation handled.", "%(num)d deviations handled.", len(ticked)), "success")
    there: dict[str, Any] = {**asked().arguments}
    return redirect(url_for("agency.invoice_control", **there), 303)


def _ticked() -> list[tuple[UUID, int]]:
    """Return id and version of each; raises `Invalid` for none, for too many and for what is none."""
    found = []
    for text in request.form.getlist("chosen"):
        key, _dot, number = text.partition(".")
        deviation_id = as_uuid(key)
        if deviation_id is None or not (number.isascii() and number.isdigit() and len(number) < 10):
            raise Invalid(_("There is no such deviation."))
        found.append((deviation_id, int(number)))
    if not found:
        raise Invalid(_("Tick the deviations first."))
    if len(found) > PAGE:
        raise Invalid(_("Tick at most %(number)s deviations.", number=PAGE))
    return found
