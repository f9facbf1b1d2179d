"""Operations of the facade: typed builders of calls, as operations that run, plan, and have async variants.

Importing this module imports no vendor, no HTTP library and no pydantic; the first call imports them.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping

from unified_runtime.client import current
from unified_runtime.core.operations import Invocation, OperationBase

TYPE_CHECKING = False  # importing it from `typing` would cost more than this module; type checkers know the name

if TYPE_CHECKING:
    from typing import Any, Generic, ParamSpec, TypeVar, final

    from unified_runtime.client._async.downloads import AsyncDownload
    from unified_runtime.client._async.pages import AsyncPages
    from unified_runtime.client._sync.downloads import Download
    from unified_runtime.client._sync.pages import Pages
    from unified_runtime.client.bulk import Item, Results
    from unified_runtime.core.plans import Plan
    from unified_runtime.core.policy_decisions import Effect

    P = ParamSpec("P")
    T = TypeVar("T")
else:
    from unified_runtime.core.light_typing import Any, Generic, P, T, final


class _Callable(OperationBase[P, T]):
    """Operation that can be planned, and bound to inputs by name."""

    def bind(self, values: Mapping[str, Any]) -> Invocation[T]:
        """Return the call for inputs given by name, as from a command line or a model.

        Raises:
            InvalidInput: an input is unknown, or a required one is missing.
        """
        from unified_runtime.client.arguments import bind

        return bind(self, values)

    def plan(self, *args: P.args, **kwargs: P.kwargs) -> Plan:
        """Return the requests that this call would send, without sending any.

        Raises:
            InvalidInput, Unsupported: as the call itself would.
        """
        return current.client().plan(self, self.build(*args, **kwargs))


@final
class Operation(_Callable[P, T]):
    """Operation that returns one value. Created by `operation`."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        return current.client().run(self, self.build(*args, **kwargs))

    @property
    def asynchronous(self) -> AsyncOperation[P, T]:
        """Return the async variant, for `await`."""
        return AsyncOperation(self.resource, self.operation, self.vendors, self.build, self.effect, self.like)


@final
class AsyncOperation(_Callable[P, T]):
    """Async variant of `Operation`."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        return current.async_client().run(self, self.build(*args, **kwargs))


@final
class Many(Generic[T]):
    """Operation on many inputs, several at a time. Created by `many`.

    Each item is a mapping of the operation's inputs by name; if an operation accepts one id, an id suffices. A failure does not stop the
    other items, unless all would fail for the same reason (not connected, or the credential is rejected): the rest is then skipped.

    Args of a call:
        items: read one by one, as they are needed.
        via: the vendor to use, if it is not the one in `acting` or in an item.
        idempotency_key: each item gets this key with its number appended (`import/7`): the same items under the same key continue where
            they stopped, and nothing is executed twice.
        concurrency: the number of concurrent calls.
        progress: called with each `Item` as it ends.
    """

    def __init__(self, operation: Operation[..., T]) -> None:
        self._operation = operation
        self.name = f"{operation.name}_many"

    def __call__(
        self,
        items: Iterable[Mapping[str, Any] | str],
        *,
        via: str | None = None,
        idempotency_key: str | None = None,
        concurrency: int = 8,
        progress: Callable[[Item[T]], object] | None = None,
    ) -> Results[T]:
        """Make the calls and return the result of each.

        Raises:
            InvalidInput: an item is not valid, or `concurrency` is not a positive integer.
        """
        from unified_runtime.client import bulk

        return bulk.many(self._operation, items, via=via, idempotency_key=idempotency_key, concurrency=concurrency, progress=progress)

    def plan(self, items: Iterable[Mapping[str, Any] | str], *, via: str | None = None) -> Plan:
        """Return the requests that these items need, without sending any: in batches, if the vendor accepts them.

        Raises:
            InvalidInput, Unsupported: as the call of one of them would.
        """
        from unified_runtime.client import bulk

        return bulk.plan(self._operation, items, via)

    @property
    def asynchronous(self) -> AsyncMany[T]:
        """Return the async variant, for `await`."""
        return AsyncMany(self._operation)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


@final
class AsyncMany(Generic[T]):
    """Async variant of `Many`; its items may also come from an async iterable."""

    def __init__(self, operation: Operation[..., T]) -> None:
        self._operation = operation.asynchronous
        self.name = f"{operation.name}_many"

    async def __call__(
        self,
        items: Iterable[Mapping[str, Any] | str] | AsyncIterable[Mapping[str, Any] | str],
        *,
        via: str | None = None,
        idempotency_key: str | None = None,
        concurrency: int = 8,
        progress: Callable[[Item[T]], object] | None = None,
    ) -> Results[T]:
        from unified_runtime.client import bulk

        return await bulk.amany(
            self._operation, items, via=via, idempotency_key=idempotency_key, concurrency=concurrency, progress=progress
        )

    def plan(self, items: Iterable[Mapping[str, Any] | str], *, via: str | None = None) -> Plan:
        """Return the requests that these items need, without sending any; see `Many.plan`."""
        from unified_runtime.client import bulk

        return bulk.plan(self._operation, items, via)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


@final
class Listing(_Callable[P, T]):
    """Operation that returns records page by page. Created by `listing`."""

    pages = True

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Pages[T]:
        return current.client().list(self, self.build(*args, **kwargs))

    @property
    def asynchronous(self) -> AsyncListing[P, T]:
        """Return the async variant, for `async for`."""
        return AsyncListing(self.resource, self.operation, self.vendors, self.build, self.effect, self.like, self.finds)


@final
class AsyncListing(_Callable[P, T]):
    """Async variant of `Listing`."""

    pages = True

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> AsyncPages[T]:
        return current.async_client().list(self, self.build(*args, **kwargs))


@final
class Downloading(_Callable[P, T]):
    """Operation that returns a content to receive. Created by `downloading`."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Download:
        return current.client().download(self, self.build(*args, **kwargs))

    @property
    def asynchronous(self) -> AsyncDownloading[P, T]:
        """Return the async variant, for `async for` and `await`."""
        return AsyncDownloading(self.resource, self.operation, self.vendors, self.build, self.effect, self.like)


@final
class AsyncDownloading(_Callable[P, T]):
    """Async variant of `Downloading`."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> AsyncDownload:
        return current.async_client().download(self, self.build(*args, **kwargs))


def operation(
    resource: str, name: str, vendors: Mapping[str, str], *, effect: Effect = "destructive", like: str | None = None
) -> Callable[[Callable[P, Invocation[T]]], Operation[P, T]]:
    """Create an operation from a typed builder.

    `vendors` has each vendor's adapter module, `effect` is the strongest effect of the operation, and `like` names the operation of create,
    get, update and delete that it resembles, if its name is another.
    """

    def decorate(build: Callable[P, Invocation[T]]) -> Operation[P, T]:
        return Operation(resource, name, vendors, build, effect, like)

    return decorate


def many(operation: Operation[..., T]) -> Many[T]:
    """Create the bulk variant of an operation."""
    return Many(operation)


def listing(
    resource: str, name: str, vendors: Mapping[str, str], *, like: str | None = None, finds: bool = False
) -> Callable[[Callable[P, Invocation[T]]], Listing[P, T]]:
    """Create a listing from a typed builder; its record type is that of the `Invocation`. `finds`: its `custom_fields` may have values to
    filter by."""

    def decorate(build: Callable[P, Invocation[T]]) -> Listing[P, T]:
        return Listing(resource, name, vendors, build, "read", like, finds)

    return decorate


def downloading(
    resource: str, name: str, vendors: Mapping[str, str], *, effect: Effect = "read", like: str | None = None
) -> Callable[[Callable[P, Invocation[T]]], Downloading[P, T]]:
    """Create an operation that returns a content from a typed builder; see `operation`."""

    def decorate(build: Callable[P, Invocation[T]]) -> Downloading[P, T]:
        return Downloading(resource, name, vendors, build, effect, like)

    return decorate
