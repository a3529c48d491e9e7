"""What the pages of one's own share: who one is, what day it is, and the way between the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, TypeVar, cast

from flask import render_template, request, url_for

from samplan.plugin_api import (
    Forbidden,
    NotFound,
    Text,
    _,
    _l,
    current_principal,
    current_session,
)
from samplan_rostering.models import Employee
from samplan_rostering.queries.own.roster import own_employee

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class OwnSection:
    """A page of one's own, and the endpoints that belong to it."""

    endpoint: str
    label: Text
    also: frozenset[str] = frozenset()


OWN_SECTIONS = (
    OwnSection("rostering.own_roster", _l("Roster"), frozenset({"rostering.own_month"})),
    OwnSection(
        "rostering.own_wishes",
        _l("Wishes"),
        frozenset({"rostering.own_wishes_in", "rostering.add_own_wish", "rostering.answer_wishes"}),
    ),
    OwnSection("rostering.own_swaps", _l("Swaps"), frozenset({"rostering.new_swap", "rostering.propose"})),
    OwnSection("rostering.own_absences", _l("Absences"), frozenset({"rostering.ask_absence"})),
    OwnSection("rostering.own_balance", _l("Hours and fairness")),
    OwnSection("rostering.own_feed", _l("Calendar"), frozenset({"rostering.make_own_feed"})),
)


@dataclass(frozen=True, slots=True)
class OwnLink:
    """A link between the pages of one's own."""

    url: str
    label: Text
    current: bool


def own_links() -> list[OwnLink]:
    """Return the links between the pages of one's own."""
    return [
        OwnLink(
            url_for(section.endpoint),
            section.label,
            request.endpoint == section.endpoint or request.endpoint in section.also,
        )
        for section in OWN_SECTIONS
    ]


def for_employee(view: View) -> View:
    """Give the view the employee who asks; who is linked to none is told what to do.

    Nobody names the employee in a page of one's own, so nobody reaches another's. Addresses with an id are
    found by nobody who is linked to no employee.
    """

    @wraps(view)
    def guarded(**given: Any) -> Any:
        employee = own_employee(current_session(), current_principal().account_id)
        if employee is None and given:
            raise NotFound(_("Your account is not linked to an employee."))
        if employee is None and request.method == "GET":
            return render_template("rostering/own_unlinked.html")
        if employee is None:
            raise Forbidden(_("Your account is not linked to an employee."))
        return view(employee, **given)

    return cast("View", guarded)


def show(template: str, employee: Employee, **context: Any) -> str:
    """Return a page of one's own."""
    return render_template(f"rostering/{template}", employee=employee, own_links=own_links(), **context)


def asked_date(name: str, other: date) -> date:
    """Return a date of the address, or another where there is none that can be read."""
    text = request.args.get(name, "")
    try:
        found = date.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    except ValueError:
        return other
    return found if 1900 < found.year < 2200 else other
