"""Statements out: questions by agent and verb, and everything page by page."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import mean, median
from urllib.parse import quote

from . import floor
from .driving import Driver, times
from .figures import Figure, at_least, share_of_floor, within
from .payloads import VERB, VERBS, actor_id, agent
from .preloading import EVERY

PAGE = 500


def questions(driver: Driver, stored: str) -> Iterator[Figure]:
    count, people = driver.sizes.questions, driver.sizes.people
    asked = [(n * 7 % people, VERBS[n % len(VERBS)]) for n in range(count)]
    requests = [driver.reader.get(_address(person, verb)) for person, verb in asked]
    outcomes, bare = driver.rounds(
        lambda: driver.run([requests[n::4] for n in range(4)]),
        lambda: floor.questions([(actor_id(person), VERB + verb) for person, verb in asked], 4, 101),
    )
    what = f"4 clients, by agent and verb, limit 100, {stored}"
    rates = [outcome.rate for outcome in outcomes]
    yield Figure("questions", what, "queries/s", rates, bare, [share_of_floor(1 / 3)])
    yield times("questions, p50", what, outcomes, 0.50)
    yield times("questions, p95", what, outcomes, 0.95, 15)


def pages(driver: Driver, stored: str, until: datetime) -> Iterator[Figure]:
    """From the newest on; then as many pages in the middle, and the last there are, where a page must cost the same.

    `until` is when the last of what was preloaded was stored.
    """
    few = max(1, min(driver.sizes.pages, driver.sizes.stored // PAGE // 3))
    starts = {
        "first": "",
        "middle": _stored_before(until, driver.sizes.stored // 2),
        "last": _stored_before(until, driver.sizes.stored - few * PAGE),
    }
    found: dict[str, list[float]] = {name: [] for name in starts}
    bare = []
    for _ in range(driver.sizes.rounds):
        for name, start in starts.items():
            found[name].append(mean(driver.walk(f"/xapi/statements?limit={PAGE}{start}", few).times) * 1_000)
        bare.append(floor.paged(PAGE, few))
    what = f"one client, pages of {PAGE} by `more`, {stored}"
    rates = [PAGE * 1_000 / each for each in found["first"]]
    yield Figure("paging", what, "statements/s", rates, bare, [at_least(20_000)])
    for name, values in found.items():
        yield Figure(f"paging, {name} pages", what, "ms a page", values)
    ratios = [value / median(found["first"]) for value in found["last"]]
    yield Figure("paging, last against first", what, "times", ratios, (), [within(0.2)])


def _address(person: int, verb: str) -> str:
    return f"/xapi/statements?limit=100&agent={quote(agent(person))}&verb={quote(VERB + verb)}"


def _stored_before(until: datetime, left_out: int) -> str:
    moment = until - EVERY * left_out - timedelta(milliseconds=1)
    return f"&until={moment:%Y-%m-%dT%H:%M:%S.%f}Z"
