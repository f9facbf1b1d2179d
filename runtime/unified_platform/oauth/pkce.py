"""PKCE (Proof Key for Code Exchange, RFC 7636) with S256, the only method that OAuth 2.1 allows (section 7.5.2)."""

from __future__ import annotations

import base64
import hashlib
import secrets

METHOD = "S256"


def verifier() -> str:
    """Return a new code verifier: 43 characters from 256 random bits (section 4.1)."""
    return secrets.token_urlsafe(32)


def challenge(verifier: str) -> str:
    """Return BASE64URL(SHA256(verifier)), without padding (section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")
