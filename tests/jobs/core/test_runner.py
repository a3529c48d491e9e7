"""A run is claimed, worked on, kept alive and finished, whatever happens to it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import jobprobe
import pytest
from jobbench import Bench, make_bench
from rq.timeouts import JobTimeoutException

from samplan.db.session import Database
from samplan.jobs import transitions
from samplan.jobs.context import JobContext, JobFailed, Outcome
from samplan.jobs.runner import execute, run_attempt
from samplan.jobs.service import cancel_run
from samplan.modules.manager import Modules


def test_a_run_is_finished_with_its_result_rows_and_events(bench: Bench) -> None:
    run_id = bench.request("double")
    assert bench.work() == 1
    run = bench.run(run_id)
    assert run.status == "succeeded"
    assert run.result is not None
    assert (run.result["double"], run.result["day"]) == (42, "2027-01-04")
    assert run.progress == {"pct": 50, "phase": "Counting", "incumbent": 21}
    assert run.started_at is not None
    assert run.finished_at is not None
    assert run.started_at <= run.finished_at
    assert run.lease_until is None
    assert bench.marks() == [f"result of {run_id}"]
    assert [event[1:3] for event in bench.events(run_id)] == [
        (None, "queued"),
        ("queued", "running"),
        ("running", "succeeded"),
    ]


def test_a_second_message_for_the_same_attempt_does_nothing(bench: Bench) -> None:
    run_id = bench.request("double")
    for _turn in range(3):
        run_attempt(bench.core, bench.tenant.id, run_id, 1)
    assert bench.run(run_id).status == "succeeded"
    assert len(bench.events(run_id)) == 3
    assert bench.marks() == [f"result of {run_id}"]


def test_a_message_with_wrong_ids_does_nothing(bench: Bench, db: Database, modules: Modules) -> None:
    run_id = bench.request("double")
    other = make_bench(db, modules, "other")
    run_attempt(bench.core, other.tenant.id, run_id, 1)
    run_attempt(bench.core, uuid4(), run_id, 1)
    run_attempt(bench.core, bench.tenant.id, uuid4(), 1)
    run_attempt(bench.core, bench.tenant.id, run_id, 2)
    execute("not-an-id", str(run_id), 1)
    execute(str(bench.tenant.id), "'; DROP TABLE", 1)
    assert bench.run(run_id).status == "queued"


def test_an_expected_failure_fails_at_once_and_leaves_no_rows(bench: Bench) -> None:
    run_id = bench.request("impossible", params={"number": 3})
    bench.work()
    run = bench.run(run_id)
    assert (run.status, run.error_code, run.error_id) == ("failed", "infeasible", None)
    assert run.error_details == {"message": "No roster has %(missing)d nurses too few.", "missing": 3}
    assert bench.marks() == []
    assert bench.events(run_id)[-1] == (1, "running", "failed", "infeasible")


def test_an_error_of_the_services_is_an_expected_failure(bench: Bench) -> None:
    run_id = bench.request("gone")
    bench.work()
    run = bench.run(run_id)
    assert (run.status, run.error_code) == ("failed", "not_found")
    assert run.error_details == {"message": "There is no such roster."}


def test_what_a_rejected_result_wrote_is_rolled_back(bench: Bench) -> None:
    run_id = bench.request("spoiled")
    bench.work()
    run = bench.run(run_id)
    assert (run.status, run.error_code, run.result) == ("failed", "rejected", None)
    assert bench.marks() == []


def test_a_bug_gets_a_number_and_hands_the_run_back(bench: Bench) -> None:
    run_id = bench.request("buggy")
    bench.work()
    run = bench.run(run_id)
    assert (run.status, run.attempt, run.error_code) == ("running", 1, "internal")
    assert run.error_id
    assert "secret" not in str(bench.events(run_id))
    assert bench.events(run_id)[-1] == (1, "running", "running", f"error {run.error_id}")
    broken = bench.request("missing_handler")
    bench.work()
    assert bench.run(broken).error_code == "internal"


def test_a_module_disabled_while_queued_cancels_the_run(bench: Bench) -> None:
    run_id = bench.request("double")
    bench.switch(enabled=False)
    bench.work()
    run = bench.run(run_id)
    assert (run.status, run.error_code) == ("cancelled", "module_disabled")
    assert bench.marks() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"job_type": "jobprobe.of_an_older_version"}, "unknown_job"),
        ({"params_version": 0}, "params_outdated"),
        ({"params": {"number": 1000}}, "params_outdated"),
    ],
)
def test_a_run_of_another_version_fails_with_a_reason(
    bench: Bench, change: dict[str, Any], code: str
) -> None:
    run_id = bench.request("double")
    bench.set_run(run_id, **change)
    bench.work()
    run = bench.run(run_id)
    assert (run.status, run.error_code) == ("failed", code)


def test_a_run_that_takes_too_long_fails(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(ctx: JobContext, params: dict[str, Any]) -> Outcome:
        raise JobTimeoutException

    monkeypatch.setattr(jobprobe, "double", too_long)
    run_id = bench.request("double")
    bench.work()
    run = bench.run(run_id)
    assert (run.status, run.error_code) == ("failed", "timed_out")


def lose(bench: Bench, ctx: JobContext) -> None:
    """Let the run be taken from its worker, as the reconciler does when the lease has run out."""
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        run = transitions.hold(session, ctx.run_id, ctx.attempt)
        transitions.requeue(session, run, who="test", why="worker_lost")


@pytest.mark.parametrize("ending", ["outcome", "failure", "bug", "unit_of_work"])
def test_a_worker_that_lost_its_run_changes_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    def zombie(ctx: JobContext, params: dict[str, Any]) -> Outcome:
        lose(bench, ctx)
        if ending == "failure":
            raise JobFailed("infeasible")
        if ending == "bug":
            raise ZeroDivisionError
        if ending == "unit_of_work":
            with ctx.unit_of_work() as session:
                jobprobe.add_mark("zombie")(session)
        return Outcome({"zombie": True}, jobprobe.add_mark("zombie"))

    monkeypatch.setattr(jobprobe, "double", zombie)
    run_id = bench.request("double")
    bench.work()
    run = bench.run(run_id)
    assert (run.status, run.attempt, run.result, run.error_code) == ("queued", 2, None, None)
    assert bench.marks() == []
    monkeypatch.undo()
    run_attempt(bench.core, bench.tenant.id, run_id, 2)
    assert bench.run(run_id).status == "succeeded"
    assert bench.marks() == [f"result of {run_id}"]


def test_what_a_handler_commits_on_its_way_is_kept_while_the_run_is_its_own(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stepwise(ctx: JobContext, params: dict[str, Any]) -> Outcome:
        with ctx.unit_of_work() as session:
            jobprobe.add_mark("step")(session)
        assert ctx.requested_by == bench.account
        assert ctx.clock is bench.clock
        return Outcome({})

    monkeypatch.setattr(jobprobe, "double", stepwise)
    run_id = bench.request("double")
    bench.work()
    assert bench.run(run_id).status == "succeeded"
    assert bench.marks() == ["step"]


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("ending", ["outcome", "failure"])
def test_a_run_cancelled_meanwhile_ends_cancelled_and_keeps_what_was_wished(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, ending: str, *, keep: bool
) -> None:
    def stopped(ctx: JobContext, params: dict[str, Any]) -> Outcome:
        with bench.core.database.unit_of_work(bench.tenant.id) as session:
            cancel_run(bench.core, session, ctx.run_id, keep_result=keep)
        if ending == "failure":
            raise JobFailed("nothing_found")
        return Outcome({"best": 7}, jobprobe.add_mark("best"))

    monkeypatch.setattr(jobprobe, "search", stopped)
    run_id = bench.request("search", params={"folder": "unused"})
    bench.work()
    run = bench.run(run_id)
    kept = keep and ending == "outcome"
    assert run.status == "cancelled"
    assert run.result == ({"best": 7} if kept else None)
    assert bench.marks() == (["best"] if kept else [])
    assert run.error_code == ("nothing_found" if ending == "failure" else None)
