"""The record: statements in, statements out, with the receivers on, served as in production."""

import time
from collections.abc import Iterator

from django.db import connections

from competencies.models import Evidence

from . import floor
from .driving import MB, Driver, Sizes, driver
from .figures import Figure, at_most
from .payloads import evident_payload
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
        first.write([[evident_payload(time.time_ns())]], 1)
        yield from _stored_by(first)
    if not Evidence.objects.exists():
        raise RuntimeError("Nothing was derived from what was stored: nobody listened.")
    # In servers of their own, as the most that a process has held cannot be less later.
    with driver(sizes, world) as second:
        yield _large_batch(second)
    with driver(sizes, world) as third:
        yield _large_file(third)


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


def _large_batch(driver: Driver) -> Figure:
    size = driver.sizes.largest_batch
    driver.write([driver.take(size)], 1)
    return _memory(driver, "memory, a large batch", f"a batch of {size:,}")


def _large_file(driver: Driver) -> Figure:
    (payload,) = driver.take(1)
    size = driver.sizes.attachment
    driver.run([[driver.writer.post_with_file(payload.body, size)]])
    return _memory(driver, "memory, a large file", f"an attachment of {size // MB} MB")


def _memory(driver: Driver, name: str, what: str) -> Figure:
    highest = driver.server.highest_memory()
    return Figure(
        name, f"the most that a worker held, having stored {what}", "MB", [highest], (), [at_most(300)]
    )
