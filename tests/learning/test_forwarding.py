import io
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning import tasks, verbs
from learning.actions import actor_for, create_credential, forwarding, store_statements
from learning.actions.forwarding import forward, resume_forwarders, send_again
from learning.models import Delivery, Forwarder, Statement
from learning.other_records import outgoing
from learning.queries import letters
from learning.queries.attachments import outgoing_files
from learning.xapi.multipart import read_multipart
from workforce.models import Organisation, User

from .conftest import statement
from .mixed import CONTENT_TYPE, TEXT, attachment, file_part, joined, sha2, statements_part
from .other_lrs import KEY, SECRET, OtherLrs

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SEPSIS = "https://lms.example/courses/sepsis"


@pytest.fixture
def other() -> Iterator[OtherLrs]:
    lrs = OtherLrs()
    yield lrs
    lrs.stop()


@pytest.fixture(autouse=True)
def _as_if_on_one_machine(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FORWARDING_UNENCRYPTED = True
    # What is stored a moment ago is otherwise left for the next round.
    monkeypatch.setattr(forwarding, "consistent_through", timezone.now)


@pytest.fixture
def to_other(other: OtherLrs) -> Forwarder:
    return forwarder(other)


def forwarder(other: OtherLrs, **changes: Any) -> Forwarder:
    made = Forwarder(
        **{"name": "Region", "endpoint": other.endpoint, "key": KEY} | changes,
    )
    made.set_secret(SECRET)
    made.save()
    return made


def by(name: str, **changes: Any) -> dict[str, Any]:
    return statement(actor={"account": {"homePage": "https://lms.example/", "name": name}}, **changes)


def store(*statements: dict[str, Any]) -> list[str]:
    """Ids in the order in which they were stored, which is the order in which they are sent."""
    return [str(store_statements(statements=[one], at=timezone.now())[0]) for one in statements]


def run(one: Forwarder) -> Forwarder:
    """As if every time to wait were over."""
    Forwarder.objects.update(retry_at=None)
    Delivery.objects.filter(wait_until__isnull=False).update(wait_until=timezone.now())
    forward(forwarder_id=one.pk)
    one.refresh_from_db()
    return one


def dead(one: Forwarder) -> dict[str, str]:
    return {str(row.statement_id): row.reason for row in one.deliveries.filter(dead_at__isnull=False)}


def test_what_is_stored_is_sent_on_in_order_and_once(other: OtherLrs, to_other: Forwarder) -> None:
    first = store(by("a"), by("b"), by("a"))
    run(to_other)
    second = store(by("a"))
    run(to_other)
    run(to_other)
    assert other.order == first + second
    assert [kind for kind, _ in other.requests] == ["POST", "POST"]
    assert (to_other.delivered, to_other.deliveries.count()) == (4, 0)


def test_a_statement_leaves_as_it_came_without_what_the_other_says_itself(
    other: OtherLrs, to_other: Forwarder
) -> None:
    [name] = store(by("a", timestamp="2020-01-01T00:00:00Z", result={"score": {"raw": 1.5}}))
    run(to_other)
    kept = Statement.objects.get(pk=name).content
    sent = other.kept[name]
    assert sent == {key: value for key, value in kept.items() if key not in {"stored", "authority"}}
    assert other.headers[0]["X-Experience-API-Version"] == "1.0.3"
    assert outgoing('{"a":1.50,"version":"2.0.0","stored":"x"}', "1.0.3") == '{"a":1.50}'
    assert outgoing('{"a":1.50,"version":"2.0.0","stored":"x"}', "2.0.0") == '{"a":1.50,"version":"2.0.0"}'


def test_the_secret_is_sealed() -> None:
    made = Forwarder()
    made.set_secret(SECRET)
    assert SECRET not in made.sealed_secret


# What is wanted


def test_only_what_matches_is_sent_on(
    other: OtherLrs, trust: Organisation, person: Callable[..., User]
) -> None:
    passed = {"id": verbs.PASSED}
    system, _ = create_credential(name="Trust", scopes=["all"], organisation=trust)
    names = {
        "plain": store(by("a"))[0],
        "passed": store(by("a", verb=passed))[0],
        "elsewhere": store(by("a", verb=passed, object={"id": "https://lms.example/other"}))[0],
        "ours": store(statement(actor=actor_for(person("Asha", trust))))[0],
        "written": str(store_statements(statements=[by("b")], credential=system)[0]),
    }
    expected: dict[str, tuple[dict[str, Any], set[str]]] = {
        "verb": ({"verbs": [verbs.PASSED]}, {"passed", "elsewhere"}),
        "activity": ({"activities": [SEPSIS]}, {"plain", "passed", "ours", "written"}),
        "both": ({"verbs": [verbs.PASSED], "activities": [SEPSIS, "https://x.example/"]}, {"passed"}),
        "trust": ({"organisation": trust}, {"ours", "written"}),
        "later": ({"looked_stored": timezone.now()}, set()),
    }
    for name, (changes, found) in expected.items():
        other.kept, other.order = {}, []
        run(forwarder(other, name=name, **changes))
        assert set(other.order) == {names[one] for one in found}, name


@pytest.mark.parametrize("sends_voiding", [True, False])
def test_a_voiding_statement_goes_where_its_target_went(other: OtherLrs, sends_voiding: bool) -> None:
    one = forwarder(other, verbs=["http://adlnet.gov/expapi/verbs/completed"], sends_voiding=sends_voiding)
    wanted, unwanted, later = store(by("a"), by("a", verb={"id": verbs.PASSED}), by("b"))
    run(one)
    void = {"verb": {"id": verbs.VOIDED}}
    voiding, _ = store(
        by("keeper", **void, object={"objectType": "StatementRef", "id": wanted}),
        by("keeper", **void, object={"objectType": "StatementRef", "id": unwanted}),
    )
    run(one)
    assert other.order == [wanted, later, *([voiding] if sends_voiding else [])]


def test_a_voiding_statement_that_came_early_follows_its_target(other: OtherLrs) -> None:
    one = forwarder(other, verbs=["http://adlnet.gov/expapi/verbs/completed"])
    target = str(uuid.uuid4())
    ref = {"objectType": "StatementRef", "id": target}
    [voiding] = store(by("keeper", verb={"id": verbs.VOIDED}, object=ref))
    run(one)
    assert other.order == []
    store(by("a", id=target))
    run(one)
    assert other.order == [target, voiding]


def test_without_voiding_what_is_voided_stays_here(other: OtherLrs) -> None:
    [target] = store(by("a"))
    store(by("keeper", verb={"id": verbs.VOIDED}, object={"objectType": "StatementRef", "id": target}))
    run(forwarder(other, sends_voiding=False))
    assert other.order == []


@pytest.mark.parametrize("count", [1, 3])
def test_storing_costs_nothing_more_for_a_forwarder(other: OtherLrs, count: int) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            store_statements(statements=[by("a") for _ in range(count)])
        return len(asked)

    queries()
    before = queries()
    forwarder(other)
    assert queries() == before


@pytest.mark.parametrize("count", [1, 3])
def test_looking_further_costs_the_same_whatever_is_found(other: OtherLrs, count: int) -> None:
    one = forwarder(other)
    store(*[by("a") for _ in range(count)])
    with CaptureQueriesContext(connection) as asked:
        forwarding.look_further(forwarder=one)
    # Savepoint in and out; the forwarder, its page, a batch of rows, the place.
    assert len(asked) == 6


def test_a_long_record_is_looked_through_page_by_page(
    other: OtherLrs, to_other: Forwarder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarding, "LOOK", 3)
    monkeypatch.setattr(forwarding, "BATCH", 2)
    names = [str(name) for name in store_statements(statements=[by("a") for _ in range(8)], at=LONG_AGO)]
    run(to_other)
    assert other.order == names


# What goes wrong


def test_the_bad_one_is_found_and_kept_and_its_actor_waits(other: OtherLrs, to_other: Forwarder) -> None:
    names = store(by("a"), by("b"), by("c"), by("b"), by("a"), by("b"), by("c"))
    other.refused = {names[1]}
    run(to_other)
    assert other.order == [names[0], names[2], names[4], names[6]]
    assert dead(to_other) == {names[1]: f"It answered 400: not this one: {names[1]}"}
    assert to_other.deliveries.count() == 3
    [late, free] = store(by("b"), by("d"))
    run(to_other)
    assert late not in other.order
    assert other.order[-1] == free


def test_a_dead_letter_is_sent_again_before_those_behind_it(other: OtherLrs, to_other: Forwarder) -> None:
    names = store(by("a"), by("a"), by("a"))
    other.refused = {names[0]}
    run(to_other)
    assert other.order == []
    other.refused = set()
    assert send_again(deliveries=to_other.deliveries.all()) == 1
    run(to_other)
    assert other.order == names
    assert not Delivery.objects.exists()


def test_a_voiding_statement_never_overtakes_what_it_voids(other: OtherLrs, to_other: Forwarder) -> None:
    [target] = store(by("a"))
    other.refused = {target}
    run(to_other)
    [voiding] = store(
        by("keeper", verb={"id": verbs.VOIDED}, object={"objectType": "StatementRef", "id": target})
    )
    run(to_other)
    assert other.order == []
    other.refused = set()
    send_again(deliveries=Delivery.objects.all())
    run(to_other)
    assert other.order == [target, voiding]


def test_what_the_other_has_already_counts_as_delivered(other: OtherLrs, to_other: Forwarder) -> None:
    names = store(by("a"), by("a"), by("b"))
    run(to_other)
    other.order = []
    Forwarder.objects.update(looked_stored=None, looked_id=None)
    new = store(by("a"))
    run(to_other)
    assert other.order == new
    assert (to_other.deliveries.count(), to_other.delivered, to_other.differing) == (0, 7, 0)
    assert set(other.kept) == {*names, *new}


def test_another_statement_under_the_same_id_is_counted(other: OtherLrs, to_other: Forwarder) -> None:
    [name] = store(by("a"))
    other.kept[name] = by("a", id=name, verb={"id": verbs.PASSED})
    run(to_other)
    assert (to_other.deliveries.count(), to_other.delivered, to_other.differing) == (0, 1, 1)


def test_a_conflict_about_what_the_other_does_not_have_is_a_dead_letter(
    other: OtherLrs, to_other: Forwarder
) -> None:
    [name] = store(by("a"))
    other.answers = [409]
    run(to_other)
    assert dead(to_other) == {name: "It answered 409, but does not have the statement: so it is"}


@pytest.mark.parametrize("status", [429, 500, 502, 503, 408])
def test_a_failure_waits_longer_each_time_and_loses_nothing(
    other: OtherLrs, to_other: Forwarder, status: int
) -> None:
    names = store(by("a"), by("b"))
    other.answers = [status, status]
    waits = []
    for failures in (1, 2):
        run(to_other)
        assert to_other.retry_at
        assert (to_other.failures, other.order) == (failures, [])
        assert str(status) in to_other.trouble
        waits.append(to_other.retry_at - timezone.now())
    assert timedelta(seconds=4) < waits[0] < timedelta(seconds=11)
    assert timedelta(seconds=9) < waits[1] < timedelta(seconds=21)
    assert forward(forwarder_id=to_other.pk) is False
    assert other.order == []
    run(to_other)
    assert other.order == names
    assert (to_other.failures, to_other.retry_at, to_other.trouble) == (0, None, "")


def test_the_other_may_say_how_long_to_wait(other: OtherLrs, to_other: Forwarder) -> None:
    store(by("a"))
    other.answers = [(429, {"Retry-After": "900"})]
    run(to_other)
    assert to_other.retry_at
    assert to_other.retry_at - timezone.now() > timedelta(seconds=890)


def test_who_cannot_be_reached_is_tried_later(other: OtherLrs, to_other: Forwarder) -> None:
    store(by("a"))
    other.stop()
    run(to_other)
    assert "could not be reached" in to_other.trouble
    assert to_other.retry_at
    assert to_other.deliveries.filter(dead_at=None).count() == 1


def test_an_answer_that_does_not_come_is_not_waited_for_for_ever(
    other: OtherLrs, to_other: Forwarder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("learning.other_records.TIMEOUT", (1, 0.2))
    monkeypatch.setattr(other, "post", lambda statements: threading_sleep())
    store(by("a"))
    run(to_other)
    assert "ReadTimeout" in to_other.trouble


def threading_sleep() -> tuple[int, str]:
    import time

    time.sleep(0.5)
    return 200, "[]"


def test_one_that_breaks_the_other_is_found_out_and_the_rest_go_on(
    other: OtherLrs, to_other: Forwarder
) -> None:
    names = store(by("a"), by("b"), by("a"), by("c"))
    other.broken = {names[0]}
    for _ in range(12):
        run(to_other)
    assert other.order == [names[1], names[3]]
    assert dead(to_other) == {names[0]: "It failed 8 times: It answered 500: something broke"}
    [later] = store(by("b"))
    run(to_other)
    assert other.order[-1] == later


def test_nothing_dies_while_the_other_is_down(other: OtherLrs, to_other: Forwarder) -> None:
    names = store(by("a"), by("b"), by("a"), by("c"))
    other.broken = set(names)
    for _ in range(20):
        run(to_other)
    assert dead(to_other) == {}
    other.broken = set()
    for _ in range(4):
        run(to_other)
    assert sorted(other.order) == sorted(names)
    assert other.order.index(names[0]) < other.order.index(names[2])


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "Check the key and the secret"),
        (403, "Check the key and the secret"),
        (404, "Check the address"),
        (405, "Check the address"),
        (301, "It sends elsewhere"),
    ],
)
def test_what_only_a_keeper_can_put_right_pauses_it_with_words(
    other: OtherLrs, to_other: Forwarder, status: int, words: str
) -> None:
    names = store(by("a"), by("b"))
    other.answers = [(status, {"Location": "http://127.0.0.1:9/"})]
    run(to_other)
    assert words in to_other.paused_because
    run(to_other)
    assert (len(other.requests), other.order) == (1, [])
    resume_forwarders(forwarders=Forwarder.objects.all())
    run(to_other)
    assert other.order == names


def test_a_wrong_secret_pauses_it(other: OtherLrs, to_other: Forwarder) -> None:
    store(by("a"))
    to_other.set_secret("wrong")
    to_other.save()
    run(to_other)
    assert to_other.paused_because.startswith("It answered 401: who are you?")


def test_a_secret_that_cannot_be_read_any_more_pauses_it(to_other: Forwarder, settings: Any) -> None:
    settings.SECRET_KEY = "another"
    run(to_other)
    assert "SECRET_KEY has changed" in to_other.paused_because


def test_nothing_is_sent_unencrypted(other: OtherLrs, to_other: Forwarder, settings: Any) -> None:
    settings.FORWARDING_UNENCRYPTED = False
    store(by("a"))
    run(to_other)
    assert "https://" in to_other.paused_because
    assert other.requests == []
    with pytest.raises(ValidationError):
        Forwarder(name="x", endpoint="http://lrs.example/xapi", key="k").full_clean()
    Forwarder(name="x", endpoint="https://lrs.example/xapi", key="k").full_clean()


# Attached files


def with_files(*contents: bytes, by_name: str = "a", **changes: Any) -> str:
    """The id of a statement that is stored with its files."""
    said = by(by_name, attachments=[attachment(content, **changes) for content in contents])
    with read(joined(statements_part(said), *map(file_part, contents))) as sent:
        names = store_statements(statements=[said], files=sent.files, at=timezone.now())
    return str(names[0])


def read(body: bytes) -> Any:
    return read_multipart(io.BytesIO(body), CONTENT_TYPE, 2**20)


def test_attached_files_go_with_their_statements(other: OtherLrs, to_other: Forwarder) -> None:
    large = bytes(range(256)) * 5000
    names = [*store(by("a")), with_files(TEXT, b""), with_files(TEXT, large), *store(by("a"))]
    run(to_other)
    assert other.order == names
    assert other.requests == [("POST", names)]
    said = "text/plain; charset=ascii"
    assert other.files == {sha2(content): (said, content) for content in (TEXT, b"", large)}
    assert to_other.delivered == 4


def test_a_file_within_a_statement_within_goes_too(other: OtherLrs, to_other: Forwarder) -> None:
    within = by("b", objectType="SubStatement", attachments=[attachment()])
    said = by("a", object=within)
    with read(joined(statements_part(said), file_part())) as sent:
        store_statements(statements=[said], files=sent.files, at=timezone.now())
    run(to_other)
    assert [content for _, content in other.files.values()] == [TEXT]


def test_a_file_that_is_kept_here_goes_even_if_it_has_an_address(
    other: OtherLrs, to_other: Forwarder
) -> None:
    with_files(TEXT, fileUrl="https://files.example/x")
    store(by("a", attachments=[attachment(b"elsewhere", fileUrl="https://files.example/y")]))
    run(to_other)
    assert list(other.files) == [sha2(TEXT)]
    assert to_other.delivered == 2


def test_a_statement_whose_file_is_kept_nowhere_is_a_dead_letter(
    other: OtherLrs, to_other: Forwarder
) -> None:
    lost, after, free = *store(by("a", attachments=[attachment()]), by("a")), *store(by("b"))
    run(to_other)
    assert other.order == [free]
    assert dead(to_other) == {lost: f"It needs attached files that are not kept here: {sha2(TEXT)}"}
    assert to_other.deliveries.filter(statement__pk=after, dead_at=None).exists()


def test_one_request_holds_only_so_much_of_files(
    other: OtherLrs, to_other: Forwarder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "FILES_TOGETHER", 10)
    names = [
        with_files(b"12345"),
        with_files(b"67890"),
        *store(by("a")),
        with_files(b"12345678901"),
        *store(by("b")),
    ]
    run(to_other)
    assert [sent for _, sent in other.requests] == [names[:3], names[3:4], names[4:]]


def test_a_statement_refused_with_its_file_stops_only_its_actor(other: OtherLrs, to_other: Forwarder) -> None:
    names = [with_files(TEXT), with_files(b"b", by_name="b"), with_files(b"c"), with_files(b"d", by_name="b")]
    other.refused = {names[0]}
    run(to_other)
    assert other.order == [names[1], names[3]]
    assert sorted(content for _, content in other.files.values()) == [b"b", b"d"]
    other.refused = set()
    send_again(deliveries=to_other.deliveries.all())
    run(to_other)
    assert other.order == [names[1], names[3], names[0], names[2]]
    assert len(other.files) == 4


def test_after_a_failure_the_files_are_sent_again_whole(other: OtherLrs, to_other: Forwarder) -> None:
    with_files(TEXT)
    other.answers = [503, (429, {})]
    for _ in range(3):
        run(to_other)
    assert other.files == {sha2(TEXT): ("text/plain; charset=ascii", TEXT)}
    assert to_other.delivered == 1


@pytest.mark.parametrize("hangs_up", [False, True])
def test_a_file_too_large_for_the_other_holds_up_nobody_else(
    other: OtherLrs, to_other: Forwarder, monkeypatch: pytest.MonkeyPatch, hangs_up: bool
) -> None:
    monkeypatch.setattr(letters, "FILES_TOGETHER", 5000)
    other.longest, other.hangs_up = 8000, hangs_up
    first, large = store(by("a"))[0], with_files(b"x" * 9000)
    free = [with_files(b"small", by_name="b"), *store(by("c"))]
    for _ in range(12):
        run(to_other)
    assert set(other.order) == {first, *free}
    assert list(dead(to_other)) == [large]


def test_a_large_file_is_never_whole_in_memory(other: OtherLrs, to_other: Forwarder) -> None:
    with_files(bytes(40 * 2**20))
    other.only_counts = True
    tracemalloc.start()
    run(to_other)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert to_other.delivered == 1
    assert most < 8 * 2**20


def test_while_a_large_file_goes_out_the_worker_says_that_it_is_at_work(
    other: OtherLrs, to_other: Forwarder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarding, "SAY_AGAIN", -1)
    with_files(bytes(3 * 2**20))
    switched_off = forwarding._Run._said_again

    def switch_off(self: Any, file: Any) -> Any:
        for number, chunk in enumerate(switched_off(self, file)):
            Forwarder.objects.filter(pk=to_other.pk).update(is_on=number < 1)
            yield chunk

    monkeypatch.setattr(forwarding._Run, "_said_again", switch_off)
    run(to_other)
    assert (other.order, to_other.delivered, to_other.deliveries.count()) == ([], 0, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_finding_the_files_costs_the_same_for_any_number_of_statements(
    to_other: Forwarder, count: int
) -> None:
    for number in range(count):
        with_files(str(number).encode())
    forwarding.look_further(forwarder=to_other)
    deliveries = list(to_other.deliveries.select_related("statement"))
    with CaptureQueriesContext(connection) as asked:
        found = letters.letters(deliveries)
        assert len(found) == count
        files = outgoing_files(file for letter in found for file in letter.files)
        assert [b"".join(file.chunks) for file in files] == [str(n).encode() for n in range(count)]
    assert len(asked) == 2


# Workers


def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    other: OtherLrs, to_other: Forwarder, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = store(by("a"), by("b"), by("a"))
    killed = forwarding._Run._delivered

    def kill(*_: Any, **__: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(forwarding._Run, "_delivered", kill)
    with pytest.raises(SystemExit):
        run(to_other)
    assert other.order == names
    assert to_other.deliveries.count() == 3
    monkeypatch.setattr(forwarding._Run, "_delivered", killed)
    run(to_other)
    assert other.order == names
    assert (to_other.deliveries.count(), to_other.delivered) == (0, 3)


def test_while_one_worker_sends_no_other_does_and_its_claim_ends_by_itself(
    other: OtherLrs, to_other: Forwarder
) -> None:
    names = store(by("a"))
    now = timezone.now()
    Forwarder.objects.update(claim=uuid.uuid4(), claimed_until=now + timedelta(minutes=1))
    run(to_other)
    assert other.order == []
    Forwarder.objects.update(claimed_until=now - timedelta(seconds=1))
    run(to_other)
    assert other.order == names


def test_a_forwarder_that_is_switched_off_stops_at_the_next_batch(
    other: OtherLrs, to_other: Forwarder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarding, "BATCH", 1)
    names = store(by("a"), by("b"))
    post = other.post

    def post_and_switch_off(statements: list[dict[str, Any]]) -> tuple[int, str]:
        switched.append(True)
        return post(statements)

    switched: list[bool] = []
    monkeypatch.setattr(other, "post", post_and_switch_off)
    delivered = forwarding._Run._delivered

    def deliver_and_switch_off(self: Any, *words: Any, **more: Any) -> None:
        delivered(self, *words, **more)
        Forwarder.objects.update(is_on=False)

    monkeypatch.setattr(forwarding._Run, "_delivered", deliver_and_switch_off)
    run(to_other)
    assert other.order == names[:1]


def test_the_clock_sets_out_for_every_forwarder_that_is_due(other: OtherLrs, to_other: Forwarder) -> None:
    forwarder(other, name="Off", is_on=False)
    forwarder(other, name="Paused", paused_because="401")
    forwarder(other, name="Later", retry_at=datetime.now(UTC) + timedelta(minutes=1))
    names = store(by("a"))
    tasks.forward_due()
    assert other.requests == [("POST", names)]


def test_more_than_the_time_allows_is_left_for_the_next_task(
    other: OtherLrs, to_other: Forwarder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarding, "BATCH", 1)
    names = store(by("a"), by("b"), by("c"))
    assert forward(forwarder_id=to_other.pk, seconds=0) is True
    assert other.order == names[:1]
    tasks.forward_statements(to_other.pk)
    assert other.order == names
