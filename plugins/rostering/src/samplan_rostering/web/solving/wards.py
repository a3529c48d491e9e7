"""The page where several wards are rostered together with their internal unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from samplan.plugin_api import (
    Invalid,
    PageForm,
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
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods.lists import newest_periods
from samplan_rostering.queries.solving.runs import newest_joint_run
from samplan_rostering.queries.solving.together import SameDates, same_dates
from samplan_rostering.services.solving.wards import check_joint_limits, check_periods, subject_of_wards
from samplan_rostering.web.blueprint import blueprint

SHOWN_PERIODS = 400


class WardsForm(PageForm):
    """Which wards are rostered together, and for how long."""

    wards = SelectMultipleField(
        _l("Wards"),
        validators=[InputRequired(_l("Choose at least one ward."))],
        option_widget=CheckboxInput(),
    )
    internal = SelectField(
        _l("Internal unit"),
        validators=[Optional()],
        default="",
        description=_l("Its people help in the wards where they are missed most."),
    )
    seconds = IntegerField(_l("Time limit (seconds)"), validators=[InputRequired()])
    rounds = IntegerField(
        _l("Rounds"),
        validators=[InputRequired(), NumberRange(0, 10)],
        default=2,
        description=_l("How often wards are improved around those who help."),
    )

    @classmethod
    def of_group(cls, group: SameDates | None, limit: int) -> WardsForm:
        """Return the form for the wards of the same dates."""
        form: WardsForm = cls(seconds=min(300, limit))
        form.seconds.validators = [*form.seconds.validators, NumberRange(10, limit)]
        choices = [SelectChoice(str(p.id), p.unit_name) for p in group.periods] if group else []
        form.wards.choices = choices
        form.internal.choices = [SelectChoice("", _("None")), *choices]
        return form


@blueprint.get("/wards/optimise")
@requires(Allow.SOLVE_WARDS)
def wards() -> str:
    """Show the wards with the same dates, and the newest run over several."""
    groups = _groups()
    return _page(groups, _chosen(groups, request.args.get("dates", "")))


@blueprint.post("/wards/optimise")
@requires(Allow.SOLVE_WARDS)
def start_wards() -> Response | tuple[str, int]:
    """Start the optimisation of the wards that are chosen."""
    groups = _groups()
    group = _chosen(groups, request.args.get("dates", ""))
    form = WardsForm.of_group(group, _limit())
    if not form.validate_on_submit():
        return _page(groups, group, form), 422
    own = UUID(form.internal.data) if form.internal.data else None
    period_ids = [UUID(key) for key in form.wards.data if key != form.internal.data]
    params = {
        "period_ids": [str(key) for key in period_ids],
        "internal_period_id": form.internal.data or None,
        "seconds": form.seconds.data,
        "rounds": form.rounds.data,
    }
    try:
        if not period_ids:
            raise Invalid(_("Choose at least one ward."))
        check_joint_limits(settings_of(current_core().modules, current_session(), blueprint.name), params)
        check_periods(current_session(), period_ids, own)
    except Invalid as error:
        form.wards.errors = [str(error), *(text for texts in error.fields.values() for text in texts)]
        return _page(groups, group, form), 422
    request_job("rostering.solve_wards", params, subject=subject_of_wards(period_ids, own))
    return redirect(url_for("rostering.wards", dates=group.key if group else None), 303)


def _groups() -> list[SameDates]:
    return same_dates(newest_periods(current_session(), SHOWN_PERIODS))


def _chosen(groups: Sequence[SameDates], key: str) -> SameDates | None:
    return next((group for group in groups if group.key == key), groups[0] if groups else None)


def _limit() -> int:
    settings = settings_of(current_core().modules, current_session(), blueprint.name)
    return int(settings["max_joint_seconds"])


def _page(groups: Sequence[SameDates], group: SameDates | None, form: WardsForm | None = None) -> str:
    return render_template(
        "rostering/wards.html",
        groups=groups,
        group=group,
        form=WardsForm.of_group(group, _limit()) if form is None else form,
        run=_run(),
    )


def _run() -> Any:
    """Return the newest run over several wards, if it is one's own or one may see everybody's."""
    principal = current_principal()
    run = newest_joint_run(
        current_session(), None if can(principal, "core:job:manage") else principal.account_id
    )
    return None if run is None else run_view(run)
