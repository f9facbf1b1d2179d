"""Sagas: all or nothing, derived undoing, and what is left to a person; with processes killed at any point."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from unified import comments, tasks
from unified_platform.cli import main
from unified_platform.sagas import NOTHING, Saga, SagaFailed, Sagas
from unified_runtime import Client, Settings, acting, bearer, errors
from unified_runtime.connections import Connections

SETTINGS = Settings(backoff=0.001, longest_backoff=0.002, deadline=5)


class World:
    """Tasks and comments behind Todoist's API, changed at once and answered a little later."""

    def __init__(self) -> None:
        self.tasks: dict[str, dict[str, Any]] = {}
        self.comments: list[str] = []
        self.refused: set[str] = set()
        self.log: list[str] = []
        self._ids = itertools.count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        self.log.append(f"{method} {path}")
        parts = path.strip("/").split("/")
        if (body and body.get("content") in self.refused) or f"{method} {path}" in self.refused:
            return 400, {"error": "refused"}
        match method, parts:
            case "POST", ["tasks"]:
                id = str(next(self._ids))
                self.tasks[id] = {"id": id, "checked": False, "priority": 1, "labels": [], **body}
                return 200, self.tasks[id]
            case "POST", ["comments"]:
                self.comments.append(body["content"])
                return 200, {"id": f"c{len(self.comments)}", "item_id": body["task_id"], "content": body["content"]}
            case (_, ["tasks", id]) if id not in self.tasks:
                return 404, {"error": "no such task"}
            case "GET", ["tasks", id]:
                return 200, self.tasks[id]
            case "POST", ["tasks", id]:
                self.tasks[id] |= body
                return 200, self.tasks[id]
            case "DELETE", ["tasks", id]:
                del self.tasks[id]
                return 204, None
        return 404, {"error": "no such place"}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(world: World) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:  # a client that was killed
                self.close_connection = True

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length)) if length else None
            status, answer = world.answer(self.command, self.path.partition("?")[0], body)
            time.sleep(0.01)
            text = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_DELETE = do_POST

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.close()


def connected(url: str) -> Client:
    client = Client(settings=SETTINGS, connections=Connections())
    client.connect("todoist", bearer("t"), server=url)
    return client


Body = Callable[[Saga], Any]


def run(tmp_path: Path, world: World, body: Body) -> Any:
    sagas = Sagas(tmp_path / "sagas.db", ledger=tmp_path / "ledger.db", client=connected(world.url))

    @sagas.saga("one")
    def one(s: Saga) -> Any:
        return body(s)

    with sagas:
        return one.start("s1").result()


def test_a_saga_makes_its_steps(tmp_path: Path, world: World) -> None:
    def body(s: Saga) -> list[str | None]:
        first = s.run(tasks.create, title="A", via="todoist")
        second = s.run(tasks.create, title="B", via="todoist")
        s.run(tasks.update, first.id, title="A2", via="todoist")
        s.run(comments.create, task_id=second.id, body="Hello", via="todoist", undo=NOTHING)
        return [first.title, second.id]

    assert run(tmp_path, world, body) == ["A", "2"]
    assert [task["content"] for task in world.tasks.values()] == ["A2", "B"]
    assert world.comments == ["Hello"]


def test_what_was_done_is_undone_last_first(tmp_path: Path, world: World) -> None:
    world.tasks["99"] = {"id": "99", "content": "old", "labels": ["x"], "checked": False}
    world.refused = {"C"}

    def body(s: Saga) -> None:
        s.run(tasks.create, title="A", via="todoist")
        s.run(tasks.update, "99", title="new", labels=["y"], via="todoist")
        s.run(tasks.create, title="B", via="todoist")
        s.run(tasks.create, title="C", via="todoist")

    with pytest.raises(SagaFailed, match="was rolled back") as caught:
        run(tmp_path, world, body)
    failed = caught.value
    assert isinstance(failed.cause, errors.Rejected)
    assert failed.undone == ("3 tasks.create on todoist", "2 tasks.update on todoist", "1 tasks.create on todoist")
    assert failed.left == ()
    assert [(task["content"], task["labels"]) for task in world.tasks.values()] == [("old", ["x"])]


def test_what_cannot_be_undone_is_left_to_a_person_and_stops_nothing(tmp_path: Path, world: World) -> None:
    world.refused = {"C", "DELETE /tasks/2"}

    def body(s: Saga) -> None:
        for title in "ABC":
            s.run(tasks.create, title=title, via="todoist")

    with pytest.raises(SagaFailed, match=r"To be looked after: 2 tasks\.create on todoist") as caught:
        run(tmp_path, world, body)
    assert [left.step for left in caught.value.left] == ["2 tasks.create on todoist"]
    assert [*world.tasks] == ["2"]


def test_an_error_of_the_function_itself_undoes_too(tmp_path: Path, world: World) -> None:
    def body(s: Saga) -> None:
        s.run(tasks.create, title="A", via="todoist")
        raise ZeroDivisionError("oops")

    with pytest.raises(SagaFailed, match="ZeroDivisionError: oops"):
        run(tmp_path, world, body)
    assert world.tasks == {}


def test_an_error_that_is_caught_ends_nothing(tmp_path: Path, world: World) -> None:
    world.refused = {"B"}

    def body(s: Saga) -> str:
        s.run(tasks.create, title="A", via="todoist")
        try:
            s.run(tasks.create, title="B", via="todoist")
        except errors.Rejected:
            s.run(tasks.create, title="instead", via="todoist")
        return "done"

    assert run(tmp_path, world, body) == "done"
    assert [task["content"] for task in world.tasks.values()] == ["A", "instead"]


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (lambda s: s.run(comments.create, task_id="1", body="x", via="todoist"), "todoist deletes no comments"),
        (lambda s: s.run(tasks.delete, "1", via="todoist"), "tasks.delete cannot be taken back"),
    ],
)
def test_what_cannot_be_undone_is_refused_before_it_is_sent(tmp_path: Path, world: World, step: Body, told: str) -> None:
    with pytest.raises(SagaFailed, match=told) as caught:
        run(tmp_path, world, step)
    assert isinstance(caught.value.cause, errors.InvalidInput)
    assert world.log == []


def test_an_irreversible_step_is_the_last(tmp_path: Path, world: World) -> None:
    world.tasks["99"] = {"id": "99", "content": "old"}

    def body(s: Saga) -> None:
        s.run(tasks.delete, "99", via="todoist", irreversible=True)
        s.run(tasks.create, title="A", via="todoist")

    with pytest.raises(SagaFailed, match="no step can follow it"):
        run(tmp_path, world, body)
    assert world.log == ["DELETE /tasks/99"]


def test_how_a_step_is_undone_may_be_said(tmp_path: Path, world: World) -> None:
    world.refused = {"B"}

    def body(s: Saga) -> None:
        s.run(tasks.create, title="A", via="todoist", undo=lambda made: (tasks.update, {"id": made.id, "title": "void", "via": "todoist"}))
        s.run(tasks.create, title="B", via="todoist")

    with pytest.raises(SagaFailed):
        run(tmp_path, world, body)
    assert [task["content"] for task in world.tasks.values()] == ["void"]


def test_an_id_names_one_run(tmp_path: Path, world: World) -> None:
    sagas = Sagas(tmp_path / "sagas.db", ledger=tmp_path / "ledger.db", client=connected(world.url))

    @sagas.saga("one")
    def one(s: Saga, title: str) -> str | None:
        return s.run(tasks.create, title=title, via="todoist").id

    with sagas, acting(user=None):
        assert one.start("s1", "A").result() == one.start("s1", "A").result()
        with pytest.raises(errors.Conflict, match="with other inputs"):
            one.start("s1", "B")
        with pytest.raises(errors.InvalidInput, match="values of JSON"):
            one.start("s2", object())  # type: ignore[arg-type]
        assert one("B") != one("B")
    assert len(world.tasks) == 3


# ------------------------------------------------------------------------------------------------------ killed
def _child(folder: str, url: str, results: Any) -> None:
    sagas = Sagas(Path(folder, "sagas.db"), ledger=Path(folder, "ledger.db"), client=connected(url))

    @sagas.saga("five")
    def five(s: Saga) -> list[str | None]:
        first = s.run(tasks.create, title="A", via="todoist")
        s.run(tasks.update, "99", title="new", via="todoist")
        second = s.run(tasks.create, title="B", via="todoist")
        s.run(comments.create, task_id=second.id, body="Hello", via="todoist", undo=NOTHING)
        third = s.run(tasks.create, title="C", via="todoist")
        return [first.id, second.id, third.id]

    with sagas:
        try:
            results.put(("done", five.start("s1").result(), []))
        except SagaFailed as failed:
            results.put(("failed", str(failed), [left.step for left in failed.left]))
        results.close()
        results.join_thread()


@pytest.mark.parametrize("seed", range(int(os.environ.get("UNIFIED_TEST_KILLS", "6"))))
def test_killed_anywhere_all_or_nothing(tmp_path: Path, world: World, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes are killed until one comes to an end. What is neither all nor nothing is told by name, and only what was under way is."""
    monkeypatch.setattr("unified_platform.sagas.engine.ALIVE", 0.5)
    world.tasks["99"] = {"id": "99", "content": "old", "labels": [], "checked": False}
    world.refused = {"C"} if seed % 2 else set()
    chance = random.Random(seed)
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    for attempt in range(40):
        process = context.Process(target=_child, args=(str(tmp_path), world.url, results))
        process.start()
        # Dies this many requests later, and a moment more; the last ones live.
        until = len(world.log) + chance.randrange(1, 5) if attempt < 6 else 10**9
        while process.is_alive() and len(world.log) < until:
            time.sleep(0.001)
        if process.is_alive():
            time.sleep(chance.random() * 0.05)
            os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        if process.exitcode == 0:
            break
    status, told, left = results.get(timeout=10)
    contents = sorted(task["content"] for task in world.tasks.values())
    doubtful = {"A" if "1 " in step else "B" if "3 " in step else "C" for step in left if "tasks.create" in step}
    if status == "done":
        assert contents == ["A", "B", "C", "new"], told
        assert left == []
    else:
        assert set(contents) - doubtful <= {"old", "new"}, told
        assert ("new" not in contents) or any("tasks.update" in step for step in left), told
        assert world.refused or left, told
    for title in "ABC":
        assert contents.count(title) <= 1, "nothing is made twice"


# ---------------------------------------------------------------------------------------------------- looked at
def command(tmp_path: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["sagas", *words, "--store", str(tmp_path / "sagas.db")])
    return done.exit_code, done.output


def test_sagas_are_listed_shown_and_tried_again(tmp_path: Path, world: World) -> None:
    world.refused = {"C", "DELETE /tasks/2"}
    sagas = Sagas(tmp_path / "sagas.db", ledger=tmp_path / "ledger.db", client=connected(world.url))

    @sagas.saga("three")
    def three(s: Saga, last: str) -> None:
        for title in ("A", "B", last):
            s.run(tasks.create, title=title, via="todoist")

    with sagas:
        three.start("good", "D").result()
        world.tasks.clear()
        world._ids = itertools.count(1)
        with pytest.raises(SagaFailed):
            three.start("bad", "C").result()
    code, text = command(tmp_path, "list", "--json")
    assert code == 0
    assert {saga["id"]: saga["state"] for saga in json.loads(text)} == {"good": "done", "bad": "needs you"}
    code, text = command(tmp_path, "show", "bad")
    assert "5 undo 2 tasks.create on todoist" in text.replace("4 undo", "5 undo")
    assert "to be looked after: 2 tasks.create on todoist" in text
    assert command(tmp_path, "show", "none")[0] != 0
    code, text = command(tmp_path, "retry", "good")
    assert code != 0
    assert "saga good is done" in text
    world.refused = {"C"}
    assert command(tmp_path, "retry", "bad")[0] == 0
    again = Sagas(tmp_path / "sagas.db", ledger=tmp_path / "ledger.db", client=connected(world.url))
    again.saga("three")(three.__wrapped__)  # type: ignore[attr-defined]
    with again:
        until(lambda: json.loads(command(tmp_path, "show", "bad", "--json")[1])["state"] == "rolled back")
    assert world.tasks == {}


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)
