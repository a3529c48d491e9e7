"""Plan lines: the list of a year, and the page of each."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from samplan.plugin_api import (
    Conflict,
    Invalid,
    TenantSession,
    Text,
    VersionForm,
    _,
    _l,
    as_uuid,
    current_session,
    option,
    options,
    requires,
    today,
    trimmed,
)
from samplan_agency.domain.forecast_table import REVENUE
from samplan_agency.domain.years import MONTHS, Year, over_months
from samplan_agency.forecast_words import type_name
from samplan_agency.models import BudgetLine
from samplan_agency.permissions import Allow
from samplan_agency.queries.forecast.given import cost_types, lines_of, months_of
from samplan_agency.queries.measures.plans import plans
from samplan_agency.queries.unit_tree import unit_tree
from samplan_agency.services.forecast.plan_lines import (
    Planned,
    add_plan_line,
    change_plan_line,
    delete_plan_line,
    plan_line,
)
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.forms import NEEDED, SekField

THOUSAND = 1000
LARGEST = 10**9
Answer = Response | tuple[str, int]


class PlanForm(VersionForm):
    """A plan line, in thousands of SEK."""

    division = SelectField(_l("Division"), [Optional()])
    row = SelectField(_l("Cost type"), [InputRequired(NEEDED)])
    amount = SekField(
        _l("Amount (tkr)"),
        [Optional(), NumberRange(-LARGEST, LARGEST)],
        description=_l("Plus raises the cost or the revenue, minus lowers it."),
    )
    first = IntegerField(_l("From month"), [Optional(), NumberRange(1, MONTHS)], default=1)
    last = IntegerField(_l("To month"), [Optional(), NumberRange(1, MONTHS)], default=MONTHS)
    profile = StringField(
        _l("Amounts by month (tkr)"),
        [Optional(), Length(max=300)],
        filters=[trimmed],
        description=_l(
            "Twelve amounts with semicolons between, January first. Empty: evenly over the months above."
        ),
    )
    note = StringField(_l("What it is"), [InputRequired(NEEDED), Length(max=200)], filters=[trimmed])
    owner = StringField(
        _l("Owner"),
        [InputRequired(NEEDED), Length(max=80)],
        filters=[trimmed],
        description=_l("A function, such as head of division. No person's name."),
    )
    measure = SelectField(
        _l("Stands for the measure"),
        [Optional()],
        description=_l("The measure is then not counted beside this line."),
    )

    def validate_profile(self, field: Any) -> None:
        """Refuse what is not twelve amounts."""
        if field.data and amounts_of(field.data) is None:
            raise ValidationError(_("Twelve amounts are needed, such as 0; 0; 12,5; …"))

    def validate_last(self, field: Any) -> None:
        """Refuse months that end before they begin."""
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("Not before the first month."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for an amount where there is none by month, too."""
        sound: bool = super().validate(extra_validators)
        if self.amount.data is None and not self.profile.data and not self.amount.errors:
            self.amount.errors = [_("Give an amount, or amounts by month.")]
            return False
        return sound

    def wanted(self, year: int) -> Planned:
        """Return the line as wanted."""
        kind, _sign, cost_type = self.row.data.partition("|")
        months = amounts_of(self.profile.data) if self.profile.data else None
        if months is None:
            first, last = self.first.data or 1, self.last.data or MONTHS
            months = over_months((self.amount.data * THOUSAND).quantize(Decimal("0.01")), first, last)
        sign = -1 if kind == REVENUE else 1
        return Planned(
            year=year,
            division_id=as_uuid(self.division.data),
            cost_kind=kind,
            cost_type=cost_type,
            months=tuple(sign * amount for amount in months),
            note=self.note.data,
            owner=self.owner.data,
            measure_id=as_uuid(self.measure.data),
        )


def amounts_of(text: str) -> Year | None:
    """Return twelve amounts in SEK from a text in thousands; None for what is not that."""
    try:
        found = [
            Decimal(part.strip().replace(" ", "").replace("\xa0", "").replace("−", "-").replace(",", "."))
            for part in text.split(";")
        ]
    except InvalidOperation:
        return None
    if len(found) != MONTHS or not all(amount.is_finite() and abs(amount) <= LARGEST for amount in found):
        return None
    return tuple((amount * THOUSAND).quantize(Decimal("0.01")) for amount in found)


@blueprint.get("/plan")
@requires(Allow.READ)
def plan_lines() -> str:
    """List the plan lines of a year."""
    return _list(year_asked(), None)


@blueprint.post("/plan")
@requires(Allow.WRITE_FORECAST)
def add_line() -> Answer:
    """Add a plan line."""
    year = year_asked()
    form = _form(year)
    if form.validate_on_submit():
        try:
            add_plan_line(current_session(), form.wanted(year))
        except Invalid as error:
            form.show(error)
        else:
            flash(_("The plan line has been added. It counts in the next forecast."), "success")
            return redirect(url_for("agency.plan_lines", year=year), 303)
    return _list(year, form), 422


@blueprint.get("/plan/<uuid:line_id>")
@requires(Allow.WRITE_FORECAST)
def plan_line_page(line_id: UUID) -> str:
    """Show a plan line, to be changed."""
    return _line_page(plan_line(current_session(), line_id))


@blueprint.post("/plan/<uuid:line_id>")
@requires(Allow.WRITE_FORECAST)
def change_line(line_id: UUID) -> Answer:
    """Change a plan line."""
    row = plan_line(current_session(), line_id)
    form = _form(row.year)
    if not form.validate_on_submit():
        return _line_page(row, form), 422
    try:
        change_plan_line(current_session(), line_id, form.wanted(row.year), version=form.number)
    except Conflict as error:
        return _line_page(row, said=str(error)), 409
    except Invalid as error:
        form.show(error)
        return _line_page(row, form), 422
    flash(_("The plan line has been changed."), "success")
    return redirect(url_for("agency.plan_lines", year=row.year), 303)


@blueprint.post("/plan/<uuid:line_id>/delete")
@requires(Allow.WRITE_FORECAST)
def delete_line(line_id: UUID) -> Answer:
    """Take a plan line away."""
    row = plan_line(current_session(), line_id)
    year = row.year
    try:
        delete_plan_line(current_session(), line_id, version=VersionForm().number)
    except Conflict as error:
        return _line_page(row, said=str(error)), 409
    flash(_("The plan line has been taken away."), "success")
    return redirect(url_for("agency.plan_lines", year=year), 303)


def year_asked() -> int:
    """Return the year of the address, or this year; raises `Invalid` for what is no year."""
    text = request.args.get("year", "")
    if not text:
        return today().year
    if not (text.isascii() and text.isdigit() and len(text) == 4 and 2000 <= int(text) <= 2100):
        raise Invalid(_("Give a year from 2000 to 2100."))
    return int(text)


def _form(year: int, row: BudgetLine | None = None) -> PlanForm:
    session = current_session()
    form = PlanForm(formdata=None, **_said(row)) if row is not None else PlanForm()
    divisions = unit_tree(session).division_names.items()
    form.division.choices = [option(None, _("The region as a whole")), *options(divisions)]
    form.row.choices = [
        option(f"{kind}|{cost_type}", name) for (kind, cost_type), name in _row_names(session, year).items()
    ]
    form.measure.choices = [option(None, _("None"))]
    form.measure.choices += [
        option(plan.row.id, f"{plan.row.code} {plan.row.title}") for plan in plans(session)
    ]
    return form


def _said(row: BudgetLine) -> dict[str, Any]:
    sign = -1 if row.cost_kind == REVENUE else 1
    profile = "; ".join(_shown(sign * amount / THOUSAND) for amount in months_of(row))
    return {
        "division": row.division_id,
        "row": f"{row.cost_kind}|{row.cost_type}",
        "profile": profile,
        "note": row.note,
        "owner": row.owner,
        "measure": row.measure_id,
        "version": str(row.version),
    }


def _shown(amount: Decimal) -> str:
    """Return a number as it is written in Sweden, without zeros at its end."""
    return f"{amount.normalize():f}".replace(".", ",")


def _list(year: int, form: PlanForm | None) -> str:
    session = current_session()
    lines = [(line, sum(months_of(line))) for line in lines_of(session, "plan", year)]
    return render_template(
        "agency/plan.html",
        year=year,
        lines=lines,
        names=unit_tree(session).division_names,
        measures={plan.row.id: f"{plan.row.code} {plan.row.title}" for plan in plans(session)},
        form=form or _form(year),
    )


def _line_page(row: BudgetLine, form: PlanForm | None = None, said: str = "") -> str:
    return render_template("agency/plan_line.html", line=row, form=form or _form(row.year, row), said=said)


def _row_names(session: TenantSession, year: int) -> dict[tuple[str, str], Text]:
    """Return the rows of a forecast with their names; of two of one name one is told to have no cost type."""
    found = {key: type_name(*key) for key in cost_types(session, year)}
    twice = {str(name) for (_kind, cost_type), name in found.items() if cost_type}
    for key, name in found.items():
        if not key[1] and str(name) in twice:
            found[key] = _("%(kind)s, without kind of cost", kind=name)
    return found
