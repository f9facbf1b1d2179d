"""Manifest: the newest version of every connection, which reveals rows that were rolled back or removed.

A sealed record identifies its owner and version, and cannot be changed or moved. It cannot prevent being replaced: an attacker who can
write to the database could restore an older row of the same connection, with the refresh token of last month, or remove a row. So a tree
of two levels is stored with the connections, sealed too. A leaf has the version and authentication tag of each connection whose id maps
to it; the root has the tag of each leaf, and counts the writes. A connection is read together with its leaf and the root, and all three
must agree. Every write changes them together.

If an older root is restored together with an older leaf and older rows, the count decreases: a process that has seen a later one raises
an error. After a restart it cannot detect this; `unified vault verify --at-least COUNT` can, given a count that was noted elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from unified_platform.vault import envelope
from unified_platform.vault.envelope import Broken, Key, associated
from unified_platform.vault.keys import Keys

LEAVES = 256
ROOT = -1


class Mark(NamedTuple):
    """Newest version of a connection."""

    version: int
    tag: bytes


class Leaf(msgspec.Struct):
    marks: dict[str, Mark] = {}


class Root(msgspec.Struct):
    """Root of the manifest. `count` grows by one with every write of the tenant."""

    count: int = 0
    leaves: dict[int, bytes] = {}


def leaf_of(id: str) -> int:
    """Return the leaf that a connection's mark is in."""
    return hashlib.sha256(id.encode()).digest()[0] % LEAVES


def seal(key: Key, vault: str, tenant: str, number: int, node: Leaf | Root) -> bytes:
    return envelope.seal(key, msgspec.msgpack.encode(node), about(vault, tenant, number))


def about(vault: str, tenant: str, number: int) -> bytes:
    return associated(vault, "manifest", tenant, number)


def open_root(keys: Keys, vault: str, tenant: str, copies: tuple[bytes, bytes] | None) -> Root:
    """Return the root: the newer of its copies that open.

    Raises:
        Broken: neither opens.
    """
    if copies is None:
        return Root()
    found: Root | None = None
    for sealed in dict.fromkeys(copies):
        try:
            root = msgspec.msgpack.decode(keys.open(sealed, about(vault, tenant, ROOT)), type=Root)
        except Broken:
            continue
        if found is None or root.count > found.count:
            found = root
    if found is None:
        raise Broken
    return found


def open_leaf(keys: Keys, vault: str, tenant: str, number: int, copies: tuple[bytes, ...] | None, root: Root) -> Leaf:
    """Return the leaf that the root refers to.

    Raises:
        Broken: no copy opens, or none is the newest, or the leaf is missing.
    """
    expected = root.leaves.get(number)
    if copies is None:
        if expected is None:
            return Leaf()
        raise Broken
    for sealed in dict.fromkeys(copies):
        if envelope.tag(sealed) == expected:
            try:
                return msgspec.msgpack.decode(keys.open(sealed, about(vault, tenant, number)), type=Leaf)
            except Broken:
                continue
    raise Broken


def grouped(ids: Mapping[str, object]) -> dict[int, list[str]]:
    """Group ids by their leaves."""
    groups: dict[int, list[str]] = {}
    for id in ids:
        groups.setdefault(leaf_of(id), []).append(id)
    return groups
