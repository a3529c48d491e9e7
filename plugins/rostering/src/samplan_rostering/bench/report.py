"""What a benchmark run says: rows of a CSV, lines of a table, Markdown, and the machine it ran on."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from samplan_rostering.bench.measurement import Row

COLUMNS = (
    "file",
    "solver",
    "staff",
    "days",
    "shifts",
    "status",
    "objective",
    "bound",
    "best_known",
    "gap_best_known_percent",
    "gap_bound_percent",
    "seconds_first",
    "seconds_best",
    "seconds",
    "violations",
    "evaluator_agrees",
    "peak_memory_mb",
    "limit_seconds",
    "workers",
    "seed",
    "versions",
    "reason",
)
_WIDTHS = {"file": -24, "solver": -9, "size": 11, "status": -10, "objective": 10, "bound": 10, "known": 10}
_WIDTHS |= {"gap": 9, "to bound": 9, "first s": 8, "best s": 8, "total s": 8, "MB": 7, "roster": -8}


def record(row: Row) -> dict[str, Any]:
    """Return a row by the columns of the CSV, None where there is no value."""
    staff, days, shifts = row.size
    values = (
        *(row.file, row.solver, staff, days, shifts, row.status, row.objective, row.bound, row.best_known),
        *(_rounded(row.gap_best_known, 3), _rounded(row.gap_bound, 3)),
        *(_rounded(row.seconds_first, 2), _rounded(row.seconds_best, 2), _rounded(row.seconds, 2)),
        *(row.violations, row.evaluator_agrees, row.peak_memory_mb),
        *(row.limits.seconds, row.limits.workers, row.limits.seed),
        "; ".join(f"{name} {version}" for name, version in sorted(row.versions.items())),
        row.reason,
    )
    return dict(zip(COLUMNS, values, strict=True))


def cells(row: Row) -> list[str]:
    """Return a row as the CSV writes it."""
    words = {None: "", True: "yes", False: "no"}
    return [
        words[value] if value is None or isinstance(value, bool) else str(value)
        for value in record(row).values()
    ]


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _shown(row: Row) -> list[str]:
    """Return what a table shows of a row."""
    verdict = "-" if row.evaluator_agrees is None else "rejected" if row.rejected else "right"
    return [
        row.file,
        row.solver,
        "x".join(map(str, row.size)),
        row.status,
        *(_figure(value) for value in (row.objective, row.bound, row.best_known)),
        *(_figure(value, 2, " %") for value in (row.gap_best_known, row.gap_bound)),
        *(_figure(value, 1) for value in (row.seconds_first, row.seconds_best, row.seconds)),
        _figure(row.peak_memory_mb, 0),
        verdict,
    ]


def _figure(value: float | None, digits: int = 0, unit: str = "") -> str:
    return "-" if value is None else f"{value:.{digits}f}{unit}"


def heading() -> str:
    """Return the heading of the table that is printed as the run goes on."""
    return _line(list(_WIDTHS))


def line(row: Row) -> str:
    """Return a row of that table, with the reason where there is one."""
    return _line(_shown(row)) + (f"  {row.reason}" if row.reason else "")


def _line(texts: Sequence[str]) -> str:
    widths = _WIDTHS.values()
    padded = (t.ljust(-w) if w < 0 else t.rjust(w) for t, w in zip(texts, widths, strict=True))
    return " ".join(padded).rstrip()


def machine() -> dict[str, str | int | None]:
    """Return cores, processor, memory, system and Python; None where the system does not tell."""
    affinity = getattr(os, "sched_getaffinity", None)
    return {
        "cores": len(affinity(0)) if affinity else os.cpu_count(),
        "processor": _processor(),
        "memory_gb": _memory_gb(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def _processor() -> str | None:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor() or None
    models = [text.partition(":")[2].strip() for text in lines if text.startswith("model name")]
    return models[0] if models else platform.machine() or None


def _memory_gb() -> int | None:
    try:
        return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024**3)
    except (ValueError, OSError, AttributeError):
        return None


def markdown(rows: Sequence[Row], today: date, pictures: Mapping[str, str]) -> str:
    """Return the table with all that is needed to read it, to be pasted into a page."""
    limits, here = rows[0].limits, machine()
    versions = sorted({f"{name} {number}" for row in rows for name, number in row.versions.items()})
    known = [
        str(here["processor"] or "processor unknown"),
        *([f"{here['memory_gb']} GB"] * bool(here["memory_gb"])),
    ]
    text = (
        f"Measured on {today.isoformat()}: {limits.seconds:g} s a file and solver, {limits.workers} workers, "
        f"seed {limits.seed}; {here['cores']} cores, {', '.join(known)}, {here['system']}, "
        f"Python {here['python']}" + "".join(f", {version}" for version in versions) + ".\n"
    )
    table = [list(_WIDTHS), [("---" if width < 0 else "---:") for width in _WIDTHS.values()]]
    table += [[_escaped(cell) for cell in _shown(row)] for row in rows]
    notes = [f"- {_escaped(row.file)}, {row.solver}: {_escaped(row.reason)}" for row in rows if row.reason]
    lines = [text, *(f"| {' | '.join(texts)} |" for texts in table)]
    lines += ["", *notes] if notes else []
    drawn = [f"![{_escaped(name)}: gap over time](<{place}>)" for name, place in pictures.items()]
    lines += ["", *drawn] if drawn else []
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
