"""The pages of measures: all of them with planned, expected and realised effect, and one of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import render_template, request

from samplan.plugin_api import (
    NotFound,
    OrgUnit,
    PageForm,
    TenantSession,
    Text,
    VersionForm,
    _,
    current_core,
    current_session,
    requires,
    settings_of,
    today,
)
from samplan_agency.labels import CATEGORIES
from samplan_agency.measure_words import KINDS, STATUSES, TONES
from samplan_agency.params import limits_of
from samplan_agency.permissions import Allow
from samplan_agency.queries.measures.plans import Plan
from samplan_agency.queries.measures.report import by_division, newest_delivery, total_of
from samplan_agency.queries.measures.standing import Standing, acting_measures, split_of, standings
from samplan_agency.queries.names import supplier_names
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.measures.chart import chart_rows, draw_chart
from samplan_agency.web.measures.forms import EffectForm

EARLIEST, LATEST = 2000, 2100


def module_settings() -> dict[str, Any]:
    """Return what the region has decided about the module."""
    return settings_of(current_core().modules, current_session(), "agency")


def all_standings(session: TenantSession) -> list[Standing]:
    """Return how every measure goes, by the region's limits."""
    settings = module_settings()
    return standings(session, today(), limits_of(settings), settings["provisional_months"])


@blueprint.get("/measures")
@requires(Allow.READ)
def measures() -> str:
    """Show the measures, of a division and year where these are chosen."""
    session = current_session()
    year, division = _year(), request.args.get("division", "")
    found = all_standings(session)
    divisions = dict(
        sorted(
            {str(one.plan.row.division_id): one.plan.division for one in found}.items(), key=lambda x: x[1]
        )
    )
    shown = [one for one in found if not division or str(one.plan.row.division_id) == division]
    years = _years(found, year)
    lines = by_division(shown, years)
    return render_template(
        "agency/measures.html",
        standings=shown,
        any_measure=bool(found),
        year=year,
        years=years,
        division=division,
        divisions=divisions,
        lines=lines,
        total=total_of(lines, years),
        sums=_sums(shown, year),
        **_shared(session, found),
    )


@blueprint.get("/measures/<uuid:measure_id>")
@requires(Allow.READ)
def measure(measure_id: UUID) -> str:
    """Show a measure."""
    return measure_page(measure_id, EffectForm(formdata=None))


def measure_page(measure_id: UUID, form: EffectForm, faulty: PageForm | None = None) -> str:
    """Return the page of a measure with the form for an effect; `faulty` is a form with what is wrong."""
    session = current_session()
    found = all_standings(session)
    standing = next((one for one in found if one.plan.row.id == measure_id), None)
    if standing is None:
        raise NotFound(_("There is no such measure."))
    plan, rows = standing.plan, chart_rows(standing)
    acting = acting_measures(session, [one.plan for one in found])
    own = next((one for one in acting if one.id == measure_id), None)
    if not form.is_submitted() or faulty is not form:
        form.version.data = str(plan.row.version)
    return render_template(
        "agency/measure.html",
        standing=standing,
        plan=plan,
        row=plan.row,
        rows=rows,
        chart=draw_chart(rows),
        split=split_of(session, own, standing.months()) if own else None,
        others=_others(found, measure_id, acting),
        facts=_acts_on(session, plan),
        form=form,
        faulty=faulty,
        removal=VersionForm(formdata=None, version=str(plan.row.version)),
        **_shared(session, found),
    )


def _shared(session: TenantSession, found: Sequence[Standing]) -> dict[str, Any]:
    return {
        "statuses": STATUSES,
        "tones": TONES,
        "known": found[0].known if found else None,
        "delivery": newest_delivery(session),
        "settings": module_settings(),
    }


def _others(found: Sequence[Standing], measure_id: UUID, acting: Sequence[Any]) -> list[Plan]:
    """Return the other measures that act on the same costs at some time."""
    by_id = {one.id: one.scope for one in acting}
    own = by_id.get(measure_id)
    return [
        one.plan
        for one in found
        if own is not None
        and one.plan.row.id in by_id
        and one.plan.row.id != measure_id
        and own.meets(by_id[one.plan.row.id])
    ]


def _acts_on(session: TenantSession, plan: Plan) -> list[tuple[Text, str]]:
    """Return what a measure acts on in words."""
    targets, names = plan.targets, supplier_names(session)
    units = [unit.name for key in targets.units if (unit := session.get(OrgUnit, (session.tenant_id, key)))]
    listed = ", ".join
    return [
        (_("Units"), listed(sorted(units)) or _("The whole division")),
        (
            _("Kinds of cost"),
            listed(str(KINDS[kind]) for kind in sorted(targets.kinds)) or str(KINDS["hired"]),
        ),
        (
            _("Professional groups"),
            listed(str(CATEGORIES[one]) for one in sorted(targets.categories)) or _("All"),
        ),
        (_("Suppliers"), listed(sorted(names[one] for one in targets.suppliers)) or _("All")),
    ]


def _sums(shown: Sequence[Standing], year: int) -> tuple[Decimal, Decimal, Decimal]:
    """Return planned, expected and realised effect of what is decided."""
    decided = [one for one in shown if one.plan.decided]
    return (
        sum((one.plan.planned_in(year) for one in decided), Decimal(0)),
        sum((one.expected_so_far(year) for one in decided), Decimal(0)),
        sum((one.realised_so_far(year) for one in decided), Decimal(0)),
    )


def _years(found: Sequence[Standing], year: int) -> list[int]:
    """Return the years of the table by division: those with planned effects, and the chosen one."""
    return sorted({year, *(effect.year for one in found for effect in one.plan.effects)})


def _year() -> int:
    text = request.args.get("year", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return number if EARLIEST <= number <= LATEST else today().year
