"""The account table: which account is what, as a page and as a workbook."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from samplan.plugin_api import (
    Conflict,
    ImportFaults,
    Invalid,
    PageForm,
    VersionForm,
    _,
    _l,
    current_core,
    current_session,
    download,
    language,
    requires,
    write_workbook,
)
from samplan_agency.files.accounts_book import accounts_sheet
from samplan_agency.labels import ACCOUNT_KINDS, CATEGORIES
from samplan_agency.models import Account
from samplan_agency.permissions import Allow
from samplan_agency.services.costs import accounts as service
from samplan_agency.services.costs.accounts import AccountValues
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.forms import NEEDED

Answer = Response | str | tuple[str, int]
LARGEST = 5_000_000


class AccountForm(VersionForm):
    """An account; `version` is that of the page."""

    code = StringField(_l("Account"), validators=[DataRequired(NEEDED), Length(max=20)])
    name = StringField(_l("Name"), validators=[DataRequired(NEEDED), Length(max=120)])
    kind = SelectField(_l("Kind"))
    cost_type = StringField(
        _l("Kind of cost"), validators=[Length(max=80)], description=_l("The row of the forecast.")
    )
    category = SelectField(_l("Professional group"), description=_l("Where the file's line says none."))
    sector = SelectField(_l("Sector"), description=_l("Where the file's line says none."))

    def __init__(self, row: Account | None = None, *, empty: bool = False) -> None:
        """Show an account, or nothing."""
        filled = {} if row is None else {"sector": str(row.sector_id or ""), "category": row.category or ""}
        super().__init__(None if empty else request.form or None, obj=row, data=filled)
        by_line = SelectChoice("", _l("by the line"))
        self.kind.choices = [SelectChoice(*each) for each in ACCOUNT_KINDS.items()]
        self.category.choices = [by_line, *(SelectChoice(*each) for each in CATEGORIES.items())]
        self.sector.choices = [
            by_line,
            *(SelectChoice(str(each.id), each.name) for each in service.sectors(current_session())),
        ]
        if row is not None:
            self.code.data = row.code

    def values(self) -> AccountValues:
        """Return what was sent."""
        return AccountValues(
            self.code.data.strip(),
            " ".join(self.name.data.split()),
            self.kind.data,
            " ".join((self.cost_type.data or "").split()),
            self.category.data or None,
            UUID(self.sector.data) if self.sector.data else None,
        )


class BookForm(PageForm):
    """A workbook of the account table."""

    file = FileField(_l("Workbook (.xlsx)"), validators=[FileRequired(_l("Choose a file."))])


@blueprint.get("/accounts")
@requires(Allow.READ)
def accounts() -> str:
    """Show the account table."""
    return _page(AccountForm(empty=True), BookForm())


@blueprint.post("/accounts")
@requires(Allow.WRITE_REFERENCE)
def add_account() -> Answer:
    """Add an account."""
    form = AccountForm()
    if form.validate_on_submit():
        try:
            row = service.add_account(current_session(), form.values())
        except Invalid as error:
            form.code.errors = [str(error)]
        else:
            flash(_("The account %(code)s has been added.", code=row.code), "success")
            return redirect(url_for("agency.accounts"), 303)
    return _page(form, BookForm()), 422


@blueprint.get("/accounts/<uuid:account_id>")
@requires(Allow.WRITE_REFERENCE)
def account(account_id: UUID) -> str:
    """Show the form of an account."""
    row = service.get_account(current_session(), account_id)
    return render_template("agency/account.html", row=row, form=AccountForm(row, empty=True))


@blueprint.post("/accounts/<uuid:account_id>")
@requires(Allow.WRITE_REFERENCE)
def change_account(account_id: UUID) -> Answer:
    """Change an account; its code stays."""
    row, form = service.get_account(current_session(), account_id), AccountForm()
    form.code.data = row.code
    if not form.validate_on_submit():
        return render_template("agency/account.html", row=row, form=form), 422
    try:
        service.change_account(current_session(), row, form.values(), form.number)
    except Conflict as error:
        newest = AccountForm(row, empty=True)
        return render_template("agency/account.html", row=row, form=newest, wrong=str(error)), 409
    flash(_("The account has been saved."), "success")
    return redirect(url_for("agency.accounts"), 303)


@blueprint.post("/accounts/<uuid:account_id>/remove")
@requires(Allow.WRITE_REFERENCE)
def remove_account(account_id: UUID) -> Answer:
    """Remove an account that no cost in force has."""
    row = service.get_account(current_session(), account_id)
    try:
        service.remove_account(current_session(), row, VersionForm().number)
    except Conflict as error:
        form = AccountForm(row, empty=True)
        return render_template("agency/account.html", row=row, form=form, wrong=str(error)), 409
    flash(_("The account has been removed."), "success")
    return redirect(url_for("agency.accounts"), 303)


@blueprint.get("/accounts.xlsx")
@requires(Allow.READ)
def account_book() -> Response:
    """Answer the account table as a workbook."""
    session = current_session()
    names = {sector.code: sector.name for sector in service.sectors(session)}
    content = write_workbook(
        [accounts_sheet(names)],
        {"accounts": service.book_rows(session)},
        title=_("Account table"),
        language=language(),
        created=current_core().clock.now(),
    )
    return download(content, "kontotabell", "xlsx")


@blueprint.post("/accounts/import")
@requires(Allow.WRITE_REFERENCE)
def import_accounts() -> Answer:
    """Read a workbook of the account table in, whole or not at all."""
    form = BookForm()
    if not form.validate_on_submit():
        return _page(AccountForm(empty=True), form), 422
    try:
        added, changed = service.read_book(current_session(), form.file.data.stream.read(LARGEST + 1))
    except ImportFaults as faults:
        name = form.file.data.filename or ""
        return render_template("agency/accounts_faults.html", faults=faults, filename=name), 422
    flash(_("Read in: %(added)s new accounts, %(changed)s changed.", added=added, changed=changed), "success")
    return redirect(url_for("agency.accounts"), 303)


def _page(form: AccountForm, book: BookForm) -> str:
    session = current_session()
    return render_template(
        "agency/accounts.html",
        accounts=service.accounts(session),
        sectors={sector.id: sector.name for sector in service.sectors(session)},
        kinds=ACCOUNT_KINDS,
        categories=CATEGORIES,
        form=form,
        book=book,
    )
