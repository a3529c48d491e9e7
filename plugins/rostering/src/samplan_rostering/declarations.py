"""What the module declares: links, cards, jobs and indicators."""

from __future__ import annotations

from functools import partial

from samplan.plugin_api import Card, IndicatorSpec, JobType, NavItem, Schedule, _l
from samplan_rostering.figure_words import DEFINITIONS
from samplan_rostering.figure_words import INDICATORS as FIGURES
from samplan_rostering.params import (
    MAXIMUM_JOINT_SECONDS,
    MAXIMUM_SECONDS,
    CountParams,
    ExplainParams,
    ReplanParams,
    SimulateParams,
    SolveParams,
    SolveWardsParams,
    WardPartParams,
)
from samplan_rostering.permissions import Allow

COUNT = "rostering.count_figures"
_BUILDING_SECONDS = 300  # reading the input, building the model and checking the roster
_solving = partial(JobType, queue="solve", cancel_keeps_result=True)
_share = partial(
    IndicatorSpec,
    unit="%",
    source=_l("Samplan's own calculation"),
    method_version=2,  # 1: the newest roster instead of the best
)

NAV = (
    NavItem("rostering.own_roster", _l("My page"), Allow.OWN, order=90, icon="person"),
    NavItem("rostering.index", _l("Rostering"), Allow.READ_ROSTER, order=100, icon="calendar"),
)

CARDS = (Card("rostering", _l("Rostering"), "rostering.card", Allow.READ_ROSTER, order=100, size="wide"),)

JOBS = (
    _solving(
        name="rostering.solve",
        label=_l("Optimisation of a roster"),
        handler="samplan_rostering.jobs:solve_roster",
        params=SolveParams,
        permission=Allow.SOLVE_ROSTER,
        max_seconds=MAXIMUM_SECONDS + _BUILDING_SECONDS,
    ),
    JobType(
        name="rostering.explain",
        label=_l("Search for what clashes"),
        handler="samplan_rostering.jobs_explain:explain_period",
        params=ExplainParams,
        permission=Allow.SOLVE_ROSTER,
        queue="solve",
        max_seconds=MAXIMUM_SECONDS + _BUILDING_SECONDS,
    ),
    JobType(
        name="rostering.replan",
        label=_l("Re-planning with the least change"),
        handler="samplan_rostering.jobs_explain:replan_roster",
        params=ReplanParams,
        permission=Allow.SOLVE_ROSTER,
        queue="solve",
        max_seconds=MAXIMUM_SECONDS + _BUILDING_SECONDS,
    ),
    _solving(
        name="rostering.simulate",
        label=_l("Optimisation of a scenario"),
        handler="samplan_rostering.jobs:simulate",
        params=SimulateParams,
        permission=Allow.WRITE_SCENARIO,
        max_seconds=MAXIMUM_SECONDS + _BUILDING_SECONDS,
    ),
    _solving(
        name="rostering.solve_wards",
        label=_l("Optimisation of several wards"),
        handler="samplan_rostering.jobs_wards:solve_wards",
        params=SolveWardsParams,
        permission=Allow.SOLVE_WARDS,
        max_seconds=2 * MAXIMUM_JOINT_SECONDS + _BUILDING_SECONDS,
    ),
    _solving(
        name="rostering.solve_ward",
        label=_l("A ward in the optimisation of several"),
        handler="samplan_rostering.jobs_wards:solve_ward_part",
        params=WardPartParams,
        permission=Allow.SOLVE_WARDS,
        max_seconds=MAXIMUM_JOINT_SECONDS + _BUILDING_SECONDS,
    ),
    JobType(
        name=COUNT,
        label=_l("Counting of key figures"),
        handler="samplan_rostering.jobs_figures:count_figures",
        params=CountParams,
        permission=Allow.READ_FIGURES,
        queue="default",
        max_seconds=3600,
    ),
)

SCHEDULES = (Schedule(COUNT, "40 3 * * *"),)


def _of_figure(key: str) -> IndicatorSpec:
    """Return a key figure as an indicator."""
    figure, name = DEFINITIONS[key], FIGURES[key]
    return IndicatorSpec(
        name=name,
        title=figure.title,
        unit=figure.unit,
        good=figure.good,
        definition=figure.definition,
        source=figure.source,
        numerator=figure.numerator if str(figure.denominator) else "",
        denominator=figure.denominator,
        min_n=figure.min_n,
        compute=f"samplan_rostering.indicators:{key}",
    )


INDICATORS = (
    *(_of_figure(key) for key in DEFINITIONS if FIGURES[key] == f"rostering.{key}"),
    _share(
        name="rostering.unfilled_share",
        title=_l("Unfilled share of required shifts"),
        good="lower",
        definition=_l(
            "Working minutes of required shifts (target) that nobody is rostered for, in per cent of all"
            " required minutes. Shifts that start in the month, by each period's best roster."
        ),
        numerator=_l("unfilled working minutes"),
        denominator=_l("required working minutes"),
        compute="samplan_rostering.indicators:unfilled_share",
    ),
    _share(
        name="rostering.wishes_met_share",
        title=_l("Share of wishes met"),
        good="higher",
        definition=_l(
            "Wishes for dates in the month that the roster meets, in per cent of all wishes, by each"
            " period's best roster."
        ),
        numerator=_l("wishes met"),
        denominator=_l("wishes"),
        min_n=10,
        compute="samplan_rostering.indicators:wishes_met_share",
    ),
    _share(
        name="rostering.night_shift_share",
        title=_l("Night shifts' share of rostered shifts"),
        good="neutral",
        definition=_l(
            "Rostered night shifts that start in the month, in per cent of all rostered shifts, by each"
            " period's best roster."
        ),
        numerator=_l("night shifts"),
        denominator=_l("rostered shifts"),
        min_n=10,
        compute="samplan_rostering.indicators:night_shift_share",
    ),
)
