"""The manifest: which contents of every connection are the newest, so that older ones are not taken for them.

A sealed record tells whose it is and which version, and cannot be changed or moved. What it cannot tell is that it was replaced since:
whoever writes to the database could put an older row of the same connection back, with the refresh token of last month, or take a row
away. So a tree of two levels stands beside the connections, sealed too. A leaf holds version and authentication tag of each connection
whose id falls to it; the root holds the tag of each leaf, and counts the writes. A connection is read together with its leaf and the
root, and all three must agree. Every write changes them together.

Where an older root is put back along with an older leaf and older rows, the count goes back: a process that has seen a later one refuses.
One that has not, such as after a restart, cannot tell; `unified vault verify --at-least COUNT` can, given a count that was noted elsewhere.
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
    """The newest contents of a connection."""

    version: int
    tag: bytes


class Leaf(msgspec.Struct):
    marks: dict[str, Mark] = {}


class Root(msgspec.Struct):
    """`count` grows by one with every write of the tenant's."""

    count: int = 0
    leaves: dict[int, bytes] = {}


def leaf_of(id: str) -> int:
    """The leaf that a connection's mark stands in."""
    return hashlib.sha256(id.encode()).digest()[0] % LEAVES


def seal(key: Key, vault: str, tenant: str, number: int, node: Leaf | Root) -> bytes:
    return envelope.seal(key, msgspec.msgpack.encode(node), about(vault, tenant, number))


def about(vault: str, tenant: str, number: int) -> bytes:
    return associated(vault, "manifest", tenant, number)


def open_root(keys: Keys, vault: str, tenant: str, copies: tuple[bytes, bytes] | None) -> Root:
    """The root, by the newer of its copies that open.

    Raises:
        Broken: none does.
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


def open_leaf(keys: Keys, vault: str, tenant: str, number: int, copies: tuple[bytes, bytes] | None, root: Root) -> Leaf:
    """The leaf that the root knows.

    Raises:
        Broken: neither copy opens, or they are not the newest, or the leaf is missing.
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
    """Ids by their leaves."""
    groups: dict[int, list[str]] = {}
    for id in ids:
        groups.setdefault(leaf_of(id), []).append(id)
    return groups
