"""`using`: block whose calls go through a given client."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Generic, TypeVar

from unified_runtime.client.base import BaseClient

C = TypeVar("C", bound=BaseClient)


class Using(Generic[C]):
    """Context manager returned by `using`."""

    __slots__ = ("_ambient", "_before", "_client")

    def __init__(self, client: C) -> None:
        if not isinstance(client, BaseClient):
            raise TypeError(f"using() accepts a Client or an AsyncClient, not {type(client).__name__}")
        self._ambient = client.ambient
        self._client = client
        self._before: Any = None

    def __enter__(self) -> C:
        self._before = self._ambient.get()
        self._ambient.set(self._client)
        return self._client

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        # Not by a token: a generator may end in another context than it started in.
        self._ambient.set(self._before)

    async def __aenter__(self) -> C:
        return self.__enter__()

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.__exit__(kind, error, trace)


def using(client: C) -> Using[C]:
    """Make a client the current one in a block: `with using(client): tasks.get("PROJ-7")`. It is not closed at the end.

    A `Client` is for `unified.tasks` and the other resources, an `AsyncClient` for those of `unified.aio`. `async with` works too, as in
    `async with AsyncClient() as client, using(client):`.

    Raises:
        TypeError: it is not a client.
    """
    return Using(client)
