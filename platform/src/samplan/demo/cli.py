"""`samplan demo`: everything on this machine, with invented data."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

DEFAULT_PORT = 8000


@click.command()
@click.option("--once", is_flag=True, help="Do the main job once on a throwaway demo; print one JSON object.")
@click.option("--reset", is_flag=True, help="Remove the demo's data first.")
@click.option("--port", type=click.IntRange(1, 65535), help=f"Where to listen; {DEFAULT_PORT} unless --once.")
@click.option(
    "--input", "source", type=click.Path(path_type=Path), help="With --once: another file to solve."
)
@click.option("--out", type=click.Path(path_type=Path), help="With --once: where to write the roster.")
@click.option("--seconds", type=click.IntRange(1), help="Time limit of the optimisation.")
@click.option("--folder", type=click.Path(path_type=Path), envvar="SAMPLAN_DEMO_FOLDER", default=".samplan")
@click.option("--tenants", type=click.Path(path_type=Path), default="tenants", help="The tenants' files.")
def demo(
    *,
    once: bool,
    reset: bool,
    port: int | None,
    source: Path | None,
    out: Path | None,
    seconds: int | None,
    folder: Path,
    tenants: Path,
) -> None:
    """Start Samplan with a private PostgreSQL and Redis, or those of DATABASE_URL and REDIS_URL."""
    if (source or out) and not once:
        raise click.UsageError("--input and --out belong to --once")
    if once and reset:
        raise click.UsageError("--once keeps nothing, so there is nothing to --reset")
    from samplan.demo.once import run_once
    from samplan.demo.run import Options
    from samplan.demo.serve import serve
    from samplan.demo.stop import Stop
    from samplan.logs import configure_logs

    configure_logs("WARNING")
    stop, free = Stop(), 0
    options = Options(
        folder=folder.absolute(),
        tenants=tenants.absolute(),
        port=port or (free if once else DEFAULT_PORT),
        environ=dict(os.environ),
        reset=reset,
        seconds=seconds,
    )
    with stop.listening():
        code = run_once(options, stop, source=source, out=out) if once else serve(options, stop)
    sys.exit(code)
