"""Keys, certificates and signatures to try signed statements with."""

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey

from learning.xapi.signatures import SIGNATURE

from .mixed import attachment

ALL_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "HS256"]


@cache
def key(number: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def certificate(number: int = 1, *, is_elliptic: bool = False) -> str:
    """A certificate for the key of this number, signed by itself, as x5c holds it."""
    signer = ec.generate_private_key(ec.SECP256R1()) if is_elliptic else key(number)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Sam")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(signer.public_key())
    builder = builder.serial_number(number).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    made = builder.sign(signer, hashes.SHA256())
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


def signature(payload: object, algorithm: str = "RS256", **header: Any) -> bytes:
    """Over a statement, or over any bytes."""
    text = payload if isinstance(payload, bytes) else json.dumps(payload, indent=1).encode()
    own = (
        OctKey.import_key("a secret of many more than thirty-two characters")
        if algorithm == "HS256"
        else None
    )
    registry = jws.JWSRegistry(algorithms=ALL_ALGORITHMS, strict_check_header=False)
    used = own or RSAKey.import_key(key(1))
    return jws.serialize_compact({"alg": algorithm, **header}, text, used, registry=registry).encode()


def signed(statement: dict[str, Any], file: bytes, **changes: Any) -> dict[str, Any]:
    """The statement with its signature among its attachments."""
    usual = {"usageType": SIGNATURE, "contentType": "application/octet-stream"}
    return statement | {
        "attachments": [*statement.get("attachments", []), attachment(file, **(usual | changes))]
    }
