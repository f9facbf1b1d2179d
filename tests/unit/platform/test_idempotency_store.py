"""The idempotency store: a write under one key is executed once, whichever process dies. SQLite and Postgres, sync and async."""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support import postgres
from tests.support.plans import complete_reads, listening
from tests.support.waiting import until
from tests.unit.runtime.server import Loopback, Reply
from unified import acting, aio, comments, deals, tasks
from unified.models.deals import Deal
from unified_platform.idempotency.store import CONTENTS, MIGRATIONS, DatabaseIdempotencyStore, open_idempotency_store
from unified_platform.store.database import migrate
from unified_platform.store.urls import database
from unified_runtime import AsyncClient, Client, IdempotencyStore, Settings, bearer, using
from unified_runtime.core import errors
from unified_runtime.execution.idempotent_writes import decoded, encoded

QUICK = Settings(backoff=0.001, longest_backoff=0.002, deadline=1.5)
MADE = Reply.of({"id": "c1", "item_id": "7", "content": "Hello", "posted_uid": "u", "posted_at": "2026-01-02T03:04:05Z"})


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "ledger.db")
        return
    with postgres.database() as made:
        yield made


@pytest.fixture
def idempotency_store(url: str) -> Iterator[DatabaseIdempotencyStore]:
    made = open_idempotency_store(url)
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture(params=["sync", "async"])
def comment(request: pytest.FixtureRequest, idempotency_store: DatabaseIdempotencyStore, server: Loopback) -> Callable[..., Any]:
    """Call `comments.create` on Todoist, which does not accept keys."""

    def once(body: str = "Hello", key: str = "k1", **more: Any) -> Any:
        with using(connected(server, idempotency_store)):
            return comments.create(task_id="7", body=body, idempotency_key=key, **more)

    async def aonce(body: str, key: str, more: dict[str, Any]) -> Any:
        async with AsyncClient(settings=QUICK, idempotency=idempotency_store) as client, using(client):
            client.connect("todoist", bearer("t"), server=server.url)
            try:
                return await aio.comments.create(task_id="7", body=body, idempotency_key=key, **more)
            finally:
                await client.aclose()

    if request.param == "sync":
        return once
    return lambda body="Hello", key="k1", **more: asyncio.run(aonce(body, key, more))


def connected(server: Loopback, idempotency_store: IdempotencyStore | None) -> Client:
    client = Client(settings=QUICK, idempotency=idempotency_store)
    client.connect("todoist", bearer("t"), server=server.url)
    return client


def test_the_same_call_is_made_once_and_returns_the_same(comment: Callable[..., Any], server: Loopback) -> None:
    server.answers(MADE)
    first, second = comment(), comment()
    assert len(server.seen) == 1
    assert first == second
    assert second.vendor == "todoist"
    assert second.raw == first.raw
    assert second.raw["posted_uid"] == "u"


def test_another_key_is_another_call(comment: Callable[..., Any], server: Loopback) -> None:
    server.answers(MADE, MADE)
    comment(key="a")
    comment(key="b")
    assert len(server.seen) == 2


def test_other_arguments_under_the_same_key_are_refused(comment: Callable[..., Any], server: Loopback) -> None:
    server.answers(MADE)
    comment()
    with pytest.raises(errors.Conflict, match="was used for another call") as caught:
        comment(body="Other")
    assert "idempotency_key" in caught.value.fields
    assert len(server.seen) == 1


def test_keys_of_two_users_have_nothing_to_do_with_each_other(server: Loopback, idempotency_store: DatabaseIdempotencyStore) -> None:
    server.answers(MADE, MADE)
    client = connected(server, idempotency_store)
    with using(client):
        for user in ("alice", "bob"):
            client.connect("todoist", bearer(user), server=server.url, user=user)
            with acting(user=user):
                comments.create(task_id="7", body="Hello", idempotency_key="k1")
    assert len(server.seen) == 2


def test_a_call_that_was_refused_may_be_made_again(comment: Callable[..., Any], server: Loopback) -> None:
    server.answers(Reply.of({"error": "no such task"}, 400), MADE)
    with pytest.raises(errors.Rejected):
        comment()
    assert comment().id == "c1"
    assert len(server.seen) == 2


def test_a_lost_response_is_never_followed_by_a_second_post(comment: Callable[..., Any], server: Loopback) -> None:
    server.answers(Reply(hang_up=True), MADE)
    for _ in range(2):
        with pytest.raises(errors.Unconfirmed) as caught:
            comment()
    assert len(server.seen) == 1
    assert "POST /comments was sent" in str(caught.value)
    assert caught.value.retry_safe is False


def test_a_call_that_was_half_done_is_not_begun_again(server: Loopback, idempotency_store: DatabaseIdempotencyStore) -> None:
    """Todoist creates the task and then reads it."""
    server.answers(Reply.of({"id": "9", "content": "x"}), Reply.of({"error": "gone"}, 400))
    with using(connected(server, idempotency_store)):
        with pytest.raises(errors.Rejected):
            tasks.create(title="x", idempotency_key="k")
        with pytest.raises(errors.Unconfirmed, match=r"POST /tasks was executed \(HTTP 200\)"):
            tasks.create(title="x", idempotency_key="k")
    assert len(server.seen) == 2


def test_repeatable_write_is_never_unconfirmed(server: Loopback, idempotency_store: DatabaseIdempotencyStore) -> None:
    """DELETE is idempotent: its response may be lost, and the call is repeated."""
    server.answers(Reply(503), Reply(503), Reply(503), Reply(503), Reply(204))
    with using(connected(server, idempotency_store)):
        with pytest.raises(errors.Unavailable):
            tasks.delete("7", idempotency_key="k")
        assert tasks.delete("7", idempotency_key="k") is None
        assert tasks.delete("7", idempotency_key="k") is None
    assert len(server.seen) == 5


def test_without_an_idempotency_store_a_vendor_without_keys_is_refused_early(server: Loopback) -> None:
    with using(connected(server, None)):
        with pytest.raises(errors.InvalidInput, match=r"unified\.configure\(idempotency"):
            comments.create(task_id="7", body="x", idempotency_key="k")
        server.answers(Reply(204))
        tasks.delete("7", idempotency_key="k")
    assert server.targets == ["DELETE /tasks/7"]


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb", "ü", 7])
def test_invalid_keys(server: Loopback, idempotency_store: DatabaseIdempotencyStore, key: Any) -> None:
    with using(connected(server, idempotency_store)), pytest.raises(errors.InvalidInput, match="1 to 200 printable ASCII"):
        comments.create(task_id="7", body="x", idempotency_key=key)
    assert server.seen == []


def test_many_at_the_same_time_make_one_call(server: Loopback, idempotency_store: DatabaseIdempotencyStore) -> None:
    server.answers(Reply(MADE.status, MADE.body, MADE.headers, delay=0.3))
    client = connected(server, idempotency_store)

    def one(_: int) -> str:
        with using(client):
            return comments.create(task_id="7", body="Hello", idempotency_key="k1").id or ""

    with ThreadPoolExecutor(6) as pool:
        assert [*pool.map(one, range(6))] == ["c1"] * 6
    assert len(server.seen) == 1


def test_a_call_that_does_not_end_elsewhere_is_reported(
    server: Loopback, idempotency_store: DatabaseIdempotencyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with using(connected(server, idempotency_store)):
        monkeypatch.setattr(idempotency_store, "begin", _always_running(idempotency_store.begin))
        with pytest.raises(errors.Conflict, match="being made elsewhere") as caught:
            comments.create(task_id="7", body="Hello", idempotency_key="k1")
    assert caught.value.retry_safe is True


def _always_running(begin: Callable[..., Any]) -> Callable[..., Any]:
    def found(*args: Any, **more: Any) -> Any:
        begin(*args, **more)
        return begin(*args, **more)

    return found


def _dies(url: str, server: str, at: str) -> None:
    """Make the call, and kill the process before the request is sent, once it is sent, or when the response has come."""
    store = open_idempotency_store(url)

    def die(*_: Any, **__: Any) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)

    if at == "completed":
        store.completed = die  # type: ignore[method-assign]
    if at == "sending":
        store.sending = die  # type: ignore[method-assign]
    client = Client(settings=QUICK, idempotency=store)
    client.connect("todoist", bearer("t"), server=server)
    with using(client):
        comments.create(task_id="7", body="Hello", idempotency_key="k1")


@pytest.mark.parametrize("at", ["sending", "waiting", "completed"])
def test_a_process_that_was_killed(url: str, server: Loopback, at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_runtime.execution.idempotent_writes._MARGIN", -1.0)  # an entry is protected for half a second
    server.answers(Reply(MADE.status, MADE.body, MADE.headers, delay=30 if at == "waiting" else 0))
    process = multiprocessing.get_context("fork").Process(target=_dies, args=(url, server.url, at))
    process.start()
    if at == "waiting":
        until(lambda: bool(server.seen))
        process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    time.sleep(0.6)
    server.script.clear()
    server.answers(MADE)
    store = open_idempotency_store(url)
    with using(connected(server, store)):
        if at == "sending":
            assert comments.create(task_id="7", body="Hello", idempotency_key="k1").id == "c1"
        else:
            with pytest.raises(errors.Unconfirmed, match="whether it was executed is not known"):
                comments.create(task_id="7", body="Hello", idempotency_key="k1")
    assert len(server.seen) == 1
    store.close()


def test_a_call_whose_row_was_taken_over_is_stopped_before_it_sends(server: Loopback, idempotency_store: DatabaseIdempotencyStore) -> None:
    entry = idempotency_store.begin("s", "k", "d", lease=-1)
    assert idempotency_store.begin("s", "k", "d", lease=60).state == "acquired"
    assert idempotency_store.sending(entry.token, "POST /x was sent", lease=60) is False
    idempotency_store.completed(entry.token, b"1")
    assert idempotency_store.begin("s", "k", "d", lease=60).state == "running"


def test_rows_of_an_earlier_version_stay_in_doubt(url: str) -> None:
    found = database(url, CONTENTS, exist=False)
    migrate(found, MIGRATIONS[:1], name="idempotency-schema")
    id = hashlib.sha256(b"s\nk").hexdigest()
    with found.writing("idempotency") as session:
        session.run(
            "INSERT INTO idempotency_calls (id, digest, status, token, detail, owner, changed_at, leased_until) "
            "VALUES (?, 'd', 'unconfirmed', 't', 'POST /x was sent', '', NOW(), 0)",
            id,
        )
    found.close()
    store = open_idempotency_store(url)
    entry = store.begin("s", "k", "d", lease=60)
    assert (entry.state, entry.detail, entry.token) == ("unconfirmed", "POST /x was sent", "")
    store.close()


def test_of_many_that_find_a_row_in_doubt_one_looks(idempotency_store: DatabaseIdempotencyStore) -> None:
    made = idempotency_store.begin("s", "k", "d", lease=60)
    assert idempotency_store.sending(made.token, "POST /x was sent", lease=60, mark="m")
    idempotency_store.unconfirmed(made.token, "POST /x was sent and not confirmed")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: idempotency_store.begin("s", "k", "d", lease=60), range(8)))
    (looks,) = [entry for entry in found if entry.state == "unconfirmed"]
    assert (looks.mark, looks.executed, 0 <= looks.ago < 60) == ("m", False, True)
    assert idempotency_store.is_exclusive(looks.token)
    assert {entry.state for entry in found} == {"unconfirmed", "running"}
    other = idempotency_store.begin("s", "k2", "d", lease=60)
    assert idempotency_store.sending(other.token, "POST /x was sent", lease=60, mark="m")
    assert not idempotency_store.is_exclusive(looks.token)
    idempotency_store.completed(other.token, b"1")
    assert not idempotency_store.is_exclusive(looks.token)
    idempotency_store.unconfirmed(looks.token, "POST /x was executed", executed=True)
    again = idempotency_store.begin("s", "k", "d", lease=60)
    assert (again.state, again.executed) == ("unconfirmed", True)


def test_nothing_is_proven_when_other_writes_may_have_been_deleted(url: str) -> None:
    store = open_idempotency_store(url, retention=0.3)
    made = store.begin("s", "k", "d", lease=60)
    assert store.sending(made.token, "POST /x was sent", lease=60, mark="m")
    assert store.is_exclusive(made.token)
    time.sleep(0.4)
    assert not store.is_exclusive(made.token)
    store.close()


def test_keys_are_stored_for_a_time(url: str) -> None:
    store = open_idempotency_store(url, retention=0.2)
    store.completed(store.begin("s", "k", "d", lease=60).token, b"1")
    assert store.begin("s", "k", "d", lease=60).state == "completed"
    time.sleep(0.3)
    assert store.begin("s", "k", "other", lease=60).state == "acquired"
    store.close()


def test_an_idempotency_store_that_is_broken_stops_the_call_before_it_begins(server: Loopback, tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    store = open_idempotency_store(file)
    store.close()
    file.write_bytes(b"\x00scribble" * 1000)
    with using(connected(server, store)), pytest.raises(errors.UnifiedError):
        comments.create(task_id="7", body="Hello", idempotency_key="k1")
    assert server.seen == []


HOSTILE = (
    b'{"type": "os:system", "records": [[{}]], "documents": []}',
    b'{"type": "unified.models.tasks:Task.model_dump", "records": [[{}]], "documents": []}',
    b'{"type": "unified.models.tasks:Task", "records": [[{"id": []}]], "documents": []}',
    b'{"type": "unified.models.tasks:Task", "records": [], "documents": []}',
    b"\xff",
    b"[]",
)


def test_a_stored_response_is_a_record_of_ours() -> None:
    deal = Deal(id="1", amount=Decimal("12345678901234567.89"))
    assert decoded(encoded(deal), deals.create) == deal
    assert decoded(encoded(None), deals.create) is None


@pytest.mark.parametrize("response", HOSTILE)
def test_a_stored_response_cannot_import_modules(response: bytes) -> None:
    with pytest.raises(errors.Conflict, match="can no longer be read"):
        decoded(response, deals.create)


def test_no_statement_scans_the_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """A comparison with a volatile clock used no index, and each call read every row: 36 ms with ten thousand of them."""
    with postgres.database() as url:
        store = open_idempotency_store(url)
        for number in range(50):
            store.completed(store.begin("s", f"k{number}", "d", lease=20).token, b"1")
        store.unconfirmed(store.begin("s", "open", "d", lease=20).token, "POST /x")
        with listening(store._database, monkeypatch, "idempotency_calls") as requested:
            mine = store.begin("s", "new", "d", lease=20)
            store.sending(mine.token, "POST /x", lease=20, mark="m")
            assert store.is_exclusive(mine.token)
            store.completed(mine.token, b"1")
            assert store.begin("s", "k1", "d", lease=20).state == "completed"
            assert len(store.unconfirmed_writes()) == 1
            store.resolve("open", made="7")
            store.own(alive=10)
        assert len(requested) >= 10
        # An index over the writes that are not completed, which are few.
        assert [one for one in complete_reads(url, requested) if not one.endswith(" of idempotency_calls_open")] == []
        store.close()
