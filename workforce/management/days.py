from argparse import ArgumentTypeError
from datetime import date


def day(word: str) -> date:
    """A day given on the command line: `add_argument("--on", type=day)`."""
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise ArgumentTypeError(f"{word!r} is not a day. Write it as 2026-11-30.") from error
