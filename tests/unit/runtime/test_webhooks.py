"""Authenticity of deliveries: the vendors' own published examples, and forged deliveries."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from unified_runtime import InvalidInput, Secret, VendorProtocolError
from unified_runtime.adapter_api.webhooks import Delivery, DeliveryField, Event, Forged, Proof, Webhooks, event, webhooks

NOW = 1_700_000_000


def made(proof: Proof, **more: Any) -> Webhooks:
    return Webhooks(vendor="acme", proof=proof, read=lambda kind, body: iter(()), **more)


def refused(declared: Webhooks, delivery: Delivery, *secrets: str, now: float = NOW) -> bool:
    try:
        declared.verify(delivery, [Secret(text) for text in secrets], now)
    except Forged:
        return True
    return False


def test_githubs_published_example() -> None:
    """https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries: testing the validation."""
    signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    delivery = Delivery(b"Hello, World!", {"x-hub-signature-256": signature})
    assert not refused(webhooks("github"), delivery, "It's a Secret to Everybody")
    assert refused(webhooks("github"), delivery, "It's another Secret")


def test_jiras_published_example() -> None:
    """RFC 2104 in the `method=signature` format of Atlassian's "Secure your webhooks", whose example is GitHub's."""
    signature = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
    delivery = Delivery(b"Hello World!", {"x-hub-signature": signature})
    assert not refused(webhooks("jira"), delivery, "It's a Secret to Everybody")


def test_slacks_published_example() -> None:
    """https://docs.slack.dev/authentication/verifying-requests-from-slack: a recipe, step by step."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA"
        b"&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
        b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = {
        "x-slack-request-timestamp": "1531420618",
        "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }
    slack, secret = webhooks("slack"), "8f742231b10e8888abcd99yyyzzz85a5"
    assert not refused(slack, Delivery(body, headers), secret, now=1531420618 + 200)
    assert refused(slack, Delivery(body, headers), secret, now=1531420618 + 301)
    assert refused(slack, Delivery(body, headers), secret, now=1531420618 - 301)
    assert refused(slack, Delivery(body, headers | {"x-slack-request-timestamp": "1531420700"}), secret, now=1531420700)
    assert refused(slack, Delivery(body + b"&text=more", headers), secret, now=1531420618)


STRIPE = made(
    Proof("Stripe-Signature", "t={timestamp},v1={hex}", hmac="sha256", signed_content="{timestamp}.{body}", tolerance_seconds=300)
)


def stripe(secret: str, body: bytes, at: int) -> str:
    """https://docs.stripe.com/webhooks: verify manually."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def test_signatures_of_stripes_form() -> None:
    body, good = b'{"id":"evt_1"}', stripe("whsec_1", b'{"id":"evt_1"}', NOW)
    rolled = f"t={NOW},v1={'0' * 64},v1={good},v0=6ffbb59b"
    for header in (f"t={NOW},v1={good}", rolled, f"v1={good}, t={NOW}"):
        assert not refused(STRIPE, Delivery(body, {"stripe-signature": header}), "whsec_1"), header
    assert not refused(STRIPE, Delivery(body, {"stripe-signature": f"t={NOW},v1={good}"}), "whsec_new", "whsec_1")
    for header in (
        "",
        f"t={NOW}",
        f"v1={good}",
        f"t={NOW},v0={good}",
        f"t={NOW + 1},v1={good}",
        f"t={NOW + 1},t={NOW},v1={good}",
        f"t={NOW},v1={good.upper()}x",
        "t=,v1=",
    ):
        assert refused(STRIPE, Delivery(body, {"stripe-signature": header}), "whsec_1"), header
    old = stripe("whsec_1", body, NOW - 301)
    assert refused(STRIPE, Delivery(body, {"stripe-signature": f"t={NOW - 301},v1={old}"}), "whsec_1")


def test_signatures_of_other_vendors() -> None:
    """HubSpot signs method, address and milliseconds, Trello the address after the body, Zendesk a date-time before it."""

    def signed(secret: str, text: bytes, algorithm: str) -> str:
        return base64.b64encode(hmac.new(secret.encode(), text, algorithm).digest()).decode()

    url, body = "https://broker.example/hooks/crm?x=1", b"[]"
    at = f"{NOW}123"
    hubspot = {"x-hubspot-request-timestamp": at, "x-hubspot-signature-v3": signed("s", f"POST{url}[]{at}".encode(), "sha256")}
    assert not refused(webhooks("hubspot"), Delivery(body, hubspot, "POST", url), "s")
    assert refused(webhooks("hubspot"), Delivery(body, hubspot, "POST", url.replace("x=1", "x=2")), "s")
    trello = {"x-trello-webhook": signed("s", body + url.encode(), "sha1")}
    assert not refused(webhooks("trello"), Delivery(body, trello, "POST", url), "s")
    assert refused(webhooks("trello"), Delivery(body, trello, "POST", "https://elsewhere.example"), "s")
    when = "2023-11-14T22:13:20Z"
    zendesk = {"x-zendesk-webhook-signature-timestamp": when, "x-zendesk-webhook-signature": signed("s", when.encode() + body, "sha256")}
    assert not refused(webhooks("zendesk"), Delivery(body, zendesk), "s")
    assert refused(webhooks("zendesk"), Delivery(body, zendesk), "s", now=NOW + 400)


def test_the_secret_itself() -> None:
    matrix = webhooks("matrix")
    assert not refused(matrix, Delivery(b"{}", {"authorization": "Bearer s3cret, with a comma"}), "s3cret, with a comma")
    for header in ("", "Bearer", "Bearer ", "Bearer s", "bearer s3cret", "Bearer s3cretx"):
        assert refused(matrix, Delivery(b"{}", {"authorization": header}), "s3cret"), header


@pytest.mark.parametrize("vendor", ["github", "jira", "slack", "trello", "hubspot", "zendesk", "todoist", "clickup", "matrix"])
def test_without_a_proof_nothing_is_believed(vendor: str) -> None:
    declared = webhooks(vendor)
    name = declared.proof.header.lower()
    empty = hmac.new(b"", b"{}", declared.proof.hmac or "sha256")
    text, coded = empty.hexdigest(), base64.b64encode(empty.digest()).decode()
    for shown in ("", "sha256=", "v0=", "=" * 44, text, f"sha256={text}", coded):
        assert refused(declared, Delivery(b"{}", {name: shown}), "secret"), shown
    assert refused(declared, Delivery(b"{}", {}), "secret")


def test_a_vendor_without_webhooks_is_reported() -> None:
    with pytest.raises(InvalidInput, match=r"no webhooks of redmine are known; there are those of .*github.*slack"):
        webhooks("redmine")
    with pytest.raises(InvalidInput, match="did you mean 'github'"):
        webhooks("githb")


# ------------------------------------------------------------------------------------------------ events
def returned(vendor: str, body: Any, **headers: str) -> list[Event]:
    lowered = {name.replace("_", "-"): value for name, value in headers.items()}
    received = webhooks(vendor).decode(Delivery(json.dumps(body).encode(), lowered))
    assert not received.undecodable, received.undecodable
    return [one.event for one in received.events]


def test_events_of_vendors() -> None:
    issue = {"action": "opened", "repository": {"name": "widgets", "owner": {"login": "acme"}}, "issue": {"number": 7}}
    assert returned("github", issue, x_github_event="issues") == [Event("task.created", "tasks", "acme/widgets#7")]
    assert returned("github", issue | {"action": "labeled"}, x_github_event="issues") == [Event("task.updated", "tasks", "acme/widgets#7")]
    assert returned("github", issue | {"action": "deleted"}, x_github_event="issues") == [Event("task.deleted", "tasks", "acme/widgets#7")]
    assert returned("github", {"zen": "Keep it logically awesome."}, x_github_event="ping") == []
    jira = {"webhookEvent": "comment_created", "issue": {"key": "PROJ-7"}, "comment": {"id": "10001"}}
    assert returned("jira", jira) == [Event("comment.created", "comments", "PROJ-7:10001")]
    message = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "message", "channel": "C1", "ts": "1.2", "text": "hi"}}
    assert returned("slack", message) == [Event("message.created", "messages", "C1:1.2")]
    changed = {"event": {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "9.9", "message": {"ts": "1.2"}}}
    assert returned("slack", changed) == [Event("message.updated", "messages", "C1:1.2")]
    assert returned("slack", {"event": {"type": "message", "subtype": "channel_join", "channel": "C1", "ts": "1.2"}}) == []
    several = [
        {"eventId": 1, "subscriptionType": "contact.creation", "objectId": 51},
        {"eventId": 2, "subscriptionType": "deal.propertyChange", "objectId": 52},
    ]
    assert returned("hubspot", several) == [Event("contact.created", "contacts", "51"), Event("deal.updated", "deals", "52")]


def test_an_address_that_is_tried_gets_a_response() -> None:
    received = webhooks("slack").decode(Delivery(b'{"type":"url_verification","challenge":"3eZbrw1a","token":"t"}', {}))
    assert (received.events, received.response) == ((), "3eZbrw1a")
    tried = made(STRIPE.proof, challenge=DeliveryField("query", "challenge"))
    assert tried.challenge_response(Delivery(b"", {}, "GET", query={"challenge": "abc"})) == "abc"
    for text in ("", "é", "a\nb", "x" * 2001):
        assert tried.challenge_response(Delivery(b"", {}, "GET", query={"challenge": text})) is None


def test_repeated_deliveries_share_a_key_and_others_do_not() -> None:
    issue = {"action": "edited", "repository": {"name": "w", "owner": {"login": "a"}}, "issue": {"number": 7}}

    def keys(body: Any, id: str) -> list[str]:
        headers = {"x-github-event": "issues", "x-github-delivery": id}
        return [one.key for one in webhooks("github").decode(Delivery(json.dumps(body).encode(), headers)).events]

    assert keys(issue, "d1") != keys(issue | {"sent": "again"}, "d1"), "an unsigned id makes no two bodies one"
    assert keys(issue, "d1") == keys(issue, "d2"), "and one body no two"
    event = {"type": "m.room.message", "room_id": "!r", "event_id": "$1", "content": {}}
    first = webhooks("matrix").decode(Delivery(json.dumps({"events": [event]}).encode(), {}, parts={"txnId": "1"})).events
    second = webhooks("matrix").decode(Delivery(json.dumps({"events": [event, event | {"event_id": "$2"}]}).encode(), {})).events
    assert [one.key for one in first] == [second[0].key]
    assert second[0].key != second[1].key


def test_one_that_cannot_be_read_stops_none_of_the_others() -> None:
    good = {"type": "m.room.message", "room_id": "!r:x", "event_id": "$1", "content": {"m.relates_to": "odd"}}
    body = {"events": [good | {"room_id": None}, good | {"event_id": "a\nb"}, good, "nothing", 7]}
    received = webhooks("matrix").decode(Delivery(json.dumps(body).encode(), {}))
    assert [one.event.id for one in received.events] == ["!r:x/$1"]
    assert len(received.undecodable) == 2
    for body in (b"", b"{", b'"text"', b'{"events": {}}', b"[" * 2000):
        with pytest.raises(VendorProtocolError):
            webhooks("matrix").decode(Delivery(body, {}))


def test_an_id_is_complete_or_none() -> None:
    assert event("task.created", "tasks", "{}/{}#{}", "a", "b", 7).id == "a/b#7"
    for part in (None, "", True, 1.5, [], "x" * 501, "a\x00b"):
        with pytest.raises(VendorProtocolError):
            event("task.created", "tasks", "{}", part)
