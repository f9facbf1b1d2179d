"""One try of one step: the call, made through the saga's client, and what it came to as a value of JSON. Nothing raises."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from unified_platform.store.errors import StoreUnavailable
from unified_runtime import Client, acting
from unified_runtime.brokered import failures
from unified_runtime.brokered.protocol import Failure, Whose
from unified_runtime.context import Acting, current_acting
from unified_runtime.control.guard import Guard
from unified_runtime.errors import ApprovalRequired, Conflict, Denied, NotConnected, RateLimited, Unavailable, Unconfirmed, UnifiedError
from unified_runtime.idempotency.ledger import Entry, Ledger
from unified_runtime.idempotency.once import encoded
from unified_runtime.operations import Invocation, Operation
from unified_runtime.settings import Settings

Clean = Callable[[bytes, Operation[..., Any], Invocation[Any]], bytes]
"""Takes out of what is kept what must not be in it."""


def as_is(body: bytes, operation: Operation[..., Any], invocation: Invocation[Any]) -> bytes:
    return body


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a saga.

    Args:
        until: seconds since 1970 from which on it is not made any more.
        nothing: it leaves nothing to undo.
        restores: it is undone by putting back what was read before, whether it was carried out or not.
        irreversible: it is the saga's last, and once begun is gone through with.
        undoes: it takes another one back.
    """

    operation: Operation[..., Any]
    invocation: Invocation[Any]
    acting: Whose
    until: float | None = None
    nothing: bool = False
    restores: bool = False
    irreversible: bool = False
    undoes: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call came to: the kept form of its value, or an error, or neither where it was not made.

    `again`: the same may succeed later. `waits`: for a person, who has to approve. `unsure`: it may have been made.
    """

    value: Any = None
    error: UnifiedError | None = None
    again: bool = False
    waits: bool = False
    unsure: bool = False
    approval: str | None = None

    @property
    def made(self) -> bool:
        return self.value is not None

    @property
    def doubtful(self) -> bool:
        """Whether it failed and was, or may have been, carried out all the same, in whole or in part."""
        error = self.error
        return self.unsure or (error is not None and (isinstance(error, Unconfirmed) or bool(error.done or error.lost)))

    def after(self, before: Outcome) -> Outcome:
        """This, where a try before came to something else: what that one carried out, or may have, stays carried out."""
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
    """An error as JSON holds it; what a vendor answered meanwhile goes with it."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(failures.failure(error)))
    return found


def failure_of(data: Mapping[str, Any]) -> Failure:
    """The form of an error that `data_of` was given, in which a broker tells it."""
    return msgspec.json.decode(msgspec.json.encode(data), type=Failure)


def error_of(data: Mapping[str, Any]) -> UnifiedError:
    """The error that `data_of` was given."""
    return failures.error(failure_of(data))


TIME_OVER: dict[str, Any] = {
    "error": data_of(UnifiedError("the time it was given is over")),
    "time_over": True,
    "again": False,
}
"""What a try comes to that was not begun in time."""


@dataclass(frozen=True, slots=True)
class Using:
    """By which client the calls of a saga are made; `back`: another, by which they are taken back."""

    client: Client
    back: Client | None = None
    clean: Clean = as_is


class NotMade(UnifiedError):
    """Nothing was sent for the call, and nothing will be."""


class Making:
    """Makes the calls of one saga.

    Args:
        settling: whether whoever wanted the calls is gone, and all that is still of interest is what became of those under way.
    """

    def __init__(self, using: Using, settling: Callable[[], bool]) -> None:
        self.using = using
        self._settling = settling

    def outcome(self, call: Call, before: Outcome, *, stopped: bool = False) -> dict[str, Any]:
        """One try, after what the one before came to. `stopped`: it is no longer wanted.

        A process that died may have begun this try already. So what is no longer wanted is not passed over, but asked about.
        """
        left = None if call.until is None else call.until - time.time()
        late = left is not None and left <= 0
        if (late or stopped or self._settling()) and not (call.irreversible or call.undoes):
            told = self._asked(call)
            return told if told.keys() & {"value", "error"} or not late else told | TIME_OVER
        client = self.using.back or self.using.client if call.undoes else self.using.client
        if left is not None and left < client.settings.deadline:
            client = copied(client, settings=replace(client.settings, deadline=max(left, 0.1)))
        return self._made(client, call, before)

    def _asked(self, call: Call) -> dict[str, Any]:
        """What became of a call that may have been begun. It is made only where that is how to find out, and does nothing twice."""
        if call.nothing:
            return {"skipped": True}
        if self._repeatable(call) and call.restores:
            return {"unsure": True}
        client, ledger = self.using.client, self.using.client.ledger
        if ledger is None or client.remote is not None or self._repeatable(call):
            # A broker remembers the key, or the vendor does: the answer is the same again, or the call is made, and then undone.
            return self._made(client, call, Outcome())
        return self._made(copied(client, ledger=_Closed(ledger)), call, Outcome(), closed=True)

    def _made(self, client: Client, call: Call, before: Outcome, *, closed: bool = False) -> dict[str, Any]:
        try:
            with acting_as(call.acting), client:
                self._undecided(before)
                value = encoded(client.run(call.operation, call.invocation))
                return {"value": self.using.clean(value, call.operation, call.invocation).decode()}
        except NotMade:
            return {"skipped": True}
        except StoreUnavailable as error:  # of keys or connections: nothing was sent that is not told in `done`
            return self._failed(Unavailable(error.message, retry_safe=True, done=error.done, lost=error.lost, made=error.made))
        except (Denied, ApprovalRequired) as error:
            if client.ledger is not None and client.guard is not None and not closed and not self._repeatable(call):
                # Perhaps it was allowed to a process that died since, and made: the ledger knows, and sends nothing.
                known = self._made(copied(client, ledger=_Closed(client.ledger), guarded=False), call, Outcome(), closed=True)
                if "skipped" not in known:
                    return known
            return self._failed(error)
        except UnifiedError as error:
            return self._failed(error)

    def _failed(self, error: UnifiedError) -> dict[str, Any]:
        told = data_of(error)
        if isinstance(error, ApprovalRequired):
            waits = error.expires_at is not None and time.time() < error.expires_at.timestamp()
            return {"error": told, "again": waits, "waits": True, "approval": error.approval}
        return {"error": told, "again": passes(error)}

    def _repeatable(self, call: Call) -> bool:
        """Whether the call may be made again without doing anything twice."""
        if call.operation.effect == "read":
            return True
        with acting_as(call.acting):
            return call.operation.adapter(vendor(self.using.client, call.operation, call.invocation)).repeatable

    def _undecided(self, before: Outcome) -> None:
        """Raises:
        Denied: a person has denied what the try before asked for.
        ApprovalRequired: nobody has decided yet.
        """
        if before.approval is None or not isinstance(before.error, ApprovalRequired):
            return
        guard = self.using.client.guard
        get = getattr(guard.approvals, "get", None) if guard is not None else None
        if get is None:
            return
        status = get(before.approval).status
        if status == "denied":
            raise Denied("a person denied this")
        if status == "pending":
            raise before.error


def passes(error: UnifiedError) -> bool:
    """Whether the same step may succeed later: under its key, it is made once however often it is tried."""
    if isinstance(error, Unconfirmed) or error.done:
        return error.retry_safe  # it is looked for then
    return isinstance(error, (RateLimited, Unavailable)) or (isinstance(error, (Conflict, Denied)) and error.retry_safe)


def vendor(client: Client, operation: Operation[..., Any], invocation: Invocation[Any]) -> str:
    """The vendor that a call goes to.

    Raises:
        NotConnected: none, or several, and none is named.
    """
    here = current_acting()
    via = invocation.via or here.via
    if client.remote is None:
        return client.connections.find(operation.name, operation.vendors, via, here).vendor.name
    if via is not None:
        return via
    found = client.connections.vendors(tuple(operation.vendors), here)
    if len(found) == 1:
        return found[0]
    told = f"several vendors are connected ({', '.join(found)}): say which, via=" if found else "no vendor is connected that offers it"
    raise NotConnected(told, operation=operation.name)


def whose(here: Acting) -> Whose:
    """What `acting` says, as data."""
    return Whose(here.user, here.owner.team, here.via, here.agent, here.connection, here.on_behalf_of)


def acting_as(whose: Whose | None) -> AbstractContextManager[None]:
    """The block in which `acting` says this again."""
    if whose is None:
        return nullcontext()
    return acting(
        user=whose.user,
        via=whose.via,
        agent=whose.agent,
        on_behalf_of=whose.on_behalf_of,
        team=whose.team,
        connection=whose.connection,
    )


def copied(
    client: Client, *, settings: Settings | None = None, ledger: Ledger | None = None, guard: Guard | None = None, guarded: bool = True
) -> Client:
    """A client like the other but for this."""
    made = copy.copy(client)
    if settings is not None:
        made.settings = settings
    if ledger is not None:
        made._own_ledger = ledger
    if guard is not None or not guarded:
        made._own_guard = guard
    return made


class _Closed:
    """A ledger that tells what became of a call, and lets none be made. What was sent and can be looked for is; where it turns out not to
    have been carried out, it is not sent again."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._sought = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def begin(self, scope: str, key: str, digest: str, *, lease: float) -> Entry:
        entry = self._ledger.begin(scope, key, digest, lease=lease)
        if entry.state == "mine":
            self._ledger.released(entry.token)
            raise NotMade("nothing was sent for this call")
        self._sought = entry.sought
        return entry

    def sending(self, token: str, told: str, *, lease: float, sought: str = "") -> bool:
        if sought and sought == self._sought:
            raise NotMade("nothing was carried out for this call")
        return self._ledger.sending(token, told, lease=lease, sought=sought)
