"""What the private PostgreSQL and Redis have in common: account, scratch folder, start and stop."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

# The shortest limit of the supported systems: sun_path is 104 bytes on macOS, with its closing zero.
SOCKET_PATH_BYTES = 103
LONGEST_NAME_IN_SCRATCH = len("/samplan-12345678/.s.PGSQL.5432")


class ServerError(Exception):
    """A private server could not be started; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The system account that a server runs as when this process is root."""

    name: str
    uid: int
    gid: int


def server_account(data: Path | None = None) -> Account | None:
    """Choose the account for a server: None (this process's own) unless this process is root.

    Data that exists already decides: its owner runs the server.
    """
    if os.geteuid() != 0:
        return None
    if data is not None and data.exists() and (owner := data.stat().st_uid) != 0:
        return _account(pwd.getpwuid(owner))
    for name in ("postgres", "nobody"):
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise ServerError(
        "PostgreSQL does not run as root and there is no account `postgres` or `nobody` to run it as: "
        "start again as an ordinary user."
    )


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def start_as(
    account: Account | None, command: Sequence[str], *, cwd: Path, output: IO[bytes] | int
) -> subprocess.Popen[bytes]:
    """Start a command as the account in a session of its own, so that Ctrl-C reaches only its starter.

    The folder is entered before root is dropped, so it may lie where the account cannot go by itself.
    """
    return subprocess.Popen(
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=_environment(),
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=() if account else None,
    )


def run_as(account: Account | None, command: Sequence[str], *, cwd: Path = Path("/")) -> tuple[int, str]:
    """Run a command as the account to its end; returns its exit code and all its output."""
    process = start_as(account, command, cwd=cwd, output=subprocess.PIPE)
    try:
        output, _ = process.communicate()
    except BaseException:
        process.kill()
        process.wait()
        raise
    return process.returncode, output.decode(errors="replace").strip()


def _environment() -> dict[str, str]:
    # Nothing of the caller's secrets, nothing that steers the server (PGDATA, LC_COLLATE ...).
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {"PATH": os.defpath, **kept, "LC_ALL": "C"}


def can_enter(account: Account | None, folder: Path) -> bool:
    """Tell whether the account can go to the folder along its whole path."""
    return run_as(account, ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)])[0] == 0


def make_scratch(account: Account | None) -> Path:
    """Make an empty folder that only the account may enter, short enough to hold a socket.

    Raises:
        ServerError: no temporary folder is short enough and open to the account.
    """
    shared = ("/tmp", "/var/tmp")  # noqa: S108 - only parents: mkdtemp makes a fresh folder with mode 0700
    candidates = list(dict.fromkeys([tempfile.gettempdir(), *shared]))
    for parent in candidates:
        short = len(os.fsencode(parent)) + LONGEST_NAME_IN_SCRATCH <= SOCKET_PATH_BYTES
        if short and can_enter(account, Path(parent)):
            scratch = Path(tempfile.mkdtemp(prefix="samplan-", dir=parent))
            give(account, scratch)
            return scratch
    raise ServerError(
        f"No temporary folder is short enough for a socket and open to the server ({', '.join(candidates)}): "
        "set TMPDIR to a short path."
    )


def give(account: Account | None, path: Path) -> None:
    """Make the account the owner of one file or folder; without an account, nothing changes."""
    if account:
        os.chown(path, account.uid, account.gid)


def package_folder(package: str) -> Path | None:
    """Find an installed package's folder without importing the package."""
    spec = importlib.util.find_spec(package)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def runnable(
    program: Path, account: Account | None, scratch: Path, copy: Callable[[Path], Path]
) -> tuple[Path, str]:
    """Make sure that the account can run a program; returns its path and what `--version` prints.

    A program that lies where the account cannot go is copied into the scratch folder by `copy`;
    permissions of existing folders are never touched.

    Raises:
        ServerError: the program does not run on this machine.
    """
    path = program
    try:
        try:
            code, output = run_as(account, [str(path), "--version"])
        except PermissionError:
            path = copy(scratch)
            code, output = run_as(account, [str(path), "--version"])
    except OSError as error:
        raise ServerError(f"{program} does not run on this machine: {error.strerror}.") from error
    if code:
        raise ServerError(f"{program} does not run on this machine:\n{output}")
    return path, output


def copy_readable(source: Path, target: Path) -> None:
    """Copy a file or folder so that every account may read it and run its programs."""
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy2(source, target)
    for path in (target, *target.rglob("*")):
        mode = path.stat().st_mode
        executable = path.is_dir() or mode & 0o100
        path.chmod(mode | (0o555 if executable else 0o444))


@dataclass(frozen=True, slots=True)
class PrivateServer:
    """A running server: stops exactly its own process and removes its scratch folder."""

    process: subprocess.Popen[bytes]
    scratch: Path

    def stop(self) -> None:
        """Stop the server and wait for its end; doing so twice is harmless."""
        # SIGINT: PostgreSQL's fast shutdown, Redis's orderly one. The others only when it hangs.
        for number, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, None)):
            if self.process.poll() is None:
                self.process.send_signal(number)
                try:
                    self.process.wait(seconds)
                except subprocess.TimeoutExpired:
                    continue
            break
        shutil.rmtree(self.scratch, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def last_lines(log: Path, count: int = 15) -> str:
    """Read the end of a server's log for an error message."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:]) if log.exists() else ""
