"""Execution of agents' calls: binds inputs to operations, and makes the calls under policies with the vault's connections."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import msgspec

from unified_platform.broker.principals import Principal
from unified_platform.broker.request_bodies import decode_body
from unified_platform.broker.responses import encode_error, redacted
from unified_platform.catalog import capabilities
from unified_platform.catalog.operations import AnyOperation, find_operation
from unified_platform.common.event_loop import in_thread_if
from unified_runtime import AsyncClient, using
from unified_runtime.broker_client import content_stream
from unified_runtime.client._async.describing import adescribe
from unified_runtime.client._async.downloads import AsyncDownload
from unified_runtime.client.operations import Downloading, Operation
from unified_runtime.core import json_limits
from unified_runtime.core.connections import Connection
from unified_runtime.core.context import current_acting
from unified_runtime.core.errors import InvalidInput, UnifiedError
from unified_runtime.core.operations import Invocation, OperationBase
from unified_runtime.core.plans import Plan
from unified_runtime.core.responses import Piece
from unified_runtime.core.settings import Settings
from unified_runtime.core.wire import protocol, values
from unified_runtime.core.wire.protocol import ActingFields, Call, CallResponse, untagged
from unified_runtime.execution.observation import Observation, Refusals, receiving
from unified_runtime.execution.offloading import large_result
from unified_runtime.execution.pipeline import download, run
from unified_runtime.execution.prepared import PreparedCall, prepare
from unified_runtime.idempotency.store import IdempotencyStore
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.rate_limits.rate_limiter import RateLimiter
from unified_runtime.toolkits import registry
from unified_runtime.toolkits.operations import ToolkitOperation
from unified_runtime.toolkits.raw_requests import RawRequest

LARGE = 4_000
"""Size of a body, in bytes, above which its call is bound, checked and planned in a thread."""

Find = Callable[[str], AnyOperation]

_DESCRIBE = ("via", "project_id", "task_id", "type", "refresh")
_FRAME = 1024 * 1024
_MOST = 4096
"""Maximum principals whose policy enforcer is cached."""

_encode = msgspec.json.Encoder().encode
_calls = msgspec.json.Decoder(Call)


class Calls:
    """Makes calls for principals.

    Args:
        client: client with the connections.
        enforcer: policy enforcer of every call, narrowed to the toolsets of each principal.
        rate_limiter: rate limiter.
        idempotency: idempotency store.
        find: look-up of operations; by default in the catalog.
    """

    def __init__(
        self,
        client: AsyncClient,
        enforcer: PolicyEnforcer,
        rate_limiter: RateLimiter,
        *,
        idempotency: IdempotencyStore | None = None,
        find: Find = find_operation,
    ) -> None:
        self.client = client
        self.idempotency = idempotency
        self.enforcer = enforcer
        self.rate_limiter = rate_limiter
        self._find = find
        self._found: dict[str, AnyOperation] = {}
        self._enforcers: dict[str, tuple[PolicyEnforcer, Principal, PolicyEnforcer]] = {}

    # ------------------------------------------------------------------------------------------------ JSON
    async def call(self, call: Call, principal: Principal, settings: Settings, content: Any = None, *, large: bool = False) -> bytes:
        """Make a call, or read a page of a list, and return the response's bytes. `large`: its input takes long to check."""
        operation, invocation = await in_thread_if(large, self._bound, call, content)
        if isinstance(operation, Downloading):
            raise InvalidInput(f"{operation.name} returns a content: it is received at {protocol.DOWNLOAD}", operation=operation.name)
        with principal.acting(call.acting), self._observed(operation, invocation) as seen:
            prepared = await self._prepared(operation, invocation, principal, large=large)
            flow = run(prepared, settings, self.rate_limiter, seen, cursor=invocation.cursor)
            value = await self.client.perform(flow if seen is None else seen.watched(flow))
            response = await in_thread_if(large_result(value), _encoded_response, value, self._used(operation, prepared))
            if seen is not None:
                seen.result_bytes = len(response)
            return response

    async def plan(self, call: Call, principal: Principal, *, large: bool = False) -> bytes:
        """Return the plan of a call; of a content, it includes only the size."""
        size = call.input.pop("content", None) if call.content is not None else None
        content = None if call.content is None else _Sized(size.get("size") if isinstance(size, dict) else None)
        operation, invocation = await in_thread_if(large, self._bound, call, content)
        with principal.acting(call.acting):
            await self.client.connections.warmed(current_acting().owner)
            return await in_thread_if(large, self._planned, operation, invocation, principal)

    def _planned(self, operation: OperationBase[..., Any], invocation: Invocation[Any], principal: Principal) -> bytes:
        from unified_runtime.execution.plans import plan

        return _encode(
            CallResponse(plain=values.plan_data(plan(operation, invocation, self.client.connections, self._enforcer(principal))))
        )

    async def plan_many(
        self,
        operation: Operation[..., Any],
        invocations: Sequence[Invocation[Any]],
        principal: Principal,
        refused: Callable[[int, UnifiedError], None],
        *,
        large: bool = False,
    ) -> Plan:
        """Return the plan of a batch. `refused` is called with the calls that would send nothing, and their errors."""
        from unified_runtime.execution.plans import plan_many

        await self.client.connections.warmed(current_acting().owner)
        return await in_thread_if(large, plan_many, operation, invocations, self.client.connections, self._enforcer(principal), refused)

    async def describe(self, call: Call, principal: Principal, settings: Settings) -> bytes:
        """Return the custom fields, projects and types of a connection; each list that is read for it is a call of the agent."""
        resource, _, verb = call.operation.rpartition(".")
        given = {name: value for name, value in call.input.items() if name in _DESCRIBE}
        if verb != "describe" or given != call.input:
            raise InvalidInput(f"a description is requested as RESOURCE.describe, with {', '.join(_DESCRIBE)}")
        with principal.acting(call.acting), using(self.client_under(self._enforcer(principal), settings)):
            return _encode(values.described(await adescribe(resource, **given)))

    async def vendors(self, wanted: ActingFields, names: object, principal: Principal) -> bytes:
        """Return the connected vendors of the user or team that the agent acts for, among the named ones."""
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise InvalidInput("vendors are a list of names")
        with principal.acting(wanted):
            acting_ = current_acting()
            await self.client.connections.warmed(acting_.owner)
            return _encode(CallResponse(plain=list(self.client.connections.vendors(names, acting_))))

    async def tools(self, wanted: ActingFields, names: object, principal: Principal) -> bytes:
        """Return the operations that the principal's toolsets and the policies could allow, each with its vendors: of those named, else of
        all, the ones that are connected for the user or team that the agent acts for. If none of those named is, all of them."""
        if names is not None and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
            raise InvalidInput("vendors are a list of names")
        enforcer = self._enforcer(principal)
        with principal.acting(wanted):
            acting_ = current_acting()
            await self.client.connections.warmed(acting_.owner)
            connected = self.client.connections.vendors(capabilities.vendor_names() if names is None else names, acting_)
            documented: tuple[str, ...] = ()
            if principal.toolset.api:
                known = registry.names()
                documented = self.client.connections.vendors(known if names is None else [one for one in names if one in known], acting_)
            reached = [entry for entry in capabilities.load() if entry.name in (connected or names or ())]

        def offered() -> dict[str, list[str]]:
            return {
                name: allowed
                for name, vendors in {**principal.toolset.operations(reached), **principal.toolset.api_operations(documented)}.items()
                if (allowed := [one for one in vendors if enforcer.may_call(principal.agent, name, one)])
            }

        return _encode(CallResponse(plain=await asyncio.to_thread(offered)))

    # ------------------------------------------------------------------------------------------------ contents
    async def download(self, call: Call, principal: Principal, settings: Settings) -> AsyncGenerator[bytes, None]:
        """Return a content as frames. The first is read before this returns, so that an error before it is a normal response."""
        operation, invocation = self._bound(call, None)
        if isinstance(operation, ToolkitOperation):
            operation = operation.downloading
        elif not isinstance(operation, Downloading):
            raise InvalidInput(f"{operation.name} returns no content", operation=operation.name)
        observers = self.client.observers
        with principal.acting(call.acting):
            acting_ = current_acting()
            with nullcontext() if observers is None else Refusals(observers, operation, invocation, tenant=self.client.connections.tenant):
                prepared = await self._prepared(operation, invocation, principal)

        async def start() -> Any:
            if observers is None:
                return download(prepared, settings, self.rate_limiter)
            return receiving(
                lambda: Observation(observers, operation, invocation, acting=acting_, tenant=self.client.connections.tenant),
                lambda seen: download(prepared, settings, self.rate_limiter, seen),
            )

        pieces = AsyncDownload(self.client, start, operation.name, prepared.connection.vendor.name).pieces()
        first = await anext(pieces, None)
        return _frames(pieces, first, prepared.connection)

    # ------------------------------------------------------------------------------------------------ parts
    def operation(self, name: str) -> AnyOperation:
        """Return the operation with this name.

        Raises:
            InvalidInput: it does not exist.
        """
        operation = self._found.get(name)
        if operation is None:
            operation = self._found[name] = self._find(name)
        return operation

    def _bound(self, call: Call, content: Any) -> tuple[OperationBase[..., Any], Invocation[Any]]:
        operation = self.operation(call.operation)
        given: dict[str, Any] = dict(call.input)
        for name in ("extra", "custom_fields"):
            if name in given:
                given[name] = untagged(given[name])
        if call.content is not None:
            given[call.content] = content
        if call.cursor is not None:
            if not operation.pages:
                raise InvalidInput(f"{operation.name} is not a list, so it has no cursor", operation=operation.name)
            given["cursor"] = call.cursor
        return operation.resolve(given) if isinstance(operation, RawRequest) else (operation, operation.bind(given))

    def _observed(self, operation: OperationBase[..., Any], invocation: Invocation[Any]) -> AbstractContextManager[Observation | None]:
        observers = self.client.observers
        if observers is None:
            return nullcontext()
        return Observation(observers, operation, invocation, tenant=self.client.connections.tenant)

    async def _prepared(
        self, operation: OperationBase[..., Any], invocation: Invocation[Any], principal: Principal, *, large: bool = False
    ) -> PreparedCall:
        await self.client.connections.warmed(current_acting().owner)
        return await in_thread_if(
            large, prepare, operation, invocation, self.client.connections, self._enforcer(principal), self.idempotency
        )

    def narrowed(self, principal: Principal, settings: Settings | None = None, *, approvals: bool = True) -> AsyncClient:
        """Return a client for the calls of one principal: shared connections and stores, and a policy enforcer for its rights.

        Without `approvals`, a call that needs one is denied.
        """
        enforcer = self._enforcer(principal)
        return self.client_under(enforcer if approvals else enforcer.unattended(), settings)

    def client_under(self, enforcer: PolicyEnforcer, settings: Settings | None = None) -> AsyncClient:
        """Return a client with shared connections, stores and observers, under this policy enforcer."""
        own = self.client
        return AsyncClient(
            own.transport,
            settings=settings or own.settings,
            connections=own.connections,
            rate_limiter=self.rate_limiter,
            policy=enforcer,
            idempotency=self.idempotency,
            observers=own._own_observers,
        )

    def _enforcer(self, principal: Principal) -> PolicyEnforcer:
        """Return the policy enforcer narrowed to this principal; cached by principal."""
        complete, known, narrowed = self._enforcers.get(principal.id, (None, None, None))
        if narrowed is None or complete is not self.enforcer or known is not principal:
            if len(self._enforcers) >= _MOST:
                self._enforcers.clear()
            narrowed = self.enforcer.narrowed(principal.within, {"by": principal.id, **principal.facts})
            self._enforcers[principal.id] = self.enforcer, principal, narrowed
        return narrowed

    def _used(self, operation: OperationBase[..., Any], prepared: PreparedCall) -> Iterable[Connection]:
        """Return the connection of the call, and its refreshed version if any: their secrets may have been used."""
        if prepared.connection.renewal is None:
            return (prepared.connection,)
        acting_ = current_acting()
        # Of the same vendor: others need not be searched.
        latest = self.client.connections.find(operation.name, operation.vendors, prepared.connection.vendor.name, acting_)
        return (prepared.connection,) if latest is prepared.connection else (prepared.connection, latest)


class _Sized:
    """Replaces a content in a plan: it has a size, and is not read."""

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


def _encoded_response(value: Any, used: Iterable[Connection]) -> bytes:
    return redacted(_encode(values.call_response(value)), used)


def decode(body: bytes) -> Call:
    """Decode the call of a body.

    Raises:
        InvalidInput: it is not valid.
        BeyondBounds: it has too many values, or is nested too deep.
    """
    found = decode_body(body, _calls, "a call")
    json_limits.check(found.input, "input", json_limits.MOST_JSON_VALUES)
    return found


async def _frames(pieces: Any, first: Piece | None, connection: Connection) -> AsyncGenerator[bytes, None]:
    digest = hashlib.sha256()
    total: int | None = first.total if first is not None else 0
    yield content_stream.frame(content_stream.HEAD, _encode({"total": total}))
    try:
        piece = first
        while piece is not None:
            data = memoryview(piece.data)
            digest.update(data)
            for start in range(0, len(data), _FRAME):
                yield content_stream.frame(content_stream.DATA, bytes(data[start : start + _FRAME]))
            piece = await anext(pieces, None)
        yield content_stream.frame(content_stream.END, digest.digest())
    except UnifiedError as error:
        yield content_stream.frame(content_stream.ERROR, encode_error(error, (connection,)))
    finally:
        await pieces.aclose()
