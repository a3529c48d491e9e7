"""Runs in parts: done once each, cancelled together, and nothing lost but what was under way."""

from __future__ import annotations

import os
import signal
from uuid import UUID

import pytest
from jobbench import Bench, make_bench
from jobplant import Plant
from jobprobe import PERMISSION
from sqlalchemy import delete, select

from samplan.access.policy import Principal
from samplan.db.session import Database
from samplan.errors import Conflict, TooMany
from samplan.jobs.health import waiting_runs
from samplan.jobs.models import JobRun, ScheduleMark
from samplan.jobs.reconciler import Round, reconcile
from samplan.jobs.service import cancel_run, retry_run, visible_run, visible_runs
from samplan.modules.manager import Modules


@pytest.fixture
def bench(database: Database, modules: Modules) -> Bench:
    """Give a core whose commits are real: several threads look at how far parts are."""
    return make_bench(database, modules)


def parts_of(bench: Bench, run_id: UUID) -> list[JobRun]:
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        return list(session.scalars(select(JobRun).where(JobRun.parent_id == run_id).order_by(JobRun.id)))


def add_parts(bench: Bench, whole: UUID, *statuses: str) -> list[UUID]:
    """Add parts of a run as another worker would have left them."""
    added = [bench.request("double", params={"number": n}) for n, _ in enumerate(statuses)]
    for run_id, status in zip(added, statuses, strict=True):
        bench.set_run(run_id, parent_id=whole, status=status)
    return added


def test_one_worker_does_the_whole_and_its_parts(bench: Bench) -> None:
    run_id = bench.request("whole", params={"number": 7})
    bench.work()
    run, parts = bench.run(run_id), parts_of(bench, run_id)
    assert (run.status, run.result) == ("succeeded", {"sum": 42})
    assert [part.status for part in parts] == ["succeeded"] * 7
    assert {part.requested_by for part in parts} == {run.requested_by}
    assert run.progress["parts"] == 7
    assert run.progress["pct"] == 100


def test_parts_count_towards_no_limit_and_show_in_no_list(bench: Bench) -> None:
    run_id = bench.request("whole", params={"number": 30})
    bench.work()
    parts = parts_of(bench, run_id)
    add_parts(bench, run_id, *["queued"] * 10)
    for _ in range(bench.core.settings.max_runs_per_tenant):
        bench.request("double")
    with pytest.raises(TooMany):
        bench.request("double")
    mine = Principal(account_id=bench.account, permissions=frozenset({"core:job:read", PERMISSION}))
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        listed = session.scalars(visible_runs(mine)).all()
        assert run_id in {run.id for run in listed}
        assert not {run.id for run in listed} & {part.id for part in parts}
        assert visible_run(session, mine, parts[0].id).parent_id == run_id
        assert waiting_runs(session).ok


def test_an_expected_failure_of_a_part_is_told_to_the_whole(bench: Bench) -> None:
    run_id = bench.request("faulty", params={"number": 3})
    bench.work()
    run = bench.run(run_id)
    assert (run.status, run.error_code, run.error_details["missing"]) == ("failed", "infeasible", 3)  # type: ignore[index]


def test_another_attempt_does_again_only_what_failed(bench: Bench) -> None:
    run_id = bench.request("whole", params={"number": 3})
    bench.work()
    first = parts_of(bench, run_id)
    bench.set_run(first[1].id, status="failed", result=None)
    bench.set_run(run_id, status="failed")
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        session.execute(delete(ScheduleMark).where(ScheduleMark.schedule == f"result of {first[1].id}"))
        retry_run(bench.core, session, run_id)
    bench.work()
    assert [part.attempt for part in parts_of(bench, run_id)] == [1, 2, 1]
    assert (bench.run(run_id).status, bench.run(run_id).result) == ("succeeded", {"sum": 6})
    assert len(bench.marks()) == 3


def test_a_part_is_neither_stopped_nor_tried_again_alone(bench: Bench) -> None:
    run_id = bench.request("double")
    queued, failed = add_parts(bench, run_id, "queued", "failed")
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        with pytest.raises(Conflict):
            cancel_run(bench.core, session, queued, keep_result=False)
        with pytest.raises(Conflict):
            retry_run(bench.core, session, failed)
        assert cancel_run(bench.core, session, run_id, keep_result=False).status == "cancelled"
    assert bench.run(queued).status == "cancelled"
    assert bench.run(failed).status == "failed"


def test_parts_whose_whole_is_over_are_cancelled(bench: Bench) -> None:
    run_id = bench.request("double")
    queued, running, done = add_parts(bench, run_id, "queued", "running", "succeeded")
    bench.set_run(running, lease_until=None)
    assert reconcile(bench.core) == Round()
    bench.set_run(run_id, status="failed")
    assert reconcile(bench.core) == Round(cancelled=2)
    assert bench.run(queued).status == "cancelled"
    assert (bench.run(running).status, bench.run(running).cancel_requested) == ("running", True)
    assert bench.run(done).status == "succeeded"
    assert reconcile(bench.core) == Round()


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def horses(plant: Plant) -> list[tuple[int, int, int]]:
    """Return who began with a part: work horse, worker and attempt."""
    return [tuple(map(int, line.split())) for line in plant.lines("started")]  # type: ignore[misc]


@pytest.mark.slow
@pytest.mark.parametrize("lease_seconds", [5.0])
def test_a_killed_worker_costs_its_part_only(plant: Plant) -> None:
    run_id = plant.bench.request("searches", params={"folder": str(plant.folder)})
    plant.worker()
    plant.started()
    plant.worker()
    plant.reconciler()
    plant.started(2)
    (_, first, _), (horse, worker, _) = horses(plant)
    assert worker != first
    kill(worker, horse)
    plant.wait_until(lambda: any(part.status == "queued" for part in parts_of(plant.bench, run_id)))
    plant.go()
    plant.wait_for(run_id, "succeeded")
    run = plant.bench.run(run_id)
    assert (run.attempt, run.result["statuses"]) == (1, ["succeeded"] * 3)  # type: ignore[index]
    assert sorted(run.result["attempts"]) == [1, 1, 2]  # type: ignore[index]
    assert len(plant.bench.marks()) == 3


@pytest.mark.slow
@pytest.mark.parametrize("lease_seconds", [5.0])
def test_a_killed_worker_of_the_whole_costs_what_it_had_under_way(plant: Plant) -> None:
    run_id = plant.bench.request("searches", params={"folder": str(plant.folder)})
    plant.worker()
    first = plant.started()
    kill(first.worker, first.horse)
    plant.reconciler()
    plant.worker()
    plant.worker()
    plant.started(2)
    plant.go()
    plant.wait_for(run_id, "succeeded")
    run = plant.bench.run(run_id)
    assert (run.attempt, run.result["statuses"]) == (2, ["succeeded"] * 3)  # type: ignore[index]
    assert len(plant.bench.marks()) == 3


@pytest.mark.slow
@pytest.mark.parametrize("keep", [True, False])
def test_the_whole_is_cancelled_with_its_parts(plant: Plant, *, keep: bool) -> None:
    run_id = plant.bench.request("searches", params={"folder": str(plant.folder)})
    plant.worker()
    plant.started()
    with plant.bench.core.database.unit_of_work(plant.bench.tenant.id) as session:
        cancel_run(plant.bench.core, session, run_id, keep_result=keep)
    plant.wait_for(run_id, "cancelled")
    parts = parts_of(plant.bench, run_id)
    assert [part.status for part in parts] == ["cancelled"] * 3
    assert sum(part.result is not None for part in parts) == (1 if keep else 0)
    assert (plant.bench.run(run_id).result is not None) == keep
