"""Re-planning a roster: say what is new, see who could come, look at a proposal, accept it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    Forbidden,
    Invalid,
    _,
    can,
    current_core,
    current_principal,
    current_session,
    requires,
    settings_of,
    today,
)
from samplan_rostering.domain.explain.effect import CellChange
from samplan_rostering.domain.explain.news import News
from samplan_rostering.domain.explain.why_not import UnknownError
from samplan_rostering.domain.ward import AbsenceKind
from samplan_rostering.explanation.words import Words
from samplan_rostering.models import Roster
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.replanning import Situation, preview, replacements, situation
from samplan_rostering.queries.rosters.judging import judged
from samplan_rostering.services.replanning.accept import CONSENTED, Accepted, accept_replan
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import whole_number
from samplan_rostering.web.replanning.forms import AwayForm, NeedForm, SearchForm
from samplan_rostering.web.rosters.proposals import unpacked, unpacked_news

NOTHING_NEW = News()


@blueprint.get("/rosters/<uuid:roster_id>/replan")
@requires(Allow.SOLVE_ROSTER)
def replan(roster_id: UUID) -> str:
    """Ask what is new: who cannot come, or how many more are needed."""
    return _asked(situation_of(roster_id, NOTHING_NEW), roster_id)


@blueprint.post("/rosters/<uuid:roster_id>/replan")
@requires(Allow.SOLVE_ROSTER)
def replan_for(roster_id: UUID) -> str | tuple[str, int]:
    """Show what falls away by the news, and where somebody is to be looked for."""
    asked = situation_of(roster_id, NOTHING_NEW)
    away, need = AwayForm.of(asked.now, asked.first), NeedForm.of(asked.now, asked.first)
    chosen = need if "need-shift" in request.form else away
    if not chosen.validate_on_submit():
        forms = {"away": away, "need": need}
        return _asked(asked, roster_id, **forms), 422
    return answered(roster_id, chosen.news())


@blueprint.post("/rosters/<uuid:roster_id>/replan/replacements")
@requires(Allow.SOLVE_ROSTER)
def replan_replacements(roster_id: UUID) -> str:
    """Answer the part of a page with who could come to a need, ranked, each to be chosen."""
    case = situation_of(roster_id, news_of_form(roster_id))
    day, shift = request.form.get("day", ""), request.form.get("shift", "")
    try:
        number = whole_number(day, -1)
        found = replacements(case, number, shift, request.form.get("skill") or None)
    except UnknownError as error:
        message = _("The ward has none of this name.")
        raise Invalid(
            _("The question names something that the ward does not have."), {str(error.args[0]): [message]}
        ) from None
    return render_template("rostering/replan_choices.html", found=found, **common(roster_id, case))


@blueprint.post("/rosters/<uuid:roster_id>/replan/preview")
@requires(Allow.SOLVE_ROSTER)
def replan_preview(roster_id: UUID) -> str | tuple[str, int]:
    """Show old and new side by side with what was chosen, before anything is saved."""
    news = news_of_form(roster_id)
    chosen = [change for text in request.form.getlist("choice") for change in unpacked(text)]
    places = [(change.employee, change.day) for change in chosen]
    if len(set(places)) < len(places):
        fault = _("Two of the choices change the same person's day. Choose one of them.")
        return answered(roster_id, news, fault=fault), 422
    return proposal(roster_id, news, chosen)


@blueprint.post("/rosters/<uuid:roster_id>/replan/accept")
@requires(Allow.SOLVE_ROSTER)
def replan_accept(roster_id: UUID) -> Response | tuple[str, int]:
    """Save the news and the new roster, all of it or nothing; 409 where something is another by now."""
    news, changes = news_of_form(roster_id), unpacked(request.form.get("changes", ""))
    run_id = request.form.get("run_id", "")
    accepted = Accepted(
        news=news,
        changes=changes,
        seen=request.form.get("seen", ""),
        kind=_kind(),
        consent=request.form.get("consent") == "1",
        run_id=_uuid(run_id) if run_id else None,
    )
    try:
        made = accept_replan(current_session(), seen_roster(roster_id).id, accepted, today())
    except Conflict as error:
        current_session().rollback()
        return answered(roster_id, news, fault=str(error)), 409
    flash(_("The re-planned roster has been saved as roster %(number)s.", number=made.number), "success")
    return redirect(url_for("rostering.roster", roster_id=made.id), 303)


def situation_of(roster_id: UUID, news: News) -> Situation:
    """Return a roster's situation today, for who may see the ward."""
    return situation(current_session(), seen_roster(roster_id), news, today())


def seen_roster(roster_id: UUID) -> Roster:
    """Return a roster that can be judged; raises `NotFound`, and `Forbidden` for who may not see the ward."""
    if not can(current_principal(), Allow.READ_WARD):
        raise Forbidden(_("You lack the permission that this needs."), permission=Allow.READ_WARD)
    session = current_session()
    roster = periods.get_roster(session, roster_id)
    judged(session, roster)
    return roster


def answered(roster_id: UUID, news: News, *, fault: str = "", search: SearchForm | None = None) -> str:
    """Return the page with what the news lead to, and with a fault where there is one."""
    case = situation_of(roster_id, news)
    return render_template(
        "rostering/replan_answer.html",
        fault=fault,
        search=search or search_form(),
        **common(roster_id, case),
    )


def proposal(roster_id: UUID, news: News, changes: list[CellChange], **more: Any) -> str:
    """Return the page with old and new side by side; raises `Invalid` for changes that do not fit."""
    case = situation_of(roster_id, news)
    try:
        shown = preview(case, changes)
    except ValueError:
        raise Invalid(_("The changes do not fit the roster. Ask again.")) from None
    broken = {violation.rule for violation in shown.effect.broken}
    return render_template(
        "rostering/replan_preview.html",
        shown=shown,
        changes=changes,
        kinds=list(AbsenceKind),
        allowed=broken <= CONSENTED,
        consent=bool(broken),
        **common(roster_id, case),
        **more,
    )


def search_form() -> SearchForm:
    """Return the form of a search within the region's limits."""
    settings = settings_of(current_core().modules, current_session(), blueprint.name)
    return SearchForm.within(settings["max_solve_seconds"])


def _asked(case: Situation, roster_id: UUID, **forms: Any) -> str:
    usual = {"away": AwayForm.of(case.now, case.first), "need": NeedForm.of(case.now, case.first)}
    return render_template("rostering/replan.html", **(usual | forms), **common(roster_id, case))


def common(roster_id: UUID, case: Situation) -> dict[str, Any]:
    """Return what all pages of re-planning show."""
    session = current_session()
    roster = periods.get_roster(session, roster_id)
    return {
        "roster": roster,
        "period": periods.overview(session, _period_id(roster)),
        "case": case,
        "ward": case.now,
        "words": Words.of_ward(case.now),
    }


def _period_id(roster: Roster) -> UUID:
    if roster.period_id is None:
        raise Invalid(_("A benchmark problem's roster cannot be changed."))
    return roster.period_id


def news_of_form(roster_id: UUID) -> News:
    """Return the news that the form carries; raises `Invalid`."""
    ward = judged(current_session(), periods.get_roster(current_session(), roster_id)).ward
    return unpacked_news(request.form.get("news", ""), ward)


def _kind() -> AbsenceKind:
    try:
        return AbsenceKind(request.form.get("kind", AbsenceKind.SICK.value))
    except ValueError:
        message = _("one of the kinds of absence")
        raise Invalid(_("The kind of absence is not known."), {"kind": [message]}) from None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("The changes did not arrive whole. Go back and try again.")) from None
