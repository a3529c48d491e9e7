"""Looking a price up: what an hour costs, and by which rule."""

from __future__ import annotations

from datetime import date

from flask import render_template, request
from wtforms import SelectField
from wtforms.validators import InputRequired, Optional

from samplan.plugin_api import PageForm, _, _l, as_uuid, current_session, option, options, requires, today
from samplan_agency import labels
from samplan_agency.domain.pricing import Found, Question
from samplan_agency.models.reference import ZONES
from samplan_agency.permissions import Allow
from samplan_agency.queries.agreements import book as queries
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.forms import NEEDED, DayField

ZONE, PLACE = "zone-", "municipality-"


class LookupForm(PageForm):
    """What is to be priced; sent as part of the address, so without a token."""

    class Meta:
        """A search changes nothing."""

        csrf = False

    level = SelectField(_l("Professional category"), [InputRequired(NEEDED)])
    place = SelectField(_l("Zone or municipality"), [InputRequired(NEEDED)])
    time_class = SelectField(_l("Time of day"), choices=options(labels.TIME_CLASSES.items()))
    supplier_id = SelectField(_l("Supplier"), [Optional()], coerce=as_uuid, validate_choice=False)
    day = DayField(_l("Date"), [InputRequired(NEEDED)])


@blueprint.get("/prices")
@requires(Allow.READ)
def price_lookup() -> str | tuple[str, int]:
    """Show what an hour costs by level, place, time of day, supplier and date."""
    asked = "level" in request.args
    form = LookupForm(request.args if asked else None, day=today())
    _offer(form)
    if not asked:
        return _page(form, asked=False)
    return _page(form, _found(form), asked=True) if form.validate() else (_page(form, asked=False), 422)


def _found(form: LookupForm) -> Found | None:
    day: date = form.day.data
    place: str = form.place.data
    question = Question(
        supplier_id=form.supplier_id.data,
        level=form.level.data,
        time_class=form.time_class.data,
        day=day,
        zone=int(place.removeprefix(ZONE)) if place.startswith(ZONE) else None,
        municipality=place.removeprefix(PLACE) if place.startswith(PLACE) else None,
    )
    return queries.price_book(current_session(), day, day).find(question)


def _offer(form: LookupForm) -> None:
    session = current_session()
    form.level.choices = [option(level, level) for level in queries.levels(session)]
    zones = [option(f"{ZONE}{zone}", _("Zone %(number)s", number=zone)) for zone in ZONES]
    places = queries.municipalities(session).items()
    form.place.choices = [*zones, *(option(f"{PLACE}{code}", name) for code, name in places)]
    everybody = option(None, _("Any supplier"))
    form.supplier_id.choices = [everybody, *(option(row.id, row.name) for row in queries.suppliers(session))]


def _page(form: LookupForm, found: Found | None = None, *, asked: bool) -> str:
    return render_template("agency/price_lookup.html", form=form, found=found, asked=asked)
