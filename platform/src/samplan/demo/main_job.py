"""The product's main job, done as a user does it: a roster from a file, through the REST API.

What comes out is judged by the module's independent evaluator, `samplan rostering check`, run as a
command: the core knows the module by its addresses and commands alone.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samplan.demo.client import Client
from samplan.demo.folder import DemoFault
from samplan.demo.processes import SAMPLAN
from samplan.demo.run import Demo
from samplan.demo.seed import address
from samplan.tenancy.context import TenantContext

MODULE, JOB, ROLE = "rostering", "rostering.solve", "scheduler"
WARD_SECONDS, INPUT_SECONDS = 20, 60
POLL_SECONDS = 0.5
SOLVER_WORKERS, SEED = 2, 1
# The keys of the file that `samplan rostering solve` writes.
OUTPUT = ("status", "objective", "bound", "seconds", "seed", "versions", "breakdown", "assignments")
OVER = frozenset({"succeeded", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class RosterReport:
    """What the evaluator says of a roster, and how many seconds the search took."""

    employees: int
    days: int
    assignments: int
    violations: int
    uncovered: int
    objective: int
    seconds: float


def main_tenant(demo: Demo) -> TenantContext:
    """Return where the main job is done: the first region, by slug, that makes rosters."""
    for login in demo.logins:
        tenant = login.tenant
        if tenant is not None and tenant.kind == "region" and MODULE in tenant.enabled_modules:
            return tenant
    raise DemoFault(f"the tenants' files describe no region with the module {MODULE}")


def do_main_job(
    demo: Demo, *, source: Path | None = None, out: Path | None = None, seconds: int | None = None
) -> RosterReport:
    """Sign in as a scheduler, upload a file, have its roster made, and return what the evaluator says.

    Args:
        demo: that runs.
        source: a workbook or benchmark file; the demo ward's workbook when None.
        out: where the roster goes, in the form of `samplan rostering solve`; nowhere when None.
        seconds: time limit of the search.

    Raises:
        DemoFault: the input was refused, no roster was found, or the evaluator rejects it.
    """
    with tempfile.TemporaryDirectory(prefix="samplan-") as name:
        folder = Path(name)
        limit = seconds or (WARD_SECONDS if source is None else INPUT_SECONDS)
        tenant = main_tenant(demo)
        email = address(ROLE, tenant)
        source = source or _demo_workbook(folder)
        client = Client(demo.url)
        demo.tell(f"signing in as {email}")
        client.sign_in(email, demo.password)
        roster = _solve(demo, client, tenant, source, limit)
        made = folder / "roster.json"
        made.write_text(json.dumps(roster, ensure_ascii=False, indent=1) + "\n", "utf-8")
        report = _evaluate(source, made, roster)
        if report.objective != roster["objective"]:
            raise DemoFault(f"the evaluator gives {report.objective}, the solver {roster['objective']}")
        if out is not None:
            out.write_bytes(made.read_bytes())
    if report.violations:
        raise DemoFault(f"the evaluator rejects the roster: {report.violations} rules are broken")
    return report


def _solve(demo: Demo, client: Client, tenant: TenantContext, source: Path, limit: int) -> dict[str, Any]:
    """Upload, start the optimisation, follow it to its end, and return the roster."""
    base = f"/api/v1/t/{tenant.slug}"
    demo.tell(f"uploading {source.name}")
    imported = client.upload(f"{base}/{MODULE}/imports", source.name, source.read_bytes())
    body = {"source_id": imported["id"], "seconds": limit, "workers": SOLVER_WORKERS, "seed": SEED}
    run = client.post(f"{base}/{MODULE}/solves", body, key=str(uuid.uuid4()))
    demo.tell(f"optimising for at most {limit} s")
    told = None
    while run["status"] not in OVER:
        demo.stop.sleep(POLL_SECONDS)
        demo.processes.check(demo.tell)
        run = client.get(f"{base}/jobs/{run['id']}")
        if (step := _step(run["progress"])) != told:
            demo.tell(step)
            told = step
    if run["status"] != "succeeded":
        raise DemoFault(f"the optimisation has {run['status']}: {run['error_text'] or run['error_code']}")
    roster = client.get(f"{base}/{MODULE}/rosters/{run['result']['roster_id']}")
    return {name: roster[name] for name in OUTPUT}


def _step(progress: dict[str, Any]) -> str:
    """Return what a run does now, without the figures that change all the time."""
    phase = progress.get("phase") or "waiting for a worker"
    best = progress.get("incumbent")
    return str(phase) if best is None else f"{phase}, objective {best}"


def _demo_workbook(folder: Path) -> Path:
    path = folder / "demo-ward.xlsx"
    _samplan(MODULE, "demo-workbook", "--out", str(path))
    return path


def _evaluate(source: Path, made: Path, roster: dict[str, Any]) -> RosterReport:
    """Let the module's independent evaluator judge the roster against its input."""
    report = json.loads(_samplan(MODULE, "check", str(source), str(made), "--json"))
    return RosterReport(
        employees=report["employees"],
        days=report["days"],
        assignments=report["assignments"],
        violations=len(report["violations"]),
        uncovered=report["uncovered"],
        objective=report["objective"],
        seconds=roster["seconds"],
    )


def _samplan(*arguments: str) -> str:
    """Run a `samplan` command to its end and return what it prints."""
    done = subprocess.run(
        [*SAMPLAN, *arguments],
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    if done.returncode:
        raise DemoFault(f"samplan {' '.join(arguments)} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout
