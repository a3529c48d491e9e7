"""Real workers and a real Redis: whatever is killed, emptied or sent twice, a run is finished once."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import pytest
from jobbench import Bench
from jobplant import Plant
from rq import Queue
from rq.serializers import JSONSerializer

from samplan.jobs.dispatch import EXECUTE, RqDispatcher, rq_queue
from samplan.jobs.heartbeat import BEAT_SECONDS
from samplan.jobs.service import cancel_run

pytestmark = pytest.mark.slow


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def cancel(bench: Bench, run_id: object, *, keep: bool) -> None:
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        cancel_run(bench.core, session, run_id, keep_result=keep)  # type: ignore[arg-type]


def assert_done_once(plant: Plant, run_id: object, attempt: int) -> None:
    """Check that exactly one attempt ended, and that its row was written once."""
    run = plant.bench.run(run_id)  # type: ignore[arg-type]
    assert (run.status, run.attempt) == ("succeeded", attempt)
    assert plant.bench.marks() == [f"result of {run_id}"]
    ends = [event for event in plant.bench.events(run_id) if event[2] == "succeeded"]  # type: ignore[arg-type]
    assert ends == [(attempt, "running", "succeeded", None)]


def test_a_run_is_done_by_a_worker_and_leaves_nothing_in_redis(plant: Plant) -> None:
    run_id = plant.search()
    (name,) = plant.bench.core.dispatcher.waiting("solve")
    stored = plant.redis.hget(f"rq:job:{name}", "data")
    assert name == f"{run_id}-1"
    plant.worker()
    assert plant.started().attempt == 1
    plant.wait_until(lambda: plant.bench.run(run_id).progress.get("phase") == "Searching")
    run = plant.bench.run(run_id)
    assert run.status == "running"
    assert run.worker is not None
    assert run.lease_until is not None
    plant.go()
    plant.wait_for(run_id, "succeeded")
    assert_done_once(plant, run_id, 1)
    plant.wait_until(lambda: plant.redis.keys("rq:job:*") == [])
    assert stored is not None


def test_a_message_holds_three_ids_as_json(plant: Plant) -> None:
    run_id = plant.bench.request("double")
    job = rq_queue("test", "default", plant.redis).fetch_job(f"{run_id}-1")
    assert job is not None
    assert job.func_name == EXECUTE
    assert job.args == [str(plant.bench.tenant.id), str(run_id), 1]
    assert JSONSerializer.loads(job.data) == [EXECUTE, None, job.args, {}]


@pytest.mark.parametrize("lease_seconds", [5.0])
def test_killing_worker_and_work_horse_lets_another_worker_finish_once(plant: Plant) -> None:
    run_id = plant.search()
    plant.worker()
    first = plant.started()
    kill(first.worker, first.horse)
    plant.worker()
    plant.reconciler()
    second = plant.started(2)
    assert second.attempt == 2
    assert second.worker != first.worker
    plant.go()
    plant.wait_for(run_id, "succeeded")
    assert_done_once(plant, run_id, 2)
    assert plant.lines("ended") == ["2 done"]
    assert (1, "running", "queued", "worker_lost") in plant.bench.events(run_id)


def test_a_work_horse_without_its_worker_finishes_its_run(plant: Plant) -> None:
    run_id = plant.search()
    plant.worker()
    plant.reconciler()
    first = plant.started()
    kill(first.worker)
    lease = plant.bench.run(run_id).lease_until
    assert lease is not None
    plant.wait_until(lambda: (plant.bench.run(run_id).lease_until or lease) > lease)
    plant.go()
    plant.wait_for(run_id, "succeeded")
    assert_done_once(plant, run_id, 1)


def test_an_emptied_redis_loses_no_queued_run(plant: Plant) -> None:
    run_id = plant.search()
    plant.go()
    plant.redis.flushall()
    plant.reconciler()
    plant.worker()
    plant.wait_for(run_id, "succeeded")
    assert_done_once(plant, run_id, 1)


def test_an_emptied_redis_disturbs_no_running_run(plant: Plant) -> None:
    run_id = plant.search()
    process = plant.worker()
    plant.reconciler()
    plant.started()
    plant.redis.flushall()
    plant.go()
    plant.wait_for(run_id, "succeeded")
    assert_done_once(plant, run_id, 1)
    after = plant.bench.request("double")
    plant.wait_for(after, "succeeded")
    assert process.poll() is None


@pytest.mark.parametrize("keep", [True, False])
def test_a_running_search_is_cancelled_and_its_best_kept_if_wished(plant: Plant, *, keep: bool) -> None:
    assert BEAT_SECONDS <= 1.0, "a cancellation must be seen soon"
    run_id = plant.search()
    plant.worker()
    plant.started()
    cancel(plant.bench, run_id, keep=keep)
    plant.wait_for(run_id, "cancelled")
    run = plant.bench.run(run_id)
    assert plant.lines("ended") == [f"1 {'kept' if keep else 'done'}"]
    assert (run.result is not None) == keep
    assert plant.bench.marks() == ([f"result of {run_id}"] if keep else [])


@pytest.mark.parametrize("lease_seconds", [5.0])
def test_a_worker_that_wakes_up_late_overwrites_nothing(plant: Plant) -> None:
    run_id = plant.search()
    plant.worker()
    zombie = plant.started()
    os.kill(zombie.horse, signal.SIGSTOP)
    try:
        plant.worker()
        plant.reconciler()
        plant.started(2)
        plant.go()
        plant.wait_for(run_id, "succeeded")
        result = plant.bench.run(run_id).result
    finally:
        os.kill(zombie.horse, signal.SIGCONT)
    plant.wait_until(lambda: "1 done" in plant.lines("ended"))
    done = plant.bench.request("double")
    plant.wait_for(done, "succeeded")
    assert plant.bench.run(run_id).result == result
    assert plant.bench.run(run_id).attempt == 2
    assert sorted(plant.bench.marks()) == sorted([f"result of {run_id}", f"result of {done}"])


def test_messages_sent_twice_do_no_harm(plant: Plant) -> None:
    run_id = plant.search()
    plant.go()
    core = plant.bench.core
    core.dispatcher.send(plant.bench.tenant.id, run_id, 1, "solve", max_seconds=60)
    assert plant.redis.llen("rq:queue:samplan:test:solve") == 1
    for name in ("twice", "thrice"):
        Queue("samplan:test:solve", connection=plant.redis, serializer=JSONSerializer).enqueue_call(
            EXECUTE, args=(str(plant.bench.tenant.id), str(run_id), 1), job_id=name
        )
    plant.worker()
    plant.worker()
    plant.wait_until(lambda: plant.redis.llen("rq:queue:samplan:test:solve") == 0)
    plant.wait_for(run_id, "succeeded")
    assert_done_once(plant, run_id, 1)
    assert len(plant.lines("started")) == 1


def test_a_message_whose_worker_died_before_it_took_the_run_is_sent_again(plant: Plant) -> None:
    run_id = plant.search()
    plant.go()
    assert plant.redis.lpop("rq:queue:samplan:test:solve") == f"{run_id}-1".encode()
    assert plant.redis.exists(f"rq:job:{run_id}-1")
    plant.reconciler()
    plant.worker()
    plant.wait_for(run_id, "succeeded")
    assert_done_once(plant, run_id, 1)


def test_a_request_without_redis_is_sent_when_redis_is_back(plant: Plant) -> None:
    core = plant.bench.core
    away = RqDispatcher(replace(core.settings, redis_url="unix:///nowhere/redis.sock"))
    plant.bench.core = replace(core, dispatcher=away)
    run_id = plant.bench.request("double")
    assert plant.bench.run(run_id).status == "queued"
    assert core.dispatcher.waiting("default") == frozenset()
    plant.reconciler()
    plant.worker()
    plant.wait_for(run_id, "succeeded")
    assert_done_once(plant, run_id, 1)


def test_a_worker_that_is_asked_to_stop_finishes_its_run_first(plant: Plant) -> None:
    run_id = plant.search()
    process = plant.worker("solve")
    plant.started()
    process.send_signal(signal.SIGTERM)
    plant.wait_until(lambda: "worker_stopping" in plant.log(0))
    plant.go()
    assert process.wait() == 0
    plant.wait_for(run_id, "succeeded")
    assert_done_once(plant, run_id, 1)


def test_the_processes_end_when_they_are_told_to(plant: Plant) -> None:
    run_id = plant.bench.request("double")
    assert plant.start("worker", "--burst", "--queues", "high,default").wait() == 0
    assert plant.bench.run(run_id).status == "succeeded"
    reconciler = plant.reconciler()
    plant.wait_until(lambda: "reconciler_started" in plant.log(1))
    reconciler.send_signal(signal.SIGINT)
    assert reconciler.wait() == 0
