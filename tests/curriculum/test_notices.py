"""Mails about practice: told once, without anybody's words, and only to who wants them."""

from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from competencies.actions import (
    answer_verifier,
    ask_question,
    move_practice,
    pass_on,
    verify,
)
from competencies.actions.telling import Told
from competencies.models import Practice
from curriculum.notices import SAID, send_practice_notices
from tests.competencies.conftest import edition, trust
from tests.competencies.test_confirming import second
from tests.competencies.test_evidence import founder, people, put_forward, team
from workforce.models import Notice, User
from workforce.notices import claim_notices, notify

__all__ = ["edition", "founder", "people", "second", "team", "trust"]


def now() -> datetime:
    return timezone.now()


@pytest.fixture
def practice(people: dict[str, User], founder: User) -> Practice:
    return put_forward(people, on=timezone.localdate() - timedelta(days=1))


def mailed() -> dict[str, str]:
    """Address → text of the mails since the last look."""
    found = {message.to[0]: str(message.body) for message in mail.outbox}
    assert len(found) == len(mail.outbox), "one mail for each person"
    mail.outbox.clear()
    return found


def test_every_kind_of_news_has_a_sentence_and_a_page() -> None:
    assert set(SAID) == set(Told)


def test_each_act_is_told_once_to_whom_it_concerns_and_without_words(
    practice: Practice, people: dict[str, User], founder: User, second: User
) -> None:
    def news() -> dict[str, str]:
        send_practice_notices(at=now())
        return mailed()

    owner, first, other = (f"{name}@example.org" for name in ("learner", "colleague", "stranger"))
    told = news()
    assert set(told) == {first}
    assert "Somebody asks you to confirm" in told[first]
    assert "quiet word" not in told[first]
    assert news() == {}, "never twice"
    ask_question(practice=practice, by=founder, question="Who was there?")
    told = news()
    assert set(told) == {owner}
    assert "Who was there?" not in told[owner]
    answer_verifier(practice=practice, by=people["learner"], answer="The night staff.")
    assert set(news()) == {first}
    pass_on(practice=practice, by=founder, to=second)
    told = news()
    assert ("passed on" in told[owner], "asks you to confirm" in told[other]) == (True, True)
    move_practice(practice=practice, by=people["learner"], to=founder, at=now() + timedelta(days=20))
    send_practice_notices(at=now() + timedelta(days=20))
    told = mailed()
    assert ("no longer waits" in told[other], "asks you to confirm" in told[first]) == (True, True)
    verify(practice=practice, by=founder)
    assert "has answered you" in news()[owner]


def test_several_things_are_one_mail(people: dict[str, User], practice: Practice, founder: User) -> None:
    ask_question(practice=practice, by=founder, question="Who was there?")
    verify(practice=practice, by=founder)
    send_practice_notices(at=now())
    assert mailed()["learner@example.org"].count("has answered you") == 1


def test_who_wants_none_gets_none_and_says_so_on_their_account(
    client: Client, practice: Practice, founder: User
) -> None:
    client.force_login(founder)
    assert client.post("/account/notices/", {"choice": ""}).status_code == 422
    assert client.post("/account/notices/", {"choice": "none"}).status_code == 302
    assert "Not at all" in client.get("/account/").content.decode()
    assert (send_practice_notices(at=now()), mail.outbox) == (0, [])


def test_old_news_is_not_mailed(practice: Practice) -> None:
    assert send_practice_notices(at=now() + timedelta(days=9)) == 0


def test_a_refusal_is_tried_again_unless_it_is_for_good(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code, then in ((450, None), (550, "claimed")):

        def refuse(self: EmailBackend, messages: list[mail.EmailMessage], code: int = code) -> int:
            raise SMTPRecipientsRefused({messages[0].to[0]: (code, b"No")})

        monkeypatch.setattr(EmailBackend, "send_messages", refuse)
        assert send_practice_notices(at=now()) == 0
        assert (Notice.objects.get().sent_at is None) == (then is None)


def test_the_same_news_is_written_down_once(practice: Practice, founder: User) -> None:
    given = Notice.objects.get()
    notify(user=founder, key=given.key, kind=given.kind, about=given.about, at=given.due)
    assert Notice.objects.count() == 1
    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        Notice.objects.create(user=founder, key=given.key, kind=given.kind, about=given.about, due=given.due)
    assert claim_notices(user_id=founder.pk, at=now()) == [given]
    assert claim_notices(user_id=founder.pk, at=now()) == []
