"""Consultation, decision and publication of a period's roster."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    Invalid,
    Text,
    _,
    _l,
    can,
    current_core,
    current_principal,
    current_session,
    requires,
    settings_of,
    today,
)
from samplan_rostering.domain.publication import Step
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.publishing.export_rows import templates
from samplan_rostering.queries.publishing.page import PublishingPage, published_page, publishing_page
from samplan_rostering.queries.publishing.publications import get_period
from samplan_rostering.services.publishing import steps as publishing
from samplan_rostering.services.publishing.steps import Act
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.publishing.forms import ConsultForm, DecideForm, StepForm

Page = str | tuple[str, int]

_TOLD: Mapping[Step, Text] = MappingProxyType(
    {
        Step.CONSULT: _l("The roster is in consultation."),
        Step.WITHDRAW: _l("The roster is a draft again."),
        Step.DECIDE: _l("The roster is decided."),
        Step.REOPEN: _l(
            "The period is open again. What was published stays in force until you publish anew."
        ),
        Step.PUBLISH: _l("The roster is published."),
    }
)


@blueprint.get("/periods/<uuid:period_id>/publication")
@requires(Allow.READ_ROSTER)
def publication(period_id: UUID) -> str:
    """Show where the period stands, what can be done next, what was published and what changed since."""
    return _page(period_id, {})


@blueprint.get("/publications/<uuid:publication_id>")
@requires(Allow.READ_ROSTER)
def published(publication_id: UUID) -> str:
    """Show a publication as it was frozen."""
    shown = published_page(current_session(), publication_id)
    return render_template(
        "rostering/published.html", shown=shown, period=shown.period, templates=templates(current_session())
    )


@blueprint.post("/periods/<uuid:period_id>/publication/consult")
@requires(Allow.CONSULT_ROSTER)
def consult(period_id: UUID) -> Response | Page:
    """Send a roster to consultation."""
    form = _consult_form(period_id)

    def act(words: Act) -> None:
        publishing.send_to_consultation(current_session(), period_id, UUID(form.roster.data), words)

    return _take(period_id, Step.CONSULT, form, act)


@blueprint.post("/periods/<uuid:period_id>/publication/withdraw")
@requires(Allow.CONSULT_ROSTER)
def withdraw(period_id: UUID) -> Response | Page:
    """Take the roster back from consultation."""
    return _take(
        period_id,
        Step.WITHDRAW,
        StepForm(prefix=Step.WITHDRAW),
        lambda act: publishing.withdraw_consultation(current_session(), period_id, act),
    )


@blueprint.post("/periods/<uuid:period_id>/publication/decide")
@requires(Allow.PUBLISH_ROSTER)
def decide(period_id: UUID) -> Response | Page:
    """Decide on the roster."""
    form = DecideForm(prefix=Step.DECIDE)
    return _take(
        period_id,
        Step.DECIDE,
        form,
        lambda act: publishing.decide(current_session(), period_id, act, accepts=form.accepts.data),
    )


@blueprint.post("/periods/<uuid:period_id>/publication/reopen")
@requires(Allow.PUBLISH_ROSTER)
def reopen(period_id: UUID) -> Response | Page:
    """Open a decided or published period again."""
    return _take(
        period_id,
        Step.REOPEN,
        StepForm(prefix=Step.REOPEN),
        lambda act: publishing.reopen(current_session(), period_id, act),
    )


@blueprint.post("/periods/<uuid:period_id>/publication/publish")
@requires(Allow.PUBLISH_ROSTER)
def publish(period_id: UUID) -> Response | Page:
    """Publish the roster, or what was changed in it since."""
    form = DecideForm(prefix=Step.PUBLISH)

    def act(words: Act) -> None:
        publishing.publish(
            current_session(),
            period_id,
            words,
            today=today(),
            notice_days=notice_days(),
            accepts=form.accepts.data,
        )

    return _take(period_id, Step.PUBLISH, form, act)


def notice_days() -> int:
    """Return how long before its first date a roster is to be published in the region."""
    return int(settings_of(current_core().modules, current_session(), blueprint.name)["notice_days"])


def _take(period_id: UUID, step: Step, form: StepForm, act: Callable[[Act], None]) -> Response | Page:
    """Take a step, and lead back to the page; what is wrong stands in the form, what is new on the page."""
    if not form.validate_on_submit():
        return _page(period_id, {step: form}), 422
    words = Act(
        by=current_principal().account_id,
        now=current_core().clock.now(),
        seen=form.seen.data,
        comment=form.comment.data or "",
    )
    try:
        act(words)
    except Invalid as error:
        form.show(error)
        return _page(period_id, {step: form}), 422
    except Conflict as error:
        return _page(period_id, {}, conflict=str(error)), 409
    flash(str(_TOLD[step]), "success")
    return redirect(url_for("rostering.publication", period_id=period_id), 303)


def _page(period_id: UUID, forms: dict[Step, StepForm], conflict: str | None = None) -> str:
    session = current_session()
    private = can(current_principal(), Allow.READ_WARD)
    shown = publishing_page(session, period_id, today=today(), notice_days=notice_days(), private=private)
    if conflict is not None:
        forms = {}
    return render_template(
        "rostering/publication.html",
        shown=shown,
        period=shown.overview,
        forms=_forms(period_id, shown, forms, anew=conflict is not None),
        conflict=conflict,
    )


def _forms(
    period_id: UUID, shown: PublishingPage, given: Mapping[Step, StepForm], *, anew: bool
) -> dict[str, StepForm]:
    """Return the forms of the steps that the reader may take, each in a form of its own."""
    principal = current_principal()
    found: dict[Step, StepForm] = dict(given)
    if can(principal, Allow.CONSULT_ROSTER):
        found.setdefault(Step.CONSULT, _consult_form(period_id, anew=anew))
        found.setdefault(Step.WITHDRAW, _empty(StepForm, Step.WITHDRAW, anew=anew))
    if can(principal, Allow.PUBLISH_ROSTER):
        found.setdefault(Step.DECIDE, _empty(DecideForm, Step.DECIDE, anew=anew))
        found.setdefault(Step.REOPEN, _empty(StepForm, Step.REOPEN, anew=anew))
        found.setdefault(Step.PUBLISH, _empty(DecideForm, Step.PUBLISH, anew=anew))
    for step, form in found.items():
        form.seen.data = shown.standing.mark
        late = step is Step.PUBLISH and shown.notice is not None and shown.notice.late
        form.comment.flags.required = step is Step.REOPEN or late
    return {step.value: form for step, form in found.items()}


def _empty(kind: type[StepForm], step: Step, *, anew: bool) -> StepForm:
    """Return a form; `anew` without what was sent, because it was chosen in another situation."""
    arguments: dict[str, Any] = {"formdata": None} if anew else {}
    form: StepForm = kind(prefix=step, **arguments)
    return form


def _consult_form(period_id: UUID, *, anew: bool = False) -> ConsultForm:
    from samplan_rostering.queries.rosters.lines import roster_lines

    session = current_session()
    get_period(session, period_id)
    form = _empty(ConsultForm, Step.CONSULT, anew=anew)
    if not isinstance(form, ConsultForm):
        raise TypeError
    lines = roster_lines(session, period_id)
    return form.offer(
        (str(line.roster.id), _("Roster %(number)s", number=line.roster.number)) for line in lines
    )
