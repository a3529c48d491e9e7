"""The reconciler: lost workers, bugs, disabled modules, messages that are missing, and fair shares."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from jobbench import LONG_AGO, Bench, make_bench
from redis.exceptions import ConnectionError as RedisGone
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from samplan.db.session import Database
from samplan.jobs import reconciler, transitions
from samplan.jobs.dispatch import MESSAGES_PER_TENANT, InlineDispatcher
from samplan.jobs.reconciler import Round, reconcile
from samplan.jobs.service import cancel_run
from samplan.modules.manager import Modules
from samplan.tenancy.context import TenantContext


def take(bench: Bench, run_id: UUID, attempt: int = 1) -> None:
    """Let a worker take the attempt and say no more."""
    bench.messages.messages.pop(f"{run_id}-{attempt}", None)
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        assert transitions.take(session, run_id, attempt, "dead:1", 30.0)


def lose(bench: Bench, run_id: UUID, attempt: int = 1, **values: Any) -> None:
    """Let a worker take the attempt and die, a lease ago."""
    take(bench, run_id, attempt)
    bench.set_run(run_id, lease_until=LONG_AGO, started_at=bench.clock.now(), **values)


def test_a_lost_run_is_queued_anew_until_no_attempts_are_left(bench: Bench) -> None:
    run_id = bench.request("double")
    for attempt in (1, 2):
        lose(bench, run_id, attempt)
        assert reconcile(bench.core) == Round(requeued=1)
        run = bench.run(run_id)
        assert (run.status, run.attempt) == ("queued", attempt + 1)
        assert list(bench.messages.messages) == [f"{run_id}-{attempt + 1}"]
    lose(bench, run_id, 3)
    assert reconcile(bench.core) == Round(failed=1)
    run = bench.run(run_id)
    assert (run.status, run.error_code) == ("failed", "worker_lost")
    assert bench.events(run_id)[-1] == (3, "running", "failed", "worker_lost")
    assert reconcile(bench.core) == Round()


def test_a_run_with_a_lease_is_left_alone(bench: Bench) -> None:
    run_id = bench.request("double")
    take(bench, run_id)
    assert reconcile(bench.core) == Round()
    assert bench.run(run_id).status == "running"


def test_a_bug_is_tried_again_and_then_fails_with_its_number(bench: Bench) -> None:
    once, always = bench.request("buggy", params={"number": 1}), bench.request("buggy", params={"number": 9})
    bench.work()
    assert reconcile(bench.core) == Round(requeued=2)
    bench.work()
    assert bench.run(once).status == "succeeded"
    assert bench.run(once).error_code is None
    assert reconcile(bench.core) == Round(failed=1)
    run = bench.run(always)
    assert (run.status, run.attempt, run.error_code) == ("failed", 2, "internal")
    assert run.error_id


def test_a_lost_run_that_was_to_be_cancelled_is_cancelled(bench: Bench) -> None:
    run_id = bench.request("search", params={"folder": "unused"})
    lose(bench, run_id)
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        cancel_run(bench.core, session, run_id, keep_result=True)
    assert reconcile(bench.core) == Round(cancelled=1)
    assert bench.run(run_id).status == "cancelled"


def test_a_run_that_used_up_its_time_is_not_tried_again(bench: Bench) -> None:
    run_id = bench.request("double")
    lose(bench, run_id)
    bench.set_run(run_id, started_at=bench.clock.now() - timedelta(hours=1))
    assert reconcile(bench.core) == Round(failed=1)
    assert bench.run(run_id).error_code == "timed_out"


def test_a_lost_run_of_an_unknown_kind_fails(bench: Bench) -> None:
    run_id = bench.request("double")
    lose(bench, run_id, job_type="jobprobe.of_an_older_version")
    queued = bench.request("double")
    bench.set_run(queued, job_type="jobprobe.of_an_older_version")
    bench.messages.messages.clear()
    assert reconcile(bench.core) == Round(failed=1)
    assert bench.run(run_id).error_code == "worker_lost"
    assert bench.run(queued).status == "queued"


def test_queued_runs_of_a_disabled_module_are_cancelled(bench: Bench) -> None:
    run_id = bench.request("double")
    bench.switch(enabled=False)
    assert reconcile(bench.core) == Round(cancelled=1)
    run = bench.run(run_id)
    assert (run.status, run.error_code) == ("cancelled", "module_disabled")


def test_what_redis_lost_is_sent_again_after_the_grace(db: Database, modules: Modules) -> None:
    bench = make_bench(db, modules, grace_seconds=3600.0)
    run_id = bench.request("double")
    bench.messages.messages.clear()
    assert reconcile(bench.core) == Round()
    bench.set_run(run_id, queued_at=LONG_AGO)
    assert reconcile(bench.core) == Round(sent=1)
    assert list(bench.messages.messages) == [f"{run_id}-1"]
    assert reconcile(bench.core) == Round()
    bench.work()
    assert bench.run(run_id).status == "succeeded"


def test_tenants_get_their_turns_and_their_shares(db: Database, modules: Modules) -> None:
    greedy = make_bench(db, modules, "a-greedy")
    modest = make_bench(db, modules, "b-modest")
    greedy_runs = [greedy.request("double") for _turn in range(MESSAGES_PER_TENANT + 3)]
    modest_runs = [modest.request("double") for _turn in range(2)]
    greedy.set_run(greedy_runs[0], subject="touched")  # runs of one moment keep their order all the same
    greedy.messages.messages.clear()
    assert reconcile(greedy.core) == Round(sent=MESSAGES_PER_TENANT + 2)
    sent = [message[1] for message in greedy.messages.messages.values()]
    first, second, *rest = greedy_runs[:MESSAGES_PER_TENANT]
    assert sent == [first, modest_runs[0], second, modest_runs[1], *rest]
    assert reconcile(greedy.core) == Round()
    del greedy.messages.messages[f"{first}-1"]
    greedy.set_run(first, status="cancelled")
    assert reconcile(greedy.core) == Round(sent=1)
    assert f"{greedy_runs[MESSAGES_PER_TENANT]}-1" in greedy.messages.messages


class NoRedis(InlineDispatcher):
    """A dispatcher whose Redis is away."""

    def waiting(self, queue: str) -> frozenset[str]:
        raise RedisGone(queue)


def test_without_redis_the_rest_of_the_round_is_done(bench: Bench) -> None:
    run_id = bench.request("double")
    lose(bench, run_id)
    without = type(bench.core)(
        bench.core.settings,
        bench.core.database,
        bench.core.modules,
        bench.core.tenants,
        NoRedis(),
        bench.clock,
    )
    assert reconcile(without) == Round(requeued=1)


def test_one_tenants_trouble_keeps_no_other_waiting(
    db: Database, modules: Modules, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubled, other = make_bench(db, modules, "a-troubled"), make_bench(db, modules, "b-other")
    run_id = other.request("double")
    lose(other, run_id)
    settle = reconciler._settle

    def fail_for_one(core: Any, tenant: TenantContext, done: Round) -> None:
        if tenant.id == troubled.tenant.id:
            raise OperationalError("SELECT", {}, Exception("deadlock"))
        settle(core, tenant, done)

    monkeypatch.setattr(reconciler, "_settle", fail_for_one)
    assert reconcile(other.core) == Round(requeued=1)


def test_only_one_reconciler_works_at_a_time(database: Database, modules: Modules) -> None:
    bench = make_bench(database, modules)
    lose(bench, bench.request("double"))
    with database.system_session() as other:
        lock = func.pg_advisory_xact_lock(func.hashtextextended(reconciler.LOCK_NAME, 0))
        other.execute(select(lock))
        assert reconcile(bench.core) is None
    assert reconcile(bench.core) == Round(requeued=1)


def test_a_run_that_is_being_finished_is_left_alone(database: Database, modules: Modules) -> None:
    bench = make_bench(database, modules)
    run_id = bench.request("double")
    lose(bench, run_id)
    with database.unit_of_work(bench.tenant.id) as session:
        transitions.hold(session, run_id, 1)
        assert reconcile(bench.core) == Round()
    assert reconcile(bench.core) == Round(requeued=1)
