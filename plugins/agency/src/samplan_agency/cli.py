"""The command group `samplan agency`."""

from __future__ import annotations

import click

from samplan_agency.deliver_cli import deliver
from samplan_agency.nowcast_cli import nowcast


@click.group()
def agency() -> None:
    """Work with what hired staff cost: files, accruals and forecasts."""


agency.add_command(deliver)
agency.add_command(nowcast)
