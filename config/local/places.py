"""Where a checkout keeps what it makes. Imports nothing of Django, so that settings may ask."""

import errno
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = ROOT / (os.environ.get("VAR_DIR") or "var")


class NotOurs(Exception):
    """What is made at run time cannot be kept; the message says where and what to do."""


def make_var() -> None:
    try:
        VAR.mkdir(parents=True, exist_ok=True)
        if not os.access(VAR, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise NotOurs(
            f"{VAR} cannot be used ({error.strerror}). Set VAR_DIR to a folder of yours."
        ) from error


def checkout_key() -> str:
    """Twelve characters that tell this checkout from another on the same machine."""
    return hashlib.sha256(str(VAR.resolve()).encode()).hexdigest()[:12]


def socket_folder() -> Path:
    """Where the embedded PostgreSQL listens: short, without spaces, as a socket's path has at most 103 bytes."""
    short = Path("/tmp")  # noqa: S108 the folder inside is ours alone, which Cluster checks
    return (short if short.is_dir() else Path(tempfile.gettempdir())) / f"ptl-{checkout_key()}"


def own_secret_key() -> str:
    """This checkout's own key, made once, so that no key is ever known to others."""
    path = VAR / "secret-key"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        fresh.replace(path)
    return path.read_text()
