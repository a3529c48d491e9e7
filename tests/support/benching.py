"""What the tests of the benchmark command share: instances, the command, and processes that say anything."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from samplan_rostering.cli import rostering

SVG = "{http://www.w3.org/2000/svg}"


KNOWN = "set,instance,best_known,source\nours,own,0,here\n"


# Two people for two shifts a day: runs, rests, weekends and cover all bind.
TIGHT_INSTANCE = """SECTION_HORIZON
14
SECTION_SHIFTS
D,480,
N,600,D
SECTION_STAFF
A,D=14|N=3,4320,3360,5,2,2,1
B,D=14|N=3,4320,3360,5,2,2,1
SECTION_DAYS_OFF
A,9
SECTION_SHIFT_ON_REQUESTS
A,2,N,7
SECTION_SHIFT_OFF_REQUESTS
B,4,D,3
B,4,N,3
SECTION_COVER
""" + "".join(f"{day},D,1,100,1\n{day},N,1,40,2\n" for day in range(14))


def needs(package: str) -> None:
    """Skip where a package is missing, without loading it: HiGHS and OR-Tools clash in one process."""
    try:
        version(package)
    except PackageNotFoundError:
        pytest.skip(f"the optional package {package} is not installed")


def bench(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(rostering, ["bench", *(str(argument) for argument in arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def read(out: Path) -> list[dict[str, str]]:
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def speaker(*said: object, end: str = "") -> Sequence[str]:
    """Return a command that says these things, whatever it is asked."""
    lines = "\n".join(text if isinstance(text, str) else json.dumps(text) for text in said)
    return (
        sys.executable,
        "-c",
        f"import os, sys, time; sys.stdin.read(); print({lines!r}, flush=True); {end}",
    )


def result(**changed: Any) -> dict[str, Any]:
    return {
        "result": {
            "status": "feasible",
            "objective": 0,
            "bound": 0,
            "seconds": 1.0,
            "versions": {"liar": "1"},
            "assignments": [],
            "peak_memory_mb": 1.0,
        }
        | changed
    }


def picture(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own


def texts(svg: ET.Element) -> list[str]:
    return [element.text or "" for element in svg.iter(f"{SVG}text")]
