"""Base class of the generated operations, the arguments of one call (`Invocation`), and vendors' functions for it (`Adapter`).

Importing this module imports neither `typing` nor pydantic: the generated facade is built on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

TYPE_CHECKING = False  # importing it from `typing` would dominate the import time of this module; type checkers know the name

if TYPE_CHECKING:
    from typing import Any, Generic, ParamSpec, TypeVar, final

    from unified_runtime.core.content import Content, Progress
    from unified_runtime.core.custom_field_location import CustomFieldLocation
    from unified_runtime.core.policy_decisions import Effect
    from unified_runtime.core.records import Input

    P = ParamSpec("P")
    T = TypeVar("T")
else:
    from unified_runtime.core.light_typing import Any, Generic, P, T, final

Extra = Mapping[str, Mapping[str, Any]]
"""Vendor fields passed through, by vendor: `extra={"jira": {"fields": {"customfield_10010": 3}}}`."""

TEXTS = ("title", "text", "body")
"""Names of fields whose text is compared with the text that was written."""


@final
class Unset:
    """Type of `UNSET`: an input that was not given, as opposed to None, which clears a field."""

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
    """Arguments of one call, not validated yet.

    The adapter receives `ids` as separate arguments, in order; those named in `optional` may be None. After them it receives `content`,
    the contents to upload by name; `progress` is called as they are sent. `custom_fields` has the names of custom fields to read, or
    the values of those to write or to filter by.
    `given` is validated as `model`. A value of `UNSET` counts as not given. The values of `secrets` are redacted wherever they are shown.
    """

    __slots__ = (
        "content",
        "cursor",
        "custom_fields",
        "extra",
        "given",
        "ids",
        "key",
        "limit",
        "model",
        "optional",
        "progress",
        "secrets",
        "via",
    )

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
        secrets: tuple[str, ...] = (),
    ) -> None:
        self.secrets = secrets
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

    def secret_values(self) -> frozenset[str]:
        """Return the values that are redacted."""
        if not self.secrets:
            return frozenset()
        return frozenset(value for name in self.secrets if isinstance(value := (self.given or {}).get(name), str))


@final
class Adapter:
    """Vendor's function for an operation, and the unified names (`names`) of the fields in the vendor's errors.

    `repeatable`: every request that it sends may be repeated, because the vendor accepts an idempotency key or the method permits it.
    `custom` is the location of custom fields in its records, if they can have any; see `adapter_api.custom_fields`. `batch` is the maximum
    number of calls in one request of the vendor, 1 without batching. `moves`: the vendor may return a record under another id than the
    requested one.
    """

    __slots__ = ("batch", "custom", "function", "moves", "names", "repeatable")

    def __init__(
        self,
        function: Callable[..., Any],
        names: Mapping[str, str],
        repeatable: bool = False,
        custom: CustomFieldLocation | None = None,
        batch: int = 1,
        moves: bool = False,
    ) -> None:
        self.batch = batch
        self.moves = moves
        self.function = function
        self.names = names
        self.repeatable = repeatable
        self.custom = custom


class OperationBase(Generic[P, T]):
    """Base class of operations and listings, sync and async. `finds`: the `custom_fields` of a listing may have values to filter by."""

    pages = False
    """True if the operation returns its records in pages."""
    checks_inputs = False
    """True if `build` accepts inputs by name and checks them itself: its signature does not list them."""

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
        self.__wrapped__ = build  # for inspect.signature and help()

    def adapter(self, vendor: str) -> Adapter:
        """Return the vendor's adapter, imported on first use.

        Raises:
            Unsupported: the vendor does not offer this operation.
        """
        adapter = self._adapters.get(vendor)
        if adapter is None:
            adapter = self._adapters[vendor] = self._load(vendor)
        return adapter

    def value_of(self, plain: Any) -> Any:
        """Return a result that was stored or sent as plain JSON in the form in which a call returns it."""
        return plain

    def _load(self, vendor: str) -> Adapter:
        from importlib import import_module

        module = import_module(self.vendors[vendor])
        # A name that shadows a Python builtin, like list, has a trailing underscore.
        function = getattr(module, self.operation, None) or getattr(module, f"{self.operation}_", None)
        if function is None:
            from unified_runtime.core.errors import Unsupported

            reason = getattr(module, "UNSUPPORTED", {}).get(self.operation)
            raise Unsupported(
                f"{vendor} does not offer {self.name}" + (f": {reason}" if reason else ""), vendor=vendor, operation=self.name
            )
        return Adapter(
            function,
            getattr(module, "FIELDS", {}),
            self.operation in getattr(module, "REPEATABLE", ()),
            getattr(module, "CUSTOM", None),
            getattr(module, "BATCHES", {}).get(self.operation, 1),
            getattr(module, "MOVES", False),
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"
