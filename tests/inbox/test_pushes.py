"""Pushes of events to an application: signed, in order, sent again until it confirms them, and only what the agent may read."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner

from tests.support.waiting import until
from tests.unit.runtime.policies import Engine
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.broker.calls import Calls
from unified_platform.broker.config import Config
from unified_platform.broker.events import build
from unified_platform.cli import main
from unified_platform.inbox import Inbox, Push, Pusher, open_inbox
from unified_platform.inbox.pusher import REJECTIONS, signed
from unified_runtime import AsyncClient, Client, InvalidInput, PolicyEnforcer, api_key
from unified_runtime.adapter_api.webhooks import Event, KeyedEvent
from unified_runtime.core.policy_decisions import allow, deny
from unified_runtime.rate_limits.rate_limiter import Unlimited

ISSUE = {"id": 1, "subject": "One", "project": {"id": 3}, "status": {"id": 1, "name": "New", "is_closed": False}, "tracker": {"id": 1}}
KEYS = [bytes(range(32)), bytes(range(32, 64))]
SECRETS = {"PUSH_OLD": KEYS[0], "PUSH_NEW": KEYS[1]}
URL = "https://app.example/events"


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, key in SECRETS.items():
        monkeypatch.setenv(name, f"whsec_{base64.b64encode(key).decode()}")


@pytest.fixture
def redmine() -> Iterator[Loopback]:
    loopback = Loopback()
    loopback.record = Reply.of({"issue": ISSUE})
    yield loopback
    loopback.close()


def client_of(redmine: Loopback, policy: PolicyEnforcer | None = None) -> AsyncClient:
    client = Client()
    client.connect("redmine", api_key("key"), url=redmine.url, user="alice")
    return AsyncClient(connections=client.connections, policy=policy)


class Application:
    """Application that responds with these statuses, then with 204. It stops the pusher after the last."""

    def __init__(self, *replies: int | httpx2.Response | Exception, before: Callable[[], None] = lambda: None) -> None:
        self.received: list[httpx2.Request] = []
        self.replies = [*replies]
        self.before = before

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.received.append(request)
        reply = self.replies.pop(0) if self.replies else 204
        await asyncio.to_thread(self.before)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx2.Response) else httpx2.Response(reply)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(request.content) for request in self.received]

    @property
    def records(self) -> list[str]:
        return [body["data"]["id"] for body in self.bodies]


class Idle(Exception):
    """No event is left."""


def push(inbox: Inbox, application: Application, client: AsyncClient, **options: Any) -> list[float]:
    """Push what the inbox has. Return the seconds that were waited between attempts."""
    waited: list[float] = []

    setting = Push(name="app", url=URL, **{"secret_env": ("PUSH_OLD", "PUSH_NEW"), **options})

    async def sleep(seconds: float) -> None:
        if not inbox.read(setting.reader, types=setting.types):
            raise Idle
        waited.append(seconds)

    pusher = Pusher([setting], inbox, client, transport=httpx2.MockTransport(application), sleep=sleep)
    try:
        asyncio.run(pusher.run())
    except* Idle:
        pass
    return waited


def put(inbox: Inbox, *events: Event) -> None:
    inbox.put("desk", "redmine", "alice", [KeyedEvent(str(time.monotonic_ns()), event) for event in events])


def created(*ids: str, actor: str | None = None) -> list[Event]:
    return [Event("task.created", "tasks", id, actor=actor) for id in ids]


def test_the_signature_is_that_of_the_specification() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', [key], at=1614265330)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_events_come_in_order_with_record_and_actor(inbox: Inbox, redmine: Loopback) -> None:
    put(inbox, *created("1", "2", "1", actor="5"))
    application = Application()
    assert push(inbox, application, client_of(redmine)) == []
    assert application.records == ["1", "2", "1"]
    body = application.bodies[0]
    assert body["type"] == "task.created"
    assert {name: body["data"][name] for name in ("resource", "vendor", "user", "actor", "source", "position")} == {
        "resource": "tasks",
        "vendor": "redmine",
        "user": "alice",
        "actor": "5",
        "source": "desk",
        "position": 1,
    }
    assert body["data"]["record"]["title"] == "One"
    assert push(inbox, again := Application(), client_of(redmine)) == []
    assert again.received == []


def test_each_secret_of_a_rotation_signs(inbox: Inbox, redmine: Loopback) -> None:
    put(inbox, *created("1"))
    application = Application()
    push(inbox, application, client_of(redmine))
    (request,) = application.received
    signatures = request.headers["webhook-signature"].split()
    content = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.content
    assert signatures == [f"v1,{base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()}" for key in KEYS]
    assert abs(int(request.headers["webhook-timestamp"]) - time.time()) < 60


def test_an_event_is_sent_until_it_is_confirmed(inbox: Inbox, redmine: Loopback) -> None:
    put(inbox, *created("1", "2"))
    slow = httpx2.Response(429, headers={"retry-after": "7"})
    application = Application(500, httpx2.ConnectError("refused"), slow, httpx2.Response(503, headers={"retry-after": "9999"}))
    assert push(inbox, application, client_of(redmine)) == [1.0, 2.0, 7.0, 45.0]
    assert application.records == ["1"] * 5 + ["2"]
    assert len({request.headers["webhook-id"] for request in application.received}) == 2


def test_a_rejected_event_is_skipped(inbox: Inbox, redmine: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    put(inbox, *created("1", "2"))
    application = Application(*[422] * REJECTIONS)
    push(inbox, application, client_of(redmine))
    assert application.records == ["1"] * REJECTIONS + ["2"]
    assert "push app: event 1 was not delivered: status 422" in caplog.text


def test_a_redirect_is_not_followed(inbox: Inbox, redmine: Loopback) -> None:
    put(inbox, *created("1"))
    application = Application(*[httpx2.Response(307, headers={"location": "https://evil.example/"})] * REJECTIONS)
    push(inbox, application, client_of(redmine))
    assert {str(request.url) for request in application.received} == {URL}


def test_an_application_that_is_gone_gets_no_more(inbox: Inbox, redmine: Loopback) -> None:
    put(inbox, *created("1", "2"))
    application = Application(410)
    push(inbox, application, client_of(redmine))
    assert application.records == ["1"]
    assert inbox.oldest_waiting("push:app") is not None, "the event waits for the next start"


def test_an_event_that_was_not_confirmed_here_comes_again(inbox: Inbox, redmine: Loopback) -> None:
    """Another process got the lease while the application responded."""
    put(inbox, *created("1", "2"))
    taken: list[int | None] = []

    def take() -> None:
        if not taken:
            taken.append(inbox.replay("push:app", position=0))

    application = Application(before=take)
    push(inbox, application, client_of(redmine))
    assert taken == [2]
    assert application.records == ["1", "1", "2"]
    first, second, _ = (request.headers["webhook-id"] for request in application.received)
    assert first == second


def test_only_events_of_the_types_are_sent(inbox: Inbox, redmine: Loopback) -> None:
    put(inbox, *created("1"), Event("task.updated", "tasks", "2"))
    application = Application()
    push(inbox, application, client_of(redmine), types=("task.updated",))
    assert application.records == ["2"]


def test_events_without_a_record(inbox: Inbox, redmine: Loopback) -> None:
    put(inbox, Event("task.deleted", "tasks", "1"), Event("comment.created", "comments", "2"))
    application = Application()
    push(inbox, application, client_of(redmine))
    assert [body["data"]["record"] for body in application.bodies] == [None, None]
    assert redmine.seen == []


def test_records_can_be_left_out(inbox: Inbox, redmine: Loopback) -> None:
    put(inbox, *created("1"))
    application = Application()
    push(inbox, application, client_of(redmine), record=False)
    assert application.bodies[0]["data"]["record"] is None
    assert redmine.seen == []


def test_a_record_that_is_gone_is_left_out(inbox: Inbox, redmine: Loopback) -> None:
    redmine.record = Reply(404)
    put(inbox, *created("1"))
    application = Application()
    push(inbox, application, client_of(redmine))
    assert application.bodies[0]["data"]["record"] is None


def test_the_policy_decides(inbox: Inbox, redmine: Loopback) -> None:
    """It is evaluated for the agent of the push, and its reads."""
    engine = Engine(lambda question: allow() if question.agent == "pusher" and question.record is None else deny("not this one"))
    put(inbox, *created("1"))
    application = Application()
    push(inbox, application, client_of(redmine, PolicyEnforcer(engine)), agent="stranger")
    assert application.received == []
    put(inbox, *created("2"))
    inbox.replay("push:app", position=1)
    push(inbox, application, client_of(redmine, PolicyEnforcer(engine)))
    assert application.records == ["2"]


def test_own_actions_can_be_left_out(inbox: Inbox, redmine: Loopback) -> None:
    put(inbox, *created("1", actor="5"), *created("2", actor="6"))
    redmine.record = Reply.of({"issue": ISSUE, "user": {"id": 5, "login": "alice", "firstname": "A", "lastname": "B"}})
    application = Application()
    push(inbox, application, client_of(redmine), others=True)
    assert application.records == ["2"]


def test_a_broker_pushes(redmine: Loopback, tmp_path: Path) -> None:
    """Over HTTP, from the settings of a broker."""
    inbox, application = open_inbox(tmp_path / "inbox.db"), Loopback()
    put(inbox, *created("1"))
    application.answers(Reply(204))
    setting = Push(name="app", url=f"{application.url}/events", secret_env=("PUSH_NEW",), record=False)
    calls = Calls(client_of(redmine), PolicyEnforcer(Engine()), Unlimited())
    feed = build(Config(inbox=str(tmp_path / "inbox.db"), pushes=(setting,)), calls)

    async def run() -> None:
        async with AsyncExitStack() as stack:
            for enter in feed.around:
                await stack.enter_async_context(enter())
            await asyncio.to_thread(until, lambda: inbox.oldest_waiting("push:app") is None)

    asyncio.run(run())
    for close in feed.closing:
        close()
    (request,) = application.seen
    assert request.target == "/events"
    assert "webhook-signature" in request.headers
    application.close()
    inbox.close()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"name": "App"}, "not a valid name"),
        ({"url": "app.example/events"}, "not a valid URL"),
        ({"url": "https://user:x@app.example/"}, "not a valid URL"),
        ({"url": "http://app.example/"}, "use https, or set plaintext"),
        ({"secret_env": ()}, "has no secret: set secret_env"),
        ({"secret_env": ("PUSH_MISSING",)}, "has no secret: set PUSH_MISSING"),
        ({"secret_env": ("PUSH_SHORT",)}, "24 to 64 bytes in Base64"),
        ({"secret_env": ("PUSH_PLAIN",)}, "24 to 64 bytes in Base64"),
    ],
)
def test_wrong_settings(setting: dict[str, Any], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUSH_SHORT", "whsec_c2hvcnQ=")
    monkeypatch.setenv("PUSH_PLAIN", "a secret that is not in Base64")
    given = Push(**{"name": "app", "url": URL, "secret_env": ("PUSH_NEW",), **setting})
    with pytest.raises(InvalidInput, match=message):
        Pusher([given], open_inbox(tmp_path / "inbox.db"), AsyncClient())


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/", "http://localhost/", "https://app.example/"])
def test_right_urls(url: str) -> None:
    Push(name="app", url=url, secret_env=("PUSH_NEW",)).checked()
    Push(name="app", url="http://app:8000/", secret_env=("PUSH_NEW",), plaintext=True).checked()


def test_events_are_replayed_by_command(tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    inbox = open_inbox(path)
    put(inbox, *created("1", "2"))
    token = inbox.lease("push:app")
    assert token is not None
    assert inbox.done("push:app", token, 2)

    def replay(*options: str) -> str:
        return CliRunner().invoke(main, ["inbox", "replay", *options, "--inbox", str(path)]).output

    assert "2 events are delivered to push:app again" in replay("push:app", "--since", "2026-01-01T00:00:00Z")
    assert [event.record for event in inbox.read("push:app")] == ["1", "2"]
    assert "1 events" in replay("push:app", "--position", "1")
    assert "0 events" in replay("push:app", "--since", "2099-01-01T00:00:00Z")
    assert "did you mean 'push:app'" in replay("push:ap", "--position", "1")
    assert "give either --since or --position" in replay("push:app")
    inbox.close()
