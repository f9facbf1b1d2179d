"""What remembers writes by their idempotency keys, so that a call that is made twice happens once.

The header field of this purpose (draft-ietf-httpapi-idempotency-key-header) has a server remember; where a vendor has no such thing,
the ledger does, on the caller's side. A row is made before anything is sent, and noted again before each request that must not be sent
twice. So whoever finds the row of a process that died knows whether anything could have happened.
"""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What a ledger knows of a key.

    `mine`: nothing has happened yet, and the call is this one's to make, under `token`. `running`: another makes it just now.
    `answered`: it was made and came to `answer`. `doubtful`: whether it was carried out is not known; `told` says what was sent, and
    `answer` is the error that it ended with, if there was one.
    `digest` is that of the call which the key was first used for.

    Of a doubtful one that can be looked for, `sought` is what its record is told by, and the looking is this one's, under `token`. It was
    sent `ago` seconds ago; `carried`: it was carried out for certain. `alone`: nobody is known to have written the same at that time.
    """

    state: Literal["mine", "running", "answered", "doubtful"]
    digest: str
    token: str = ""
    answer: bytes | None = None
    told: str = ""
    sought: str = ""
    ago: float = 0.0
    carried: bool = False
    alone: bool = True


class Ledger(Protocol):
    """Keeps entries. Each method is one atomic step, safe against other threads and processes, and on disk when it returns."""

    def begin(self, scope: str, key: str, digest: str, *, lease: float) -> Entry:
        """What is known of a key, which is `mine` if nothing is: then a row was made, which others leave alone for `lease` seconds.

        A row whose lease is over belongs to a process that died: it becomes `mine` where nothing had been sent that must not be sent
        twice, else `doubtful`.
        """
        ...

    def sending(self, token: str, told: str, *, lease: float, sought: str = "") -> bool:
        """Note that a request is about to be sent that must not be sent twice; `sought` where it is the call's first, and can be looked
        for. False: the row is no longer this call's."""
        ...

    def answered(self, token: str, answer: bytes) -> None:
        """The call was made."""
        ...

    def doubted(self, token: str, told: str, *, carried: bool = False, error: bytes = b"") -> None:
        """Whether the call was carried out as a whole is not known; `carried`: in part, for certain. `error` is what it ended with."""
        ...

    def released(self, token: str) -> None:
        """Nothing was carried out: the key is free."""
        ...
