"""A step that failed after its write was carried out, or may have been: it is taken back by what the vendor told, or left by name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.sagas.test_sagas import run
from tests.sagas.world import SETTINGS, World, connected
from tests.unit.runtime.server import Loopback, Reply
from unified import tasks
from unified_platform.ledger import open_ledger
from unified_platform.sagas import NOTHING, Saga, SagaFailed, Sagas, saga
from unified_platform.sagas.calling import Outcome
from unified_platform.sagas.saga import ATTEMPTS
from unified_runtime import Client, api_key, basic, bearer, errors
from unified_runtime.connections import Connections
from unified_runtime.operations import Operation
from unified_runtime.raw import Document, Raw

MADE = "1 tasks.create on todoist"


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


def one(s: Saga) -> None:
    s.run(tasks.create, title="A", via="todoist")


def failing(tmp_path: Path, world: World, body: Callable[[Saga], Any] = one) -> SagaFailed:
    with pytest.raises(SagaFailed) as caught:
        run(tmp_path, world, body)
    return caught.value


# ------------------------------------------------------------------------------------------------------ what was made
@pytest.mark.parametrize("status", [400, 403, 404])
def test_what_was_made_and_cannot_be_read_back_is_taken_back_by_its_id(tmp_path: Path, world: World, status: int) -> None:
    world.fails = {"GET /tasks/1": status}
    failed = failing(tmp_path, world)
    assert (failed.undone, failed.left, world.tasks) == ((MADE,), (), {})
    assert world.log == ["POST /tasks", "GET /tasks/1", "DELETE /tasks/1"]
    assert (failed.cause.made, [done.request for done in failed.cause.done]) == ("1", ["POST /tasks"])
    assert failed.cause.done[0].answer.value["id"] == "1"


def test_a_block_too(tmp_path: Path, world: World) -> None:
    world.fails = {"GET /tasks/1": 403}
    with (
        Sagas(tmp_path / "sagas.db", ledger=tmp_path / "ledger.db", client=connected(world.url)),
        pytest.raises(SagaFailed) as caught,
        saga("one"),
    ):
        tasks.create(title="A", via="todoist")
    assert (caught.value.undone, caught.value.left, world.tasks) == ((MADE,), (), {})


def test_a_step_whose_error_is_caught_leaves_nothing_behind(tmp_path: Path, world: World) -> None:
    world.fails = {"GET /tasks/1": 403}

    def body(s: Saga) -> list[str]:
        with pytest.raises(errors.Forbidden):
            s.run(tasks.create, title="A", via="todoist")
        s.run(tasks.create, title="instead", via="todoist")
        return list(s.undone)

    assert run(tmp_path, world, body) == [MADE]
    assert [task["content"] for task in world.tasks.values()] == ["instead"]


def test_a_record_that_nobody_can_see_is_not_said_to_be_gone(tmp_path: Path, world: World) -> None:
    world.fails = {"GET /tasks/1": 404, "DELETE /tasks/1": 404}
    failed = failing(tmp_path, world)
    assert [(left.step, left.todo) for left in failed.left] == [(MADE, "tasks.delete id=1 via=todoist")]
    assert failed.undone == ()


def test_ones_own_undoing_is_given_the_id(tmp_path: Path, world: World) -> None:
    world.fails = {"GET /tasks/1": 403, "DELETE /tasks/1": 400}

    def body(s: Saga) -> None:
        s.run(tasks.create, title="A", via="todoist", undo=lambda made: (tasks.update, {"id": made.id, "title": "taken back"}))

    failed = failing(tmp_path, world, body)
    assert world.tasks["1"]["content"] == "taken back"
    (left,) = failed.left  # the update cannot be read back either
    assert (left.step, "POST /tasks/1 had already been carried out" in left.why) == (MADE, True)

    def other(s: Saga) -> None:
        s.run(tasks.create, title="B", via="todoist", undo=lambda made: (tasks.update, {"id": made.id, "title": made.title}))

    world.fails = {"GET /tasks/2": 403}
    failed = failing(tmp_path / "other", world, other)
    assert [left.todo for left in failed.left] == ["it was carried out: take it back (2)"]


def test_what_leaves_nothing_to_undo_leaves_nothing_to_a_person(tmp_path: Path, world: World) -> None:
    world.fails = {"GET /tasks/1": 403}
    failed = failing(tmp_path, world, lambda s: s.run(tasks.create, title="A", via="todoist", undo=NOTHING))
    assert (failed.undone, failed.left, len(world.tasks)) == ((), (), 1)


def test_what_cannot_be_taken_back_is_told_of(tmp_path: Path, world: World) -> None:
    world.fails = {"GET /tasks/1": 403}
    failed = failing(tmp_path, world, lambda s: s.run(tasks.create, title="A", via="todoist", irreversible=True))
    (left,) = failed.left
    assert left.todo == "it was carried out, as far as POST /tasks does it: take it back (the record is 1): tasks.create title=A"


def test_an_answer_that_cannot_be_read_is_no_sign_that_nothing_was_made(tmp_path: Path, world: World) -> None:
    world.broken = {"POST /tasks"}
    failed = failing(tmp_path, world)
    (left,) = failed.left
    assert "POST /tasks had already been carried out (HTTP 200)" in left.why
    assert left.todo.startswith("it was carried out, as far as POST /tasks does it: take it back: tasks.create title=A")
    assert world.log == ["POST /tasks"]  # and nothing is made again


def test_the_ledger_lets_the_same_key_write_nothing_again(tmp_path: Path, world: World) -> None:
    client = connected(world.url)
    client._own_ledger = ledger = open_ledger(tmp_path / "ledger.db")
    for fails, broken, made in ({"GET /tasks/1": 403}, set[str](), "1"), ({}, {"POST /tasks"}, None):
        world.fails, world.broken = fails, broken
        world.log.clear()
        key = f"key-{len(world.tasks)}"
        told = []
        for expected in (errors.UnifiedError, errors.Unconfirmed, errors.Unconfirmed):
            with client, pytest.raises(expected) as caught:
                tasks.create(title="A", via="todoist", idempotency_key=key)
            told.append((caught.value.made, [done.request for done in caught.value.done], caught.value.lost))
        assert told == [(made, ["POST /tasks"], ())] * 3
        assert "it was carried out in part: POST /tasks was carried out (HTTP 200)" in caught.value.message
        assert world.log.count("POST /tasks") == 1
    ledger.close()


# ------------------------------------------------------------------------------------------------------ requests that may be repeated
def redmine(server: Loopback) -> Client:
    client = Client(settings=SETTINGS, connections=Connections())
    client.connect("redmine", api_key("k" * 20), url=server.url)
    return client


def zendesk(server: Loopback) -> Client:
    client = Client(settings=SETTINGS, connections=Connections())
    client.connect("zendesk", basic("me", "token"), subdomain="acme", server=server.url)
    return client


def ran(tmp_path: Path, client: Client, operation: Operation[..., Any], *args: Any, **inputs: Any) -> SagaFailed:
    sagas = Sagas(tmp_path / "sagas.db", ledger=tmp_path / "ledger.db", client=client)

    @sagas.saga("one")
    def step(s: Saga) -> None:
        s.run(operation, *args, **inputs)

    with sagas, pytest.raises(SagaFailed) as caught:
        step.start("s1").result()
    return caught.value


def issue(subject: str) -> Reply:
    return Reply.of({"issue": {"id": 7, "subject": subject, "project": {"id": 1}}})


def test_a_change_that_was_made_is_put_back_though_the_request_may_be_repeated(tmp_path: Path, server: Loopback) -> None:
    server.answers(issue("old"), Reply(204), Reply(403), Reply(204), issue("old"))
    failed = ran(tmp_path, redmine(server), tasks.update, "7", title="new", via="redmine")
    assert (failed.undone, failed.left) == (("1 tasks.update on redmine",), ())
    assert [seen.method for seen in server.seen] == ["GET", "PUT", "GET", "PUT", "GET"]
    assert [(done.request, done.again) for done in failed.cause.done] == [("PUT /issues/7.json", False)]


def test_a_change_that_may_have_been_made_is_put_back(tmp_path: Path, server: Loopback) -> None:
    lost = [Reply(502)] * (SETTINGS.attempts * ATTEMPTS)
    server.answers(issue("old"), *lost, Reply(204), issue("old"))
    failed = ran(tmp_path, redmine(server), tasks.update, "7", title="new", via="redmine")
    assert (failed.undone, failed.left, failed.cause.lost) == (("1 tasks.update on redmine",), (), ("PUT /issues/7.json",))


def github(server: Loopback) -> Client:
    client = Client(settings=SETTINGS, connections=Connections())
    client.connect("github", bearer("token"), server=server.url)
    return client


def github_issue(title: str) -> Reply:
    times = dict.fromkeys(("created_at", "updated_at"), "2031-01-02T03:04:05Z")
    places = {"repository_url": "https://api.github.com/repos/acme/site", "html_url": "https://github.com/acme/site/issues/7"}
    return Reply.of({"number": 7, "title": title, "state": "open", "labels": [], "assignees": [], **places, **times})


@pytest.mark.parametrize("lost", [1, ATTEMPTS - 1, ATTEMPTS])
def test_putting_back_that_may_have_been_done_is_done_once_more(
    tmp_path: Path, server: Loopback, monkeypatch: pytest.MonkeyPatch, lost: int
) -> None:
    """GitHub's PATCH is sent once under a key. That it comes to the same when sent again, the saga knows: it sets what was read before."""
    monkeypatch.setattr(sys.modules[Saga.__module__], "LONGEST", 0.01)
    server.answers(github_issue("old"), Reply(502), *[Reply(502)] * lost, github_issue("old"))
    failed = ran(tmp_path, github(server), tasks.update, "acme/site#7", title="new", via="github")
    assert [seen.method for seen in server.seen] == ["GET", "PATCH", *["PATCH"] * min(lost + 1, ATTEMPTS)]
    assert {seen.json["title"] for seen in server.seen[2:]} == {"old"}
    if lost < ATTEMPTS:
        assert (failed.undone, failed.left) == (("1 tasks.update on github",), ())
    else:
        assert (failed.undone, failed.left[0].step) == ((), "1 tasks.update on github")
        assert "Whether the request was carried out is not known" in failed.left[0].why


def test_what_may_have_been_made_under_a_vendors_key_is_left_by_name(tmp_path: Path, server: Loopback) -> None:
    server.answers(*[Reply(502)] * (SETTINGS.attempts * ATTEMPTS))
    failed = ran(tmp_path, zendesk(server), tasks.create, title="A", description="B", via="zendesk")
    (left,) = failed.left
    assert left.step == "1 tasks.create on zendesk"
    assert "POST /api/v2/tickets was sent, and whether it was carried out is not known" in left.why
    assert left.todo.startswith("look whether this was carried out")


def test_a_saga_whose_process_died_then_takes_it_back_all_the_same(tmp_path: Path, world: World) -> None:
    """What the step came to was not kept with the saga any more: the ledger tells the next process what was made."""
    world.fails = {"GET /tasks/1": 403}
    client = connected(world.url)
    client._own_ledger = ledger = open_ledger(tmp_path / "ledger.db")
    with client, pytest.raises(errors.Forbidden):
        tasks.create(title="A", via="todoist", idempotency_key="saga/s1/1")
    ledger.close()
    failed = failing(tmp_path, world)
    assert (failed.undone, failed.left, world.tasks) == ((MADE,), (), {})
    assert world.log.count("POST /tasks") == 1


def test_what_an_earlier_try_lost_stays_lost() -> None:
    """The last try may not have sent anything: the circuit was open, or a policy said no meanwhile."""
    done = errors.Done("POST /x", 201, Raw(Document(b"{}")), again=False)
    before = Outcome(error=errors.Unavailable("lost", lost=("PUT /x",), done=(done,), made="7"), again=True)
    for error in (errors.Unavailable("left alone"), errors.Denied("no"), errors.Rejected("no")):
        after = Outcome(error=error).after(before)
        assert after.doubtful
        assert after.error is not None
        assert (after.error.lost, after.error.done, after.error.made) == (("PUT /x",), (done,), "7")
    assert not Outcome(error=errors.Rejected("no")).after(Outcome(error=errors.RateLimited("wait"), again=True)).doubtful


# ------------------------------------------------------------------------------------------------------ between agent and broker
_FULL = Reply(503, b'{"error": "Unavailable", "message": "it is full", "own": true}')


@pytest.mark.parametrize(
    ("replies", "lost"),
    [
        ([Reply(502), Reply(502)], True),
        ([Reply(502), _FULL], True),
        ([Reply(hang_up=True), _FULL], True),
        ([Reply(200, b"no answer")], True),
        ([_FULL, _FULL], False),
    ],
    ids=["a-proxy-fails", "a-proxy-fails-and-the-broker-is-full", "lost", "broken", "the-broker-is-full"],
)
def test_a_broker_that_may_have_made_a_call_is_told_of(server: Loopback, replies: list[Reply], lost: bool) -> None:
    """What is asked for under a key is asked for again; where no answer comes of that, it may have been made all the same."""
    client = Client(broker=server.url, key="k", settings=replace(SETTINGS, attempts=2))
    server.answers(*replies, *replies)
    with client:
        with pytest.raises(errors.UnifiedError) as written:
            tasks.create(title="A", via="todoist", idempotency_key="k")
        with pytest.raises(errors.UnifiedError) as read:
            tasks.get("1", via="todoist")
    assert (written.value.lost, read.value.lost) == (("tasks.create",) if lost else (), ())
    assert Outcome(error=written.value).doubtful == lost
