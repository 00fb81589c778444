"""Signed statements (Data 2.6): a JSON web signature in a file beside the statement, over the statement itself.

A signature is looked at so that mistakes come to light when they are made. It is no proof of who signed: whoever
needs that checks the chain of certificates against those that they trust.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from .attachments import media_type
from .errors import Invalid
from .multipart import SentFile
from .reading import Received, read_statement
from .sameness import SIGNATURE, same_statement
from .statements import Attachment
from .versions import Version

ALGORITHMS = ("RS256", "RS384", "RS512")
LARGEST_SIGNATURE = 1024 * 1024


class _Registry(jws.JWSRegistry):
    """With room for a chain of certificates in the header and a long statement in the payload."""

    max_header_length = 64 * 1024
    max_payload_length = LARGEST_SIGNATURE


# Headers that the library does not know say nothing about the signature unless `crit` names them.
_REGISTRY = _Registry(algorithms=ALGORITHMS, strict_check_header=False)


def with_right_signatures(
    entries: Iterable[Received],
    files: Mapping[str, SentFile],
    version: Version = Version.ONE,
    *,
    in_list: bool,
) -> Iterator[Received]:
    """The same entries; every signature among their attachments is well-formed and over its own statement.

    Raises Invalid.
    """
    for position, entry in enumerate(entries):
        for number, attachment in enumerate(entry.statement.attachments or ()):
            if attachment.usageType == SIGNATURE:
                try:
                    _check(entry, attachment, files.get(attachment.sha2.lower()), version)
                except Invalid as fault:
                    where = f"[{position}]." if in_list else ""
                    raise fault.under(f"{where}attachments[{number}]") from None
        yield entry


def _check(entry: Received, attachment: Attachment, file: SentFile | None, version: Version) -> None:
    if media_type(attachment.contentType) != "application/octet-stream":
        raise Invalid("contentType", "must be application/octet-stream for a signature")
    if file is None:
        raise Invalid("", "is a signature, and its file must be sent along, as multipart/mixed")
    if file.length > LARGEST_SIGNATURE:
        raise Invalid("", f"is a signature, and must be no larger than {LARGEST_SIGNATURE} bytes")
    _check_payload(entry, signed_payload(b"".join(file.chunks())), version)


def signed_payload(signature: bytes) -> bytes:
    """What a JSON web signature signs, once its form, its algorithm and its certificate are found right."""
    try:
        found = jws.extract_compact(signature.strip(), registry=_REGISTRY)
        header = found.headers()
        _REGISTRY.check_header(header)
        if header["alg"] not in ALGORITHMS:
            raise Invalid("", f"is a signature, and its alg must be one of {', '.join(ALGORITHMS)}")
        key = _certified_key(header["x5c"]) if "x5c" in header else None
        is_right = key is None or jws.validate_compact(found, key, registry=_REGISTRY)
    except (JoseError, UnicodeDecodeError, RecursionError, AttributeError, TypeError) as error:
        raise Invalid("", f"must be a JSON web signature in compact serialisation: {error}") from None
    if not is_right:
        raise Invalid("", "is a signature, and its certificate (x5c) is not that of the key it was made with")
    return found.payload


def _certified_key(chain: Sequence[str]) -> RSAKey:
    """The key of the first certificate, which is the signer's (RFC 7515, 4.1.6)."""
    try:
        key = x509.load_der_x509_certificate(base64.b64decode(chain[0], validate=True)).public_key()
    except (IndexError, ValueError, binascii.Error, UnsupportedAlgorithm):
        raise Invalid(
            "", "is a signature, and its x5c must begin with an X.509 certificate in base64"
        ) from None
    if not isinstance(key, RSAPublicKey):
        raise Invalid("", "is a signature, and the certificate in its x5c must be for an RSA key")
    return RSAKey.import_key(key)


def _check_payload(entry: Received, payload: bytes, version: Version) -> None:
    """The statement before the signature was added is the one that was signed (Data 2.3.1 on what may differ)."""
    try:
        signed = read_statement(payload, version)
    except Invalid as fault:
        raise Invalid("", f"is a signature, and what it signs is not a valid statement: {fault}") from None
    ours, theirs = entry.statement.id, signed.statement.id
    if ours and theirs and ours.lower() != theirs.lower():
        raise Invalid("", "is a signature, and it signs a statement with another id")
    if not same_statement(msgspec.json.encode(entry.properties), msgspec.json.encode(signed.properties)):
        raise Invalid("", "is a signature, and the statement that it signs differs from this one")
