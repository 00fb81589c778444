"""The commands behind `./dev`, once the packages are in place: `python -m config.local run`."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence

Command = Callable[[Sequence[str]], int]


def run(words: Sequence[str]) -> int:
    from .supervisor import address, run, url

    os.environ.setdefault("PUBLIC_URL", url(*address()))
    run(*address())
    return 0


def manage(words: Sequence[str]) -> int:
    from .parts import python

    return _with_database(python("manage.py", *words))


def worker(words: Sequence[str]) -> int:
    from .parts import worker

    return _with_database(worker(*words))


def demo_reset(words: Sequence[str]) -> int:
    from . import database
    from .parts import GivenUp, python

    with database.held():
        database.restore_copy()
        if database.mark() != (wanted := database.fingerprint()):
            if subprocess.call(python("manage.py", "set_up")):
                raise GivenUp("Setting up did not finish; the lines above say why.")
            database.set_mark(wanted)
            database.keep_copy()
    print("The demonstration is as it was when it was set up.")
    return 0


def bench(words: Sequence[str]) -> int:
    from .parts import python

    return _with_database(python("-m", "bench", *words))


def test(words: Sequence[str]) -> int:
    from .testing import test

    return test(words)


def check(words: Sequence[str]) -> int:
    from .testing import check

    return check()


def fix(words: Sequence[str]) -> int:
    from .testing import fix

    return fix()


def _with_database(command: Sequence[str]) -> int:
    """Run one command in this terminal while the database is held; signals reach it, and it decides."""
    from . import database

    with database.held():
        database.ensure_exists()
        process = subprocess.Popen(command)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the command as well
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, frame: process.send_signal(number))
        return process.wait()


COMMANDS: dict[str, Command] = {
    "run": run,
    "test": test,
    "check": check,
    "fix": fix,
    "worker": worker,
    "bench": bench,
    "demo-reset": demo_reset,
    "manage": manage,
}


def main() -> int:
    """Run one command; what a person can put right is said in a sentence, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DEMONSTRATION", "1")
    from django.core.exceptions import ImproperlyConfigured

    from .cluster import ClusterError
    from .database import DatabaseError
    from .parts import GivenUp
    from .places import NotOurs, make_var
    from .supervisor import AlreadyRunning

    name, *words = sys.argv[1:]
    try:
        make_var()
        return COMMANDS[name](words)
    except (AlreadyRunning, ClusterError, DatabaseError, GivenUp, ImproperlyConfigured, NotOurs) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
