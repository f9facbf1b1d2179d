"""Protocol of idempotency stores: remember writes by their idempotency keys, so that a call made twice is executed once.

With the header field of this purpose (draft-ietf-httpapi-idempotency-key-header), the server remembers keys; for vendors without it, the
store does, on the caller's side. A row is created before anything is sent, and updated before each request that must not be sent twice. The
row of a process that died therefore shows if anything could have been executed.
"""

from __future__ import annotations

import hashlib
from contextvars import ContextVar
from typing import Literal, Protocol

import msgspec

patience: ContextVar[float | None] = ContextVar("unified_idempotency_patience", default=None)
"""Maximum seconds that a call may wait for its store, from its deadline; None for the store's own limit."""


def waits(most: float) -> float:
    """Return the maximum seconds to wait for a store: `most`, or what the call's deadline leaves."""
    left = patience.get()
    return most if left is None else min(most, left)


def person_of(user: str | None, tenant: str) -> str:
    """Return the digest by which a user's writes are found; empty for no one in particular."""
    return "" if user is None else hashlib.sha256(f"{tenant}\n{user}".encode("utf-8", "surrogatepass")).hexdigest()


class StoredWrite(msgspec.Struct, frozen=True, kw_only=True):
    """State of an idempotency key in the store.

    `acquired`: nothing has been executed yet, and this caller may make the call, under `token`. `running`: another caller is making it.
    `completed`: it was made, and `result` is its value. `unconfirmed`: `detail` states what was sent, and `result` is the error
    that it ended with, if there was one. `digest` is that of the call which the key was first used for.

    If an unconfirmed call can be reconciled, `mark` identifies its record, and this caller may look it up, under `token`. It was sent
    `ago` seconds ago; `executed`: it was executed for certain. `known` is what the vendor returned before it was sent, None without an
    exclusive claim on the content. `made` is the id of the record, if a person resolved the call as executed.
    """

    state: Literal["acquired", "running", "completed", "unconfirmed"]
    digest: str
    token: str = ""
    result: bytes | None = None
    detail: str = ""
    mark: str = ""
    ago: float = 0.0
    executed: bool = False
    known: str | None = None
    made: str | None = None


class IdempotencyStore(Protocol):
    """Store of writes by key. Each method is one atomic step, safe against other threads and processes, and durable when it returns."""

    def begin(self, scope: str, key: str, digest: str, *, lease: float, operation: str = "", person: str = "") -> StoredWrite:
        """Return the state of a key. For a new key, a row is created and its state is `acquired`; it is reserved for this caller for
        `lease` seconds. `operation` is stored for people: `tasks.create on redmine`. `person` is the digest
        of the user that the call is made for (`person_of`), by which the user's writes are erased.

        A row whose lease has expired belongs to a process that died: it becomes `acquired` if no request had been sent that must not be
        sent twice, else `unconfirmed`.
        """
        ...

    def sending(self, token: str, detail: str, *, lease: float, mark: str = "", known: str | None = None) -> bool:
        """Note that a request which must not be sent twice is about to be sent. `mark` is set if it is the call's first and can be
        reconciled, with what is `known` of the vendor's records. Returns False if the row no longer belongs to this call."""
        ...

    def is_exclusive(self, token: str) -> bool:
        """Return True if no other row has the same `mark` and is unconfirmed, or was sent later than ten minutes before this one.

        False if the store cannot know: other rows may have been deleted since, or the machine was restarted.
        """
        ...

    def completed(self, token: str, result: bytes) -> None:
        """Store the result of a call that was made."""
        ...

    def unconfirmed(self, token: str, detail: str, *, executed: bool = False, error: bytes = b"") -> None:
        """Note that a call is unconfirmed; `executed`: a part of it was executed for certain. `error` is the error that it ended with."""
        ...

    def released(self, token: str) -> None:
        """Free the key: nothing was executed."""
        ...
