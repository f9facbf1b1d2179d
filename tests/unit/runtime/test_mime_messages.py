"""Composed emails, read by Python's own library."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.codecs.documents import any_text
from unified_emulation.engine.behaviour.mime_parts import parts
from unified_runtime import InvalidInput, VendorProtocolError
from unified_runtime.adapter_api import mime_messages
from unified_runtime.adapter_api.codecs import html, mime_text

NOTHING: dict[str, Any] = {"cc": None, "bcc": None}


def read(text: str) -> EmailMessage:
    return message_from_bytes(urlsafe_b64decode(text), policy=policy.default)


def raw(message: EmailMessage) -> str:
    return urlsafe_b64encode(message.as_bytes()).decode()


def received(**headers: str) -> EmailMessage:
    message = EmailMessage()
    given = {
        "From": "Bob <bob@x.com>",
        "To": "ada@x.com, carl@x.com",
        "Cc": "dora@x.com",
        "Subject": "Plan",
        "Message-ID": "<2@x>",
    } | headers
    for name, value in given.items():
        message[name.replace("_", "-")] = value
    message.set_content("See below.\n")
    message.add_attachment(b"\x00\x01", maintype="application", subtype="pdf", filename="plan.pdf")
    return message


@given(st.text(max_size=80), any_text)
def test_subject_and_text_are_read_back(subject: str, body: str) -> None:
    try:
        made = mime_messages.new(to=["ada@x.com"], cc=["bob@x.com"], bcc=["carl@x.com"], subject=subject, body=body)
    except InvalidInput:
        assert subject.splitlines() != [subject]
        return
    message = read(made)
    assert (message["To"], message["Cc"], message["Bcc"]) == ("ada@x.com", "bob@x.com", "carl@x.com")
    assert mime_text.decode(parts(made)) == html.normalize(body)
    assert made == mime_messages.new(to=["ada@x.com"], cc=["bob@x.com"], bcc=["carl@x.com"], subject=subject, body=body)


@pytest.mark.parametrize("subject", ["Grüße aus Köln", "=?utf-8?q?a?=", "x" * 2000, "日本語" * 40, "a  b"])
def test_a_subject_is_exact(subject: str) -> None:
    assert str(read(mime_messages.new(to=["a@x.com"], **NOTHING, subject=subject, body="."))["Subject"]) == subject


def test_domains_are_written_in_ascii() -> None:
    assert read(mime_messages.new(to=["ada@bücher.example"], **NOTHING, subject="", body=""))["To"] == "ada@xn--bcher-kva.example"


def test_a_reply_goes_to_the_sender_in_the_thread() -> None:
    made = read(mime_messages.reply(raw(received(References="<0@x> <1@x>")), own="ada@x.com", everyone=False, body="Ok", **NOTHING))
    assert (made["To"], made["Cc"], made["Subject"]) == ("bob@x.com", None, "Re: Plan")
    assert (made["In-Reply-To"], made["References"]) == ("<2@x>", "<0@x> <1@x> <2@x>")


def test_a_reply_to_all_leaves_the_account_out_and_names_no_one_twice() -> None:
    made = read(
        mime_messages.reply(raw(received()), own="ADA@x.com", everyone=True, body="Ok", cc=["bob@x.com", "eve@x.com"], bcc=["f@x.com"])
    )
    assert (made["To"], made["Cc"], made["Bcc"]) == ("bob@x.com", "carl@x.com, dora@x.com, eve@x.com", "f@x.com")


def test_replies_go_to_reply_to_and_those_to_ones_own_email_to_its_recipients() -> None:
    original = raw(received(**{"Reply-To": "list@x.com"}))
    assert read(mime_messages.reply(original, own="ada@x.com", everyone=False, body="", **NOTHING))["To"] == "list@x.com"
    mine = raw(received(From="ada@x.com", To="bob@x.com"))
    assert read(mime_messages.reply(mine, own="ada@x.com", everyone=False, body="", **NOTHING))["To"] == "bob@x.com"


def test_a_prefix_is_written_once() -> None:
    made = read(mime_messages.reply(raw(received(Subject="RE: Plan")), own="", everyone=False, body="", **NOTHING))
    assert made["Subject"] == "RE: Plan"


def test_no_one_to_reply_to() -> None:
    with pytest.raises(InvalidInput, match="no address to reply to"):
        mime_messages.reply(raw(received(From="undisclosed:;", To="undisclosed:;")), own="", everyone=False, body="", **NOTHING)


def test_a_forwarded_email_has_text_and_files_of_the_original() -> None:
    made = read(mime_messages.forward(raw(received()), to=["z@x.com"], **NOTHING, body="FYI"))
    plain, rich = made.get_body(("plain",)), made.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert plain.get_content().startswith("FYI")
    assert "From: Bob <bob@x.com>" in plain.get_content()
    assert "See below." in rich.get_content()
    (file,) = made.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == ("plan.pdf", "application/pdf", b"\x00\x01")
    assert (made["Subject"], made["To"]) == ("Fwd: Plan", "z@x.com")


def test_a_changed_draft_keeps_the_rest() -> None:
    draft = received(References="<0@x>", **{"In-Reply-To": "<0@x>"})
    made = read(mime_messages.changed(raw(draft), to=None, cc=[], bcc=None, subject="New", body=None))
    assert (made["To"], made["Cc"], made["Subject"], made["References"]) == ("ada@x.com, carl@x.com", None, "New", "<0@x>")
    assert mime_text.decode(parts(urlsafe_b64encode(made.as_bytes()).decode())).startswith("See below.")
    assert [file.get_filename() for file in made.iter_attachments()] == ["plan.pdf"]
    again = read(mime_messages.changed(raw(draft), to=["q@x.com"], cc=None, bcc=None, subject=None, body="**Other**"))
    assert (again["To"], again["Subject"]) == ("q@x.com", "Plan")


def test_parts_that_are_nested_too_deep() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(3000))
    with pytest.raises((VendorProtocolError, InvalidInput)):
        mime_messages.reply(urlsafe_b64encode(deep).decode(), own="", everyone=False, body="", **NOTHING)
