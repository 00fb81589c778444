"""The digest about what ends: its words, its addresses, and that nobody gets it twice whatever happens."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused, SMTPServerDisconnected
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import connections
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from competencies.models import RenewalDigest
from curriculum.models import ModulePage
from curriculum.renewals import send_renewal_digests
from workforce.models import User

from .conftest import START, TODAY
from .expected import adopt, hold

Person = Callable[..., User]
PEOPLE = ("Ada", "Ben", "Cal", "Dee", "Eva")
ENDS = TODAY + timedelta(days=20)


@pytest.fixture
def asked(curriculum: None, ward: object) -> None:
    adopt(ward.organisation, START)  # type: ignore[attr-defined]


def module_address() -> str:
    return str(ModulePage.objects.get(source_key="TS-1").get_url())


def mailed() -> list[str]:
    return [message.to[0] for message in mail.outbox]


def test_it_says_what_ends_what_still_holds_and_what_renews_it(asked: None, learner: User) -> None:
    hold(learner, "SS-1", 2, START, ENDS)
    hold(learner, "SS-1", 1, ENDS, date(2027, 1, 1))

    with override_settings(PUBLIC_URL="https://learn.example"):
        assert send_renewal_digests(on=TODAY) == 1

    (message,) = mail.outbox
    assert message.to == [learner.email]
    assert message.subject == "Promise to Learn: what you hold and when it ends"
    assert (
        "Systems thinking, level 2\n"
        "You hold it until 21 June 2026. After that you still hold level 1, until 1 January 2027.\n"
        "What renews it:\n"
        f"TS-1 Module TS-1 https://learn.example{module_address()}\n"
        "To renew it: https://learn.example/my-capabilities/SS-1/renew/\n"
    ) in message.body
    assert "https://learn.example/account/reminders/" in message.body


def test_it_names_no_module_of_a_tier_in_which_the_person_does_not_work(asked: None, person: Person) -> None:
    hold(person("Petra Partner", "patients"), "SS-1", 2, START, ENDS)

    send_renewal_digests(on=TODAY)

    assert "TS-1" not in mail.outbox[0].body


def test_one_mail_tells_everything_that_is_new(asked: None, learner: User) -> None:
    hold(learner, "SS-1", 2, START, TODAY)
    hold(learner, "SS-2", 1, START, TODAY + timedelta(days=80))

    send_renewal_digests(on=TODAY)

    (message,) = mail.outbox
    assert "It ended on 1 June 2026. You hold no level of it now." in message.body
    assert "Human factors, level 1\nYou hold it until 20 August 2026." in message.body


def test_running_again_mails_nobody(asked: None, learner: User) -> None:
    hold(learner, "SS-1", 2, START, ENDS)

    assert [send_renewal_digests(on=TODAY + timedelta(days=days)) for days in (0, 0, 1, 8)] == [1, 0, 0, 0]


@pytest.mark.parametrize("count", [1, 3])
def test_reading_is_the_same_for_one_and_three_and_each_mail_is_one_short_transaction(
    asked: None, person: Person, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for name in PEOPLE[:count]:
        hold(person(name), "SS-1", 2, START, ENDS)

    # Who; programmes, modules, site; people, tiers, endings. Of each mail: savepoint, digest, lines, release.
    with django_assert_num_queries(7 + 4 * count):
        assert send_renewal_digests(on=TODAY) == count


class Unsteady(EmailBackend):
    """Fails with `failure` at the third mail."""

    failure: Exception

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if messages[0].to[0].startswith("cal@") and len(mail.outbox) == 2:
            raise self.failure
        return super().send_messages(messages)


@pytest.fixture
def unsteady(asked: None, person: Person, settings: object) -> type[Unsteady]:
    for name in PEOPLE:
        hold(person(name), "SS-1", 2, START, ENDS)
    return Unsteady


def _with(backend: type[Unsteady], failure: Exception) -> int:
    with (
        patch("curriculum.renewals.get_connection", lambda: backend()),
        patch.object(backend, "failure", failure, create=True),
    ):
        return send_renewal_digests(on=TODAY)


@pytest.mark.parametrize(
    ("refusal", "next_time"),
    [
        (SMTPRecipientsRefused({"cal@example.com": (550, b"No such person")}), 0),
        (SMTPRecipientsRefused({"cal@example.com": (450, b"Try later")}), 1),
        (SMTPDataError(451, b"Try later"), 1),
        (SMTPSenderRefused(553, b"Who are you?", "help@example.com"), 1),
    ],
)
def test_a_refusal_keeps_nobody_else_from_their_mail_and_is_tried_again_unless_it_is_for_good(
    unsteady: type[Unsteady], refusal: Exception, next_time: int
) -> None:
    assert _with(unsteady, refusal) == 4
    assert mailed() == [f"{name}@example.com" for name in ("ada", "ben", "dee", "eva")]

    assert send_renewal_digests(on=TODAY) == next_time


def test_a_mail_server_that_says_it_hangs_up_leaves_all_who_come_after(unsteady: type[Unsteady]) -> None:
    with pytest.raises(SMTPDataError):
        _with(unsteady, SMTPDataError(421, b"Closing"))

    assert send_renewal_digests(on=TODAY) == 3
    assert mailed() == [f"{name.lower()}@example.com" for name in PEOPLE]


def test_a_mail_server_that_hangs_up_leaves_the_rest_for_the_next_run(unsteady: type[Unsteady]) -> None:
    with pytest.raises(SMTPServerDisconnected):
        _with(unsteady, SMTPServerDisconnected())
    assert send_renewal_digests(on=TODAY) == 2

    # Of the third nobody can say whether it went out, so it is not sent again.
    assert mailed() == [f"{name}@example.com" for name in ("ada", "ben", "dee", "eva")]


def test_while_the_mail_server_is_away_nothing_is_claimed(unsteady: type[Unsteady]) -> None:
    with (
        patch.object(EmailBackend, "open", side_effect=ConnectionRefusedError),
        pytest.raises(ConnectionRefusedError),
    ):
        send_renewal_digests(on=TODAY)

    assert RenewalDigest.objects.count() == 0


class Killed(EmailBackend):
    """Writes down whom it mails, and dies with its process after the third."""

    folder: Path

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        (self.folder / messages[0].to[0]).touch(exist_ok=False)
        if len(list(self.folder.iterdir())) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return len(messages)


def _work(folder: Path) -> None:
    Killed.folder = folder
    with patch("curriculum.renewals.get_connection", Killed):
        send_renewal_digests(on=TODAY)


@pytest.mark.django_db(transaction=True)
def test_after_a_worker_was_killed_in_the_middle_each_person_is_mailed_once(
    asked: None, person: Person, tmp_path: Path
) -> None:
    for name in PEOPLE:
        hold(person(name), "SS-1", 2, START, ENDS)

    exits = []
    for _ in range(2):
        connections.close_all()
        worker = multiprocessing.get_context("fork").Process(target=_work, args=(tmp_path,))
        worker.start()
        worker.join()
        exits.append(worker.exitcode)

    assert exits == [-signal.SIGKILL, 0]
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{n.lower()}@example.com" for n in PEOPLE]


def test_my_capabilities_shows_what_ends_whatever_mails_are_wanted(
    asked: None, learner: User, as_learner: Client
) -> None:
    today = timezone.localdate()
    hold(learner, "SS-1", 2, START, today)
    hold(learner, "SS-1", 1, today)

    html = " ".join(as_learner.get("/my-capabilities/").content.decode().split())

    assert "What ends soon" in html
    assert "Level 1 still counts." in html
    assert f'What renews it: <a href="{module_address()}">TS-1 Module TS-1</a>.' in html
    assert 'href="/account/reminders/"' in html
