"""Blocks that use a grant for one action and revoke it."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from unified_platform.oauth.one_time_grants import OneTimeGrant, OneTimeGrantBase
from unified_runtime import AsyncClient
from unified_runtime.execution.flows import Flow


class AsyncOneTimeGrants(OneTimeGrantBase):
    """Token for one action. The block's end deletes it, and revokes it at the vendor if possible.

    Use what `finish_once` of a connector returns in a `with` block, or an `async with` block if the connector is asynchronous.
    """

    def __init__(self, right: OneTimeGrant, client: AsyncClient, revocation: Flow[object] | None) -> None:
        super().__init__(right)
        self._client = client
        self._revocation = revocation

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._discard()
        if self._revocation is not None:
            await self._client.perform(self._revocation)
