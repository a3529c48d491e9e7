"""A ward as a place of its own: its page, and the units that become wards."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import Conflict, Invalid, _, current_session, option, requires, today
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.setup.exceptions import exceptions
from samplan_rostering.queries.setup.profile import ward_profile
from samplan_rostering.queries.setup.wards import units_without_ward, ward_page
from samplan_rostering.services.setup.wards import add_ward
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.setup.forms import WardForm


@blueprint.get("/wards/<uuid:ward_id>")
@requires(Allow.READ_WARD)
def ward(ward_id: UUID) -> str:
    """Show what a ward has: staff, shift types, skills, rules and periods."""
    session = current_session()
    found = ward_page(session, ward_id)
    return render_template(
        "rostering/ward.html",
        ward=found.ward,
        page=found,
        profile=ward_profile(session, ward_id, today()),
        exceptions=[item for item in exceptions(session, ward_id) if item.in_force(today())],
    )


@blueprint.route("/wards/new", methods=["GET", "POST"])
@requires(Allow.WRITE_WARD)
def new_ward() -> Response | tuple[str, int]:
    """Let a unit of the organisation have rosters."""
    session = current_session()
    form = WardForm()
    units = units_without_ward(session)
    form.unit_id.choices = [option(unit.id, f"{unit.name} ({unit.code})") for unit in units]
    if form.validate_on_submit():
        try:
            added = add_ward(session, form.unit_id.data)
        except (Conflict, Invalid) as error:
            form.show(error)
        else:
            flash(_("The ward has been added. Enter its skills and shift types next."), "success")
            return redirect(url_for("rostering.ward", ward_id=added.id), 303)
    page = render_template("rostering/ward_new.html", form=form, units=units)
    return page, 422 if form.is_submitted() else 200
