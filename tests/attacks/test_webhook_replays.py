"""Webhook deliveries sent again: by an attacker that captured one, with other headers, later, elsewhere; and by the vendor itself."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from tests.support.mcp.serving import served
from tests.support.postgres import database
from unified_platform.inbox import Hook, Inbox, Receiver, open_inbox
from unified_platform.inbox.receiver import ROOT
from unified_runtime import InvalidInput
from unified_runtime.adapter_api.webhooks import webhooks

SECRET = "a-secret-that-nobody-knows"
NOW = 1_700_000_000
DAY = 24 * 3600
ADDRESS = "https://broker.example"
STAMP = datetime.fromtimestamp(NOW, UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True)
class Captured:
    """A delivery, and those of its headers that are not the proof."""

    vendor: str
    body: Any
    other: dict[str, str]
    event: tuple[str, str]
    retried: bool = True
    """The vendor may send the same body with another signed time."""

    @property
    def bytes(self) -> bytes:
        return json.dumps(self.body).encode()

    def path(self) -> str:
        return "_matrix/app/v1/transactions/1" if self.vendor == "matrix" else ""

    def proof(self, at: int = NOW) -> dict[str, str]:
        body, url = self.bytes, f"{ADDRESS}{ROOT}/{self.vendor}"

        def mac(text: bytes, algorithm: str = "sha256") -> bytes:
            return hmac.new(SECRET.encode(), text, algorithm).digest()

        def base64ed(value: bytes) -> str:
            return base64.b64encode(value).decode()

        match self.vendor:
            case "github":
                return {"X-Hub-Signature-256": f"sha256={mac(body).hex()}"}
            case "jira":
                return {"X-Hub-Signature": f"sha256={mac(body).hex()}"}
            case "clickup":
                return {"X-Signature": mac(body).hex()}
            case "todoist":
                return {"X-Todoist-Hmac-SHA256": base64ed(mac(body))}
            case "trello":
                return {"X-Trello-Webhook": base64ed(mac(body + url.encode(), "sha1"))}
            case "zendesk":
                when = datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
                return {
                    "X-Zendesk-Webhook-Signature-Timestamp": when,
                    "X-Zendesk-Webhook-Signature": base64ed(mac(when.encode() + body)),
                }
            case "hubspot":
                signed = f"POST{url}".encode() + body + f"{at}000".encode()
                return {"X-HubSpot-Request-Timestamp": f"{at}000", "X-HubSpot-Signature-v3": base64ed(mac(signed))}
            case "slack":
                return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={mac(f'v0:{at}:'.encode() + body).hex()}"}
        return {"Authorization": f"Bearer {SECRET}"}


REPOSITORY = {"name": "w", "owner": {"login": "a"}}
ISSUE = {"number": 7, "updated_at": STAMP, "created_at": STAMP}
CAPTURED = [
    Captured(
        "github",
        {"action": "created", "repository": REPOSITORY, "issue": ISSUE, "comment": {"id": 5, "updated_at": STAMP}},
        {"X-GitHub-Event": "issue_comment", "X-GitHub-Delivery": "d1"},
        ("comment.created", "a/w#7:5"),
    ),
    Captured(
        "jira",
        {"timestamp": NOW * 1000, "webhookEvent": "jira:issue_updated", "issue": {"key": "PROJ-7"}},
        {"X-Atlassian-Webhook-Identifier": "i1"},
        ("task.updated", "PROJ-7"),
    ),
    Captured(
        "clickup",
        {"event": "taskUpdated", "task_id": "t1", "history_items": [{"id": "h1", "date": str(NOW * 1000)}]},
        {},
        ("task.updated", "t1"),
    ),
    Captured(
        "todoist",
        {"event_name": "item:added", "event_data": {"id": "i1"}, "triggered_at": STAMP},
        {"X-Todoist-Delivery-ID": "d1"},
        ("task.created", "i1"),
    ),
    Captured(
        "trello",
        {"action": {"id": "a1", "type": "updateCard", "date": STAMP, "data": {"card": {"id": "c1"}}}},
        {},
        ("task.updated", "c1"),
    ),
    Captured("zendesk", {"id": "e1", "type": "zen:event-type:ticket.created", "detail": {"id": "9"}}, {}, ("task.created", "9")),
    Captured("hubspot", [{"eventId": 1, "subscriptionType": "contact.creation", "objectId": 51}], {}, ("contact.created", "51")),
    Captured(
        "slack",
        {"type": "event_callback", "event_id": "Ev1", "event": {"type": "message", "channel": "C1", "ts": "1.2"}},
        {"X-Slack-Retry-Num": "1"},
        ("message.created", "C1:1.2"),
    ),
    Captured(
        "matrix",
        {"events": [{"type": "m.room.message", "room_id": "!r", "event_id": "$1", "content": {}}]},
        {},
        ("message.created", "!r/$1"),
    ),
]
BY_VENDOR = {one.vendor: one for one in CAPTURED}
TIMED = ["github", "jira", "clickup", "todoist", "trello"]
EVERY = pytest.mark.parametrize("captured", CAPTURED, ids=lambda one: one.vendor)


class Clock:
    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "inbox.db")
    else:
        with database() as found:
            yield found


@pytest.fixture
def inbox(url: str) -> Iterator[Inbox]:
    made = open_inbox(url)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", SECRET)


def receiver(inbox: Inbox, clock: Clock) -> Receiver:
    hooks = [Hook(name=one.vendor, vendor=one.vendor, secret_env=("HOOK_SECRET",)) for one in CAPTURED]
    return Receiver(hooks, inbox, address=ADDRESS, clock=clock)


def sent(to: Receiver, captured: Captured, headers: dict[str, str], body: bytes | None = None) -> int:
    lowered = {name.lower(): value for name, value in headers.items()}
    method = webhooks(captured.vendor).method
    return to.take(captured.vendor, method, lowered, body or captured.bytes, rest=captured.path(), query={}).status


def found(inbox: Inbox) -> list[tuple[str, str]]:
    return [(event.type, event.record) for event in inbox.latest(limit=200)]


@EVERY
def test_unsigned_headers_do_not_duplicate_an_event(captured: Captured, inbox: Inbox, clock: Clock) -> None:
    proof = captured.proof()
    first, second = receiver(inbox, clock), receiver(inbox, clock)  # the second receiver has nothing in memory
    assert sent(first, captured, proof | captured.other) == 200
    assert found(inbox) == [captured.event]
    for to in (first, second):
        for others in (
            captured.other,
            {},
            dict.fromkeys(captured.other, "other"),
            {name: value.upper() for name, value in captured.other.items()},
            {"X-GitHub-Event": "issues", "X-GitHub-Delivery": "d2", "X-Request-Id": "r2"},
            {"x-atlassian-webhook-identifier": "i9", "x-todoist-delivery-id": "d9", "X-Slack-Retry-Num": "3"},
        ):
            assert sent(to, captured, proof | others) == 200, "the vendor's own second delivery is harmless"
    assert found(inbox) == [captured.event]


@EVERY
def test_the_first_delivery_with_other_headers_is_the_same_event(captured: Captured, inbox: Inbox, clock: Clock) -> None:
    """A body that is signed for one kind is never read as another kind."""
    others = {"X-GitHub-Event": "ISSUES", "X-GitHub-Delivery": "x", "X-Event-Key": "deleted", "X-Hook-Event": "deleted"}
    assert sent(receiver(inbox, clock), captured, captured.proof() | others) == 200
    assert found(inbox) == [captured.event]


@pytest.mark.parametrize("kind", ["issues", "issue_comment", "ping", "push", "ISSUES", "pull_request", ""])
def test_githubs_kinds_are_those_of_the_body(kind: str, inbox: Inbox, clock: Clock) -> None:
    to = receiver(inbox, clock)
    bodies: list[tuple[Any, list[tuple[str, str]]]] = [
        ({"action": "created", "repository": REPOSITORY, "pull_request": {}, "comment": {"id": 1}}, []),
        ({"action": "created", "repository": REPOSITORY, "discussion": {}, "comment": {"id": 1}}, []),
        ({"action": "created", "repository": REPOSITORY, "comment": {"id": 1, "commit_id": "c"}}, []),
        ({"action": "opened", "repository": REPOSITORY, "pull_request": {"number": 7}, "number": 7}, []),
        ({"action": "deleted", "repository": REPOSITORY, "label": {"id": 1}}, []),
        ({"zen": "Keep it logically awesome."}, []),
        ({"action": "deleted", "repository": REPOSITORY, "issue": ISSUE, "comment": {"id": 6}}, [("comment.deleted", "a/w#7:6")]),
        ({"action": "deleted", "repository": REPOSITORY, "issue": ISSUE}, [("task.deleted", "a/w#7")]),
    ]
    for body, events in bodies:
        before = found(inbox)
        one = Captured("github", body, {}, ("", ""))
        assert sent(to, one, one.proof() | {"X-GitHub-Event": kind}) == 200
        assert found(inbox) == events + before, body


@pytest.mark.parametrize("vendor", TIMED)
def test_a_replay_outside_the_window_is_rejected_by_its_signed_time(vendor: str, inbox: Inbox, clock: Clock) -> None:
    captured = BY_VENDOR[vendor]
    clock.now = NOW + 7 * DAY + 1
    assert sent(receiver(inbox, clock), captured, captured.proof()) == 401
    clock.now = NOW - 7 * DAY - 1
    assert sent(receiver(inbox, clock), captured, captured.proof()) == 401
    assert found(inbox) == []
    clock.now = NOW + 7 * DAY - 1
    assert sent(receiver(inbox, clock), captured, captured.proof()) == 200
    assert found(inbox) == [captured.event]


@pytest.mark.parametrize("vendor", ["zendesk", "hubspot", "slack"])
def test_a_signed_time_bounds_replays_and_lets_the_vendor_try_again(vendor: str, inbox: Inbox, clock: Clock) -> None:
    captured = BY_VENDOR[vendor]
    proof = captured.proof()
    assert sent(receiver(inbox, clock), captured, proof) == 200
    for later, status in ((299, 200), (301, 401), (-301, 401), (40 * DAY, 401)):
        clock.now = NOW + later
        assert sent(receiver(inbox, clock), captured, proof) == status
    clock.now = NOW + 3600
    assert sent(receiver(inbox, clock), captured, captured.proof(NOW + 3600)) == 200, "the vendor's second try, signed anew"
    assert found(inbox) == [captured.event]


def test_hubspots_event_ids_are_not_unique(inbox: Inbox, clock: Clock) -> None:
    """Two changes of one record with one `eventId` are two events; the second attempt of one, with a new signature, is a duplicate."""
    change = {"eventId": 1, "subscriptionType": "contact.propertyChange", "objectId": 51, "occurredAt": NOW * 1000, "attemptNumber": 0}
    other = change | {"occurredAt": NOW * 1000 + 1}
    to = receiver(inbox, clock)
    for body, count in (([change], 1), ([other], 2), ([change | {"attemptNumber": 1}], 2), ([dict(reversed(other.items()))], 2)):
        clock.now += 100
        captured = Captured("hubspot", body, {}, ("contact.updated", "51"))
        assert sent(to, captured, captured.proof(int(clock.now))) == 200
        assert len(found(inbox)) == count


UNTIMED = [
    Captured("github", {"action": "labeled", "repository": REPOSITORY, "issue": ISSUE}, {}, ("task.updated", "a/w#7")),
    Captured("github", {"action": "deleted", "repository": REPOSITORY, "issue": ISSUE}, {}, ("task.deleted", "a/w#7")),
    Captured("clickup", {"event": "taskDeleted", "task_id": "t1", "webhook_id": "w"}, {}, ("task.deleted", "t1")),
    Captured("jira", {"webhookEvent": "jira:issue_deleted", "issue": {"key": "PROJ-7"}}, {}, ("task.deleted", "PROJ-7")),
    BY_VENDOR["matrix"],
]


@pytest.mark.parametrize("captured", UNTIMED, ids=lambda one: f"{one.vendor}-{one.event[0]}")
def test_a_replay_without_a_time_is_recognized_after_its_events_are_purged(captured: Captured, url: str, clock: Clock) -> None:
    inbox = open_inbox(url, retention=-1.0)
    assert sent(receiver(inbox, clock), captured, captured.proof()) == 200
    assert inbox.put("other", "github", None, []) == 0  # purges
    assert found(inbox) == []
    clock.now = NOW + 300 * DAY
    assert sent(receiver(inbox, clock), captured, captured.proof()) == 200
    assert found(inbox) == []
    inbox.close()


@EVERY
def test_two_receivers_on_one_inbox_store_a_delivery_once(captured: Captured, url: str, clock: Clock) -> None:
    inboxes = [open_inbox(url) for _ in range(2)]
    both = [receiver(inbox, clock) for inbox in inboxes]
    with ThreadPoolExecutor(8) as threads:
        statuses = [*threads.map(lambda n: sent(both[n % 2], captured, captured.proof()), range(16))]
    assert statuses == [200] * 16
    assert found(inboxes[0]) == [captured.event]
    for inbox in inboxes:
        inbox.close()


@EVERY
def test_a_proof_is_of_its_body_and_its_hook(captured: Captured, inbox: Inbox, clock: Clock) -> None:
    to = receiver(inbox, clock)
    for body in (captured.bytes + b" ", captured.bytes.replace(b"1", b"2"), b"{}", b""):
        if captured.vendor != "matrix":  # whose proof is a secret instead of a signature
            assert sent(to, captured, captured.proof(), body or b"x") == 401
    for other in CAPTURED:
        if other.vendor not in {captured.vendor, "matrix"}:
            sent(to, other, captured.proof() | captured.other, captured.bytes)
    assert found(inbox) == []


@EVERY
def test_a_second_signature_header_is_refused(captured: Captured, inbox: Inbox, clock: Clock) -> None:
    """A proxy may read the one, and the receiver the other."""
    application = Starlette(routes=receiver(inbox, clock).routes())
    proof = list(captured.proof().items())
    path = f"{ROOT}/{captured.vendor}{'/' if captured.path() else ''}{captured.path()}"
    method = webhooks(captured.vendor).method
    with served(application) as url, httpx2.Client(base_url=url) as client:
        for name, value in proof:
            for more in ((name, value), (name.upper(), "sha256=00"), (name.lower(), value[:-1] + "x")):
                for headers in ([*proof, more], [more, *proof]):
                    assert client.request(method, path, content=captured.bytes, headers=headers).status_code == 401
        cased = [(name.upper(), value) for name, value in proof]
        assert client.request(method, path, content=captured.bytes, headers=cased).status_code == 200
    assert found(inbox) == [captured.event]


def test_two_hooks_of_one_vendor_do_not_share_a_secret(inbox: Inbox) -> None:
    def made(vendor: str) -> None:
        Receiver([Hook(name=name, vendor=vendor, secret_env=("HOOK_SECRET",)) for name in ("a", "b")], inbox, address=ADDRESS)

    for vendor in ("github", "jira", "clickup", "todoist", "zendesk", "slack"):
        with pytest.raises(InvalidInput, match=r"the hooks 'a' and 'b' of .* have the same secret"):
            made(vendor)
    for vendor in ("trello", "hubspot"):  # which sign the address
        made(vendor)


@pytest.mark.parametrize("vendor", [one.vendor for one in CAPTURED])
def test_no_declaration_reads_what_is_not_signed(vendor: str) -> None:
    declared = webhooks(vendor)
    if declared.proof.hmac is not None:
        assert declared.kind is None or declared.kind.kind == "path"
        assert declared.delivery is None or declared.delivery.kind == "path"


def test_a_digest_is_of_parts_whose_boundary_cannot_move() -> None:
    declared = webhooks("zendesk")
    from unified_runtime.adapter_api.webhooks import Delivery

    one = declared.digest(Delivery(b"23{}", {}), "1")
    assert one != declared.digest(Delivery(b"3{}", {}), "12")
    assert one == declared.digest(Delivery(b"23{}", {"x": "y"}, "PUT", "u"), "1")
    assert len(one) == len(hashlib.sha256(b"").hexdigest())


SECOND = "a-second-secret-of-the-other-hook"


@EVERY
def test_a_delivery_of_one_hook_is_not_one_of_a_second_hook_of_the_vendor(
    captured: Captured, inbox: Inbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second hook is another user's. It gets the delivery before and after the first one does, and with both proofs."""
    monkeypatch.setenv("SECOND_SECRET", SECOND)
    first = Hook(name=captured.vendor, vendor=captured.vendor, secret_env=("HOOK_SECRET",), user="alice")
    second = Hook(name="second", vendor=captured.vendor, secret_env=("SECOND_SECRET",), user="bob")
    to = Receiver([first, second], inbox, address=ADDRESS, clock=clock)
    method = webhooks(captured.vendor).method
    headers = {name.lower(): value for name, value in (captured.proof() | captured.other).items()}
    for _ in range(2):
        for name in ("second", "Second", "second ", f"{captured.vendor}/../second", f"../{captured.vendor}", captured.vendor.upper(), ""):
            assert to.take(name, method, headers, captured.bytes, rest=captured.path(), query={}).status in {401, 404}
        assert to.take(captured.vendor, method, headers, captured.bytes, rest=captured.path(), query={}).status == 200
    (event,) = inbox.latest(limit=200)
    assert (event.type, event.record) == captured.event
    assert event.user == "alice"


@EVERY
def test_other_spellings_of_a_hooks_address_give_no_second_event(captured: Captured, inbox: Inbox, clock: Clock) -> None:
    application = Starlette(routes=receiver(inbox, clock).routes())
    rest = f"/{captured.path()}" if captured.path() else ""
    name = captured.vendor
    encoded = "".join(f"%{ord(character):02x}" for character in name)
    with served(application) as url, httpx2.Client(base_url=url) as client:
        for path in (
            f"{ROOT}/{name}{rest}",
            f"{ROOT}/{encoded}{rest}",
            f"{ROOT}/{name}{rest}?x=1",
            f"{ROOT}/{name}{rest}/",
            f"{ROOT}//{name}{rest}",
            f"{ROOT}/./{name}{rest}",
            f"{ROOT}/{name}/{rest}",
            f"{ROOT}/{name};x{rest}",
            f"{ROOT}/{name}{rest}#x",
            f"{ROOT}/{name.upper()}{rest}",
        ):
            client.request(webhooks(name).method, path, content=captured.bytes, headers=captured.proof() | captured.other)
    assert found(inbox) == [captured.event]


SHARED = [(("HOOK_SECRET", "SECOND_SECRET"), ("SECOND_SECRET",)), (("SECOND_SECRET",), ("HOOK_SECRET", "SECOND_SECRET"))]


@pytest.mark.parametrize("vendor", ["github", "jira", "clickup", "todoist", "zendesk", "slack", "matrix"])
@pytest.mark.parametrize("shared", SHARED)
def test_a_secret_that_is_being_replaced_is_not_shared_either(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, vendor: str, shared: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    monkeypatch.setenv("SECOND_SECRET", SECOND)
    hooks = [Hook(name=name, vendor=vendor, secret_env=names) for name, names in zip(("a", "b"), shared, strict=True)]
    with pytest.raises(InvalidInput, match="have the same secret"):
        Receiver(hooks, inbox, address=ADDRESS)
