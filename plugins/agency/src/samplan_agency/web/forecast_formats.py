"""Functions of the forecast's templates, there called `agency_…`."""

from __future__ import annotations

from samplan.plugin_api import Text
from samplan_agency.domain.outlook import Reason
from samplan_agency.forecast_words import REASONS
from samplan_agency.forecast_words import type_name as name_of_type


def type_name(kind: str, cost_type: str) -> Text:
    """Return what a row of a forecast is called."""
    return name_of_type(kind, cost_type)


def left_out(reason: Reason) -> Text:
    """Return why something was left out of a forecast."""
    return REASONS[reason]
