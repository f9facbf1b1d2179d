"""Broker client: flows that send an agent's calls to a broker, and read its responses."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from unified_runtime.broker_client import content_stream
from unified_runtime.broker_client.responses import settle
from unified_runtime.core import typed_json
from unified_runtime.core.applied_credentials import AppliedCredential
from unified_runtime.core.blocking_tasks import BlockingTask
from unified_runtime.core.context import Acting, current_acting
from unified_runtime.core.credentials import Secret
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.errors import (
    InvalidInput,
    Unauthorized,
    Unavailable,
    UnifiedError,
    VendorProtocolError,
)
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.plans import Plan
from unified_runtime.core.records import Page
from unified_runtime.core.responses import Piece, Response
from unified_runtime.core.settings import Settings
from unified_runtime.core.suggestions import shortened
from unified_runtime.core.wire import errors, protocol, values
from unified_runtime.core.wire.protocol import ActingFields, Call, CallResponse, Calls, Described, tagged, untagged
from unified_runtime.execution.flows import Flow
from unified_runtime.execution.prepared import arguments, check_paging
from unified_runtime.execution.retry_policy import may_repeat
from unified_runtime.http.media.downloads import Next

if TYPE_CHECKING:
    from unified_runtime.core.call_results import CallResult
    from unified_runtime.core.descriptions import Description
    from unified_runtime.core.operations import Invocation, OperationBase
    from unified_runtime.core.wire.sagas import Report, Submitted
    from unified_runtime.execution.downloads import Receiving
    from unified_runtime.http.media.content import Source

Key = str | Secret | Callable[[], str]
"""Key or token of an agent, or a function that returns it. The function is called before each call, and may block."""

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_responses = msgspec.json.Decoder(CallResponse)
_WRAPPED = 4
"""Factor by which a broker's response may be larger than a vendor's: it contains that response and the records made from it."""
_described = msgspec.json.Decoder(Described)
_encode = msgspec.json.Encoder().encode


class BrokerClient:
    """URL of a broker and credential of the agent that calls it.

    Raises:
        InvalidInput: the URL is not valid or would send the key unencrypted, or there is no key.
    """

    def __init__(self, url: str, key: Key | None, settings: Settings, user_token: Key | None = None) -> None:
        self._server = _checked(url)
        if key is None or key == "":
            raise InvalidInput("a broker wants a key: Client(broker=..., key=...); `unified broker keys create` makes one")
        self._key = Secret(key) if isinstance(key, str) else key
        self._user_token = user_token
        self._settings = settings
        self._exchanged: tuple[float, Secret] | None = None
        self._applied: tuple[Secret, AppliedCredential] | None = None
        self._headers = (
            (b"Host", urlsplit(self._server).netloc.encode("ascii")),
            (b"Accept", b"application/json"),
            (b"Accept-Encoding", b"identity"),
            (b"User-Agent", b"unified-apis"),
            (protocol.DEADLINE.encode("ascii"), b"%g" % settings.deadline),
        )
        # The broker has the full time of the call: a slow response is not a lost one.
        self._timeout: dict[str, float | None] = settings.timeout | {"read": settings.deadline + 5}

    def __repr__(self) -> str:
        return f"Remote({self._server})"

    # ------------------------------------------------------------------------------------------------ calls
    def call(self, operation: OperationBase[Any, Any], invocation: Invocation[Any]) -> Flow[Any]:
        """Make one call; returns its value."""
        source, made = self._made(operation, invocation, current_acting())
        if source is None:
            outcome = yield from self._call(protocol.CALL, _encode(made), operation, keyed=invocation.key is not None)
        else:
            upload = content_stream.Upload(_encode(made), source)
            outcome = yield from self._call(protocol.UPLOAD, upload, operation)
            upload.arrived()
        if outcome.records is None:
            return operation.value_of(untagged(outcome.plain))
        return _records(outcome, operation)[0]

    def many(self, operation: OperationBase[Any, Any], calls: Sequence[Call]) -> Flow[list[CallResult]]:
        """Make calls of one operation together; returns the result of each."""
        from unified_runtime.broker_client.bulk_results import read

        keyed = all("idempotency_key" in call.input for call in calls)
        made = Calls(operation.name, [call.input for call in calls], calls[0].acting)
        try:
            response = yield from self._send(protocol.MANY, _encode(made), Retry.SAFE if keyed else Retry.NEVER)
        except UnifiedError as error:
            error.operation = error.operation or operation.name
            raise
        return read(response, operation, len(calls))

    def call_of(self, operation: OperationBase[Any, Any], invocation: Invocation[Any]) -> Call:
        """Return a call without content in its wire form.

        Raises:
            InvalidInput: as the call itself would.
        """
        _, made = self._made(operation, invocation, current_acting())
        return made

    def listed(self, operation: OperationBase[Any, Any], invocation: Invocation[Any]) -> Callable[[str | None], Flow[Page[Any]]]:
        """Check the input of a list. Returns a function that returns the flow of a page, by cursor."""
        _, made = self._made(operation, invocation, current_acting())

        def page(cursor: str | None) -> Flow[Page[Any]]:
            call = msgspec.structs.replace(made, cursor=cursor)
            outcome = yield from self._call(protocol.PAGE, _encode(call), operation)
            if isinstance(outcome.plain, list):
                return Page(operation.value_of(untagged(outcome.plain)), outcome.cursor)
            return Page(_records(outcome, operation), outcome.cursor)

        return page

    def plan(self, operation: OperationBase[Any, Any], invocation: Invocation[Any]) -> Flow[Plan]:
        """Return the requests that a call would send. Content is not read for it."""
        source, made = self._made(operation, invocation, current_acting())
        if source is not None:
            made.input["content"] = {"size": source.size}
            source.close()
        outcome = yield from self._call(protocol.PLAN, _encode(made), operation, safe=True)
        return values.plan(outcome.plain)

    def plan_many(
        self,
        operation: OperationBase[Any, Any],
        invocations: Sequence[Invocation[Any]],
        refused: Callable[[int, UnifiedError], None] | None,
    ) -> Flow[Plan]:
        """Return the requests that calls would send together. `refused` is called with the number and error of each that would send
        nothing.

        Raises:
            UnifiedError: one of them would send nothing, and `refused` is None.
        """
        from unified_runtime.broker_client.bulk_results import planned

        def report(number: int, error: UnifiedError) -> None:
            if refused is None:
                raise error
            refused(number, error)

        calls: dict[int, Call] = {}
        for number, invocation in enumerate(invocations):
            try:
                calls[number] = self.call_of(operation, invocation)
            except UnifiedError as error:
                report(number, error)
        if not calls and invocations:
            return Plan(f"{operation.name}_many", "", ())
        caller = next(iter(calls.values())).acting if calls else _acting_fields(current_acting())
        made = Calls(operation.name, [call.input for call in calls.values()], caller)
        numbers = list(calls)
        plan, others = planned((yield from self._send(protocol.PLAN_MANY, _encode(made), Retry.SAFE)), len(numbers))
        for number, why in others:
            report(numbers[number], why)
        return plan

    def describe(self, resource: str, inputs: Mapping[str, Any], package: str) -> Flow[Description]:
        """Return what a connection supports for a resource; see `unified_runtime.client.descriptions`."""
        body = _encode(Call(f"{resource}.describe", dict(inputs), _acting_fields(current_acting())))
        response = yield from self._send(protocol.DESCRIBE, body, Retry.SAFE)
        try:
            described = _described.decode(response.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            reason = str(error)
        else:
            return values.description(described, package)
        raise VendorProtocolError(f"the broker's response cannot be read: {reason}", status=response.status)

    def vendors(self, names: tuple[str, ...], acting: Acting) -> Flow[tuple[str, ...]]:
        """Return those of the vendors that are connected at the broker for the caller."""
        body = _encode(Call("", {"vendors": names}, _acting_fields(acting)))
        response = _read((yield from self._send(protocol.VENDORS, body, Retry.SAFE)))
        return tuple(str(name) for name in response.plain or ())

    def operations(self, vendors: tuple[str, ...] | None, acting: Acting) -> Flow[dict[str, tuple[str, ...]]]:
        """Return the operations that the key and the broker's policies allow, each with its vendors: of the named
        ones, else of all, those that are connected. If none of the named ones is, all of them."""
        body = _encode(Call("", {} if vendors is None else {"vendors": vendors}, _acting_fields(acting)))
        response = _read((yield from self._send(protocol.TOOLS, body, Retry.SAFE)))
        found = response.plain if isinstance(response.plain, dict) else {}
        return {str(name): tuple(map(str, via)) for name, via in found.items() if isinstance(via, list)}

    def events(self, reading: bytes) -> Flow[Response]:
        """Return events of vendors, for a reader; see `unified_platform.inbox`."""
        return self._send(protocol.EVENTS, reading, Retry.SAFE)

    def saga(self, submitted: Submitted) -> Flow[Report]:
        """Submit a saga. It is started once, however often it is submitted."""
        return (yield from self._report(protocol.SAGA, _encode(submitted)))

    def saga_report(self, id: str, wait: float) -> Flow[Report]:
        """Return the report of a saga; waits for its end for at most `wait` seconds."""
        body = _encode({"id": id, "wait": wait, "acting": _acting_fields(current_acting())})
        return (yield from self._report(protocol.SAGA_REPORT, body))

    def _report(self, path: str, body: bytes) -> Flow[Report]:
        from unified_runtime.core.wire.sagas import Report

        response = yield from self._send(path, body, Retry.SAFE)
        try:
            return typed_json.decode(response.body, Report)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            reason = str(error)
        raise VendorProtocolError(f"the broker's response cannot be read: {reason}", status=response.status)

    def receiving(self, operation: OperationBase[Any, Any], invocation: Invocation[Any]) -> Callable[[], Receiving]:
        """Check the input of a download. Returns the function that returns the flow which receives it."""
        _, made = self._made(operation, invocation, current_acting())
        return lambda: self._received(_encode(made), operation)

    def _made(self, operation: OperationBase[Any, Any], invocation: Invocation[Any], acting: Acting) -> tuple[Source | None, Call]:
        """Return the call in its wire form, and the content that is sent with it.

        Raises:
            InvalidInput: as the call itself would, without a request to the broker.
        """
        checked = arguments(operation, invocation)
        check_paging(invocation, operation.name)
        given: dict[str, Any] = dict(invocation.ids or {})
        source, content = None, None
        if invocation.content:
            after = len(invocation.ids or {})
            if len(invocation.content) > 1:
                given_ = " and ".join(invocation.content)
                raise InvalidInput(f"through a broker, a call sends one content: {given_} are two", operation=operation.name)
            (content,), (source,) = invocation.content, checked[after : after + 1]
        if invocation.model is not None:
            given |= checked[-1].model_dump(mode="json", exclude_unset=True)
        for name in ("via", "cursor", "limit"):
            if (value := getattr(invocation, name)) is not None:
                given[name] = value
        if invocation.custom_fields:
            custom = invocation.custom_fields
            given["custom_fields"] = tagged(dict(custom)) if isinstance(custom, Mapping) else [*custom]
        if invocation.key is not None:
            given["idempotency_key"] = invocation.key
        if invocation.extra is not None:
            given["extra"] = tagged(dict(invocation.extra))
        if source is None or content is None:
            return None, Call(operation.name, given, _acting_fields(acting))
        data = (invocation.content or {})[content]
        digest = hashlib.sha256(data).hexdigest() if isinstance(data, (bytes, bytearray, memoryview)) else None
        return source, Call(operation.name, given, _acting_fields(acting), content=content, size=source.size, sha256=digest)

    # ------------------------------------------------------------------------------------------------ requests
    def _call(
        self, path: str, body: bytes | content_stream.Upload, operation: OperationBase[Any, Any], *, safe: bool = False, keyed: bool = False
    ) -> Flow[CallResponse]:
        # With a key, the broker's idempotency store or the vendor executes the call once, however often it is sent.
        retry = Retry.SAFE if safe or keyed or operation.effect == "read" else Retry.NEVER
        writes = operation.name if not safe and operation.effect != "read" else ""
        try:
            response = yield from self._send(path, body, retry, writes=writes)
            return _read(response, writes)
        except UnifiedError as error:
            error.operation = error.operation or operation.name
            raise

    def _send(
        self, path: str, body: bytes | content_stream.Upload, retry: Retry, *, stream: bool = False, writes: str = ""
    ) -> Flow[Response]:
        """Send a request to the broker; repeat it if that is safe. Errors of the vendor are not retried: the broker has done that.

        `writes` names the operation if it is a write: the error then states if the broker may have executed it.

        Raises:
            UnifiedError: the error of the call.
        """
        deadline = time.monotonic() + self._settings.deadline
        lost: tuple[str, ...] = ()

        def attempt() -> Flow[tuple[Response | UnifiedError, bool]]:
            nonlocal lost
            settled, again = settle((yield request), retry, (writes,) if writes else ())
            lost = lost or (settled.lost if isinstance(settled, UnifiedError) else ())
            return settled, again

        request = yield from self._request(path, body, deadline, stream=stream)
        settled, again = yield from attempt()
        if isinstance(settled, Unauthorized) and again and self._exchanged is not None:
            self._exchanged = None  # the token was revoked, or the broker no longer knows it
            request = yield from self._request(path, body, deadline, stream=stream)
            settled, again = yield from attempt()
        if isinstance(settled, UnifiedError) and again and may_repeat(settled, retry):
            from unified_runtime.execution.retry_schedule import pauses  # imported late: a call that succeeds does not need it

            waits = pauses(settled, retry, self._settings, deadline)
            pause = next(waits, None)
            while pause is not None:
                yield pause
                settled, again = yield from attempt()
                if not isinstance(settled, UnifiedError) or not again:
                    break
                try:
                    pause = waits.send(settled)
                except StopIteration:
                    pause = None
        if isinstance(settled, UnifiedError):
            settled.lost = settled.lost or lost
            raise settled.with_traceback(None)
        return settled

    def _request(self, path: str, body: bytes | content_stream.Upload, deadline: float, *, stream: bool) -> Flow[HTTPRequest]:
        secret = yield from self._secret()
        return self._wire(path, body, deadline, secret, protocol.JSON if isinstance(body, bytes) else "application/octet-stream", stream)

    def _wire(
        self, path: str, body: bytes | content_stream.Upload, deadline: float, secret: Secret, kind: str, stream: bool = False
    ) -> HTTPRequest:
        headers = [*self._headers, (b"Content-Type", kind.encode("ascii"))]
        size = len(body) if isinstance(body, bytes) else body.length
        headers.append((b"Transfer-Encoding", b"chunked") if size is None else (b"Content-Length", b"%d" % size))
        return HTTPRequest(
            method="POST",
            url=self._server + path,
            headers=headers,
            body=body if isinstance(body, bytes) else b"",
            upload=None if isinstance(body, bytes) else body,
            credential=self._credential(secret),
            timeout=self._timeout,
            largest=_WRAPPED * self._settings.largest_response,
            deadline=math.inf if stream or not isinstance(body, bytes) else deadline + 5,
            stream=stream,
            inside=True,
        )

    def _credential(self, secret: Secret) -> AppliedCredential:
        """Return the secret in the form in which it is sent; cached while it stays the same."""
        known = self._applied
        if known is None or known[0] is not secret:
            known = self._applied = secret, AppliedCredential(((b"Authorization", b"Bearer " + _ascii(secret)),), secrets=(secret,))
        return known[1]

    def _secret(self) -> Flow[Secret]:
        """Return what the agent authenticates with: its key, or the token that key and user token were exchanged for."""
        if self._user_token is None:
            return (yield from _resolve_key(self._key))
        if self._exchanged is None or self._exchanged[0] <= time.monotonic():
            self._exchanged = yield from self._exchange(self._user_token)
        return self._exchanged[1]

    def _exchange(self, user_token: Key) -> Flow[tuple[float, Secret]]:
        """Exchange the user's token and the agent's key for a token that names both (RFC 8693)."""
        from urllib.parse import urlencode

        key, subject = (yield from _resolve_key(self._key)), (yield from _resolve_key(user_token))
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": subject.reveal(),
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        }
        deadline = time.monotonic() + self._settings.deadline
        request = self._wire(protocol.TOKEN, urlencode(form).encode("ascii"), deadline, key, "application/x-www-form-urlencoded")
        settled, _ = settle((yield request), Retry.SAFE)
        if isinstance(settled, UnifiedError):
            raise settled
        data = msgspec.json.decode(settled.body)
        # Renewed a little early: a token must not expire while it is sent.
        return time.monotonic() + max(0.0, float(data["expires_in"]) - 30), Secret(data["access_token"])

    # ------------------------------------------------------------------------------------------------ downloads
    def _received(self, body: bytes, operation: OperationBase[Any, Any]) -> Receiving:
        done, failed, digest, total = 0, 0, hashlib.sha256(), None
        while True:
            try:
                response = yield from self._send(protocol.DOWNLOAD, body, Retry.SAFE, stream=True)
            except UnifiedError as error:
                error.operation = error.operation or operation.name
                raise
            frames, following, at = content_stream.Frames(), Next(response), 0
            while True:
                yield following
                if not following.data:
                    break
                for kind, payload in frames.feed(following.data):
                    if kind == content_stream.HEAD:
                        total = msgspec.json.decode(payload)["total"]
                    elif kind == content_stream.ERROR:
                        raise errors.error(errors.decode(payload))
                    elif kind == content_stream.DATA:
                        fresh = payload[max(0, done - at) :]  # an interrupted content may start again at byte 0
                        at += len(payload)
                        if fresh:
                            failed = 0
                            done += len(fresh)
                            digest.update(fresh)
                            yield Piece(fresh, done, total)
                    elif kind == content_stream.END:
                        if at != done or digest.digest() != payload:
                            raise VendorProtocolError(
                                "the content that came from the broker is not what it sent", operation=operation.name, retry_safe=True
                            )
                        return
            failed += 1
            if failed >= self._settings.attempts:
                reason = following.failure.message if following.failure is not None else "the response ended"
                raise Unavailable(f"the content broke off after {done} bytes: {reason}", operation=operation.name, retry_safe=True)


def _checked(url: str) -> str:
    parts = urlsplit(url)
    wrong = None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        wrong = "it is not an http(s) URL"
    elif parts.username is not None or parts.query or parts.fragment or not url.isascii() or not url.isprintable() or " " in url:
        wrong = "it holds more than a server and a path"
    elif parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        wrong = "the key would travel unencrypted: use https"
    if wrong is not None:
        raise InvalidInput(f"{shortened(url)} cannot be a broker: {wrong}")
    return url.rstrip("/")


def _acting_fields(acting: Acting) -> ActingFields:
    return ActingFields(acting.user, acting.owner.team, acting.via, acting.agent, acting.connection, acting.on_behalf_of)


def _resolve_key(key: Key) -> Flow[Secret]:
    """Return the key; call it if it is a function.

    Raises:
        InvalidInput: there is none.
    """
    if isinstance(key, Secret):
        return key
    if isinstance(key, str):
        return Secret(key)
    function = key

    def call_key() -> str | Exception:
        try:
            return function()
        except Exception as error:  # noqa: BLE001  the caller's own function; its error is raised where the call is made
            return error

    task = BlockingTask(call_key, blocks=True)
    yield task
    if isinstance(task.result, Exception):
        raise task.result
    return Secret(task.result)


def _ascii(secret: Secret) -> bytes:
    value = secret.reveal()
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise InvalidInput("the broker's key holds a character that no header can carry, or is empty")
    return value.encode("ascii")


def _read(response: Response, writes: str = "") -> CallResponse:
    try:
        return _responses.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = str(error)
    lost = (writes,) if writes else ()
    raise VendorProtocolError(f"the broker's response cannot be read: {reason}", status=response.status, lost=lost)


def _records(outcome: CallResponse, operation: OperationBase[Any, Any]) -> list[Any]:
    return values.records(outcome, operation.build.__module__.partition(".")[0])
