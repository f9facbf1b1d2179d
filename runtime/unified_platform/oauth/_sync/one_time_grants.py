# Written by `make sync` from ../_async/one_time_grants.py; edit that module.
"""Blocks that use a grant for one action and revoke it."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from unified_platform.oauth.one_time_grants import OneTimeGrant, OneTimeGrantBase
from unified_runtime import Client
from unified_runtime.execution.flows import Flow


class OneTimeGrants(OneTimeGrantBase):
    """Token for one action. The block's end deletes it, and revokes it at the vendor if possible.

    Use what `finish_once` of a connector returns in a `with` block, or an `async with` block if the connector is asynchronous.
    """

    def __init__(self, right: OneTimeGrant, client: Client, revocation: Flow[object] | None) -> None:
        super().__init__(right)
        self._client = client
        self._revocation = revocation

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._discard()
        if self._revocation is not None:
            self._client.perform(self._revocation)
