"""Key-encryption keys of a vault: stored in its database, wrapped by a root key outside the database."""

from __future__ import annotations

import hmac
import os
import threading
import time
from typing import NamedTuple, Protocol

import msgspec

from unified_platform.connections.errors import VaultDamaged, VaultKeyError
from unified_platform.store.database import Database, Session, blob, text
from unified_platform.vault import envelope
from unified_platform.vault.envelope import KEY_BYTES, Broken, Key, associated


class Root(Protocol):
    """Root key, which wraps a vault's key-encryption keys. It is fetched when it is first needed."""

    @property
    def name(self) -> str:
        """Location of its key, for people."""
        ...

    def prepare(self, *, create: bool) -> None:
        """Fetch the key; make one if there is none and `create` is true, for a new vault.

        Raises:
            VaultKeyError: there is none, it is malformed, or its location is not trusted.
            VaultUnavailable: its location does not respond.
        """
        ...

    def fingerprint(self) -> str:
        """Return text that identifies this key, without revealing anything else about it."""
        ...

    def wrap(self, key: bytes, about: bytes) -> bytes: ...

    def unwrap(self, wrapped: bytes, about: bytes) -> bytes:
        """Unwrap a key. Raises: Broken, and the errors of `prepare`."""
        ...


class LocalRoot:
    """Root key in this process's memory; base of files, variables, commands and keyrings."""

    __slots__ = ("__fingerprint", "__key")

    def __init__(self, material: bytes) -> None:
        self.__key = Key(b"", material)
        self.__fingerprint = hmac.digest(material, b"unified-vault root key", "sha256")[:8].hex()

    def fingerprint(self) -> str:
        return self.__fingerprint

    def wrap(self, key: bytes, about: bytes) -> bytes:
        return self.__key.encrypt(key, about)

    def unwrap(self, wrapped: bytes, about: bytes) -> bytes:
        return self.__key.decrypt(wrapped, about)


class _Stored(NamedTuple):
    """Wrapped key. Everything about it is inside, so that no bit flipped outside can matter."""

    vault: str
    id: bytes
    created_at: float
    material: bytes


_ABOUT = associated("key")


class Keys:
    """Opened keys of one vault, shared by threads. Keys that another process adds are read when they are first needed."""

    def __init__(self, database: Database, root: Root) -> None:
        self._database = database
        self._root = root
        self._keys: dict[bytes, Key] = {}
        self._current: Key | None = None
        self._lock = threading.Lock()
        self.vault = ""
        """Id of the vault, part of the associated data of everything in it."""

    def prepare(self) -> None:
        """Open the keys; in a new vault, make the first one.

        Raises:
            VaultKeyError, VaultUnavailable, VaultDamaged.
        """
        with self._database.reading() as session:
            rows = _rows(session)
        if not rows:
            self._root.prepare(create=True)
            with self._database.writing("keys") as session:
                rows = _rows(session)
                if not rows:
                    # If another process was first, its key is used.
                    self.vault = os.urandom(16).hex()
                    self.add(session)
                    rows = _rows(session)
        else:
            self._root.prepare(create=False)
        self._take(rows)

    @property
    def current(self) -> Key:
        """Key that wraps new data: the newest."""
        assert self._current is not None
        return self._current

    @property
    def root(self) -> Root:
        return self._root

    def key(self, id: bytes) -> Key:
        """Return the key of this id. Raises: Broken, if the vault does not have it."""
        key = self._keys.get(id)
        if key is None:
            self.reload()
            key = self._keys.get(id)
            if key is None:
                raise Broken
        return key

    def open(self, sealed: bytes, about: bytes) -> bytes:
        """Open sealed bytes. Raises: Broken."""
        return envelope.open_(self.key(envelope.key_id(sealed)), sealed, about)

    def reload(self) -> None:
        """Read the keys again."""
        with self._database.reading() as session:
            rows = _rows(session)
        self._take(rows)

    def fresh(self, session: Session) -> None:
        """Read the keys again if others were added or deleted. Every writing transaction begins with it, so that once a new key is stored
        and a writer's lock has been acquired after that, nothing more is wrapped by an older key.
        """
        if {text(row[0]) for row in session.rows("SELECT id FROM vault_keys")} != {id.hex() for id in self._keys}:
            self._take(_rows(session))

    def add(self, session: Session) -> None:
        """Add a key, which becomes the current one; older keys still open. Call `reload` to use it."""
        id = envelope.new_key_id()
        wrapped = self._root.wrap(_stored(self.vault, id), _ABOUT)
        session.run(
            "INSERT INTO vault_keys (id, root, wrapped, mirror) VALUES (?, ?, ?, ?)", id.hex(), self._root.fingerprint(), wrapped, wrapped
        )

    def remove_old(self, session: Session) -> int:
        """Delete every key but the current one, when no data is wrapped by them any more."""
        return session.run("DELETE FROM vault_keys WHERE id <> ?", self.current.id.hex())

    def hand_over(self, session: Session, root: Root) -> None:
        """Wrap every key with another root key."""
        for id, _, *copies in _rows(session):
            try:
                wrapped = root.wrap(self._unwrapped(copies), _ABOUT)
            except Broken:
                raise self._damaged(id) from None
            session.run("UPDATE vault_keys SET root = ?, wrapped = ?, mirror = ? WHERE id = ?", root.fingerprint(), wrapped, wrapped, id)

    def changed_root(self, root: Root) -> None:
        """Use another root key from now on, after `hand_over`."""
        self._root = root

    def check(self, session: Session) -> list[str]:
        """Return the problems of the stored keys."""
        wrong = []
        for id, _, *copies in _rows(session):
            for name, copy in zip(("first", "second"), copies, strict=True):
                try:
                    self._root.unwrap(copy, _ABOUT)
                except Broken:
                    wrong.append(f"the {name} copy of key {id} does not open")
        return wrong

    def _take(self, rows: list[tuple[str, str, bytes, bytes]]) -> None:
        keys: dict[bytes, Key] = {}
        newest: tuple[float, bytes] | None = None
        mine = self._root.fingerprint()
        for id, root, *copies in rows:
            try:
                stored = msgspec.msgpack.decode(self._unwrapped(copies), type=_Stored)
            except Broken:
                # The fingerprint is in the clear and decides nothing; it only distinguishes one reason from the other.
                raise self._wrong_key(root, mine) if root != mine else self._damaged(id) from None
            keys[stored.id] = Key(stored.id, stored.material)
            newest = max(newest or (0.0, b""), (stored.created_at, stored.id))
            self.vault = stored.vault
            del stored
        assert newest is not None
        with self._lock:
            self._keys = keys
            self._current = keys[newest[1]]

    def _unwrapped(self, copies: list[bytes]) -> bytes:
        for copy in dict.fromkeys(copies):
            try:
                return self._root.unwrap(copy, _ABOUT)
            except Broken:
                continue
        raise Broken

    def _wrong_key(self, root: str, mine: str) -> VaultKeyError:
        return VaultKeyError(
            f"the key from {self._root.name} is not the key of the vault in {self._database.location}: the vault's has the fingerprint "
            f"{root}, this one {mine}. Nothing was changed"
        )

    def _damaged(self, id: str) -> VaultDamaged:
        return VaultDamaged(f"the vault in {self._database.location} is damaged: its key {id} does not open. Restore it from a backup")


def _stored(vault: str, id: bytes) -> bytes:
    return msgspec.msgpack.encode(_Stored(vault, id, time.time(), os.urandom(KEY_BYTES)))


def _rows(session: Session) -> list[tuple[str, str, bytes, bytes]]:
    found = session.rows("SELECT id, root, wrapped, mirror FROM vault_keys ORDER BY id")
    return [(text(id), text(root), blob(wrapped), blob(mirror)) for id, root, wrapped, mirror in found]
