"""Reconciliation of a dead process's write, repeated under its idempotency key: looked up first, sent only if it was not executed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, Scripted, _shown, call, obj
from tests.functional.test_reconciliation import CREATE, GET, LIST, LOOK, LOST, MAKE, SENT, listed, project, thing
from unified_platform.idempotency.store import DatabaseIdempotencyStore, open_idempotency_store
from unified_runtime import Client, Conflict, InvalidInput, Unavailable, Unconfirmed, bearer, using
from unified_runtime.adapter_api import reconciliation
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.settings import Settings

SOON = CREATE % ", visible_within_seconds: 0, executes_within_seconds: 60"
OWN = CREATE % ", creator: account, visible_within_seconds: 0, executes_within_seconds: 60"
MADE = ({"thing": thing("1")}, thing("1"))


class Died(BaseException):
    """Simulated death of a process: no code in it runs any more."""


class Dies(Scripted):
    """Respond as scripted, then the process dies with a request in progress."""

    def send(self, request: Any) -> Any:
        if not self.responses:
            self.requests.append(request)
            raise Died
        return super().send(request)


class World:
    """Compiled project, and an idempotency store that processes share."""

    def __init__(self, location: Path) -> None:
        self.place = location

    def process(self) -> DatabaseIdempotencyStore:
        """Start a new process: it has the name, and the lease, of one that died."""
        store = open_idempotency_store(self.place)
        store.own(alive=-1)
        return store

    def run(
        self,
        catalog: Catalog,
        responses: list[Any],
        *,
        key: str | None = "k",
        dies: bool = False,
        title: str = "T",
        exclusive: bool = False,
    ) -> tuple[Any, list[Any]]:
        """Run the call in a process of its own; return its value or its error, and the requests."""
        transport = (Dies if dies else Scripted)(responses)
        store = self.process()
        client = Client(transport, settings=Settings(attempts=1), idempotency=store)
        client.connect("acme", bearer("secret"), exclusive=exclusive)
        found: Any
        try:
            with using(client):
                found = catalog.module("things").create(title=title, idempotency_key=key)
        except (Died, UnifiedError) as error:
            found = error.with_traceback(None)  # it holds what ran, which must be gone
            found.__context__ = None
        finally:
            store.close()
        assert not transport.responses
        return found, [_shown(request) for request in transport.requests]

    def older(self, seconds: float) -> None:
        """Let time pass since anything was sent."""
        store = open_idempotency_store(self.place)
        with store._database.writing("idempotency") as session:
            session.run("UPDATE idempotency_calls SET sent_at = sent_at - ?, changed_at = changed_at - ?", seconds, seconds)
        store.close()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "ledger.db")


def died(world: World, catalog: Catalog, ago: float = 0.0) -> None:
    """A process sent the write and died."""
    error, sent = world.run(catalog, [], dies=True)
    assert isinstance(error, Died)
    assert sent == [SENT]
    world.older(ago)


# ------------------------------------------------------------------------------------------------------------------ without proof
def test_a_record_of_the_same_content_is_a_candidate_and_no_more(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    died(world, catalog, 5)
    for _ in range(2):
        error, sent = world.run(catalog, [listed(thing("old", 9 * 3600), thing("1", 4))])
        assert isinstance(error, Unconfirmed)
        assert [each.id for each in error.candidates] == ["1"]
        assert "unified writes resolve KEY" in error.message
        assert (error.retry_safe, sent) == (False, [LOOK])


@pytest.mark.parametrize("ago", [1, 61, 3600])
def test_unconfirmed_write_without_candidate_is_not_repeated(build: Build, world: World, ago: float) -> None:
    catalog = project(build, SOON)
    died(world, catalog, ago)
    error, sent = world.run(catalog, [listed()])
    assert isinstance(error, Unconfirmed)
    assert (error.retry_safe, sent) == (False, [LOOK])


@pytest.mark.parametrize("response", [b"<html>log in</html>", b"", b"   "])
def test_a_success_without_a_record_can_be_resolved_later(build: Build, world: World, response: bytes) -> None:
    """A login page or an empty body proves nothing: a person checks, and records the outcome."""
    catalog = project(build, SOON)
    error, _ = world.run(catalog, [(200, response), listed()])
    assert isinstance(error, Unconfirmed)
    assert (error.done, error.lost) == ((), ("POST /things",))
    store = world.process()
    (doubt,) = store.unconfirmed_writes()
    assert (doubt.key, doubt.operation) == ("k", "things.create on acme")
    store.resolve("k", made=None)
    assert list(store.unconfirmed_writes()) == []
    store.close()
    found, sent = world.run(catalog, [*MADE])
    assert (found.id, sent) == ("1", [SENT, "GET /things/1"])


def test_a_write_that_was_resolved_as_made_returns_its_record(build: Build, world: World) -> None:
    catalog = project(build, SOON + "\n  get: {operation: getThing, params: {thingId: id}}", get=True)
    died(world, catalog)
    store = world.process()
    (doubt,) = store.unconfirmed_writes()
    store.resolve(doubt.id[:12], made="7")
    store.close()
    error, _ = world.run(catalog, [503])
    assert isinstance(error, Unavailable)
    found, sent = world.run(catalog, [thing("7")])
    assert (found.id, sent) == ("7", ["GET /things/7"])
    assert world.run(catalog, [])[0].id == "7"


def test_a_record_that_cannot_be_read_is_named(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    died(world, catalog)
    store = world.process()
    store.resolve("k", made="7")
    store.close()
    error, sent = world.run(catalog, [])
    assert isinstance(error, Conflict)
    assert (error.made, sent) == ("7", [])


def test_only_an_unconfirmed_write_can_be_resolved(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    world.run(catalog, [*MADE])
    store = world.process()
    for which in ("k", "other", ""):
        with pytest.raises(InvalidInput, match="no unconfirmed write"):
            store.resolve(which, made=None)
    store.close()


# ----------------------------------------------------------------------------------------------- what the vendor's response said
def test_partially_executed_write_is_continued(build: Build, world: World) -> None:
    """The vendor's response names the record: no look-up is needed."""
    catalog = project(build, SOON)
    error, _ = world.run(catalog, [{"thing": thing("1")}, 503])
    assert isinstance(error, Unavailable)
    assert [done.request for done in error.done] == ["POST /things"]
    for _ in range(2):
        error, sent = world.run(catalog, [503])
        assert isinstance(error, Unavailable)
        assert sent == ["GET /things/1"]
        assert [done.request for done in error.done] == ["POST /things"]
    found, sent = world.run(catalog, [thing("1")])
    assert (found.id, sent) == ("1", ["GET /things/1"])


def test_executed_but_unreadable_write_is_never_repeated(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    world.run(catalog, [(200, b'{"thing": {'), listed()])
    world.older(100)
    for _ in range(2):
        error, sent = world.run(catalog, [listed()])
        assert isinstance(error, Unconfirmed)
        assert sent == [LOOK]
    error, _ = world.run(catalog, [], dies=True)  # nor if the process that looked it up died
    assert isinstance(error, Died)
    assert world.run(catalog, [listed()])[1] == [LOOK]


# ---------------------------------------------------------------------------------------------------------- exclusive connections
def lost_exclusively(world: World, catalog: Catalog, before: Any, ago: float = 0.0, key: str = "k") -> None:
    error, sent = world.run(catalog, [before], dies=True, exclusive=True, key=key)
    assert isinstance(error, Died)
    assert sent == [LOOK, SENT]
    world.older(ago)


def test_the_only_new_record_is_the_result(build: Build, world: World) -> None:
    """Also if the vendor's clock is an hour off, and if the same content existed before."""
    catalog = project(build, OWN)
    old = (thing("0", 3600), thing("x", 3601, title="U"))
    found, sent = world.run(catalog, [listed(*old), LOST, listed(thing("1", 3600), *old), thing("1")], exclusive=True)
    assert (found.id, sent) == ("1", [LOOK, SENT, LOOK, "GET /things/1"])
    lost_exclusively(world, catalog, listed(), key="later", ago=0)
    error, sent = world.run(catalog, [listed(thing("2"))], exclusive=True, key="later")
    assert isinstance(error, Unconfirmed)  # the first call wrote the same just before
    world.older(2000)
    lost_exclusively(world, catalog, listed(thing("2", 5)), key="last", ago=5)
    assert isinstance(world.run(catalog, [listed(thing("3"), thing("2", 5))], exclusive=True, key="last")[0], Unconfirmed)
    store = world.process()
    store.resolve("later", made=None)
    store.close()
    assert world.run(catalog, [listed(thing("3"), thing("2", 5)), thing("3")], exclusive=True, key="last")[0].id == "3"


def test_without_proof_in_time_reconciliation_may_be_repeated(build: Build, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciliation, "_LOOKS", (0.0, 0.1, 0.3))
    catalog = project(build, OWN)
    lost_exclusively(world, catalog, listed(), 49)
    error, sent = world.run(catalog, [listed()] * 3, exclusive=True)
    assert isinstance(error, Unconfirmed)
    assert error.retry_safe
    assert 0 < (error.retry_after or 0) <= 11
    world.older(60)
    error, sent = world.run(catalog, [listed()], exclusive=True)
    assert isinstance(error, Unconfirmed)
    assert (error.retry_safe, sent) == (False, [LOOK])  # it has expired: nothing can be found out any more
    found, _ = world.run(catalog, [listed(thing("1", 3600)), thing("1")], exclusive=True)
    assert found.id == "1"


def test_several_new_records_are_left_to_a_person(build: Build, world: World) -> None:
    catalog = project(build, OWN)
    lost_exclusively(world, catalog, listed(), 61)
    error, sent = world.run(catalog, [listed(thing("1", 60), thing("2", 59))], exclusive=True)
    assert isinstance(error, Unconfirmed)
    assert [each.id for each in error.candidates] == ["1", "2"]
    assert (error.retry_safe, sent) == (False, [LOOK])


def test_a_call_of_the_same_content_spoils_the_proof_of_both(build: Build, world: World) -> None:
    catalog = project(build, OWN)
    lost_exclusively(world, catalog, listed(), 5)
    assert world.run(catalog, [listed(), *MADE], exclusive=True, key="other")[0].id == "1"
    error, _ = world.run(catalog, [listed(thing("1"))], exclusive=True)
    assert isinstance(error, Unconfirmed)
    assert [each.id for each in error.candidates] == ["1"]


def test_a_look_that_fails_may_be_made_again(build: Build, world: World) -> None:
    catalog = project(build, OWN)
    lost_exclusively(world, catalog, listed(), 61)
    error, _ = world.run(catalog, [503], exclusive=True)
    assert isinstance(error, Unconfirmed)
    assert error.retry_safe
    assert world.run(catalog, [listed(thing("1", 60)), thing("1")], exclusive=True)[0].id == "1"


def test_an_exclusive_connection_accepts_no_write_without_a_key(build: Build, world: World) -> None:
    error, sent = world.run(project(build, OWN), [], exclusive=True, key=None)
    assert isinstance(error, InvalidInput)
    assert "idempotency_key" in error.fields
    assert sent == []


def test_a_vendor_without_authors_of_records_has_no_proof(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    error, sent = world.run(catalog, [LOST, listed(thing("1"))], exclusive=True)
    assert isinstance(error, Unconfirmed)
    assert sent == [SENT, LOOK]


TWO = """  create:
    - {operation: getSettings, save: settings}
    - {operation: make, send: fields, save: {made: thing}, reconcile: {
        operation: listThings, constants: {state: all}, items: found, where: {title: title, note: note}, created_at: made, response_record: thing, creator: account, visible_within_seconds: 0, executes_within_seconds: 60}}
    - {operation: post, params: {thingId: made.id, as: settings.id}}
    - {operation: getThing, params: {thingId: made.id}}"""
CALLS = [
    MAKE,
    GET,
    LIST,
    call("getSettings", "GET /settings", returns="Thing"),
    call(
        "post",
        "POST /things/{thingId}/posted",
        takes={"type": "object", "properties": {"as": {"type": "string"}}},
        returns=obj(id="string"),
    ),
]
POSTED = ("POST /things/1/posted", {"as": "s"})


def test_a_later_write_in_doubt_is_left_to_a_person(build: Build, world: World) -> None:
    catalog = project(build, TWO, CALLS)
    error, sent = world.run(catalog, [thing("s"), {"thing": thing("1")}], dies=True)
    assert isinstance(error, Died)
    assert sent == ["GET /settings", SENT, POSTED]
    world.older(100)
    error, sent = world.run(catalog, [])
    assert isinstance(error, Unconfirmed)
    assert "POST /things/1/posted was sent" in error.message
    assert sent == []


def test_steps_after_the_found_record_are_sent(build: Build, world: World) -> None:
    catalog = project(build, TWO, CALLS)
    world.run(catalog, [thing("s"), listed()], dies=True, exclusive=True)
    found, sent = world.run(catalog, [thing("s"), listed(thing("1")), {"id": "p"}, thing("1")], exclusive=True)
    assert found.id == "1"
    assert sent == ["GET /settings", LOOK, POSTED, "GET /things/1"]


def test_a_failure_before_it_is_looked_up_frees_nothing(build: Build, world: World) -> None:
    catalog = project(build, TWO, CALLS)
    world.run(catalog, [thing("s"), listed()], dies=True, exclusive=True)
    error, sent = world.run(catalog, [503], exclusive=True)
    assert isinstance(error, Unavailable)
    assert sent == ["GET /settings"]
    world.run(catalog, [], dies=True, exclusive=True)
    assert world.run(catalog, [thing("s"), listed(thing("1")), {"id": "p"}, thing("1")], exclusive=True)[1][1] == LOOK


def test_a_refused_write_is_made_anew(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    assert isinstance(world.run(catalog, [422])[0], UnifiedError)
    assert world.run(catalog, [*MADE])[1] == [SENT, "GET /things/1"]
