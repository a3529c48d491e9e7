"""Choosing what is called off: by dates and policy among what rosters lack, with what it would cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Invalid,
    Period,
    StaffingGap,
    StaffingGaps,
    _,
    current_core,
    current_session,
    current_tenant,
    find,
    requires,
    today,
)
from samplan_agency.calloff_words import LEFT_OUT
from samplan_agency.domain.calloff import Policy, preview
from samplan_agency.domain.pricing import folded
from samplan_agency.permissions import Allow
from samplan_agency.queries.agreements.book import levels
from samplan_agency.queries.calloff.shown import newest_call_off
from samplan_agency.queries.calloff.wanted import (
    PricedShift,
    Pricer,
    left_of,
    of_gap,
    open_gaps,
    usual_levels,
)
from samplan_agency.queries.unit_tree import unit_tree
from samplan_agency.services.calloff.steps import (
    Moment,
    choose_alone,
    make_call_off,
    policy_of,
    policy_values,
)
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.calloff.forms import PolicyForm

USUAL_DAYS = 42


def moment() -> Moment:
    """Return now, with the region's time zone."""
    return Moment(current_core().clock.now(), ZoneInfo(current_tenant().timezone))


@blueprint.get("/call-offs/new")
@requires(Allow.WRITE_CALL_OFF)
def call_off_new() -> str | tuple[str, int]:
    """Show what rosters lack in some dates, by a policy, with what it would cost."""
    form = _form(request.args)
    if request.args and not form.validate():
        return _page(form, []), 422
    return _page(form, _chosen(form))


@blueprint.post("/call-offs")
@requires(Allow.WRITE_CALL_OFF)
def call_off_make() -> Response | tuple[str, int]:
    """Make a draft of what was ticked; of nothing, to be filled by hand or from a workbook."""
    form = _form(request.form)
    if not form.validate():
        return _page(form, []), 422
    choose_alone(current_session())  # the same shift is not to be called off twice
    chosen, ticked = _chosen(form), set(request.form.getlist("gap"))
    wanted = [one.wanted for one in chosen if str(one.wanted.gap_id) in ticked]
    try:
        if len(wanted) != len(ticked):
            raise Invalid(_("Some shifts are called off already. This is what is left."))
        if any(not one.level for one in wanted):
            raise Invalid(_("Choose a category for every competence."))
        call_off = make_call_off(current_session(), form.policy(), wanted, moment())
    except Invalid as fault:
        form.show(fault)
        return _page(form, chosen), 422
    flash(_("A draft has been made. Check it and send it."), "success")
    return redirect(url_for("agency.call_off", call_off_id=call_off.id), 303)


def _form(given: MultiDict[str, str]) -> PolicyForm:
    first = today()
    usual = MultiDict({"first": first.isoformat(), "last": (first + timedelta(USUAL_DAYS)).isoformat()})
    newest = newest_call_off(current_session())
    policy = policy_of(newest) if newest else Policy()
    usual |= {"own_first": "yes" if policy.own_first else "no", "times": policy.times.value}
    usual |= {"lead_hours": str(policy.lead_hours), "max_price": policy_values(policy)["max_price"] or ""}
    form: PolicyForm = PolicyForm(formdata=MultiDict({**usual, **given.to_dict()}), meta={"csrf": False})
    return form


def _chosen(form: PolicyForm) -> list[PricedShift]:
    """Return what is left of the gaps, priced by the categories that were chosen for their skills."""
    session = current_session()
    period = Period(form.first.data, form.last.data)
    gaps = open_gaps(session, find(StaffingGaps), period)
    left = left_of(session, gaps)
    units = {unit.code: unit.id for unit in unit_tree(session).in_use}
    chosen = _levels(gaps)
    wanted = [
        of_gap(gap, units[gap.unit], chosen.get(gap.skill or "", ""), left[gap.id])
        for gap in gaps
        if gap.unit in units
    ]
    now = moment()
    return Pricer(session).judge(wanted, form.policy(), now.now, now.zone)


def _levels(gaps: Sequence[StaffingGap]) -> dict[str, str]:
    """Return the category of each skill: as chosen on the page, else as last time, else of its name."""
    known = levels(current_session())
    named = {folded(level): level for level in known}
    usual = {gap.skill or "": named.get(folded(gap.skill_name), "") for gap in gaps}
    last = usual_levels(current_session(), {gap.skill for gap in gaps})
    usual |= {skill or "": level for skill, level in last.items()}
    sent = {
        name.removeprefix("level."): value.strip()[:100]
        for name, value in request.values.items()
        if name.startswith("level.")
    }
    return usual | {skill: level for skill, level in sent.items() if level in known}


def _page(form: PolicyForm, chosen: list[PricedShift]) -> str:
    let = [one for one in chosen if one.left_out is None]
    return render_template(
        "agency/call_off_new.html",
        form=form,
        rosters=find(StaffingGaps) is not None,
        chosen=chosen,
        skills=sorted({(one.wanted.skill or "", one.wanted.skill_name) for one in chosen}),
        lacking=sorted({(one.unpriced, one.place.name) for one in chosen if one.unpriced}),
        categories=levels(current_session()),
        level_of={one.wanted.skill or "": one.wanted.level for one in chosen},
        sums=preview(one.shift for one in let),
        left_out=LEFT_OUT,
    )
