"""Authenticity of deliveries: the vendors' own published examples, and forged deliveries."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from unified_runtime import InvalidInput, Secret, VendorProtocolError
from unified_runtime.adapter_api.webhook_tokens import Forged
from unified_runtime.adapter_api.webhooks import Delivery, DeliveryField, Event, Proof, Webhooks, event, webhooks

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


HOOK = "https://hooks.example.com/hooks/board"
SIGNING_SECRET, NEW_SECRET = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"


def token(claims: dict[str, Any], secret: str = SIGNING_SECRET, header: dict[str, str] | None = None, hash: str = "sha256") -> str:
    """RFC 7515, appendix A.1: the steps of a JWS with an HMAC."""

    def coded(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    signed = f"{coded(json.dumps(header or {'alg': 'HS256', 'typ': 'JWT'}).encode())}.{coded(json.dumps(claims).encode())}"
    return f"{signed}.{coded(hmac.new(secret.encode(), signed.encode(), hash).digest())}"


CLAIMS = {"accountId": 1, "userId": 2, "aud": HOOK, "iat": NOW - 5, "exp": NOW + 295, "shortLivedToken": "t"}
"""https://developer.monday.com/apps/docs/authorization-header: contents of the token."""


FORGED = {
    "missing": "",
    "with a scheme": "Bearer " + token(CLAIMS),
    "expired": token(CLAIMS | {"exp": NOW}),
    "without an expiry": token({name: value for name, value in CLAIMS.items() if name != "exp"}),
    "expiry is a text": token(CLAIMS | {"exp": "never"}),
    "expiry is a boolean": token(CLAIMS | {"exp": True}),
    "issued later": token(CLAIMS | {"iat": NOW + 61}),
    "valid later": token(CLAIMS | {"nbf": NOW + 61}),
    "for another hook": token(CLAIMS | {"aud": "https://hooks.example.com/hooks/other"}),
    "without an audience": token({name: value for name, value in CLAIMS.items() if name != "aud"}),
    "another secret": token(CLAIMS, "another-secret-of-the-same-length"),
    "another algorithm": token(CLAIMS, header={"alg": "HS512"}, hash="sha512"),
    "alg none, signed": token(CLAIMS, header={"alg": "none"}),
    "alg none": token(CLAIMS, header={"alg": "none"}).rpartition(".")[0] + ".",
    "without its signature": token(CLAIMS).rpartition(".")[0] + ".",
    "other claims": token(CLAIMS).replace(".", ".e30", 1),
    "two tokens": f"{token(CLAIMS)}, {token(CLAIMS)}",
    "not a token": "e30.e30.e30",
}


@pytest.mark.parametrize("audience", [HOOK, ["https://else.example", HOOK]], ids=["one audience", "several"])
def test_tokens_that_monday_signed_are_accepted(audience: object) -> None:
    delivery = Delivery(b"{}", {"authorization": token(CLAIMS | {"aud": audience})}, url=HOOK)
    assert not refused(webhooks("monday"), delivery, SIGNING_SECRET)


@pytest.mark.parametrize("shown", FORGED.values(), ids=FORGED)
def test_other_tokens_are_not_accepted(shown: str) -> None:
    assert refused(webhooks("monday"), Delivery(b"{}", {"authorization": shown}, url=HOOK), SIGNING_SECRET)


def test_a_token_is_accepted_during_a_rotation_until_it_expires() -> None:
    monday, delivery = webhooks("monday"), Delivery(b"{}", {"authorization": token(CLAIMS)}, url=HOOK)
    assert monday.verify(delivery, [Secret(NEW_SECRET), Secret(SIGNING_SECRET)], NOW) == str(NOW + 295)
    assert refused(monday, delivery, NEW_SECRET, SIGNING_SECRET, now=NOW + 295)
    assert refused(monday, Delivery(b"{}", {}, url=HOOK), SIGNING_SECRET)
    body = {"event": {"type": "create_pulse", "pulseId": 7, "userId": 2, "triggerUuid": "u1"}}
    received = monday.decode(Delivery(json.dumps(body).encode(), {}), str(NOW + 295), NOW)
    assert received.until == NOW + 295, "a captured token has no effect for longer"


@pytest.mark.parametrize(
    "vendor", ["github", "jira", "slack", "trello", "hubspot", "zendesk", "todoist", "clickup", "matrix", "linear", "monday"]
)
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
    item = {"event": {"type": "update_column_value", "pulseId": 7, "columnId": "status", "triggerUuid": "u1"}}
    assert returned("monday", item) == [Event("task.updated", "tasks", "7")]
    assert returned("monday", {"event": {"type": "delete_pulse", "itemId": 7}}) == [Event("task.deleted", "tasks", "7")]
    written = {"type": "create_update", "updateId": 9, "pulseId": 7, "replyId": None}
    assert returned("monday", {"event": written}) == [Event("comment.created", "comments", "9")]
    assert returned("monday", {"event": written | {"replyId": 9}}) == []
    several = [
        {"eventId": 1, "subscriptionType": "contact.creation", "objectId": 51},
        {"eventId": 2, "subscriptionType": "deal.propertyChange", "objectId": 52},
    ]
    assert returned("hubspot", several) == [Event("contact.created", "contacts", "51"), Event("deal.updated", "deals", "52")]


def test_events_name_who_caused_them() -> None:
    issue = {"action": "opened", "repository": {"name": "w", "owner": {"login": "a"}}, "issue": {"number": 7}, "sender": {"login": "ada"}}
    comment = {"webhookEvent": "comment_created", "issue": {"key": "P-7"}, "comment": {"id": "1", "author": {"accountId": "5b10"}}}
    message = {"type": "message", "channel": "C1", "ts": "1.2", "user": "U1"}
    changed = {"type": "message", "subtype": "message_changed", "channel": "C1", "message": {"ts": "1.2", "edited": {"user": "U2"}}}
    item = {"event_name": "item:added", "event_data": {"id": "8"}, "initiator": {"id": "9"}}
    for vendor, body, actor in [
        ("github", issue, "ada"),
        ("github", {**issue, "sender": None}, None),
        ("jira", {"webhookEvent": "jira:issue_updated", "issue": {"key": "P-7"}, "user": {"accountId": "5b10"}}, "5b10"),
        ("jira", comment, "5b10"),
        ("slack", {"event": message}, "U1"),
        ("slack", {"event": changed}, "U2"),
        ("clickup", {"event": "taskCreated", "task_id": "1", "history_items": [{"user": {"id": 183}}]}, "183"),
        ("todoist", item, "9"),
        ("trello", {"action": {"type": "createCard", "id": "1", "idMemberCreator": "m1", "data": {"card": {"id": "c1"}}}}, "m1"),
        ("zendesk", {"type": "zen:event-type:ticket.created", "detail": {"id": "5", "actor_id": "77"}}, "77"),
        (
            "matrix",
            {"events": [{"type": "m.room.message", "room_id": "!r", "event_id": "$1", "sender": "@ada:x", "content": {}}]},
            "@ada:x",
        ),
        ("hubspot", [{"subscriptionType": "contact.creation", "objectId": 51}], None),
        ("monday", {"event": {"type": "create_pulse", "pulseId": 7, "userId": 2}}, "2"),
    ]:
        assert [one.actor for one in returned(vendor, body)] == [actor]


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
