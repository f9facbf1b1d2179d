"""Conversion of callers' idempotency keys to the formats that vendors accept, by hashing.

A caller's key has up to 200 characters of any kind; vendors limit the length, or require an id. The same key and scope give the same
result. `scope` has the owner of the key and the operation, so that equal keys of two callers do not collide at the vendor.
"""

from __future__ import annotations

import hashlib

_BASE32HEX = "0123456789abcdefghijklmnopqrstuv"


def short(scope: str, key: str) -> str:
    """Return 25 characters of base32hex in lower case (RFC 4648, section 7): 125 bits of SHA-256."""
    number = int.from_bytes(_digest(scope, key)[:16], "big")
    return "".join(_BASE32HEX[number >> 5 * index & 31] for index in range(25))


def uuid(scope: str, key: str, version: int = 8) -> str:
    """Return a UUID of version 8 (RFC 9562, section 5.8), whose 122 free bits are of SHA-256.

    Args:
        scope: the owner of the key and the operation.
        key: the key.
        version: 4 for vendors that accept no other ids.
    """
    from uuid import UUID

    number = int.from_bytes(_digest(scope, key)[:16], "big")
    number = number & ~(0xF000 << 64) | version << 76
    number = number & ~(0xC000 << 48) | 0x8000 << 48
    return str(UUID(int=number))


def _digest(scope: str, key: str) -> bytes:
    return hashlib.sha256(f"{scope}\n{key}".encode()).digest()
