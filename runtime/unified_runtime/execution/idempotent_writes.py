"""Idempotent writes: a write under an idempotency key is made once, however often it is called."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeGuard

import msgspec

from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core import typed_json
from unified_runtime.core.blocking_tasks import BlockingTask
from unified_runtime.core.context import Context, current_acting
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.errors import Conflict, InvalidInput, RateLimited, Unavailable, Unconfirmed, UnifiedError, VendorProtocolError
from unified_runtime.core.messages import ExclusiveContent, Request
from unified_runtime.core.operations import UNSET
from unified_runtime.core.owners import TENANT
from unified_runtime.core.responses import Response
from unified_runtime.core.wire import errors, values
from unified_runtime.core.wire.protocol import CallResponse, untagged
from unified_runtime.execution.flows import ActionResult, Flow
from unified_runtime.execution.stages import CallState, request_name
from unified_runtime.idempotency.store import IdempotencyStore, StoredWrite, patience, person_of
from unified_runtime.policy.approvals import NotBindable, approval_subject

if TYPE_CHECKING:
    from unified_runtime.core.connections import Connection
    from unified_runtime.core.messages import HTTPRequest
    from unified_runtime.core.operations import Invocation, OperationBase
    from unified_runtime.execution.stages import Execute, Send
    from unified_runtime.policy.written_fields import Written

log = logging.getLogger("unified.idempotency")

RESOLVE = "Once you know, resolve it: unified writes resolve KEY --made ID, or --not-made"
"""Advice for a call that stays unconfirmed."""

LONGEST_KEY = 200
_PAUSES = (0.05, 0.1, 0.2, 0.5)
"""Seconds between two checks of a call that another process makes; the last one is repeated."""
_LEAST = 0.5
"""Seconds to wait for the store, at least, also at the end of a call's deadline."""
_MARGIN = 30.0
"""Seconds after a call's deadline until its row may be taken over."""


def check_key(key: object, operation: str) -> None:
    """Check an idempotency key.

    Raises:
        InvalidInput: it is not valid; the message states the valid form.
    """
    if isinstance(key, str) and 0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable():
        return
    requirement = f"must be 1 to {LONGEST_KEY} printable ASCII characters"
    raise InvalidInput(f"idempotency_key {requirement}", operation=operation, fields={"idempotency_key": requirement})


class KeyedWrite:
    """Write under an idempotency key: the store, the key and its scope, and a digest of the arguments.

    Raises:
        InvalidInput: an argument cannot be compared with that of another call.
    """

    __slots__ = ("digest", "key", "operation", "person", "scope", "store", "values", "vendor")

    def __init__(
        self,
        store: IdempotencyStore,
        operation: OperationBase[Any, Any],
        invocation: Invocation[Any],
        connection: Connection,
        extra: Mapping[str, Any],
        written: Written | None,
    ) -> None:
        acting = current_acting()
        given = {name: value for name, value in (invocation.given or {}).items() if value is not UNSET}
        if written is not None:  # a field written through `extra` is the same write under the field's own name
            given |= written.input
            extra = written.rest
        try:
            made = approval_subject(
                agent=acting.agent,
                user=acting.user,
                on_behalf_of=acting.on_behalf_of,
                operation=operation.name,
                effect=operation.effect,
                vendor=connection.vendor.name,
                server=connection.server,
                arguments={
                    "ids": dict(invocation.ids or {}),
                    "given": given,
                    "content": dict(invocation.content or {}),
                    "extra": extra,
                },
            )
        except NotBindable as error:
            raise InvalidInput(
                f"idempotency_key goes with arguments that can be compared, such as bytes: {error}",
                operation=operation.name,
                fields={"idempotency_key": "does not go with a stream or a file"},
            ) from None
        self.store = store
        self.operation = operation
        self.vendor, self.values = connection.vendor.name, connection.values
        self.key = invocation.key or ""
        self.digest = made.digest
        self.person = person_of(acting.on_behalf_of if acting.user is None else acting.user, connection.tenant)
        scope = [acting.agent, acting.user, connection.vendor.name, connection.server, connection.id]
        if connection.tenant != TENANT:  # the default tenant's digest stays as it is: writes stored under it are found again
            scope.append(connection.tenant)
        self.scope = msgspec.json.encode(scope).decode()


class IdempotencyStage:
    """Idempotency stage of one call: returns the stored result of an earlier one, or runs the call and stores its outcome."""

    __slots__ = ("_call", "_entry", "_first", "_lease", "_of", "_saved_mark", "_sent", "_server", "_store", "_unconfirmed")

    def __init__(self, of: KeyedWrite) -> None:
        self._of = of
        self._store = of.store
        self._lease = 0.0
        self._sent = ""
        self._saved_mark = ""
        self._first: Request | None = None
        self._unconfirmed = False

    def run(self, proceed: Execute, steps: Steps[Any], call: CallState) -> Flow[Any]:
        """Run the call, or return the value of the call that was made before under its key.

        A call of unknown result is looked up if possible, and run if it was not executed.

        Raises:
            Conflict: the key was used for another call, or the same call is running elsewhere and does not end.
            Unconfirmed: it was started before, and it is not known if it was executed.
        """
        call.begin()
        self._call = call
        self._server = call.connection.server
        self._lease = call.settings.deadline + _MARGIN
        self._entry = entry = yield from self._begun(call, self._lease)
        if entry.state == "completed":
            return decoded(entry.result or b"", self._of.operation)
        self._saved_mark = entry.mark
        self._unconfirmed = entry.state == "unconfirmed"
        if entry.made is not None:
            steps = self._resolved(entry.made)
        elif entry.state != "acquired":
            steps = self.reconcile(steps, self._describe(entry))
        try:
            value = yield from proceed(steps, call)
        except UnifiedError as error:
            yield self.ended(error)
            raise
        except BaseException:
            # The caller gave up: a flow that is being closed cannot yield another action. What was sent stays noted.
            self.abandoned()
            raise
        yield self.completed(value)
        return value

    def send(self, proceed: Send, request: Request, wire: HTTPRequest, call: CallState) -> Flow[ActionResult]:
        """Note a write that must not be sent twice, before it is sent."""
        if request.endpoint.retry is not Retry.NEVER:
            return proceed(request, wire, call)
        return self._noting(proceed, request, wire, call)

    def _begun(self, call: CallState, lease: float) -> Flow[StoredWrite]:
        operation = f"{self._of.operation.name} on {call.connection.vendor.name}"
        for pause in _pauses():
            entry: StoredWrite = yield from _run_task(
                lambda: self._store.begin(
                    self._of.scope, self._of.key, self._of.digest, lease=lease, operation=operation, person=self._of.person
                ),
                call,
            )
            if entry.digest != self._of.digest:
                raise Conflict(
                    f"the idempotency key {self._of.key!r} was used for another call: take a new key for other arguments",
                    fields={"idempotency_key": "was used with other arguments"},
                )
            if entry.state == "unconfirmed" and not entry.token:
                raise self._before(entry)
            if entry.state != "running":
                return entry
            if time.monotonic() + pause > call.deadline:
                break
            yield pause
        raise Conflict(
            f"the same call is being made elsewhere under the idempotency key {self._of.key!r}, and has not ended", retry_safe=True
        )

    def _before(self, entry: StoredWrite) -> Unconfirmed:
        """Return the error of a call that is not made again, including what it had executed when it ended."""
        error = Unconfirmed(f"{self._describe(entry)}. Look whether it was; it is not made again under this key. {RESOLVE}")
        if entry.result:
            before = errors.error(errors.decode(entry.result))
            error.done, error.lost, error.made, error.candidates = before.done, before.lost, before.made, before.candidates
        return error

    def _resolved(self, made: str) -> Steps[Any]:
        """Return the steps that read the record which a person identified as this call's.

        Raises:
            Conflict: the vendor has no operation that reads it.
        """
        from importlib import import_module

        getting = getattr(import_module(self._of.operation.build.__module__), "get", None)
        if self._of.operation.effect == "destructive" or getting is None or self._of.vendor not in getting.vendors:
            raise Conflict(f"this call was executed and its record is {made!r}: it was resolved so, and cannot be read", made=made)
        return (yield from getting.adapter(self._of.vendor).function(Context(self._of.values, {}), made))

    def _describe(self, entry: StoredWrite) -> str:
        known = "it was executed in part" if entry.executed else "whether it was executed is not known"
        return f"this call was made before under the idempotency key {self._of.key!r}, and {known}: {entry.detail}"

    def reconcile(self, steps: Steps[Any], description: str) -> Steps[Any]:
        """Run the steps, with the response of their first non-repeatable request treated as lost. The request is sent only if the steps
        yield it again, after finding that it was not executed."""
        from unified_runtime.adapter_api.reconciliation import SentBefore  # imported late: only unconfirmed calls need it

        try:
            request = next(steps)
            while True:
                if self._first is None and _once(request):
                    self._first = request
                    if self._mark(request) != self._entry.mark:
                        raise Unconfirmed(f"{description}. What it would send now is not what was sent: look whether that was executed")
                    entry = self._entry
                    if (response := self._known_response(request)) is not None:
                        request = steps.send(response)
                        continue
                    before = SentBefore(description, ago=entry.ago, executed=entry.executed, known=entry.known)
                    request = steps.throw(before)
                    continue
                if isinstance(request, ExclusiveContent) and self._first is None:  # it was declared when it was sent
                    request = steps.send(_NOTHING)
                    continue
                if _once(request):
                    self._unconfirmed = False
                try:
                    response = yield request
                except UnifiedError as error:
                    request = steps.throw(error)
                else:
                    request = steps.send(response)
        except StopIteration as stop:
            return stop.value

    def _known_response(self, request: Request) -> Response | None:
        """Return the vendor's response to a request that an earlier execution of this call noted: the steps continue from it."""
        before = errors.error(errors.decode(self._entry.result)) if self._entry.result else None
        name = request_name(request)
        done = next((done for done in before.done if done.request == name), None) if before is not None else None
        if done is None or before is None or not _readable(before):
            return None
        try:
            msgspec.json.decode(done.response.body)
        except msgspec.DecodeError:
            return None
        self._call.done = (done,)
        return Response(done.status, ((b"content-type", b"application/json"),), done.response.body, "")

    def _noting(self, proceed: Send, request: Request, wire: HTTPRequest, call: CallState) -> Flow[ActionResult]:
        first = self._first is None or request is self._first
        self._first = self._first or request
        self._saved_mark = self._mark(request) if first else ""
        name, mark = request_name(request), self._saved_mark
        known = request.exclusive_content.known if request.exclusive_content is not None else None

        def sending() -> bool:
            return self._store.sending(self._entry.token, f"{name} was sent", lease=self._lease, mark=mark, known=known)

        if not (yield from _run_task(sending, self._call)):
            name = "this call took so long that another may have made it under the same idempotency key; it was stopped"
            raise Conflict(name, retry_safe=True)
        self._sent = name
        return (yield from proceed(request, wire, call))

    def is_only_writer(self) -> bool:
        """Return True if no other call declared the same content; False if the store does not know."""
        try:
            return self._store.is_exclusive(self._entry.token)
        except UnifiedError as error:
            log.error("the idempotency store cannot be read", exc_info=error)
            return False

    def _mark(self, request: Request) -> str:
        """Return a digest that identifies the call's record among those of all vendors; empty if it cannot be looked up."""
        return hashlib.sha256(f"{self._server}\n{request.reconciliation_mark}".encode()).hexdigest() if request.reconciliation_mark else ""

    def ended(self, error: UnifiedError) -> BlockingTask[None]:
        """Return the task that stores the state of a failed call. If the call can be reconciled later, the error is marked safe to
        retry."""
        again = any(done.again for done in error.done)  # else the same call again executes nothing twice
        if not (isinstance(error, Unconfirmed) or again or self._unconfirmed or self._call.unconfirmed):
            return self._noted(lambda: self._store.released(self._entry.token))
        executed = "; ".join(f"{done.request} was executed (HTTP {done.status})" for done in error.done)
        detail = executed or (f"{self._sent} was sent and not confirmed" if self._sent else self._entry.detail)
        if isinstance(error, Unconfirmed) and (not self._saved_mark or error.retry_after is None) and RESOLVE not in error.message:
            error.message = f"{error.message}. {RESOLVE}"
            error.args = (error.message,)
        if self._saved_mark:
            later = error.retry_after is not None if isinstance(error, Unconfirmed) else isinstance(error, _PASSING) and _readable(error)
            error.retry_safe = error.retry_safe or later
        encoded_error = msgspec.json.encode(errors.failure(error))
        return self._noted(lambda: self._store.unconfirmed(self._entry.token, detail, executed=bool(executed), error=encoded_error))

    def completed(self, value: Any) -> BlockingTask[None]:
        return self._noted(lambda: self._store.completed(self._entry.token, encoded(value)))

    def abandoned(self) -> None:
        if self._unconfirmed:
            self._noted(lambda: self._store.unconfirmed(self._entry.token, self._entry.detail)).run()
        elif not self._sent:
            self._noted(lambda: self._store.released(self._entry.token)).run()

    def _noted(self, note: Callable[[], None]) -> BlockingTask[None]:
        """Return a task that updates the row. A failure does not affect the caller: the row then records less than is known, which is
        safe."""

        def noted() -> None:
            waits = patience.set(max(self._call.deadline - time.monotonic(), _LEAST))
            try:
                note()
            except UnifiedError as error:
                log.error("the result of %s cannot be stored under its idempotency key", self._call.operation, exc_info=error)
            finally:
                patience.reset(waits)

        return BlockingTask(noted, blocks=True)


_NOTHING = Response(0, (), b"", "")

_PASSING = (Unavailable, RateLimited, VendorProtocolError)
"""Errors after which the same call may have another outcome."""


def _readable(error: UnifiedError) -> bool:
    """Return whether the response to the write could be read, so that the call can continue from it."""
    return not isinstance(error, VendorProtocolError) or error.made is not None or not error.done


def _once(request: Any) -> TypeGuard[Request]:
    return isinstance(request, Request) and request.endpoint.retry is Retry.NEVER


def _pauses() -> Iterator[float]:
    yield from _PAUSES
    while True:
        yield _PAUSES[-1]


def _run_task(function: Callable[[], Any], call: CallState) -> Flow[Any]:
    def run() -> Any:
        waits = patience.set(max(call.deadline - time.monotonic(), _LEAST))
        try:
            return function()
        except UnifiedError as error:
            return error
        finally:
            patience.reset(waits)

    task: BlockingTask[Any] = BlockingTask(run, blocks=True)
    yield task
    if isinstance(task.result, UnifiedError):
        raise task.result
    return task.result


# -------------------------------------------------------------------------------------------------------- stored results
def encoded(value: Any) -> bytes:
    """Encode an operation's value with the vendor's response, in the form in which a broker returns it."""
    return msgspec.json.encode(values.call_response(value))


def decoded(data: bytes, operation: OperationBase[Any, Any]) -> Any:
    """Decode a stored value.

    Raises:
        Conflict: its class no longer exists, or the row is damaged.
    """
    try:
        saved = typed_json.decode(data, CallResponse)
        if saved.records is None:
            return operation.value_of(untagged(saved.plain))
        (record,) = values.records(saved, operation.build.__module__.partition(".")[0])
        return record
    except (ValueError, LookupError, TypeError, VendorProtocolError):
        pass
    raise Conflict("this call was made before under its idempotency key, and its result can no longer be read")
