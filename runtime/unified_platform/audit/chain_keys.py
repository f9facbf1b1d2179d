"""The audit log as brokers and commands open it: its chain keyed under the vault's root key, its heads recorded outside."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from unified_platform.audit.heads import HeadRecorder, open_heads
from unified_platform.audit.log import ChainKey, StoredAuditLog, head_of
from unified_platform.common.extras import require_extra
from unified_platform.connections.errors import VaultKeyError
from unified_platform.store.database import Database, Session, blob

if TYPE_CHECKING:
    from unified_platform.vault.keys import Root

_KEY_BYTES = 32
Roots = Callable[[], Sequence["Root"]]


class StoredKeys:
    """Keys of a chain, stored beside it, each wrapped by a root key and bound to the entry after which it applies.

    Args:
        roots: root keys that may have wrapped the keys; called when the first key is opened.
    """

    def __init__(self, roots: Roots) -> None:
        self._roots = roots

    def open(self, session: Session, after: int) -> Sequence[ChainKey]:
        rows = session.rows("SELECT number, root, sealed, seq, hash FROM control_audit_keys WHERE number > ? ORDER BY number", after)
        roots = list(self._roots())
        for root in roots:
            root.prepare(create=False)
        found = []
        for number, root_id, sealed, seq, hash in rows:
            about = _about(int(number), int(seq), str(hash))
            material = next((opened for root in roots if (opened := _unwrapped(root, blob(sealed), about)) is not None), None)
            if material is None:
                names = " or ".join(root.name for root in roots)
                known = root_id in {root.fingerprint() for root in roots}
                raise VaultKeyError(
                    f"key {number} of the audit log "
                    + (
                        "was altered"
                        if known
                        else f"does not open by {names}: it was wrapped by the root key with the fingerprint {root_id}. Give that one too"
                    )
                )
            found.append(ChainKey(int(number), int(seq), str(hash), material))
        return found


def open_audit_log(database: Database, *roots: str | Root, heads: str | None = None, tenant: str | None = None) -> StoredAuditLog:
    """The audit log of a database, for a process that may append to it.

    Args:
        roots: root keys of the vault, or their sources such as `file:/path`; by default the vault's own. Read if the chain is keyed.
        heads: where heads are recorded; see `open_heads`.
        tenant: the tenant of every entry that names none.

    Raises:
        InvalidInput: the location of the heads is not valid.
        UnifiedError: it cannot be opened.
    """
    recorded = open_heads(heads, database.location)
    return StoredAuditLog(database, keys_of(*roots), None if recorded is None else HeadRecorder(recorded), tenant=tenant)


def keys_of(*roots: str | Root) -> StoredKeys:
    """The keys that some root keys, or those of some sources, open; by default the vault's own."""

    def opened() -> Sequence[Root]:
        require_extra("cryptography", "vault", "a keyed audit log")
        from unified_platform.vault.opening import default_key
        from unified_platform.vault.root_keys import root

        return [root(one) if isinstance(one, str) else one for one in roots or (default_key(),)]

    return StoredKeys(opened)


def key_chain(database: Database, root: Root) -> None:
    """Key the chain from its last entry on, unless it is keyed.

    Raises:
        VaultKeyError: its newest key is wrapped by another root key. With a further key, processes that have that one could not append.
        UnifiedError: the database or the root key cannot be used.
    """
    root.prepare(create=True)
    with database.reading() as session:
        newest = _newest(session)
    if newest is None:
        with database.writing("audit") as session:
            newest = _newest(session)
            if newest is None:
                _add(session, root)
                return
    if newest != (mine := root.fingerprint()):
        raise VaultKeyError(
            f"the audit log in {database.location} is keyed under the root key with the fingerprint {newest}, and {root.name} has {mine}. "
            "Give each installation a control database of its own. After a change of the root key, run "
            "`unified audit rotate --to NEW --vault-key OLD`"
        )


def rotate(database: Database, roots: Sequence[Root], to: Root | None = None) -> int:
    """Add a key that applies to all entries from now on, and return its number. Older keys stay, for verifying.

    Args:
        roots: root keys that open the keys there are; the first wraps the new one.
        to: another root key, by which all keys are wrapped from now on.

    Raises:
        VaultKeyError: a key does not open.
        UnifiedError: the database cannot be used.
    """
    target = to or roots[0]
    target.prepare(create=to is not None)
    with database.writing("audit") as session:
        for key in StoredKeys(lambda: roots).open(session, 0):
            _wrap(session, key.number, target, target.wrap(key.material, _about(key.number, key.seq, key.hash)))
        return _add(session, target)


def hand_over(database: Database, root: Root, to: Root) -> int:
    """Wrap the keys of one root key by another, and return their number. Processes that have them open go on writing.

    Raises:
        VaultKeyError: a key does not open.
        UnifiedError: the database cannot be used.
    """
    root.prepare(create=False)
    to.prepare(create=True)
    with database.writing("audit") as session:
        rows = session.rows("SELECT number, sealed, seq, hash FROM control_audit_keys WHERE root = ?", root.fingerprint())
        for number, sealed, seq, hash in rows:
            about = _about(int(number), int(seq), str(hash))
            material = _unwrapped(root, blob(sealed), about)
            if material is None:
                raise VaultKeyError(f"key {number} of the audit log was altered")
            _wrap(session, int(number), to, to.wrap(material, about))
        return len(rows)


def _wrap(session: Session, number: int, root: Root, sealed: bytes) -> None:
    session.run("UPDATE control_audit_keys SET root = ?, sealed = ? WHERE number = ?", root.fingerprint(), sealed, number)


def _newest(session: Session) -> str | None:
    rows = session.rows("SELECT root FROM control_audit_keys ORDER BY number DESC LIMIT 1")
    return str(rows[0][0]) if rows else None


def _add(session: Session, root: Root) -> int:
    number = int(session.rows("SELECT COALESCE(MAX(number), 0) FROM control_audit_keys")[0][0]) + 1
    head = head_of(session)
    sealed = root.wrap(secrets.token_bytes(_KEY_BYTES), _about(number, head.seq, head.hash))
    session.run(
        "INSERT INTO control_audit_keys (number, root, sealed, seq, hash, created_at) VALUES (?, ?, ?, ?, ?, NOW())",
        number,
        root.fingerprint(),
        sealed,
        head.seq,
        head.hash,
    )
    return number


def _unwrapped(root: Root, sealed: bytes, about: bytes) -> bytes | None:
    from unified_platform.vault.envelope import Broken

    try:
        return root.unwrap(sealed, about)
    except Broken:
        return None


def _about(number: int, seq: int, hash: str) -> bytes:
    return f"unified audit key\n{number}\n{seq}\n{hash}".encode()
