"""Asking for runs: validated, limited, idempotent, sent after the commit, cancelled and tried again."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread
from uuid import UUID, uuid4

import pytest
from jobbench import Bench, make_bench
from redis.exceptions import ConnectionError as RedisGone
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from samplan.access.policy import Principal
from samplan.audit.models import AuditEntry
from samplan.db.session import Database
from samplan.errors import Conflict, Invalid, ModuleDisabled, NotFound, TenantContextMissing, TooMany
from samplan.jobs import service
from samplan.jobs.dispatch import MESSAGES_PER_TENANT, RqDispatcher
from samplan.jobs.service import (
    MANAGE,
    MOST_PARAMS,
    cancel_run,
    get_run,
    keeps_result,
    request_run,
    retry_run,
    visible_run,
    visible_runs,
)
from samplan.modules.manager import Modules


def test_a_request_is_stored_sent_and_audited(bench: Bench) -> None:
    run_id = bench.request("double", subject="roster:1")
    run = bench.run(run_id)
    assert (run.status, run.attempt, run.max_attempts, run.queue) == ("queued", 1, 3, "default")
    assert run.params == {"number": 21, "day": "2027-01-04"}
    assert run.module == "jobprobe"
    assert list(bench.messages.messages) == [f"{run_id}-1"]
    assert bench.events(run_id) == [(1, None, "queued", None)]
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "job.requested")).one()
    assert (entry.object_id, entry.after) == (
        str(run_id),
        {"job_type": "jobprobe.double", "subject": "roster:1"},
    )


def test_nothing_is_sent_when_the_request_is_rolled_back(bench: Bench) -> None:
    def ask_and_fail(params: dict[str, int]) -> None:
        with bench.core.database.unit_of_work(bench.tenant.id) as session:
            request_run(bench.core, session, bench.tenant, "jobprobe.double", params, requested_by=None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask_and_fail({"number": 1})
    assert bench.messages.messages == {}


def test_bad_requests_are_refused_before_a_run_exists(bench: Bench) -> None:
    with pytest.raises(Invalid) as caught:
        bench.request("double", params={"number": "many", "other": 1})
    assert set(caught.value.fields) == {"number", "other"}
    with pytest.raises(Invalid):
        bench.request("double", params={"number": 101})
    with pytest.raises(NotFound):
        bench.request("unheard_of")
    with pytest.raises(Invalid, match="too large"):
        bench.request("search", params={"folder": "x" * MOST_PARAMS})
    assert bench.messages.messages == {}


def test_a_disabled_module_starts_nothing_even_where_this_process_believes_it_is_on(bench: Bench) -> None:
    bench.switch(enabled=False)
    assert "jobprobe" in bench.tenant.enabled_modules
    with pytest.raises(ModuleDisabled):
        bench.request("double")
    bench.switch(enabled=True)
    assert bench.request("double")


def test_the_session_must_be_the_tenants(bench: Bench, db: Database, modules: Modules) -> None:
    other = make_bench(db, modules, "other")
    with pytest.raises(TenantContextMissing), db.unit_of_work(other.tenant.id) as session:
        request_run(bench.core, session, bench.tenant, "jobprobe.double", {"number": 1}, requested_by=None)
    assert bench.messages.messages == {}


def test_no_more_than_the_limit_are_active_at_a_time(db: Database, modules: Modules) -> None:
    bench = make_bench(db, modules, max_runs_per_tenant=2)
    other = make_bench(db, modules, "other", max_runs_per_tenant=2)
    first = bench.request("double")
    bench.request("double")
    with pytest.raises(TooMany, match="2 runs are waiting"):
        bench.request("double")
    assert other.request("double"), "the limit is each tenant's own"
    with db.unit_of_work(bench.tenant.id) as session:
        cancel_run(bench.core, session, first, keep_result=False)
    assert bench.request("double")


def test_only_a_share_of_a_tenants_runs_is_sent_at_once(bench: Bench) -> None:
    runs = [bench.request("double") for _turn in range(MESSAGES_PER_TENANT + 2)]
    assert set(bench.messages.messages) == {f"{run}-1" for run in runs[:MESSAGES_PER_TENANT]}


def test_the_same_key_gives_the_same_run_and_refuses_another_request(bench: Bench) -> None:
    first = bench.request("double", idempotency_key="k1")
    assert bench.request("double", idempotency_key="k1") == first
    assert bench.request("double", params={"number": 21, "day": "2027-01-04"}, idempotency_key="k1") == first
    with pytest.raises(Invalid, match="Idempotency-Key"):
        bench.request("double", params={"number": 22}, idempotency_key="k1")
    with pytest.raises(Invalid, match="Idempotency-Key"):
        bench.request("gone", idempotency_key="k1")
    assert bench.request("double", idempotency_key="k1", requested_by=uuid4()) != first, "keys are one's own"
    bench.work()
    assert bench.request("double", idempotency_key="k1") == first, "also when it is finished"


def test_a_queued_run_is_cancelled_at_once_and_its_message_does_nothing(bench: Bench) -> None:
    run_id = bench.request("double")
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        cancel_run(bench.core, session, run_id, keep_result=False)
    assert bench.run(run_id).status == "cancelled"
    assert bench.work() == 1
    assert bench.run(run_id).status == "cancelled"
    assert bench.marks() == []
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        assert cancel_run(bench.core, session, run_id, keep_result=False).status == "cancelled"


def test_cancelling_is_refused_where_it_makes_no_sense(bench: Bench) -> None:
    run_id = bench.request("double")
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        assert not keeps_result(bench.core, get_run(session, run_id))
        with pytest.raises(Invalid, match="no result to keep"):
            cancel_run(bench.core, session, run_id, keep_result=True)
    bench.work()
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        with pytest.raises(Conflict):
            cancel_run(bench.core, session, run_id, keep_result=False)
        with pytest.raises(NotFound):
            cancel_run(bench.core, session, uuid4(), keep_result=False)


def test_a_person_can_try_a_failed_run_again_and_nothing_else(bench: Bench) -> None:
    failed, done = bench.request("impossible"), bench.request("double")
    bench.work()
    assert bench.run(failed).status == "failed"
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        retry_run(bench.core, session, failed)
        with pytest.raises(Conflict):
            retry_run(bench.core, session, done)
        with pytest.raises(Conflict):
            retry_run(bench.core, session, failed)
    run = bench.run(failed)
    assert (run.status, run.attempt, run.max_attempts) == ("queued", 2, 4)
    assert run.error_code is None
    assert list(bench.messages.messages) == [f"{failed}-2"]
    bench.work()
    assert bench.run(failed).error_code == "infeasible"
    bench.switch(enabled=False)
    with bench.core.database.unit_of_work(bench.tenant.id) as session, pytest.raises(ModuleDisabled):
        retry_run(bench.core, session, failed)


def test_one_sees_ones_own_runs_and_a_manager_all(bench: Bench) -> None:
    mine, others = bench.request("double"), bench.request("double", requested_by=uuid4())
    me = Principal(bench.account, permissions=frozenset({"core:job:read"}))
    manager = Principal(uuid4(), permissions=frozenset({"core:job:read", MANAGE}))
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        assert visible_run(session, me, mine).id == mine
        assert visible_run(session, manager, others).id == others
        with pytest.raises(NotFound):
            visible_run(session, me, others)

        def ids(principal: Principal, status: str | None = None) -> set[UUID]:
            return {run.id for run in session.scalars(visible_runs(principal, status))}

        assert ids(me) == {mine}
        assert ids(manager) == {mine, others}
        assert ids(manager, "running") == set()


def test_another_tenants_run_does_not_exist(bench: Bench, db: Database, modules: Modules) -> None:
    run_id = bench.request("double")
    other = make_bench(db, modules, "other")
    with db.unit_of_work(other.tenant.id) as session:
        for act in (lambda: get_run(session, run_id), lambda: retry_run(other.core, session, run_id)):
            with pytest.raises(NotFound):
                act()
    assert bench.run(run_id).status == "queued"


def test_without_redis_a_request_succeeds_and_stays_queued(db: Database, modules: Modules) -> None:
    bench = make_bench(db, modules)
    dispatcher = RqDispatcher(bench.core.settings.__class__("postgresql://", "unix:///nowhere", "s" * 32))
    with pytest.raises(RedisGone):
        dispatcher.waiting("default")
    bench.core = type(bench.core)(
        bench.core.settings, db, modules, bench.core.tenants, dispatcher, bench.core.clock
    )
    assert bench.run(bench.request("double")).status == "queued"


def test_the_same_key_at_the_same_moment_gives_one_run(database: Database, modules: Modules) -> None:
    bench = make_bench(database, modules)
    asked: list[UUID] = []
    second = Thread(target=lambda: asked.append(bench.request("double", idempotency_key="k")))
    with database.unit_of_work(bench.tenant.id) as session:
        first = request_run(
            bench.core,
            session,
            bench.tenant,
            "jobprobe.double",
            {"number": 21},
            requested_by=bench.account,
            idempotency_key="k",
        )
        second.start()
        while not waits_for_a_lock(database):
            second.join(0.01)
    second.join()
    assert asked == [first.id]
    assert list(bench.messages.messages) == [f"{first.id}-1"]


def waits_for_a_lock(database: Database) -> bool:
    query = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with database.system_session() as session:
        return bool(session.scalar(query))


def test_another_clash_than_of_keys_is_no_repetition(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    first = bench.request("double", idempotency_key="k")
    monkeypatch.setattr(service, "new_id", lambda: first)
    with pytest.raises(IntegrityError):
        bench.request("double", idempotency_key="other")


def test_the_cores_own_jobs_need_no_module(bench: Bench) -> None:
    core = bench.core.modules.installed["core"]
    job = replace(bench.core.modules.job("jobprobe.double"), name="core.double")
    bench.core.modules.installed["core"] = replace(core, jobs=(job,))
    try:
        with bench.core.database.unit_of_work(bench.tenant.id) as session:
            run = request_run(
                bench.core, session, bench.tenant, "core.double", {"number": 1}, requested_by=None
            )
    finally:
        bench.core.modules.installed["core"] = core
    assert (run.module, run.status) == ("core", "queued")
