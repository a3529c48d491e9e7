"""The pages of rule profiles: a period's, and the standing one of a ward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from samplan.plugin_api import Conflict, VersionForm, _, can, current_principal, language, requires
from samplan_rostering.domain.rule_setting import RuleSetting
from samplan_rostering.domain.ward_rules import BY_KEY, RULES, WardRule
from samplan_rostering.domain.ward_rules.profile import usual_rule
from samplan_rostering.models import PERMITS
from samplan_rostering.permissions import Allow
from samplan_rostering.services.setup.profile import judge, line_of
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.setup import profile_place
from samplan_rostering.web.setup.profile_place import FaultLine, Place, fault_lines, own_lines, unreadable
from samplan_rostering.web.setup.rule_rows import (
    RuleRow,
    as_said,
    grouped,
    name_of,
    row_of,
    rows_of,
    said_line,
    said_lines,
)

Answer = Response | tuple[str, int]


@blueprint.get("/periods/<uuid:period_id>/rules")
@requires(Allow.READ_WARD)
def period_rules(period_id: UUID) -> str:
    """Show the rules of a period."""
    return _page(profile_place.of_period(period_id))


@blueprint.get("/wards/<uuid:ward_id>/rules")
@requires(Allow.READ_WARD)
def ward_rules(ward_id: UUID) -> str:
    """Show the rules that files of a ward's new periods are compared with."""
    return _page(profile_place.of_ward(ward_id))


@blueprint.post("/periods/<uuid:period_id>/rules")
@requires(Allow.WRITE_RULES)
def save_period_rules(period_id: UUID) -> Answer:
    """Change a period's rules."""
    return _save(profile_place.of_period(period_id))


@blueprint.post("/wards/<uuid:ward_id>/rules")
@requires(Allow.WRITE_RULES)
def save_ward_rules(ward_id: UUID) -> Answer:
    """Change the rules that files of a ward's new periods are compared with."""
    return _save(profile_place.of_ward(ward_id))


@blueprint.get("/periods/<uuid:period_id>/rules/line")
@requires(Allow.WRITE_RULES)
def period_rule_line(period_id: UUID) -> str:
    """Show the form of a rule for one person, or of one of several."""
    return _line_page(profile_place.of_period(period_id))


@blueprint.get("/wards/<uuid:ward_id>/rules/line")
@requires(Allow.WRITE_RULES)
def ward_rule_line(ward_id: UUID) -> str:
    """Show the form of a rule that may be there several times."""
    return _line_page(profile_place.of_ward(ward_id))


@blueprint.post("/periods/<uuid:period_id>/rules/line")
@requires(Allow.WRITE_RULES)
def add_period_rule_line(period_id: UUID) -> Answer:
    """Add a rule for one person, or one of several."""
    return _add(profile_place.of_period(period_id))


@blueprint.post("/wards/<uuid:ward_id>/rules/line")
@requires(Allow.WRITE_RULES)
def add_ward_rule_line(ward_id: UUID) -> Answer:
    """Add a rule that may be there several times."""
    return _add(profile_place.of_ward(ward_id))


@blueprint.post("/periods/<uuid:period_id>/rules/remove")
@requires(Allow.WRITE_RULES)
def remove_period_rule_line(period_id: UUID) -> Answer:
    """Remove a rule for one person, or one of several."""
    return _remove(profile_place.of_period(period_id))


@blueprint.post("/wards/<uuid:ward_id>/rules/remove")
@requires(Allow.WRITE_RULES)
def remove_ward_rule_line(ward_id: UUID) -> Answer:
    """Remove a rule that may be there several times."""
    return _remove(profile_place.of_ward(ward_id))


def _save(place: Place) -> Answer:
    form = VersionForm()
    profile = place.profile
    said, wrong = said_lines(request.form, profile.ward.rules)
    faults = unreadable(wrong) + _of_form(form)
    shown = {line.rule: line for line in said}
    if faults:
        return _page(place, shown, faults), 422
    lines = [line for line in (line_of(BY_KEY[s.rule], s, profile.ward) for s in said) if line is not None]
    judgement = judge(profile, [*lines, *profile.own])
    if judgement:
        return _page(place, shown, fault_lines(judgement, place)), 422
    return _stored(place, form, judgement.lines)


def _add(place: Place) -> Answer:
    form = VersionForm()
    kind, profile = BY_KEY.get(request.form.get("rule", "")), place.profile
    if kind is None or kind.key in PERMITS:
        return _page(place, faults=[FaultLine("", "", _("Choose a rule."))]), 422
    said, wrong = said_line(request.form, kind, profile.ward.rules)
    faults = unreadable(wrong) + _of_form(form)
    dates, misread = _dates()
    faults += misread
    employee = request.form.get("employee") or None
    if not kind.repeated and employee is None:
        faults.append(FaultLine("employee", _("Employee"), _("Choose somebody.")))
    if faults or said is None:
        return _line_page(place, faults), 422
    whole = replace(
        said,
        employee=employee,
        other=request.form.get("other") or None,
        valid_from=dates["valid_from"],
        valid_to=dates["valid_to"],
    )
    judgement = judge(profile, [*profile.lines, line_of(kind, whole, profile.ward) or whole])
    if judgement:
        return _line_page(place, fault_lines(judgement, place)), 422
    return _stored(place, form, judgement.lines)


def _remove(place: Place) -> Answer:
    form = VersionForm()
    number = request.form.get("place", "")
    faults = _of_form(form)
    own = list(place.profile.own)
    if not number.isdecimal() or len(number) > 5 or int(number) >= len(own):
        faults.append(FaultLine("", "", _("There is no such line.")))
    if faults:
        return _page(place, faults=faults), 422
    gone = own[int(number)]
    kept = list(place.profile.lines)
    kept.remove(gone)
    return _stored(place, form, tuple(kept))


def _stored(place: Place, form: VersionForm, lines: Sequence[RuleSetting]) -> Answer:
    try:
        place.save(form.number, lines)
    except Conflict as error:
        return _page(place, faults=[FaultLine("", "", str(error))]), 409
    flash(_("The rule profile has been saved."), "success")
    return redirect(place.urls["rules"], 303)


def _of_form(form: VersionForm) -> list[FaultLine]:
    if form.validate_on_submit():
        return []
    return [FaultLine("", "", message) for messages in form.errors.values() for message in messages]


def _dates() -> tuple[dict[str, date | None], list[FaultLine]]:
    dates: dict[str, date | None] = {}
    wrong = {}
    for name in ("valid_from", "valid_to"):
        text = request.form.get(name, "").strip()
        try:
            dates[name] = date.fromisoformat(text) if text else None
        except ValueError:
            wrong[name] = text
    return dates, unreadable(wrong)


def _page(place: Place, said: dict[str, RuleSetting] | None = None, faults: Sequence[FaultLine] = ()) -> str:
    profile = place.profile
    rows = rows_of(profile.standard if said is None else said, profile.ward, language())
    return render_template(
        "rostering/rules.html",
        place=place,
        period=place.period,
        ward=place.ward,
        groups=grouped(rows),
        own=own_lines(profile),
        faults=faults,
        wrong={fault.field for fault in faults},
        form=VersionForm(formdata=None, version=profile.version),
        editable=can(current_principal(), Allow.WRITE_RULES),
    )


def _line_page(place: Place, faults: Sequence[FaultLine] = ()) -> str:
    chosen = BY_KEY.get(request.values.get("rule", ""))
    kinds = [kind for kind in RULES if _offered(kind, place)]
    row = None if chosen not in kinds or chosen is None else _row(chosen, place)
    return render_template(
        "rostering/rule_line.html",
        place=place,
        period=place.period,
        ward=place.ward,
        row=row,
        pair=row is not None and row.key in {"together", "apart"},
        kinds=sorted(((kind.key, name_of(kind.key, language())) for kind in kinds), key=lambda item: item[1]),
        people=place.profile.ward.employees if place.period else (),
        needed=row is not None and not BY_KEY[row.key].repeated,
        said=request.form,
        faults=faults,
        wrong={fault.field for fault in faults},
        form=VersionForm(formdata=None, version=place.profile.version),
    )


def _row(kind: type[WardRule], place: Place) -> RuleRow:
    sheet = place.profile.ward.rules
    rule = usual_rule(kind, sheet)
    level = next(each for each in ("soft", "hard") if each in kind.levels)
    rule = replace(rule, level=type(rule.level)(level))
    return as_said(row_of(rule, place.profile.ward, language()), request.form)


def _offered(kind: type[WardRule], place: Place) -> bool:
    """Tell whether a line of a rule can be added: for people only where there are any."""
    if kind.key in PERMITS:
        return False
    return kind.repeated if place.period is None else True
