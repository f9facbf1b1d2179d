"""Events for agents, limited to records that toolsets and policies let the agent read."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
from starlette.routing import BaseRoute

from unified_platform.broker.agent_keys import ANY
from unified_platform.broker.allowing_policy import AllowingPolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.config import Config
from unified_platform.broker.principals import NotPermitted, Principal
from unified_platform.common.retention import DAY
from unified_platform.inbox import Hook, Inbox, InboxEvent, Poller, Pusher, Receiver, check_registration, open_inbox, register
from unified_platform.inbox.permissions import PASSING, may_see
from unified_platform.inbox.receiver import ROOT
from unified_platform.inbox.store import check_reader
from unified_platform.store.database import Database
from unified_runtime import Client
from unified_runtime.core.context import acting, current_acting
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput, UnifiedError
from unified_runtime.core.wire.protocol import ActingFields, Events, Reading
from unified_runtime.policy.enforcer import PolicyEnforcer

if TYPE_CHECKING:
    from unified_platform.vault import SealedVault

MOST_WAIT = 20.0
"""Maximum seconds that a reader may wait, which counts for the concurrency limit."""
PAUSE = 0.5
"""Seconds between two reads of the inbox."""

MOST_READS = 50
"""Maximum records that are read for one response, if policies decide on more than the operation."""
SHOWN = 60.0
"""Seconds for which the result of reading a record is cached."""
_MOST = 10_000
"""Maximum cached results."""

FIRST_PAUSE = 1.0
"""Seconds after the start of the broker until it registers hooks, and until the second attempt. Further pauses are twice as long."""
LONGEST_PAUSE = 300.0
REGISTERED_FRESH = 60.0
"""Seconds for which a registration is not confirmed again, by several processes that start together."""

log = logging.getLogger("unified.inbox")

_READING = msgspec.json.Decoder(Reading)


Lag = Callable[[str, float], None]


class Readers:
    """Reads an inbox for principals. Reader names are separate for each agent.

    Args:
        inbox: store of events.
        calls: makes the calls that would read the records; its policy enforcer decides.
        lag: called for each delivered event with the vendor and the seconds that the event waited.
    """

    def __init__(self, inbox: Inbox, calls: Calls, lag: Lag | None = None) -> None:
        self._inbox = inbox
        self._calls = calls
        self._seen: dict[tuple[str, int], tuple[float, bool]] = {}
        self._lag = lag

    async def read(self, body: bytes, principal: Principal) -> bytes:
        """Return the next events of a reader.

        Raises:
            InvalidInput: the request is not valid.
            UnifiedError: the inbox does not respond.
        """
        try:
            requested = _READING.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise InvalidInput(f"this is not a request for events: {error}") from None
        if not 1 <= requested.limit <= 500:
            raise InvalidInput("limit is a whole number from 1 to 500")
        check_reader(requested.reader)
        reader = f"{quote(principal.agent, safe=' ')}/{requested.reader}"  # the first / ends the agent's name, even if names contain one
        until = time.monotonic() + min(requested.wait, MOST_WAIT)
        token = requested.token
        while True:
            token, found = await self._look(reader, requested, token, principal)
            if found or requested.leave or time.monotonic() + PAUSE > until:
                break
            await asyncio.sleep(PAUSE)
        if self._lag is not None:
            for one in found:
                self._lag(one.vendor, max(0.0, time.time() - one.received_at))
        return msgspec.json.encode(Events([msgspec.to_builtins(one) for one in found], token))

    async def _look(self, reader: str, request: Reading, token: str | None, principal: Principal) -> tuple[str | None, list[InboxEvent]]:
        token = await asyncio.to_thread(self._begun, reader, request, token)
        found: list[InboxEvent] = []
        if token is None:
            return None, found
        after: int | None = None
        left = MOST_READS
        while len(found) < request.limit:
            some = await asyncio.to_thread(
                self._inbox.read,
                reader,
                limit=request.limit - len(found),
                types=request.types,
                visible=lambda one: sees(principal, one),
                after=after,
            )
            for one in some:
                seen = self._known(principal, one)
                if seen is None:
                    if left == 0:
                        if not found and after is not None:
                            # The agent may see no event before it: move the reader past those.
                            await asyncio.to_thread(self._inbox.done, reader, token, after)
                        return token, found
                    seen, made = await self._may_see(principal, one)
                    left -= made
                    if seen is None:
                        return token, found  # it waits until its record can be read
                if seen:
                    found.append(one)
                after = one.position
            if not some:
                break
        return token, found

    def _begun(self, reader: str, request: Reading, token: str | None) -> str | None:
        token = self._inbox.lease(reader, token)
        if token is None:
            return None
        if request.done:
            self._inbox.done(reader, token, request.done)
        if request.leave:
            self._inbox.release(reader, token)
            return None
        return token

    def _known(self, principal: Principal, event: InboxEvent) -> bool | None:
        """Return the result of a recent read for this event, if there was one."""
        until, seen = self._seen.get((principal.id, event.position), (0.0, False))
        return seen if until > time.monotonic() else None

    async def _may_see(self, principal: Principal, event: InboxEvent) -> tuple[bool | None, int]:
        """Return whether the agent may get an event (None: unknown at present), and the number of calls made to decide."""
        client = self._calls.narrowed(principal, approvals=False)
        enforcer = client.policy
        assert enforcer is not None
        with _acting(principal, event):
            await client.connections.warmed(current_acting().owner)
            found = may_see(event, enforcer, client.connections, self._calls.operation)
            if isinstance(found, bool):
                return found, 0
            seen = True
            try:
                await client.run(*found)
            except PASSING:
                return None, 1
            except UnifiedError:
                seen = False
        if len(self._seen) >= _MOST:
            self._seen.clear()
        self._seen[principal.id, event.position] = time.monotonic() + SHOWN, seen
        return seen, 1


@dataclass(frozen=True, slots=True)
class EventFeed:
    """Event parts of a broker; empty if its settings have neither hooks nor polls."""

    readers: Readers | None = None
    routes: Sequence[BaseRoute] = ()
    around: Sequence[Callable[[], AbstractAsyncContextManager[None]]] = ()
    databases: Sequence[Database] = ()
    closing: Sequence[Callable[[], None]] = ()
    inbox: Inbox | None = None


def build(config: Config, calls: Calls, lag: Lag | None = None, *, vault: SealedVault | None = None) -> EventFeed:
    """Build the inbox of the settings with its webhooks and pollers. Webhooks are registered at vendors only with a vault.

    Raises:
        InvalidInput: a hook or a poll is not valid.
        Unsupported: a hook is to be registered at a vendor whose API registers none.
        UnifiedError: the inbox cannot be opened.
    """
    if not config.receives_events:
        return EventFeed()
    wanted = [(hook, scope) for hook in config.hooks if hook.register for scope in hook.scopes or (None,)]
    for hook, scope in wanted:
        check_registration(hook.vendor, hook_url(config.address, hook), scope=scope, events=hook.events, secret=_secret(hook))
    inbox = open_inbox(config.inbox, tenant=calls.client.connections.tenant, retention=config.retained().inbox * DAY)
    receiver = Receiver(config.hooks, inbox, address=config.address, registered=None if vault is None else vault.hooks.all)
    # Each poll and push is made under the policy, as the agent that it names.
    client = calls.client_under(calls.enforcer)
    running = [Poller(config.polls, inbox, client).run, Pusher(config.pushes, inbox, client).run]
    if vault is not None:
        running += [partial(_registered, hook, scope, config.address, calls, vault) for hook, scope in wanted]
    around = [_background(run) for run in running]
    return EventFeed(Readers(inbox, calls, lag), receiver.routes(), around, [inbox.database], [inbox.close], inbox)


def _secret(hook: Hook) -> Secret | None:
    """Return the secret of the settings that a hook is registered with; during a rotation the first."""
    return next(iter(hook.secrets()), None)


def hook_url(address: str, hook: Hook) -> str:
    """Return the address of a hook's deliveries."""
    return f"{address}{ROOT}/{hook.name}"


async def _registered(hook: Hook, scope: str | None, address: str, calls: Calls, vault: SealedVault) -> None:
    """Register a hook at its vendor. An error is logged, and the registration tried again."""
    own = calls.client
    client = Client(
        settings=own.settings,
        connections=own.connections,
        rate_limiter=calls.rate_limiter,
        policy=PolicyEnforcer(AllowingPolicy("settings"), audit=calls.enforcer.audit),
        observers=own.observers,
    )
    given: dict[str, Any] = {"vault": vault, "client": client, "user": hook.user, "events": hook.events, "secret": _secret(hook)}
    pause = FIRST_PAUSE
    with client:
        while True:
            await asyncio.sleep(pause)  # the vendor may test the address, which the broker does not serve before it has started
            try:
                await asyncio.to_thread(register, hook.vendor, hook_url(address, hook), scope=scope, fresh=REGISTERED_FRESH, **given)
            except UnifiedError as error:
                log.error("hook %s: not registered for %s: %s", hook.name, scope or "the account", error)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return


def _background(run: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], AbstractAsyncContextManager[None]]:
    """Return a block in which a task runs; its end cancels the task."""

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        task = asyncio.create_task(run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return running


def _acting(principal: Principal, event: InboxEvent) -> AbstractContextManager[None]:
    """Return a block in which the agent acts for the user of the event."""
    try:
        return principal.acting(ActingFields(user=event.user))
    except NotPermitted:  # the event has no user, and the agent acts for several
        return acting(agent=principal.agent, on_behalf_of=principal.subject)


def sees(principal: Principal, event: InboxEvent) -> bool:
    """Return whether an agent's key allows an event: it may read such records at that vendor, for the user
    of the event. The policy enforcer decides in addition."""
    if not any(principal.toolset.holds(event.vendor, event.resource, name, "read") for name in ("get", "list")):
        return False
    if event.user is None:
        return True
    if principal.subject is not None:
        return event.user == principal.subject
    return ANY in principal.users or event.user in principal.users
