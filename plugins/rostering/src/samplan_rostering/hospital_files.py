"""A hospital in a folder: a workbook for each unit, and `hospital.json`, which names them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from samplan.plugin_api import ImportFaults
from samplan_rostering.domain.hospital import Hospital, hospital_faults
from samplan_rostering.domain.ward import WardData
from samplan_rostering.solver.wards import HospitalSolution
from samplan_rostering.workbook import read_ward

MANIFEST = "hospital.json"


class HospitalFaultsError(Exception):
    """A folder that is no hospital; `faults` says why, each in a line."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def read_hospital(folder: Path) -> Hospital:
    """Return the hospital of a folder.

    Raises:
        HospitalFaultsError: with every fault of the list of units and of each workbook.
    """
    wards, internal = _named(folder)
    faults: list[str] = []
    read = [_unit(folder, name, faults) for name in wards]
    own = None if internal is None else _unit(folder, internal, faults)
    units = tuple(ward for ward in read if ward is not None)
    if not faults:
        faults = [str(fault) for fault in hospital_faults(Hospital(units, own))]
    if faults:
        raise HospitalFaultsError(*faults)
    return Hospital(units, own)


def _named(folder: Path) -> tuple[list[str], str | None]:
    """Return the files of the wards and of the internal unit, if there is one."""
    try:
        content = json.loads((folder / MANIFEST).read_text("utf-8"))
        wards, internal = content["wards"], content.get("internal")
    except OSError as error:
        raise HospitalFaultsError(f"{folder / MANIFEST}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise HospitalFaultsError(f"{MANIFEST}: {type(error).__name__} {error}") from None
    if not isinstance(wards, list) or not all(_is_name(name) for name in (*wards, internal or "x")):
        expected = "wards: a list of file names in the folder; internal: a file name or null"
        raise HospitalFaultsError(f"{MANIFEST}: {expected}")
    return wards, internal


def _is_name(name: object) -> bool:
    return isinstance(name, str) and Path(name).name == name


def _unit(folder: Path, name: str, faults: list[str]) -> WardData | None:
    try:
        return read_ward((folder / name).read_bytes())
    except OSError as error:
        faults.append(f"{name}: {error.strerror}")
    except ImportFaults as error:
        faults.extend(f"{name}: {fault}" for fault in error.faults)
    return None


def report(hospital: Hospital, solution: HospitalSolution) -> dict[str, Any]:
    """Return what came of a solve, without the rosters, as values that JSON can hold."""
    evaluation = solution.evaluation
    return {
        "complete": solution.complete,
        "together": solution.together,
        "objective": evaluation.objective,
        "objectives": list(solution.objectives),
        "bound": solution.bound,
        "uncovered": evaluation.uncovered,
        "seconds": round(solution.seconds, 2),
        "violations": [
            {"unit": unit, "rule": broken.rule.value, "employee": broken.employee, "day": broken.day}
            for unit, broken in evaluation.violations
        ],
        "wards": {
            code: {
                "status": ward.status.value,
                "objective": ward.objective,
                "uncovered": evaluation.units[code].uncovered if code in evaluation.units else None,
                "seconds": round(ward.seconds, 2),
                "reasons": ward.as_json()["reasons"],
            }
            for code, ward in solution.wards.items()
        },
        "internal": _internal(hospital, solution),
    }


def _internal(hospital: Hospital, solution: HospitalSolution) -> dict[str, Any] | None:
    if hospital.internal is None:
        return None
    code = hospital.internal.unit.code
    return {
        "unit": code,
        "people": len(hospital.internal.employees),
        "shifts": len(solution.placements),
        "shifts_in_wards": sum(place.unit != code for place in solution.placements),
        "objective": solution.evaluation.units[code].objective,
        "reasons": [
            {"employee": reason.employee, "rules": [rule.value for rule in reason.rules]}
            for reason in solution.reasons
        ],
    }


def write_rosters(hospital: Hospital, solution: HospitalSolution, folder: Path) -> None:
    """Write a roster for each ward, where the internal unit's people work, and the report.

    Raises:
        OSError: a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _files(hospital, solution):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _files(hospital: Hospital, solution: HospitalSolution) -> Iterator[tuple[str, dict[str, Any]]]:
    for code, ward in solution.wards.items():
        guests = [place for place in solution.placements if place.unit == code]
        yield (
            f"{code}.json",
            {
                **ward.as_json(),
                "guests": [{"employee": g.employee, "day": g.day, "shift": g.shift} for g in guests],
            },
        )
    if hospital.internal is not None:
        yield (
            f"{hospital.internal.unit.code}.json",
            {
                "placements": [
                    {"employee": p.employee, "day": p.day, "unit": p.unit, "shift": p.shift}
                    for p in solution.placements
                ]
            },
        )
    yield MANIFEST, report(hospital, solution)
