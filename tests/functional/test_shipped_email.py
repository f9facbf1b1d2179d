"""Emails at the emulators of their vendors: sent, replied to, forwarded, drafted, moved, searched; attachments received."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from unified import Client, email_attachments, email_drafts, email_folders, email_threads, emails
from unified_runtime import InvalidInput, NotFound, Unsupported, using

VENDORS = ["gmail", "microsoft-graph"]


@pytest.fixture(autouse=True)
def emulated() -> Iterator[None]:
    with using(Client(emulated=True)):
        yield


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_email_is_sent_and_found(vendor: str) -> None:
    sent = emails.send(
        to=["bob@example.com"], cc=["carl@example.com"], bcc=["dora@example.com"], subject="Invoice", body="Pay **soon**", via=vendor
    )
    assert (sent.subject, sent.to, sent.cc, sent.bcc, sent.body) == (
        "Invoice", ["bob@example.com"], ["carl@example.com"], ["dora@example.com"], "Pay **soon**",
    )  # fmt: skip
    assert emails.get(sent.id, via=vendor) == sent
    assert [each.id for each in emails.list(text="invoice", via=vendor)] == [sent.id]
    assert sent.id in [each.id for each in emails.list(sender="ada@example.com", unread=False, via=vendor)]
    assert sent.sent_at is not None
    assert sent.id not in [each.id for each in emails.list(sent_before=sent.sent_at - timedelta(minutes=1), unread=False, via=vendor)]


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_reply_and_a_forwarded_email(vendor: str) -> None:
    sent = emails.send(to=["bob@example.com"], subject="Plan", body="See", via=vendor)
    reply = emails.reply(sent.id, body="One *more* thing", via=vendor)
    assert (reply.subject, reply.to, reply.body, reply.is_draft) == ("Re: Plan", ["bob@example.com"], "One *more* thing", False)
    forwarded = emails.forward(sent.id, to=["eve@example.com"], cc=["f@example.com"], body="FYI", via=vendor)
    assert (forwarded.to, forwarded.cc) == (["eve@example.com"], ["f@example.com"])
    assert forwarded.body is not None
    assert forwarded.body.startswith("FYI")


def test_a_reply_of_gmail_is_in_the_thread() -> None:
    sent = emails.send(to=["bob@example.com"], subject="Plan", body="See", via="gmail")
    reply = emails.reply_all(sent.id, body="Ok", via="gmail")
    assert reply.thread_id == sent.thread_id
    assert [each.id for each in emails.list(thread_id=sent.thread_id, via="gmail")] == [reply.id, sent.id]
    thread = email_threads.get(sent.thread_id or "", via="gmail")
    assert thread.subject == "Plan"
    assert [(each.id, each.sender) for each in thread.emails] == [(sent.id, "ada@example.com"), (reply.id, "ada@example.com")]


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_email_is_marked_and_moved(vendor: str) -> None:
    email = next(iter(emails.list(via=vendor)))
    changed = emails.update(email.id, unread=False, starred=True, via=vendor)
    assert (changed.unread, changed.starred) == (False, True)
    assert emails.update(email.id, starred=False, via=vendor).starred is False
    folder = next(each for each in email_folders.list(via=vendor) if each.name in ("Work", "Archive"))
    assert folder.id in emails.move(email.id, folder_id=folder.id, via=vendor).folder_ids
    emails.archive(email.id, via=vendor)
    emails.delete(email.id, via=vendor)
    assert {"TRASH", "deleteditems"} & {*emails.get(email.id, via=vendor).folder_ids}


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_draft_is_changed_and_sent(vendor: str) -> None:
    draft = email_drafts.create(subject="Plan", body="First", via=vendor)
    changed = email_drafts.update(draft.id, to=["bob@example.com"], body="**Second**", via=vendor)
    assert (changed.subject, changed.to, changed.body) == ("Plan", ["bob@example.com"], "**Second**")
    assert draft.id in [each.id for each in email_drafts.list(via=vendor)]
    email_drafts.send(draft.id, via=vendor)
    with pytest.raises(NotFound):
        email_drafts.get(draft.id, via=vendor)


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_attachment_is_received(vendor: str) -> None:
    email = next(iter(emails.list(via=vendor)))
    (file, *_) = email_attachments.list(email_id=email.id, via=vendor)
    content = email_attachments.download(file.id, via=vendor).read()
    assert (file.email_id, file.size) == (email.id, len(content))


def test_gmail_receives_an_encoded_message() -> None:
    plan = emails.send.plan(to=["bob@example.com"], subject="Grüße", body="x", via="gmail")
    (send, _) = plan.requests
    message = urlsafe_b64decode(send.body["raw"])
    assert b"To: bob@example.com\r\nSubject: =?utf-8?" in message
    with pytest.raises(InvalidInput, match="one line"):
        emails.send(to=["bob@example.com"], subject="x\r\nBcc: evil@example.com", body="x", via="gmail")
    with pytest.raises(InvalidInput):
        emails.send(to=["bob@example.com\r\nBcc: evil@example.com"], subject="x", body="x", via="gmail")


def test_a_label_that_does_not_exist_leaves_the_email_in_the_inbox() -> None:
    email = next(iter(emails.list(via="gmail")))
    with pytest.raises(InvalidInput, match="label Label_77 does not exist"):
        emails.move(email.id, folder_id="Label_77", via="gmail")
    assert "INBOX" in emails.get(email.id, via="gmail").folder_ids


def test_outlook_cannot_add_to_the_recipients_of_a_reply_to_all() -> None:
    with pytest.raises(Unsupported, match="replaces the recipients"):
        emails.reply_all("1", body="x", cc=["a@example.com"], via="microsoft-graph")


@pytest.mark.parametrize("vendor", VENDORS)
def test_times_need_an_offset(vendor: str) -> None:
    with pytest.raises(InvalidInput):
        emails.list.plan(sent_after=datetime(2030, 1, 1), via=vendor)
    assert emails.list.plan(sent_after=datetime(2030, 1, 1, tzinfo=UTC), via=vendor).requests
