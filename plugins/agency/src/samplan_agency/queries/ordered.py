"""The shifts that were called off and confirmed, for the control of what is billed for them."""

from __future__ import annotations

from samplan.plugin_api import TenantSession
from samplan_agency.domain.control import Ordered
from samplan_agency.domain.months import Months


def ordered_lines(_session: TenantSession, _months: Months) -> list[Ordered]:
    """Return the confirmed shifts that begin in these months."""
    return []
