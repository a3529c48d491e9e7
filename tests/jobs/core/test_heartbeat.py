"""A run's beat renews its lease, hears the wish to stop, and notices when the run is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jobprobe
import pytest
from jobbench import LONG_AGO, Bench
from sqlalchemy.exc import OperationalError

from samplan.db.session import Database
from samplan.jobs import heartbeat, transitions
from samplan.jobs.context import JobFailed
from samplan.jobs.heartbeat import Heartbeat
from samplan.jobs.service import cancel_run
from samplan.jobs.transitions import Claim, RunLost


class Beating:
    """A claim of a real run, and heartbeats for it that the test lets beat."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.run_id = bench.request("search", params={"folder": "unused"})
        with bench.core.database.unit_of_work(bench.tenant.id) as session:
            claim = transitions.take(session, self.run_id, 1, "here:1", 30.0)
        assert claim is not None
        self.claim: Claim = claim

    def heartbeat(self, database: Database | None = None, **options: float) -> Heartbeat:
        limits = {"lease_seconds": 30.0, "max_seconds": 60.0, **options}
        return Heartbeat(database or self.bench.core.database, self.claim, **limits)


def test_a_beat_renews_the_lease_and_writes_progress(bench: Bench) -> None:
    beating = Beating(bench)
    bench.set_run(beating.run_id, lease_until=LONG_AGO)
    beat = beating.heartbeat()
    assert beat.report({"pct": 1.0})
    assert beat.report({"pct": 2.0, "incumbent": 9})
    beat._beat()
    run = bench.run(beating.run_id)
    assert run.progress == {"pct": 2.0, "incumbent": 9}
    assert run.lease_until is not None
    assert run.lease_until > datetime.now(UTC) + timedelta(seconds=20)
    assert beat.report({})


def test_a_beat_hears_the_wish_to_cancel(bench: Bench) -> None:
    beating = Beating(bench)
    beat = beating.heartbeat()
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        cancel_run(bench.core, session, beating.run_id, keep_result=True)
    assert beat.report({})
    beat._beat()
    assert not beat.report({})
    assert beat.keep_result


def test_a_beat_notices_that_the_run_is_lost(bench: Bench) -> None:
    beating = Beating(bench)
    beat = beating.heartbeat()
    bench.set_run(beating.run_id, attempt=2)
    beat._beat()
    assert not beat.report({})
    with pytest.raises(RunLost), bench.core.database.unit_of_work(bench.tenant.id) as session:
        transitions.fail(session, beating.claim, JobFailed("x"), {})


def test_a_handler_that_ignores_its_time_limit_loses_its_lease(bench: Bench) -> None:
    beating = Beating(bench)
    bench.set_run(beating.run_id, lease_until=LONG_AGO)
    beat = beating.heartbeat(max_seconds=-heartbeat.OVERTIME_SECONDS - 1)
    beat._beat()
    assert not beat.report({})
    assert bench.run(beating.run_id).lease_until == LONG_AGO


class Unreachable(Database):
    """A database that does not answer."""

    @contextmanager
    def unit_of_work(self, *_args: Any, **_options: Any) -> Iterator[Any]:
        raise OperationalError("UPDATE", {}, Exception("gone"))
        yield


def test_the_thread_outlives_a_database_that_is_away_until_the_lease_is_over(bench: Bench) -> None:
    away = Unreachable(bench.core.database.engine)
    with Beating(bench).heartbeat(away, lease_seconds=0.3) as beat:
        assert beat.report({"pct": 1})
        while beat.report({}):
            beat._over.wait(0.01)
        assert beat._thread.is_alive()
    assert not beat._thread.is_alive()


def test_a_claim_holds_for_its_attempt_only(bench: Bench) -> None:
    beating = Beating(bench)
    database = bench.core.database
    other = replace(beating.claim, attempt=2)
    with pytest.raises(RunLost), database.unit_of_work(bench.tenant.id) as session:
        transitions.finish(session, other, {}, jobprobe.add_mark("other"), {})
    with database.unit_of_work(bench.tenant.id) as session:
        assert transitions.finish(session, beating.claim, {"x": 1}, None, {}) == "succeeded"
    assert bench.marks() == []
