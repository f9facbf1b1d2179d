"""Five steps over three real vendors, with processes killed at random and their database restarted: all or nothing, or reported by name.

`UNIFIED_TEST_KILLS=200` sets the number of kills; 20 by default, and `make kill-sagas` sets it to 200. The outcome of each saga is
read from the servers themselves: in Roundup's own database, and by Redmine's and Synapse's own interfaces, without this library.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import secrets
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from tests.support.brokers import free_port
from tests.support.killing import ENDED, Locations, Wanted, as_agent, as_block, as_broker, as_function
from tests.support.servers import postgres
from tests.support.servers import redmine as redmines
from tests.support.servers import synapse as synapses
from tests.support.servers.redmine import Redmine
from tests.support.servers.roundup import Host
from tests.support.servers.synapse import Synapse
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.database import open_store
from unified_platform.sagas.inspection import open_inspector
from unified_runtime import Client
from unified_runtime.core import errors

pytestmark = pytest.mark.live  # processes are killed while they talk to the servers: this cannot be recorded

KILLS = int(os.environ.get("UNIFIED_TEST_KILLS", "20"))
_LONGEST = 180.0

_KINDS: dict[str, Callable[..., None]] = {"function": as_function, "agent": as_agent, "block": as_block}
_PARTS = {"1 ": "a", "2 ": "b", "3 ": "c", "4 ": "ticket", "5 ": "issue"}


class World:
    """The servers, accessed without the library."""

    def __init__(self, redmine: Redmine, host: Host, roundup_name: str, synapse: Synapse) -> None:
        self._redmine = httpx2.Client(base_url=redmine.url, headers={"X-Redmine-API-Key": redmine.key}, trust_env=False, timeout=60)
        self._project = redmine.project_id
        self._tracker = host.trackers[roundup_name]
        self._synapse = httpx2.Client(
            base_url=synapse.url, headers={"Authorization": f"Bearer {synapse.token}"}, trust_env=False, timeout=60
        )
        self._room = synapse.room

    def issue(self, title: str) -> str:
        """Create an issue in Redmine."""
        reported = {"issue": {"project_id": self._project, "subject": title}}
        return str(self._redmine.post("/issues.json", json=reported).raise_for_status().json()["issue"]["id"])

    def ticket(self, title: str) -> str:
        """Create an issue in Roundup."""
        database = self._tracker.open("admin")
        try:
            made = database.issue.create(title=title)
            database.commit()
            return str(made)
        finally:
            database.close()

    def titles(self, wanted: Wanted) -> Counter[str]:
        """Return all records of a saga, by their text."""
        found: list[str] = []
        query = {"project_id": self._project, "status_id": "*", "limit": 100, "subject": f"~saga-{wanted.number}-"}
        issues = self._redmine.get("/issues.json", params=query).raise_for_status().json()["issues"]
        found += [issue["subject"] for issue in issues]
        database = self._tracker.open("admin")
        try:
            found += [database.issue.get(id, "title") for id in database.issue.list()]
        finally:
            database.close()
        query = {"dir": "b", "limit": 100}
        messages = self._synapse.get(f"/_matrix/client/v3/rooms/{self._room}/messages", params=query).raise_for_status().json()["chunk"]
        found += [message["content"].get("body", "") for message in messages if message["type"] == "m.room.message"]
        return Counter(title for title in found if title.startswith(f"saga-{wanted.number}-"))

    def changed(self, wanted: Wanted) -> set[str]:
        """Return which of the two records that it changes were changed."""
        subject = self._redmine.get(f"/issues/{wanted.issue}.json").raise_for_status().json()["issue"]["subject"]
        database = self._tracker.open("admin")
        try:
            title = database.issue.get(wanted.ticket, "title")
        finally:
            database.close()
        return {name for name, now in (("issue", subject), ("ticket", title)) if now == wanted.title("new")}


class Killer:
    """Start the processes of sagas, and kill them, their broker and their database at random."""

    def __init__(self, locations: Locations, database: postgres.Postgres, seed: int) -> None:
        self._context = multiprocessing.get_context("forkserver")
        modules = ("redmine.tasks", "roundup.tasks", "matrix.messages")
        self._context.set_forkserver_preload(["tests.support.killing", "dbos", *(f"unified.vendors.{name}" for name in modules)])
        self._locations = locations
        self._database = database
        self._chance = random.Random(seed)
        self._broker: Any = None
        self.killed: Counter[str] = Counter()

    def run(self, wanted: Wanted, kind: str, kills: int) -> None:
        """Run one saga to its end, with so many kills."""
        if kind == "agent" and (self._broker is None or not self._broker.is_alive()):
            self._broker = self._started(as_broker, self._locations)
        process = self._started(_KINDS[kind], self._locations, wanted)
        for _ in range(kills):
            process.join(self._chance.random() * (1.5 if kind == "agent" else 1.2))
            if process.exitcode is not None:
                break
            victim = self._chance.choices(["client", "broker" if kind == "agent" else "client", "database"], [45, 45, 10])[0]
            self.killed[victim] += 1
            if victim == "database":
                self._database.kill()
                time.sleep(self._chance.random() * 0.5)
                self._database.start()
            elif victim == "broker":
                _kill(self._broker)
                self._broker = self._started(as_broker, self._locations)
            else:
                _kill(process)
                process = self._started(_KINDS[kind], self._locations, wanted)
        process.join(_LONGEST)
        assert process.exitcode == 0, f"saga {wanted.number} ({kind}) did not come to its end: {process.exitcode}"

    def _started(self, target: Callable[..., None], *given: Any) -> Any:
        begun = self._context.Event()
        process = self._context.Process(target=target, args=(*given, begun), daemon=True)
        process.start()
        end = time.monotonic() + 60
        while not begun.wait(0.2):
            assert process.is_alive(), f"{target.__name__} died by itself"
            assert time.monotonic() < end, f"{target.__name__} does not begin"
        return process

    def close(self) -> None:
        if self._broker is not None:
            _kill(self._broker)


def _kill(process: Any) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.join()


def returned(locations: Locations, wanted: Wanted, kind: str) -> tuple[str, list[str]]:
    """Return the saga's own report of its end and of what is left."""
    if kind != "agent":
        with open_inspector(locations.own) as look:
            seen = look.get(wanted.id)
            return seen.state, list(seen.left)
    draft = Client(broker=f"http://127.0.0.1:{locations.port}", key=locations.key).saga("five", id=wanted.id)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            report = draft.report(wait=5)
        except errors.Unavailable:
            time.sleep(0.2)
            continue
        if report.state in ENDED:
            return report.state, [f"{left.step}: {left.why}" for left in report.left]
    raise AssertionError(f"the broker does not tell how saga {wanted.number} ended")


@pytest.fixture
def database() -> Iterator[postgres.Postgres]:
    if reason := postgres.missing():
        pytest.skip(reason)
    with postgres.running("own", "brokers") as server:
        yield server


def test_all_or_nothing_if_any_process_is_killed(
    running_redmine: Redmine, running_roundup: Host, running_synapse: Synapse, database: postgres.Postgres
) -> None:
    seed = int(os.environ.get("UNIFIED_TEST_SEED", "0")) or secrets.randbelow(10**6)
    print(f"seed {seed}")
    redmine = redmines.with_project(running_redmine, "sagas")
    roundup = running_roundup.fresh()
    synapse = synapses.with_room(running_synapse, "sagas")
    world = World(redmine, running_roundup, roundup.url.rpartition("/")[2], synapse)
    store = open_store(database.url("brokers"))
    key = KeyStore(store).create(Scope("helper", (), (), ("*",)), lifetime=24 * 3600)[1].reveal()
    store.close()
    locations = Locations(
        redmine, roundup, synapse, database.url("own"), database.url("brokers"), free_port(), secrets.token_bytes(32), key
    )
    killer, chance = Killer(locations, database, seed), random.Random(seed + 1)
    ended: Counter[str] = Counter()
    number = 0
    try:
        while killer.killed.total() < KILLS:
            number += 1
            kind = [*_KINDS][number % len(_KINDS)]
            wanted = Wanted(number, world.issue(f"base {number}"), world.ticket(f"base {number}"), refused=number % 4 == 0)
            killer.run(wanted, kind, min(chance.choice((1, 2, 3, 4)), KILLS - killer.killed.total()))
            state, left = returned(locations, wanted, kind)
            ended[f"{kind} {state}"] += 1
            _judge(world, wanted, kind, state, left)
            print(f"saga {number} ({kind}): {state}; {killer.killed.total()} kills{f'; left: {left}' if left else ''}", flush=True)
    finally:
        killer.close()
        print(f"{number} sagas, killed {dict(killer.killed)}, ended {dict(ended)}")


def _judge(world: World, wanted: Wanted, kind: str, state: str, left: list[str]) -> None:
    titles, changed = world.titles(wanted), world.changed(wanted)
    what = f"saga {wanted.number} ({kind}) is {state}, left {left}; at the servers: {dict(titles)}, changed {changed}"
    made = {title.rpartition("-")[2] for title in titles} - {"new"}
    assert all(titles[wanted.title(part)] <= 1 for part in made), f"done twice: {what}"
    doubtful = {part for step in left for number, part in _PARTS.items() if step.startswith(number)}
    if wanted.refused and "issue" in doubtful:
        doubtful.add("e")
    if state == "done":
        assert not wanted.refused, what
        assert (made, changed) == ({"a", "b", "c"}, {"issue", "ticket"}), what
    else:
        assert state == ("needs you" if left else "rolled back"), what
        assert made | changed <= doubtful, what
