"""The record: statements in, statements out, with the receivers on, served as in production."""

from collections.abc import Iterator

from django.db import connections

from competencies.models import Evidence

from . import floor
from .driving import Driver, Sizes, driver
from .figures import Figure, at_most
from .preloading import preload
from .reading import pages, questions
from .world import make_world
from .writing import batches, floors, growth, singles


def bench(sizes: Sizes) -> Iterator[Figure]:
    """On the current database, which is to be empty and one's own."""
    world = make_world()
    connections.close_all()
    with driver(sizes, world) as first:
        floor.make()
        yield from floors(first)
        yield from _stored_by(first)
    if not Evidence.objects.exists():
        raise RuntimeError("Nothing was derived from what was stored: nobody listened.")
    with driver(sizes, world) as second:  # as the most that a process has held cannot be less later
        yield _memory(second)


def _stored_by(driver: Driver) -> Iterator[Figure]:
    yield from singles(driver, "none stored")
    yield (empty := batches(driver, "none stored"))
    sizes, world = driver.sizes, driver.world
    until = preload(sizes.stored, people=sizes.people, credential=world.writer_id, authority=world.writer_key)
    stored = f"{sizes.stored:,} stored"
    yield from questions(driver, stored)
    yield from pages(driver, stored, until)
    yield from singles(driver, stored)
    yield (full := batches(driver, stored))
    yield growth(empty, full, stored)


def _memory(driver: Driver) -> Figure:
    size = driver.sizes.largest_batch
    driver.write([driver.take(size)], 1)
    what = f"the most that a worker held, having stored a batch of {size:,}"
    return Figure("memory", what, "MB", [driver.server.highest_memory()], (), [at_most(300)])
