"""The unattended run: a throwaway demo does the main job once and says so in one JSON object."""

from __future__ import annotations

import json
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from samplan.demo.folder import DemoFault
from samplan.demo.main_job import do_main_job
from samplan.demo.run import EXPECTED, Options, Tell, running_demo, teller
from samplan.demo.stop import Stop, Stopped

STOPPED = 130  # what a shell says of a command that Ctrl-C ended


def run_once(options: Options, stop: Stop, *, source: Path | None, out: Path | None) -> int:
    """Do the main job from start to end, print one JSON object as the last line, and return the exit code.

    Args:
        options: of the demo; its folder is only read, so that a running demo is not disturbed.
        stop: asked between the steps.
        source: a file to upload in place of the demo ward's workbook.
        out: where the roster goes, in the form of `samplan rostering solve`.
    """
    begin = time.monotonic()
    try:
        result, code = _run(options, stop, teller(), source, out), 0
    except Stopped:
        result, code = {"status": "stopped"}, STOPPED
    except EXPECTED as error:
        result, code = {"status": "error", "reason": str(error)}, 1
    except Exception as error:  # noqa: BLE001 - told below, with its traceback
        # The last line is for a program to read: it gets a reason, and people the traceback.
        click.echo(traceback.format_exc(), err=True)
        result, code = {"status": "error", "reason": f"{type(error).__name__}: {error}"}, 1
    if code:
        click.echo(f"the run has not succeeded: {result.get('reason', 'stopped')}", err=True)
    result["seconds"] = round(time.monotonic() - begin, 1)
    click.echo(json.dumps(result, ensure_ascii=False))
    return code


def _run(options: Options, stop: Stop, tell: Tell, source: Path | None, out: Path | None) -> dict[str, Any]:
    if source is not None and not source.is_file():
        raise DemoFault(f"there is no file {source}")
    if out is not None and not out.absolute().parent.is_dir():
        raise DemoFault(f"there is no folder to write {out} to")
    with _throwaway(options) as ours, running_demo(ours, stop, tell) as demo:
        report = do_main_job(demo, source=source, out=out, seconds=options.seconds)
        tenants = len(demo.core.tenants.all())
        tell("stopping")
    return {"status": "ok", "url": demo.url, "tenants": tenants, "roster": asdict(report)}


@contextmanager
def _throwaway(options: Options) -> Iterator[Options]:
    """Give the options of a demo in a temporary folder, removed after the block."""
    with tempfile.TemporaryDirectory(prefix="samplan-demo-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # the account that PostgreSQL runs as passes through
        # A given server knows the roles by the passwords of the demo that has made them.
        given = options.folder if "DATABASE_URL" in options.environ else None
        yield replace(options, folder=folder, secrets=given, throwaway=True)
