"""`./dev bench [staff | coverage | record]`: every line of it is JSON but the last, which is for a person.

`./dev bench crash` is another thing: it kills the server and the database, and tells in words what is left.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace

import django

from .figures import Figure, in_words


def _record(words: argparse.Namespace) -> Iterator[Figure]:
    from .driving import QUICK, Sizes
    from .record import bench

    sizes = QUICK if words.quick else Sizes()
    yield from bench(replace(sizes, stored=words.stored) if words.stored else sizes)


def _staff(words: argparse.Namespace) -> Iterator[Figure]:
    from .staff import bench

    yield from bench(400, 1) if words.quick else bench()


def _coverage(words: argparse.Namespace) -> Iterator[Figure]:
    from .coverage import bench

    yield from bench(1) if words.quick else bench()


BENCHES: dict[str, Callable[[argparse.Namespace], Iterator[Figure]]] = {
    "staff": _staff,
    "coverage": _coverage,
    "record": _record,
}


def _crash(words: argparse.Namespace) -> int:
    """On a PostgreSQL of its own, since that one is killed: settings are read after it is named."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="crash-")
    django.setup()
    from .crash import crash

    return crash(quick=words.quick)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", choices=[*BENCHES, "crash", []], help="all but crash without a name"
    )
    parser.add_argument("--quick", action="store_true", help="small and once: only to see that it works")
    parser.add_argument("--stored", type=int, help="how many statements the record holds (default 20,000)")
    words = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    if "crash" in words.names:
        return _crash(words)
    django.setup()
    from .databases import own_database

    figures = []
    with own_database():
        for name in words.names or BENCHES:
            for figure in BENCHES[name](words):
                figures.append(figure)
                print(figure.as_json(), flush=True)
    print(in_words(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
