"""The demonstration: two invented trusts whose history is walked through the real actions, day by day.

Every person, trust and figure here is made up. The same `today` gives the same demonstration.
"""

from collections.abc import Iterable

from .accounts import ACCOUNTS, PASSWORD, Account


def accounts() -> Iterable[Account]:
    """Who can be tried out: one account for each kind of user."""
    return ACCOUNTS


__all__ = ["ACCOUNTS", "PASSWORD", "Account", "accounts"]
