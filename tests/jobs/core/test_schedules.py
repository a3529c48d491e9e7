"""Schedules: each due time once, in the tenant's time zone, for who has the module."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from jobbench import Bench, load_modules, make_bench
from jobprobe import JobProbe
from sqlalchemy import select

from samplan.db.session import Database
from samplan.jobs import schedules
from samplan.jobs.models import JobRun
from samplan.jobs.reconciler import Round, reconcile
from samplan.modules.contributions import Schedule


class Nightly(JobProbe):
    """The probe, every night at 03:15."""

    schedules = (Schedule("jobprobe.double", "15 3 * * *", {"number": 4}),)


@pytest.fixture
def nightly(db: Database) -> Bench:
    return make_bench(db, load_modules(Nightly()))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def runs(bench: Bench) -> list[tuple[str, UUID | None]]:
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        found = session.scalars(select(JobRun).order_by(JobRun.id))
        return [(run.job_type, run.requested_by) for run in found]


def test_a_due_time_is_asked_for_once(nightly: Bench) -> None:
    nightly.clock.instant = at("2027-01-04 08:30")
    assert reconcile(nightly.core) == Round(), "what was due before the schedule was seen is not made up for"
    nightly.clock.instant = at("2027-01-05 02:14:59")
    assert reconcile(nightly.core) == Round()
    nightly.clock.instant = at("2027-01-05 02:15")  # 03:15 in Stockholm
    assert reconcile(nightly.core) == Round(scheduled=1)
    assert reconcile(nightly.core) == Round()
    nightly.clock.advance(timedelta(hours=23))
    assert reconcile(nightly.core) == Round()
    assert runs(nightly) == [("jobprobe.double", None)]
    nightly.work()
    nightly.clock.advance(timedelta(hours=1))
    assert reconcile(nightly.core) == Round(scheduled=1)


def test_missed_times_are_made_up_for_once(nightly: Bench) -> None:
    nightly.clock.instant = at("2027-01-04 08:30")
    reconcile(nightly.core)
    nightly.clock.advance(timedelta(days=9))
    assert reconcile(nightly.core) == Round(scheduled=1)
    assert reconcile(nightly.core) == Round()
    assert len(runs(nightly)) == 1


def test_who_has_not_the_module_has_not_its_schedules(nightly: Bench) -> None:
    nightly.clock.instant = at("2027-01-04 08:30")
    reconcile(nightly.core)
    nightly.switch(enabled=False)
    nightly.clock.advance(timedelta(days=1))
    assert reconcile(nightly.core) == Round()
    nightly.switch(enabled=True)
    assert reconcile(nightly.core) == Round(scheduled=1)


def test_a_full_tenant_is_served_when_it_has_room_again(db: Database) -> None:
    bench = make_bench(db, load_modules(Nightly()), max_runs_per_tenant=1)
    bench.clock.instant = at("2027-01-04 08:30")
    reconcile(bench.core)
    bench.request("double")
    bench.clock.advance(timedelta(days=1))
    assert reconcile(bench.core) == Round()
    bench.work()
    assert reconcile(bench.core) == Round(scheduled=1)


def test_a_time_that_another_has_asked_for_is_left(nightly: Bench) -> None:
    nightly.clock.instant = at("2027-01-04 08:30")
    reconcile(nightly.core)
    (schedule,) = Nightly.schedules
    due = at("2027-01-05 02:15")
    assert schedules._start(nightly.core, nightly.tenant, schedule, due)
    assert not schedules._start(nightly.core, nightly.tenant, schedule, due)
    assert len(runs(nightly)) == 1
