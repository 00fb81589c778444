"""Files on the page of practice: attached with the words, without JavaScript, and kept through all that follows."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from competencies.actions import decline
from competencies.models import Practice, PracticeFile
from competencies.models.files import LARGEST_FILE
from curriculum.keys import key_of
from curriculum.models import Attempt
from curriculum.views.uploads import MOST_SENT
from workforce.models import User

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def here(attempt: Attempt, name: str = "") -> str:
    return f"/attempts/{attempt.registration}/{key_of('TS-1.a4')}/{name}"


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def send(
    client: Client, attempt: Attempt, content: bytes = PDF, go: str = "attach", **more: Any
) -> HttpResponse:
    files = [SimpleUploadedFile("chart.pdf", content), *more.pop("others", [])]
    return client.post(here(attempt), {"SS-1": "My words", "go": go, "files": files, **more})  # type: ignore[return-value]


def test_files_are_attached_with_the_words_and_removed_again(attempt: Attempt, as_learner: Client) -> None:
    send(as_learner, attempt, others=[SimpleUploadedFile("notes.txt", b"falls: 3")])
    page = text(as_learner.get(here(attempt)))
    assert all(words in page for words in ("My words", "chart.pdf", "notes.txt"))
    file = PracticeFile.objects.get(name="chart.pdf")
    said = text(as_learner.post(here(attempt), {"SS-1": "Other words", "remove": file.uuid}, follow=True))
    assert "“chart.pdf” is removed. Your words are saved." in said
    assert "Other words" in said
    assert "That file was removed before." in text(
        as_learner.post(here(attempt), {"SS-1": "Other words", "remove": file.uuid}, follow=True)
    )


def test_a_file_goes_along_when_send_is_pressed_and_survives_not_yet(
    attempt: Attempt, as_learner: Client, verifier: User
) -> None:
    send(as_learner, attempt, go="send", verifier=verifier.pk)
    assert "chart.pdf" in text(as_learner.get(here(attempt)))
    decline(practice=Practice.objects.get(), by=verifier, reason="Say more")
    assert "chart.pdf" in text(as_learner.get(here(attempt)))
    as_learner.post(here(attempt), {"SS-1": "More", "verifier": verifier.pk, "go": "send"})
    assert "chart.pdf" in text(as_learner.get(here(attempt)))


def test_a_refused_file_says_why_keeps_the_words_and_sends_nothing(
    attempt: Attempt, as_learner: Client, verifier: User
) -> None:
    answer = send(as_learner, attempt, b"<svg/>", go="send", verifier=verifier.pk)
    assert "“chart.pdf” is a web page or a drawing made of code. Save it as PDF or PNG" in text(answer)
    assert "My words" in text(as_learner.get(here(attempt)))
    assert not Practice.objects.exists()


def test_a_file_over_20_mb_is_answered_with_413_in_words(attempt: Attempt, as_learner: Client) -> None:
    answer = send(as_learner, attempt, PDF + bytes(LARGEST_FILE))
    assert (answer.status_code, "“chart.pdf” is larger than 20 MB." in text(answer)) == (413, True)
    assert "My words" in text(as_learner.get(here(attempt)))


def test_a_body_that_can_only_be_too_large_is_not_read(attempt: Attempt, as_learner: Client) -> None:
    answer = as_learner.post(here(attempt), {"SS-1": "Words"}, CONTENT_LENGTH=str(MOST_SENT + 1))
    assert (answer.status_code, "These files are too large" in text(answer)) == (413, True)


def test_a_forged_request_is_still_refused(attempt: Attempt, learner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner)
    assert client.post(here(attempt), {"SS-1": "Words"}).status_code == 403


def test_whoever_was_signed_out_is_told_that_files_were_not_kept(attempt: Attempt, client: Client) -> None:
    sign_in = client.post(
        here(attempt), {"SS-1": "W", "files": SimpleUploadedFile("a.pdf", PDF)}, follow=True
    )
    assert "Files cannot be kept while you sign in. Attach them again." in text(sign_in)


@pytest.mark.parametrize("is_sent", [False, True])
def test_files_are_deleted_with_the_words(
    is_sent: bool, attempt: Attempt, as_learner: Client, verifier: User
) -> None:
    send(as_learner, attempt, go="send" if is_sent else "save", verifier=verifier.pk)
    if is_sent:
        as_learner.post(here(attempt, "take-back/"))
    as_learner.post(here(attempt, "erase/"))
    assert not PracticeFile.objects.exists()
