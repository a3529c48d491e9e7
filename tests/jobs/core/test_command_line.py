"""`samplan jobs …` and `samplan worker …` in this process."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner
from jobbench import Bench, make_settings
from redis.exceptions import ConnectionError as RedisGone
from sqlalchemy.exc import OperationalError

from samplan import worker as worker_module
from samplan.errors import UnsafeDatabaseRole
from samplan.jobs import cli, reconciler


@pytest.fixture
def runner(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr(cli, "_core", lambda: bench.core)
    return CliRunner()


def test_runs_are_listed_newest_first(bench: Bench, runner: CliRunner) -> None:
    done, failed = bench.request("double"), bench.request("gone")
    bench.work()
    lines = runner.invoke(cli.jobs, ["list", "--tenant", "provregionen"]).output.splitlines()
    assert [line.split()[0] for line in lines] == [str(failed), str(done)]
    assert lines[0].endswith("jobprobe.gone failed not_found")
    only = runner.invoke(cli.jobs, ["list", "--tenant", "provregionen", "--status", "succeeded"])
    assert only.output.split()[0] == str(done)
    unknown = runner.invoke(cli.jobs, ["list", "--tenant", "nobody"])
    assert (unknown.exit_code, unknown.output) == (1, "Error: no tenant nobody\n")


def test_one_round_is_done_and_told(bench: Bench, runner: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.request("double")
    bench.messages.messages.clear()
    assert "sent=1" in runner.invoke(cli.jobs, ["reconcile", "--once"]).output
    monkeypatch.setattr(reconciler, "reconcile", lambda _core: None)
    assert "another reconciler" in runner.invoke(cli.jobs, ["reconcile", "--once"]).output


def test_unknown_queues_and_durations_are_refused(runner: CliRunner) -> None:
    for queues in ("fast", "", "high,fast"):
        answer = runner.invoke(cli.worker, ["--queues", queues])
        assert answer.exit_code == 2
        assert "choose among high, default, solve" in answer.output
    assert "not a duration" in runner.invoke(cli.jobs, ["reconcile", "--every", "soon"]).output


def test_wrong_settings_and_an_unsafe_role_are_told_clearly(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "SAMPLAN_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    answer = CliRunner().invoke(cli.worker, [])
    assert answer.exit_code == 1
    assert "DATABASE_URL" in answer.output

    def refuse(*_args: object, **_options: object) -> None:
        raise UnsafeDatabaseRole("refusing to serve: the role is a superuser")

    monkeypatch.setattr("samplan.settings.Settings.from_env", lambda _environ: make_settings())
    monkeypatch.setattr("samplan.core.build_core", refuse)
    monkeypatch.setattr(worker_module, "run_worker", refuse)
    for command, arguments in ((cli.worker, []), (cli.jobs, ["reconcile", "--once"])):
        answer = CliRunner().invoke(command, arguments)
        assert (answer.exit_code, "superuser" in answer.output) == (1, True)


class Worker:
    """A worker whose loop ends as the test says."""

    def __init__(self, *, stopping: bool) -> None:
        self.stopping = stopping

    def work(self, **_options: Any) -> bool:
        return True


def test_a_worker_waits_for_redis_and_goes_on_until_it_is_told_to_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endings: list[Any] = [RedisGone(), Worker(stopping=False), Worker(stopping=True)]
    pauses: list[float] = []

    def make(_settings: object, queues: tuple[str, ...]) -> Worker:
        assert queues == ("solve",)
        ending = endings.pop(0)
        if isinstance(ending, Exception):
            raise ending
        assert isinstance(ending, Worker)
        return ending

    monkeypatch.setattr(worker_module, "build_worker_context", lambda _settings: None)
    monkeypatch.setattr(worker_module, "_make_worker", make)
    monkeypatch.setattr("samplan.worker.time.sleep", pauses.append)
    worker_module.run_worker(make_settings(), ["solve"])
    assert endings == []
    assert len(pauses) == 2


def test_the_reconciler_outlives_a_database_that_is_away(
    bench: Bench, runner: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[int] = []
    over = type("Over", (), {"is_set": lambda _self: len(rounds) >= 2, "wait": lambda *_args: None})

    def fail(_core: object) -> None:
        rounds.append(1)
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(reconciler, "reconcile", fail)
    monkeypatch.setattr("samplan.jobs.cli.threading.Event", over)
    monkeypatch.setattr("samplan.jobs.cli.signal.signal", lambda *_args: None)
    assert runner.invoke(cli.jobs, ["reconcile", "--every", "1ms"]).exit_code == 0
    assert len(rounds) == 2
