class Invalid(ValueError):
    """Something that the specification does not allow.

    `path` says where, as in `[2].actor.mbox`; it is empty for the whole of what was sent. `rule` says what is
    asked for there.
    """

    def __init__(self, path: str, rule: str) -> None:
        super().__init__(f"{path}: {rule}" if path else rule)
        self.path = path
        self.rule = rule

    def under(self, path: str) -> "Invalid":
        """The same fault, seen from further out."""
        joint = "." if path and self.path and not self.path.startswith("[") else ""
        return Invalid(f"{path}{joint}{self.path}", self.rule)
