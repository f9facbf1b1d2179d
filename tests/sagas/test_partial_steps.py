"""Steps that failed after their write was executed, or may have been: undone by the vendor's response, or reported with their id."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.sagas.test_sagas import run
from tests.sagas.world import SETTINGS, World, connected
from tests.support.waiting import until
from tests.unit.runtime.server import Loopback, Reply
from unified import tasks
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.sagas import NOTHING, Saga, SagaFailed, Sagas, saga
from unified_platform.sagas.inspection import open_inspector
from unified_platform.sagas.step_calls import CallOutcome
from unified_platform.sagas.step_execution import ATTEMPTS
from unified_runtime import Client, api_key, basic, bearer, using
from unified_runtime.client.operations import Operation
from unified_runtime.core import errors
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.raw import Document, Raw

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


# ---------------------------------------------------------------------------------------------------- created records
UNPROVEN = "nothing proves that the record '1', which the response reported, is this step's: "


@pytest.mark.parametrize("status", [400, 403, 404])
def test_created_record_that_is_read_later_is_undone_by_its_id(tmp_path: Path, world: World, status: int) -> None:
    world.once = {"GET /tasks/1": status}
    failed = failing(tmp_path, world)
    assert (failed.undone, failed.left, world.tasks) == ((MADE,), (), {})
    assert world.log == ["POST /tasks", "GET /tasks/1", "GET /tasks/1", "DELETE /tasks/1"]
    assert (failed.cause.made, [done.request for done in failed.cause.done]) == ("1", ["POST /tasks"])
    assert failed.cause.done[0].response.value["id"] == "1"


@pytest.mark.parametrize("status", [400, 403, 404])
def test_permanently_unreadable_records_are_left_to_a_person(tmp_path: Path, world: World, status: int) -> None:
    """It may be another caller's record: the response to the create may have been that of another request."""
    world.fails = {"GET /tasks/1": status}
    failed = failing(tmp_path, world)
    assert (failed.undone, list(world.tasks), world.log) == ((), ["1"], ["POST /tasks", "GET /tasks/1", "GET /tasks/1"])
    (left,) = failed.left
    assert (left.step, left.why.startswith(f"{UNPROVEN}it cannot be read: ")) == (MADE, True)
    assert left.todo == (
        f"check if the record '1' (todoist at {world.url}) was created by tasks.create title=A (key saga/s1/1); "
        "if so: tasks.delete id=1 via=todoist"
    )


def test_a_record_of_another_text_is_not_deleted(tmp_path: Path, world: World) -> None:
    world.once, world.swapped = {"GET /tasks/1": 403}, {"1": "of another"}
    failed = failing(tmp_path, world)
    assert (failed.undone, list(world.tasks)) == ((), ["1"])
    assert [(left.step, left.why) for left in failed.left] == [(MADE, f"{UNPROVEN}it has another title than this step wrote")]


def test_a_record_whose_text_cannot_be_compared_is_not_deleted(tmp_path: Path, world: World) -> None:
    world.once, world.swapped = {"GET /tasks/1": 403}, {"1": "see https://other.example"}
    failed = failing(tmp_path, world, lambda s: s.run(tasks.create, title="see https://own.example", via="todoist"))
    assert (failed.undone, list(world.tasks)) == ((), ["1"])
    assert [left.why for left in failed.left] == [f"{UNPROVEN}it has no text that can be compared with what this step wrote"]


def test_the_record_is_read_again_while_the_vendor_fails(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_platform.sagas.step_execution.LONGEST", 0.01)
    world.once = {"GET /tasks/1": 403}
    world.busy = {"GET /tasks/1": SETTINGS.attempts}
    failed = failing(tmp_path, world)
    assert (failed.undone, failed.left, world.tasks) == ((MADE,), (), {})


def test_a_person_can_have_the_record_read_again(tmp_path: Path, world: World) -> None:
    world.fails = {"GET /tasks/1": 403}
    failing(tmp_path, world)
    world.fails = {}
    with open_inspector(tmp_path / "sagas.db") as look:
        assert look.get("s1").state == "needs you"
        look.retry("s1")
        sagas = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=connected(world.url))
        sagas.saga("one")(one)
        with sagas:
            until(lambda: look.get("s1").state == "rolled back")
    assert world.tasks == {}


def test_a_block_too(tmp_path: Path, world: World) -> None:
    world.once = {"GET /tasks/1": 403}
    with (
        Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=connected(world.url)),
        pytest.raises(SagaFailed) as caught,
        saga("one"),
    ):
        tasks.create(title="A", via="todoist")
    assert (caught.value.undone, caught.value.left, world.tasks) == ((MADE,), (), {})


def test_a_step_whose_error_is_caught_leaves_nothing_behind(tmp_path: Path, world: World) -> None:
    world.once = {"GET /tasks/1": 403}

    def body(s: Saga) -> list[str]:
        with pytest.raises(errors.Forbidden):
            s.run(tasks.create, title="A", via="todoist")
        s.run(tasks.create, title="instead", via="todoist")
        return list(s.undone)

    assert run(tmp_path, world, body) == [MADE]
    assert [task["content"] for task in world.tasks.values()] == ["instead"]


def test_ones_own_undoing_is_given_the_id(tmp_path: Path, world: World) -> None:
    def body(s: Saga) -> None:
        s.run(tasks.create, title="A", via="todoist", undo=lambda made: (tasks.update, {"id": made.id, "title": "taken back"}))

    world.once = {"GET /tasks/1": 403}
    failed = failing(tmp_path, world, body)
    assert (failed.undone, failed.left, world.tasks["1"]["content"]) == ((MADE,), (), "taken back")

    def other(s: Saga) -> None:
        s.run(tasks.create, title="B", via="todoist", undo=lambda made: (tasks.update, {"id": made.id, "title": made.title}))

    world.once = {"GET /tasks/2": 403}
    failed = failing(tmp_path / "other", world, other)
    assert [left.todo for left in failed.left] == [
        f"check if the record '2' (todoist at {world.url}) was created by tasks.create title=B (key saga/s1/1); if so, undo it"
    ]


def test_steps_without_effect_leave_nothing_to_a_person(tmp_path: Path, world: World) -> None:
    world.fails = {"GET /tasks/1": 403}
    failed = failing(tmp_path, world, lambda s: s.run(tasks.create, title="A", via="todoist", undo=NOTHING))
    assert (failed.undone, failed.left, len(world.tasks)) == ((), (), 1)


def test_failed_compensations_are_reported(tmp_path: Path, world: World) -> None:
    world.fails = {"GET /tasks/1": 403}
    failed = failing(tmp_path, world, lambda s: s.run(tasks.create, title="A", via="todoist", irreversible=True))
    (left,) = failed.left
    todo = "it was executed as far as POST /tasks: undo it (the response reported the record '1': compare it first)"
    assert left.todo == f"{todo}: tasks.create title=A"


def test_an_unreadable_response_does_not_prove_that_nothing_was_created(tmp_path: Path, world: World) -> None:
    world.broken = {"POST /tasks"}
    failed = failing(tmp_path, world)
    (left,) = failed.left
    assert "POST /tasks had already been executed (HTTP 200)" in left.why
    assert left.todo.startswith("it was executed as far as POST /tasks: undo it: tasks.create title=A")
    assert world.log == ["POST /tasks"]  # and no record is created again


def test_the_idempotency_store_lets_the_same_key_write_nothing_again(tmp_path: Path, world: World) -> None:
    client = connected(world.url)
    client._own_idempotency = store = open_idempotency_store(tmp_path / "ledger.db")
    for fails, broken, made in ({"GET /tasks/1": 403}, set[str](), "1"), ({}, {"POST /tasks"}, None):
        world.fails, world.broken = fails, broken
        world.log.clear()
        key = f"key-{len(world.tasks)}"
        received = []
        for expected in (errors.UnifiedError, errors.Unconfirmed, errors.Unconfirmed):
            with using(client), pytest.raises(expected) as caught:
                tasks.create(title="A", via="todoist", idempotency_key=key)
            received.append((caught.value.made, [done.request for done in caught.value.done], caught.value.lost))
        assert received == [(made, ["POST /tasks"], ())] * 3
        assert "it was executed in part: POST /tasks was executed (HTTP 200)" in caught.value.message
        assert world.log.count("POST /tasks") == 1
    store.close()


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
    sagas = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=client)

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
    addresses = {"repository_url": "https://api.github.com/repos/acme/site", "html_url": "https://github.com/acme/site/issues/7"}
    return Reply.of({"number": 7, "title": title, "state": "open", "labels": [], "assignees": [], **addresses, **times})


@pytest.mark.parametrize("lost", [1, ATTEMPTS - 1, ATTEMPTS])
def test_putting_back_that_may_have_been_done_is_done_once_more(
    tmp_path: Path, server: Loopback, monkeypatch: pytest.MonkeyPatch, lost: int
) -> None:
    """GitHub's PATCH is sent once under a key. The saga knows that repeating it has the same effect: it sets the values read before."""
    monkeypatch.setattr("unified_platform.sagas.step_execution.LONGEST", 0.01)
    old = github_issue("old")  # read before each PATCH too: the number may be that of a pull request
    server.answers(old, old, Reply(502), *[old, Reply(502)] * lost, old, old)
    failed = ran(tmp_path, github(server), tasks.update, "acme/site#7", title="new", via="github")
    assert [seen.method for seen in server.seen] == ["GET", "GET", "PATCH", *["GET", "PATCH"] * min(lost + 1, ATTEMPTS)]
    assert {seen.json["title"] for seen in server.seen[3:] if seen.method == "PATCH"} == {"old"}
    if lost < ATTEMPTS:
        assert (failed.undone, failed.left) == (("1 tasks.update on github",), ())
    else:
        assert (failed.undone, failed.left[0].step) == ((), "1 tasks.update on github")
        assert "Whether the request was executed is not known" in failed.left[0].why


def test_unconfirmed_writes_with_a_vendors_key_are_left_by_name(tmp_path: Path, server: Loopback) -> None:
    server.answers(*[Reply(502)] * (SETTINGS.attempts * ATTEMPTS))
    failed = ran(tmp_path, zendesk(server), tasks.create, title="A", description="B", via="zendesk")
    (left,) = failed.left
    assert left.step == "1 tasks.create on zendesk"
    assert str(failed).count("tasks.create on zendesk") == 1
    assert "POST /api/v2/tickets was sent, and whether it was executed is not known" in left.why
    assert left.todo.startswith("check if this was executed")


@pytest.mark.parametrize("other", [False, True])
def test_a_saga_whose_process_died_is_undone(tmp_path: Path, world: World, other: bool) -> None:
    """The saga holds no result of the step: the idempotency store returns the error of the dead process, with the reported id."""
    world.once = {"GET /tasks/1": 403}
    client = connected(world.url)
    client._own_idempotency = store = open_idempotency_store(tmp_path / "ledger.db")
    with using(client), pytest.raises(errors.Forbidden):
        tasks.create(title="A", via="todoist", idempotency_key="saga/s1/1")
    store.close()
    world.swapped = {"1": "of another"} if other else {}
    failed = failing(tmp_path, world)
    assert world.log.count("POST /tasks") == 1
    if other:
        assert (failed.undone, list(world.tasks)) == ((), ["1"])
        assert [left.why for left in failed.left] == [f"{UNPROVEN}it has another title than this step wrote"]
    else:
        assert (failed.undone, failed.left, world.tasks) == ((MADE,), (), {})


def test_write_lost_by_an_earlier_attempt_stays_unconfirmed() -> None:
    """The last attempt may not have sent anything: the circuit was open, or a policy denied it meanwhile."""
    done = errors.Done("POST /x", 201, Raw(Document(b"{}")), again=False)
    before = CallOutcome(error=errors.Unavailable("lost", lost=("PUT /x",), done=(done,), made="7"), again=True)
    for error in (errors.Unavailable("left alone"), errors.Denied("no"), errors.Rejected("no")):
        after = CallOutcome(error=error).after(before)
        assert after.unconfirmed
        assert after.error is not None
        assert (after.error.lost, after.error.done, after.error.made) == (("PUT /x",), (done,), "7")
    assert not CallOutcome(error=errors.Rejected("no")).after(CallOutcome(error=errors.RateLimited("wait"), again=True)).unconfirmed


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
def test_an_unconfirmed_call_of_a_broker_is_reported(server: Loopback, replies: list[Reply], lost: bool) -> None:
    """A request under a key is repeated; without a response to that, it may still have been executed."""
    client = Client(broker=server.url, key="k", settings=replace(SETTINGS, attempts=2))
    server.answers(*replies, *replies)
    with using(client):
        with pytest.raises(errors.UnifiedError) as written:
            tasks.create(title="A", via="todoist", idempotency_key="k")
        with pytest.raises(errors.UnifiedError) as read:
            tasks.get("1", via="todoist")
    assert (written.value.lost, read.value.lost) == (("tasks.create",) if lost else (), ())
    assert CallOutcome(error=written.value).unconfirmed == lost
