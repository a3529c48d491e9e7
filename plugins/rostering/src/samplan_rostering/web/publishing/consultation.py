"""What people say of a roster in consultation."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    Invalid,
    _,
    can,
    current_core,
    current_principal,
    current_session,
    requires,
)
from samplan_rostering.domain.publication import State
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods.lists import overview
from samplan_rostering.queries.publishing.page import comments
from samplan_rostering.queries.publishing.publications import get_period, standing_of
from samplan_rostering.services.publishing.comments import add_comment as keep_comment
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.publishing.forms import CommentForm

Page = str | tuple[str, int]


@blueprint.get("/periods/<uuid:period_id>/consultation")
@requires(Allow.COMMENT_ROSTER)
def consultation(period_id: UUID) -> str:
    """Show what was said, and let people say what they think while the roster is in consultation."""
    return _page(period_id, _form())


@blueprint.post("/periods/<uuid:period_id>/consultation")
@requires(Allow.COMMENT_ROSTER)
def add_comment(period_id: UUID) -> Response | Page:
    """Keep a comment."""
    form = _form()
    if not form.validate_on_submit():
        return _page(period_id, form), 422
    by, now = current_principal().account_id, current_core().clock.now()
    try:
        keep_comment(current_session(), period_id, form.text.data, form.speaks_for.data, by=by, now=now)
    except Invalid as error:
        form.form_errors.append(str(error))
        return _page(period_id, form), 422
    except Conflict as error:
        return _page(period_id, form, conflict=str(error)), 409
    flash(_("Your comment is kept."), "success")
    return redirect(url_for("rostering.consultation", period_id=period_id), 303)


def _form() -> CommentForm:
    return CommentForm.of(employer=can(current_principal(), Allow.CONSULT_ROSTER))


def _page(period_id: UUID, form: CommentForm, conflict: str | None = None) -> str:
    session, principal = current_session(), current_principal()
    stands = standing_of(session, get_period(session, period_id))
    everybody = can(principal, Allow.CONSULT_ROSTER)
    return render_template(
        "rostering/consultation.html",
        period=overview(session, period_id),
        roster=stands.roster,
        open=stands.state is State.CONSULTATION,
        comments=comments(session, period_id, principal.account_id, everybody=everybody),
        everybody=everybody,
        form=form,
        conflict=conflict,
    )
