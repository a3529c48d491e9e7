"""The demo ward, and the optimisation as a worker runs it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import func, select

from samplan.db.session import TenantSession
from samplan.ids import new_id
from samplan.jobs.context import JobContext, JobFailed
from samplan.modules.contributions import DemoSeed
from samplan.organisation.models import OrgUnit
from samplan.tenancy.context import TenantContext
from samplan_rostering.demo import load_demo
from samplan_rostering.demo_gaps import gap_roster
from samplan_rostering.demo_ward import demo_ward
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.jobs import solve_roster
from samplan_rostering.models import Assignment as AssignmentRow
from samplan_rostering.models import Roster, RosterPeriod, Ward
from samplan_rostering.queries.hired.calloff import lines_of
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.stored import assignments, input_hash
from samplan_rostering.services.periods.sources import import_source, read_source
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.solver.solution import Solution, Status


def store(session: TenantSession, ward: WardData, period_id: UUID, *cells: Assignment) -> UUID:
    evaluation = evaluate_ward(ward, cells)
    solution = Solution(Status.FEASIBLE, evaluation.objective, None, 1.0, 1, {}, evaluation.breakdown, cells)
    made = Made(new_id(), new_id(), period_id, input_hash(ward))
    store_roster(session, made, ward, solution)
    return made.roster_id


# --- rosters ---


def test_a_stored_roster_comes_back_with_its_instants(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    period_id = import_ward(tenant_session, ward)
    cells = [Assignment("M01", 0, "D"), Assignment("M02", 4, "N")]

    roster_id = store(tenant_session, ward, period_id, *cells)

    roster = tenant_session.get_one(Roster, (tenant_session.tenant_id, roster_id))
    assert assignments(tenant_session, roster) == cells
    night = tenant_session.scalars(select(AssignmentRow).order_by(AssignmentRow.on_date.desc())).first()
    assert night is not None
    assert (night.starts_at.hour, night.ends_at.hour) == (20, 6)  # UTC, in winter
    assert (night.paid_minutes, night.break_minutes) == (600, 0)


def test_a_solution_without_a_roster_is_not_stored(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    period_id = import_ward(tenant_session, ward)
    nothing = Solution(Status.UNKNOWN, None, None, 1.0, 1, {}, {}, ())

    with pytest.raises(ValueError, match="without a roster"):
        store_roster(tenant_session, Made(new_id(), new_id(), period_id, ""), ward, nothing)


# --- demo ---


def demo(session: TenantSession, *, tenant_demo: bool = True) -> None:
    tenant = TenantContext(
        id=session.tenant_id,
        slug="prov",
        name="Prov",
        kind="region",
        locale="sv_SE",
        timezone="Europe/Stockholm",
        county_code=None,
        demo=tenant_demo,
        enabled_modules=frozenset({"rostering"}),
        settings_version=1,
    )
    chance = random.Random(7)  # noqa: S311 - examples that are the same every time
    load_demo(DemoSeed(session, tenant, chance, date(2027, 1, 1)))


def test_the_demo_ward_stands_below_the_first_hospital_once(tenant_session: TenantSession) -> None:
    region = OrgUnit(kind="region", code="R", name="Region")
    tenant_session.add(region)
    tenant_session.flush()
    hospitals = [OrgUnit(kind="hospital", code=c, name=c, parent_id=region.id) for c in ("H1", "H2")]
    tenant_session.add_all(hospitals)

    demo(tenant_session)
    demo(tenant_session)

    wards = select(OrgUnit).join(Ward, Ward.unit_id == OrgUnit.id).order_by(OrgUnit.code)
    placed = tenant_session.scalars(wards).all()
    assert [unit.code for unit in placed] == ["MED3", "MED4"]
    assert {(unit.parent_id, unit.source) for unit in placed} == {(hospitals[0].id, "exempeldata")}
    periods = select(RosterPeriod).join(Ward, Ward.id == RosterPeriod.ward_id)
    period = tenant_session.scalars(periods.where(Ward.unit_id == placed[0].id)).one()
    ward = ward_data(tenant_session, period.id)
    assert len(ward.employees) == 28
    assert ward.period.days == 42
    lacking = tenant_session.scalars(periods.where(Ward.unit_id == placed[1].id)).one()
    lines = lines_of(tenant_session, lacking.id)
    assert {line.row.state for line in lines} == {"open", "own_staff", "agency"}
    assert sum(line.shift == "N" for line in lines) == 8, "six of fourteen nights are worked"
    assert all(line.begin.date() > date(2027, 1, 1) for line in lines)
    other = ward_data(tenant_session, lacking.id)
    assert evaluate_ward(other, gap_roster(other)).violations == ()
    assert ward.employees == demo_ward(1).employees


def test_no_demo_ward_outside_demo_tenants_or_without_an_organisation(tenant_session: TenantSession) -> None:
    demo(tenant_session)
    tenant_session.add(OrgUnit(kind="region", code="R", name="Region"))
    tenant_session.flush()
    demo(tenant_session, tenant_demo=False)

    assert tenant_session.scalar(select(func.count()).select_from(Ward)) == 0


# --- the job ---


@dataclass
class Context:
    """What a handler sees of a run; it is told to stop as soon as it has a roster when `stop` is set."""

    session: TenantSession
    stop: bool = False
    run_id: UUID = field(default_factory=new_id)
    said: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def unit_of_work(self) -> Iterator[TenantSession]:
        yield self.session

    def progress(self, pct: float | None = None, phase: object = None, **figures: Any) -> bool:
        self.said.append({"pct": pct, "phase": str(phase), **figures})
        return not (self.stop and figures.get("incumbent") is not None)


def run(context: Context, source_id: UUID, seconds: int = 3) -> Any:
    params = {"source_id": source_id, "seconds": seconds, "workers": 1, "seed": 1}
    return solve_roster(cast("JobContext", context), params)


def test_a_stopped_run_keeps_its_best_roster(tenant_session: TenantSession) -> None:
    tenant_session.add(OrgUnit(kind="region", code="MED3", name="Medicinavdelning 3"))
    tenant_session.flush()
    period_id = import_ward(tenant_session, demo_ward())
    context = Context(tenant_session, stop=True)

    outcome = run(context, period_id, seconds=600)
    outcome.write(tenant_session)

    roster = tenant_session.scalars(select(Roster)).one()
    assert outcome.result["roster_id"] == str(roster.id)
    assert roster.status == "feasible"
    assert roster.seconds < 600
    assert evaluate_ward(demo_ward(), assignments(tenant_session, roster)).violations == ()
    assert context.said[0]["phase"] == "Reading the input"
    assert context.said[-1] == {"pct": 100, "phase": "Checking the roster"}


def test_a_roster_that_the_evaluator_rejects_is_a_failed_run(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData, monkeypatch: pytest.MonkeyPatch
) -> None:
    period_id = import_ward(tenant_session, ward)
    broken = Solution(Status.OPTIMAL, 0, 0, 1.0, 1, {}, {}, (Assignment("M01", 7, "D"),))
    monkeypatch.setattr("samplan_rostering.solver.solve.solve_ward", lambda *_: broken)

    with pytest.raises(JobFailed) as failed:
        run(Context(tenant_session), period_id)

    assert failed.value.code == "rejected"
    rules = [violation["rule"] for violation in failed.value.details["violations"]]  # type: ignore[attr-defined]
    assert "absence" in rules


def test_a_search_that_finds_nothing_in_time_says_so(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData, monkeypatch: pytest.MonkeyPatch
) -> None:
    period_id = import_ward(tenant_session, ward)
    nothing = Solution(Status.UNKNOWN, None, None, 1.0, 1, {}, {}, ())
    monkeypatch.setattr("samplan_rostering.solver.solve.solve_ward", lambda *_: nothing)

    with pytest.raises(JobFailed) as failed:
        run(Context(tenant_session), period_id)

    assert (failed.value.code, failed.value.details["seconds"]) == ("none_found", 3)


def test_a_benchmark_problem_is_solved(tenant_session: TenantSession, benchmark_text: str) -> None:
    source = read_source(tenant_session, benchmark_text.encode())
    imported = import_source(tenant_session, source, "folder/Prov.txt")

    outcome = run(Context(tenant_session), imported.id)
    outcome.write(tenant_session)

    roster = tenant_session.scalars(select(Roster)).one()
    assert (roster.problem_id, roster.period_id) == (imported.id, None)
    assert {cell.day for cell in assignments(tenant_session, roster)} == {0, 1, 2}


def test_the_inputs_mark_changes_with_the_input(ward: WardData) -> None:
    assert input_hash(ward) == input_hash(replace(ward))
    assert input_hash(ward) != input_hash(replace(ward, wishes=()))
    assert input_hash("SECTION_HORIZON\n1") != input_hash("SECTION_HORIZON\n2")
