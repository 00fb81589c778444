import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from workforce.models import User

from .conftest import PASSWORD

Person = Callable[..., User]


def test_sign_in_takes_any_case_and_goes_to_where_you_work(client: Client, person: Person) -> None:
    person()

    response = client.post(reverse("sign-in"), {"username": "Ana@Example.com", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, reverse("landing"))


def test_sign_in_goes_on_to_the_page_that_was_asked_for(client: Client, person: Person) -> None:
    person()

    asked = client.get(reverse("account"))
    response = client.post(asked["Location"], {"username": "ana@example.com", "password": PASSWORD})

    assert response["Location"] in (reverse("account"), reverse("landing"))
    assert asked["Location"] == f"{reverse('sign-in')}?next={reverse('account')}"


@pytest.mark.parametrize("email", ["ana@example.com", "nobody@example.com"])
def test_wrong_sign_in_does_not_tell_who_has_an_account(client: Client, person: Person, email: str) -> None:
    person()

    page = client.post(reverse("sign-in"), {"username": email, "password": "wrong"}).content.decode()

    assert "The email address and password do not match an account" in page
    assert "<title>Error: Sign in" in page


def test_empty_sign_in_links_each_error_to_its_field(client: Client, db: None) -> None:
    page = client.post(reverse("sign-in"), {}).content.decode()

    assert '<a href="#id_username">Enter your email address</a>' in page
    assert '<a href="#id_password">Enter your password</a>' in page
    assert 'aria-describedby="id_username_error"' in page


def test_password_can_be_pasted_and_filled_in(client: Client, db: None) -> None:
    page = client.get(reverse("sign-in")).content.decode()

    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page


def test_signing_out_needs_a_post(client: Client, person: Person) -> None:
    client.force_login(person())

    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_new_password_comes_by_mail_and_works_once(client: Client, person: Person) -> None:
    person()

    client.post(reverse("forgotten-password"), {"email": "ana@example.com"})
    link = re.search(r"http://\S+", str(mail.outbox[0].body))
    assert link is not None
    form = client.get(link.group(), follow=True)
    new = {"new_password1": "other-words-in-a-row", "new_password2": "other-words-in-a-row"}
    client.post(form.request["PATH_INFO"], new)

    assert User.objects.get().check_password("other-words-in-a-row")
    assert "This link does not work any more" in Client().get(link.group(), follow=True).content.decode()


def test_no_mail_goes_to_strangers_and_the_page_is_the_same(client: Client, db: None) -> None:
    response = client.post(reverse("forgotten-password"), {"email": "nobody@example.com"})

    assert response["Location"] == reverse("password-mail-sent")
    assert mail.outbox == []


def test_changing_the_password_says_so(client: Client, person: Person) -> None:
    client.force_login(person())

    page = client.post(
        reverse("change-password"),
        {
            "old_password": PASSWORD,
            "new_password1": "other-words-in-a-row",
            "new_password2": "other-words-in-a-row",
        },
        follow=True,
    ).content.decode()

    assert "Your password is changed." in page


def test_the_banner_is_on_every_page_of_a_demonstration_only(client: Client, db: None) -> None:
    with override_settings(DEMONSTRATION=True):
        assert "This is a demonstration." in client.get(reverse("contact")).content.decode()
    with override_settings(DEMONSTRATION=False):
        assert "This is a demonstration." not in client.get(reverse("contact")).content.decode()


def test_the_nhs_logo_is_shown_only_where_it_is_switched_on(client: Client, db: None) -> None:
    assert "nhsuk-header__logo" not in client.get(reverse("contact")).content.decode()
    with override_settings(NHS_LOGO=True):
        assert "nhsuk-header__logo" in client.get(reverse("contact")).content.decode()


@pytest.mark.parametrize("name", ["sign-in", "contact", "privacy", "accessibility", "forgotten-password"])
def test_pages_carry_no_inline_style_or_script(client: Client, db: None, name: str) -> None:
    page = client.get(reverse(name)).content.decode()

    assert "style=" not in page
    assert "<style" not in page
    assert re.search(r"<script(?![^>]*\bsrc=)", page) is None
