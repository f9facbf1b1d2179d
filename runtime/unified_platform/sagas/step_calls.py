"""One attempt of one step: makes the call through the saga's client and returns its outcome as a JSON value, without raising."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec

from unified_platform.store.errors import StoreUnavailable
from unified_runtime import Client, acting, using
from unified_runtime.core.approval_required import ApprovalRequired
from unified_runtime.core.context import Acting, current_acting
from unified_runtime.core.errors import (
    Conflict,
    Denied,
    Forbidden,
    NotConnected,
    RateLimited,
    Unauthorized,
    Unavailable,
    Unconfirmed,
    UnifiedError,
)
from unified_runtime.core.operations import Invocation, OperationBase
from unified_runtime.core.settings import Settings
from unified_runtime.core.wire import errors
from unified_runtime.core.wire.protocol import ActingFields, Failure
from unified_runtime.core.wire.sagas import UndoOf
from unified_runtime.execution.idempotent_writes import encoded
from unified_runtime.idempotency.store import IdempotencyStore, StoredWrite
from unified_runtime.policy.enforcer import PolicyEnforcer

Clean = Callable[[bytes, OperationBase[..., Any], Invocation[Any]], bytes]
"""Removes from saved data what must not be in it."""


def as_is(body: bytes, operation: OperationBase[..., Any], invocation: Invocation[Any]) -> bytes:
    return body


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a saga.

    Args:
        until: seconds since 1970 from which on it is not made any more.
        nothing: it leaves nothing to undo.
        restores: it is undone by putting back what was read before, whether it was executed or not.
        irreversible: it is the saga's last, and once begun is gone through with.
        undoes: it undoes another one.
        resumed: another process may have sent it.
        connection: server, tenant and id of the only connection to use, as `connection_key` returns them; empty for any.
    """

    operation: OperationBase[..., Any]
    invocation: Invocation[Any]
    acting: ActingFields
    until: float | None = None
    nothing: bool = False
    restores: bool = False
    irreversible: bool = False
    undoes: bool = False
    resumed: bool = False
    connection: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImpossibleCall:
    """A call that this process cannot make, since its operation or its inputs are not known here.

    Attributes:
        unsure: another process may have sent it.
    """

    error: UnifiedError
    unsure: bool = False

    def data(self) -> dict[str, Any]:
        return {"error": data_of(self.error), "again": False, "unsure": self.unsure}


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """Outcome of a call: the saved form of its value, or an error, or neither if it was not made.

    `again`: the same may succeed later. `waits`: for a person, who has to approve. `unsure`: it may have been made. `undo`: the call that
    undoes it, if the saga's code computed it from the result. `undo_error`: why the code could not.
    """

    value: Any = None
    error: UnifiedError | None = None
    again: bool = False
    waits: bool = False
    unsure: bool = False
    approval: str | None = None
    undo: UndoOf | Literal["nothing"] | None = None
    undo_error: str | None = None

    @property
    def made(self) -> bool:
        return self.value is not None

    @property
    def unconfirmed(self) -> bool:
        """True if it failed and was, or may have been, executed nevertheless, at least in part."""
        error = self.error
        return self.unsure or (error is not None and (isinstance(error, Unconfirmed) or bool(error.done or error.lost)))

    def after(self, before: CallOutcome) -> CallOutcome:
        """Return this outcome merged with the one of an earlier attempt: what that one executed, or may have, stays executed."""
        error, earlier = self.error, before.error
        if error is not None and earlier is not None:
            error.done = error.done or earlier.done
            error.lost = error.lost or earlier.lost
            error.made = error.made or earlier.made
        return self

    @property
    def pause(self) -> float | None:
        """Seconds that the vendor wants to be left alone."""
        return getattr(self.error, "retry_after", None)


def data_of(error: UnifiedError) -> dict[str, Any]:
    """Return an error as JSON data, with what the vendor responded so far."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(errors.failure(error)))
    return found


def failure_of(data: Mapping[str, Any]) -> Failure:
    """Return the wire form of an error from the data of `data_of`."""
    return msgspec.json.decode(msgspec.json.encode(data), type=Failure)


def error_of(data: Mapping[str, Any]) -> UnifiedError:
    """The error that `data_of` was given."""
    return errors.error(failure_of(data))


TIME_OVER: dict[str, Any] = {
    "error": data_of(UnifiedError("the time it was given is over")),
    "time_over": True,
    "again": False,
}
"""Outcome of an attempt that was not begun in time."""


@dataclass(frozen=True, slots=True)
class StepClient:
    """By which client the calls of a saga are made; `back`: another, by which they are taken back."""

    client: Client
    back: Client | None = None
    clean: Clean = as_is


class NotExecuted(UnifiedError):
    """Nothing was sent for the call, and nothing will be."""


class StepCaller:
    """Makes the calls of one saga.

    Args:
        settling: returns true if the calls are no longer needed, and only the outcome of those in progress is.
    """

    def __init__(self, using: StepClient, settling: Callable[[], bool]) -> None:
        self.using = using
        self._settling = settling

    def outcome(self, call: Call, before: CallOutcome, *, stopped: bool = False) -> dict[str, Any]:
        """One try, after what the one before came to. `stopped`: it is no longer wanted.

        A process that died may have begun this try already. So the outcome of a call that is no longer needed is looked up.
        """
        left = None if call.until is None else call.until - time.time()
        late = left is not None and left <= 0
        if (late or stopped or self._settling()) and not (call.irreversible or call.undoes):
            data = self.look_up(call)
            return data if data.keys() & {"value", "error"} or not late else data | TIME_OVER
        client = self.using.back or self.using.client if call.undoes else self.using.client
        if left is not None and left < client.settings.deadline:
            client = client_with(client, settings=replace(client.settings, deadline=max(left, 0.1)))
        return self._made(client, call, before)

    def look_up(self, call: Call) -> dict[str, Any]:
        """Return the outcome of a call that may have been sent. It is only sent if the vendor or the broker knows its key."""
        if call.nothing:
            return {"skipped": True}
        repeatable = self._repeatable(call)
        if repeatable and call.restores:
            return {"unsure": True}
        client, idempotency = self.using.client, self.using.client.idempotency
        if idempotency is None or client.broker_client is not None or repeatable:
            # A broker remembers the key, or the vendor does: the response is the same again, or the call is made, and then undone.
            return self._made(client, call, CallOutcome())
        return self._made(client_with(client, idempotency=_ClosedStore(idempotency)), call, CallOutcome(), lookup_only=True)

    def _made(self, client: Client, call: Call, before: CallOutcome, *, lookup_only: bool = False) -> dict[str, Any]:
        watched = (
            _KeyObserver(client.idempotency) if call.resumed and client.idempotency is not None and client.broker_client is None else None
        )
        data = self._sent(client if watched is None else client_with(client, idempotency=watched), call, before, lookup_only=lookup_only)
        if call.resumed and "error" in data and self._is_unconfirmed(call, error_of(data["error"]), watched):
            data["unsure"] = True
        return data

    def _is_unconfirmed(self, call: Call, error: UnifiedError, watched: _KeyObserver | None) -> bool:
        """Return whether a dead process may have executed the call, though it failed here: the store was not reached, or knows that it was
        sent. If the vendor or a broker knows its key, an earlier error does not prove the opposite."""
        if call.operation.effect == "read" or call.undoes:
            return False
        if watched is None or self._repeatable(call):
            return isinstance(error, _BEFORE_THE_KEY)
        return watched.state != "acquired"

    def _sent(self, client: Client, call: Call, before: CallOutcome, *, lookup_only: bool = False) -> dict[str, Any]:
        try:
            with acting_as(call.acting), using(client):
                self._undecided(before)
                _check_connection(client, call)
                value = encoded(client.run(call.operation, call.invocation))
                return {"value": self.using.clean(value, call.operation, call.invocation).decode()}
        except NotExecuted:
            return {"skipped": True}
        except StoreUnavailable as error:  # of keys or connections: nothing was sent except what is in `done`
            error.retry_safe = True
            return self._failed(error)
        except (Denied, ApprovalRequired) as error:
            if client.idempotency is not None and client.policy is not None and not self._repeatable(call):
                # A process that died since may have been allowed to make it: the idempotency store knows, and sends nothing.
                known = self._sent(
                    client_with(client, idempotency=_ClosedStore(client.idempotency), with_policy=False),
                    call,
                    CallOutcome(),
                    lookup_only=True,
                )
                if lookup_only or "skipped" not in known:
                    return known
            return self._failed(error)
        except UnifiedError as error:
            return self._failed(error)

    def _failed(self, error: UnifiedError) -> dict[str, Any]:
        data = data_of(error)
        if isinstance(error, ApprovalRequired):
            waits = error.expires_at is not None and time.time() < error.expires_at.timestamp()
            return {"error": data, "again": waits, "waits": True, "approval": error.approval}
        return {"error": data, "again": passes(error)}

    def _repeatable(self, call: Call) -> bool:
        """Return whether the call may be made again without doing anything twice."""
        if call.operation.effect == "read":
            return True
        try:
            with acting_as(call.acting):
                via = call.invocation.via or vendor(self.using.client, call.operation, call.invocation)
                return call.operation.adapter(via).repeatable
        except UnifiedError:  # not connected, or not offered: the call itself reports it
            return False

    def _undecided(self, before: CallOutcome) -> None:
        """Raises:
        Denied: a person has denied the approval that the earlier attempt requested.
        ApprovalRequired: no one has decided yet.
        """
        if before.approval is None or not isinstance(before.error, ApprovalRequired):
            return
        enforcer = self.using.client.policy
        get = getattr(enforcer.approvals, "get", None) if enforcer is not None else None
        if get is None:
            return
        status = get(before.approval).status
        if status == "denied":
            raise Denied("a person denied this")
        if status == "pending":
            raise before.error


def passes(error: UnifiedError) -> bool:
    """Return whether the same step may succeed later: under its key, it is made once however often it is tried."""
    if isinstance(error, Unconfirmed) or error.done:
        return error.retry_safe  # it is searched for then
    return isinstance(error, (RateLimited, Unavailable)) or (isinstance(error, (Conflict, Denied)) and error.retry_safe)


def vendor(client: Client, operation: OperationBase[..., Any], invocation: Invocation[Any]) -> str:
    """The vendor that a call goes to.

    Raises:
        NotConnected: none, or several, and none is named.
    """
    here = current_acting()
    via = invocation.via or here.via
    if client.broker_client is None:
        return client.connections.find(operation.name, operation.vendors, via, here).vendor.name
    if via is not None:
        return via
    found = client.connections.vendors(tuple(operation.vendors), here)
    if len(found) == 1:
        return found[0]
    data = (
        f"several connected vendors have this operation ({', '.join(found)}): choose one with via="
        if found
        else "no vendor is connected that offers it"
    )
    raise NotConnected(data, operation=operation.name)


def connection_key(client: Client, operation: OperationBase[..., Any], invocation: Invocation[Any]) -> tuple[str, tuple[str, ...]]:
    """Return the vendor that a call goes to, and the server, tenant and id of its connection; through a broker only the vendor.

    Raises:
        NotConnected: none, or several, and none is named.
    """
    if client.broker_client is not None:
        return vendor(client, operation, invocation), ()
    here = current_acting()
    found = client.connections.find(operation.name, operation.vendors, invocation.via or here.via, here)
    return found.vendor.name, (found.server, found.tenant, found.id or "")


def _check_connection(client: Client, call: Call) -> None:
    """Raises NotConnected if the call would go through another connection, where a record of the same id is another record."""
    if call.connection and client.broker_client is None and connection_key(client, call.operation, call.invocation)[1] != call.connection:
        raise NotConnected(
            "the connection that this saga used was replaced: connect the same account again, or undo the step by hand",
            vendor=call.invocation.via,
            operation=call.operation.name,
        )


def acting_fields(here: Acting) -> ActingFields:
    """Return the caller's identity, as `acting` set it, as data."""
    return ActingFields(here.user, here.owner.team, here.via, here.agent, here.connection, here.on_behalf_of)


def acting_as(owner: ActingFields | None) -> AbstractContextManager[None]:
    """Restore the identity of a caller for a block."""
    if owner is None:
        return nullcontext()
    return acting(
        user=owner.user,
        via=owner.via,
        agent=owner.agent,
        on_behalf_of=owner.on_behalf_of,
        team=owner.team,
        connection=owner.connection,
    )


def client_with(
    client: Client,
    *,
    settings: Settings | None = None,
    idempotency: IdempotencyStore | None = None,
    enforcer: PolicyEnforcer | None = None,
    with_policy: bool = True,
) -> Client:
    """A client like the other but for this."""
    made = copy.copy(client)
    if settings is not None:
        made.settings = settings
    if idempotency is not None:
        made._own_idempotency = idempotency
    if enforcer is not None or not with_policy:
        made._own_policy = enforcer
    return made


_BEFORE_THE_KEY = (Denied, ApprovalRequired, NotConnected, Unauthorized, Forbidden, RateLimited, Unavailable)
"""Errors that may end a call before the vendor or the broker compares its key."""


class _KeyObserver:
    """Idempotency store that records the state in which it last found a key."""

    def __init__(self, idempotency: IdempotencyStore) -> None:
        self._store = idempotency
        self.state: str | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def begin(self, *key: Any, **more: Any) -> StoredWrite:
        entry = self._store.begin(*key, **more)
        self.state = entry.state
        return entry


class _ClosedStore:
    """Idempotency store that returns outcomes of calls, and allows none to be made. What was sent is looked up, and not
    sent again."""

    def __init__(self, idempotency: IdempotencyStore) -> None:
        self._store = idempotency
        self._lookup = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def begin(self, scope: str, key: str, digest: str, *, lease: float, operation: str = "", person: str = "") -> StoredWrite:
        entry = self._store.begin(scope, key, digest, lease=lease, operation=operation, person=person)
        if entry.state == "acquired":
            self._store.released(entry.token)
            raise NotExecuted("nothing was sent for this call")
        self._lookup = entry.mark
        return entry

    def sending(self, token: str, detail: str, *, lease: float, mark: str = "", known: str | None = None) -> bool:
        if mark and mark == self._lookup:
            raise NotExecuted("nothing was executed for this call")
        return self._store.sending(token, detail, lease=lease, mark=mark, known=known)
