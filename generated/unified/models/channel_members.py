"""The unified channel_members: A person in a channel. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class ChannelMember(Record):
    """A person in a channel."""

    id: str
    """The person's id."""
    name: str | None = None
    """The name shown to people."""


class ChannelMemberAdd(Input):
    """Add a person to a channel."""

    model_config = ConfigDict(
        extra="forbid",
    )


class ChannelMemberFilters(Input):
    """List the people in a channel."""

    model_config = ConfigDict(
        extra="forbid",
    )
    channel_id: Annotated[str, Field(min_length=1)]
    """The channel."""


class ChannelMemberRemove(Input):
    """Remove a person from a channel."""

    model_config = ConfigDict(
        extra="forbid",
    )


if TYPE_CHECKING:

    class ChannelMemberValues(TypedDict):
        """Values of ChannelMember."""

        id: str
        name: str | None
else:
    ChannelMemberValues = dict
