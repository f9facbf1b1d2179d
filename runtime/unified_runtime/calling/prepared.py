"""A call made ready: its connection found, its adapter loaded, its input checked. Nothing has been sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from unified_runtime.connections import Connection, Connections
from unified_runtime.context import Context, current_acting
from unified_runtime.driving.driver import Call, Flow, drive
from unified_runtime.errors import InvalidInput
from unified_runtime.operations import UNSET
from unified_runtime.steps import Steps
from unified_runtime.suggest import shortened
from unified_runtime.validation import check_ids, validate

if TYPE_CHECKING:
    from unified_runtime.calling.observed import Observation
    from unified_runtime.control.guard import Guard
    from unified_runtime.control.turns import Guarded
    from unified_runtime.described.descriptions import Field
    from unified_runtime.idempotency.ledger import Ledger
    from unified_runtime.idempotency.once import Once
    from unified_runtime.media.downloads import Receiving
    from unified_runtime.media.sources import Source
    from unified_runtime.operations import Adapter, Invocation, _Named
    from unified_runtime.pacing.budgets import Budget
    from unified_runtime.settings import Settings
    from unified_runtime.sought import Sought
    from unified_runtime.vendors import Vendor

T = TypeVar("T")


class Prepared:
    """What every attempt and page of one call has in common."""

    __slots__ = (
        "adapter",
        "agent",
        "arguments",
        "connection",
        "connections",
        "custom_fields",
        "extra",
        "folding",
        "guarded",
        "key",
        "limit",
        "once",
        "operation",
        "sought",
    )

    def __init__(
        self,
        operation: str,
        connection: Connection,
        adapter: Adapter,
        arguments: tuple[Any, ...],
        extra: Mapping[str, Any],
        limit: int | None,
        key: str | None,
        custom_fields: tuple[str, ...] = (),
        sought: tuple[Sought, ...] | None = None,
    ) -> None:
        self.operation = operation
        self.connection = connection
        self.adapter = adapter
        self.arguments = arguments
        self.extra = extra
        self.limit = limit
        self.key = key
        self.custom_fields = custom_fields
        self.sought = sought
        self.connections: Connections | None = None
        self.guarded: Guarded | None = None
        self.once: Once | None = None
        self.agent = ""
        self.folding = False

    def flow(self, cursor: str | None, settings: Settings, budget: Budget, seen: Observation | None = None) -> Flow[Any]:
        """The call from its first request to its value, or that of one page; under its policy where there is one."""
        call = self.call(settings, budget if self.connection.vendor.limits else None, seen)
        if self.guarded is None:
            return self.driven(cursor, call)
        return self.guarded.flow(self, cursor, call)

    def driven(self, cursor: str | None, call: Call) -> Flow[Any]:
        """The call, which the policy allows; under its idempotency key where there is one."""
        if self.once is None:
            return drive(self.steps(cursor), call)
        return self.once.flow(lambda: self.steps(cursor), call)

    def receiving(self, settings: Settings, budget: Budget, seen: Observation | None = None) -> Receiving:
        """The call, of an operation that answers a content, from its first request to the content's last piece."""
        from unified_runtime.media.downloads import receive  # files alone need it

        call = self.call(settings, budget if self.connection.vendor.limits else None, seen)
        return receive(self.driven(None, call) if self.guarded is None else self.guarded.flow(self, None, call), call)

    def steps(self, cursor: str | None) -> Steps[Any]:
        context = Context(
            self.connection.values,
            self.extra,
            cursor,
            self.limit,
            self.key,
            self.custom_fields,
            self._scope() if self.key is not None else "",
            self.sought,
        )
        steps: Steps[Any] = self.adapter.function(context, *self.arguments)
        return steps

    def _scope(self) -> str:
        """Whose the idempotency key is: others who choose the same word mean something else."""
        acting = current_acting()
        return "\n".join((self.operation, acting.agent or "", acting.user or ""))

    def call(self, settings: Settings, budget: Budget | None, seen: Observation | None) -> Call:
        health = self.connections.health(self.connection, settings.circuit_after) if self.connections is not None else None
        if seen is not None:
            seen.through(self.connection, health)
        return Call(
            self.operation,
            self.connection,
            self.adapter.names,
            settings,
            budget,
            health,
            seen,
            agent=self.agent,
            keyed=self.key is not None,
            folding=self.folding,
        )


def prepare(
    operation: _Named[Any, T],
    invocation: Invocation[T],
    connections: Connections,
    guard: Guard | None = None,
    ledger: Ledger | None = None,
) -> Prepared:
    """Find the connection and check the input. Under a guard, the call will be asked about before anything of it happens; a write with an
    idempotency key goes by the ledger.

    Raises:
        InvalidInput, Unsupported, NotConnected: before anything is sent.
    """
    acting = current_acting()
    connection = connections.find(operation.name, operation.vendors, invocation.via or acting.via, acting)
    adapter = operation.adapter(connection.vendor.name)
    viewer = (acting.agent, acting.on_behalf_of)
    fields = None
    extra = NO_EXTRA
    wanted = invocation.extra or invocation.custom_fields
    if wanted:
        fields = connection.descriptions.fields_of(operation.resource, invocation.given or {}, viewer)
        extra = checked_extra(operation, invocation, connection.vendor, fields)
    if extra and fields is not None:
        check_described(extra, fields, connection.vendor, operation.name)
    if invocation.limit is not None or invocation.cursor is not None:
        check_paging(invocation, operation.name)
    custom = asked_fields(operation, invocation, extra, connection.vendor, fields) if wanted else ()
    sought = sought_values(operation, invocation, connection.vendor, fields) if operation.finds and wanted else None
    checked = arguments(operation, invocation)
    found = Prepared(operation.name, connection, adapter, checked, extra, invocation.limit, invocation.key, custom, sought)
    found.connections = connections
    found.agent = acting.agent or acting.user or ""
    if invocation.key is not None:
        found.once = _once(operation, invocation, found, ledger)
    if guard is not None:
        found.guarded = _guarded()(guard, operation, invocation, found, connections)
    return found


@cache
def _guarded() -> type[Guarded]:
    from unified_runtime.control.turns import Guarded  # who has no policy does not pay for it

    return Guarded


def _once(operation: _Named[Any, T], invocation: Invocation[T], prepared: Prepared, ledger: Ledger | None) -> Once | None:
    from unified_runtime.idempotency.once import Once, check_key  # calls without a key do not pay for it

    check_key(invocation.key, operation.name)
    if ledger is not None:
        return Once(ledger, operation, invocation, prepared)
    if prepared.adapter.repeatable:
        return None
    title = prepared.connection.vendor.title
    raise InvalidInput(
        f"{title} takes no idempotency keys for {operation.name}, and no ledger stands in for it: name one with unified.remember()",
        operation=operation.name,
        fields={"idempotency_key": "needs a ledger"},
    )


NO_EXTRA: Mapping[str, Any] = {}


def arguments(operation: _Named[Any, T], invocation: Invocation[T]) -> tuple[Any, ...]:
    """The checked arguments of the adapter, behind its context.

    Raises:
        InvalidInput: an id or a field is not what it must be.
    """
    ids: tuple[Any, ...] = ()
    if invocation.ids is not None:
        check_ids(invocation.ids, operation.name, invocation.optional)
        ids = tuple(invocation.ids.values())
    if invocation.content is not None:
        ids = (*ids, *sources(invocation, operation.name))
    if invocation.model is None:
        return ids
    values = {name: value for name, value in (invocation.given or {}).items() if value is not UNSET}
    return (*ids, validate(invocation.model, values, operation.name))


def sources(invocation: Invocation[Any], operation: str) -> tuple[Source | None, ...]:
    """The contents of a call, taken hold of and not yet read.

    Raises:
        InvalidInput: one is none, or a file that cannot be opened.
    """
    from unified_runtime.media.sources import Source

    contents = invocation.content or {}
    try:
        return tuple(
            None if content is None and name in invocation.optional else Source(content, invocation.progress)
            for name, content in contents.items()
        )
    except InvalidInput as error:
        error.operation = operation
        raise


def checked_extra(
    operation: _Named[Any, T], invocation: Invocation[T], vendor: Vendor, described: Sequence[Field] | None = None
) -> Mapping[str, Any]:
    """The vendor's own fields that a call writes: those of `extra`, and with them the values of custom fields.

    Raises:
        InvalidInput: one is not what the vendor's schema, or the account as it was described, allows.
        Unsupported: custom fields are written, and the vendor's records have none.
    """
    from unified_runtime.described.extra import checked

    extra = invocation.extra
    if isinstance(invocation.custom_fields, Mapping) and not operation.finds:
        from unified_runtime.custom import written

        custom = operation.adapter(vendor.name).custom
        extra = written(invocation.custom_fields, extra, custom, described, vendor, operation.name)
    return checked(extra, vendor, operation.name, operation.vendors) if extra else NO_EXTRA


def asked_fields(
    operation: _Named[Any, T],
    invocation: Invocation[T],
    extra: Mapping[str, Any],
    vendor: Vendor,
    described: Sequence[Field] | None = None,
) -> tuple[str, ...]:
    """The names of custom fields that a call asks for, checked against what the vendor's can be called and what the account was described
    to have; and of those that it passes on in `extra`.

    Raises:
        InvalidInput: one can be none of them.
        Unsupported: the vendor's records have none.
    """
    from unified_runtime.custom import asked, passed

    custom = operation.adapter(vendor.name).custom
    given = invocation.custom_fields
    if isinstance(given, Mapping):
        given = tuple(given) if operation.finds else ()  # what is looked for is read too
    names = asked(given, custom, described, vendor, operation.name) if given else ()
    return tuple(dict.fromkeys((*names, *passed(extra, custom)))) if extra and custom is not None else names


def sought_values(
    operation: _Named[Any, T], invocation: Invocation[T], vendor: Vendor, described: Sequence[Field] | None = None
) -> tuple[Sought, ...] | None:
    """What a caller of a list looks for in custom fields, whose names `asked_fields` has checked; None where it is nothing.

    Raises:
        InvalidInput: a value has no form that could be looked for, or is none of its field's.
    """
    if not isinstance(invocation.custom_fields, Mapping):
        return None
    from unified_runtime.sought import sought

    return sought(invocation.custom_fields, described, operation.name) or None


def check_described(extra: Mapping[str, Any], fields: Sequence[Field], vendor: Vendor, operation: str) -> None:
    """Check `extra` against the fields that the connection was described to have.

    Raises:
        InvalidInput: a field or a value of a pick list is none of them.
    """
    from unified_runtime.described.descriptions import check_extra
    from unified_runtime.described.extra import schema_of

    check_extra(extra, fields, schema_of(vendor, operation), vendor.name, operation)


def check_paging(invocation: Invocation[T], operation: str) -> None:
    """Refuse a page size or cursor that cannot be one.

    Raises:
        InvalidInput: naming it.
    """
    limit, cursor = invocation.limit, invocation.cursor
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
        told = "must be a whole number from 1"
        raise InvalidInput(
            f"limit is the page size, a whole number from 1, not {shortened(limit)}", operation=operation, fields={"limit": told}
        )
    if cursor is not None and (not isinstance(cursor, str) or not cursor):
        told = "must be one that a page returned"
        raise InvalidInput(f"cursor {told}, not {shortened(cursor)}", operation=operation, fields={"cursor": told})
