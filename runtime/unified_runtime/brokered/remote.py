"""The agent's side of a broker: flows that send calls there, and read what it answers."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from unified_runtime.brokered import contents, failures, protocol, values
from unified_runtime.brokered.outcomes import settle
from unified_runtime.brokered.protocol import Answer, Call, Calls, Described, Whose, tagged, untagged
from unified_runtime.calling.plans import Plan
from unified_runtime.calling.prepared import arguments, check_paging
from unified_runtime.context import Acting, current_acting
from unified_runtime.credentials import Secret
from unified_runtime.driving.driver import Flow
from unified_runtime.driving.errands import Errand
from unified_runtime.driving.retries import may_repeat, pauses
from unified_runtime.errors import (
    InvalidInput,
    Unauthorized,
    Unavailable,
    UnifiedError,
    VendorProtocolError,
)
from unified_runtime.media.downloads import Next
from unified_runtime.messages import Applied, HTTPRequest, Piece, Response
from unified_runtime.records import Page
from unified_runtime.settings import Settings
from unified_runtime.steps import Retry
from unified_runtime.suggest import shortened

if TYPE_CHECKING:
    from unified_runtime.bulk.jobs import Came
    from unified_runtime.described.descriptions import Description
    from unified_runtime.media.downloads import Receiving
    from unified_runtime.media.sources import Source
    from unified_runtime.operations import Invocation, _Named
    from unified_runtime.sagas import Report, Submitted

Key = str | Secret | Callable[[], str]
"""An agent's key or token; a function is asked for it before each call, and may block."""

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_answers = msgspec.json.Decoder(Answer)
_described = msgspec.json.Decoder(Described)
_encode = msgspec.json.Encoder().encode


class Remote:
    """A broker and who calls it.

    Raises:
        InvalidInput: the address is none, would carry the key unencrypted, or there is no key.
    """

    def __init__(self, url: str, key: Key | None, settings: Settings, user_token: Key | None = None) -> None:
        self._server = _checked(url)
        if key is None or key == "":
            raise InvalidInput("a broker wants a key: Client(broker=..., key=...); `unified broker keys create` makes one")
        self._key = Secret(key) if isinstance(key, str) else key
        self._user_token = user_token
        self._settings = settings
        self._exchanged: tuple[float, Secret] | None = None
        self._applied: tuple[Secret, Applied] | None = None
        self._headers = (
            (b"Host", urlsplit(self._server).netloc.encode("ascii")),
            (b"Accept", b"application/json"),
            (b"Accept-Encoding", b"identity"),
            (b"User-Agent", b"unified-apis"),
            (protocol.DEADLINE.encode("ascii"), b"%g" % settings.deadline),
        )
        # The broker has the whole time of the call: an answer that takes long is none that is lost.
        self._timeout: dict[str, float | None] = settings.timeout | {"read": settings.deadline + 5}

    def __repr__(self) -> str:
        return f"Remote({self._server})"

    # ------------------------------------------------------------------------------------------------ calls
    def call(self, operation: _Named[Any, Any], invocation: Invocation[Any]) -> Flow[Any]:
        """One call, to its value."""
        source, made = self._made(operation, invocation, current_acting())
        if source is None:
            answered = yield from self._answer(protocol.CALL, _encode(made), operation, keyed=invocation.key is not None)
        else:
            upload = contents.Upload(_encode(made), source)
            answered = yield from self._answer(protocol.UPLOAD, upload, operation)
            upload.arrived()
        if answered.records is None:
            return untagged(answered.plain)
        return _records(answered, operation)[0]

    def many(self, operation: _Named[Any, Any], calls: Sequence[Call]) -> Flow[list[Came]]:
        """Calls of one operation that are made together, to what each came to."""
        from unified_runtime.brokered.several import read

        keyed = all("idempotency_key" in call.input for call in calls)
        made = Calls(operation.name, [call.input for call in calls], calls[0].acting)
        try:
            answer = yield from self._ask(protocol.MANY, _encode(made), Retry.SAFE if keyed else Retry.NEVER)
        except UnifiedError as error:
            error.operation = error.operation or operation.name
            raise
        return read(answer, operation, len(calls))

    def call_of(self, operation: _Named[Any, Any], invocation: Invocation[Any]) -> Call:
        """A call without a content, for the wire.

        Raises:
            InvalidInput: as the call itself would.
        """
        _, made = self._made(operation, invocation, current_acting())
        return made

    def listed(self, operation: _Named[Any, Any], invocation: Invocation[Any]) -> Callable[[str | None], Flow[Page[Any]]]:
        """A list, its input checked: the flow of each of its pages, by cursor."""
        _, made = self._made(operation, invocation, current_acting())
        tickets: dict[str | None, str | None] = {}

        def page(cursor: str | None) -> Flow[Page[Any]]:
            at = None if cursor == invocation.cursor else cursor
            asked = msgspec.structs.replace(made, cursor=at, ticket=tickets.get(at))
            answered = yield from self._answer(protocol.PAGE, _encode(asked), operation)
            if answered.cursor is not None:
                tickets[answered.cursor] = answered.ticket
            return Page(_records(answered, operation), answered.cursor)

        return page

    def plan(self, operation: _Named[Any, Any], invocation: Invocation[Any]) -> Flow[Plan]:
        """What a call would send. A content is not read for it."""
        source, made = self._made(operation, invocation, current_acting())
        if source is not None:
            made.input["content"] = {"size": source.size}
            source.close()
        answered = yield from self._answer(protocol.PLAN, _encode(made), operation, safe=True)
        return values.plan(answered.plain)

    def plan_many(
        self, operation: _Named[Any, Any], invocations: Sequence[Invocation[Any]], refused: Callable[[int, UnifiedError], None] | None
    ) -> Flow[Plan]:
        """What calls that are made together would send. `refused` is told which would send nothing, by their numbers, and why.

        Raises:
            UnifiedError: one of them would send nothing, and nobody is told of it.
        """
        from unified_runtime.brokered.several import planned

        def told(number: int, error: UnifiedError) -> None:
            if refused is None:
                raise error
            refused(number, error)

        calls: dict[int, Call] = {}
        for number, invocation in enumerate(invocations):
            try:
                calls[number] = self.call_of(operation, invocation)
            except UnifiedError as error:
                told(number, error)
        if not calls and invocations:
            return Plan(f"{operation.name}_many", "", ())
        whose = next(iter(calls.values())).acting if calls else _whose(current_acting())
        made = Calls(operation.name, [call.input for call in calls.values()], whose)
        numbers = list(calls)
        plan, others = planned((yield from self._ask(protocol.PLAN_MANY, _encode(made), Retry.SAFE)), len(numbers))
        for number, why in others:
            told(numbers[number], why)
        return plan

    def describe(self, resource: str, inputs: Mapping[str, Any], package: str) -> Flow[Description]:
        """What a connection offers for a resource; see `unified_runtime.described.describing`."""
        body = _encode(Call(f"{resource}.describe", dict(inputs), _whose(current_acting())))
        response = yield from self._ask(protocol.DESCRIBE, body, Retry.SAFE)
        try:
            told = _described.decode(response.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            reason = str(error)
        else:
            return values.description(told, package)
        raise VendorProtocolError(f"the broker's answer cannot be read: {reason}", status=response.status)

    def vendors(self, names: tuple[str, ...], acting: Acting) -> Flow[tuple[str, ...]]:
        """Those of the vendors that are connected at the broker for whom calls are made."""
        body = _encode(Call("", {"vendors": names}, _whose(acting)))
        answered = _read((yield from self._ask(protocol.VENDORS, body, Retry.SAFE)))
        return tuple(str(name) for name in answered.plain or ())

    def events(self, reading: bytes) -> Flow[Response]:
        """What happened at vendors, for a reader; see `unified_platform.inbox`."""
        return self._ask(protocol.EVENTS, reading, Retry.SAFE)

    def saga(self, submitted: Submitted) -> Flow[Report]:
        """Hand in a saga. It is started once, however often it is handed in."""
        return (yield from self._report(protocol.SAGA, _encode(submitted)))

    def saga_report(self, id: str, wait: float) -> Flow[Report]:
        """What has become of a saga; waits for its end for so many seconds at most."""
        body = _encode({"id": id, "wait": wait, "acting": _whose(current_acting())})
        return (yield from self._report(protocol.SAGA_REPORT, body))

    def _report(self, path: str, body: bytes) -> Flow[Report]:
        from unified_runtime.sagas import Report

        response = yield from self._ask(path, body, Retry.SAFE)
        try:
            return msgspec.json.decode(response.body, type=Report)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            reason = str(error)
        raise VendorProtocolError(f"the broker's answer cannot be read: {reason}", status=response.status)

    def receiving(self, operation: _Named[Any, Any], invocation: Invocation[Any]) -> Callable[[], Receiving]:
        """A content to receive, its input checked: the flow that receives it."""
        _, made = self._made(operation, invocation, current_acting())
        return lambda: self._received(_encode(made), operation)

    def _made(self, operation: _Named[Any, Any], invocation: Invocation[Any], acting: Acting) -> tuple[Source | None, Call]:
        """The call for the wire, and the content that goes with it.

        Raises:
            InvalidInput: as the call itself would, without asking the broker.
        """
        checked = arguments(operation, invocation)
        check_paging(invocation, operation.name)
        given: dict[str, Any] = dict(invocation.ids or {})
        source, content = None, None
        if invocation.content:
            after = len(invocation.ids or {})
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
            return None, Call(operation.name, given, _whose(acting))
        data = (invocation.content or {})[content]
        whole = hashlib.sha256(data).hexdigest() if isinstance(data, (bytes, bytearray, memoryview)) else None
        return source, Call(operation.name, given, _whose(acting), content=content, size=source.size, sha256=whole)

    # ------------------------------------------------------------------------------------------------ asking
    def _answer(
        self, path: str, body: bytes | contents.Upload, operation: _Named[Any, Any], *, safe: bool = False, keyed: bool = False
    ) -> Flow[Answer]:
        # Under a key, the broker's ledger or the vendor makes the call once, however often it is asked for.
        retry = Retry.SAFE if safe or keyed or operation.effect == "read" else Retry.NEVER
        writes = operation.name if not safe and operation.effect != "read" else ""
        try:
            answer = yield from self._ask(path, body, retry, writes=writes)
            return _read(answer, writes)
        except UnifiedError as error:
            error.operation = error.operation or operation.name
            raise

    def _ask(self, path: str, body: bytes | contents.Upload, retry: Retry, *, stream: bool = False, writes: str = "") -> Flow[Response]:
        """Send to the broker, again where that can do no harm. What a vendor answered is not asked for again: the broker has done that.

        `writes` names the operation where it is one that writes: its error tells whether the broker may have made it.

        Raises:
            UnifiedError: what it came to.
        """
        deadline = time.monotonic() + self._settings.deadline
        lost: tuple[str, ...] = ()

        def tried() -> Flow[tuple[Response | UnifiedError, bool]]:
            nonlocal lost
            settled, again = settle((yield request), retry, (writes,) if writes else ())
            lost = lost or (settled.lost if isinstance(settled, UnifiedError) else ())
            return settled, again

        request = yield from self._request(path, body, deadline, stream=stream)
        settled, again = yield from tried()
        if isinstance(settled, Unauthorized) and again and self._exchanged is not None:
            self._exchanged = None  # it was revoked, or the broker forgot it
            request = yield from self._request(path, body, deadline, stream=stream)
            settled, again = yield from tried()
        if isinstance(settled, UnifiedError) and again and may_repeat(settled, retry):
            waits = pauses(settled, retry, self._settings, deadline)
            pause = next(waits, None)
            while pause is not None:
                yield pause
                settled, again = yield from tried()
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

    def _request(self, path: str, body: bytes | contents.Upload, deadline: float, *, stream: bool) -> Flow[HTTPRequest]:
        secret = yield from self._secret()
        return self._wire(path, body, deadline, secret, protocol.JSON if isinstance(body, bytes) else "application/octet-stream", stream)

    def _wire(
        self, path: str, body: bytes | contents.Upload, deadline: float, secret: Secret, kind: str, stream: bool = False
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
            largest=self._settings.largest_answer,
            deadline=math.inf if stream or not isinstance(body, bytes) else deadline + 5,
            stream=stream,
            inside=True,
        )

    def _credential(self, secret: Secret) -> Applied:
        """The secret as it is sent; made once for as long as it stays the same."""
        known = self._applied
        if known is None or known[0] is not secret:
            known = self._applied = secret, Applied(((b"Authorization", b"Bearer " + _ascii(secret)),), secrets=(secret,))
        return known[1]

    def _secret(self) -> Flow[Secret]:
        """What the agent shows: its key, or what that and the user's token were exchanged for."""
        if self._user_token is None:
            return (yield from _told(self._key))
        if self._exchanged is None or self._exchanged[0] <= time.monotonic():
            self._exchanged = yield from self._exchange(self._user_token)
        return self._exchanged[1]

    def _exchange(self, user_token: Key) -> Flow[tuple[float, Secret]]:
        """Exchange the user's token and the agent's key for a token that names both (RFC 8693)."""
        from urllib.parse import urlencode

        key, subject = (yield from _told(self._key)), (yield from _told(user_token))
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
        told = msgspec.json.decode(settled.body)
        # Renewed a little early: a token must not end on its way.
        return time.monotonic() + max(0.0, float(told["expires_in"]) - 30), Secret(told["access_token"])

    # ------------------------------------------------------------------------------------------------ receiving
    def _received(self, body: bytes, operation: _Named[Any, Any]) -> Receiving:
        done, failed, digest, total = 0, 0, hashlib.sha256(), None
        while True:
            try:
                answer = yield from self._ask(protocol.DOWNLOAD, body, Retry.SAFE, stream=True)
            except UnifiedError as error:
                error.operation = error.operation or operation.name
                raise
            frames, following, at = contents.Frames(), Next(answer), 0
            while True:
                yield following
                if not following.data:
                    break
                for kind, payload in frames.feed(following.data):
                    if kind == contents.HEAD:
                        total = msgspec.json.decode(payload)["total"]
                    elif kind == contents.ERROR:
                        raise failures.error(failures.decode(payload))
                    elif kind == contents.DATA:
                        fresh = payload[max(0, done - at) :]  # one that was cut off begins anew
                        at += len(payload)
                        if fresh:
                            failed = 0
                            done += len(fresh)
                            digest.update(fresh)
                            yield Piece(fresh, done, total)
                    elif kind == contents.END:
                        if at != done or digest.digest() != payload:
                            raise VendorProtocolError(
                                "the content that came from the broker is not what it sent", operation=operation.name, retry_safe=True
                            )
                        return
            failed += 1
            if failed >= self._settings.attempts:
                reason = following.failure.message if following.failure is not None else "the answer ended"
                raise Unavailable(f"the content broke off after {done} bytes: {reason}", operation=operation.name, retry_safe=True)


def _checked(url: str) -> str:
    parts = urlsplit(url)
    wrong = None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        wrong = "it is no http(s) URL"
    elif parts.username is not None or parts.query or parts.fragment or not url.isascii() or not url.isprintable() or " " in url:
        wrong = "it holds more than a server and a path"
    elif parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        wrong = "the key would travel unencrypted: use https"
    if wrong is not None:
        raise InvalidInput(f"{shortened(url)} cannot be a broker: {wrong}")
    return url.rstrip("/")


def _whose(acting: Acting) -> Whose:
    return Whose(acting.user, acting.owner.team, acting.via, acting.agent, acting.connection, acting.on_behalf_of)


def _told(key: Key) -> Flow[Secret]:
    """Raises:
    InvalidInput: there is none.
    """
    if isinstance(key, Secret):
        return key
    if isinstance(key, str):
        return Secret(key)
    function = key

    def ask() -> str | Exception:
        try:
            return function()
        except Exception as error:  # noqa: BLE001  the caller's own function; its error is raised where the call is made
            return error

    errand = Errand(ask, blocks=True)
    yield errand
    if isinstance(errand.result, Exception):
        raise errand.result
    return Secret(errand.result)


def _ascii(secret: Secret) -> bytes:
    value = secret.reveal()
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise InvalidInput("the broker's key holds a character that no header can carry, or is empty")
    return value.encode("ascii")


def _read(answer: Response, writes: str = "") -> Answer:
    try:
        return _answers.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = str(error)
    lost = (writes,) if writes else ()
    raise VendorProtocolError(f"the broker's answer cannot be read: {reason}", status=answer.status, lost=lost)


def _records(answered: Answer, operation: _Named[Any, Any]) -> list[Any]:
    return values.records(answered, operation.build.__module__.partition(".")[0])
