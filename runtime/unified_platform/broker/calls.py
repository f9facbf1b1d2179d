"""Calls made for agents: found in the catalog, bound to their inputs, asked about, sent through the vault's connections, and answered."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

import msgspec

from unified_platform import arguments, catalog
from unified_platform.broker.principals import Principal
from unified_platform.broker.signing import Forged, Signer
from unified_runtime import AsyncClient
from unified_runtime.brokered import contents, failures, protocol, values
from unified_runtime.brokered.protocol import Answer, Call, Whose, untagged
from unified_runtime.calling.observed import Observation, Refusals, receiving
from unified_runtime.calling.plans import Plan
from unified_runtime.calling.prepared import Prepared, prepare
from unified_runtime.connections import Connection
from unified_runtime.context import current_acting
from unified_runtime.control.guard import Guard
from unified_runtime.credentials import REDACTED
from unified_runtime.described.describing import adescribe
from unified_runtime.errors import InvalidInput, UnifiedError
from unified_runtime.idempotency.ledger import Ledger
from unified_runtime.media.files import AsyncDownload
from unified_runtime.messages import Piece
from unified_runtime.operations import Downloading, Invocation, Listing, Operation
from unified_runtime.pacing.budgets import Budget
from unified_runtime.redaction import SHORTEST
from unified_runtime.settings import Settings

Find = Callable[[str], arguments.Callable]

_DESCRIBE = ("via", "project_id", "task_id", "type", "refresh")
_TICKET = "list"
_TICKET_SECONDS = 3600.0
_FRAME = 1024 * 1024
_MOST = 4096
"""Principals whose narrowed guard is kept."""

_hidden: WeakKeyDictionary[Connection, tuple[bytes, ...]] = WeakKeyDictionary()
_encode = msgspec.json.Encoder().encode
_calls = msgspec.json.Decoder(Call)


def shipped(name: str) -> arguments.Callable:
    """The operation of the compiled catalog.

    Raises:
        InvalidInput: there is none of that name.
    """
    return arguments.operation(name, _names())


def _names() -> list[str]:
    return catalog.names(catalog.load())


class Calls:
    """Makes calls for principals.

    Args:
        client: through whose connections.
        guard: asked about every call; each principal has it narrowed to its toolsets.
        budget: counts against the vendors' limits.
        signer: signs the tickets of lists that one approval is good for.
        ledger: remembers writes by their idempotency keys.
        find: the operations there are; the catalog's by default.
    """

    def __init__(
        self, client: AsyncClient, guard: Guard, budget: Budget, signer: Signer, *, ledger: Ledger | None = None, find: Find = shipped
    ) -> None:
        self.client = client
        self.ledger = ledger
        self.guard = guard
        self.signer = signer
        self.budget = budget
        self._find = find
        self._found: dict[str, arguments.Callable] = {}
        self._guards: dict[str, tuple[Guard, Principal, Guard]] = {}

    # ------------------------------------------------------------------------------------------------ JSON
    async def call(self, call: Call, principal: Principal, settings: Settings, content: Any = None) -> bytes:
        """One call, or a page of a list, to the answer's bytes."""
        operation, invocation = self._bound(call, content)
        if isinstance(operation, Downloading):
            raise InvalidInput(f"{operation.name} answers a content: it is received at {protocol.DOWNLOAD}", operation=operation.name)
        with principal.acting(call.acting), self._observed(operation, invocation) as seen:
            prepared = await self._prepared(operation, invocation, principal)
            self._admitted(prepared, call.ticket, principal)
            cursor = (call.cursor or invocation.cursor) if isinstance(operation, Listing) else None
            flow = prepared.flow(cursor, settings, self.budget, seen)
            value = await self.client.perform(flow if seen is None else seen.watched(flow))
            ticket = self._ticket(prepared, principal) if isinstance(operation, Listing) else None
            answer = scrubbed(_encode(values.answer(value, ticket=ticket)), self._used(operation, prepared))
            if seen is not None:
                seen.result_bytes = len(answer)
            return answer

    async def plan(self, call: Call, principal: Principal) -> bytes:
        """What a call would send; a content stands in it by its size alone."""
        size = call.input.pop("content", None) if call.content is not None else None
        content = None if call.content is None else _Sized(size.get("size") if isinstance(size, dict) else None)
        operation, invocation = self._bound(call, content)
        with principal.acting(call.acting):
            if self.client.connections.source is not None:
                await self.client.connections.warmed(current_acting().owner)
            from unified_runtime.calling.plans import plan

            made = plan(operation, invocation, self.client.connections, self._guard(principal))
        return _encode(Answer(plain=values.plan_data(made)))

    async def plan_many(
        self,
        operation: Operation[..., Any],
        invocations: Sequence[Invocation[Any]],
        principal: Principal,
        refused: Callable[[int, UnifiedError], None],
    ) -> Plan:
        """What calls that are made together would send. `refused` is told which would send nothing, and why."""
        from unified_runtime.calling.plans import plan_many

        if self.client.connections.source is not None:
            await self.client.connections.warmed(current_acting().owner)
        return plan_many(operation, invocations, self.client.connections, self._guard(principal), refused)

    async def describe(self, call: Call, principal: Principal, settings: Settings) -> bytes:
        """What a connection offers; each list that is read for it is a call of the agent's."""
        resource, _, verb = call.operation.rpartition(".")
        given = {name: value for name, value in call.input.items() if name in _DESCRIBE}
        if verb != "describe" or given != call.input:
            raise InvalidInput(f"a description is asked for as RESOURCE.describe, with {', '.join(_DESCRIBE)}")
        with principal.acting(call.acting):
            async with self.client_under(self._guard(principal), settings):
                return _encode(values.described(await adescribe(resource, **given)))

    async def vendors(self, wanted: Whose, names: object, principal: Principal) -> bytes:
        """Those of the vendors that are connected for whom the agent acts."""
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise InvalidInput("vendors are a list of names")
        with principal.acting(wanted):
            acting_ = current_acting()
            if self.client.connections.source is not None:
                await self.client.connections.warmed(acting_.owner)
            return _encode(Answer(plain=list(self.client.connections.vendors(names, acting_))))

    # ------------------------------------------------------------------------------------------------ contents
    async def download(self, call: Call, principal: Principal, settings: Settings) -> AsyncGenerator[bytes, None]:
        """A content in frames. The first has come when this returns, so that what goes wrong before it is an answer like any other."""
        operation, invocation = self._bound(call, None)
        if not isinstance(operation, Downloading):
            raise InvalidInput(f"{operation.name} answers no content", operation=operation.name)
        observers = self.client.observers
        with principal.acting(call.acting):
            acting_ = current_acting()
            with nullcontext() if observers is None else Refusals(observers, operation, invocation):
                prepared = await self._prepared(operation, invocation, principal)

        async def start() -> Any:
            if observers is None:
                return prepared.receiving(settings, self.budget)
            return receiving(
                lambda: Observation(observers, operation, invocation, acting=acting_),
                lambda seen: prepared.receiving(settings, self.budget, seen),
            )

        pieces = AsyncDownload(self.client, start, operation.name, prepared.connection.vendor.name).pieces()
        first = await anext(pieces, None)
        secrets = secrets_of(prepared.connection)
        return _frames(pieces, first, secrets)

    # ------------------------------------------------------------------------------------------------ parts
    def operation(self, name: str) -> arguments.Callable:
        """The operation of that name.

        Raises:
            InvalidInput: there is none.
        """
        operation = self._found.get(name)
        if operation is None:
            operation = self._found[name] = self._find(name)
        return operation

    def _bound(self, call: Call, content: Any) -> tuple[arguments.Callable, Invocation[Any]]:
        operation = self.operation(call.operation)
        given: dict[str, Any] = dict(call.input)
        for name in ("extra", "custom_fields"):
            if name in given:
                given[name] = untagged(given[name])
        if call.content is not None:
            given[call.content] = content
        return operation, operation.bind(given)

    def _observed(self, operation: arguments.Callable, invocation: Invocation[Any]) -> AbstractContextManager[Observation | None]:
        observers = self.client.observers
        return nullcontext() if observers is None else Observation(observers, operation, invocation)

    async def _prepared(self, operation: arguments.Callable, invocation: Invocation[Any], principal: Principal) -> Prepared:
        if self.client.connections.source is not None:
            await self.client.connections.warmed(current_acting().owner)
        return prepare(operation, invocation, self.client.connections, self._guard(principal), self.ledger)

    def narrowed(self, principal: Principal, settings: Settings | None = None) -> AsyncClient:
        """A client for this principal's calls alone: the same connections, budgets and ledger, and the guard narrowed to what it may do."""
        return self.client_under(self._guard(principal), settings)

    def client_under(self, guard: Guard, settings: Settings | None = None) -> AsyncClient:
        """A client of the same connections, budgets, ledger and observers, whose calls this guard is asked about."""
        own = self.client
        return AsyncClient(
            own.own_transport,
            settings=settings or own.settings,
            connections=own.connections,
            budget=self.budget,
            guard=guard,
            ledger=self.ledger,
            observer=own.own_observers,
        )

    def _guard(self, principal: Principal) -> Guard:
        """The guard narrowed to this principal; the same one for the same principal."""
        whole, known, narrowed = self._guards.get(principal.id, (None, None, None))
        if narrowed is None or whole is not self.guard or known is not principal:
            if len(self._guards) >= _MOST:
                self._guards.clear()
            narrowed = self.guard.narrowed(principal.within, {"by": principal.id, **principal.facts})
            self._guards[principal.id] = self.guard, principal, narrowed
        return narrowed

    def _admitted(self, prepared: Prepared, ticket: str | None, principal: Principal) -> None:
        """Let the page of a list go on under the approval that its first page had spent.

        Raises:
            InvalidInput: the ticket is not of this list and agent.
        """
        if ticket is None or prepared.guarded is None:
            return
        try:
            told = self.signer.read(_TICKET, ticket)
        except Forged:
            told = {}
        if told.get("list") != _list(prepared, principal):
            raise InvalidInput("the list's ticket is not one of this list's pages, or is too old: begin again")
        prepared.guarded.spend(str(told["approval"]))

    def _ticket(self, prepared: Prepared, principal: Principal) -> str | None:
        approval = prepared.guarded.approval if prepared.guarded is not None else None
        if approval is None:
            return None
        return self.signer.sign(_TICKET, {"list": _list(prepared, principal), "approval": approval}, _TICKET_SECONDS)

    def _used(self, operation: arguments.Callable, prepared: Prepared) -> Iterable[bytes]:
        """The secrets that the call may have used: those of its connection, and of what that was renewed to meanwhile."""
        found = secrets_of(prepared.connection)
        if prepared.connection.renewal is None:
            return found
        acting_ = current_acting()
        # Of the same vendor: the others need not be looked through for it.
        latest = self.client.connections.find(operation.name, operation.vendors, prepared.connection.vendor.name, acting_)
        return found if latest is prepared.connection else {*found, *secrets_of(latest)}


class _Sized:
    """Stands for a content in a plan: it has a size, and is not read."""

    def __init__(self, size: object) -> None:
        self._size = size if isinstance(size, int) and size >= 0 else None

    def read(self, _: int = -1) -> bytes:
        return b""

    def seekable(self) -> bool:
        return self._size is not None

    def tell(self) -> int:
        return 0

    def seek(self, _: int, whence: int = 0) -> int:
        return (self._size or 0) if whence else 0


def decode(body: bytes) -> Call:
    """The call of a body.

    Raises:
        InvalidInput: it is none.
    """
    try:
        return _calls.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = str(error)
    raise InvalidInput(f"the body is no call: {reason}")


def _list(prepared: Prepared, principal: Principal) -> str:
    assert prepared.guarded is not None
    return hashlib.sha256(f"{principal.id}\n{prepared.guarded.claim().digest}".encode()).hexdigest()


def secrets_of(connection: Connection) -> tuple[bytes, ...]:
    """What must not be in an answer: the connection's secrets, as they are, as JSON or a URL writes them, and as they are sent."""
    known = _hidden.get(connection)
    if known is None:
        found: list[str] = []
        for secret in connection.secrets:
            text = secret.reveal()
            found += [text, quote(text, safe=""), msgspec.json.encode(text)[1:-1].decode()]
        found += [value.decode("ascii").rpartition(" ")[2] for _, value in connection.credential.headers()]
        known = _hidden[connection] = tuple(text.encode() for text in dict.fromkeys(found) if len(text) >= SHORTEST)
    return known


def scrubbed(body: bytes, secrets: Iterable[bytes]) -> bytes:
    """An answer's bytes without secrets: a vendor may echo what it was sent, and a record's `raw` holds all it says."""
    for secret in secrets:
        if secret in body:
            body = body.replace(secret, REDACTED.encode())
    return body


def failed(error: UnifiedError, secrets: Iterable[bytes] = (), *, own: bool = False) -> bytes:
    """An error's bytes."""
    return scrubbed(_encode(failures.failure(error, own=own)), secrets)


async def _frames(pieces: Any, first: Piece | None, secrets: Iterable[bytes]) -> AsyncGenerator[bytes, None]:
    digest = hashlib.sha256()
    total: int | None = first.total if first is not None else 0
    yield contents.frame(contents.HEAD, _encode({"total": total}))
    try:
        piece = first
        while piece is not None:
            data = memoryview(piece.data)
            digest.update(data)
            for start in range(0, len(data), _FRAME):
                yield contents.frame(contents.DATA, bytes(data[start : start + _FRAME]))
            piece = await anext(pieces, None)
        yield contents.frame(contents.END, digest.digest())
    except UnifiedError as error:
        yield contents.frame(contents.ERROR, failed(error, secrets))
    finally:
        await pieces.aclose()


def with_deadline(settings: Settings, wanted: bytes | None, known: dict[float, Settings]) -> Settings:
    """The settings with the agent's deadline, where that is nearer."""
    try:
        seconds = float(wanted) if wanted else settings.deadline
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < settings.deadline:
        return settings
    seconds = max(0.1, round(seconds, 1))
    if seconds not in known:
        if len(known) > 1000:
            known.clear()
        known[seconds] = replace(settings, deadline=seconds)
    return known[seconds]
