"""The ordered start of a demo, and what a running one is."""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

import click

from samplan.core import Core, build_core
from samplan.db import migrate
from samplan.db.engine import make_engine
from samplan.demo.folder import LOGS, DemoFault, held, own_secrets, reset
from samplan.demo.indicators import seed_indicators
from samplan.demo.process import ServerError
from samplan.demo.processes import Processes
from samplan.demo.seed import Login, seed_accounts, seed_modules
from samplan.demo.servers import ServerAddress, drop_given_database, run_postgres, run_redis
from samplan.demo.state import DemoState, write_state
from samplan.demo.stop import Stop
from samplan.errors import ContractError, SamplanError, SettingsError, UnsafeDatabaseRole
from samplan.modules.manager import Modules
from samplan.settings import Settings
from samplan.tenancy.config import load_configs
from samplan.tenancy.service import apply_config

HOST = "127.0.0.1"
WORKERS = 2
READY_SECONDS = 60.0
POLL_SECONDS = 0.2
Tell = Callable[[str], None]
# What is said without a traceback, because it says what to do.
EXPECTED = (DemoFault, ServerError, SamplanError, SettingsError, ContractError, UnsafeDatabaseRole)


def teller() -> Tell:
    """Return what tells a step on standard error, with the seconds since now."""
    begin = time.monotonic()
    return lambda text: click.echo(f"{time.monotonic() - begin:6.1f} s  {text}", err=True)


@dataclass(frozen=True, slots=True)
class Options:
    """What a demo is started with.

    Attributes:
        folder: where it keeps its data.
        tenants: the tenants' files.
        port: where to listen; 0 stands for any free one.
        environ: may name servers to use, and carries the deployment's other settings.
        reset: remove the data first.
        seconds: time limit of the optimisation; None for the usual one.
        secrets: the folder whose secrets are used; None for `folder`.
        throwaway: keep nothing.
    """

    folder: Path
    tenants: Path
    port: int
    environ: Mapping[str, str]
    reset: bool = False
    seconds: int | None = None
    secrets: Path | None = None
    throwaway: bool = False


@dataclass(slots=True)
class Demo:
    """A running demo; `state` names what it runs on, `processes` are its own, `tell` tells its user."""

    folder: Path
    state: DemoState
    core: Core
    password: str
    logins: list[Login]
    processes: Processes
    stop: Stop
    tell: Tell

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.state.url


@contextmanager
def running_demo(options: Options, stop: Stop, tell: Tell) -> Iterator[Demo]:
    """Start a demo, give it when it answers, and stop all that was started, in reverse order.

    Raises:
        DemoFault, ServerError: why it cannot start, and what to do.
        Stopped: somebody asked for it meanwhile.
    """
    with ExitStack() as stack:
        lock = stack.enter_context(held(options.folder))
        listener = stack.enter_context(_listening(options.port))
        if options.reset:
            tell("removing the data of earlier demos")
            drop_given_database(options.environ)
            reset(options.folder)
        own = own_secrets(options.secrets or options.folder)
        tell("starting PostgreSQL and Redis")
        database = stack.enter_context(
            run_postgres(options.folder, options.environ, own.role_passwords, throwaway=options.throwaway)
        )
        broker = stack.enter_context(run_redis(options.folder, options.environ))
        stop.check()
        _migrate(database.urls["migrator"], stop, tell)
        environ = _environ(options, database.urls["app"], broker.urls[""], own.secret_key)
        state = _state(listener, database, broker)
        processes = Processes(options.folder / LOGS, environ, (lock,))
        stack.callback(processes.stop)
        _start_web(options.folder, state, processes, listener)
        core = build_core(Settings.from_env(environ))
        stack.callback(core.database.engine.dispose)
        logins = _fill(core, options.tenants, own.password, stop, tell)
        demo = Demo(options.folder, state, core, own.password, logins, processes, stop, tell)
        _wait_until_ready(demo)
        _start_workers(demo)
        yield demo


def keep_running(demo: Demo) -> NoReturn:
    """Start again what ends by itself, until somebody asks the demo to stop; raises `Stopped`."""
    while True:
        demo.stop.sleep(1.0)
        if demo.processes.check(demo.tell):
            _tell_others(demo.folder, demo.state, demo.processes)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """Take the port before anything is started; the web process inherits the open socket."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(128)
        except OSError as error:
            other = 9000 if port != 9000 else 9001
            problem = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            raise DemoFault(
                f'port {port} {problem}: choose another, for instance make demo ARGS="--port {other}"'
            ) from None
        yield listener


def _migrate(url: str, stop: Stop, tell: Tell) -> None:
    """Bring the database to its heads."""
    modules = Modules.load()
    engine = make_engine(url, pool_size=1)
    try:
        pending = migrate.pending(modules, engine)
    finally:
        engine.dispose()
    if unknown := [fault for fault in pending if "belongs to no installed module" in fault]:
        raise DemoFault("\n".join([*unknown, "or begin afresh with --reset"]))
    if pending:
        tell("creating the tables")
        migrate.upgrade(modules, url)
    stop.check()


def _environ(options: Options, database_url: str, redis_url: str, secret_key: str) -> dict[str, str]:
    """Return the environment of the demo's processes: the caller's, with the demo's own settings."""
    return {
        "SAMPLAN_WEBHOOK_KEY": f"webhooks of {secret_key}",
        **options.environ,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SAMPLAN_SECRET_KEY": secret_key,
        # A throwaway demo on a given Redis keeps to queues of its own.
        "SAMPLAN_ENVIRONMENT": f"demo-{os.getpid()}" if options.throwaway else "demo",
        "SAMPLAN_SECURE_COOKIES": "0",
        "PYTHONUNBUFFERED": "1",
    }


def _fill(core: Core, tenants: Path, password: str, stop: Stop, tell: Tell) -> list[Login]:
    """Apply the tenants' files and load the demo's data."""
    if not tenants.is_dir():
        raise DemoFault(f"{tenants} is not there: start in the repository, or name the folder with --tenants")
    tell("applying the tenants' files")
    apply_config(core, load_configs(tenants, {m.name: m.settings for m in core.modules}), demo=True)
    stop.check()
    tell("loading the demo's data")
    logins = seed_accounts(core, password)
    stop.check()
    today = core.clock.now().date()
    seed_modules(core, today)
    stop.check()
    seed_indicators(core, today)
    stop.check()
    return logins


def _state(listener: socket.socket, database: ServerAddress, broker: ServerAddress) -> DemoState:
    pids = {"demo": os.getpid(), "postgres": database.pid, "redis": broker.pid}
    return DemoState(
        url=f"http://{HOST}:{listener.getsockname()[1]}",
        database_urls=dict(database.urls),
        redis_url=broker.urls[""],
        pids={name: pid for name, pid in pids.items() if pid is not None},
    )


def _tell_others(folder: Path, state: DemoState, processes: Processes) -> None:
    """Write down where the demo answers and which processes are its own."""
    write_state(folder, replace(state, pids={**state.pids, **processes.pids}))


def _start_web(folder: Path, state: DemoState, processes: Processes, listener: socket.socket) -> None:
    """Start the web process, which gets ready while the data are loaded."""
    _tell_others(folder, state, processes)
    fileno = listener.fileno()
    bind = f"fd://{fileno}"
    # One process: what one request changes, the next one sees at once, without waiting for kept copies.
    processes.start("web", "web", "--bind", bind, "--workers", "1", "--threads", "8", pass_fds=(fileno,))
    _tell_others(folder, state, processes)


def _start_workers(demo: Demo) -> None:
    demo.tell("starting workers and reconciler")
    for number in range(1, WORKERS + 1):
        demo.processes.start(f"worker-{number}", "worker")
    demo.processes.start("reconciler", "jobs", "reconcile")
    _tell_others(demo.folder, demo.state, demo.processes)


def _wait_until_ready(demo: Demo) -> None:
    """Wait until the web process says that it can serve."""
    opener = build_opener(ProxyHandler({}))
    answer = "no answer"
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        demo.processes.check(demo.tell)
        try:
            with opener.open(f"{demo.url}/readyz", timeout=POLL_SECONDS * 10):
                return
        except HTTPError as error:
            with error:
                answer = error.read().decode(errors="replace")
        except (URLError, TimeoutError, ConnectionError) as error:
            answer = str(error)
        demo.stop.sleep(POLL_SECONDS)
    raise DemoFault(f"the web process was not ready within {READY_SECONDS:.0f} s: {answer}")
