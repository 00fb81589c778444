"""The mail about practice: what happened in a sentence each, and where to look. Never what anybody wrote.

Claimed and mailed as renewals are (see curriculum.renewals): a person may miss a mail, and never gets it twice.
"""

import logging
from collections.abc import Collection
from datetime import datetime
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string

from competencies.actions.telling import Told
from workforce.models import Notice, User
from workforce.notices import claim_notices, people_to_notify, release_notices

from .mailing import HUNG_UP, address, is_for_good, refusal_codes

log = logging.getLogger(__name__)

# What is said, once or for several, and the page on which the person finds it.
SAID = {
    Told.ASKED_TO_CONFIRM: (
        "Somebody asks you to confirm what they did at work.",
        "competencies:verify-list",
    ),
    Told.MOVED_AWAY: (
        "Something no longer waits for you: its owner asked somebody else.",
        "competencies:verify-list",
    ),
    Told.ANSWER: ("Your question was answered.", "competencies:verify-list"),
    Told.SECOND_READING: ("You were drawn to read something a second time.", "competencies:verify-list"),
    Told.QUESTION: (
        "The person you asked to confirm your practice has a question.",
        "curriculum:my-learning",
    ),
    Told.PASSED_ON: (
        "Your practice was passed on to somebody else who may confirm it.",
        "curriculum:my-learning",
    ),
    Told.DECIDED: ("The person you asked has answered you.", "curriculum:my-learning"),
}


def send_practice_notices(*, at: datetime) -> int:
    """One mail for everybody who has something to be told; returns how many were mailed."""
    people = people_to_notify(at)
    if not people:
        return 0
    users = User.objects.in_bulk(people)
    sent = 0
    with get_connection() as connection:
        for user_id in people:
            notices = claim_notices(user_id=user_id, at=at)
            if not notices:
                continue
            try:
                sent += connection.send_messages([_message(users[user_id], notices)])
            except (SMTPRecipientsRefused, SMTPResponseException) as refusal:
                log.warning(
                    "The mail server refused a notice to user %s: %s", user_id, refusal_codes(refusal)
                )
                if not is_for_good(refusal):
                    release_notices(notices=notices)
                if HUNG_UP in refusal_codes(refusal):
                    raise
    return sent


def _message(user: User, notices: Collection[Notice]) -> EmailMessage:
    said = dict.fromkeys(SAID[Told(notice.kind)] for notice in notices)
    context = {
        "user": user,
        "service_name": settings.SERVICE_NAME,
        "lines": [(sentence, address(page)) for sentence, page in said],
        "choice": address("notices"),
    }
    return EmailMessage(
        subject=f"{settings.SERVICE_NAME}: news about practice",
        body=render_to_string("curriculum/practice_notices.txt", context),
        to=[str(user.email)],
    )
