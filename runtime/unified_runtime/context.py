"""What surrounds a call: the context an adapter sees, and on whose behalf calls are made."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from types import TracebackType
from typing import Any


class Context:
    """What an adapter may know of the call it serves.

    `connection` holds the connection's values (site, workspace), `extra` the vendor's fields passed through, already
    checked. `cursor` asks for a page and `limit` for its size. `key` is the idempotency key.
    """

    __slots__ = ("_key", "connection", "cursor", "extra", "limit")

    def __init__(
        self,
        connection: Mapping[str, str],
        extra: Mapping[str, Any],
        cursor: str | None = None,
        limit: int | None = None,
        key: str | None = None,
    ) -> None:
        self.connection = connection
        self.extra = extra
        self.cursor = cursor
        self.limit = limit
        self._key = key

    @property
    def key(self) -> str:
        """The caller's idempotency key, or one made for this call; the same through all its steps and retries."""
        if self._key is None:
            import uuid  # seldom needed, and not worth its import time before

            self._key = str(uuid.uuid4())
        return self._key


class Acting:
    """For whom and through which vendor calls are made. `before` is what held outside the block."""

    __slots__ = ("before", "user", "via")

    def __init__(self, user: str | None = None, via: str | None = None, before: Acting | None = None) -> None:
        self.user = user
        self.via = via
        self.before = before


NOBODY = Acting()

_acting: ContextVar[Acting] = ContextVar("unified_acting", default=NOBODY)

current_acting = _acting.get
"""What holds here and now."""


class acting:  # noqa: N801  a context manager is used like a function
    """Make the calls inside the block for `user` and through `via`; what is not given stays as it is.

    Blocks nest, and belong to their thread or task alone (`contextvars`).
    """

    __slots__ = ("_user", "_via")

    def __init__(self, *, user: str | None = None, via: str | None = None) -> None:
        self._user = user
        self._via = via

    def __enter__(self) -> None:
        before = _acting.get()
        user = before.user if self._user is None else self._user
        via = before.via if self._via is None else self._via
        _acting.set(Acting(user, via, before))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        _acting.set(_acting.get().before or NOBODY)
