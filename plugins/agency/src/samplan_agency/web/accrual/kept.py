"""The page of a kept valuation, and the lines to book it by."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from samplan.plugin_api import (
    Conflict,
    _,
    current_core,
    current_session,
    download,
    members_by_account,
    requires,
    write_separated,
)
from samplan_agency.domain.journal import JournalLine
from samplan_agency.models import CATEGORIES, Account, Valuation
from samplan_agency.permissions import Allow
from samplan_agency.queries.accrual.shares import shares
from samplan_agency.queries.accrual.valuations import (
    get_valuation,
    journal_lines,
    journal_template,
    parts_of,
    rows_of,
)
from samplan_agency.queries.names import supplier_names
from samplan_agency.services.accrual.valuations import save_journal_template
from samplan_agency.web.accrual.forms import JournalForm
from samplan_agency.web.blueprint import blueprint

Page = str | tuple[str, int]
_SHOWN = 12  # lines of a preview


@blueprint.get("/accrual/valuations/<uuid:valuation_id>")
@requires(Allow.READ)
def valuation(valuation_id: UUID) -> str:
    """Show a valuation as it was kept, with the lines to book it by."""
    row = get_valuation(current_session(), valuation_id)
    return _page(row, JournalForm.of(journal_template(current_session())))


@blueprint.post("/accrual/valuations/<uuid:valuation_id>/accounts")
@requires(Allow.WRITE_ACCRUAL)
def journal_accounts(valuation_id: UUID) -> BaseResponse | Page:
    """Choose the accounts that valuations are booked on."""
    session = current_session()
    row, form = get_valuation(session, valuation_id), JournalForm()
    if not form.validate_on_submit():
        return _page(row, form), 422
    accounts = {name: form[name].data for name in CATEGORIES}
    counter, centre = form.counter_account.data, form.cost_centre.data
    version, now = form.number, current_core().clock.now()
    try:
        save_journal_template(session, accounts, counter, centre, version=version, now=now)
    except Conflict as error:
        newest = JournalForm.of(journal_template(session))
        newest.show(error)
        return _page(row, newest), 409
    flash(_("The accounts are kept."), "success")
    return redirect(url_for("agency.valuation", valuation_id=valuation_id) + "#journal", 303)


@blueprint.get("/accrual/valuations/<uuid:valuation_id>/journal.csv")
@requires(Allow.READ)
def journal_file(valuation_id: UUID) -> Response:
    """Answer the lines to book a valuation by, and those that reverse it the month after."""
    session = current_session()
    row, template = get_valuation(session, valuation_id), journal_template(session)
    if template is None:
        raise Conflict(_("Choose the accounts first."))
    content = _csv(row, journal_lines(session, row, template))
    return download(content, f"samplan-{row.booked_to:%Y-%m}-{row.number}", "csv")


def _csv(row: Valuation, lines: Sequence[JournalLine]) -> bytes:
    headings = [
        _("Month"),
        _("Account"),
        _("Counter account"),
        _("Cost centre"),
        _("Amount, SEK"),
        _("Work month"),
        _("Text"),
    ]
    texts = {True: _("Reversal of accrued hired staff"), False: _("Accrued hired staff")}
    return write_separated(
        headings,
        (
            [
                f"{line.month:%Y-%m}",
                line.account,
                line.counter,
                line.cost_centre,
                line.amount,
                f"{line.work_month:%Y-%m}",
                f"{texts[line.reverses]} {row.number}",
            ]
            for line in lines
        ),
    )


def _page(row: Valuation, form: JournalForm) -> str:
    session = current_session()
    template, parts = journal_template(session), parts_of(session, row.id)
    lines = journal_lines(session, row, template) if template else []
    member = members_by_account(session, [row.kept_by]).get(row.kept_by) if row.kept_by else None
    accounts = session.scalars(select(Account).order_by(Account.code)).all()
    return render_template(
        "agency/valuation.html",
        valuation=row,
        rows=rows_of(session, row.id),
        shares=shares(session, parts, row.error),
        member=member,
        suppliers={str(key): name for key, name in supplier_names(session).items()},
        form=form,
        accounts=accounts,
        lines=lines[:_SHOWN],
        count=len(lines),
    )
