"""Plans: the requests that a call would send, with symbols for values that depend on a response."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from unified_runtime.adapter_api.batch_endpoints import Part
from unified_runtime.core.connection_registry import Connections, check_via
from unified_runtime.core.connections import Connection, check_values, constant_headers, planned_server, server_template
from unified_runtime.core.context import Acting, Context, current_acting
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.errors import Conflict, InvalidInput, UnifiedError, VendorProtocolError
from unified_runtime.core.messages import Request, content_text, without_contents
from unified_runtime.core.origins import hosts_of
from unified_runtime.core.planning import PLANNED, PlanEnds
from unified_runtime.core.plans import Plan, PlannedRequest
from unified_runtime.core.redactor import REDACTED
from unified_runtime.core.serialization import query_pairs
from unified_runtime.core.symbols import Symbol
from unified_runtime.core.vendors import Scheme, Vendor
from unified_runtime.execution.error_translation import FOREIGN, translated
from unified_runtime.execution.http_requests import page_url, with_headers
from unified_runtime.execution.prepared import (
    NO_EXTRA,
    arguments,
    check_once,
    check_paging,
    checked_extra,
    custom_field_filters,
    requested_fields,
)
from unified_runtime.toolkits.vendor_lookup import load_vendor

if TYPE_CHECKING:
    from unified_openapi.requests.styles import Style
    from unified_runtime.adapter_api.steps import Steps
    from unified_runtime.core.connection_sources import CursorKeys
    from unified_runtime.core.operations import Invocation, OperationBase
    from unified_runtime.execution.flows import Flow
    from unified_runtime.policy.enforcer import PolicyEnforcer

T = TypeVar("T")


NO_VALUES: Mapping[str, str] = {}


class Destination:
    """Destination of a plan's requests: a connection, or a placeholder for one."""

    __slots__ = ("account_id", "connection", "headers", "hosts", "scheme", "server", "tenant", "through", "values", "vendor")

    def __init__(self, vendor: Vendor, connection: Connection | None, tenant: str, values: Mapping[str, str] = NO_VALUES) -> None:
        self.vendor = vendor
        self.tenant = tenant
        self.through = connection
        self.connection = connection.id or connection.name if connection is not None else None
        self.account_id = connection.account_id if connection is not None else None
        if connection is not None:
            self.server = connection.server
            self.values = dict(connection.values)
            self.scheme: Scheme | None = vendor.schemes[connection.scheme]
            self.headers = list(connection.headers)
        else:
            given = check_values(vendor, values, partial=True)
            name = _likely_scheme(vendor, given)
            self.server = planned_server(vendor, name, given)
            self.values = {value: given.get(value, f"{{{value}}}") for value in vendor.connection}
            self.scheme = vendor.schemes[name] if name is not None else None
            self.headers = list(constant_headers(vendor, "", {"origin": self.server, **self.values}))
        self.hosts: Mapping[str, str] = connection.hosts if connection is not None else hosts_of(vendor.api_hosts, self.server, None, None)


def _likely_scheme(vendor: Vendor, given: Mapping[str, str]) -> str | None:
    """Return the first authentication scheme whose server needs only values that every connection has, or that are given."""
    optional = {f"{{{name}}}" for name, value in vendor.connection.items() if not value.required and name not in given}
    for name in vendor.schemes:
        if not any(destination in server_template(vendor, name) for destination in optional):
            return name
    return next(iter(vendor.schemes), None)


FOR_POLICY = "to show the record to the policy"


def plan(
    operation: OperationBase[Any, T],
    invocation: Invocation[T],
    connections: Connections,
    enforcer: PolicyEnforcer | None = None,
    *,
    cursor: str | None = None,
    values: Mapping[str, str] = NO_VALUES,
) -> Plan:
    """Run an operation's steps without sending anything, and evaluate the policy if there is one.

    A vendor that is not connected is planned with these `values` of a connection, and with placeholders for the others. `cursor` is the
    vendor's own, if the cursor of the invocation was opened already.

    Raises:
        InvalidInput, Unsupported, Denied: as the call itself would.
    """
    acting = current_acting()
    destination = _destination(operation, invocation.via or acting.via, acting, connections, values)
    return _planned_call(operation, invocation, destination, enforcer, connections.cursor_keys, cursor)


def plan_many(
    operation: OperationBase[Any, T],
    invocations: Sequence[Invocation[T]],
    connections: Connections,
    enforcer: PolicyEnforcer | None = None,
    refused: Callable[[int, UnifiedError], None] | None = None,
) -> Plan:
    """Return the requests that several calls would send together, batched as the vendor accepts them.

    Calls that would send nothing are left out, and `refused` is called with the number and the error of each.

    Raises:
        InvalidInput, Unsupported, Denied: as one of the calls would, if `refused` is None.
    """
    from unified_runtime.execution.batching import BatchQueue, PendingCall

    acting = current_acting()
    requests: list[PlannedRequest] = []
    notes: dict[str, None] = {}
    calls: dict[int, PendingCall] = {}
    destination = None
    for number, invocation in enumerate(invocations):
        destination = _destination(operation, invocation.via or acting.via, acting, connections)
        try:
            before, steps, own_notes = _prepared(operation, invocation, destination, enforcer)
        except UnifiedError as error:
            if refused is None:
                raise
            refused(number, error)
            continue
        requests += before
        notes |= dict.fromkeys(own_notes)
        calls[number] = PendingCall(_planning(steps, destination, operation, requests, batching=len(invocations) > 1))
    if destination is None:
        raise InvalidInput(f"there is nothing to plan: {operation.name}_many was given no items", operation=operation.name)
    chunk = BatchQueue(calls.values())
    while not chunk.over:
        if free := chunk.next():
            for pending in free:
                _run(pending.actions())
            continue
        for slots in chunk.batches():
            requests.append(_planned(slots[0].batch.combine([slot.request for slot in slots])[0], destination, len(slots)))
            for slot in slots:
                slot.part = Part()
    for number, pending in calls.items():
        if pending.error is not None:
            if refused is None:
                raise pending.error
            refused(number, pending.error)
    return Plan(f"{operation.name}_many", destination.vendor.name, tuple(requests), tuple(notes))


def _planned_call(
    operation: OperationBase[Any, T],
    invocation: Invocation[T],
    destination: Destination,
    enforcer: PolicyEnforcer | None,
    keys: CursorKeys | None,
    cursor: str | None,
) -> Plan:
    before, steps, notes = _prepared(operation, invocation, destination, enforcer, keys, cursor)
    return Plan(operation.name, destination.vendor.name, (*before, *_requests(steps, destination, operation)), notes)


def _prepared(
    operation: OperationBase[Any, T],
    invocation: Invocation[T],
    destination: Destination,
    enforcer: PolicyEnforcer | None,
    keys: CursorKeys | None = None,
    cursor: str | None = None,
) -> tuple[tuple[PlannedRequest, ...], Steps[Any], tuple[str, ...]]:
    """Return the requests that would be sent for the policy before the call, the call's steps, and the notes of the policy."""
    vendor = destination.vendor
    adapter = operation.adapter(vendor.name)
    extra = checked_extra(operation, invocation, vendor) if invocation.extra or invocation.custom_fields else NO_EXTRA
    if extra:
        check_once(operation, invocation, extra, vendor)
    check_paging(invocation, operation.name)
    key: Any = invocation.key or Symbol("idempotency key")
    time: Any = Symbol("time of the call")
    custom = requested_fields(operation, invocation, extra, vendor) if extra or invocation.custom_fields else ()
    field_filters = custom_field_filters(operation, invocation, vendor) if operation.finds else None
    checked = arguments(operation, invocation)
    if invocation.secrets:  # the requests of a plan are shown, and not sent
        hidden = {name: REDACTED for name in invocation.secrets if getattr(checked[-1], name) is not None}
        checked = (*checked[:-1], checked[-1].model_copy(update=hidden))
    if invocation.cursor is not None and cursor is None:
        cursor = _opened(operation, invocation, destination, checked, extra, keys)
    context = Context(destination.values, extra, cursor, invocation.limit, key, custom, field_filters=field_filters, time=time)
    before: tuple[PlannedRequest, ...] = ()
    notes: tuple[str, ...] = ()
    if enforcer is not None:
        reads, notes = enforcer.planned(operation, invocation, checked, extra, destination)
        if reads is not None:
            reading = Context(destination.values, NO_EXTRA, None, None, key)
            before = tuple(replace(request, purpose=FOR_POLICY) for request in _requests(reads(reading), destination, operation))
    return before, adapter.function(context, *checked), notes


def _opened(
    operation: OperationBase[Any, T],
    invocation: Invocation[T],
    destination: Destination,
    checked: tuple[Any, ...],
    extra: Mapping[str, Any],
    keys: CursorKeys | None,
) -> str:
    """Return the vendor's cursor of the page that is planned.

    Raises:
        InvalidInput: the vendor is not connected, or the cursor is not one of this list.
    """
    from unified_runtime.execution.sealed_cursors import ListCursors  # few plans are of a later page

    if destination.through is None:
        raise InvalidInput("a page after the first is planned through the connection that the list was read with", operation=operation.name)
    cursors = ListCursors(operation, invocation, destination.through, checked, extra, current_acting(), keys)
    return cursors.opened_now(invocation.cursor or "")


def _requests(steps: Steps[Any], destination: Destination, operation: OperationBase[Any, T]) -> tuple[PlannedRequest, ...]:
    requests: list[PlannedRequest] = []
    _run(_planning(steps, destination, operation, requests, batching=False))
    return tuple(requests)


def _run(flow: Iterator[object]) -> None:
    """Run the flow of a plan, which yields only batch slots."""
    for _ in flow:
        pass


def _planning(
    steps: Steps[Any], destination: Destination, operation: OperationBase[Any, T], requests: list[PlannedRequest], *, batching: bool
) -> Flow[None]:
    """Append the requests of a call to `requests`, except those that are batched with requests of other calls."""
    own = 0
    try:
        request = next(steps)
        while True:
            if isinstance(request, Request):
                own += 1
                batch = request.endpoint.batch
                if not (batching and batch is not None and batch.accepts(request) and (yield from _joined(request, destination))):
                    requests.append(_planned(request, destination))
            request = steps.send(PLANNED)
    except StopIteration as stop:
        if isinstance(fetched := getattr(stop.value, "request", None), Request):  # content that would be fetched
            requests.append(_planned(fetched, destination))
    except PlanEnds:
        pass
    except (Conflict, VendorProtocolError) as error:
        if not own:  # else the error is about a response, which a plan does not have: the next requests depend on it
            raise _with_context(error, operation.name, destination.vendor.name) from None
    except UnifiedError as error:
        raise _with_context(error, operation.name, destination.vendor.name) from None
    except FOREIGN as error:
        raise _with_context(translated(error), operation.name, destination.vendor.name) from None


def _joined(request: Request, destination: Destination) -> Flow[bool]:
    """Return True if a request is sent in a batch with others."""
    from unified_runtime.execution.batching import BatchSlot

    slot = BatchSlot(request, (destination.vendor.name, destination.server), None)
    yield slot
    if slot.separate:
        return False
    slot.passed = True
    yield slot
    return slot.part is not None and not slot.part.separate


def _with_context(error: UnifiedError, operation: str, vendor: str) -> UnifiedError:
    error.vendor = error.vendor or vendor
    error.operation = error.operation or operation
    return error


def _destination(
    operation: OperationBase[Any, T], via: str | None, acting: Acting, connections: Connections, values: Mapping[str, str] = NO_VALUES
) -> Destination:
    if via is None:
        if len(operation.vendors) == 1:
            via = next(iter(operation.vendors))
        else:
            only = connections.find(operation.name, operation.vendors, None, acting)
            return Destination(only.vendor, only, connections.tenant)
    check_via(via, operation.name, operation.vendors)
    connection = connections.known(via, acting)
    vendor = connection.vendor if connection is not None else _vendor_of(operation, via)
    return Destination(vendor, connection, connections.tenant, values)


def _vendor_of(operation: OperationBase[Any, T], via: str) -> Vendor:
    """Return the vendor whose package contains the adapter's module."""
    from importlib import import_module

    package = operation.vendors[via].rpartition(".")[0]
    vendor = getattr(import_module(package), "VENDOR", None) if package else None
    return vendor if isinstance(vendor, Vendor) else load_vendor(via)


def _planned(request: Request, destination: Destination, items: int = 1) -> PlannedRequest:
    server = destination.server if request.endpoint.host is None else destination.hosts[request.endpoint.host]
    url, query = server + request.target, request.query or {}
    if request.url is not None and destination.through is not None:
        url, query = page_url(request.url, request.target, query, server, destination.through.credential)
    pairs = _pairs(query, request.endpoint.query)
    # Headers for the vendor's own server are not sent to a URL from a response.
    headers = destination.headers if request.address is None else []
    if request.headers:
        plain = {name: str(value) for name, value in request.headers.items() if value is not None}
        headers = with_headers(headers, plain)
    shown = [(name.decode("ascii"), value.decode("ascii")) for name, value in headers]
    if request.address is None:  # the credential is not sent to a URL from a response
        shown += _credential(destination.scheme, pairs)
    body: Any = None
    declared = request.endpoint.body
    if request.json is not None:
        body = _plain(request.json)
        shown.append(("Content-Type", "application/json" if declared is None else declared.media_type))
    elif request.form is not None:
        body = _fields(request.form, None if declared is None else declared.fields)
        shown.append(("Content-Type", "application/x-www-form-urlencoded"))
    elif request.multipart is not None:
        body = _plain(without_contents(request.multipart))
        shown.append(("Content-Type", "multipart/form-data"))
    elif request.parts is not None:
        body = {"metadata": _plain(request.parts.json), "content": content_text(request.parts.content)}
        shown.append(("Content-Type", "multipart/related"))
    elif request.content is not None:
        body = content_text(request.content)
    if request.address is not None:
        url = request.address
    return PlannedRequest(
        request.endpoint.method,
        url,
        tuple(pairs),
        tuple(shown),
        body,
        request.endpoint.operation,
        request.purpose,
        items,
        request.endpoint.retry is Retry.SAFE,
    )


def _credential(scheme: Scheme | None, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if scheme is None:
        return []
    if scheme.kind in {"basic", "bearer"}:
        return [("Authorization", f"{scheme.kind.capitalize()} {REDACTED}")]
    pairs += [(key.name, REDACTED) for key in scheme.keys if key.location == "query"]
    return [(key.name, f"{key.prefix}{REDACTED}") for key in scheme.keys if key.location == "header"]


def _fields(form: Mapping[str, Any], declared: Mapping[str, Style] | None) -> dict[str, Any]:
    texts: dict[str, list[str]] = {}
    for name, text in _pairs(form, declared):
        texts.setdefault(name, []).append(text)
    return {name: found[0] if len(found) == 1 else found for name, found in texts.items()}


def _pairs(query: Mapping[str, Any], declared: Mapping[str, Style] | None) -> list[tuple[str, str]]:
    """Return the pairs of a query or form before encoding."""
    return [pair for name, value in query.items() for pair in query_pairs(name, _plain(value), (declared or {}).get(name))]


def _plain(value: Any) -> Any:
    """Return the value with symbols as text, and other values as JSON encodes them."""
    if isinstance(value, Symbol):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool, Decimal)):
        return value
    import msgspec

    return msgspec.to_builtins(value)
