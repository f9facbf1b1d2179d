"""The unified messages: What someone wrote in a channel. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Attachment(Input):
    model_config = ConfigDict(
        extra="forbid",
    )
    name: str | None = None
    """The file's name."""
    mime_type: str | None = None
    """Its media type."""
    size: int | None = None
    """How many bytes it has."""
    url: str | None = None
    """Where its content is."""


class Message(Record):
    """What someone wrote in a channel."""

    id: str
    """The message's id."""
    channel_id: str | None = None
    """Its channel."""
    thread_id: str | None = None
    """The message that began its thread."""
    text: str | None = None
    """Its text; [Ada](user:ID) mentions a user."""
    author_id: str | None = None
    """Who wrote it."""
    author_name: str | None = None
    """The name shown with it."""
    attachments: Annotated[list[Attachment], Field(validate_default=True)] = []
    """Files that came with it."""
    reactions: Annotated[list[Reaction], Field(validate_default=True)] = []
    """How people reacted."""
    reply_count: int | None = None
    """How many messages its thread has beside it."""
    created_at: AwareDatetime | None = None
    """When it was written."""
    edited_at: AwareDatetime | None = None
    """When it was last edited."""
    url: str | None = None
    """Its page for people."""


class MessageFilters(Input):
    """List the messages of a channel, newest first, or of a thread."""

    model_config = ConfigDict(
        extra="forbid",
    )
    channel_id: Annotated[str, Field(min_length=1)]
    """The channel."""
    thread_id: Annotated[str | None, Field(min_length=1)] = None
    """Only replies to this message."""
    created_after: AwareDatetime | None = None
    """Written since then."""
    created_before: AwareDatetime | None = None
    """Written before then."""


class MessagePin(Input):
    """Pin a message to its channel."""

    model_config = ConfigDict(
        extra="forbid",
    )


class MessageReact(Input):
    """React to a message with an emoji."""

    model_config = ConfigDict(
        extra="forbid",
    )
    emoji: str
    """The emoji, such as 👍."""


class MessageReply(Input):
    """Reply in a message's thread."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: Annotated[str, Field(min_length=1)]
    """Its text; [Ada](user:ID) mentions a user."""
    link_previews: bool | None = None
    """Show previews of its links. Off by default, since a preview fetches the link."""


class MessageSearch(Input):
    """Search messages by text, newest first."""

    model_config = ConfigDict(
        extra="forbid",
    )
    query: str
    """Words of the message."""
    channel_id: Annotated[str | None, Field(min_length=1)] = None
    """In this channel; without it in all."""
    created_after: AwareDatetime | None = None
    """Written since then."""
    created_before: AwareDatetime | None = None
    """Written before then."""


class MessageSend(Input):
    """Send a message."""

    model_config = ConfigDict(
        extra="forbid",
    )
    channel_id: Annotated[str, Field(min_length=1)]
    """Its channel."""
    thread_id: Annotated[str | None, Field(min_length=1)] = None
    """The message that began its thread."""
    text: Annotated[str, Field(min_length=1)]
    """Its text; [Ada](user:ID) mentions a user."""
    link_previews: bool | None = None
    """Show previews of its links. Off by default, since a preview fetches the link."""


class MessageSendFile(Input):
    """Send a file as a message."""

    model_config = ConfigDict(
        extra="forbid",
    )
    thread_id: Annotated[str | None, Field(min_length=1)] = None
    """The message that began the thread."""
    name: str
    """The file's name."""
    mime_type: str | None = None
    """Its media type."""


class MessageUnpin(Input):
    """Unpin a message."""

    model_config = ConfigDict(
        extra="forbid",
    )


class MessageUnreact(Input):
    """Take back a reaction of one's own."""

    model_config = ConfigDict(
        extra="forbid",
    )
    emoji: str
    """The emoji."""


class MessageUpdate(Input):
    """Edit a message."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: Annotated[str, Field(min_length=1)]
    """Its text; [Ada](user:ID) mentions a user."""


class Reaction(Input):
    model_config = ConfigDict(
        extra="forbid",
    )
    emoji: str | None = None
    """The emoji, or its name if the vendor or account defines it."""
    count: int | None = None
    """How many people chose it."""
    user_ids: list[str] | None = []
    """Who chose it."""


if TYPE_CHECKING:

    class MessageValues(TypedDict):
        """Values of Message."""

        id: str
        channel_id: str | None
        thread_id: str | None
        text: NotRequired[str | None]
        author_id: str | None
        author_name: str | None
        attachments: Annotated[list[Attachment], Field(validate_default=True)]
        reactions: Annotated[list[Reaction], Field(validate_default=True)]
        reply_count: int | None
        created_at: AwareDatetime | None
        edited_at: AwareDatetime | None
        url: str | None
else:
    MessageValues = dict
