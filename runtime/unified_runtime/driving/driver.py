"""One operation from its first request to its value, without doing any I/O itself.

`drive` is a generator: it yields what shall happen next, a request to send or a number of seconds to wait, and is sent
what came of it. The clients are thin loops around it, one sync and one async, so retries, errors, redirects and budgets
are written once. The order of a call: credential and server, budget, policy, send, classify, retry, read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin, urlsplit

import msgspec

from unified_runtime.addresses import headers_elsewhere, matches, origin
from unified_runtime.classify import REFUSED, answer_error, failed, transport_error
from unified_runtime.connections import Connection
from unified_runtime.driving.errands import Errand
from unified_runtime.driving.retries import may_repeat, pauses
from unified_runtime.driving.translate import FOREIGN, translated
from unified_runtime.driving.wire import timeout_of, wire_request, with_headers
from unified_runtime.errors import (
    AnswerUnreadable,
    Done,
    RateLimited,
    TransportFailure,
    Unauthorized,
    Unavailable,
    Unconfirmed,
    UnifiedError,
    VendorProtocolError,
)
from unified_runtime.messages import NOTHING, HTTPRequest, Local, Made, Pause, Request, Response, Sought
from unified_runtime.raw import Document, Raw
from unified_runtime.sources import Renew
from unified_runtime.steps import Retry, Steps

if TYPE_CHECKING:
    from unified_runtime.calling.observed import Observation
    from unified_runtime.pacing.budgets import Budget, Entry
    from unified_runtime.pacing.health import Health
    from unified_runtime.settings import Settings

T = TypeVar("T")

Action = HTTPRequest | float | Errand[Any] | Renew | Local
"""What a client does next: send a request, wait for so many seconds, run an errand, have a credential renewed, or do what an adapter
asks for. A call that may be folded with others asks, as `Local` work, for their company (`folding.Fold`)."""

Outcome = Response | TransportFailure | Connection | UnifiedError | None
"""What came of it: an answer or a failure; None; a connection or why there is none."""

Flow = Generator[Action, Outcome, T]


class BudgetWait(float):
    """Seconds to wait for a vendor's budget: for the client a pause like any other."""

    __slots__ = ()


Gate = Callable[[Request, HTTPRequest], Flow[None]]
"""What a request passes just before each time it is sent, and where it ends if that raises: a policy, a ledger. The budget comes before."""


class Call:
    """One operation on one connection, with everything it needs to run. `gates` are passed in their order, after the budget.

    `agent` is whose turn it takes there, and `entry` its last request there.
    """

    __slots__ = (
        "agent",
        "budget",
        "connection",
        "deadline",
        "done",
        "doubt",
        "entry",
        "folding",
        "gates",
        "health",
        "keyed",
        "lost",
        "made",
        "names",
        "operation",
        "seen",
        "settings",
    )

    def __init__(
        self,
        operation: str,
        connection: Connection,
        names: Mapping[str, str],
        settings: Settings,
        budget: Budget | None,
        health: Health | None = None,
        seen: Observation | None = None,
        *,
        keyed: bool = False,
        agent: str = "",
        folding: bool = False,
    ) -> None:
        self.operation = operation
        self.connection = connection
        self.folding = folding  # its requests may be folded with those of other calls
        self.names = names
        self.settings = settings
        self.budget = budget
        self.health = health
        self.seen = seen
        self.deadline = 0.0
        self.done: tuple[Done, ...] = ()
        self.lost: tuple[str, ...] = ()
        self.made: str | None = None
        self.doubt = False
        self.keyed = keyed  # the caller chose the key: the same call again has the same one
        self.agent = agent
        self.entry: Entry | None = None
        self.gates: tuple[Gate, ...] = ()

    def passes(self, request: Request, wire: HTTPRequest) -> Flow[None]:
        """Let a request past the gates. How the server fares comes first.

        Raises:
            UnifiedError: it is not to be sent.
        """
        if self.health is not None and (seconds := self.health.admit()) > 0:
            raise Unavailable(
                f"{self.connection.vendor.title} has failed {self.health.failures} times in a row; it is left alone for {seconds:.0f} s",
                retry_after=seconds,
                retry_safe=not self.twice,
            )
        for gate in self.gates:
            yield from gate(request, wire)

    @property
    def twice(self) -> bool:
        """Whether the same call again would do something once more that is done already."""
        return any(done.again for done in self.done)


def sent(request: Request, wire: HTTPRequest, call: Call) -> Flow[Outcome]:
    """Send a request, within the budget and past the gates, and return what came of it.

    Raises:
        UnifiedError: it is not sent.
    """
    if call.budget is not None:
        call.entry = call.budget.entry(call.connection, request, call.agent, call.deadline)
        if call.entry is not None:
            return (yield from _within()(call.entry, call.budget, request, wire, call))
    yield from call.passes(request, wire)
    return (yield wire)


@cache
def _within() -> Callable[[Entry, Budget, Request, HTTPRequest, Call], Flow[Outcome]]:
    from unified_runtime.driving.admission import within  # vendors without limits do not pay for it

    return within


def drive(steps: Steps[T], call: Call) -> Flow[T]:
    """Run an operation's steps to their value.

    Raises:
        UnifiedError: whatever the call came to, with vendor and operation named.
    """
    call.deadline = time.monotonic() + call.settings.deadline
    try:
        request = next(steps)
        while True:
            if not isinstance(request, Request):
                if isinstance(request, Pause):
                    request.seconds += growing(request.failures, call.settings)
                    request.late = request.bounded and time.monotonic() + request.seconds > call.deadline
                elif isinstance(request, Sought):
                    _sought(request, call)
                elif isinstance(request, Made):
                    call.made = request.id
                    request = steps.send(_DONE)
                    continue
                if not (isinstance(request, Pause) and request.late):
                    yield request
                request = steps.send(_DONE)
                continue
            if request.transfer:  # each part of a content has the time of an operation
                call.deadline = time.monotonic() + call.settings.deadline
            if call.connection.renew_at <= time.time():
                yield from _renewed(call, rejected=False)
            if call.folding and request.endpoint.batch is not None:
                from unified_runtime.folding import folded  # who makes one call does not pay for it

                told = yield from folded(request, call)
                if isinstance(told, UnifiedError):
                    request = steps.throw(_told(told, call))
                    continue
                if told is not None:
                    if request.endpoint.retry is not Retry.SAFE:
                        _note(request, told, call)
                    request = steps.send(told)
                    continue
            wire = wire_request(request, call.connection, call.settings, call.deadline)
            outcome = yield from sent(request, wire, call)
            if isinstance(outcome, Response) and 200 <= outcome.status < 300 and call.connection.vendor.failed is None:
                settled: Response | UnifiedError = outcome
                if call.health is not None:
                    call.health.succeeded()
            else:
                settled = yield from _settle(outcome, request, wire, call)
                if isinstance(settled, Unauthorized) and call.connection.renewal is not None:
                    settled = yield from _with_another(settled, request, call)
            if isinstance(settled, UnifiedError):
                request = steps.throw(_told(settled, call))
                continue
            settled = call.connection.credential.concealed(settled)
            if request.endpoint.retry is not Retry.SAFE:
                _note(request, settled, call)
            request = steps.send(settled)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    except UnifiedError as error:
        _told(error, call)
        raise
    except FOREIGN as error:
        foreign = translated(error)
    raise _told(foreign, call)


def _counts(request: Request, call: Call) -> bool:
    """Whether the same call again would do again what this request did."""
    return request.endpoint.retry is Retry.NEVER or (request.endpoint.retry is Retry.KEYED and not call.keyed)


def _sought(told: Sought, call: Call) -> None:
    call.deadline = time.monotonic() + call.settings.deadline
    if told.request is not None and told.answer is not None:
        _note(told.request, told.answer, call)


def growing(failures: int, settings: Settings) -> float:
    """The seconds to wait after so many failures in a row; the first is not waited for."""
    return min(settings.backoff * 2.0 ** (failures - 1), settings.longest_backoff) if failures > 1 else 0.0


def _renewed(call: Call, *, rejected: bool) -> Generator[Action, Outcome, bool]:
    """Have the call's connection renewed. Returns whether it has another credential now.

    Raises:
        UnifiedError: it cannot be.
    """
    old = call.connection
    if old.renewal is None:
        return False
    outcome = yield Renew(old.renewal, old, rejected=rejected)
    if isinstance(outcome, UnifiedError):
        raise outcome
    assert isinstance(outcome, Connection)
    call.connection = outcome
    return outcome is not old


def _with_another(refused: Unauthorized, request: Request, call: Call) -> Generator[Action, Outcome, Response | UnifiedError]:
    """What a request that was refused as unauthorized comes to with another credential, where there is one.

    It was not carried out, so that even a plain POST may be sent again; only once, since the next refusal is no matter of age.
    """
    if not (yield from _renewed(call, rejected=True)):
        return refused
    wire = wire_request(request, call.connection, call.settings, call.deadline)
    return (yield from _settle((yield from sent(request, wire, call)), request, wire, call))


def ask(request: Request, call: Call) -> Flow[Response]:
    """Send one request, as `drive` sends those of an operation.

    Raises:
        UnifiedError: what it came to, with vendor and operation named.
    """
    try:
        call.deadline = time.monotonic() + call.settings.deadline
        if call.connection.renew_at <= time.time():
            yield from _renewed(call, rejected=False)
        wire = wire_request(request, call.connection, call.settings, call.deadline)
        settled = yield from _settle((yield from sent(request, wire, call)), request, wire, call)
        if isinstance(settled, Unauthorized) and call.connection.renewal is not None:
            settled = yield from _with_another(settled, request, call)
    except UnifiedError as error:
        _told(error, call)
        raise
    if isinstance(settled, UnifiedError):
        raise _told(settled, call)
    return call.connection.credential.concealed(settled)


_DONE = Response(0, (), b"", "")
"""What an adapter is sent after work that the client did for it."""


def _told(error: UnifiedError, call: Call) -> UnifiedError:
    """Tell an error what it could not know where it was made."""
    error.vendor = error.vendor or call.connection.vendor.name
    error.operation = error.operation or call.operation
    if error.request_id is not None:  # the vendor's to choose, as every text of an answer
        error.request_id = call.connection.credential.scrub(error.request_id)
    if call.doubt:
        error.retry_safe = False
    carried(error, call)
    return error


def carried(error: UnifiedError, call: Call) -> None:
    """Tell an error what its call had carried out, and what it may have."""
    if call.done and not error.done:
        error.done = call.done
        error.retry_safe = error.retry_safe and not call.twice
    error.lost = error.lost or call.lost
    error.made = error.made or call.made


def _note(request: Request, response: Response, call: Call) -> None:
    """Note a request that was carried out; one that was asked for again, since its answer broke off, is the same."""
    done = Done(_name(request), response.status, Raw(Document(response.body, response)), again=_counts(request, call))
    again = request.endpoint.retry is not Retry.NEVER and call.done and call.done[-1].request == done.request
    call.done = (*(call.done[:-1] if again else call.done), done)


def _name(request: Request) -> str:
    return f"{request.endpoint.method} {request.target or request.endpoint.template}"


def _settle(outcome: Outcome, request: Request, wire: HTTPRequest, call: Call) -> Generator[Action, Outcome, Response | UnifiedError]:
    """What an attempt comes to that did not plainly succeed: after redirects and, where they are allowed, retries."""
    retry = request.endpoint.retry
    settled = yield from _weighed(outcome, request, wire, call)
    if isinstance(settled, Response):
        return settled
    doubted(outcome, settled, request, call)
    if not (may_repeat(settled, retry) and _worth_repeating(outcome)):
        return final(settled, retry, call)
    again = pauses(settled, retry, call.settings, call.deadline)
    error = settled
    pause = next(again, None)
    while pause is not None:
        if call.health is not None and isinstance(error, Unavailable) and not call.health.spend_retry():
            break
        yield pause
        wire = msgspec.structs.replace(wire, timeout=timeout_of(call.settings, wire.deadline))
        outcome = yield from sent(request, wire, call)
        settled = yield from _weighed(outcome, request, wire, call)
        if isinstance(settled, Response):
            return settled
        error = settled
        doubted(outcome, settled, request, call)
        if not _worth_repeating(outcome):
            break
        try:
            pause = again.send(error)
        except StopIteration:
            pause = None
    return final(error, retry, call)


def doubted(outcome: Outcome, settled: UnifiedError, request: Request, call: Call) -> None:
    """Note that a request may have been carried out; and where the same call again would carry it out under another key."""
    if request.endpoint.retry is Retry.SAFE or isinstance(settled, RateLimited):
        return
    if outcome.sent if isinstance(outcome, TransportFailure) else isinstance(settled, Unavailable) and settled.status not in REFUSED:
        call.lost = (*call.lost, name) if (name := _name(request)) not in call.lost else call.lost
        call.doubt = call.doubt or (request.endpoint.retry is Retry.KEYED and not call.keyed)


def _weighed(outcome: Outcome, request: Request, wire: HTTPRequest, call: Call) -> Generator[Action, Outcome, Response | UnifiedError]:
    """What an attempt comes to, noted for what it says of the server."""
    settled = yield from _judge(outcome, request, wire, call)
    if call.health is not None:
        if isinstance(settled, Unavailable):
            call.health.failed()
        else:
            call.health.succeeded()
    if isinstance(settled, RateLimited) and settled.status != 429 and call.entry is not None and call.budget is not None:
        from unified_runtime.driving.admission import refused

        yield from refused(call.entry, call.budget, settled.retry_after)
    return settled


def _worth_repeating(outcome: Outcome) -> bool:
    return not (isinstance(outcome, TransportFailure) and outcome.permanent)


def final(error: UnifiedError, retry: Retry, call: Call) -> UnifiedError:
    """An error that no further attempt follows, told whether the same call again may do what was asked."""
    if call.doubt and retry is Retry.KEYED:
        told = f"{error.message}. Whether it was carried out before is not known"
        return Unconfirmed(told, status=error.status, code=error.code, request_id=error.request_id, fields=error.fields)
    passing = isinstance(error, (RateLimited, Unavailable)) and not isinstance(error, Unconfirmed)
    error.retry_safe = passing and (retry is not Retry.NEVER or may_repeat(error, retry))
    return error.with_traceback(None)


def _judge(outcome: Outcome, request: Request, wire: HTTPRequest, call: Call) -> Generator[Action, Outcome, Response | UnifiedError]:
    """An attempt's answer, redirects on the same server followed; or the error it stands for."""
    connection = call.connection
    if isinstance(outcome, Response) and outcome.status == 401 and connection.credential.wants_nonce(outcome):
        outcome = yield from sent(request, wire, call)
    for turn in range(call.settings.redirects + 1):
        if isinstance(outcome, AnswerUnreadable) and not (request.endpoint.retry is Retry.NEVER and outcome.status < 300):
            return VendorProtocolError(outcome.message, status=outcome.status, request_id=outcome.request_id)
        if isinstance(outcome, TransportFailure):
            return transport_error(outcome, request, connection.vendor, connection.secrets)
        assert isinstance(outcome, Response)
        if request.accepts is not None and request.accepts(outcome):
            return outcome
        if outcome.status in {301, 302, 303, 307, 308}:
            followed = _redirected(outcome, request, wire, connection)
            if isinstance(followed, UnifiedError):
                return followed
            wire = followed
            if turn < call.settings.redirects:
                outcome = yield from sent(request, wire, call)
            continue
        if failed(outcome, connection.vendor):
            return answer_error(outcome, request, connection.vendor, call.names, connection.secrets)
        return outcome
    return VendorProtocolError(f"{connection.vendor.title} redirects {request.endpoint.method} {request.endpoint.template} in circles")


def _redirected(response: Response, request: Request, wire: HTTPRequest, connection: Connection) -> HTTPRequest | UnifiedError:
    """The request a redirect asks for: only a read, and only on the server that the credential is for."""
    endpoint = request.endpoint
    target = urljoin(wire.url, response.headers.get("location", ""))
    parts = urlsplit(target)
    what = f"{connection.vendor.title} redirects {endpoint.method} {endpoint.template} (HTTP {response.status})"
    context: dict[str, Any] = {"status": response.status, "request_id": connection.credential.scrub(response.request_id or "") or None}
    elsewhere = (parts.scheme, parts.netloc) != origin(wire.url)
    if elsewhere and not (request.stream and any(matches(pattern, target) for pattern in connection.addresses)):
        return VendorProtocolError(f"{what} to another server, {parts.netloc[:100]!r}, where the credential must not go", **context)
    if endpoint.retry is not Retry.SAFE or endpoint.method not in {"GET", "HEAD"}:
        return VendorProtocolError(f"{what}; only reads are sent again elsewhere", **context)
    if elsewhere:
        headers = with_headers(headers_elsewhere(connection, target), request.headers or {})
        url = parts._replace(fragment="").geturl()
        return msgspec.structs.replace(wire, url=url, headers=headers, credential=NOTHING)
    if request.address is not None:
        return VendorProtocolError(f"{what}, which is an address already", **context)
    # A vendor may copy our query into its redirect, and the secrets that travel there with it; they are added again.
    return msgspec.structs.replace(wire, url=connection.credential.without_secrets(parts._replace(fragment="").geturl()))
