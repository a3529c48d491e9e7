"""Whether a period can have a roster: what contradicts itself at once, and the search for what clashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from samplan.plugin_api import (
    JobRun,
    PageForm,
    RunView,
    Text,
    _,
    _l,
    can,
    current_core,
    current_principal,
    current_session,
    request_job,
    requires,
    run_view,
    settings_of,
)
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import WardData
from samplan_rostering.explanation.parts import contradicting, part_text
from samplan_rostering.explanation.words import Words
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.queries.solving.feasibility import quick_check as checked
from samplan_rostering.queries.solving.runs import is_active, newest_run
from samplan_rostering.solver.contradictions import Contradiction
from samplan_rostering.web.blueprint import blueprint

USUAL_SECONDS = 60
_TERMS = _l("Contracts")
_SHEETS: Mapping[str, Text] = {
    Rule.SKILL: _l("Skills held"),
    Rule.CONTRACT: _TERMS,
    Rule.ROSTER_TYPE: _TERMS,
    Rule.HOURS_MIN: _TERMS,
    Rule.HOURS_MAX: _TERMS,
    Rule.ABSENCE: _l("Absences"),
    Rule.PIN: _l("Locked cells"),
}
"""Which part of the input a rule follows from, where it is not the rule profile."""


class ClashForm(PageForm):
    """What is to be kept, and how long to search."""

    hard_cover = BooleanField(
        _l("Every shift's minimum is to be kept too"),
        description=_l("Otherwise only the rules of each person are looked at."),
        default=True,
    )
    seconds = IntegerField(_l("Time limit (seconds)"), validators=[InputRequired()], default=USUAL_SECONDS)


@blueprint.get("/periods/<uuid:period_id>/check")
@requires(Allow.READ_WARD)
def quick_check(period_id: UUID) -> str:
    """Answer the part of a page with what contradicts itself, before any search.

    With `starting` it holds the tick that lets a search start although requirements stay unmet.
    """
    ward = ward_data(current_session(), period_id)
    starting = request.args.get("starting") == "1"
    return render_template(
        "rostering/clash_check.html", period_id=period_id, starting=starting, **_quick(ward)
    )


@blueprint.get("/periods/<uuid:period_id>/clash")
@requires(Allow.READ_WARD)
def clash(period_id: UUID) -> str:
    """Show what contradicts itself, and the smallest sets of rules and requirements that clash."""
    return _page(period_id, _form())


@blueprint.post("/periods/<uuid:period_id>/clash")
@requires(Allow.SOLVE_ROSTER)
def start_clash(period_id: UUID) -> Response | tuple[str, int]:
    """Start the search for what clashes."""
    periods.overview(current_session(), period_id)
    form = _form()
    if not form.validate_on_submit():
        return _page(period_id, form), 422
    params = {
        "period_id": str(period_id),
        "hard_cover": bool(form.hard_cover.data),
        "seconds": form.seconds.data,
    }
    request_job("rostering.explain", params, subject=_subject(period_id))
    return redirect(url_for("rostering.clash", period_id=period_id), 303)


def _page(period_id: UUID, form: ClashForm) -> str:
    session = current_session()
    ward, run = ward_data(session, period_id), newest_run(session, _subject(period_id))
    result: dict[str, Any] = dict((run.result if run else None) or {})
    answer = result.get("answer")
    return render_template(
        "rostering/clash.html",
        period=periods.overview(session, period_id),
        period_id=period_id,
        form=form,
        run=_shown(run),
        active=is_active(run),
        answer=answer,
        clashes=[_clash(found, Words.of_ward(ward)) for found in (answer or {}).get("clashes", ())],
        outdated=bool(answer) and result["input"]["hash"] != input_hash(ward),
        **_quick(ward),
    )


def _quick(ward: WardData) -> dict[str, Any]:
    found, words = checked(current_session().tenant_id, ward), Words.of_ward(ward)
    return {
        "everybody": found.everybody,
        "impossible": _grouped(found.impossible, words),
        "unmet": _grouped(found.unmet, words),
    }


def _grouped(found: Sequence[Contradiction], words: Words) -> dict[str, Any]:
    """Return how many contradictions there are, and by their reason with where each can be eased."""
    groups = [(group, _eased(group.example)) for group in contradicting(found, words)]
    return {"count": len(found), "groups": groups}


def _eased(found: Contradiction) -> Place:
    """Return where a contradiction can be eased: by the first of the rules that make it so, if any does."""
    if found.sums is not None:
        return _place(None)
    return _place(found.because[0] if found.because else found.rule, need=True)


def _clash(found: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Return a clash in words, each part with the place where it can be eased."""
    parts = [(part_text(part, words), _place(part["rule"], need=True)) for part in found["parts"]]
    return {"minimal": found["minimal"], "parts": parts}


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the input, and the page that changes it for who may."""

    label: Text
    endpoint: str
    of_period: bool


def _place(rule: str | None, *, need: bool = False) -> Place:
    """Return where a rule can be eased, or a requirement where there is no rule."""
    if rule is None and need:
        return Place(_("Requirements"), "rostering.choose_file", of_period=False)
    if rule is not None and rule in _SHEETS:
        return Place(_SHEETS[rule], "rostering.choose_file", of_period=False)
    return Place(_("Rule profile"), "rostering.period_rules", of_period=True)


def _shown(run: JobRun | None) -> RunView | None:
    """Return a run that has no answer yet, for who asked for it or manages all."""
    principal = current_principal()
    if run is None or run.status == "succeeded":
        return None
    if run.requested_by != principal.account_id and not can(principal, "core:job:manage"):
        return None
    return run_view(run)


def _subject(period_id: UUID) -> str:
    return f"rostering-explain:{period_id}"


def _form() -> ClashForm:
    limit = settings_of(current_core().modules, current_session(), blueprint.name)["max_solve_seconds"]
    form = ClashForm(seconds=min(USUAL_SECONDS, limit))
    form.seconds.validators = [*form.seconds.validators, NumberRange(1, limit)]
    return form
