"""Sealed cursors: the cursors that callers receive, authenticated and bound to the list that returned them.

A sealed cursor is base64url (RFC 4648, section 5, without padding) of

    4 bytes   id of the key
    16 bytes  HMAC-SHA-256, truncated to 128 bits (RFC 2104, section 5)
        rest      a JSON array: the vendor's cursor; for a list that a person approved, also the approval and its expiry time

The HMAC covers the rest and the digest of the list: tenant, agent, user, team, on_behalf_of, operation, connection, account, server and
arguments. Only the page size may differ from page to page. The same vendor cursor always gives the same sealed cursor.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import time
from typing import TYPE_CHECKING, Any

import msgspec

from unified_runtime.core.blocking_tasks import BlockingTask
from unified_runtime.core.errors import InvalidInput, StaleCursor, UnifiedError
from unified_runtime.core.suggestions import shortened
from unified_runtime.policy.approvals import NotBindable, RedeemedApproval, digest_of_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from unified_runtime.core.connection_sources import CursorKeys
    from unified_runtime.core.connections import Connection
    from unified_runtime.core.context import Acting
    from unified_runtime.core.operations import Invocation, OperationBase
    from unified_runtime.core.records import Page
    from unified_runtime.execution.flows import Flow

ID_BYTES, KEY_BYTES = 4, 32
_MAC_BYTES = 16
_HEAD = ID_BYTES + _MAC_BYTES
_LONGEST = 64 * 1024
"""Maximum length of a sealed cursor, in characters."""

_decode = msgspec.json.Decoder(list[Any]).decode


class ProcessKeys:
    """Random key of this process, for clients without a vault. A forked process has the same key as its parent if it was used."""

    __slots__ = ("_pair",)

    def __init__(self) -> None:
        self._pair: tuple[bytes, bytes] | None = None

    def newest(self) -> tuple[bytes, bytes]:
        if self._pair is None:
            self._pair = os.urandom(ID_BYTES), os.urandom(KEY_BYTES)
        return self._pair

    def key(self, id: bytes) -> bytes | None:
        known, key = self.newest()
        return key if known == id else None

    def load(self) -> None:
        """Do nothing: there is no stored key to load."""


PROCESS = ProcessKeys()


class ListCursors(msgspec.Struct, eq=False):
    """Seals the cursors of one list's pages, and opens those that callers pass. Without shared keys, it uses a key of this process."""

    _operation: OperationBase[Any, Any]
    _invocation: Invocation[Any]
    _connection: Connection
    _checked_arguments: Sequence[Any]
    _extra: Mapping[str, Any]
    _acting: Acting
    _shared_keys: CursorKeys | None
    _digest: bytes | None = None

    def __repr__(self) -> str:
        return f"ListCursors({self._operation.name})"

    @property
    def _keys(self) -> CursorKeys:
        return PROCESS if self._shared_keys is None else self._shared_keys

    def opened(self, cursor: str) -> Flow[tuple[str, RedeemedApproval | None]]:
        """Return the vendor's cursor, and the approval under which the list continues if it is still valid.

        Raises:
            InvalidInput: the cursor was not returned by a page of this list, or was altered.
            StaleCursor: its key is no longer known, and the operation reports changes.
        """
        id, _, _ = parts = self._parts(cursor)
        if self._keys.key(id) is None:
            yield from self._loaded()
        return self._checked(cursor, *parts)

    def opened_now(self, cursor: str) -> str:
        """Return the vendor's cursor, for a plan. Raises the errors of `opened`. May do I/O."""
        id, _, _ = parts = self._parts(cursor)
        if self._keys.key(id) is None:
            self._keys.load()
        return self._checked(cursor, *parts)[0]

    def sealed(self, page: Page[Any], spent: RedeemedApproval | None) -> Flow[Page[Any]]:
        """Return the page with its cursors sealed. The cursor for changes after the last page does not carry the approval of the list."""
        found = self._keys.newest()
        if found is None:
            yield from self._loaded()
            found = self._keys.newest()
            assert found is not None
        if page.cursor is not None:
            page.cursor = self._seal(*found, page.cursor, *(spent or ()))
        if page.sync is not None:
            page.sync = self._seal(*found, page.sync)
        return page

    def _parts(self, cursor: str) -> tuple[bytes, bytes, bytes]:
        try:
            data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True) if len(cursor) <= _LONGEST else b""
        except (binascii.Error, ValueError):
            data = b""
        # Each cursor has one spelling: stray bits in the last character are rejected.
        if len(data) <= _HEAD or _text(data) != cursor:
            raise self._wrong(f"{shortened(cursor)} is not a cursor of this list")
        return data[:ID_BYTES], data[ID_BYTES:_HEAD], data[_HEAD:]

    def _checked(self, cursor: str, id: bytes, mac: bytes, payload: bytes) -> tuple[str, RedeemedApproval | None]:
        key = self._keys.key(id)
        if key is None:
            raise self._unknown()
        if not hmac.compare_digest(mac, self._mac(key, payload)):
            raise self._wrong(
                f"{shortened(cursor)} is not a cursor of this list: it was altered, or returned for another operation, connection, user "
                "or agent, or with other arguments"
            )
        vendors, *spent = _decode(payload)
        return vendors, RedeemedApproval(*spent) if spent and spent[1] > time.time() else None

    def _seal(self, id: bytes, key: bytes, *parts: object) -> str:
        vendors, *spent = parts
        # Base64 would hide a secret that a vendor repeats in a cursor from later redaction.
        credential = self._connection.credential
        payload = msgspec.json.encode([credential.redacted_text(credential.without_secrets(str(vendors))), *spent])
        return _text(id + self._mac(key, payload) + payload)

    def _mac(self, key: bytes, payload: bytes) -> bytes:
        if self._digest is None:
            self._digest = self._bound()
        return hmac.digest(key, self._digest + payload, "sha256")[:_MAC_BYTES]

    def _bound(self) -> bytes:
        try:
            found = digest_of_list(self._operation, self._invocation, self._connection, self._checked_arguments, self._extra, self._acting)
        except NotBindable as error:
            raise self._wrong(f"the list cannot be resumed: {error}") from None
        return hashlib.sha256(b"unified cursor\n" + found.encode()).digest()

    def _loaded(self) -> Flow[None]:
        task = BlockingTask(self._load, blocks=True)
        yield task
        if task.result is not None:
            raise task.result

    def _load(self) -> UnifiedError | None:
        try:
            self._keys.load()
        except UnifiedError as error:
            return error.with_traceback(None)
        return None

    def _unknown(self) -> UnifiedError:
        vendor, operation = self._connection.vendor.name, self._operation.name
        if self._operation.like == "changes":
            return StaleCursor("the key of this cursor is no longer known: start over without a cursor", vendor=vendor, operation=operation)
        if self._keys is PROCESS:
            return self._wrong(
                "the cursor was returned by another process, and this one has no vault that both could share: start over without a "
                "cursor, or use a vault in both (docs/how-to/vault.md)"
            )
        return self._wrong("the key of this cursor is no longer known: start over without a cursor")

    def _wrong(self, message: str) -> InvalidInput:
        fields = {"cursor": "must be one that a page returned"}
        return InvalidInput(message, operation=self._operation.name, vendor=self._connection.vendor.name, fields=fields)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
