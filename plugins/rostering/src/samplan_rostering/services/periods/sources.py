"""Take in what somebody sends: the workbook of a ward, or a public benchmark file in its place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import Fault, ImportFaults, OrgUnit, TenantSession, Text, _l, record
from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.domain.curtois_text import (
    CurtoisFaultsError,
    TextExpected,
    TextFault,
    looks_like_curtois,
    parse_curtois,
)
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import BenchmarkProblem
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.workbook import read_ward

EXPECTED: Mapping[TextExpected, Callable[[Mapping[str, str]], Text]] = MappingProxyType(
    {
        TextExpected.SECTION: lambda _: _l(
            "one of the section headings of the format, such as SECTION_STAFF"
        ),
        TextExpected.ROWS: lambda _: _l("at least one row in this section"),
        TextExpected.ONE_ROW: lambda _: _l("a single row in this section"),
        TextExpected.FIELDS: lambda data: _l("%(count)s fields separated by commas", **data),
        TextExpected.NUMBER: lambda data: _l("a whole number from %(low)s to %(high)s", **data),
        TextExpected.CODE: lambda _: _l("a code that is not empty"),
        TextExpected.UNIQUE: lambda _: _l("a value that occurs once"),
        TextExpected.SHIFT: lambda _: _l("a shift of SECTION_SHIFTS"),
        TextExpected.EMPLOYEE: lambda _: _l("an employee of SECTION_STAFF"),
        TextExpected.MAX_SHIFTS: lambda _: _l("entries such as D=14 separated by |"),
        TextExpected.SMALLER: lambda data: _l(
            "a file with at most %(high)s combinations of employee, day and shift", **data
        ),
    }
)


@dataclass(frozen=True, slots=True)
class BenchmarkText:
    """A benchmark file: its instance, and the text that it was read from."""

    instance: CurtoisInstance
    text: str


Source = WardData | BenchmarkText


@dataclass(frozen=True, slots=True)
class Imported:
    """What was stored: the id to be given to the optimisation, and whether it is a ward's period."""

    id: UUID
    kind: Literal["period", "problem"]


def read_source(session: TenantSession, content: bytes) -> Source:
    """Return what a file says; nothing is stored.

    Raises:
        ImportFaults: every fault of the file, each at its place.
    """
    text = _benchmark_text(content)
    if text is None:
        codes = session.scalars(select(OrgUnit.code).where(OrgUnit.active).order_by(OrgUnit.code))
        return read_ward(content, units=codes.all())
    try:
        return BenchmarkText(parse_curtois(text), text)
    except CurtoisFaultsError as error:
        raise ImportFaults([_as_fault(fault) for fault in error.faults]) from None


def import_source(session: TenantSession, source: Source, filename: str) -> Imported:
    """Store what a file says and return its id; the same file twice gives the same id."""
    if isinstance(source, BenchmarkText):
        return Imported(import_problem(session, source, filename), "problem")
    return Imported(import_ward(session, source), "period")


def import_problem(session: TenantSession, source: BenchmarkText, filename: str) -> UUID:
    """Store a benchmark file as it is; its name is that of the file without ending."""
    digest = hashlib.sha256(source.text.encode()).hexdigest()
    found = session.scalar(select(BenchmarkProblem.id).where(BenchmarkProblem.sha256 == digest))
    if found is not None:
        return found
    shown = "".join(filter(str.isprintable, filename.rpartition("/")[2]))[:100]
    name = shown.rpartition(".")[0] or shown or digest[:8]
    problem = BenchmarkProblem(name=name, sha256=digest, source=source.text)
    session.add(problem)
    session.flush()
    size = {"employees": len(source.instance.staff), "days": source.instance.days}
    record(session, "benchmark.imported", "rostering.benchmark", problem.id, after={"name": name, **size})
    return problem.id


def _benchmark_text(content: bytes) -> str | None:
    """Return the text of a benchmark file, None for anything else."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return text if "\x00" not in text and looks_like_curtois(text) else None


def _as_fault(fault: TextFault) -> Fault:
    return Fault(
        code=f"benchmark_{fault.expected.name.lower()}",
        message=_l("The line does not follow the benchmark format."),
        sheet=fault.section,
        row=fault.line,
        value=fault.value,
        expected=EXPECTED[fault.expected](fault.data),
    )
