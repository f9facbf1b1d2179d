"""A right for one action: asked for when it is needed, used, and ended (RFC 9396 just in time). It never enters the vault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from unified_platform.oauth.tokens import Tokens
from unified_runtime import Credential, bearer
from unified_runtime.errors import InvalidInput


class OneAction:
    """A token for what `details` say, inside `with` or `async with` alone: leaving ends it here, and at the vendor where that can be done.

    `vendor`, `user` and `values` are what a client connects with: `client.connect(action.vendor, action.credential(), **action.values)`.
    """

    def __init__(
        self, vendor: str, user: str | None, values: Mapping[str, str], tokens: Tokens, end: Callable[[], object] | None, aend: Any = None
    ) -> None:
        self.vendor = vendor
        self.user = user
        self.values = dict(values)
        self.details = tokens.details or ()
        self._tokens: Tokens | None = tokens
        self._end = end
        self._aend = aend

    def credential(self) -> Credential:
        """The credential for calls.

        Raises:
            InvalidInput: the action is over.
        """
        if self._tokens is None:
            raise InvalidInput("this right was for one action, which is over: ask for it again")
        return bearer(self._tokens.access)

    def __enter__(self) -> OneAction:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._tokens = None
        if self._end is not None:
            self._end()

    async def __aenter__(self) -> OneAction:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._tokens = None
        if self._aend is not None:
            await self._aend()

    def __repr__(self) -> str:
        return f"OneAction({self.vendor}, {'over' if self._tokens is None else 'open'})"
