"""A write that a process sent which died, made again under its idempotency key: looked for first, and sent only where it was not carried out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, Scripted, _shown, call, obj
from tests.functional.test_reconcile import CREATE, GET, LIST, LOOK, LOST, MAKE, SENT, listed, project, thing
from unified_platform.ledger import StoredLedger, open_ledger
from unified_runtime import Client, Unavailable, Unconfirmed, bearer, reconcile
from unified_runtime.settings import Settings

SOON = CREATE % ", within: 0, lasts: 60"
MADE = ({"thing": thing("1")}, thing("1"))


class Died(BaseException):
    """Stands for the end of a process: nothing in it is told anything more."""


class Dies(Scripted):
    """Answers as it is told, and then the process dies with a request under way."""

    def send(self, request: Any) -> Any:
        if not self.answers:
            self.requests.append(request)
            raise Died
        return super().send(request)


class World:
    """A compiled project, and a ledger that processes share."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def process(self) -> StoredLedger:
        """A new process: it has the name, and what goes with it, of one that died."""
        reconcile._twins = reconcile._Twins()
        ledger = open_ledger(self.place)
        ledger.own(alive=-1)
        return ledger

    def run(self, catalog: Catalog, answers: list[Any], *, key: str = "k", dies: bool = False, title: str = "T") -> tuple[Any, list[Any]]:
        """The call in a process of its own: its value or its error, and what was sent."""
        transport = (Dies if dies else Scripted)(answers)
        ledger = self.process()
        client = Client(transport, settings=Settings(attempts=1), ledger=ledger)
        client.connect("acme", bearer("secret"))
        found: Any
        try:
            with client:
                found = catalog.module("things").create(title=title, idempotency_key=key)
        except (Died, Unavailable) as error:
            found = error.with_traceback(None)  # it holds what ran, which is to be gone
            found.__context__ = None
        finally:
            ledger.close()
        assert not transport.answers
        return found, [_shown(request) for request in transport.requests]

    def older(self, seconds: float) -> None:
        """Let time go by since anything was sent."""
        ledger = open_ledger(self.place)
        with ledger._database.writing("ledger") as session:
            session.run("UPDATE ledger_calls SET sent_at = sent_at - ?, changed_at = changed_at - ?", seconds, seconds)
        ledger.close()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "ledger.db")


def died(world: World, catalog: Catalog, ago: float = 0.0) -> None:
    """A process sent the write and died."""
    error, sent = world.run(catalog, [], dies=True)
    assert isinstance(error, Died)
    assert sent == [SENT]
    world.older(ago)


def test_what_was_carried_out_is_found_and_is_the_answer(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    died(world, catalog, 5)
    found, sent = world.run(catalog, [listed(thing("old", 60), thing("1", 4)), thing("1")])
    assert (found.id, sent) == ("1", [LOOK, "GET /things/1"])
    found, sent = world.run(catalog, [])
    assert (found.id, sent) == ("1", [])


def test_what_was_not_is_sent_once_the_vendor_can_no_longer_be_at_it(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    died(world, catalog, 20)
    error, sent = world.run(catalog, [listed()])
    assert isinstance(error, Unconfirmed)
    assert error.retry_safe
    assert 30 < (error.retry_after or 0) <= 40
    assert sent == [LOOK]
    world.older(41)
    found, sent = world.run(catalog, [listed(), *MADE])
    assert (found.id, sent) == ("1", [LOOK, SENT, "GET /things/1"])


def test_whoever_looks_may_die_too(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    died(world, catalog, 61)
    assert isinstance(world.run(catalog, [], dies=True)[0], Died)  # while it looked
    assert isinstance(world.run(catalog, [listed()], dies=True)[0], Died)  # when it had sent it again
    found, sent = world.run(catalog, [listed(thing("1")), thing("1")])
    assert (found.id, sent) == ("1", [LOOK, "GET /things/1"])


def test_a_record_of_another_time_is_not_it(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    died(world, catalog, 200)
    found, sent = world.run(catalog, [listed(thing("before", 210), thing("later", 100)), *MADE])
    assert (found.id, sent) == ("1", [LOOK, SENT, "GET /things/1"])


def test_several_are_left_to_a_person(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    died(world, catalog, 61)
    error, sent = world.run(catalog, [listed(thing("1", 60), thing("2", 59))])
    assert isinstance(error, Unconfirmed)
    assert not error.retry_safe
    assert "2 records may be it" in error.message
    assert sent == [LOOK]


def test_a_record_that_another_call_may_have_made_is_not_taken(build: Build, world: World) -> None:
    """Under another key the same was written at that time, and one record is there: it cannot be told whose it is."""
    catalog = project(build, SOON)
    assert world.run(catalog, [*MADE], key="another")[0].id == "1"
    died(world, catalog)
    error, _ = world.run(catalog, [listed(thing("1", 1))])
    assert isinstance(error, Unconfirmed)
    assert "another call may have made" in error.message
    world.older(2000)
    died_too = world.run(catalog, [], dies=True, key="third")
    assert isinstance(died_too[0], Died)
    assert world.run(catalog, [listed(thing("1")), thing("1")], key="third")[0].id == "1"  # the others were long before


def test_what_is_not_found_long_after_proves_nothing(build: Build, world: World) -> None:
    """Somebody may have changed its title, or deleted it."""
    catalog = project(build, SOON)
    died(world, catalog, 3600)
    error, sent = world.run(catalog, [listed(thing("old", 7200))])
    assert isinstance(error, Unconfirmed)
    assert not error.retry_safe
    assert "changed or deleted" in error.message
    assert sent == [LOOK]
    found, _ = world.run(catalog, [listed(thing("1", 3600)), thing("1")])
    assert found.id == "1"


def test_what_was_carried_out_in_part_is_gone_on_with(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    error, _ = world.run(catalog, [{"thing": thing("1")}, 503])
    assert isinstance(error, Unavailable)
    assert error.retry_safe
    assert [done.request for done in error.done] == ["POST /things"]
    found, sent = world.run(catalog, [listed(thing("1")), thing("1")])
    assert (found.id, sent) == ("1", [LOOK, "GET /things/1"])


def test_what_was_carried_out_in_part_is_never_sent_again(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    world.run(catalog, [{"thing": thing("1")}, 503])
    world.older(100)
    for _ in range(2):
        error, sent = world.run(catalog, [listed()])
        assert isinstance(error, Unconfirmed)
        assert sent == [LOOK]
    error, _ = world.run(catalog, [], dies=True)  # nor where whoever looked for it died
    assert isinstance(error, Died)
    assert world.run(catalog, [listed()])[1] == [LOOK]


def test_a_look_that_fails_may_be_made_again(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    died(world, catalog, 61)
    error, _ = world.run(catalog, [503])
    assert isinstance(error, Unconfirmed)
    assert error.retry_safe
    assert world.run(catalog, [listed(thing("1", 60)), thing("1")])[0].id == "1"


def test_a_call_that_gave_up_waiting_is_looked_for_the_next_time(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    error, sent = world.run(catalog, [504, listed()])
    assert isinstance(error, Unconfirmed)
    assert error.retry_safe
    assert 50 < (error.retry_after or 0) <= 60
    assert sent == [SENT, LOOK]
    assert world.run(catalog, [listed(thing("1")), thing("1")])[0].id == "1"


def test_a_mapping_that_does_not_say_how_long_leaves_it_to_a_person(build: Build, world: World) -> None:
    catalog = project(build, CREATE % ", within: 0")
    died(world, catalog, 100)
    error, sent = world.run(catalog, [])
    assert isinstance(error, Unconfirmed)
    assert not error.retry_safe
    assert sent == []


TWO = """  create:
    - {call: getSettings, keep: settings}
    - {call: make, send: fields, keep: {made: thing}, reconcile: {
        call: listThings, set: {state: all}, items: found, where: {title: title, note: note}, since: made, fills: thing, within: 0, lasts: 60}}
    - {call: post, with: {thingId: made.id, as: settings.id}}
    - {call: getThing, with: {thingId: made.id}}"""
CALLS = [
    MAKE,
    GET,
    LIST,
    call("getSettings", "GET /settings", answers="Thing"),
    call(
        "post",
        "POST /things/{thingId}/posted",
        takes={"type": "object", "properties": {"as": {"type": "string"}}},
        answers=obj(id="string"),
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


def test_what_comes_after_what_was_found_is_sent(build: Build, world: World) -> None:
    catalog = project(build, TWO, CALLS)
    world.run(catalog, [thing("s")], dies=True)
    found, sent = world.run(catalog, [thing("s"), listed(thing("1")), {"id": "p"}, thing("1")])
    assert found.id == "1"
    assert sent == ["GET /settings", LOOK, POSTED, "GET /things/1"]


def test_a_failure_before_it_is_looked_for_frees_nothing(build: Build, world: World) -> None:
    catalog = project(build, TWO, CALLS)
    world.run(catalog, [thing("s")], dies=True)
    error, sent = world.run(catalog, [503])
    assert isinstance(error, Unavailable)
    assert sent == ["GET /settings"]
    world.run(catalog, [], dies=True)
    assert world.run(catalog, [thing("s"), listed(thing("1")), {"id": "p"}, thing("1")])[1][1] == LOOK


def test_a_refused_write_is_made_anew(build: Build, world: World) -> None:
    catalog = project(build, SOON)
    error, _ = world.run(catalog, [LOST, listed(), LOST, listed(), LOST, listed()])
    assert isinstance(error, Unavailable)
    assert not isinstance(error, Unconfirmed)
    assert world.run(catalog, [*MADE])[1] == [SENT, "GET /things/1"]
