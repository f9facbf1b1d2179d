"""Codecs of emails as parts of MIME, against emails that Python's own library composes, and any headers."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unified_emulation.engine.behaviour.mime_parts import parts
from unified_runtime.adapter_api.codecs import mime_address, mime_addresses, mime_header, mime_name, mime_text

ANY: Any = st.recursive(
    st.none() | st.booleans() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["mimeType", "filename", "headers", "body", "data", "parts", "name", "value"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def _data(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _headers(**values: str) -> dict[str, Any]:
    return {"headers": [{"name": name.replace("_", "-"), "value": value} for name, value in values.items()]}


@given(ANY)
def test_no_email_makes_a_codec_fail(value: object) -> None:
    assert isinstance(mime_text.decode(value), str)
    assert isinstance(mime_addresses.decode(value, "value"), list)
    for codec in (mime_header, mime_address, mime_name):
        codec.decode(value, "value")


def test_the_html_is_read_before_plain_text_and_attachments_are_not() -> None:
    message = EmailMessage()
    message.set_content("plain")
    message.add_alternative("<p>Hello <b>Ada</b></p>", subtype="html")
    message.add_attachment("<p>file</p>", subtype="html", filename="a.html")
    assert mime_text.decode(parts(urlsafe_b64encode(message.as_bytes()).decode())) == "Hello **Ada**"


def test_plain_text_keeps_its_lines_and_signs() -> None:
    part = {"mimeType": "text/plain", "body": {"data": _data(b"1 * 2\r\n# no heading")}}
    assert mime_text.decode(part) == "1 * 2\\\n\\# no heading"


@pytest.mark.parametrize(
    ("content", "type", "text"),
    [
        ("Grüße".encode(), "text/plain; charset=iso-8859-1", "Grüße"),  # the vendor has decoded it already
        ("Grüße".encode("latin-1"), 'text/plain; charset="ISO-8859-1"', "Grüße"),
        ("Привет".encode("koi8-r"), "text/plain; charset=koi8-r", "Привет"),
        (b"caf\xe9", "text/plain; charset=unknown-8bit-x", "café"),
        (b"caf\xe9", "text/plain; charset=hex", "café"),
    ],
)
def test_characters(content: bytes, type: str, text: str) -> None:
    assert mime_text.decode({"mimeType": "text/plain", "body": {"data": _data(content)}, **_headers(Content_Type=type)}) == text


def test_headers_in_any_case() -> None:
    part = _headers(SUBJECT="=?utf-8?q?Gr=C3=BC=C3=9Fe?=", cc="Ada <ada@x.com>, bob@x.com", from_='"Doe, Jane" <jane@x.com>')
    assert mime_header.decode(part, "Subject") == "Grüße"
    assert mime_addresses.decode(part, "Cc") == ["ada@x.com", "bob@x.com"]
    assert mime_header.decode(part, "Bcc") is None
    assert mime_addresses.decode(part, "Bcc") == []


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ('"Doe, Jane" <jane@x.com>', "Doe, Jane", "jane@x.com"),
        ("=?utf-8?q?J=C3=BCrgen?= <j@x.com>", "Jürgen", "j@x.com"),
        # an encoded word cannot hold an address: the mailboxes are separated first
        ("=?utf-8?q?boss=40x=2Ecom=3E=2C?= <evil@y.com>", "boss@x.com>,", "evil@y.com"),
        ("plain@x.com", None, "plain@x.com"),
        ("undisclosed-recipients:;", None, None),
        ("not an address", None, None),
        ("(" * 10_000, None, None),
    ],
)
def test_mailboxes(value: str, name: str | None, address: str | None) -> None:
    part = _headers(From=value)
    assert mime_name.decode(part, "From") == name
    assert mime_address.decode(part, "From") == address
