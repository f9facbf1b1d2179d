"""The unified emails: An email in a mailbox. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Email(Record):
    """An email in a mailbox."""

    id: str
    """The email's id."""
    thread_id: str | None = None
    """The conversation it belongs to."""
    folder_ids: list[str] = []
    """The folders it is in, or its labels."""
    subject: str | None = None
    """The subject."""
    sender: str | None = None
    """The address of its sender."""
    sender_name: str | None = None
    """The name of its sender."""
    to: list[str] = []
    """Addresses of the recipients."""
    cc: list[str] = []
    """Addresses that get a copy."""
    bcc: list[str] = []
    """Addresses that get a copy without others knowing."""
    reply_to: list[str] = []
    """Addresses that replies go to."""
    body: str | None = None
    """The text."""
    snippet: str | None = None
    """How the text begins."""
    unread: bool | None = None
    """Whether it is unread."""
    starred: bool | None = None
    """Whether it is starred or flagged."""
    is_draft: bool | None = None
    """Whether it is not sent yet."""
    attachments: Annotated[list[EmailFile], Field(validate_default=True)] = []
    """Files that came with it."""
    message_id: str | None = None
    """Its Message-ID of RFC 5322."""
    sent_at: AwareDatetime | None = None
    """When it was sent or received."""
    url: str | None = None
    """Its page for people."""


class EmailArchive(Input):
    """Move an email from the inbox to the archive."""

    model_config = ConfigDict(
        extra="forbid",
    )


class EmailFile(Input):
    model_config = ConfigDict(
        extra="forbid",
    )
    name: str | None = None
    """The file's name."""
    mime_type: str | None = None
    """Its media type."""
    size: int | None = None
    """How many bytes it has."""


class EmailFilters(Input):
    """List or search emails, newest first."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str | None = None
    """Words in it."""
    thread_id: Annotated[str | None, Field(min_length=1)] = None
    """In this conversation."""
    sender: str | None = None
    """Sent by this address."""
    folder_id: Annotated[str | None, Field(min_length=1)] = None
    """In this folder."""
    unread: bool | None = None
    """Only unread or only read ones."""
    sent_after: AwareDatetime | None = None
    """Sent since then."""
    sent_before: AwareDatetime | None = None
    """Sent before then."""


class EmailForward(Input):
    """Forward an email with its files. It cannot be taken back."""

    model_config = ConfigDict(
        extra="forbid",
    )
    to: list[str]
    """Addresses of the recipients."""
    cc: list[str] | None = None
    """Addresses that get a copy."""
    bcc: list[str] | None = None
    """Addresses that get a copy without others knowing."""
    body: Annotated[str | None, Field(min_length=1)] = None
    """The text."""


class EmailMove(Input):
    """Move an email to another folder."""

    model_config = ConfigDict(
        extra="forbid",
    )


class EmailReply(Input):
    """Reply to the sender of an email, in its thread. It cannot be taken back."""

    model_config = ConfigDict(
        extra="forbid",
    )
    cc: list[str] | None = None
    """Addresses that get a copy."""
    bcc: list[str] | None = None
    """Addresses that get a copy without others knowing."""
    body: Annotated[str, Field(min_length=1)]
    """The text."""


class EmailReplyAll(Input):
    """Reply to the sender and all recipients of an email. It cannot be taken back."""

    model_config = ConfigDict(
        extra="forbid",
    )
    cc: list[str] | None = None
    """Addresses that get a copy."""
    bcc: list[str] | None = None
    """Addresses that get a copy without others knowing."""
    body: Annotated[str, Field(min_length=1)]
    """The text."""


class EmailSend(Input):
    """Send an email. It cannot be taken back."""

    model_config = ConfigDict(
        extra="forbid",
    )
    subject: Annotated[str, Field(min_length=1)]
    """The subject."""
    to: list[str]
    """Addresses of the recipients."""
    cc: list[str] | None = None
    """Addresses that get a copy."""
    bcc: list[str] | None = None
    """Addresses that get a copy without others knowing."""
    body: Annotated[str, Field(min_length=1)]
    """The text."""


class EmailUpdate(Input):
    """Mark an email as read or unread, star it, or remove the star."""

    model_config = ConfigDict(
        extra="forbid",
    )
    unread: bool | None = None
    """Whether it is unread."""
    starred: bool | None = None
    """Whether it is starred."""


if TYPE_CHECKING:

    class EmailValues(TypedDict):
        """Values of Email."""

        id: str
        thread_id: str | None
        folder_ids: list[str]
        subject: str | None
        sender: str | None
        sender_name: str | None
        to: list[str]
        cc: list[str]
        bcc: list[str]
        reply_to: list[str]
        body: NotRequired[str | None]
        snippet: str | None
        unread: bool | None
        starred: bool | None
        is_draft: bool | None
        attachments: Annotated[list[EmailFile], Field(validate_default=True)]
        message_id: str | None
        sent_at: AwareDatetime | None
        url: str | None
else:
    EmailValues = dict
