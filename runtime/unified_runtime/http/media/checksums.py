"""Checksums that vendors report for a content, computed piece by piece.

`content_hash` is Dropbox's (https://www.dropbox.com/developers/reference/content-hash), `quickxor` OneDrive's
(https://learn.microsoft.com/onedrive/developer/code-snippets/quickxorhash); the others are hashlib's.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Protocol

_BLOCK = 4 * 1024 * 1024


class Checksum(Protocol):
    """Checksum that is being computed. `value` has the vendor's format."""

    def update(self, data: bytes) -> None: ...

    def value(self) -> str: ...


class _Hashlib:
    """Hash of hashlib, as lower-case hexadecimal text."""

    def __init__(self, name: str) -> None:
        self._hash = hashlib.new(name, usedforsecurity=False)

    def update(self, data: bytes) -> None:
        self._hash.update(data)

    def value(self) -> str:
        return self._hash.hexdigest()


class ContentHash:
    """Dropbox's content hash: SHA-256 over the SHA-256 of each block of 4 MiB."""

    def __init__(self) -> None:
        self._outer = hashlib.sha256()
        self._block = hashlib.sha256()
        self._filled = 0

    def update(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            part = view[: _BLOCK - self._filled]
            self._block.update(part)
            self._filled += len(part)
            view = view[len(part) :]
            if self._filled == _BLOCK:
                self._outer.update(self._block.digest())
                self._block = hashlib.sha256()
                self._filled = 0

    def value(self) -> str:
        outer = self._outer.copy()
        if self._filled:
            outer.update(self._block.digest())
        return outer.hexdigest()


class QuickXor:
    """OneDrive's hash: each byte is XORed into 160 bits, 11 bits after the previous one; the length into the last 64. Base64.

    A byte and the one 160 bytes after it meet at the same bits: pieces are reduced to 160 bytes first, as large integers.
    """

    _PERIOD = 160
    _SLICE = 256 * 1024

    def __init__(self) -> None:
        self._state = 0
        self._length = 0

    def update(self, data: bytes) -> None:
        view = memoryview(data)
        for start in range(0, len(view), self._SLICE):  # integers of limited size, to limit memory
            self._add(view[start : start + self._SLICE])

    def _add(self, data: memoryview) -> None:
        start = self._length % self._PERIOD
        number = int.from_bytes(data, "little") << (8 * start)
        blocks = -(-(len(data) + start) // self._PERIOD)
        while blocks > 1:
            half = blocks // 2
            bits = 8 * self._PERIOD * half
            # The upper part may be one block longer than the lower: the loop reduces it again.
            number = (number >> bits) ^ (number & ((1 << bits) - 1))
            blocks -= half
        self._state ^= number
        self._length += len(data)

    def value(self) -> str:
        bits = 0
        for index, byte in enumerate(self._state.to_bytes(self._PERIOD, "little")):
            bits ^= byte << (index * 11 % 160)
        low, high = bits & ((1 << 160) - 1), bits >> 160  # bits shifted out at the end are added at the start
        number = (low ^ high) ^ (self._length << 96)
        return base64.b64encode(number.to_bytes(20, "little")).decode("ascii")


ALGORITHMS: Mapping[str, Callable[[], Checksum]] = {
    "md5": lambda: _Hashlib("md5"),
    "sha1": lambda: _Hashlib("sha1"),
    "sha256": lambda: _Hashlib("sha256"),
    "content_hash": ContentHash,
    "quickxor": QuickXor,
}
"""Algorithms that a mapping may name under `verify`. A test compares them with the compiler's table."""


def equal(algorithm: str, expected: str, computed: str) -> bool:
    """Return True if a vendor's text is this checksum; some vendors write hexadecimal digits in upper case."""
    return expected == computed if algorithm == "quickxor" else expected.lower() == computed
