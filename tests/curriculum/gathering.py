"""What tests put into a portfolio."""

from datetime import date

from competencies.models import PortfolioEntry
from competencies.portfolio.entries import EntryWords, add_entry
from curriculum.keys import key_of
from learning.iris import activity_iri
from workforce.models import User


def gathered(owner: User, whom: str = "A new charge nurse.") -> PortfolioEntry:
    """One entry for the portfolio of the small curriculum."""
    words = EntryWords(
        capability_code="SS-1",
        on=date(2026, 3, 2),
        whom=whom,
        changed="She now asks on each round.",
        learned="To wait.",
    )
    return add_entry(
        owner=owner, activity_iri=activity_iri(key_of("TS-1.a5")), title="About TS-1.a5", words=words
    )
