"""Plans: the requests a call would send, exact where they are known and symbolic where they depend on an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from unified_runtime.batches import Part
from unified_runtime.calling.prepared import NO_EXTRA, arguments, asked_fields, check_paging, checked_extra, sought_values
from unified_runtime.connections import Connection, Connections, check_via, constant_headers, server_template
from unified_runtime.context import Acting, Context, current_acting
from unified_runtime.credentials import REDACTED
from unified_runtime.driving.translate import FOREIGN, translated
from unified_runtime.driving.wire import with_headers
from unified_runtime.encoding import json_bytes, query_word
from unified_runtime.errors import Conflict, InvalidInput, UnifiedError, VendorProtocolError
from unified_runtime.messages import Described, Request
from unified_runtime.steps import Retry
from unified_runtime.symbols import PLANNED, PlanEnds, Symbol
from unified_runtime.vendors import Scheme, Vendor, load

if TYPE_CHECKING:
    from unified_runtime.control.guard import Guard
    from unified_runtime.driving.driver import Flow
    from unified_runtime.operations import Invocation, _Named
    from unified_runtime.steps import Steps

T = TypeVar("T")

_SAFE = ",:/@{}"
_QUIET = {"host", "accept-encoding", "user-agent", "accept"}
"""Headers that every request has and nobody reads a plan for."""


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """One request of a plan. Secrets are redacted; what depends on an answer reads `{created.key}`.

    `query` holds pairs as they are before encoding, `body` what will be written as JSON, or the form's fields. Decimal numbers
    stay `Decimal` in it, with all their digits.
    """

    method: str
    url: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: Any
    endpoint: str
    purpose: str = ""
    """Why the request is made, where that is not the call itself: a record is read to be shown to the policy."""
    items: int = 1
    """For how many calls it is made: those of a batch."""
    reads: bool = False
    """Whether it changes nothing at the vendor."""

    @property
    def full_url(self) -> str:
        """The URL with its query, encoded but for what is symbolic."""
        if not self.query:
            return self.url
        text = "&".join(
            f"{quote(name, safe='[]')}={value if value == REDACTED else quote(value, safe=_SAFE)}" for name, value in self.query
        )
        return f"{self.url}{'&' if '?' in self.url else '?'}{text}"

    def to_dict(self) -> dict[str, Any]:
        """The request as plain values, for JSON. A decimal number that no double holds exactly is text."""
        return {
            "method": self.method,
            "url": self.url,
            "query": [list(pair) for pair in self.query],
            "headers": dict(self.headers),
            "body": _doubles(self.body),
            "endpoint": self.endpoint,
            **({"purpose": self.purpose} if self.purpose else {}),
            **({"items": self.items} if self.items > 1 else {}),
            "reads": self.reads,
        }

    def __str__(self) -> str:
        told = self.purpose or (f"{self.items} at once" if self.items > 1 else "")
        lines = [f"{self.method} {self.full_url}" + (f"  ({told})" if told else "")]
        lines += [f"{name}: {value}" for name, value in self.headers if name.lower() not in _QUIET]
        if self.body is not None:
            lines += _json_lines(self.body)
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Count:
    """So many requests of a plan go to one operation of the vendor, for so many calls in all. `url` where they all have the same."""

    method: str
    url: str
    endpoint: str
    requests: int
    items: int
    reads: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a call would send, in order. `notes` say what a policy makes of it, where one was asked."""

    operation: str
    vendor: str
    requests: tuple[PlannedRequest, ...]
    notes: tuple[str, ...] = ()

    def counted(self) -> tuple[Count, ...]:
        """How many requests there are of each kind, in the order of the first of each."""
        found: dict[tuple[str, str], list[PlannedRequest]] = {}
        for request in self.requests:
            found.setdefault((request.method, request.endpoint), []).append(request)
        return tuple(
            Count(
                method,
                each[0].url if len({one.url for one in each}) == 1 else "",
                endpoint,
                len(each),
                sum(one.items for one in each),
                each[0].reads,
            )
            for (method, endpoint), each in found.items()
        )

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain values, for JSON."""
        data = {"operation": self.operation, "vendor": self.vendor, "requests": [request.to_dict() for request in self.requests]}
        return data | ({"notes": [*self.notes]} if self.notes else {})

    def __str__(self) -> str:
        blocks = [f"{self.operation} on {self.vendor}: " + ("1 request" if len(self.requests) == 1 else f"{len(self.requests)} requests")]
        for number, request in enumerate(self.requests, 1):
            blocks.append(f"{number}. " + "\n".join(("   " if at else "") + line for at, line in enumerate(str(request).splitlines())))
        return "\n".join([*blocks, *self.notes])


class Place:
    """Where a plan's requests would go: a connection, or what one would be."""

    __slots__ = ("account_id", "headers", "hosts", "scheme", "server", "values", "vendor")

    def __init__(self, vendor: Vendor, connection: Connection | None) -> None:
        self.vendor = vendor
        self.account_id = connection.account_id if connection is not None else None
        self.hosts: Mapping[str, str] = connection.hosts if connection is not None else vendor.hosts
        if connection is not None:
            self.server = connection.server
            self.values = dict(connection.values)
            self.scheme: Scheme | None = vendor.schemes[connection.scheme]
            self.headers = list(connection.headers)
        else:
            name = _likely_scheme(vendor)
            self.server = server_template(vendor, name).replace("{connection.", "{").rstrip("/")
            self.values = {value: f"{{{value}}}" for value in vendor.connection}
            self.scheme = vendor.schemes[name] if name is not None else None
            self.headers = list(constant_headers(vendor, "", {"origin": self.server, **self.values}))


def _likely_scheme(vendor: Vendor) -> str | None:
    """The first scheme whose server needs nothing but what every connection has."""
    optional = {f"{{{name}}}" for name, value in vendor.connection.items() if not value.required}
    for name in vendor.schemes:
        if not any(place in server_template(vendor, name) for place in optional):
            return name
    return next(iter(vendor.schemes), None)


FOR_POLICY = "to show the record to the policy"


def plan(operation: _Named[Any, T], invocation: Invocation[T], connections: Connections, guard: Guard | None = None) -> Plan:
    """Run an operation's steps without sending anything, and ask the policy about it, if there is one.

    A vendor that is not connected is planned with its server's placeholders.

    Raises:
        InvalidInput, Unsupported, Denied: as the call itself would.
    """
    acting = current_acting()
    place = _place(operation, invocation.via or acting.via, acting, connections)
    return _planned_call(operation, invocation, place, guard)


def plan_many(
    operation: _Named[Any, T],
    invocations: Sequence[Invocation[T]],
    connections: Connections,
    guard: Guard | None = None,
    refused: Callable[[int, UnifiedError], None] | None = None,
) -> Plan:
    """What many calls would send that are made together, batches as the vendor takes them.

    `refused` is told which of them would send nothing, by their numbers, and why; they are left out then.

    Raises:
        InvalidInput, Unsupported, Denied: as one of the calls would, if nobody is told of it.
    """
    from unified_runtime.folding import Chunk, Turn

    acting = current_acting()
    requests: list[PlannedRequest] = []
    notes: dict[str, None] = {}
    turns: dict[int, Turn] = {}
    place = None
    for number, invocation in enumerate(invocations):
        place = _place(operation, invocation.via or acting.via, acting, connections)
        try:
            before, steps, told = _prepared(operation, invocation, place, guard)
        except UnifiedError as error:
            if refused is None:
                raise
            refused(number, error)
            continue
        requests += before
        notes |= dict.fromkeys(told)
        turns[number] = Turn(_planning(steps, place, operation, requests, folding=len(invocations) > 1))
    if place is None:
        raise InvalidInput(f"there is nothing to plan: {operation.name}_many was given no items", operation=operation.name)
    chunk = Chunk(turns.values())
    while not chunk.over:
        if free := chunk.next():
            for turn in free:
                _run(turn.actions())
            continue
        for folds in chunk.batches():
            requests.append(_planned(folds[0].batch.folded([fold.request for fold in folds])[0], place, len(folds)))
            for fold in folds:
                fold.part = Part()
    for number, turn in turns.items():
        if turn.error is not None:
            if refused is None:
                raise turn.error
            refused(number, turn.error)
    return Plan(f"{operation.name}_many", place.vendor.name, tuple(requests), tuple(notes))


def _planned_call(operation: _Named[Any, T], invocation: Invocation[T], place: Place, guard: Guard | None) -> Plan:
    before, steps, notes = _prepared(operation, invocation, place, guard)
    return Plan(operation.name, place.vendor.name, (*before, *_requests(steps, place, operation)), notes)


def _prepared(
    operation: _Named[Any, T], invocation: Invocation[T], place: Place, guard: Guard | None
) -> tuple[tuple[PlannedRequest, ...], Steps[Any], tuple[str, ...]]:
    """What is read before the call for its policy, the call's steps, and what the policy makes of it."""
    vendor = place.vendor
    adapter = operation.adapter(vendor.name)
    extra = checked_extra(operation, invocation, vendor) if invocation.extra or invocation.custom_fields else NO_EXTRA
    check_paging(invocation, operation.name)
    key: Any = invocation.key or Symbol("idempotency key")
    custom = asked_fields(operation, invocation, extra, vendor) if extra or invocation.custom_fields else ()
    sought = sought_values(operation, invocation, vendor) if operation.finds else None
    context = Context(place.values, extra, invocation.cursor, invocation.limit, key, custom, sought=sought)
    checked = arguments(operation, invocation)
    before: tuple[PlannedRequest, ...] = ()
    notes: tuple[str, ...] = ()
    if guard is not None:
        reads, notes = guard.planned(operation, invocation, checked, extra, place)
        if reads is not None:
            reading = Context(place.values, NO_EXTRA, None, None, key)
            before = tuple(replace(request, purpose=FOR_POLICY) for request in _requests(reads(reading), place, operation))
    return before, adapter.function(context, *checked), notes


def _requests(steps: Steps[Any], place: Place, operation: _Named[Any, T]) -> tuple[PlannedRequest, ...]:
    requests: list[PlannedRequest] = []
    _run(_planning(steps, place, operation, requests, folding=False))
    return tuple(requests)


def _run(flow: Iterator[object]) -> None:
    """A flow that plans asks for nothing but company."""
    for _ in flow:
        pass


def _planning(steps: Steps[Any], place: Place, operation: _Named[Any, T], requests: list[PlannedRequest], *, folding: bool) -> Flow[None]:
    """Note the requests of a call, but those that go in a batch with others'."""
    own = 0
    try:
        request = next(steps)
        while True:
            if isinstance(request, Request):
                own += 1
                batch = request.endpoint.batch
                if not (folding and batch is not None and batch.takes(request) and (yield from _joined(request, place))):
                    requests.append(_planned(request, place))
            request = steps.send(PLANNED)
    except StopIteration as stop:
        if isinstance(fetched := getattr(stop.value, "request", None), Request):  # a content that would be fetched
            requests.append(_planned(fetched, place))
    except PlanEnds:
        pass
    except (Conflict, VendorProtocolError) as error:
        if not own:  # else it is about an answer, which a plan does not have: what follows depends on it
            raise _told(error, operation.name, place.vendor.name) from None
    except UnifiedError as error:
        raise _told(error, operation.name, place.vendor.name) from None
    except FOREIGN as error:
        raise _told(translated(error), operation.name, place.vendor.name) from None


def _joined(request: Request, place: Place) -> Flow[bool]:
    """Whether a request goes in a batch with others."""
    from unified_runtime.folding import Fold

    fold = Fold(request, (place.vendor.name, place.server), None)
    yield fold
    if fold.alone:
        return False
    fold.passed = True
    yield fold
    return fold.part is not None and not fold.part.alone


def _told(error: UnifiedError, operation: str, vendor: str) -> UnifiedError:
    error.vendor = error.vendor or vendor
    error.operation = error.operation or operation
    return error


def _place(operation: _Named[Any, T], via: str | None, acting: Acting, connections: Connections) -> Place:
    if via is None:
        if len(operation.vendors) == 1:
            via = next(iter(operation.vendors))
        else:
            only = connections.find(operation.name, operation.vendors, None, acting)
            return Place(only.vendor, only)
    check_via(via, operation.name, operation.vendors)
    connection = connections.known(via, acting)
    return Place(connection.vendor if connection is not None else _vendor_of(operation, via), connection)


def _vendor_of(operation: _Named[Any, T], via: str) -> Vendor:
    """The vendor whose package the adapter's module lies in."""
    from importlib import import_module

    package = operation.vendors[via].rpartition(".")[0]
    vendor = getattr(import_module(package), "VENDOR", None) if package else None
    return vendor if isinstance(vendor, Vendor) else load(via)


def _planned(request: Request, place: Place, items: int = 1) -> PlannedRequest:
    pairs = [(name, word) for name, value in (request.query or {}).items() for word in _words(value)]
    headers = place.headers if request.address is None else []  # what is meant for the vendor's own server goes to no address of an answer
    if request.headers:
        plain = {name: str(value) for name, value in request.headers.items() if value is not None}
        headers = with_headers(headers, plain)
    shown = [(name.decode("ascii"), value.decode("ascii")) for name, value in headers]
    if request.address is None:  # the credential goes to no address that an answer gives
        shown += _credential(place.scheme, pairs)
    body: Any = None
    if request.json is not None:
        body = _plain(request.json)
        shown.append(("Content-Type", "application/json"))
    elif request.form is not None:
        body = {name: words[0] if len(words) == 1 else words for name, value in request.form.items() if (words := _words(value))}
        shown.append(("Content-Type", "application/x-www-form-urlencoded"))
    elif request.parts is not None:
        body = {"metadata": _plain(request.parts.json), "content": _content(request.parts.content)}
        shown.append(("Content-Type", "multipart/related"))
    elif request.content is not None:
        body = _content(request.content)
    server = place.server if request.endpoint.host is None else place.hosts[request.endpoint.host]
    url = server + request.target if request.url is None else str(request.url)
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


def _content(content: bytes | Described) -> str:
    return f"({len(content)} bytes)" if isinstance(content, bytes) else content.text


def _credential(scheme: Scheme | None, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if scheme is None:
        return []
    if scheme.kind in {"basic", "bearer"}:
        return [("Authorization", f"{scheme.kind.capitalize()} {REDACTED}")]
    pairs += [(key.name, REDACTED) for key in scheme.keys if key.place == "query"]
    return [(key.name, f"{key.prefix}{REDACTED}") for key in scheme.keys if key.place == "header"]


def _json_lines(body: Any) -> list[str]:
    """The body as JSON, in lines."""
    import msgspec

    text: bytes = msgspec.json.format(json_bytes(body), indent=2)
    return text.decode("utf-8").splitlines()


def _doubles(value: Any) -> Any:
    """The value with numbers as `json` writes them."""
    if isinstance(value, dict):
        return {name: _doubles(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_doubles(item) for item in value]
    if not isinstance(value, Decimal):
        return value
    if value == value.to_integral_value():
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else format(value, "f")


def _words(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, (list, tuple)):
        return [query_word(_plain(item)) for item in value]
    return [query_word(_plain(value))]


def _plain(value: Any) -> Any:
    """The value with symbols as text, and whatever else JSON writes for it."""
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
