"""One emulated vendor: loaded on its first request, with authentication, faults and a log around the engine."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from unified_emulation.engine.account import State
from unified_emulation.engine.routes import Request
from unified_emulation.engine.server import Emulator
from unified_emulation.serving.addresses import path_of
from unified_emulation.serving.authentication import presented
from unified_emulation.serving.documents import document_of, specs
from unified_emulation.serving.errors import error_body
from unified_emulation.serving.exchanges import Exchange, Exchanges, without_secrets
from unified_emulation.serving.faults import Fault, Faults
from unified_emulation.serving.oauth import AuthorizationServer, User
from unified_emulation.serving.webhooks.registry import Webhooks
from unified_openapi.behaviour.load import load_behaviour
from unified_openapi.documents.operations import OperationFacts
from unified_openapi.source.nodes import collector_paused
from unified_runtime.toolkits.vendor_lookup import load_vendor

_PLACEHOLDER = re.compile(r"\{[^{}]+\}")
_JSON = ("Content-Type", "application/json")
_ACCESS_TOKEN = "access_token"  # noqa: S105 - the name of a parameter


@dataclass(frozen=True, slots=True)
class Reply:
    """Response to send. With a `fault`, the server does not send it as it is: it waits, or drops the connection."""

    status: int
    content: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    fault: Fault | None = None
    stated: bool = False
    """True if a fact states the complete response."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Request to an emulated vendor. `path` is below the vendor's prefix, `url` the complete address; names of headers are lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    url: str


class EmulatedVendor:
    """Emulator of one vendor, behind a lock. `prepare` is called with the new engine: it writes the seed's records."""

    def __init__(
        self,
        name: str,
        exchanges: Exchanges,
        faults: Faults,
        webhooks: Webhooks,
        prepare: Callable[[str, Emulator], None],
        users: Sequence[User] = (),
    ) -> None:
        self.name = name
        self.vendor = load_vendor(name)
        self._exchanges = exchanges
        self._faults = faults
        self._webhooks = webhooks
        self._prepare = prepare
        self._users = tuple(users)
        self._emulator: Emulator | None = None
        self._start: State | None = None
        self._prefixes: tuple[re.Pattern[str], ...] = ()
        self.lock = threading.RLock()
        self.keys: frozenset[str] | None = None
        """Secrets that are accepted; None: all. Tokens of OAuth are accepted until they end."""
        self.oauth = AuthorizationServer(self.vendor, users)
        keys = {key.name.lower() for scheme in self.vendor.schemes.values() for key in scheme.keys if key.location == "header"}
        self._secret_headers = frozenset(keys)

    @property
    def loaded(self) -> bool:
        return self._emulator is not None

    @property
    def emulator(self) -> Emulator:
        """The engine, which is created now if there is none."""
        with self.lock:
            if self._emulator is None:
                with collector_paused():
                    made = Emulator(document_of(self.name), load_behaviour(specs(self.name)))
                    servers = {path_of(one) for operation in made.routes.operations for one in operation.servers}
                    declared = {path_of(one) for one in (*self.vendor.servers.values(), *self.vendor.api_hosts.values()) if one[:1] != "{"}
                    declared |= {f"/{one.partition('/')[2]}" for one in self.vendor.servers.values() if one[:1] == "{" and "/" in one}
                    ordered = sorted({*servers, *declared, ""}, key=len, reverse=True)
                    self._prefixes = tuple(re.compile("[^/]+".join(map(re.escape, _PLACEHOLDER.split(one)))) for one in ordered)
                    self._prepare(self.name, made)
                    self._start = made.account.snapshot()
                    self._emulator = made
            return self._emulator

    def reset(self) -> None:
        """Return to the records of the start."""
        with self.lock:
            if self._emulator is not None and self._start is not None:
                self._emulator.account.restore(self._start)
                self._emulator.behaviour.reset()
                self._emulator.clear()

    def snapshot(self) -> State | None:
        with self.lock:
            return None if self._emulator is None else self._emulator.account.snapshot()

    def restore(self, state: State | None) -> None:
        with self.lock:
            if state is None:
                self.reset()
            else:
                self.emulator.account.restore(state)

    def respond(self, incoming: Incoming) -> Reply:
        """Return the response to a request, and log both."""
        fault = self._faults.take(self.name, incoming.method, incoming.path)
        with self.lock:
            emulator = self.emulator
            emulator.clear()
            known = len(emulator.notifications)
            operation = self._operation(emulator, incoming)
            if fault is not None and fault.kind in ("status", "rate_limit"):
                reply = self._failed(emulator, operation, fault)
            elif fault is not None and fault.kind in ("timeout", "reset") and not fault.executed:
                reply = Reply(0, fault=fault)
            else:
                reply = replace(self._response(emulator, operation, incoming), fault=fault)
            informed = tuple(f"{', '.join(one.to)} by {one.by}" for one in emulator.notifications[known:])
            reasons = tuple(reason for refusal in emulator.refusals for reason in refusal.reasons)
            unknown = tuple(f"{note.name}: {note.reason}" for note in emulator.notes)
            requested, events = self._webhooks.requested(emulator), emulator.events()
        if requested is not None:
            refused = self._webhooks.register(self.name, *requested, json.loads(reply.content or b"null"))
            if refused is not None:
                if not requested[1].before:
                    with self.lock:
                        emulator.account.remove(requested[1].record.number)
                reply = Reply(refused.status, _json(refused.body), (_JSON, *refused.headers.items()), fault)
        self._webhooks.happened(self.name, events, emulator)
        lost = reply.fault is not None and reply.fault.kind in ("timeout", "reset")
        self._exchanges.add(
            Exchange(
                self._exchanges.number(), time.time(), self.name, incoming.method, incoming.path, self._shown(incoming.query),
                without_secrets(incoming.headers, self._secret_headers), incoming.body, None if lost else reply.status, reply.content,
                None if operation is None else operation.endpoint, reasons, unknown, None if fault is None else fault.kind, informed,
            )
        )  # fmt: skip
        return reply

    def _accepts(self, secret: str) -> bool:
        issued = self.oauth.accepts(secret)
        return issued if issued is not None else self.keys is None or secret in self.keys

    def _shown(self, query: str) -> str:
        names = {key.name for scheme in self.vendor.schemes.values() for key in scheme.keys if key.location == "query"}
        parts = [part for part in query.split("&") if part]
        return "&".join(f"{part.partition('=')[0]}=…" if part.partition("=")[0] in names else part for part in parts)

    def _operation(self, emulator: Emulator, incoming: Incoming) -> OperationFacts | None:
        path = self._path(emulator, incoming)
        return None if path is None else emulator.operation(incoming.method, path, incoming.body)

    def _path(self, emulator: Emulator, incoming: Incoming) -> str | None:
        """Return the path below the vendor's server, of the longest server path that leads to an operation."""
        for prefix in self._prefixes:
            found = prefix.match(incoming.path)
            path = "" if found is None else incoming.path[found.end() :]
            if found is not None and emulator.operation(incoming.method, path, incoming.body) is not None:
                return path
        return None

    def _failed(self, emulator: Emulator, operation: OperationFacts | None, fault: Fault) -> Reply:
        if fault.kind == "rate_limit":
            headers = (_JSON, ("Retry-After", str(max(int(fault.seconds), 1))))
            return Reply(429, _json(error_body(emulator, operation, 429, "rate limit exceeded")), headers)
        return Reply(fault.status, _json(error_body(emulator, operation, fault.status, "requested fault")), (_JSON,))

    def _response(self, emulator: Emulator, operation: OperationFacts | None, incoming: Incoming) -> Reply:
        if operation is None:
            message = f"{self.vendor.title}'s document has no {incoming.method} {incoming.path}"
            return Reply(404, _json(error_body(emulator, None, 404, message)), (_JSON,))
        found = presented(self.vendor.schemes, incoming.headers, incoming.query)
        if not _public(operation) and (found is None or not any(map(self._accepts, found.secrets))):
            return Reply(401, _json(error_body(emulator, operation, 401, "Unauthorized")), (_JSON, ("WWW-Authenticate", "Bearer")))
        if "json" in incoming.headers.get("content-type", "") and not _is_json(incoming.body):
            return Reply(400, _json(error_body(emulator, operation, 400, "the body is not JSON")), (_JSON,))
        user = None if found is None else next((one for secret in found.secrets if (one := self.oauth.user_of(secret)) is not None), None)
        emulator.account.acting = None if user is None else user.email
        emulator.account.login = (user or self._users[0]).login if self._users else "user"
        path = self._path(emulator, incoming)
        assert path is not None
        query = incoming.query if found is None else _with_credential(operation, found.query, found.secrets)
        response = emulator.respond(Request(incoming.method, path, query, incoming.headers, incoming.body or None), incoming.url)
        if response.status in (400, 404, 501) and not (response.stated and response.body is not None):
            message = response.body.get("message", "") if isinstance(response.body, dict) else ""
            return Reply(response.status, _json(error_body(emulator, operation, response.status, message)), (_JSON,))
        headers = (*((_JSON,) if response.content and response.raw is None else ()), *response.headers)
        return Reply(response.status, response.content, headers, stated=response.stated)


def _public(operation: OperationFacts) -> bool:
    """Return true if the document states that an operation needs no credential."""
    return bool(operation.security) and any(not alternative for alternative in operation.security)


def _with_credential(operation: OperationFacts, query: str, secrets: Sequence[str]) -> str:
    """Return a query with the credential if the document also declares it as a required parameter (RFC 6750, section 2.3)."""
    given = {part.partition("=")[0] for part in query.split("&")}
    declared = {one.name for one in operation.parameters if one.location == "query" and one.required}
    added = [f"{_ACCESS_TOKEN}={quote(secrets[0])}"] if secrets and _ACCESS_TOKEN in declared - given else []
    return "&".join([*([query] if query else []), *added])


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body or b"null")
    except ValueError:
        return False
    return True
