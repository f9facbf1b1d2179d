"""Webhooks of emulated vendors: our own receiver accepts the deliveries, and reads the events of what happened."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from unified import branches, channels, comments, companies, contacts, deals, messages, projects, pull_requests, repositories, tasks
from unified_emulation.serving.app import create
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.local import LocalEmulator
from unified_emulation.serving.seed_files import parse_seed
from unified_emulation.serving.webhooks.requests import Received, VendorRequest
from unified_platform.inbox import Hook, Inbox, Receiver, open_inbox
from unified_runtime import Client, using
from unified_runtime.adapter_api.webhooks import has_webhooks
from unified_runtime.core.errors import InvalidInput, NotFound
from unified_runtime.core.vendors import available

SECRET = "a-secret-of-receivers"
ADDRESS = "http://receiver.example"
VENDORS = [name for name in available() if has_webhooks(name)]


class Delivered:
    """Receiver of our own, which deliveries reach without sockets. `statuses` are those of the next responses, instead of its own."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.receiver = Receiver([Hook(name=name, vendor=name, secret_env=("S",)) for name in VENDORS], inbox, address=ADDRESS)
        self.requests: list[VendorRequest] = []
        self.statuses: list[int] = []

    def send(self, request: VendorRequest) -> Received:
        self.requests.append(request)
        if self.statuses:
            return Received(self.statuses.pop(0))
        name, _, rest = urlsplit(request.url).path.removeprefix("/hooks/").partition("/")
        headers = {key.lower(): value for key, value in request.headers.items()}
        reply = self.receiver.take(name, request.method, headers, request.body, rest=rest, query={})
        return Received(reply.status, {}, reply.body.decode())

    def events(self) -> list[tuple[str, str]]:
        """Return the types and records of the events so far, the oldest first."""
        return [(one.type, one.record) for one in reversed(self.inbox.latest())]


@pytest.fixture
def delivered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Delivered]:
    monkeypatch.setenv("S", SECRET)
    inbox = open_inbox(tmp_path / "inbox.db")
    yield Delivered(inbox)
    inbox.close()


def emulator(delivered: Delivered, vendor: str) -> LocalEmulator:
    made = LocalEmulator([vendor], send=delivered.send)
    made.emulators.webhooks.add(vendor, f"{ADDRESS}/hooks/{vendor}", SECRET)
    return made


RESOURCES: dict[ModuleType, tuple[dict[str, Any], dict[str, Any]]] = {
    tasks: ({"title": "Fix it"}, {"title": "Fixed"}),
    comments: ({"body": "Seen"}, {"body": "Solved"}),
    projects: ({"name": "Launch"}, {"name": "Lift-off"}),
    messages: ({"text": "Hello"}, {"text": "Goodbye"}),
    channels: ({"name": "news"}, {"name": "old-news"}),
    contacts: ({"first_name": "Ada", "last_name": "King"}, {"last_name": "Lovelace"}),
    companies: ({"name": "Engines"}, {"name": "Engines Ltd"}),
    deals: ({"name": "Engine"}, {"name": "Engines"}),
    pull_requests: ({"title": "Fix it"}, {"title": "Fixed"}),
}
"""Inputs that create and update a record."""
REPORTED: dict[str, tuple[ModuleType, ...]] = {
    "bitbucket": (pull_requests,),
    "clickup": (tasks,),
    "gitea": (tasks, comments),
    "github": (tasks, comments),
    "gitlab": (tasks, comments),
    "hubspot": (contacts, companies, deals),
    "jira": (tasks, comments, projects),
    "linear": (tasks, comments),
    "matrix": (messages,),
    "monday": (tasks, comments),
    "slack": (messages, channels),
    "todoist": (tasks, comments, projects),
    "trello": (tasks, comments),
    "zendesk": (tasks,),
}
"""Resources whose changes a vendor's webhooks report."""
WITHOUT_KIND = {"bitbucket": ("created", "updated")}
"""Vendors that name the kind of an event in an unsigned header only, so that a new record is reported as a changed one."""
UNSUPPORTED = {("github", tasks, "delete"), ("gitlab", tasks, "delete"), ("gitlab", comments, "delete")}


def write(vendor: str, resource: ModuleType) -> Iterator[tuple[str, str]]:
    """Create, update and delete a record, and yield the events to expect."""
    creating, updating = RESOURCES[resource]
    noun = {companies: "company"}.get(resource, resource.__name__.rpartition(".")[2].removesuffix("s"))
    create = getattr(resource, "send" if resource is messages else "create", None)
    if create is None:
        return
    above = {}
    if resource is comments:
        task = tasks.create(via=vendor, **RESOURCES[tasks][0], **below(vendor, tasks))
        yield "task.created", task.id
        above = {"task_id": task.id}
    made = create(via=vendor, **creating, **below(vendor, resource), **above)
    yield f"{noun}.created", made.id
    for name in ("update", "delete"):
        if (vendor, resource, name) not in UNSUPPORTED and hasattr(resource, name):
            getattr(resource, name)(made.id, via=vendor, **(updating if name == "update" else {}))
            yield f"{noun}.{name}d", made.id


def below(vendor: str, resource: ModuleType) -> dict[str, Any]:
    """Return the inputs that state what a new record is below."""
    if resource is messages and vendor == "matrix":
        return {"channel_id": "!general:emulated.example"}
    if resource is messages:
        return {"channel_id": next(iter(channels.list(via=vendor))).id}
    if resource is tasks and vendor in projects.list.vendors:
        return {"project_id": next(iter(projects.list(via=vendor))).id}
    if resource is pull_requests:
        repository = next(iter(repositories.list(via=vendor))).id
        for name in ("fix", "next"):
            branches.create(repository_id=repository, name=name, source="main", via=vendor)
        return {"repository_id": repository, "source_branch": "fix", "target_branch": "next"}
    if resource is projects and vendor == "jira":
        return {"key": "NEW"}
    return {"stage_id": "appointmentscheduled"} if resource is deals else {}


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_vendor_delivers_what_our_receiver_reads(vendor: str, delivered: Delivered) -> None:
    made = emulator(delivered, vendor)
    with Client(emulated=made) as client, using(client):
        old, new = WITHOUT_KIND.get(vendor, ("", ""))
        expected = [(type.replace(old, new), id) for resource in REPORTED[vendor] for type, id in write(vendor, resource)]
    assert made.emulators.webhooks.deliveries.settle()
    listed = made.emulators.webhooks.deliveries.listed()
    assert [one for one in listed if one.state != "delivered"] == []
    assert list(dict.fromkeys(delivered.events())) == list(dict.fromkeys(expected))


def test_a_failed_delivery_is_repeated_and_counted(delivered: Delivered) -> None:
    emulators = Emulators(["hubspot"], send=delivered.send, longest_wait=0)
    emulators.webhooks.add("hubspot", f"{ADDRESS}/hooks/hubspot", SECRET)
    delivered.statuses += [500, 503]
    with Client(emulated=LocalEmulator(emulators=emulators)) as client, using(client):
        made = companies.create(name="Engines")
    assert emulators.webhooks.deliveries.settle()
    (one,) = emulators.webhooks.deliveries.listed()
    assert [each.response.status for each in one.attempts] == [500, 503, 200]
    assert [json.loads(each.request.body)[0]["attemptNumber"] for each in one.attempts] == [0, 1, 2]
    assert delivered.events() == [("company.created", made.id)]


def test_a_delivery_that_always_fails_ends_as_often_as_the_vendor_tries(delivered: Delivered) -> None:
    emulators = Emulators(["todoist"], send=delivered.send, longest_wait=0)
    emulators.webhooks.add("todoist", f"{ADDRESS}/hooks/todoist", "not the secret")
    with Client(emulated=LocalEmulator(emulators=emulators)) as client, using(client):
        tasks.create(title="Fix it")
    assert emulators.webhooks.deliveries.settle()
    (one,) = emulators.webhooks.deliveries.listed()
    assert (one.state, [each.response.status for each in one.attempts]) == ("failed", [401] * 4)
    assert delivered.events() == []
    with pytest.raises(NotFound):
        emulators.webhooks.deliveries.again(one.number + 1)


@pytest.fixture
def emulators(delivered: Delivered) -> Emulators:
    return Emulators(["trello", "clickup", "slack"], send=delivered.send, longest_wait=0)


@pytest.fixture
def site(emulators: Emulators) -> TestClient:
    return TestClient(create(emulators), base_url="http://127.0.0.1:4600", follow_redirects=False)


def settled(site: TestClient) -> Any:
    for _ in range(200):
        listed = site.get("/_api/deliveries").json()
        if all(one["state"] != "waiting" for one in listed):
            return listed
        time.sleep(0.02)
    raise AssertionError("deliveries are still waiting")


def test_a_vendors_operation_registers_a_webhook_for_one_record(site: TestClient, delivered: Delivered) -> None:
    keys = {"key": "k", "token": "t"}
    board = site.get("/trello/1/members/me/boards", params=keys).json()[0]["id"]
    given = {"callbackURL": f"{ADDRESS}/hooks/trello", "idModel": board}
    made = site.post("/trello/1/webhooks/", params={**keys, **given}).json()
    assert [request.method for request in delivered.requests] == ["HEAD"]
    assert [(one["url"], one["about"], one["id"]) for one in site.get("/_api/webhooks").json()] == [
        (given["callbackURL"], board, made["id"])
    ]
    lists = [site.get(f"/trello/1/boards/{each['id']}/lists", params=keys).json()[0]["id"] for each in boards(site, keys)[:2]]
    for found in lists:
        assert site.post("/trello/1/cards", params={**keys, "idList": found, "name": "Card"}).status_code == 200
    assert [one["event"] for one in settled(site)] == ["createCard"] * len([each for each in lists if each == lists[0]])
    assert site.delete(f"/trello/1/webhooks/{made['id']}", params=keys).status_code == 200
    site.post("/trello/1/cards", params={**keys, "idList": lists[0], "name": "Another"})
    assert len(settled(site)) == 1


def boards(site: TestClient, keys: dict[str, str]) -> Any:
    return site.get("/trello/1/members/me/boards", params=keys).json()


def test_an_address_that_fails_the_vendors_test_is_not_registered(site: TestClient, delivered: Delivered) -> None:
    delivered.statuses += [404]
    keys = {"key": "k", "token": "t"}
    given = {"callbackURL": f"{ADDRESS}/hooks/trello", "idModel": boards(site, keys)[0]["id"]}
    assert site.post("/trello/1/webhooks/", params={**keys, **given}).status_code == 400
    assert site.get("/_api/webhooks").json() == []
    delivered.statuses += [200]  # without the challenge
    response = site.post("/_api/webhooks", json={"vendor": "slack", "url": f"{ADDRESS}/hooks/slack", "secret": SECRET})
    assert (response.status_code, "does not pass the test" in response.json()["message"]) == (400, True)
    assert site.post("/_api/webhooks", json={"vendor": "slack", "url": f"{ADDRESS}/hooks/slack", "secret": SECRET}).status_code == 200
    assert json.loads(delivered.requests[-1].body)["type"] == "url_verification"
    assert site.post("/_api/webhooks", json={"vendor": "slack", "url": "ftp://x"}).status_code == 400


def test_the_secret_of_a_handshake_signs_the_deliveries() -> None:
    received: list[VendorRequest] = []

    def respond(request: VendorRequest) -> Received:
        received.append(request)
        secret = request.headers.get("X-Hook-Secret")
        return Received(200, {} if secret is None else {"x-hook-secret": secret})

    emulators = Emulators(["asana"], send=respond)
    asana = TestClient(create(emulators), base_url="http://127.0.0.1:4600")
    bearer = {"Authorization": "Bearer x"}
    project = asana.get("/asana/api/1.0/projects", headers=bearer).json()["data"][0]["gid"]
    body = {"data": {"target": f"{ADDRESS}/asana", "resource": project}}
    assert asana.post("/asana/api/1.0/webhooks", json=body, headers=bearer).status_code == 201
    for within in ([project], []):
        asana.post("/asana/api/1.0/tasks", json={"data": {"name": "One", "projects": within, "workspace": "1"}}, headers=bearer)
    assert emulators.webhooks.deliveries.settle()
    handshake, delivery = received
    secret = handshake.headers["X-Hook-Secret"]
    assert delivery.headers["X-Hook-Signature"] == hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest()
    (event,) = json.loads(delivery.body)["events"]
    assert (event["action"], event["resource"]["resource_type"]) == ("added", "task")


def test_the_secret_that_the_vendor_makes_signs_the_deliveries(site: TestClient, emulators: Emulators) -> None:
    body = {"endpoint": f"{ADDRESS}/hooks/other", "events": ["taskCreated"]}
    made = site.post("/clickup/api/v2/team/1/webhook", json=body, headers={"Authorization": "x"})
    secret = made.json()["webhook"]["secret"]
    task = clickup_task(emulators)
    (one,) = settled(site)
    sent = one["attempts"][0]["body"]
    assert one["attempts"][0]["headers"]["x-signature"] == hmac.new(secret.encode(), sent.encode(), hashlib.sha256).hexdigest()
    assert (json.loads(sent)["task_id"], json.loads(sent)["webhook_id"]) == (task, made.json()["id"])


def clickup_task(emulators: Emulators) -> str:
    """Create and change a task, and return its id."""
    with Client(emulated=LocalEmulator(emulators=emulators)) as client, using(client):
        task = tasks.create(title="<b>One</b>", via="clickup", **below("clickup", tasks)).id
        tasks.update(task, title="Two", via="clickup")
        return task


def test_the_control_page_registers_shows_and_delivers_again(site: TestClient, emulators: Emulators, delivered: Delivered) -> None:
    form = {"vendor": "clickup", "url": f"{ADDRESS}/hooks/clickup", "secret": SECRET, "events": "*Created"}
    assert site.post("/_/webhooks", data=form).status_code == 303
    task = clickup_task(emulators)
    (one,) = settled(site)
    page = site.get("/_/webhooks").text
    assert f"/_/deliveries/{one['number']}" in page
    assert SECRET not in page
    assert "taskCreated" in site.get(f"/_/deliveries/{one['number']}").text
    assert site.post(f"/_/deliveries/{one['number']}/again").status_code == 303
    (one,) = settled(site)
    assert [each["status"] for each in one["attempts"]] == [200, 200]
    assert delivered.events() == [("task.created", task)]
    assert site.post("/_/webhooks", data={"remove": "1"}).status_code == 303
    assert site.get("/_api/webhooks").json() == []
    assert site.get("/_/deliveries/99").status_code == 404
    assert site.post("/_/webhooks", data=form, headers={"Origin": "https://evil.example"}).status_code == 403
    site.post("/_api/reset")
    assert site.get("/_api/deliveries").json() == []


def test_webhooks_of_a_seed_file(delivered: Delivered) -> None:
    text = f"webhooks:\n  - {{vendor: todoist, url: '{ADDRESS}/hooks/todoist', secret: {SECRET}, events: ['item:*']}}\n"
    emulators = Emulators(["todoist"], parse_seed(text, "mine.yaml"), send=delivered.send)
    with Client(emulated=LocalEmulator(emulators=emulators)) as client, using(client):
        made = tasks.create(title="Fix it")
    assert emulators.webhooks.deliveries.settle()
    assert delivered.events() == [("task.created", made.id)]
    with pytest.raises(InvalidInput, match=r"mine.yaml:2: a webhook has a url"):
        Emulators(["todoist"], parse_seed("webhooks:\n  - {vendor: jira, url: 'http://a.example'}\n", "mine.yaml"))


def test_one_address_for_all_vendors_over_http() -> None:
    emulators = Emulators(["todoist", "roundup", "trello"])
    assert emulators.subscribe("http://127.0.0.1:9/hooks/{vendor}") == ["todoist", "trello"]
    assert [one.url for one in emulators.webhooks.listed()] == ["http://127.0.0.1:9/hooks/todoist", "http://127.0.0.1:9/hooks/trello"]
    with Client(emulated=LocalEmulator(emulators=emulators)) as client, using(client):
        tasks.create(title="Fix it", via="todoist")
    for _ in range(200):
        (one,) = emulators.webhooks.deliveries.listed()
        if one.attempts:
            break
        time.sleep(0.02)
    assert one.attempts[0].response.status is None  # no receiver is there
    emulators.reset()
    assert emulators.webhooks.deliveries.listed() == ()
