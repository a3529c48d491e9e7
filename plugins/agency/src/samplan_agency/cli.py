"""The command group `samplan agency`."""

from __future__ import annotations

import click


@click.group()
def agency() -> None:
    """Work with what hired staff cost: files, accruals and forecasts."""
