"""DPoP (Demonstrating Proof of Possession, RFC 9449): tokens that only the holder of a key can use."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from typing import Any, final
from urllib.parse import urlsplit

import msgspec

from unified_platform.oauth import jose
from unified_runtime.core.credentials import Secret
from unified_runtime.core.responses import Response

ALGORITHM = "ES256"
NONCE_WANTED = "use_dpop_nonce"


@final
class Prover:
    """Key pair, and the nonces that servers sent for proofs (section 8). Safe to share between threads.

    `jwk` is the private key as JSON (RFC 7517), as `secret` returns it; without it, a new key is made.
    """

    __slots__ = ("_key", "_nonces")

    def __init__(self, jwk: Secret | None = None) -> None:
        keys = jose.module("jwk")
        self._key: Any = keys.ECKey.generate_key("P-256") if jwk is None else keys.ECKey.import_key(json.loads(jwk.reveal()))
        self._nonces: dict[str, str] = {}

    def secret(self) -> Secret:
        return Secret(json.dumps(self._key.as_dict(private=True)))

    def thumbprint(self) -> str:
        """Return the `jkt` that tokens are bound to (RFC 7638)."""
        return str(self._key.thumbprint())

    def proof(self, method: str, url: str, access_token: Secret | None = None) -> str:
        """Return a proof for one request (section 4.2). It can be used once, for this method, URL and, if given, access token."""
        parts = urlsplit(url)
        claims: dict[str, Any] = {
            "jti": secrets.token_urlsafe(16),
            "htm": method,
            "htu": parts._replace(query="", fragment="").geturl(),
            "iat": int(time.time()),
        }
        if (nonce := self._nonces.get(_origin(url))) is not None:
            claims["nonce"] = nonce
        if access_token is not None:
            digest = hashlib.sha256(access_token.reveal().encode("ascii")).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
        header = {"typ": "dpop+jwt", "alg": ALGORITHM, "jwk": self._key.as_dict(private=False)}
        return str(jose.module("jwt").encode(header, claims, self._key, algorithms=[ALGORITHM]))

    def wants_nonce(self, response: Response) -> bool:
        """Save the nonce of a response for later proofs. Return whether the request must be sent again with it (section 8)."""
        nonce = response.headers.all("dpop-nonce")
        if len(nonce) != 1 or not nonce[0].isascii() or not nonce[0].isprintable():
            return False
        origin = _origin(response.url)
        before, self._nonces[origin] = self._nonces.get(origin), nonce[0]
        return before != nonce[0] and response.status in {400, 401} and _refused_for_nonce(response)

    def __repr__(self) -> str:
        return "Prover(•••)"

    def __reduce_ex__(self, _: Any) -> Any:
        raise TypeError("a Prover cannot be pickled: its key would leave the process unencrypted")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _refused_for_nonce(response: Response) -> bool:
    """Return whether a server requires a nonce, in the response's body (section 8) or in a resource server's challenge (section 9)."""
    if NONCE_WANTED in response.headers.get("www-authenticate", ""):
        return True
    try:
        found = msgspec.json.decode(response.body)
    except msgspec.DecodeError:
        return False
    return isinstance(found, dict) and found.get("error") == NONCE_WANTED
