"""What the facade is made of: typed builders of calls, turned into operations that run, plan, and have async twins.

Importing this module imports no vendor, no HTTP library and no pydantic; those come with the first call.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping, Sequence

from unified_runtime import current

TYPE_CHECKING = False  # importing it from `typing` would be most of what importing this costs; type checkers know the name

if TYPE_CHECKING:
    from typing import Any, Generic, ParamSpec, TypeVar, final

    from unified_runtime.bulk import Item, Results
    from unified_runtime.calling.plans import Plan
    from unified_runtime.control.policy import Effect
    from unified_runtime.media.files import AsyncDownload, Download
    from unified_runtime.media.sources import Content, Progress
    from unified_runtime.pages import AsyncPages, Pages
    from unified_runtime.records import Input

    P = ParamSpec("P")
    T = TypeVar("T")
else:
    from unified_runtime.untyped import Any, Generic, P, T, final

Extra = Mapping[str, Mapping[str, Any]]
"""Vendor fields passed through, by vendor: `extra={"jira": {"fields": {"customfield_10010": 3}}}`."""


@final
class Unset:
    """The type of `UNSET`: an input that was not given, as opposed to None, which clears."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False

    def __copy__(self) -> Unset:
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> Unset:
        return self

    def __reduce__(self) -> str:
        return "UNSET"


UNSET = Unset()


@final
class Invocation(Generic[T]):
    """One call as its builder states it, nothing checked yet.

    `ids` go to the adapter one by one, in order; those named by `optional` may be None. `content` follows them, contents to upload by
    name, and `progress` is told how far they came. `custom_fields` names those of the account to read besides,
    or holds the values of those to write, or to look for.
    `given` becomes its `model`. A given value of `UNSET` counts as not given.
    """

    __slots__ = ("content", "cursor", "custom_fields", "extra", "given", "ids", "key", "limit", "model", "optional", "progress", "via")

    def __init__(
        self,
        *,
        model: type[Input] | None = None,
        given: Mapping[str, object] | None = None,
        ids: Mapping[str, object] | None = None,
        optional: tuple[str, ...] = (),
        content: Mapping[str, Content | None] | None = None,
        progress: Progress | None = None,
        via: str | None = None,
        extra: Extra | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        key: str | None = None,
        custom_fields: Sequence[str] | Mapping[str, object] = (),
    ) -> None:
        self.model = model
        self.given = given
        self.ids = ids
        self.optional = optional
        self.content = content
        self.progress = progress
        self.via = via
        self.extra = extra
        self.cursor = cursor
        self.custom_fields = custom_fields
        self.limit = limit
        self.key = key


@final
class Adapter:
    """A vendor's function for an operation, and its names for the vendor's error fields.

    It is `repeatable` where every request that it sends may be sent again, since the vendor takes an idempotency key or the method says so.
    `custom` says where its records hold the fields that an account has added, if they can have any; see `unified_runtime.custom`.
    `batch` is how many calls the vendor takes at once, 1 where it takes each by itself.
    """

    __slots__ = ("batch", "custom", "function", "names", "repeatable")

    def __init__(
        self,
        function: Callable[..., Any],
        names: Mapping[str, str],
        repeatable: bool = False,
        custom: tuple[tuple[str, ...], str, tuple[str, ...], bool, str | None] | None = None,
        batch: int = 1,
    ) -> None:
        self.batch = batch
        self.function = function
        self.names = names
        self.repeatable = repeatable
        self.custom = custom


class _Named(Generic[P, T]):
    """What operations and listings, sync and async, have in common. `finds` says of a listing that its `custom_fields` may hold values to
    look for."""

    def __init__(
        self,
        resource: str,
        name: str,
        vendors: Mapping[str, str],
        build: Callable[P, Invocation[T]],
        effect: Effect = "destructive",
        like: str | None = None,
        finds: bool = False,
    ) -> None:
        self.finds = finds
        self.resource = resource
        self.operation = name
        self.effect: Effect = effect
        self.like = name if like is None else like
        self.name = f"{resource}.{name}"
        self.vendors = vendors
        self.build = build
        self._adapters: dict[str, Adapter] = {}
        self.__name__ = build.__name__
        self.__qualname__ = build.__qualname__
        self.__module__ = build.__module__
        self.__doc__ = build.__doc__
        self.__wrapped__ = build  # inspect.signature and help() look through it

    def adapter(self, vendor: str) -> Adapter:
        """The vendor's adapter, imported when first used.

        Raises:
            Unsupported: the vendor does not offer this operation.
        """
        adapter = self._adapters.get(vendor)
        if adapter is None:
            adapter = self._adapters[vendor] = self._load(vendor)
        return adapter

    def _load(self, vendor: str) -> Adapter:
        from importlib import import_module

        module = import_module(self.vendors[vendor])
        # A name that Python has taken for itself, like list, has an underscore behind it.
        function = getattr(module, self.operation, None) or getattr(module, f"{self.operation}_", None)
        if function is None:
            from unified_runtime.errors import Unsupported

            reason = getattr(module, "GAPS", {}).get(self.operation)
            raise Unsupported(
                f"{vendor} does not offer {self.name}" + (f": {reason}" if reason else ""), vendor=vendor, operation=self.name
            )
        return Adapter(
            function,
            getattr(module, "FIELDS", {}),
            self.operation in getattr(module, "REPEATABLE", ()),
            getattr(module, "CUSTOM", None),
            getattr(module, "BATCHES", {}).get(self.operation, 1),
        )

    def bind(self, values: Mapping[str, Any]) -> Invocation[T]:
        """The call for inputs given by name, as they come from a command line or a model.

        Raises:
            InvalidInput: an input is unknown, or a required one is missing.
        """
        from unified_runtime.binding import bind

        return bind(self, values)

    def plan(self, *args: P.args, **kwargs: P.kwargs) -> Plan:
        """The requests this call would send, without sending any.

        Raises:
            InvalidInput, Unsupported: as the call itself would.
        """
        return current.client().plan(self, self.build(*args, **kwargs))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


@final
class Operation(_Named[P, T]):
    """An operation that returns one value. Made by `operation`."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        return current.client().run(self, self.build(*args, **kwargs))

    @property
    def asynchronous(self) -> AsyncOperation[P, T]:
        """The same operation for `await`."""
        return AsyncOperation(self.resource, self.operation, self.vendors, self.build, self.effect, self.like)


@final
class AsyncOperation(_Named[P, T]):
    """The async twin of `Operation`."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        return current.async_client().run(self, self.build(*args, **kwargs))


@final
class Many(Generic[T]):
    """An operation on many inputs, several at a time. Made by `many`.

    Each item is a mapping of the operation's inputs by name; where an operation takes one id, the id alone will do. What fails does not
    stop the others; only where all would fail alike, since nothing is connected or the credential is refused, the rest is skipped.

    Args of a call:
        items: taken one by one, as they are needed.
        via: the vendor to use, if not the one that `acting` names or an item has.
        idempotency_key: each item gets this key with its number behind it (`import/7`): the same items under the same key go on where
            they stopped, and nothing is done twice.
        concurrency: how many calls are made at a time.
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
        """Make the calls and return what became of each.

        Raises:
            InvalidInput: an item is none, or `concurrency` is no such number.
        """
        from unified_runtime import bulk

        return bulk.many(self._operation, items, via=via, idempotency_key=idempotency_key, concurrency=concurrency, progress=progress)

    def plan(self, items: Iterable[Mapping[str, Any] | str], *, via: str | None = None) -> Plan:
        """The requests that these items would take, without sending any: in batches, where the vendor takes many at once.

        Raises:
            InvalidInput, Unsupported: as the call of one of them would.
        """
        from unified_runtime import bulk

        return bulk.plan(self._operation, items, via)

    @property
    def asynchronous(self) -> AsyncMany[T]:
        """The same for `await`."""
        return AsyncMany(self._operation)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


@final
class AsyncMany(Generic[T]):
    """The async twin of `Many`; its items may come from an async iterable as well."""

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
        from unified_runtime import bulk

        return await bulk.amany(
            self._operation, items, via=via, idempotency_key=idempotency_key, concurrency=concurrency, progress=progress
        )

    def plan(self, items: Iterable[Mapping[str, Any] | str], *, via: str | None = None) -> Plan:
        """The requests that these items would take, without sending any; see `Many.plan`."""
        from unified_runtime import bulk

        return bulk.plan(self._operation, items, via)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


@final
class Listing(_Named[P, T]):
    """An operation that returns records page by page. Made by `listing`."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Pages[T]:
        return current.client().list(self, self.build(*args, **kwargs))

    @property
    def asynchronous(self) -> AsyncListing[P, T]:
        """The same operation for `async for`."""
        return AsyncListing(self.resource, self.operation, self.vendors, self.build, self.effect, self.like, self.finds)


@final
class AsyncListing(_Named[P, T]):
    """The async twin of `Listing`."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> AsyncPages[T]:
        return current.async_client().list(self, self.build(*args, **kwargs))


@final
class Downloading(_Named[P, T]):
    """An operation that returns a content to receive. Made by `downloading`."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Download:
        return current.client().download(self, self.build(*args, **kwargs))

    @property
    def asynchronous(self) -> AsyncDownloading[P, T]:
        """The same operation for `async for` and `await`."""
        return AsyncDownloading(self.resource, self.operation, self.vendors, self.build, self.effect, self.like)


@final
class AsyncDownloading(_Named[P, T]):
    """The async twin of `Downloading`."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> AsyncDownload:
        return current.async_client().download(self, self.build(*args, **kwargs))


def operation(
    resource: str, name: str, vendors: Mapping[str, str], *, effect: Effect = "destructive", like: str | None = None
) -> Callable[[Callable[P, Invocation[T]]], Operation[P, T]]:
    """Make an operation of a typed builder.

    `vendors` tells by vendor the module of its adapter, `effect` what it does at its worst, and `like` which of create, get, update and
    delete it resembles, where its name is another.
    """

    def decorate(build: Callable[P, Invocation[T]]) -> Operation[P, T]:
        return Operation(resource, name, vendors, build, effect, like)

    return decorate


def many(operation: Operation[..., T]) -> Many[T]:
    """Make of an operation the same on many inputs."""
    return Many(operation)


def listing(
    resource: str, name: str, vendors: Mapping[str, str], *, like: str | None = None, finds: bool = False
) -> Callable[[Callable[P, Invocation[T]]], Listing[P, T]]:
    """Make a listing of a typed builder; its record type is that of the `Invocation`. `finds`: its `custom_fields` may hold values to
    look for."""

    def decorate(build: Callable[P, Invocation[T]]) -> Listing[P, T]:
        return Listing(resource, name, vendors, build, "read", like, finds)

    return decorate


def downloading(
    resource: str, name: str, vendors: Mapping[str, str], *, effect: Effect = "read", like: str | None = None
) -> Callable[[Callable[P, Invocation[T]]], Downloading[P, T]]:
    """Make an operation that returns a content of a typed builder; see `operation`."""

    def decorate(build: Callable[P, Invocation[T]]) -> Downloading[P, T]:
        return Downloading(resource, name, vendors, build, effect, like)

    return decorate
