"""Several wards by real workers: one of them is killed at work, and everything still ends complete."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from jobbench import NOW, Bench, make_settings
from jobplant import GRACE_SECONDS, Plant
from redis import Redis
from sqlalchemy import select

from hospital import hospital as hospital_of
from samplan.clock import FrozenClock
from samplan.core import Core
from samplan.db.session import Database
from samplan.jobs.dispatch import RqDispatcher
from samplan.jobs.models import JobRun
from samplan.jobs.service import cancel_run, request_run
from samplan.modules.manager import Modules
from samplan.organisation.models import OrgUnit
from samplan.tenancy.context import TenantDirectory
from samplan.testing.factories import add_tenant
from samplan.testing.server import ScratchDatabase
from samplan_rostering.models import Roster
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.standing import standing
from samplan_rostering.queries.rosters.stored import assignments
from samplan_rostering.services.periods.wards import import_ward

pytestmark = pytest.mark.slow

LEASE_SECONDS = 12.0  # searches keep their process busy for seconds where others want the cores too


@pytest.fixture
def plant(
    database: Database, scratch_database: ScratchDatabase, redis_url: str, modules: Modules, tmp_path: Path
) -> Iterator[Plant]:
    """Give a core whose work is done by real processes that know rostering."""
    settings = make_settings(
        database_url=scratch_database.url().replace("+psycopg", ""),
        redis_url=redis_url,
        lease_seconds=LEASE_SECONDS,
        grace_seconds=GRACE_SECONDS,
    )
    clock = FrozenClock(NOW)
    directory = TenantDirectory(database, frozenset(module.name for module in modules))
    core = Core(settings, database, modules, directory, RqDispatcher(settings), clock)
    tenant = add_tenant(database, "provregionen", modules=["rostering"])
    environ = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": redis_url,
        "SAMPLAN_SECRET_KEY": settings.secret_key,
        "SAMPLAN_ENVIRONMENT": settings.environment,
        "SAMPLAN_LEASE_SECONDS": str(LEASE_SECONDS),
        "SAMPLAN_GRACE_SECONDS": str(GRACE_SECONDS),
    }
    bench = Bench(core, directory.fresh(tenant.id), clock, uuid4())
    found = Plant(bench, Redis.from_url(redis_url), environ, tmp_path)
    yield found
    found.close()
    found.redis.close()


def ask(plant: Plant, seconds: int = 24) -> UUID:
    """Read in four wards and their internal unit, and ask for their rosters."""
    hospital = hospital_of(wards=4, staff=6, days=14, floating=3)
    core, tenant = plant.bench.core, plant.bench.tenant
    with core.database.unit_of_work(tenant.id) as session:
        region = OrgUnit(kind="region", code="REG", name="Provregionen")
        session.add(region)
        session.flush()
        for ward in hospital.units:
            unit = ward.unit
            session.add(OrgUnit(kind="ward", code=unit.code, name=unit.name, parent_id=region.id))
        session.flush()
        ids = [str(import_ward(session, ward)) for ward in hospital.units]
        params = {"period_ids": ids[:-1], "internal_period_id": ids[-1], "seconds": seconds, "workers": 2}
        run = request_run(
            core, session, tenant, "rostering.solve_wards", params, requested_by=plant.bench.account
        )
    return run.id


def parts_of(plant: Plant, run_id: UUID) -> list[JobRun]:
    with plant.bench.core.database.unit_of_work(plant.bench.tenant.id) as session:
        return list(session.scalars(select(JobRun).where(JobRun.parent_id == run_id).order_by(JobRun.id)))


def horses(plant: Plant, run_id: UUID) -> dict[int, UUID]:
    """Return the work horses that have a part under way."""
    return {
        int((part.worker or "").rpartition(":")[2]): part.id
        for part in parts_of(plant, run_id)
        if part.status == "running"
    }


def parent(pid: int) -> int:
    told = subprocess.run(["ps", "-o", "ppid=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(told.stdout)


def test_a_killed_worker_costs_its_ward_only_and_all_ends_complete(plant: Plant) -> None:
    run_id = ask(plant)
    plant.worker("solve")
    plant.worker("solve")
    plant.reconciler()
    under_way: dict[int, UUID] = {}

    def both_work() -> bool:
        under_way.clear()
        under_way.update(horses(plant, run_id))
        return len(under_way) == 2

    plant.wait_until(both_work)
    whole = int((plant.bench.run(run_id).worker or "").rpartition(":")[2])
    (horse,) = under_way.keys() - {whole}
    lost = under_way[horse]
    for pid in (parent(horse), horse):
        os.kill(pid, signal.SIGKILL)
    plant.wait_for(run_id, "succeeded")
    run, parts = plant.bench.run(run_id), parts_of(plant, run_id)
    assert run.attempt == 1
    assert run.result is not None
    assert (run.result["wards"], run.result["wards_without_roster"]) == (4, 0)
    assert {part.id for part in parts if part.attempt > 1} == {lost}
    assert {part.status for part in parts} == {"succeeded"}
    with plant.bench.core.database.unit_of_work(plant.bench.tenant.id) as session:
        rosters = session.scalars(select(Roster)).all()
        assert len(rosters) == 5
        for roster in rosters:
            assert roster.period_id is not None
            ward = ward_data(session, roster.period_id)
            judged = standing(session, roster, ward, assignments(session, roster)).evaluate(ward)
            assert judged.violations == ()
            assert judged.objective == roster.objective


def test_it_is_stopped_with_all_its_wards_and_keeps_what_there_is(plant: Plant) -> None:
    run_id = ask(plant, seconds=600)
    plant.worker("solve")
    plant.reconciler()
    plant.wait_until(lambda: plant.bench.run(run_id).progress.get("incumbent") is not None)
    with plant.bench.core.database.unit_of_work(plant.bench.tenant.id) as session:
        cancel_run(plant.bench.core, session, run_id, keep_result=True)
    plant.wait_for(run_id, "cancelled")
    parts = parts_of(plant, run_id)
    assert not [part for part in parts if part.status in ("queued", "running")]
    with plant.bench.core.database.unit_of_work(plant.bench.tenant.id) as session:
        kept = len(session.scalars(select(Roster)).all())
    ended = sum(part.result is not None for part in parts)
    assert 1 <= ended <= 4
    assert kept in {ended, ended + 1}, "their rosters, and the internal unit's"
