"""The pages where an administrator takes out, and erases, what is kept about one person.

The person is named in the body of a request, never in an address, which logs and histories keep.
"""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from samplan.access.policy import can, requires
from samplan.db.sorting import swedish_sort
from samplan.errors import Conflict, Invalid, NotFound
from samplan.i18n import _, ngettext
from samplan.identity.models import Membership
from samplan.privacy.archive import extract_archive
from samplan.privacy.declarations import ERASE, EXPORT
from samplan.privacy.forms import SubjectForm
from samplan.privacy.service import collect, erase, record_export, switched_off, would_erase
from samplan.privacy.subject import Subject, find_subject
from samplan.tenancy.context import current_tenant
from samplan.web.core_pages import core_pages
from samplan.web.forms import options
from samplan.web.request import current_core, current_principal, current_session


@core_pages.route("/t/<tenant>/personal-data", methods=["GET", "POST"])
@requires(EXPORT)
def personal_data() -> Response:
    """Ask whose data are wanted; show how much is kept, and what an erasure would do."""
    form = _form()
    if request.method != "POST":
        return _page(form, 200)
    try:
        subject = _subject(form)
    except Invalid as error:
        form.show(error)
        return _page(form, 422)
    return _page(form, 200, subject)


@core_pages.post("/t/<tenant>/personal-data/export")
@requires(EXPORT)
def export_personal_data() -> Response:
    """Answer what is kept about the person as a file; that it was taken out is recorded."""
    core, session, tenant, form = current_core(), current_session(), current_tenant(), _form()
    try:
        subject = _subject(form)
    except Invalid as error:
        form.show(error)
        return _page(form, 422)
    extract = collect(core, session, tenant, subject)
    if not extract.count:
        raise NotFound(_("Nothing is kept under this reference."))
    record_export(session, subject, extract)
    now = core.clock.now()
    response = Response(extract_archive(extract, tenant, subject, now), mimetype="application/zip")
    name = f"personal-data-{tenant.slug}-{now.date()}.zip"  # names nobody
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@core_pages.post("/t/<tenant>/personal-data/erase")
@requires(ERASE)
@requires(EXPORT)  # whoever confirms has been shown what is kept, and is shown it again where it has changed
def erase_personal_data() -> AnyResponse:
    """Erase just what was shown."""
    core, session, tenant, form = current_core(), current_session(), current_tenant(), _form()
    try:
        subject = _subject(form)
        done = erase(core, session, tenant, subject, seen=request.form.get("seen", ""))
    except Invalid as error:
        form.show(error)
        return _page(form, 422)
    except Conflict as error:
        return _page(form, 409, subject, str(error))
    text = ngettext("%(num)d row has been erased.", "%(num)d rows have been erased.", done.count)
    flash(text, "success")
    return redirect(url_for("core.personal_data"))


def _form() -> SubjectForm:
    form = SubjectForm()
    order = swedish_sort(Membership.display_name)
    members = [row for row in current_session().scalars(select(Membership).order_by(order)) if not row.erased]
    pairs: list[tuple[object, Any]] = [("", _("Nobody"))]
    form.member.choices = options(
        [*pairs, *((row.id, f"{row.display_name} ({row.email})") for row in members)]
    )
    return form


def _subject(form: SubjectForm) -> Subject:
    return find_subject(current_session(), form.member.data or "", form.reference.data or "")


def _page(form: SubjectForm, status: int, subject: Subject | None = None, refused: str = "") -> Response:
    """Return the page: the form, and with a subject what is kept and what an erasure would do."""
    core, session, tenant = current_core(), current_session(), current_tenant()
    extract = erasure = None
    if subject is not None:
        extract = collect(core, session, tenant, subject)
        if can(current_principal(), ERASE):
            try:
                erasure = would_erase(core, session, tenant, subject)
            except Conflict as error:
                refused = refused or str(error)
    page = render_template(
        "core/personal_data.html",
        form=form,
        extract=extract,
        erasure=erasure,
        refused=refused,
        fields={"member": form.member.data or "", "reference": form.reference.data or ""},
        off=switched_off(core, session) if subject is not None else [],
    )
    return make_response(page, status)
