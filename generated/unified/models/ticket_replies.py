"""The unified ticket_replies: A public reply or an internal note on a ticket. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class TicketReply(Record):
    """A public reply or an internal note on a ticket."""

    id: str
    """The reply's id."""
    ticket_id: str | None = None
    """The ticket."""
    body: str | None = None
    """Its text."""
    internal: bool | None = None
    """Whether it is a note that only agents see. It is one unless this is false."""
    author_id: str | None = None
    """Who wrote it."""
    created_at: AwareDatetime | None = None
    """When it was written."""


class TicketReplyCreate(Input):
    """Add an internal note to a ticket, or a public reply."""

    model_config = ConfigDict(
        extra="forbid",
    )
    ticket_id: Annotated[str, Field(min_length=1)]
    """The ticket."""
    body: Annotated[str, Field(min_length=1)]
    """Its text."""
    internal: bool | None = None
    """Whether it is a note that only agents see. It is one unless this is false."""


class TicketReplyFilters(Input):
    """List the replies and notes on a ticket."""

    model_config = ConfigDict(
        extra="forbid",
    )
    ticket_id: Annotated[str, Field(min_length=1)]
    """The ticket."""


if TYPE_CHECKING:

    class TicketReplyValues(TypedDict):
        """Values of TicketReply."""

        id: str
        ticket_id: str | None
        body: NotRequired[str | None]
        internal: bool | None
        author_id: str | None
        created_at: AwareDatetime | None
else:
    TicketReplyValues = dict
