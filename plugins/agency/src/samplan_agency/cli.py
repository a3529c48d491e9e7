"""The command group `samplan agency`."""

from __future__ import annotations

import click

from samplan_agency.nowcast_cli import nowcast


@click.group()
def agency() -> None:
    """Work with what hired staff cost: files, accruals and forecasts."""


agency.add_command(nowcast)
