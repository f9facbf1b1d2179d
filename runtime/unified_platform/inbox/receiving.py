"""Taking vendors' deliveries: verified, understood, kept, and only then answered with success.

A vendor sends again what was not answered with 2xx, so nothing is acknowledged before it is on disk; what comes twice is kept once. A
delivery without the vendor's proof is refused and says nothing about why. `Receiver.take` does no HTTP; `routes` are its Starlette routes.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unified_platform.inbox.settings import Hook, check_names
from unified_platform.inbox.store import Inbox
from unified_runtime.credentials import Secret
from unified_runtime.errors import InvalidInput, UnifiedError, VendorProtocolError
from unified_runtime.webhooks import Delivery, Forged, Webhooks

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

log = logging.getLogger("unified.inbox")

LARGEST = 10 * 1024 * 1024
"""Bytes of a delivery that are taken. Vendors send some kilobytes; GitHub says that it sends 25 MB at most, which is left out here."""

AT_ONCE = 64
"""Deliveries that are taken at the same time. Anybody can send some; vendors send again what was refused."""

SLOWEST = 30.0
"""Seconds within which a delivery has to be there."""

ROOT = "/hooks"


@dataclass(frozen=True, slots=True)
class Reply:
    """How a delivery is answered."""

    status: int
    body: bytes = b"{}"
    kind: str = "application/json"


@dataclass(frozen=True, slots=True)
class _Registered:
    hook: Hook
    webhooks: Webhooks
    secrets: tuple[Secret, ...]


class Receiver:
    """Takes the deliveries of some hooks into an inbox.

    Args:
        hooks: those that vendors were told of.
        inbox: where events are kept.
        address: where vendors reach this, without a path: `https://broker.example.com`; some sign it.
        clock: seconds since 1970, for tests.

    Raises:
        InvalidInput: a hook's vendor has no webhooks that are known, or a hook has no secret.
    """

    def __init__(self, hooks: Iterable[Hook], inbox: Inbox, *, address: str, clock: Callable[[], float] = time.time) -> None:
        hooks = tuple(hooks)
        check_names(hooks)
        self.inbox = inbox
        self._address = address.rstrip("/")
        self._clock = clock
        self._hooks = {hook.name: _Registered(hook, hook.declared(), hook.secrets()) for hook in hooks}
        self._taken = 0

    def urls(self) -> dict[str, str]:
        """The address to give to the vendor, by the hook's name. Where a vendor adds a path of its own, it is not part of it."""
        return {name: f"{self._address}{ROOT}/{name}" for name in self._hooks}

    def take(
        self, name: str, method: str, headers: Mapping[str, str], body: bytes, *, rest: str = "", query: Mapping[str, str], text: str = ""
    ) -> Reply:
        """Take one delivery.

        Args:
            name: the hook's.
            headers: by their names in small letters.
            rest: what stands behind the hook's address, without a `/` before it.
            query: the parameters of the address, and `text`, how they are written.
        """
        registered = self._hooks.get(name)
        if registered is None:
            return Reply(404)
        webhooks = registered.webhooks
        parts = _parts(webhooks.address or "", rest)
        if parts is None:
            return Reply(404)
        url = f"{self._address}{ROOT}/{name}{'/' if rest else ''}{rest}{'?' if text else ''}{text}"
        delivery = Delivery(body, headers, method, url, query, parts)
        if method in {"GET", "HEAD"} or (method == "POST" and webhooks.challenge is not None and webhooks.challenge.kind == "query"):
            tried = webhooks.tried(delivery)
            if tried is not None:
                return Reply(200, tried.encode(), "text/plain; charset=utf-8")
        if method == "HEAD":  # Trello looks whether the address is there
            return Reply(200, b"")
        if method != webhooks.method:
            return Reply(405)
        return self._take(registered, delivery)

    def _take(self, registered: _Registered, delivery: Delivery) -> Reply:
        hook, webhooks = registered.hook, registered.webhooks
        try:
            webhooks.verify(delivery, registered.secrets, self._clock())
            received = webhooks.received(delivery)
        except Forged as error:
            log.warning("hook %s: %s", hook.name, error.message)
            return Reply(401)
        except VendorProtocolError as error:
            log.error("hook %s: %s", hook.name, error.message)
            return Reply(400)
        for why in received.unread:
            log.error("hook %s: %s", hook.name, why)
        if received.answer is not None:
            return Reply(200, received.answer.encode(), "text/plain; charset=utf-8")
        if received.told:
            try:
                self.inbox.put(hook.name, hook.vendor, hook.user, received.told)
            except UnifiedError as error:
                log.error("hook %s: not kept, and asked for again: %s", hook.name, error.message)
                return Reply(503)
        return Reply(200)

    # ------------------------------------------------------------------------------------------------ HTTP
    def routes(self) -> list[BaseRoute]:
        """Starlette's routes below `/hooks`, for an application of one's own as for the broker."""
        from starlette.routing import Route

        methods = ["GET", "POST", "PUT"]
        return [
            Route(f"{ROOT}/{{name}}", self._endpoint, methods=methods),
            Route(f"{ROOT}/{{name}}/{{rest:path}}", self._endpoint, methods=methods),
        ]

    async def _endpoint(self, request: Request) -> Response:
        if request.path_params["name"] not in self._hooks:  # nothing of it is read
            return _answered(Reply(404))
        if self._taken >= AT_ONCE:
            return _answered(Reply(503), **{"Retry-After": "5"})
        self._taken += 1
        try:
            return _answered(await self._delivered(request))
        finally:
            self._taken -= 1

    async def _delivered(self, request: Request) -> Reply:
        from starlette.requests import ClientDisconnect

        try:
            async with asyncio.timeout(SLOWEST):
                body = await _whole(request)
        except InvalidInput:
            return Reply(413)
        except TimeoutError:
            return Reply(408)
        except ClientDisconnect:
            return Reply(400)
        params = request.path_params
        # The database blocks.
        return await asyncio.to_thread(
            self.take,
            params["name"],
            request.method,
            dict(request.headers),
            body,
            rest=params.get("rest", ""),
            query=dict(request.query_params),
            text=request.url.query,
        )


def _answered(reply: Reply, **more: str) -> Response:
    from starlette.responses import Response

    return Response(reply.body, reply.status, {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **more}, reply.kind)


async def _whole(request: Request) -> bytes:
    told = request.headers.get("content-length", "0")
    if not (told.isascii() and told.isdigit()) or int(told) > LARGEST:
        raise InvalidInput("the delivery is too large")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise InvalidInput("the delivery is too large")
    return bytes(body)


def _parts(address: str, rest: str) -> dict[str, str] | None:
    """The parts of an address by name, or None if it is another one. Nothing behind the hook's own address is as good as the right one
    only where the vendor adds nothing."""
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
