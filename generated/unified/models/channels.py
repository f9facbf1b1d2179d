"""The unified channels: A channel for messages. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Channel(Record):
    """A channel for messages."""

    id: str
    """The channel's id."""
    name: str | None = None
    """Its name."""
    topic: str | None = None
    """What it is about."""
    private: bool | None = None
    """Whether only people who are invited can see it."""
    is_direct: bool | None = None
    """Whether it is a direct conversation of people."""
    member_count: int | None = None
    """How many people are in it."""
    unread_count: int | None = None
    """How many of its messages one has not read."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    url: str | None = None
    """Its page for people."""


class ChannelArchive(Input):
    """Archive a channel; its messages stay."""

    model_config = ConfigDict(
        extra="forbid",
    )


class ChannelCreate(Input):
    """Create a channel."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(min_length=1)]
    """Its name."""
    topic: str | None = None
    """What it is about."""
    private: bool | None = None
    """Whether only people who are invited can see it."""


class ChannelDirect(Input):
    """Open a conversation with a user."""

    model_config = ConfigDict(
        extra="forbid",
    )


class ChannelFilters(Input):
    """List or search channels."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str | None = None
    """Whose name or topic contains this text."""


class ChannelJoin(Input):
    """Join a channel."""

    model_config = ConfigDict(
        extra="forbid",
    )


class ChannelLeave(Input):
    """Leave a channel."""

    model_config = ConfigDict(
        extra="forbid",
    )


class ChannelUpdate(Input):
    """Rename a channel or change its topic."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str | None, Field(min_length=1)] = None
    """Its name."""
    topic: str | None = None
    """What it is about."""


if TYPE_CHECKING:

    class ChannelValues(TypedDict):
        """Values of Channel."""

        id: str
        name: str | None
        topic: str | None
        private: bool | None
        is_direct: bool | None
        member_count: int | None
        unread_count: int | None
        created_at: AwareDatetime | None
        url: str | None
else:
    ChannelValues = dict
