"""The digest about what ends: what, when, what still holds after that, and which module renews it.

Each person's digest is claimed in the database and only then handed to the mail server. A worker that is killed in
between leaves one person of whom nobody can say whether they were mailed. They are not mailed again.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string

from competencies.actions import claim_digest, release_digest
from competencies.queries import Ending, endings, people_to_remind, untold_endings
from workforce.models import User
from workforce.queries import tier_keys

from .mailing import HUNG_UP, address, is_for_good, public, refusal_codes
from .models import ModulePage, ProgrammePage
from .next_steps.standing import PATH_STEP, claimed_levels

PEOPLE_AT_A_TIME = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Renewing:
    """A module that can be started today: the levels that it shows, and the tier whose programme it is in."""

    tier_key: str
    name: str
    href: str
    levels: Mapping[str, int]


def send_renewal_digests(*, on: date) -> int:
    """Mail everybody to whom something is new and who had no digest for a week; returns how many were mailed.

    Three queries for each 200 people, and one short transaction for each mail.
    """
    people = people_to_remind(on)
    modules = renewing_modules() if people else []
    return sum(
        _send(people[start : start + PEOPLE_AT_A_TIME], modules, on)
        for start in range(0, len(people), PEOPLE_AT_A_TIME)
    )


def _send(people: Collection[int], modules: Collection[Renewing], on: date) -> int:
    sent = 0
    users = User.objects.in_bulk(people)
    tiers = tier_keys(people, on)
    by_person = groupby(untold_endings(people, on), key=lambda ending: ending.user_id)
    # Nobody is claimed while the mail server cannot be reached: opening the connection would fail first.
    with get_connection() as connection:
        for user_id, of_person in by_person:
            news = list(of_person)
            message = _message(users[user_id], news, tiers.get(user_id, set()), modules)
            digest = claim_digest(user_id=user_id, endings=news, on=on)
            if digest is None:
                continue
            try:
                sent += connection.send_messages([message])
            except (SMTPRecipientsRefused, SMTPResponseException) as refusal:
                # A refusal is certain: nothing was mailed. It must not keep the others from their mail.
                log.warning(
                    "The mail server refused the digest of user %s: %s", user_id, refusal_codes(refusal)
                )
                if not is_for_good(refusal):
                    release_digest(digest=digest)
                if HUNG_UP in refusal_codes(refusal):
                    raise
    return sent


def _message(
    user: User, news: Collection[Ending], tiers: Collection[str], modules: Collection[Renewing]
) -> EmailMessage:
    context = {
        "user": user,
        "service_name": settings.SERVICE_NAME,
        "lines": [
            (
                ending,
                [(module.name, public(module.href)) for module in _renewing(ending, tiers, modules)],
                address("curriculum:renew", ending.code),
            )
            for ending in news
        ],
        "all": address("curriculum:my-capabilities"),
        "choice": address("reminders"),
    }
    return EmailMessage(
        subject=f"{settings.SERVICE_NAME}: what you hold and when it ends",
        body=render_to_string("curriculum/renewal_digest.txt", context),
        to=[str(user.email)],
    )


def _renewing(ending: Ending, tiers: Collection[str], modules: Collection[Renewing]) -> list[Renewing]:
    return [m for m in modules if m.tier_key in tiers and m.levels.get(ending.code, 0) >= ending.level]


def own_renewals(user: User, on: date) -> list[tuple[Ending, list[Renewing]]]:
    """What of a person's ends, and which modules of their tiers renew it. One query; a few more if anything does.

    It is on their page whatever mails they want.
    """
    found = endings(user, on)
    if not found:
        return []
    tiers, modules = tier_keys([user.pk], on).get(user.pk, set()), renewing_modules()
    return [(ending, _renewing(ending, tiers, modules)) for ending in found]


def renewing_modules() -> list[Renewing]:
    """Every module that can be started, in the order of the programmes. Two queries, and one for the site."""
    programmes = ProgrammePage.objects.live().filter(tier__isnull=False).values_list("path", "tier__key")
    tiers = dict(programmes)
    pages = ModulePage.objects.live().filter(in_preparation=False).order_by("path")
    return [
        Renewing(tiers[parent], f"{page.source_key} {page.title}", page.get_url() or "", claimed_levels(page))
        for page in pages
        if (parent := page.path[:-PATH_STEP]) in tiers
    ]
