"""What every mail needs: addresses that work outside, and what a refusal of the mail server means."""

from smtplib import SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

HUNG_UP = 421  # RFC 5321: the server closes the connection, so whoever comes next could not be mailed

Refusal = SMTPRecipientsRefused | SMTPResponseException


def refusal_codes(refusal: Refusal) -> list[int]:
    if isinstance(refusal, SMTPRecipientsRefused):
        return [code for code, _ in refusal.recipients.values()]
    return [refusal.smtp_code]


def is_for_good(refusal: Refusal) -> bool:
    """Whether this address will never be taken. What is about the server or the sender is tried again."""
    return isinstance(refusal, SMTPRecipientsRefused) and min(refusal_codes(refusal)) >= 500


def address(name: str, *args: object) -> str:
    return public(reverse(name, args=args))


def public(path: str) -> str:
    return urljoin(settings.PUBLIC_URL, path)
