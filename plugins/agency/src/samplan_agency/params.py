"""Parameters of the module's jobs, and what a region decides about the module."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import fields, validate

from samplan.plugin_api import ModuleSettings, StrictSchema, _l
from samplan_agency.domain.measures import Limits

_CODES = re.compile(r"\s*([^\s,]{1,40}\s*(,\s*[^\s,]{1,40}\s*)*)?\Z")
_MONTHS = re.compile(r"\s*(1[0-2]|[1-9])(\s*[, ]\s*(1[0-2]|[1-9]))*\s*")


class NoParams(StrictSchema):
    """The parameters of a job that takes none."""


class ControlParams(StrictSchema):
    """The parameters of `agency.control_invoices`: whether only what was delivered since is controlled."""

    delivered = fields.Boolean(
        load_default=False,
        metadata={"description": "only the months that invoices were delivered for since the last control"},
    )


class DeliveryParams(StrictSchema):
    """The parameters of a run of `agency.read_delivery`."""

    delivery_id = fields.UUID(required=True, metadata={"description": "the delivery"})
    step = fields.String(
        required=True,
        validate=validate.OneOf(["check", "read"]),
        metadata={"description": "look through it, or read it in once it has been checked"},
    )


class ProposeParams(StrictSchema):
    """The parameters of a run of `agency.propose_valuation`."""

    booked_to = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "the booking month, by its first date; the newest before this month if none"
        },
    )


class AgencySettings(ModuleSettings):
    """What a region decides about measures and reports to the board."""

    on_plan_percent = fields.Integer(
        load_default=90,
        validate=validate.Range(min=50, max=100),
        metadata={
            "label": _l("A measure is on plan from (per cent)"),
            "description": _l("Realised effect in per cent of what was expected so far."),
        },
    )
    without_effect_percent = fields.Integer(
        load_default=10,
        validate=validate.Range(min=0, max=49),
        metadata={
            "label": _l("A measure is without effect up to (per cent)"),
            "description": _l("Realised effect in per cent of what was expected so far."),
        },
    )
    provisional_months = fields.Integer(
        load_default=2,
        validate=validate.Range(min=0, max=12),
        metadata={
            "label": _l("Months that are not fully invoiced"),
            "description": _l("So many of the newest months are provisional and do not count for a status."),
        },
    )
    accrual_vouchers = fields.String(
        load_default="",
        validate=[validate.Length(max=200), validate.Regexp(_CODES)],
        metadata={
            "label": _l("Voucher types of accruals"),
            "description": _l(
                "Such as PER, PB: vouchers by which hired staff is accrued in the ledger and turned round the"
                " month after. They do not count as invoiced. Holds for files that are read in from now on."
            ),
        },
    )
    board = fields.String(
        load_default="Regionstyrelsen",
        validate=validate.Length(min=1, max=80),
        metadata={
            "label": _l("Board that the measures are reported to"),
            "description": _l("Such as Regionstyrelsen."),
        },
    )
    report_months = fields.String(
        load_default="6, 9, 10",
        validate=[validate.Length(max=40), validate.Regexp(_MONTHS.pattern + r"\Z")],
        metadata={
            "label": _l("Months in which the board gets a report"),
            "description": _l("The months' numbers, such as 6, 9, 10."),
        },
    )


def limits_of(settings: Mapping[str, Any]) -> Limits:
    """Return the limits of a measure's status."""
    return Limits(Decimal(settings["on_plan_percent"]), Decimal(settings["without_effect_percent"]))


def due_months(settings: Mapping[str, Any], year: int) -> list[date]:
    """Return the months of a year in which the board gets a report."""
    numbers = {int(number) for number in re.findall(r"\d+", settings["report_months"])}
    return [date(year, number, 1) for number in sorted(numbers)]
