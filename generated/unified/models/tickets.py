"""The unified tickets: A customer's request to a help desk. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Ticket(Record):
    """A customer's request to a help desk."""

    id: str
    """The ticket's id."""
    subject: str | None = None
    """What it is about."""
    description: str | None = None
    """Its first message; the customer can read it."""
    status: Literal["new", "open", "pending", "on_hold", "solved", "closed"] | None = None
    """How far it is. `pending` waits for the customer, `on_hold` for someone else."""
    status_label: str | None = None
    """The vendor's own value of status."""
    priority: Literal["low", "normal", "high", "urgent"] | None = None
    """How pressing it is."""
    priority_label: str | None = None
    """The vendor's own value of priority."""
    requester_id: str | None = None
    """The customer who sent it."""
    assignee_id: str | None = None
    """The agent who works on it."""
    team_id: str | None = None
    """The group of agents it belongs to."""
    tags: list[str] = []
    """Its tags; a new list replaces the old."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""
    url: str | None = None
    """Its page for agents."""


class TicketCreate(Input):
    """Create a ticket for a customer."""

    model_config = ConfigDict(
        extra="forbid",
    )
    subject: Annotated[str, Field(min_length=1)]
    """What it is about."""
    description: Annotated[str, Field(min_length=1)]
    """Its first message; the customer can read it."""
    status: Literal["new", "open", "pending", "on_hold", "solved", "closed"] | None = None
    """How far it is. `pending` waits for the customer, `on_hold` for someone else."""
    priority: Literal["low", "normal", "high", "urgent"] | None = None
    """How pressing it is."""
    requester_id: Annotated[str | None, Field(min_length=1)] = None
    """The customer who sent it."""
    assignee_id: Annotated[str | None, Field(min_length=1)] = None
    """The agent who works on it."""
    team_id: Annotated[str | None, Field(min_length=1)] = None
    """The group of agents it belongs to."""
    tags: list[str] | None = None
    """Its tags; a new list replaces the old."""
    requester_email: str | None = None
    """The customer's address: the vendor writes to it."""


class TicketFilters(Input):
    """Find tickets."""

    model_config = ConfigDict(
        extra="forbid",
    )
    status: Literal["new", "open", "pending", "on_hold", "solved", "closed"] | None = None
    """With this status."""
    priority: Literal["low", "normal", "high", "urgent"] | None = None
    """With this priority."""
    requester_id: Annotated[str | None, Field(min_length=1)] = None
    """Of this customer."""
    assignee_id: Annotated[str | None, Field(min_length=1)] = None
    """Assigned to this agent."""
    unassigned: bool | None = None
    """Assigned to no one."""
    team_id: Annotated[str | None, Field(min_length=1)] = None
    """Of this group."""
    tag: str | None = None
    """With this tag."""
    text: str | None = None
    """Containing this text."""
    created_after: AwareDatetime | None = None
    """Created since then."""
    updated_after: AwareDatetime | None = None
    """Changed since then."""


class TicketUpdate(Input):
    """Change a ticket."""

    model_config = ConfigDict(
        extra="forbid",
    )
    subject: Annotated[str | None, Field(min_length=1)] = None
    """What it is about."""
    description: Annotated[str | None, Field(min_length=1)] = None
    """Its first message; the customer can read it."""
    status: Literal["new", "open", "pending", "on_hold", "solved", "closed"] | None = None
    """How far it is. `pending` waits for the customer, `on_hold` for someone else."""
    priority: Literal["low", "normal", "high", "urgent"] | None = None
    """How pressing it is."""
    requester_id: Annotated[str | None, Field(min_length=1)] = None
    """The customer who sent it."""
    assignee_id: Annotated[str | None, Field(min_length=1)] = None
    """The agent who works on it."""
    team_id: Annotated[str | None, Field(min_length=1)] = None
    """The group of agents it belongs to."""
    tags: list[str] | None = None
    """Its tags; a new list replaces the old."""
    add_tags: list[str] | None = None
    """Tags to add to the present ones."""
    remove_tags: list[str] | None = None
    """Tags to take off."""


if TYPE_CHECKING:

    class TicketValues(TypedDict):
        """Values of Ticket."""

        id: str
        subject: str | None
        description: NotRequired[str | None]
        status: Literal["new", "open", "pending", "on_hold", "solved", "closed"] | None
        status_label: str | None
        priority: Literal["low", "normal", "high", "urgent"] | None
        priority_label: str | None
        requester_id: str | None
        assignee_id: str | None
        team_id: str | None
        tags: list[str]
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
        url: str | None
else:
    TicketValues = dict
