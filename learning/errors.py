"""Why the record refuses something that is well-formed. What is not well-formed is `learning.xapi.Invalid`."""

from uuid import UUID


class Conflict(Exception):
    """Another statement already has this id, and immutable parts of the two differ."""

    def __init__(self, statement_id: UUID) -> None:
        super().__init__(f"Another statement already has the id {statement_id}, and the two differ.")
        self.statement_id = statement_id


class NotAllowed(Exception):
    """The credential may not do this."""


class Outdated(Exception):
    """A credential that was taken for granted has changed meanwhile, or is gone. Nothing was done: ask for it anew."""


class NotFound(Exception):
    """What was asked for by its name is not here, or not for this credential."""
