"""The budget of a year: what is in force, and a workbook in and out."""

from __future__ import annotations

import base64
import binascii
from decimal import Decimal
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    ImportFaults,
    Invalid,
    _,
    _l,
    current_core,
    current_session,
    mark_workbook,
    requires,
    write_workbook,
)
from samplan_agency.domain.forecast_table import KIND_ORDER
from samplan_agency.files.budget import BUDGET, INTRO, LARGEST_FILE, TITLE
from samplan_agency.models import BudgetLine
from samplan_agency.permissions import Allow
from samplan_agency.queries.budget import budget_deliveries
from samplan_agency.queries.divisions import divisions
from samplan_agency.queries.forecast_given import lines_of, months_of
from samplan_agency.services.budget import budget_rows, check_budget, read_in_budget
from samplan_agency.web.blueprint import blueprint, language, workbook
from samplan_agency.web.forms import PageForm
from samplan_agency.web.plan import year_asked

Answer = Response | tuple[str, int]


class BudgetForm(PageForm):
    """A workbook with the budget."""

    file = FileField(
        _l("Workbook"),
        [FileRequired(_l("Choose a file."))],
        description=_l(
            "Made from the template (.xlsx). Nothing is saved before you have seen what it changes."
        ),
    )


@blueprint.get("/budget")
@requires(Allow.READ)
def budget() -> str:
    """Show the budget of a year."""
    return _page(BudgetForm())


@blueprint.post("/budget")
@requires(Allow.WRITE_DELIVERY)
def show_budget_file() -> str | tuple[str, int]:
    """Show what a workbook would change, or everything that is wrong in it."""
    form = BudgetForm()
    if not form.validate_on_submit():
        return _page(form), 422
    return _preview(form.file.data.stream.read(LARGEST_FILE + 1), form.file.data.filename or "")


@blueprint.post("/budget/confirm")
@requires(Allow.WRITE_DELIVERY)
def confirm_budget_file() -> Answer:
    """Read the workbook again and in: all of it or, when something is wrong by now, nothing."""
    data, filename = _content(), request.form.get("filename", "")
    try:
        row = read_in_budget(current_session(), data, filename, current_core().clock.now())
    except ImportFaults as faults:
        return _faults(data, filename, faults)
    except Conflict as error:
        form = BudgetForm()
        form.show(error)
        return _page(form), 409
    flash(_("The budget has been read in. It counts in the next forecast."), "success")
    return redirect(url_for("agency.budget", year=row.first_month.year if row.first_month else None), 303)


@blueprint.post("/budget/marked.xlsx")
@requires(Allow.WRITE_DELIVERY)
def marked_budget_file() -> Response:
    """Answer the workbook with its faults marked."""
    data = _content()
    try:
        check_budget(current_session(), data)
    except ImportFaults as faults:
        marked = mark_workbook(data, faults, language=language(), created=current_core().clock.now())
        name = request.form.get("filename", "").rpartition(".")[0]
        return workbook(marked, _("%(name)s with faults marked", name=name))
    return redirect(url_for("agency.budget"), 303)


@blueprint.get("/budget/template.xlsx")
@requires(Allow.READ)
def budget_template() -> Response:
    """Answer the empty workbook."""
    return workbook(_workbook({}), _("Samplan template for a budget"))


@blueprint.get("/budget.xlsx")
@requires(Allow.READ)
def budget_file() -> Response:
    """Answer the budget of a year as the workbook that can be read in again."""
    year = year_asked()
    rows = {BUDGET.key: budget_rows(current_session(), year)}
    return workbook(_workbook(rows), _("Budget %(year)s", year=year))


def _workbook(rows: dict[str, list[dict[str, object]]]) -> bytes:
    return write_workbook(
        (BUDGET,),
        rows,  # type: ignore[arg-type] # as `budget_rows` makes them
        title=TITLE.to(language()),
        intro=[text.to(language()) for text in INTRO],
        language=language(),
        created=current_core().clock.now(),
    )


def _page(form: BudgetForm) -> str:
    session, year = current_session(), year_asked()
    names = divisions(session).names
    lines = sorted(
        lines_of(session, "budget", year),
        key=lambda line: _order(line, names.get(line.division_id or UUID(int=0), "")),
    )
    return render_template(
        "agency/budget.html",
        year=year,
        form=form,
        names=names,
        lines=[(line, abs(sum(months_of(line), Decimal(0)))) for line in lines],
        deliveries=budget_deliveries(session),
    )


def _order(line: BudgetLine, division: str) -> tuple[str, int, str]:
    return division, KIND_ORDER.index(line.cost_kind), line.cost_type


def _preview(data: bytes, filename: str) -> str | tuple[str, int]:
    try:
        found = check_budget(current_session(), data)
    except ImportFaults as faults:
        return _faults(data, filename, faults)
    names: dict[UUID, str] = dict(divisions(current_session()).names)
    return render_template(
        "agency/budget_preview.html", found=found, names=names, carried=_carried(data, filename)
    )


def _faults(data: bytes, filename: str, faults: ImportFaults) -> tuple[str, int]:
    carried = _carried(data, filename) if len(data) <= LARGEST_FILE else None
    return render_template("agency/budget_faults.html", faults=faults, carried=carried), 422


def _carried(data: bytes, filename: str) -> dict[str, str]:
    """Return the hidden fields that carry a file to the next request."""
    return {"content": base64.b64encode(data).decode("ascii"), "filename": filename[:200]}


def _content() -> bytes:
    try:
        return base64.b64decode(request.form.get("content", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(_("The file did not arrive whole. Choose it again.")) from error
