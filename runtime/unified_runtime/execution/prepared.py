"""Preparation, the first stage of a call: finds its connection, loads its adapter and checks its input. Sends nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.connections import Connection
from unified_runtime.core.context import Context, current_acting
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.operations import UNSET
from unified_runtime.core.owners import TENANT
from unified_runtime.core.suggestions import shortened
from unified_runtime.execution.offloading import large
from unified_runtime.execution.validation import check_ids, validate

if TYPE_CHECKING:
    from unified_runtime.core.context import Acting
    from unified_runtime.core.custom_fields import Field
    from unified_runtime.core.field_filters import FieldFilter
    from unified_runtime.core.operations import Adapter, Invocation, OperationBase
    from unified_runtime.core.vendors import Vendor
    from unified_runtime.execution.idempotent_writes import KeyedWrite
    from unified_runtime.execution.policy_subjects import PolicySubject
    from unified_runtime.execution.sealed_cursors import ListCursors
    from unified_runtime.http.media.content import Source
    from unified_runtime.idempotency.store import IdempotencyStore
    from unified_runtime.policy.enforcer import PolicyEnforcer
    from unified_runtime.policy.written_fields import Written

T = TypeVar("T")


class PreparedCall(msgspec.Struct, frozen=True, eq=False):
    """Validated call: the data that all its attempts and pages share. It does not change.

    Args:
        operation: its name, `tasks.create`.
        agent: waits in the queues of the rate limiter under this name.
        key_scope: scope of the idempotency key: callers that choose the same key mean different calls.
        large: its texts are long.
        requested_id: the id of the record that is read or changed.
        written_texts: the inputs that the returned record is compared with.
        policy: decides about the call; None without a policy enforcer.
        write: the write under its idempotency key; None without a key, or if the vendor repeats no call under one key.
        list: seals and opens the cursors of a list; None for any other operation.
    """

    operation: str
    connection: Connection
    connections: Connections
    adapter: Adapter
    arguments: tuple[Any, ...]
    extra: Mapping[str, Any]
    limit: int | None
    key: str | None
    key_scope: str
    custom_fields: tuple[str, ...]
    field_filters: tuple[FieldFilter, ...] | None
    agent: str
    large: bool
    requested_id: object
    written_texts: Mapping[str, object] | None
    policy: PolicySubject | None
    write: KeyedWrite | None
    list: ListCursors | None

    def __repr__(self) -> str:
        return f"PreparedCall({self.operation})"

    def steps(self, cursor: str | None) -> Steps[Any]:
        """Return the steps of the adapter, of which none has run. `cursor` is the vendor's, of a page."""
        context = Context(
            self.connection.values, self.extra, cursor, self.limit, self.key, self.custom_fields, self.key_scope, self.field_filters
        )
        steps: Steps[Any] = self.adapter.function(context, *self.arguments)
        return steps


def prepare(
    operation: OperationBase[Any, T],
    invocation: Invocation[T],
    connections: Connections,
    enforcer: PolicyEnforcer | None = None,
    idempotency_store: IdempotencyStore | None = None,
) -> PreparedCall:
    """Find the connection and check the input.

    Args:
        enforcer: evaluates the policy before anything of the call is sent.
        idempotency_store: used by a write with an idempotency key.

    Raises:
        InvalidInput, Unsupported, NotConnected: before anything is sent.
    """
    acting = current_acting()
    connection = connections.find(operation.name, operation.vendors, invocation.via or acting.via, acting)
    adapter = operation.adapter(connection.vendor.name)
    if invocation.secrets:
        connection = connection.with_secrets(tuple(map(Secret, invocation.secret_values())))
    fields = written = field_filters = None
    extra = NO_EXTRA
    custom: tuple[str, ...] = ()
    wanted = invocation.extra or invocation.custom_fields
    if wanted:
        viewer = (acting.agent, acting.on_behalf_of)
        fields = connection.descriptions.fields_of(operation.resource, invocation.given or {}, viewer)
        extra = checked_extra(operation, invocation, connection.vendor, fields)
        if extra:
            written = check_once(operation, invocation, extra, connection.vendor)
            if fields is not None:
                check_described(extra, fields, connection.vendor, operation.name)
    if invocation.limit is not None or invocation.cursor is not None:
        check_paging(invocation, operation.name)
    if wanted:
        custom = requested_fields(operation, invocation, extra, connection.vendor, fields)
        if operation.finds:
            field_filters = custom_field_filters(operation, invocation, connection.vendor, fields)
    checked = arguments(operation, invocation)
    requested_id = written_texts = None
    if operation.like in _CHECKED:
        if invocation.ids is not None and operation.like != "create":  # the id of a reply or a copy differs from that of its source
            requested_id = invocation.ids.get("id")
        written_texts = invocation.given
    key = invocation.key
    write = None if key is None else _keyed(operation, invocation, connection, adapter, extra, written, idempotency_store)
    return PreparedCall(
        operation.name,
        connection,
        connections,
        adapter,
        checked,
        extra,
        invocation.limit,
        key,
        "" if key is None else _key_scope(operation.name, acting, connection.tenant),
        custom,
        field_filters,
        acting.agent or acting.user or "",
        invocation.model is not None and large(checked),
        requested_id,
        written_texts,
        None if enforcer is None else _under_policy()(enforcer, operation, invocation, connection, checked, extra, connections),
        write,
        _cursors(operation, invocation, connection, connections, checked, extra, acting) if operation.pages else None,
    )


_CHECKED = frozenset(("create", "get", "update"))
"""Operations whose record is compared with the request."""


@cache
def _under_policy() -> type[PolicySubject]:
    from unified_runtime.execution.policy_subjects import PolicySubject  # imported late: calls without a policy do not need it

    return PolicySubject


def _key_scope(operation: str, acting: Acting, tenant: str) -> str:
    return "\n".join((operation, acting.agent or "", acting.user or "", *((tenant,) if tenant != TENANT else ())))


def _keyed(
    operation: OperationBase[Any, T],
    invocation: Invocation[T],
    connection: Connection,
    adapter: Adapter,
    extra: Mapping[str, Any],
    written: Written | None,
    idempotency_store: IdempotencyStore | None,
) -> KeyedWrite | None:
    from unified_runtime.execution.idempotent_writes import KeyedWrite, check_key  # imported late: calls without a key do not need it

    check_key(invocation.key, operation.name)
    if idempotency_store is not None:
        return KeyedWrite(idempotency_store, operation, invocation, connection, extra, written)
    if adapter.repeatable:
        return None
    title = connection.vendor.title
    raise InvalidInput(
        f"{title} accepts no idempotency keys for {operation.name}. Set an idempotency store: unified.configure(idempotency=...)",
        operation=operation.name,
        fields={"idempotency_key": "needs an idempotency store"},
    )


def _cursors(
    operation: OperationBase[Any, T],
    invocation: Invocation[T],
    connection: Connection,
    connections: Connections,
    checked: tuple[Any, ...],
    extra: Mapping[str, Any],
    acting: Acting,
) -> ListCursors:
    from unified_runtime.execution.sealed_cursors import ListCursors  # imported late: only lists have cursors

    return ListCursors(operation, invocation, connection, checked, extra, acting, connections.cursor_keys)


NO_EXTRA: Mapping[str, Any] = {}


def arguments(operation: OperationBase[Any, T], invocation: Invocation[T]) -> tuple[Any, ...]:
    """Return the checked arguments of the adapter, without its context.

    Raises:
        InvalidInput: an id or a field is not valid.
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
    """Return the contents of a call, opened and not yet read.

    Raises:
        InvalidInput: one is not a content, or is a file that cannot be opened.
    """
    from unified_runtime.http.media.content import Source, fixed

    contents = invocation.content or {}
    try:
        if contents:
            invocation.content = contents = {name: fixed(content) for name, content in contents.items()}
        return tuple(
            None if content is None and name in invocation.optional else Source(content, invocation.progress)
            for name, content in contents.items()
        )
    except InvalidInput as error:
        error.operation = operation
        raise


def checked_extra(
    operation: OperationBase[Any, T], invocation: Invocation[T], vendor: Vendor, described: Sequence[Field] | None = None
) -> Mapping[str, Any]:
    """Return the vendor fields that a call writes: those of `extra` and the values of custom fields.

    Raises:
        InvalidInput: the vendor's schema, or the account's described fields, do not allow one.
        Unsupported: custom fields are written, and the vendor's records have none.
    """
    from unified_runtime.adapter_api.extra_fields import checked
    from unified_runtime.core import json_limits

    extra = invocation.extra
    for argument, given in (("extra", extra), ("custom_fields", invocation.custom_fields)):
        if given:
            json_limits.check(given, argument)
    if isinstance(invocation.custom_fields, Mapping) and not operation.finds:
        from unified_runtime.adapter_api.custom_fields import written

        custom = operation.adapter(vendor.name).custom
        extra = written(invocation.custom_fields, extra, custom, described, vendor, operation.name)
    return checked(extra, vendor, operation.name, operation.vendors) if extra else NO_EXTRA


def check_once(operation: OperationBase[Any, T], invocation: Invocation[T], extra: Mapping[str, Any], vendor: Vendor) -> Written:
    """Return the unified and custom fields that `extra` writes.

    Raises:
        InvalidInput: it writes a unified field that the call writes too, or writes one twice.
    """
    from unified_runtime.policy import written_fields

    found = written_fields.written(extra, vendor.name, operation.vendors[vendor.name], operation.name, invocation.model)
    written_fields.check_once(found, invocation.given, vendor.name, operation.name, update=operation.like == "update")
    return found


def requested_fields(
    operation: OperationBase[Any, T],
    invocation: Invocation[T],
    extra: Mapping[str, Any],
    vendor: Vendor,
    described: Sequence[Field] | None = None,
) -> tuple[str, ...]:
    """Return the names of the custom fields that a call requests or passes in `extra`, checked against the vendor's name format and the
    account's described fields.

    Raises:
        InvalidInput: a name is not valid.
        Unsupported: the vendor's records have none.
    """
    from unified_runtime.adapter_api.custom_fields import passed, requested

    custom = operation.adapter(vendor.name).custom
    given = invocation.custom_fields
    if isinstance(given, Mapping):
        given = tuple(given) if operation.finds else ()  # fields that are searched are read too
    names = requested(given, custom, described, vendor, operation.name) if given else ()
    return tuple(dict.fromkeys((*names, *passed(extra, custom)))) if extra and custom is not None else names


def custom_field_filters(
    operation: OperationBase[Any, T], invocation: Invocation[T], vendor: Vendor, described: Sequence[Field] | None = None
) -> tuple[FieldFilter, ...] | None:
    """Return the filters on custom fields of a list call, whose names `requested_fields` has checked; None without filters.

    Raises:
        InvalidInput: a value cannot be searched for, or is not valid for its field.
    """
    if not isinstance(invocation.custom_fields, Mapping):
        return None
    from unified_runtime.adapter_api.custom_field_filters import parse_filters

    return parse_filters(invocation.custom_fields, described, operation.name) or None


def check_described(extra: Mapping[str, Any], fields: Sequence[Field], vendor: Vendor, operation: str) -> None:
    """Check `extra` against the described fields of the connection.

    Raises:
        InvalidInput: a field is not among them, or a value is not in its pick list.
    """
    from unified_runtime.adapter_api.extra_fields import schema_of
    from unified_runtime.core.descriptions import check_extra

    check_extra(extra, fields, schema_of(vendor, operation), vendor.name, operation)


def check_paging(invocation: Invocation[T], operation: str) -> None:
    """Check the page size and the cursor.

    Raises:
        InvalidInput: one is not valid; the error names it.
    """
    limit, cursor = invocation.limit, invocation.cursor
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
        requirement = "must be a whole number from 1"
        raise InvalidInput(
            f"limit is the page size, a whole number from 1, not {shortened(limit)}", operation=operation, fields={"limit": requirement}
        )
    if cursor is not None and (not isinstance(cursor, str) or not cursor):
        requirement = "must be one that a page returned"
        raise InvalidInput(f"cursor {requirement}, not {shortened(cursor)}", operation=operation, fields={"cursor": requirement})
