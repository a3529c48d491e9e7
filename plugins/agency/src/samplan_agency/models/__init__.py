"""The tables of this module, in schema `agency`. Months are their first date; amounts SEK without VAT."""

from samplan_agency.models.accrual import (
    METHODS,
    Exposure,
    JournalTemplate,
    Valuation,
    ValuationPart,
    ValuationRow,
)
from samplan_agency.models.calloff import CallOff, CallOffAnswer, CallOffLine, CallOffRequest
from samplan_agency.models.control import (
    DEVIATION_REASONS,
    DEVIATION_STATES,
    ControlMonth,
    InvoiceDeviation,
    TimeReport,
)
from samplan_agency.models.forecast import BudgetLine, Forecast, ForecastRow
from samplan_agency.models.hours import BASES, STAFF, HoursMonth
from samplan_agency.models.independence import IndependencePlan
from samplan_agency.models.ledger import DELIVERY_KINDS, CostLine, CostMonth, Delivery
from samplan_agency.models.measure import COST_KINDS, Measure, MeasureEffect, MeasureReport, MeasureTarget
from samplan_agency.models.reference import (
    ACCOUNT_KINDS,
    CATEGORIES,
    TIME_CLASSES,
    Account,
    Agreement,
    MunicipalityZone,
    Parameter,
    Price,
    Supplier,
)
from samplan_agency.models.staff import StaffMonth
from samplan_agency.models.staged import StagedLine
from samplan_agency.models.total import CostTotal

__all__ = [
    "ACCOUNT_KINDS",
    "BASES",
    "CATEGORIES",
    "COST_KINDS",
    "DELIVERY_KINDS",
    "DEVIATION_REASONS",
    "DEVIATION_STATES",
    "METHODS",
    "STAFF",
    "TIME_CLASSES",
    "Account",
    "Agreement",
    "BudgetLine",
    "CallOff",
    "CallOffAnswer",
    "CallOffLine",
    "CallOffRequest",
    "ControlMonth",
    "CostLine",
    "CostMonth",
    "CostTotal",
    "Delivery",
    "Exposure",
    "Forecast",
    "ForecastRow",
    "HoursMonth",
    "IndependencePlan",
    "InvoiceDeviation",
    "JournalTemplate",
    "Measure",
    "MeasureEffect",
    "MeasureReport",
    "MeasureTarget",
    "MunicipalityZone",
    "Parameter",
    "Price",
    "StaffMonth",
    "StagedLine",
    "Supplier",
    "TimeReport",
    "Valuation",
    "ValuationPart",
    "ValuationRow",
]

ALL = (
    CallOff,
    CallOffLine,
    CallOffRequest,
    CallOffAnswer,
    Account,
    Supplier,
    Agreement,
    Price,
    MunicipalityZone,
    Parameter,
    Delivery,
    CostLine,
    CostMonth,
    CostTotal,
    StagedLine,
    Measure,
    MeasureTarget,
    MeasureEffect,
    MeasureReport,
    TimeReport,
    InvoiceDeviation,
    ControlMonth,
    HoursMonth,
    StaffMonth,
    BudgetLine,
    Forecast,
    ForecastRow,
    Exposure,
    Valuation,
    ValuationRow,
    ValuationPart,
    JournalTemplate,
    IndependencePlan,
)
