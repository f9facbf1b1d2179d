"""Calls that are made together: where several are about to send the same kind of request, one batch request is sent for all of them.

Each call goes its own way, with its own policy, idempotency key and result. Only on the way to the vendor it waits for the others.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Iterable
from typing import Any

from unified_runtime.batches import Batch, Part
from unified_runtime.classify import answer_error, failed
from unified_runtime.driving.driver import Call, Flow, Outcome, ask, doubted, final, growing
from unified_runtime.driving.retries import pauses
from unified_runtime.driving.wire import wire_request
from unified_runtime.errors import Unconfirmed, UnifiedError
from unified_runtime.messages import HTTPRequest, Local, Request, Response
from unified_runtime.pacing.several import EachCounts
from unified_runtime.steps import Retry


class Exchange:
    """A request that was sent for several calls, and what came of it: when it began (seconds since 1970), and how long it took."""

    __slots__ = ("duration", "outcome", "started_at", "wire")

    def __init__(self, wire: HTTPRequest, outcome: Outcome, started_at: float, duration: float) -> None:
        self.wire = wire
        self.outcome = outcome
        self.started_at = started_at
        self.duration = duration


class Fold(Local):
    """A request that waits for others of its kind, yielded twice: until it is known with how many it goes, and until it was sent.

    Between the two it passes what stands before any request. `exchanges` are those that this call is told of for all.
    """

    __slots__ = ("alone", "call", "error", "exchanges", "kind", "part", "passed", "request")

    def __init__(self, request: Request, place: tuple[object, ...], call: Call | None) -> None:
        self.request = request
        self.call = call
        self.kind = (id(self.batch), *place, self.batch.common(request))
        """What requests have in common that can be folded into one."""
        self.alone = False
        self.passed = False
        self.part: Part | None = None
        self.error: UnifiedError | None = None
        self.exchanges: tuple[Exchange, ...] = ()

    @property
    def batch(self) -> Batch:
        batch = self.request.endpoint.batch
        assert batch is not None
        return batch


def folded(request: Request, call: Call) -> Flow[Response | UnifiedError | None]:
    """What a request came to in a batch; None where it goes alone.

    Raises:
        UnifiedError: it is not sent.
    """
    assert request.endpoint.batch is not None
    if not request.endpoint.batch.takes(request):
        return None
    failures = 0
    while True:
        told, own = yield from _once(request, call)
        if not own or not isinstance(told, UnifiedError):
            return told
        # What the vendor says of one request that was wrapped is met as it would be by itself; it is sent again with whatever waits then.
        doubted(None, told, request, call)
        failures += 1
        retry = request.endpoint.retry
        pause = next(pauses(told, retry, call.settings, call.deadline), None) if failures < call.settings.attempts else None
        if pause is None:
            return final(told, retry, call)
        yield pause + growing(failures, call.settings)


def _once(request: Request, call: Call) -> Flow[tuple[Response | UnifiedError | None, bool]]:
    """What a request came to in one batch, and whether that is an answer to itself alone, with a status of its own."""
    connection = call.connection
    fold = Fold(request, (connection.vendor.name, connection.server, connection.name, connection.id), call)
    yield fold
    if fold.alone:
        return None, False
    wire = wire_request(request, call.connection, call.settings, call.deadline)
    # How the server fares is asked once, for the batch.
    for gate in call.gates:
        yield from gate(request, wire)
    fold.passed = True
    yield fold
    call.deadline = time.monotonic() + call.settings.deadline  # it waited for others
    if fold.error is not None:
        return fold.error, False
    part = fold.part
    assert part is not None
    if part.alone:
        return None, False
    if part.answer is None:
        return _unsaid(request, call), False
    if part.failed or (fold.batch.wraps is not None and failed(part.answer, call.connection.vendor)):
        error = answer_error(part.answer, request, call.connection.vendor, call.names, call.connection.secrets)
        return None if error.code in fold.batch.alone else error, fold.batch.wraps is not None
    return part.answer, False


def _unsaid(request: Request, call: Call) -> UnifiedError | None:
    """The answer does not say what became of this one. What can be repeated goes by itself."""
    if request.endpoint.retry is not Retry.NEVER:
        return None
    assert request.endpoint.batch is not None
    batch = request.endpoint.batch.endpoint
    told = f"{call.connection.vendor.title}'s answer to {batch.method} {batch.template} does not tell what became of this item"
    return Unconfirmed(f"{told}. Whether it was carried out is not known; it was not repeated")


def together(folds: list[Fold]) -> Flow[None]:
    """Send the requests of one kind as one, and tell each what came of it."""
    first = folds[0]
    exchanges: list[Exchange] = []
    assert first.call is not None
    call = _call(first.call)
    try:
        request, items = first.batch.folded([fold.request for fold in folds])
        if first.batch.wraps is not None and call.budget is not None:
            call.budget = EachCounts(call.budget, [fold.request for fold in folds])
        answer = yield from _noted(ask(request, call), exchanges)
    except UnifiedError as error:
        for fold in folds:
            fold.error = copy.copy(error)
    else:
        for fold, part in zip(folds, first.batch.parts(answer, items), strict=True):
            fold.part = part
            if fold.call is not None:
                fold.call.connection = call.connection  # its credential may have been renewed
    first.exchanges = tuple(exchanges)


def _call(of: Call) -> Call:
    return Call(of.operation, of.connection, of.names, of.settings, of.budget, of.health, keyed=of.keyed, agent=of.agent)


def _noted(flow: Flow[Response], exchanges: list[Exchange]) -> Flow[Response]:
    """The flow itself; what it sends is noted for who observes the calls."""
    try:
        action = next(flow)
        while True:
            started_at, clock = time.time(), time.perf_counter()
            outcome = yield action
            if isinstance(action, HTTPRequest):
                exchanges.append(Exchange(action, outcome, started_at, time.perf_counter() - clock))
            action = flow.send(outcome)
    except StopIteration as stop:
        answer: Response = stop.value
        return answer
    finally:
        flow.close()


class Chunk:
    """Calls that are made together, each at its own point. Whoever makes them asks for those that can go on, else for batches, until it is
    `over`."""

    def __init__(self, turns: Iterable[Turn]) -> None:
        self.turns = list(turns)

    @property
    def over(self) -> bool:
        """Whether all calls have ended."""
        return all(turn.ended for turn in self.turns)

    def next(self) -> list[Turn]:
        """The calls that can go on now; none where all wait for a batch to be sent."""
        free = [turn for turn in self.turns if turn.free]
        if free or any(turn.ready for turn in self.turns):
            return free
        return self._opened()

    def batches(self) -> list[list[Fold]]:
        """The batches to be sent now: requests of one kind that have passed what stands before them. One that is left goes by itself."""
        found: list[list[Fold]] = []
        for turns in _kinds(turn for turn in self.turns if turn.ready):
            for folds in _apart([turn.fold for turn in turns if turn.fold is not None]):
                most = folds[0].batch.most
                found += [folds[at : at + most] for at in range(0, len(folds), most)]
        for folds in found:
            if len(folds) == 1:
                folds[0].part = Part(alone=True)
        return [folds for folds in found if len(folds) > 1]

    def _opened(self) -> list[Turn]:
        """Let those that have arrived pass. What only reads lets others write before it: it is read once for all."""
        arrived = [turn for turn in self.turns if turn.fold is not None]
        writing = [turn for turn in arrived if turn.fold is not None and turn.fold.request.endpoint.retry is not Retry.SAFE]
        opened: list[Turn] = []
        for turns in _kinds(writing or arrived):
            for turn in turns:
                assert turn.fold is not None
                turn.fold.alone = len(turns) == 1
                turn.opened = True
            opened += turns
        return opened


def _apart(folds: list[Fold]) -> list[list[Fold]]:
    """Requests that change the same record do not go in one batch: vendors refuse that, and in which order they would do it is not said.

    POST says what is done below an address, and not what stands there (RFC 9110): two such are two new records, or two things done.
    """
    endpoint = folds[0].request.endpoint
    if endpoint.retry is Retry.SAFE or endpoint.method == "POST" or not (folds[0].batch.item or folds[0].batch.wraps):
        return [folds]
    rounds: list[dict[str, Fold]] = []
    for fold in folds:
        free = next((one for one in rounds if fold.request.target not in one), None)
        if free is None:
            rounds.append(free := {})
        free[fold.request.target] = fold
    return [[*one.values()] for one in rounds]


def _kinds(turns: Iterable[Turn]) -> list[list[Turn]]:
    found: dict[tuple[object, ...], list[Turn]] = {}
    for turn in turns:
        assert turn.fold is not None
        found.setdefault(turn.fold.kind, []).append(turn)
    return [*found.values()]


class Turn:
    """One call of a chunk: its flow, and the request that it waits with. It has ended once it has a result or an error."""

    __slots__ = ("_outcome", "ended", "error", "flow", "fold", "opened", "value")

    def __init__(self, flow: Flow[Any]) -> None:
        self.flow = flow
        self.fold: Fold | None = None
        self.opened = False
        self.ended = False
        self.value: Any = None
        self.error: UnifiedError | None = None
        self._outcome: Any = None

    @property
    def ready(self) -> bool:
        """Whether its request has passed what stands before it, and was not sent yet."""
        return self.fold is not None and self.fold.passed and self.fold.part is None and self.fold.error is None

    @property
    def free(self) -> bool:
        """Whether it can go on."""
        if self.ended:
            return False
        return self.fold is None or self.opened or (self.fold.passed and not self.ready)

    def actions(self) -> Flow[None]:
        """What the call asks for until it waits for others or has ended."""
        outcome: Any = None
        self.opened = False
        try:
            while True:
                action = self.flow.send(outcome)
                if isinstance(action, Fold):
                    self.fold = action
                    return
                outcome = yield action
        except StopIteration as stop:
            self.value = stop.value
        except UnifiedError as error:
            self.error = error
        self.fold, self.ended = None, True
