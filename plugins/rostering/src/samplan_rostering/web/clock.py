"""What time and date it is where the region is: for a page nothing else is today."""

from __future__ import annotations

from datetime import date, datetime

from samplan.plugin_api import current_core, current_tenant, local_now


def now() -> datetime:
    """Return the present instant in the region's time zone."""
    return local_now(current_core().clock, current_tenant().timezone)


def today() -> date:
    """Return the date of now in the region's time zone."""
    return now().date()
