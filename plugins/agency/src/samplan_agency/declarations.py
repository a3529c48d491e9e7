"""What the module declares: links, cards, jobs and indicators."""

from __future__ import annotations

from functools import partial

from samplan.plugin_api import Card, IndicatorSpec, JobType, NavItem, Schedule, _l
from samplan_agency.forecast_params import ForecastParams
from samplan_agency.params import ControlParams, DeliveryParams, NoParams, ProposeParams
from samplan_agency.permissions import Allow

FORECAST = "agency.forecast"
REMIND = "agency.remind_of_reports"
CONTROL = "agency.control_invoices"
PROPOSE = "agency.propose_valuation"

NAV = (NavItem("agency.index", _l("Hired staff"), Allow.READ, 200, "group"),)
CARDS = (
    Card("agency", _l("Hired staff"), "agency.card", Allow.READ, order=200),
    Card("agency_measures", _l("Reports to the board"), "agency.measure_card", Allow.MAKE_REPORT, 210),
)
CASCADE = JobType(
    "agency.cascade",
    _l("Ask the next supplier"),
    "samplan_agency.jobs_calloff:cascade",
    NoParams,
    Allow.WRITE_CALL_OFF,
    max_seconds=300,
)
JOBS = (
    JobType(
        name=PROPOSE,
        label=_l("Proposal of a valuation"),
        handler="samplan_agency.jobs_accrual:propose_valuation",
        params=ProposeParams,
        permission=Allow.WRITE_ACCRUAL,
    ),
    CASCADE,
    JobType(
        name=FORECAST,
        label=_l("Forecast of a year"),
        handler="samplan_agency.jobs_forecast:make_forecast",
        params=ForecastParams,
        permission=Allow.WRITE_FORECAST,
        queue="default",
        max_seconds=600,
    ),
    JobType(
        name="agency.read_delivery",
        label=_l("Reading in of a file"),
        handler="samplan_agency.jobs_deliveries:run_delivery",
        params=DeliveryParams,
        permission=Allow.WRITE_DELIVERY,
        max_seconds=3600,
    ),
    JobType(
        name=REMIND,
        label=_l("Reminder of reports to the board"),
        handler="samplan_agency.jobs_measures:remind_of_reports",
        params=NoParams,
        permission=Allow.MAKE_REPORT,
    ),
    JobType(
        name=CONTROL,
        label=_l("Control of invoices"),
        handler="samplan_agency.jobs_control:control_invoices",
        params=ControlParams,
        permission=Allow.CONTROL_INVOICE,
        max_seconds=3600,
    ),
)
SCHEDULES = (
    Schedule(PROPOSE, "30 4 5 * *"),
    Schedule(REMIND, "15 6 1 * *"),
    Schedule(CASCADE.name, "*/10 * * * *"),
    Schedule(CONTROL, "20 4 * * *"),
    Schedule(CONTROL, "*/15 5-23 * * *", {"delivered": True}),
)

_ledger = partial(
    IndicatorSpec,
    source=_l("The region's ledger as read in, by month of work, without VAT"),
    period="half_year",
)
_HIRED = _l("Cost of hired staff")

INDICATORS: tuple[IndicatorSpec, ...] = (
    _ledger(
        name="agency.share",
        title=_l("Hired staff's share of own staff's cost"),
        unit="%",
        good="lower",
        definition=_l(
            "Cost of hired staff in per cent of the cost of own staff, all professions and sectors."
            " Independence is at most 2 per cent (SKR)."
        ),
        numerator=_HIRED,
        denominator=_l("Cost of own staff"),
        decimals=2,
        compute="samplan_agency.indicators:share",
    ),
    _ledger(
        name="agency.share_of_all",
        title=_l("Hired staff's share of all staff's cost"),
        unit="%",
        good="lower",
        definition=_l(
            "Cost of hired staff in per cent of the cost of own and hired staff together, all professions and"
            " sectors."
        ),
        numerator=_HIRED,
        denominator=_l("Cost of own and hired staff"),
        decimals=2,
        compute="samplan_agency.indicators:share_of_all",
    ),
    _ledger(
        name="agency.change",
        title=_l("Change of hired staff's cost"),
        unit="%",
        good="lower",
        definition=_l(
            "Cost of hired staff against the same half-year a year earlier, in per cent of what it was then."
        ),
        numerator=_l("Cost of hired staff, less that of a year earlier"),
        denominator=_l("Cost of hired staff a year earlier"),
        compute="samplan_agency.indicators:change",
    ),
    _ledger(
        name="agency.cost_per_inhabitant",
        title=_l("Hired staff's cost per inhabitant"),
        unit=_l("SEK per inhabitant"),
        good="lower",
        definition=_l(
            "Cost of hired staff in the year, by the inhabitants on 31 December. Until these are known, the"
            " newest number before them counts and the value is provisional."
        ),
        numerator=_HIRED,
        denominator=_l("Inhabitants"),
        period="year",
        decimals=0,
        compute="samplan_agency.indicators:cost_per_inhabitant",
    ),
    IndicatorSpec(
        name="agency.fte_per_1000_own",
        title=_l("Hired full-time equivalents per 1,000 own"),
        unit=_l("full-time equivalents"),
        good="lower",
        definition=_l(
            "Hired hours of the year as full-time equivalents, per 1,000 full-time equivalents of own staff"
            " on average over its months. Known where own staff is for every month."
        ),
        source=_l("The region's ledger and staff system as read in"),
        numerator=_l("Hired full-time equivalents"),
        denominator=_l("Full-time equivalents of own staff"),
        period="year",
        compute="samplan_agency.indicators:fte_per_1000_own",
    ),
    IndicatorSpec(
        name="agency.share_within_agreement",
        title=_l("Share of call-offs within the agreement"),
        unit="%",
        good="higher",
        definition=_l(
            "Confirmed call-offs at a price within the framework agreement, in per cent of all that are"
            " confirmed, by cost. Shifts that begin in the half-year."
        ),
        source=_l("Call-offs and their confirmed answers"),
        numerator=_l("Cost of confirmed call-offs within the agreement"),
        denominator=_l("Cost of confirmed call-offs"),
        period="half_year",
        compute="samplan_agency.indicators:share_within_agreement",
    ),
)
