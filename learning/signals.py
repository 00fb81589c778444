"""What the record tells the rooms above it, inside the transaction that stores.

A receiver that raises undoes the storing: the record and what follows from it never part.
"""

from django.dispatch import Signal

# statements: list[Statement], newly stored and standing (not already voided), of people who are known here, said by
# this system or with a credential that gives evidence. All else is kept, and nothing is built on it.
statements_stored = Signal()

# statements: list[Statement], stored earlier and voided now.
statements_voided = Signal()
