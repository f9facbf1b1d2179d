"""Envelope encryption: each record under a data key of its own, each data key under a key-encryption key.

AES-256-GCM (NIST SP 800-38D) with random nonces. A data key seals one record once, so its nonce cannot repeat; a key-encryption key
wraps data keys under random 96-bit nonces, good for 2^32 of them: `unified vault rotate` makes a new one long before.

A sealed record is one string of bytes, of this layout:

    1 byte    format, 1
    8 bytes   id of the key-encryption key
    60 bytes  the data key: nonce, ciphertext, tag; bound to the record's associated data and the id of the key
    rest      the record: nonce, ciphertext, tag; bound to the record's associated data

What a record is bound to (whose it is, which version) stands beside it in the clear. Where it was changed, or the bytes were put in
another record's place, opening fails.
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
    """The bytes do not open. Says nothing about why: authenticated encryption does not tell."""


class Key:
    """A key-encryption key. `id` names it in what it has wrapped; the key itself shows nowhere."""

    __slots__ = ("__cipher", "id")

    def __init__(self, id: bytes, material: bytes) -> None:
        self.id = id
        self.__cipher = AESGCM(material)

    def encrypt(self, plain: bytes, about: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self.__cipher.encrypt(nonce, plain, about)

    def decrypt(self, sealed: bytes, about: bytes) -> bytes:
        """Raises: Broken."""
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
    """What sealed bytes are bound to, as bytes: MessagePack, in which no two sequences look alike."""
    return msgspec.msgpack.encode(("unified-vault", 1, *parts))


def seal(key: Key, plain: bytes, about: bytes) -> bytes:
    """Seal bytes under a new data key."""
    data = Key(key.id, material := AESGCM.generate_key(256))
    return FORMAT + key.id + key.encrypt(material, _of_key(about, key.id)) + data.encrypt(plain, about)


def open_(key: Key, sealed: bytes, about: bytes) -> bytes:
    """Open what was sealed under this key.

    Raises:
        Broken: it is something else, or bound to something else.
    """
    if not sealed.startswith(FORMAT) or len(sealed) < SHORTEST:
        raise Broken
    data = Key(key.id, key.decrypt(sealed[_HEAD - _WRAPPED : _HEAD], _of_key(about, key.id)))
    return data.decrypt(sealed[_HEAD:], about)


def rewrap(old: Key, new: Key, sealed: bytes, about: bytes) -> bytes:
    """The same sealed bytes with their data key under another key-encryption key.

    Raises:
        Broken: the data key does not open.
    """
    wrapped = new.encrypt(old.decrypt(sealed[_HEAD - _WRAPPED : _HEAD], _of_key(about, old.id)), _of_key(about, new.id))
    return FORMAT + new.id + wrapped + sealed[_HEAD:]


def key_id(sealed: bytes) -> bytes:
    """The id of the key-encryption key by which the bytes open."""
    return sealed[1 : 1 + _ID]


def tag(sealed: bytes) -> bytes:
    """What tells these sealed contents from all others: their authentication tag. It stays when the data key is wrapped anew."""
    return sealed[-_TAG:]


def _of_key(about: bytes, id: bytes) -> bytes:
    return about + b"key" + id
