"""Statements in: alone, in batches, and whether it matters how many are there already."""

from collections.abc import Iterator
from statistics import median

from . import floor
from .driving import Driver, times
from .figures import Figure, at_least, share_of_floor, within

DJANGO_LRS_IN_BATCHES = 157  # statements a second that another LRS in Django managed


def floors(driver: Driver) -> Iterator[Figure]:
    """What else the floor can do, to judge the machine by."""
    few, many = driver.sizes.singles, driver.sizes.singles * 4
    works = {
        "bare, alone on one connection": lambda: floor.singles(driver.take(few), 1),
        "bare, by COPY of 50 on 4 connections": lambda: floor.batches(driver.take(many), 4, 50),
    }
    for name, work in works.items():
        values = [work() for _ in range(driver.sizes.rounds)]
        yield Figure(name, "psycopg, the same columns and indexes", "statements/s", values)


def singles(driver: Driver, stored: str) -> Iterator[Figure]:
    count = driver.sizes.singles
    outcomes, bare = driver.rounds(
        lambda: driver.write([[payload] for payload in driver.take(count)], 16),
        lambda: floor.singles(driver.take(count), 16),
    )
    what = f"16 clients, one statement a request, {stored}"
    rates = [outcome.rate for outcome in outcomes]
    yield Figure("alone", what, "statements/s", rates, bare, [share_of_floor(1 / 4)])
    yield times("alone, p50", what, outcomes, 0.50)
    yield times("alone, p99", what, outcomes, 0.99, 60)


def batches(driver: Driver, stored: str) -> Figure:
    count, size = driver.sizes.batches, driver.sizes.batch
    outcomes, bare = driver.rounds(
        lambda: driver.write([driver.take(size) for _ in range(count)], 4),
        lambda: floor.batches(driver.take(count * size), 4, size),
    )
    what = f"4 clients, batches of {size}, {stored}"
    rates = [outcome.rate * size for outcome in outcomes]
    targets = [share_of_floor(1 / 3), at_least(50 * DJANGO_LRS_IN_BATCHES)]
    return Figure("in batches", what, "statements/s", rates, bare, targets)


def growth(empty: Figure, full: Figure, stored: str) -> Figure:
    """What a statement costs, against what it cost at first; each in bare statements of its own minutes."""
    before = median(empty.floor) / empty.median
    after = [bare / rate for bare, rate in zip(full.floor, full.values, strict=True)]
    return Figure(
        "cost of a statement",
        f"in batches, with {stored} against none",
        "times",
        [value / before for value in after],
        (),
        [within(0.2)],
    )
