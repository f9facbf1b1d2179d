"""Envelope encryption: each record is sealed with its own data key, and each data key with a key-encryption key.

AES-256-GCM (NIST SP 800-38D) with random nonces. A data key seals one record once, so its nonce cannot repeat. A key-encryption key
wraps data keys under random 96-bit nonces, safe for 2^32 of them: `unified vault rotate` makes a new one long before.

A sealed record is one byte string with this layout:

    1 byte    format, 1
    8 bytes   id of the key-encryption key
    60 bytes  the data key: nonce, ciphertext, tag; bound to the record's associated data and the id of the key
    rest      the record: nonce, ciphertext, tag; bound to the record's associated data

The associated data of a record (owner, version) is stored with it in the clear. If it was changed, or the bytes were moved to another
record, opening fails.
"""

from __future__ import annotations

import os
import secrets
from typing import NoReturn

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"\x01"
KEY_BYTES = 32
_ID, _NONCE, _TAG = 8, 12, 16
_WRAPPED = _NONCE + KEY_BYTES + _TAG
_HEAD = len(FORMAT) + _ID + _WRAPPED
SHORTEST = _HEAD + _NONCE + _TAG


class Broken(Exception):
    """The bytes do not open. Authenticated encryption gives no reason."""


class Key:
    """Key-encryption key. `id` identifies it in the data that it has wrapped; the key itself is never shown."""

    __slots__ = ("__cipher", "id")

    def __init__(self, id: bytes, material: bytes) -> None:
        self.id = id
        self.__cipher = AESGCM(material)

    def encrypt(self, plain: bytes, about: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self.__cipher.encrypt(nonce, plain, about)

    def decrypt(self, sealed: bytes, about: bytes) -> bytes:
        """Decrypt sealed bytes. Raises: Broken."""
        try:
            return self.__cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], about)
        except (InvalidTag, ValueError):
            pass
        raise Broken

    def __repr__(self) -> str:
        return f"Key({self.id.hex()})"

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError("a key cannot be pickled: it would leave the process unencrypted")


def new_key_id() -> bytes:
    return secrets.token_bytes(_ID)


def associated(*parts: str | int | None) -> bytes:
    """Encode the associated data of sealed bytes as MessagePack, in which no two sequences have the same form."""
    return msgspec.msgpack.encode(("unified-vault", 1, *parts))


def seal(key: Key, plain: bytes, about: bytes) -> bytes:
    """Seal bytes under a new data key."""
    data = Key(key.id, material := AESGCM.generate_key(256))
    return FORMAT + key.id + key.encrypt(material, _of_key(about, key.id)) + data.encrypt(plain, about)


def open_(key: Key, sealed: bytes, about: bytes) -> bytes:
    """Open bytes that were sealed under this key.

    Raises:
        Broken: they were not sealed with this key and associated data.
    """
    if not sealed.startswith(FORMAT) or len(sealed) < SHORTEST:
        raise Broken
    data = Key(key.id, key.decrypt(sealed[_HEAD - _WRAPPED : _HEAD], _of_key(about, key.id)))
    return data.decrypt(sealed[_HEAD:], about)


def rewrap(old: Key, new: Key, sealed: bytes, about: bytes) -> bytes:
    """Return the same sealed bytes with their data key under another key-encryption key.

    Raises:
        Broken: the data key does not open.
    """
    wrapped = new.encrypt(old.decrypt(sealed[_HEAD - _WRAPPED : _HEAD], _of_key(about, old.id)), _of_key(about, new.id))
    return FORMAT + new.id + wrapped + sealed[_HEAD:]


def key_id(sealed: bytes) -> bytes:
    """Return the id of the key-encryption key that opens the bytes."""
    return sealed[1 : 1 + _ID]


def tag(sealed: bytes) -> bytes:
    """Return the authentication tag, which identifies these sealed contents. It stays the same when the data key is wrapped again."""
    return sealed[-_TAG:]


def _of_key(about: bytes, id: bytes) -> bytes:
    return about + b"key" + id
