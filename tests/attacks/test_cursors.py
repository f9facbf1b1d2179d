"""Cursors made up, altered, or used for another list; with the keys of one process and those of a vault."""

from __future__ import annotations

import asyncio
import base64
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

import unified
from tests.support import postgres
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_pages import page
from unified_platform.connections.records import ConnectionKey, ConnectionRecord, Kind, new_id
from unified_platform.vault import SealedVault, cursor_keys, open_vault
from unified_platform.vault.maintenance import rotate, verify
from unified_runtime import AsyncClient, Client, Secret, acting, basic, using
from unified_runtime.core.applied_credentials import AppliedCredential
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.errors import InvalidInput, UnifiedError
from unified_runtime.execution.sealed_cursors import ID_BYTES, ProcessKeys

SECRET = "sentinel-77c1"


class Here:
    """Client with two connections, and a list of two pages."""

    def __init__(self, server: Loopback) -> None:
        self.server = server
        self.client = Client(settings=QUICK)
        self.client.connect(VENDOR, basic("me", SECRET), server=server.url)
        self.client.connect(VENDOR, basic("bob", SECRET), server=server.url, user="bob")

    def cursor(self, next: str = "2", **given: Any) -> str:
        """Return a cursor of the second page."""
        self.server.answers(page("P-1", next=next))
        with using(self.client):
            found = tasks_list(**given).cursor
        assert found is not None
        return found

    def read(self, cursor: str, **given: Any) -> list[str]:
        with using(self.client):
            return [task.id for task in tasks.list(cursor=cursor, **given)]


def tasks_list(**given: Any) -> Any:
    return next(iter(tasks.list(**given).pages()))


@pytest.fixture
def here(server: Loopback) -> Here:
    return Here(server)


def test_a_cursor_resumes_its_own_list(here: Here) -> None:
    cursor = here.cursor(project_id="P", limit=2)
    here.server.answers(page("P-2"))
    assert here.read(cursor, project_id="P", limit=7) == ["P-2"], "the page size may differ"
    assert here.server.targets[-1] == "GET /rest/search?project=P&limit=7&token=2"


OTHER_LISTS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "other arguments": ({"project_id": "Q"}, {}),
    "one argument more": ({"project_id": "P", "status": "open"}, {}),
    "no arguments": ({}, {}),
    "another user": ({"project_id": "P"}, {"user": "bob"}),
    "another agent": ({"project_id": "P"}, {"agent": "helper"}),
    "on behalf of somebody": ({"project_id": "P"}, {"on_behalf_of": "carol"}),
    "another team": ({"project_id": "P"}, {"team": "sales"}),
}


@pytest.mark.parametrize("other", OTHER_LISTS.values(), ids=OTHER_LISTS.keys())
def test_a_cursor_serves_no_other_list(here: Here, other: tuple[dict[str, Any], dict[str, str]]) -> None:
    cursor = here.cursor(project_id="P")
    given, who = other
    with acting(**who), pytest.raises(InvalidInput, match="not a cursor of this list"):
        here.read(cursor, **given)
    assert len(here.server.seen) == 1


@pytest.mark.parametrize("other", ["server", "path", "account", "tenant", "connection", "name"])
def test_a_cursor_serves_no_other_connection(here: Here, other: str) -> None:
    cursor = here.cursor()
    changes: dict[str, dict[str, Any]] = {
        "server": {"server": here.server.url.replace("127.0.0.1", "localhost")},
        "path": {"server": f"{here.server.url}/sandbox"},
        "account": {"account_id": "7"},
        "connection": {"id": "c-2"},
        "name": {"name": "prod"},
        "tenant": {},
    }
    from unified_runtime.core.connections import Connection

    made = Connection(VENDOR, basic("me", SECRET), {}, **({"server": here.server.url} | changes[other]))
    connections = Connections()
    if other == "tenant":
        connections.tenant = "beta"
    connections.add(made)
    with using(Client(settings=QUICK, connections=connections)), pytest.raises(InvalidInput, match="not a cursor of this list"):
        list(tasks.list(cursor=cursor))
    assert len(here.server.seen) == 1


def test_a_cursor_serves_no_other_operation_or_vendor(server: Loopback) -> None:
    """The cursor of GitHub's list of issues fetches neither its comments nor another vendor's list."""
    link = f'<{server.url}/issues?page=2>; rel="next"'
    server.answers(Reply(200, b"[]", {"Link": link, "Content-Type": "application/json"}))
    client = Client(settings=QUICK)
    client.connect("github", unified.bearer(SECRET), server=server.url)
    client.connect("todoist", unified.bearer(SECRET), server=server.url)
    with using(client):
        cursor = next(unified.tasks.list(via="github").pages()).cursor
        for call in (
            lambda: list(unified.comments.list(task_id="o/r#1", via="github", cursor=cursor)),
            lambda: list(unified.projects.list(via="github", cursor=cursor)),
            lambda: list(unified.tasks.list(via="todoist", cursor=cursor)),
        ):
            with pytest.raises(InvalidInput, match="not a cursor of this list"):
                call()
    assert len(server.seen) == 1


def _flipped(cursor: str) -> Iterator[str]:
    data = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    for position in range(ID_BYTES, len(data)):
        for bit in (0, 3, 7):
            changed = bytearray(data)
            changed[position] ^= 1 << bit
            yield base64.urlsafe_b64encode(bytes(changed)).rstrip(b"=").decode()


def _spellings(cursor: str) -> Iterator[str]:
    yield from (cursor + "=", cursor + "==", cursor + " ", " " + cursor, cursor + "A", cursor[:-1], cursor[:20], cursor[4:], cursor * 2)
    yield from ("A" * 27, "A" * 28, "A" * 300, "2", "ü", "٣", "\x00", "~", "x" * 100_000)
    if cursor[-1] != "A":
        yield cursor[:-1] + chr(ord(cursor[-1]) ^ 1)


def test_a_cursor_that_was_altered_is_refused(here: Here) -> None:
    cursor = here.cursor()
    tried = 0
    for forged in (*_flipped(cursor), *_spellings(cursor)):
        with pytest.raises(InvalidInput, match=r"not a cursor of this list|another process"):
            here.read(forged)
        tried += 1
    assert tried > 60
    assert len(here.server.seen) == 1


def test_a_cursor_of_another_key_is_refused(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    cursor = here.cursor()
    keys = ProcessKeys()
    monkeypatch.setattr("unified_runtime.execution.sealed_cursors.PROCESS", keys)
    with pytest.raises(InvalidInput, match="another process"):
        here.read(cursor)
    id, _ = keys.newest()
    moved = base64.urlsafe_b64encode(id + base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[ID_BYTES:]).rstrip(b"=").decode()
    with pytest.raises(InvalidInput, match="not a cursor of this list"):
        here.read(moved)
    assert len(here.server.seen) == 1


def test_a_plan_accepts_no_made_up_cursor(here: Here) -> None:
    cursor = here.cursor(project_id="P")
    with using(here.client):
        assert tasks.list.plan(project_id="P", cursor=cursor).requests[0].full_url.endswith("&token=2")
        for forged, given in (("2", {"project_id": "P"}), (cursor, {"project_id": "Q"}), (cursor[:-2], {"project_id": "P"})):
            with pytest.raises(InvalidInput, match="not a cursor of this list"):
                tasks.list.plan(cursor=forged, **given)
    assert len(here.server.seen) == 1


def test_a_cursor_holds_no_secret_that_the_vendor_repeats(here: Here) -> None:
    cursor = here.cursor(next=f"/x?page=2&token={SECRET}")
    shown = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    assert b"page=2" in shown
    assert SECRET.encode() not in shown


# ------------------------------------------------------------------------------------------------ keys in a vault
@pytest.fixture
def vault(tmp_path: Path, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> Callable[..., SealedVault]:
    """Open one vault again, as another process would, with a connection for Todoist."""
    file, key = tmp_path / "vault.db", f"file:{tmp_path / 'key'}"
    monkeypatch.setattr("unified_platform.vault.source.load_vendor", lambda _: VENDOR)

    def opened(tenant: str = "default") -> SealedVault:
        made = open_vault(file, key=key, tenant=tenant)
        if made.find(ConnectionKey(vendor="acme")) is None:
            secrets = {"password": Secret(SECRET)}
            made.put(
                ConnectionRecord(
                    id=new_id(),
                    key=ConnectionKey(vendor="acme"),
                    scheme="basicAuth",
                    kind=Kind.BASIC,
                    secrets=secrets,
                    username="me",
                    server=server.url,
                )
            )
        return made

    return opened


def listed(vault: SealedVault, server: Loopback, cursor: str | None = None) -> Any:
    server.script.clear()  # of a call that sent nothing
    server.answers(page("P-2") if cursor is not None else page("P-1", next="2"))
    with using(Client(settings=QUICK, vault=vault.source())):
        return next(iter(tasks.list(cursor=cursor).pages()))


def test_processes_with_one_vault_accept_each_others_cursors(vault: Callable[..., SealedVault], server: Loopback) -> None:
    first, second = vault(), vault()
    for one, other in ((first, second), (second, first), (vault(), vault())):
        found = listed(one, server)
        assert [task.id for task in listed(other, server, found.cursor).items] == ["P-2"]
    with sqlite3.connect(first.database.location) as database:
        assert database.execute("SELECT COUNT(*) FROM vault_cursor_keys").fetchone() == (1,)
    database.close()


def test_workers_with_one_postgres_vault_accept_each_others_cursors(tmp_path: Path) -> None:
    key = f"file:{tmp_path / 'key'}"
    with postgres.database() as url:
        vaults = [open_vault(url, key=key) for _ in range(3)]
        threads = [threading.Thread(target=one.cursor_keys.load) for one in vaults]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (old,) = {one.cursor_keys.newest() for one in vaults}
        assert old is not None
        rotate(vaults[0])
        for one in vaults:
            one.cursor_keys.load()
            assert one.cursor_keys.key(old[0]) == old[1]
        assert len({one.cursor_keys.newest() for one in vaults} - {old}) == 1
        assert verify(vaults[0]).sound
        for one in vaults:
            one.close()


GRAPH = "/users/ada/calendars"


@pytest.mark.parametrize(
    "next",
    [
        f"{GRAPH}/C1/events?$skiptoken=2",
        f"{GRAPH}/C1/../C2/events?$skiptoken=2",
        f"{GRAPH}?$expand=events($select=subject,body)&$skiptoken=2",
        f"{GRAPH}?$skiptoken=2&%24expand=events&$EXPAND=events&$select=*&$filter=x&$top2=1",
        "/users/bob/calendars?$skiptoken=2",
        "/me/messages?$skiptoken=2",
    ],
)
def test_a_vendors_next_page_is_valid_for_that_list_only(server: Loopback, next: str) -> None:
    """Nor can a vendor's response, or a machine in the middle, bring another resource into a list of calendars."""
    server.answers(Reply.of({"value": [], "@odata.nextLink": server.url + next}), Reply.of({"value": []}))
    client = Client(settings=QUICK)
    client.connect("microsoft-graph", unified.bearer(SECRET), server=server.url, principal="ada")
    with using(client):
        assert list(unified.calendars.list(via="microsoft-graph")) == []
    first, second = (urlsplit(seen.target) for seen in server.seen)
    assert first.path == second.path
    assert {name: value for name, value in parse_qsl(second.query) if name != "$top"} == {
        **{name: value for name, value in parse_qsl(first.query) if name != "$top"},
        "$skiptoken": "2",
    }


def test_many_processes_that_begin_together_have_one_key(vault: Callable[..., SealedVault]) -> None:
    vaults = [vault() for _ in range(6)]
    threads = [threading.Thread(target=one.cursor_keys.load) for one in vaults]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.cursor_keys.newest() for one in vaults}) == 1


@pytest.mark.parametrize("by", ["age", "command"])
def test_keys_rotate_with_overlap(vault: Callable[..., SealedVault], server: Loopback, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    first, second = vault(), vault()
    old = listed(first, server).cursor
    if by == "command":
        rotate(first)
    else:
        now = cursor_keys.time.time
        monkeypatch.setattr(cursor_keys.time, "time", lambda: now() + cursor_keys.ROTATE + 1)
    new = listed(first if by == "age" else vault(), server).cursor
    assert new != old
    for one in (first, second, vault()):
        for cursor in (old, new):
            assert [task.id for task in listed(one, server, cursor).items] == ["P-2"]
    assert verify(first).sound


def test_a_key_ends(vault: Callable[..., SealedVault], server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    first = vault()
    old = listed(first, server).cursor
    now = cursor_keys.time.time
    monkeypatch.setattr(cursor_keys.time, "time", lambda: now() + cursor_keys.RETENTION + 1)
    new = listed(first, server).cursor
    for one in (first, vault()):
        with pytest.raises(InvalidInput, match="key of this cursor is no longer known"):
            listed(one, server, old)
        assert listed(one, server, new).items


def test_another_tenants_cursor_is_refused(vault: Callable[..., SealedVault], server: Loopback) -> None:
    acme, beta = vault(tenant="acme"), vault(tenant="beta")
    cursor = listed(acme, server).cursor
    listed(beta, server)
    seen = len(server.seen)
    with pytest.raises(InvalidInput, match="key of this cursor is no longer known"):
        listed(beta, server, cursor)
    assert len(server.seen) == seen


@pytest.mark.parametrize("statement", ["UPDATE vault_cursor_keys SET sealed = x'00'", "UPDATE vault_cursor_keys SET created_at = 9e9"])
def test_a_key_that_was_altered_in_the_vault_is_not_used(vault: Callable[..., SealedVault], server: Loopback, statement: str) -> None:
    first = vault()
    cursor = listed(first, server).cursor
    with sqlite3.connect(first.database.location) as database:
        database.execute(statement)
    database.close()
    with pytest.raises(InvalidInput, match="key of this cursor is no longer known"):
        listed(vault(), server, cursor)
    assert not verify(first).sound
    assert listed(vault(), server).cursor, "another key is made"


def test_a_vault_that_cannot_be_read_is_reported(
    vault: Callable[..., SealedVault], server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = vault()

    def broken() -> None:
        raise made.database.contents.unavailable("the disk is gone")

    monkeypatch.setattr(made.cursor_keys, "load", broken)
    with pytest.raises(UnifiedError, match="the disk is gone"):
        listed(made, server)


def test_async_clients_load_keys_in_a_thread(vault: Callable[..., SealedVault], server: Loopback) -> None:
    here, threads = vault(), []
    load = here.cursor_keys.load

    def noted() -> None:
        threads.append(threading.current_thread())
        load()

    here.cursor_keys.load = noted  # type: ignore[method-assign]
    server.answers(page("P-1", next="2"), page("P-2"))

    async def run() -> list[str]:
        async with using(AsyncClient(settings=QUICK, vault=here.source())):
            return [task.id async for task in tasks.list.asynchronous()]

    assert asyncio.run(run()) == ["P-1", "P-2"]
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


def test_a_short_secret_does_not_damage_a_cursor() -> None:
    """A secret of a few characters may be part of an address, such as `token` in Graph's `$deltatoken`."""
    applied = AppliedCredential(secrets=(Secret("token"), Secret("sentinel-4f7c1e9b2d9f")))
    address = "https://graph.example/delta?$deltatoken=1&echo=sentinel-4f7c1e9b2d9f"
    assert applied.redacted_text(address) == "https://graph.example/delta?$deltatoken=1&echo=•••"
