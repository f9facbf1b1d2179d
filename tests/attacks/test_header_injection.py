"""Header injection: a value that would end its header and begin another one, or a second request."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from email import message_from_bytes
from email.policy import compat32
from typing import Any

import pytest

from tests.attacks.shipped import ALL, REFUSED, Shipped, names
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_platform.oauth import http as oauth
from unified_runtime import InvalidInput, acting, api_key, basic, bearer
from unified_runtime.adapter_api import mime_messages
from unified_runtime.core.connections import Connection
from unified_runtime.core.credentials import REDACTED
from unified_runtime.core.vendors import ConnectionValue, Scheme, Vendor
from unified_runtime.execution.http_requests import with_headers

BREAKS = [
    "\r\nX-Evil: 1",
    "\nX-Evil: 1",
    "\rX-Evil: 1",
    "\r\n\r\nGET /admin HTTP/1.1",
    "\x00",
    "\x0b",
    "\x0c",
    "\x1f",
    "\x7f",
    "\x85",
    "\u2028",
    "é",
    "嗊",
    "čĊX-Evil: 1",
]
"""Line breaks of every kind, and characters of which a careless encoding makes some: 嗊 ends in 0x0A, č and Ċ in 0x0D and 0x0A."""


@pytest.mark.parametrize("text", BREAKS)
def test_a_header_of_a_request(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be sent in the header"):
        with_headers([], {"If-Match": f"x{text}"})


@pytest.mark.parametrize("text", BREAKS)
@pytest.mark.parametrize(
    "make", [bearer, api_key, lambda text: basic("me", text), lambda text: basic(text, "pw")], ids=["bearer", "key", "password", "user"]
)
def test_a_credential(server: Loopback, make: Any, text: str) -> None:
    """A password may have any characters, since it is sent encoded; nothing else passes."""
    try:
        caller = Caller("default", "sync")
        caller.connect(
            server.url, make(f"x{text}"), scheme={"bearer": "OAuth2", "api_key": "header"}.get(make(f"x{text}").kind, "basicAuth")
        )
    except InvalidInput:
        return
    server.answers(Reply.of(ISSUE))
    caller.run(tasks.get, "P-1")
    (seen,) = server.seen
    assert seen.headers["Authorization"].removeprefix("Basic ").isalnum() or seen.headers["Authorization"].rstrip("=")[6:].isascii()
    assert "X-Evil" not in seen.headers


@pytest.mark.parametrize("text", BREAKS)
def test_a_connection_value(text: str) -> None:
    vendor = Vendor(
        name="acme",
        title="Acme",
        servers={"default": "https://acme.example"},
        schemes={"bearer": Scheme("bearer")},
        connection={"workspace": ConnectionValue("the workspace")},
        headers={"X-Workspace": "{connection.workspace}"},
    )
    with pytest.raises(InvalidInput):
        Connection(vendor, bearer("t"), {"workspace": f"x{text}"})


KEYED = [one for one in ALL if "idempotency_key" in names(one.operation)]


@pytest.mark.parametrize("one", KEYED, ids=str)
def test_an_idempotency_key(one: Shipped) -> None:
    """A caller's key is sent in a header, a path or a body, depending on the vendor."""
    plain = one.requests(idempotency_key="k")
    for text in BREAKS:
        try:
            requests = one.requests(idempotency_key=f"k{text}")
        except REFUSED:
            continue
        for expected, request in zip(plain, requests, strict=True):
            assert [name for name, _ in request.headers] == [name for name, _ in expected.headers]
            texts = [value.replace(REDACTED, "") for _, value in request.headers]
            assert all(value.isascii() and value.isprintable() for value in texts)
            assert request.url.isascii()
            assert request.url.isprintable()
            assert request.url.count("/") == expected.url.count("/")


@pytest.mark.parametrize("text", [text for text in BREAKS if text not in {"é", "嗊", "čĊX-Evil: 1"}])
@pytest.mark.parametrize("name", ["agent", "on_behalf_of", "team", "connection"])
def test_a_name(name: str, text: str) -> None:
    with pytest.raises(InvalidInput, match="that can be seen"):
        acting(**{name: f"x{text}"})


@pytest.mark.parametrize("text", BREAKS)
def test_a_host(text: str) -> None:
    with pytest.raises(InvalidInput):
        Connection(VENDOR, basic("me", "pw"), {}, server=f"https://acme.example{text}")


@pytest.mark.parametrize("text", BREAKS)
def test_a_request_to_an_authorization_server(text: str) -> None:
    flow = oauth.get("https://as.example/x", "endpoint", headers={"DPoP": f"x{text}"})
    with pytest.raises(InvalidInput, match="no header can carry"):
        next(flow)


@pytest.mark.parametrize("text", BREAKS)
def test_texts_and_ids_reach_no_header(caller: Caller, server: Loopback, text: str) -> None:
    caller.connect(server.url)
    server.answers(Reply.of({"key": "P-1"}, 201), Reply.of(ISSUE))
    try:
        caller.run(tasks.create, title=f"x{text}", project_id=f"P{text}")
    except InvalidInput:
        return
    assert all("X-Evil" not in seen.headers and seen.method in {"POST", "GET"} for seen in server.seen)
    assert server.seen[0].json["fields"]["summary"] == f"x{text}"


ENCODED = [f"=?utf-8?q?x{''.join(f'={each:02X}' for each in f'{text}Bcc: evil@x.com'.encode())}?=" for text in ("\r\n", "\n", "\r")]
"""Encoded words (RFC 2047) that hold line breaks: what decodes them and writes the text again has made a header."""
EMAIL_TEXTS = [*(f"x{text}Bcc: evil@x.com" for text in BREAKS), *ENCODED, "x" * 997 + "\r\nBcc: evil@x.com"]
KNOWN = {"To", "Cc", "Subject", "In-Reply-To", "References", "MIME-Version", "Content-Type"}


def headers_of(composed: str) -> list[str]:
    """Return the names of an email's headers, by its bytes: a line that does not begin with white space begins a header."""
    head, _, _ = urlsafe_b64decode(composed).partition(b"\r\n\r\n")
    lines = re.split(rb"\r\n|\r|\n", head)
    assert all(32 <= char < 127 for line in lines for char in line)
    assert all(len(line) <= 998 for line in lines)
    return [line.partition(b":")[0].decode() for line in lines if line[:1] not in (b" ", b"\t")]


def parts_of(composed: str) -> list[str]:
    """Return the names of the headers of all parts."""
    return [name for part in message_from_bytes(urlsafe_b64decode(composed), policy=compat32).walk() for name in part]


@pytest.mark.parametrize("text", EMAIL_TEXTS)
def test_an_email(text: str) -> None:
    """No subject, address or text of a caller, and nothing of an email that is replied to or forwarded, adds a header or a recipient."""
    made = []
    for given in ({"subject": text}, {"to": [f"ada@x.com{text}"]}, {"cc": [text]}, {"to": [f"{text}@x.com"]}, {"body": text}):
        try:
            made.append(
                mime_messages.new(**dict[str, Any]({"to": ["a@x.com"], "cc": None, "bcc": None, "subject": "s", "body": "b"} | given))
            )
        except InvalidInput:
            continue
    text = re.sub("[\r\n]+", "\r\n ", text)  # in an email that arrived, a line that continues a header
    headers = (f"Subject: {text}", f"From: {text} <bob@x.com>", f"Message-ID: <{text}>", f"References: {text} <1@x>", f"To: {text}")
    for header in headers:
        for name in (text, '"' + text + '"'):
            file = f"Content-Type: application/pdf; name={name}\r\nContent-Disposition: attachment; filename={name}\r\n\r\nx\r\n--b--"
            original = f"From: bob@x.com\r\n{header}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{file}"
            encoded = urlsafe_b64encode(original.encode()).decode()
            made += [
                mime_messages.reply(encoded, own="", everyone=True, body="b", cc=None, bcc=None),
                mime_messages.forward(encoded, to=["a@x.com"], body="b", cc=None, bcc=None),
                mime_messages.changed(encoded, to=["a@x.com"], subject=None, body="b", cc=None, bcc=None),
            ]
    assert len(made) > 20
    for composed in made:
        assert set(headers_of(composed)) <= KNOWN, urlsafe_b64decode(composed)
        assert "Bcc" not in parts_of(composed)
        assert "evil@x.com" not in str(message_from_bytes(urlsafe_b64decode(composed), policy=compat32)["To"])
