"""The idempotency stage, over a store that records how it is used."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.pipeline.stages import OK, Sent, finish, request, state, wire
from unified_runtime import Conflict, Unavailable, Unconfirmed, basic
from unified_runtime.core.connections import Connection
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.operations import Invocation
from unified_runtime.execution.flows import Flow
from unified_runtime.execution.idempotent_writes import IdempotencyStage, KeyedWrite, encoded
from unified_runtime.execution.stages import CallState
from unified_runtime.idempotency.store import StoredWrite


class Store:
    """An idempotency store with one entry for each look-up of the key."""

    def __init__(self, *entries: dict[str, Any], holds: bool = True) -> None:
        self.entries = [*entries]
        self.holds = holds
        self.noted: list[str] = []

    def begin(self, scope: str, key: str, digest: str, *, lease: float, operation: str = "", person: str = "") -> StoredWrite:
        return StoredWrite(**{"digest": digest, "token": "t"} | self.entries.pop(0))

    def sending(self, token: str, detail: str, **_: Any) -> bool:
        self.noted.append(detail)
        return self.holds

    def is_exclusive(self, token: str) -> bool:
        return True

    def completed(self, token: str, result: bytes) -> None:
        self.noted.append("completed")

    def unconfirmed(self, token: str, detail: str, **_: Any) -> None:
        self.noted.append("unconfirmed")

    def released(self, token: str) -> None:
        self.noted.append("released")


def stage(store: Store) -> IdempotencyStage:
    connection = Connection(VENDOR, basic("me", "password"), {"site": "here"})
    invocation: Invocation[Any] = tasks.create.bind({"title": "x"})
    invocation.key = "once"
    return IdempotencyStage(KeyedWrite(store, tasks.create, invocation, connection, {}, None))


class Executed:
    """The stage behind: it sends one write through the idempotency stage, and returns a value or raises an error."""

    def __init__(self, stage: IdempotencyStage, sent: Sent, error: Exception | None = None) -> None:
        self.stage = stage
        self.sent = sent
        self.error = error

    def __call__(self, steps: Any, call: CallState) -> Flow[Any]:
        of = request(Retry.NEVER)
        yield from self.stage.send(self.sent, of, wire(of, call), call)
        if self.error is not None:
            raise self.error
        return "value"


def run(store: Store, error: Exception | None = None) -> tuple[Any, Sent]:
    idempotency, sent = stage(store), Sent()
    value, _ = finish(idempotency.run(Executed(idempotency, sent, error), iter(()), state()))  # type: ignore[arg-type]
    return value, sent


def test_a_write_is_noted_before_it_is_sent_and_its_result_stored() -> None:
    store = Store({"state": "acquired"})
    value, sent = run(store)
    assert value == "value"
    assert len(sent.requests) == 1
    assert store.noted == ["POST /tasks/1 was sent", "completed"]


def test_a_stored_result_is_returned_and_nothing_is_sent() -> None:
    value, sent = run(Store({"state": "completed", "result": encoded("before")}))
    assert value == "before"
    assert sent.requests == []


def test_a_call_that_runs_elsewhere_is_waited_for() -> None:
    store = Store({"state": "running"}, {"state": "running"}, {"state": "completed", "result": encoded("before")})
    assert run(store)[0] == "before"
    assert store.entries == []


def test_another_call_under_the_same_key_is_refused() -> None:
    with pytest.raises(Conflict, match="was used for another call"):
        run(Store({"state": "acquired", "digest": "another"}))


def test_a_call_in_doubt_that_cannot_be_looked_up_is_not_made_again() -> None:
    with pytest.raises(Unconfirmed, match="it is not made again under this key"):
        run(Store({"state": "unconfirmed", "token": "", "detail": "POST /tasks/1 was sent"}))


def test_a_write_is_not_sent_if_the_store_gave_the_key_to_another() -> None:
    store = Store({"state": "acquired"}, holds=False)
    idempotency, sent = stage(store), Sent()
    with pytest.raises(Conflict, match="another may have made it"):
        finish(idempotency.run(Executed(idempotency, sent), iter(()), state()))  # type: ignore[arg-type]
    assert sent.requests == []


@pytest.mark.parametrize(
    ("error", "noted"), [(Unavailable("later"), "released"), (Unconfirmed("perhaps"), "unconfirmed")], ids=["not executed", "not known"]
)
def test_the_outcome_of_a_failed_call_is_stored(error: Exception, noted: str) -> None:
    store = Store({"state": "acquired"})
    with pytest.raises(type(error)):
        run(store, error)
    assert store.noted[-1] == noted


def test_a_read_is_not_noted() -> None:
    store = Store({"state": "acquired"})
    idempotency, call, of = stage(store), state(), request()
    assert finish(idempotency.send(Sent(), of, wire(of, call), call)) == (OK, [])
    assert store.noted == []
