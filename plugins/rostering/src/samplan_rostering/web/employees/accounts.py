"""The page of a period's employees and the accounts that they sign in with."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import Conflict, Invalid, NotFound, _, current_core, current_session, requires
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.employees import accounts
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.services.employees.accounts import link_account, unlink_account
from samplan_rostering.web.blueprint import blueprint


@blueprint.get("/periods/<uuid:period_id>/accounts")
@requires(Allow.LINK_ACCOUNT)
def period_accounts(period_id: UUID) -> str:
    """List the period's employees with their accounts."""
    session = current_session()
    return render_template(
        "rostering/accounts.html",
        period=periods.overview(session, period_id),
        employees=accounts.linked_employees(session, period_id),
    )


@blueprint.get("/periods/<uuid:period_id>/accounts/<uuid:employee_id>")
@requires(Allow.LINK_ACCOUNT)
def find_account(period_id: UUID, employee_id: UUID) -> str:
    """Search for the account of an employee, by e-mail address or name."""
    return _search_page(period_id, employee_id)


@blueprint.post("/periods/<uuid:period_id>/accounts/<uuid:employee_id>/link")
@requires(Allow.LINK_ACCOUNT)
def link(period_id: UUID, employee_id: UUID) -> Response | tuple[str, int]:
    """Link the employee to the chosen account."""
    session = current_session()
    try:
        employee = link_account(session, period_id, employee_id, _account())
    except (Conflict, Invalid) as error:
        return _search_page(period_id, employee_id, str(error)), error.status
    flash(_("%(name)s is linked to the account.", name=employee.name or employee.code), "success")
    return redirect(url_for("rostering.period_accounts", period_id=period_id), 303)


@blueprint.post("/periods/<uuid:period_id>/accounts/<uuid:employee_id>/unlink")
@requires(Allow.LINK_ACCOUNT)
def unlink(period_id: UUID, employee_id: UUID) -> Response:
    """Take the account away from the employee."""
    employee = unlink_account(current_session(), period_id, employee_id, now=current_core().clock.now())
    flash(_("%(name)s is no longer linked to an account.", name=employee.name or employee.code), "success")
    return redirect(url_for("rostering.period_accounts", period_id=period_id), 303)


def _search_page(period_id: UUID, employee_id: UUID, fault: str | None = None) -> str:
    session, text = current_session(), request.values.get("q", "")[:254]
    everybody = accounts.linked_employees(session, period_id)
    employee = next((row for row in everybody if row.id == employee_id), None)
    if employee is None:
        raise NotFound(_("There is no such employee in the period."))
    return render_template(
        "rostering/account_search.html",
        period=periods.overview(session, period_id),
        employee=employee,
        text=text,
        candidates=accounts.candidates(session, text),
        fault=fault,
    )


def _account() -> UUID:
    try:
        return UUID(request.form.get("account_id", ""))
    except ValueError as error:
        raise Invalid(_("Choose an account from the list.")) from error
