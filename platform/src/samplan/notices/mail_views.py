"""The page *Mail*: what was sent to whom about what, and sending again; and switching one's own mail off."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import update
from werkzeug.wrappers import Response

from samplan.access.policy import requires, signed_in
from samplan.api.pagination import paginate
from samplan.api.schemas import DEFAULT_PAGE
from samplan.errors import Conflict
from samplan.i18n import _
from samplan.identity.models import Account
from samplan.ids import parse_uuid
from samplan.notices.declarations import MAIL
from samplan.notices.due import sends_mail
from samplan.notices.models import MAIL_STATUSES, Mail
from samplan.notices.outbox import count_by_status, mail_lines, mails, send_again
from samplan.notices.words import MAIL_STATES, reason_text
from samplan.web.core_pages import core_pages
from samplan.web.request import current_core, current_principal, current_session


@core_pages.get("/t/<tenant>/mail")
@requires(MAIL)
def mail() -> str:
    """List the newest mails, page by page."""
    session, core = current_session(), current_core()
    status = request.args.get("status")
    status = status if status in MAIL_STATUSES else None
    page = paginate(
        session,
        mails(status),
        Mail.id,
        cursor=parse_uuid(request.args.get("cursor", "")),
        limit=DEFAULT_PAGE,
        newest_first=True,
    )
    older = url_for("core.mail", cursor=page.next_cursor, status=status) if page.next_cursor else None
    return render_template(
        "core/mail.html",
        lines=mail_lines(session, list(page.items)),
        status=status,
        states=MAIL_STATES,
        counts=count_by_status(session),
        events=core.modules.events(),
        reason=reason_text,
        server=sends_mail(core.settings),
        older_url=older,
    )


@core_pages.post("/t/<tenant>/mail/<uuid:mail_id>/again")
@requires(MAIL)
def send_mail_again(mail_id: UUID) -> Response:
    """Queue a mail that was not sent."""
    try:
        send_again(current_session(), mail_id, current_core().clock.now())
        flash(_("The e-mail is on its way again."), "success")
    except Conflict as error:
        flash(str(error), "warning")
    return redirect(url_for("core.mail"))


@core_pages.post("/account/mail")
@signed_in
def switch_own_mail() -> Response:
    """Switch mail to oneself on or off, in every region."""
    wanted = request.form.get("mail") == "1"
    with current_core().database.system_session() as system:
        own = update(Account).where(Account.id == current_principal().account_id)
        system.execute(own.values(mail=wanted))
    flash(_("You get e-mail from Samplan.") if wanted else _("You get no e-mail from Samplan."), "success")
    return redirect(url_for("core.account"))
