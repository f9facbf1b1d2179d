"""Receiver of webhooks: verifies deliveries, stores their events, and only then responds with success.

Vendors repeat a delivery that did not get a 2xx response, so none is acknowledged before it is on disk; a repeated delivery is stored
once. A delivery without the vendor's proof is rejected without a reason. `Receiver.take` does no HTTP; `Receiver.routes` are
Starlette routes.
"""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from unified_platform.common.client_addresses import client_network, mark_authenticated
from unified_platform.inbox.settings import Hook, check_names
from unified_platform.inbox.store import Inbox
from unified_runtime.adapter_api.webhook_tokens import Forged
from unified_runtime.adapter_api.webhooks import Delivery, Webhooks
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput, UnifiedError, VendorProtocolError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from unified_platform.connections.registered_hooks import RegisteredHook

log = logging.getLogger("unified.inbox")

LARGEST = 10 * 1024 * 1024
"""Maximum size of a delivery, in bytes. Vendors send some kilobytes; GitHub's limit of 25 MB is not supported."""

AT_ONCE = 256
"""Deliveries whose bodies are read at the same time. Anyone can send some: a further one replaces the slowest."""

OF_ADDRESS = 32
"""Maximum of those for one client address. A further one replaces the slowest of this address that is not young."""

UNVERIFIED = 64 * 1024 * 1024
"""Bytes of unverified bodies in memory. Above this, the largest that is not small is dropped."""

START = 5.0
"""Seconds before a minimum rate applies to a body."""

RATE = 8 * 1024
"""Minimum bytes per second of a body after that."""

SLOWEST = 30.0
"""Seconds within which a delivery must be complete."""

YOUNG = 1.0
"""Seconds in which a delivery is dropped only if there is no older one. A vendor may send many from one address at once."""

SMALL = 256 * 1024
"""Maximum bytes of a body that is verified on the event loop, in less than a millisecond."""

AT_ONCE_LARGE = 4
"""Larger bodies that are verified at the same time, in threads."""

AT_ONCE_STORED = 16
"""Verified deliveries of one hook that are stored at the same time; further ones wait."""

FRESH = 1.0
"""Seconds for which registered hooks are cached: a new secret has to be known before the first delivery that it signs."""

AGAIN = 0.1
"""The same for deliveries that are not valid, or to a hook that is not known. Anyone can send them."""

REMEMBERED = 4096
"""Digests of deliveries in memory, which catch most replays without the database."""

ROOT = "/hooks"


@dataclass(frozen=True, slots=True)
class Reply:
    """Response to a delivery."""

    status: int
    body: bytes = b"{}"
    kind: str = "application/json"


@dataclass(frozen=True, slots=True)
class _Registered:
    hook: Hook
    webhooks: Webhooks
    secrets: tuple[Secret, ...]
    pending: bool = False
    """True if the vendor may sign with a secret that is not stored yet."""


class Receiver:
    """Receives the deliveries of some hooks, and stores their events in an inbox.

    Args:
        hooks: webhooks that were registered at vendors.
        inbox: store of events.
        address: base URL of this receiver, without a path: `https://broker.example.com`; some vendors sign it.
        registered: returns the hooks that are registered by vendors' APIs, such as `vault.hooks.all`. It may block.
        clock: seconds since 1970, for tests.

    Raises:
        InvalidInput: webhooks of a hook's vendor are not supported, or a hook has no secret.
    """

    def __init__(
        self,
        hooks: Iterable[Hook],
        inbox: Inbox,
        *,
        address: str,
        registered: Callable[[], Iterable[RegisteredHook]] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        hooks = tuple(hooks)
        check_names(hooks)
        self.inbox = inbox
        self._address = address.rstrip("/")
        self._clock = clock
        self._declared = {hook.name: _Registered(hook, hook.declared(), hook.secrets()) for hook in hooks}
        _check_secrets(self._declared.values())
        self._hooks = self._declared
        self._registered = registered
        self._refreshing = threading.Lock()
        self._read_at = -FRESH
        self._reading = _Reading()
        self._verifying = asyncio.Semaphore(AT_ONCE_LARGE)
        self._storing: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE_STORED))
        self._seen: OrderedDict[str, None] = OrderedDict()

    def urls(self) -> dict[str, str]:
        """Return the URLs to register at the vendors, by the hook's name. If a vendor appends its own path, the URL does not have it."""
        return {name: f"{self._address}{ROOT}/{name}" for name in self._hooks}

    def take(
        self, name: str, method: str, headers: Mapping[str, str], body: bytes, *, rest: str = "", query: Mapping[str, str], text: str = ""
    ) -> Reply:
        """Receive one delivery.

        Args:
            name: name of the hook.
            headers: by lower-case name.
            rest: path after the hook's URL, without a `/` before it.
            query: query parameters, and `text`, the query string.
        """
        self._refresh(FRESH if name in self._hooks else AGAIN)
        found = self._addressed(name, method, headers, rest, query, text)
        if isinstance(found, Reply):
            return found
        registered, delivery = found
        delivery = replace(delivery, body=body)
        signed_time = self._verified(registered, delivery)
        if isinstance(signed_time, Reply) and (newer := self._changed(registered)) is not None:
            signed_time = self._verified(newer, delivery)
        return signed_time if isinstance(signed_time, Reply) else self._stored(registered, delivery, signed_time)

    def _refresh(self, seconds: float) -> None:
        """Read the hooks that are registered by vendors' APIs, if they were read longer ago than this. May block."""
        if self._registered is None or not self._is_stale(seconds):
            return
        with self._refreshing:
            if not self._is_stale(seconds):  # another thread has read them meanwhile
                return
            try:
                self._hooks = {**self._declared, **dict(map(self._of_vault, self._registered()))}
            except UnifiedError as error:
                log.error("registered hooks cannot be read: %s", error.message)
            self._read_at = time.monotonic()

    def _changed(self, registered: _Registered) -> _Registered | None:
        """Return a hook as it is registered by now, if that has changed. May block, at most every `AGAIN` seconds."""
        self._refresh(AGAIN)
        found = self._hooks.get(registered.hook.name)
        return None if found is registered or found == registered else found

    def _is_stale(self, seconds: float) -> bool:
        return self._read_at + seconds <= time.monotonic()

    def _of_vault(self, one: RegisteredHook) -> tuple[str, _Registered]:
        """Return a registered hook, with the secrets of the environment if the settings have it too."""
        own = self._declared.get(one.name)
        if own is None:
            hook = Hook(name=one.name, vendor=one.vendor, user=one.user, register=True)
            return one.name, _Registered(hook, hook.declared(), one.secrets, one.is_pending)
        if own.hook.vendor != one.vendor:
            return one.name, own
        return one.name, replace(own, secrets=(*own.secrets, *one.secrets), pending=one.is_pending)

    def _addressed(
        self, name: str, method: str, headers: Mapping[str, str], rest: str, query: Mapping[str, str], text: str
    ) -> Reply | tuple[_Registered, Delivery]:
        """Return the hook of a delivery, and the delivery without its body; or the response to a request that needs no body."""
        registered = self._hooks.get(name)
        if registered is None:
            return Reply(404)
        webhooks = registered.webhooks
        parts = _parts(webhooks.path or "", rest)
        if parts is None:
            return Reply(404)
        url = f"{self._address}{ROOT}/{name}{'/' if rest else ''}{rest}{'?' if text else ''}{text}"
        delivery = Delivery(b"", headers, method, url, query, parts)
        if method in {"GET", "HEAD"} or (method == "POST" and webhooks.challenge is not None and webhooks.challenge.kind == "query"):
            challenge = webhooks.challenge_response(delivery)
            if challenge is not None:
                return Reply(200, challenge.encode(), "text/plain; charset=utf-8")
        if method == "HEAD":  # Trello checks that the URL exists
            return Reply(200, b"")
        if method != webhooks.method:
            return Reply(405)
        if not headers.get(webhooks.proof.header.lower()):
            log.warning("hook %s: a delivery has no header %s", name, webhooks.proof.header)
            return Reply(401)
        return registered, delivery

    def _verified(self, registered: _Registered, delivery: Delivery) -> Reply | str:
        """Return the time that the vendor signed, empty if it signs none; or the response to a delivery that is not the vendor's."""
        try:
            return registered.webhooks.verify(delivery, registered.secrets, self._clock())
        except Forged as error:
            if registered.pending:
                log.info("hook %s: a delivery came before the vendor's secret: it is to be sent again", registered.hook.name)
                return Reply(503)
            log.warning("hook %s: %s", registered.hook.name, error.message)
            return Reply(401)

    def _stored(self, registered: _Registered, delivery: Delivery, signed_time: str) -> Reply:
        hook, webhooks = registered.hook, registered.webhooks
        digest = webhooks.digest(delivery, signed_time)
        seen = f"{hook.name}\n{digest}"
        if seen in self._seen:
            return Reply(200)
        try:
            decoded = webhooks.decode(delivery, signed_time, self._clock())
        except VendorProtocolError as error:
            log.error("hook %s: %s", hook.name, error.message)
            return Reply(400)
        for why in decoded.undecodable:
            log.error("hook %s: %s", hook.name, why)
        if decoded.response is not None:
            return _echoed(webhooks, decoded.response)
        if decoded.stale:
            log.warning(
                "hook %s: %s events are older than %s seconds by their signed time", hook.name, decoded.stale, webhooks.max_age_seconds
            )
            if not decoded.events:
                return Reply(401)
        if decoded.events:
            try:
                self.inbox.put(hook.name, hook.vendor, hook.user, decoded.events, digest=digest, until=decoded.until)
            except UnifiedError as error:
                log.error("hook %s: not stored, the vendor is to send it again: %s", hook.name, error.message)
                return Reply(503)
            self._seen[seen] = None
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return Reply(200)

    # ------------------------------------------------------------------------------------------------ HTTP
    def routes(self) -> list[BaseRoute]:
        """Return Starlette routes below `/hooks`, for your own application or the broker."""
        from starlette.routing import Route

        methods = ["GET", "POST", "PUT"]
        return [
            Route(f"{ROOT}/{{name}}", self._endpoint, methods=methods),
            Route(f"{ROOT}/{{name}}/{{rest:path}}", self._endpoint, methods=methods),
        ]

    async def _endpoint(self, request: Request) -> Response:
        params = request.path_params
        seconds = FRESH if params["name"] in self._hooks else AGAIN
        if self._registered is not None and self._is_stale(seconds):
            await asyncio.to_thread(self._refresh, seconds)
        found = self._addressed(
            params["name"], request.method, _headers(request), params.get("rest", ""), dict(request.query_params), request.url.query
        )
        if isinstance(found, Reply):  # the body is not read
            return _response(found)
        reply = await self._delivered(request, *found)
        return _response(reply, **({"Retry-After": "5"} if reply.status == 503 else {}))

    async def _delivered(self, request: Request, registered: _Registered, delivery: Delivery) -> Reply:
        async def verified(body: bytes) -> Reply | tuple[Delivery, str]:
            complete = replace(delivery, body=body)
            if len(body) <= SMALL:
                signed_time = self._verified(registered, complete)
            else:
                async with self._verifying:
                    signed_time = await asyncio.to_thread(self._verified, registered, complete)
            if isinstance(signed_time, Reply) and self._registered is not None and self._is_stale(AGAIN):
                newer = await asyncio.to_thread(self._changed, registered)
                signed_time = signed_time if newer is None else self._verified(newer, complete)
            return signed_time if isinstance(signed_time, Reply) else (complete, signed_time)

        found = await self._reading.verified(request, verified)
        if isinstance(found, Reply):
            return found
        mark_authenticated(request.scope)
        async with self._storing[registered.hook.name]:  # the database blocks
            return await asyncio.to_thread(self._stored, registered, *found)


class _Body:
    """Body of a delivery that is not verified yet."""

    __slots__ = ("began", "complete", "dropped", "size", "source", "timeout")

    def __init__(self, source: str, began: float, timeout: asyncio.Timeout) -> None:
        self.source = source
        self.began = began
        self.timeout = timeout
        self.size = 0
        self.complete = False
        self.dropped = False

    @property
    def stays(self) -> bool:
        """True if it cannot be dropped."""
        return self.complete or self.dropped

    def drop(self) -> None:
        """Stop reading at once."""
        self.dropped = True
        if not self.timeout.expired():
            self.timeout.reschedule(-math.inf)

    def worth(self, now: float) -> tuple[bool, float]:
        """Return the sort key for dropping, first to be dropped first: slowest rate first, young bodies after all others, oldest first."""
        age = now - self.began
        return (True, self.began) if age < YOUNG else (False, self.size / age)


class _Reading:
    """Unverified bodies being read. Anyone can send them: a new one always gets room, by dropping the one of least worth."""

    def __init__(self) -> None:
        self._bodies: set[_Body] = set()
        self._size = 0

    async def verified(
        self, request: Request, verify: Callable[[bytes], Awaitable[Reply | tuple[Delivery, str]]]
    ) -> Reply | tuple[Delivery, str]:
        """Read a body and return its verification, or the response to one that is too large, too slow, or was dropped."""
        from starlette.requests import ClientDisconnect

        announced = request.headers.get("content-length", "0")
        if not (announced.isascii() and announced.isdigit()) or len(announced) > 20 or int(announced) > LARGEST:
            return Reply(413)
        now = asyncio.get_running_loop().time()
        parts = bytearray()
        body: _Body | None = None
        try:
            async with asyncio.timeout(min(START, SLOWEST)) as timeout:
                body = self._begin(_Body(client_network(request.client.host) if request.client else "", now, timeout))
                async for chunk in request.stream():
                    parts += chunk
                    if len(parts) > LARGEST:
                        return Reply(413)
                    self._grow(body, len(chunk))
                    if not body.dropped:
                        timeout.reschedule(now + min(SLOWEST, START + len(parts) / RATE))
                body.complete = True
            if body.dropped and body.size > SMALL:  # with its last chunk
                return Reply(503)
            return await verify(bytes(parts))
        except TimeoutError:
            return Reply(503 if body is not None and body.dropped else 408)
        except ClientDisconnect:
            return Reply(400)
        finally:
            if body is not None:
                self._bodies.discard(body)
                self._size -= body.size

    def _begin(self, body: _Body) -> _Body:
        read = [one for one in self._bodies if not one.stays]
        same = [one for one in read if one.source == body.source]
        slow = [one for one in same if body.began - one.began >= YOUNG] if len(same) >= OF_ADDRESS else []
        if slow:
            self._drop_one(slow, body.began)
        elif len(read) >= AT_ONCE:
            self._drop_one(read, body.began)
        self._bodies.add(body)
        return body

    @staticmethod
    def _drop_one(bodies: list[_Body], now: float) -> None:
        if bodies:
            min(bodies, key=lambda one: one.worth(now)).drop()

    def _grow(self, body: _Body, size: int) -> None:
        body.size += size
        self._size += size
        if self._size > UNVERIFIED:
            large = max((one for one in self._bodies if not one.stays and one.size > SMALL), key=lambda one: one.size, default=None)
            if large is not None:
                large.drop()


def _headers(request: Request) -> dict[str, str]:
    """Return headers by lower-case name. Repeated headers are joined with commas (RFC 9110, 5.3), so a second signature is not valid."""
    found: dict[str, str] = {}
    for name, value in request.headers.items():
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _check_secrets(hooks: Iterable[_Registered]) -> None:
    """Check that hooks have different secrets.

    Raises:
        InvalidInput: a delivery that was sent to one hook would be accepted at another.
    """
    seen: dict[tuple[str, str], str] = {}
    for one in hooks:
        if one.webhooks.proof.covers_url:
            continue
        for secret in one.secrets:
            other = seen.setdefault((one.hook.vendor, secret.reveal()), one.hook.name)
            if other != one.hook.name:
                raise InvalidInput(
                    f"the hooks {other!r} and {one.hook.name!r} of {one.hook.vendor} have the same secret, so a delivery to one could be "
                    "sent again to the other: give each a secret of its own"
                )


def _echoed(webhooks: Webhooks, challenge: str) -> Reply:
    """Return the response to a challenge in a body: it is returned under its own name, as monday requires and Slack accepts."""
    assert webhooks.challenge is not None
    return Reply(200, msgspec.json.encode({str(webhooks.challenge.name[-1]): challenge}), "application/json")


def _response(reply: Reply, **more: str) -> Response:
    from starlette.responses import Response

    return Response(reply.body, reply.status, {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **more}, reply.kind)


def _parts(address: str, rest: str) -> dict[str, str] | None:
    """Return the named parts of a path, or None if the path differs. Without a path after the hook's own URL, it is accepted only if
    the vendor appends none."""
    wanted, given = address.split("/"), rest.split("/")
    if len(wanted) != len(given):
        return None
    found = {}
    for pattern, piece in zip(wanted, given, strict=True):
        if pattern.startswith("{"):
            if not piece:
                return None
            found[pattern.strip("{}")] = piece
        elif pattern != piece:
            return None
    return found
