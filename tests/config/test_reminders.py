"""How a person wants to hear of what ends."""

from collections.abc import Callable

from django.test import Client

from competencies.models import ReminderChoice
from competencies.queries import reminder_choice
from workforce.models import User

Person = Callable[..., User]
PAGE = "/account/reminders/"


def test_who_never_chose_gets_the_digest(client: Client, person: Person) -> None:
    client.force_login(person())

    assert "90 days before, 30 days before, and when it ends" in client.get("/account/").content.decode()
    assert 'value="digest"' in client.get(PAGE).content.decode().split(" checked")[0].rsplit("<input", 1)[1]


def test_a_choice_is_kept_and_may_be_changed(client: Client, person: Person) -> None:
    user = person()
    client.force_login(user)

    for choice in ("none", "ended"):
        assert client.post(PAGE, {"choice": choice}).headers["Location"] == "/account/"

    assert reminder_choice(user) == "ended"
    assert ReminderChoice.objects.count() == 1
    assert "Only when it ends" in client.get("/account/").content.decode()


def test_another_choice_is_refused_with_what_to_do(client: Client, person: Person) -> None:
    client.force_login(person())

    response = client.post(PAGE, {"choice": "hourly"})

    assert response.status_code == 422
    assert ReminderChoice.objects.count() == 0
