"""The unified activities: A call, a meeting, a mail or a task in a CRM. Written by `gen build`; do not edit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Activity(Record):
    """A call, a meeting, a mail or a task in a CRM."""

    id: str
    """The activity's id."""
    type: Literal["call", "meeting", "email", "task"] | None = None
    """What it is."""
    title: str | None = None
    """One line that states what it is."""
    body: str | None = None
    """What happened or is to be done."""
    due_date: date | None = None
    """The date on which it happens or is due."""
    done: bool | None = None
    """Whether it is over."""
    deal_id: str | None = None
    """The deal it is about."""
    contact_id: str | None = None
    """The person it is with."""
    company_id: str | None = None
    """The company it is about."""
    owner_id: str | None = None
    """Who does it."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""


class ActivityCreate(Input):
    """Log an activity in a CRM."""

    model_config = ConfigDict(
        extra="forbid",
    )
    type: Literal["call", "meeting", "email", "task"]
    """What it is."""
    title: Annotated[str, Field(min_length=1)]
    """One line that states what it is."""
    body: str | None = None
    """What happened or is to be done."""
    due_date: date
    """The date on which it happens or is due."""
    done: bool | None = None
    """Whether it is over."""
    deal_id: Annotated[str | None, Field(min_length=1)] = None
    """The deal it is about."""
    contact_id: Annotated[str | None, Field(min_length=1)] = None
    """The person it is with."""
    company_id: Annotated[str | None, Field(min_length=1)] = None
    """The company it is about."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Who does it."""


class ActivityFilters(Input):
    """List activities of a type."""

    model_config = ConfigDict(
        extra="forbid",
    )
    type: Literal["call", "meeting", "email", "task"]
    """What they are."""
    deal_id: Annotated[str | None, Field(min_length=1)] = None
    """About this deal."""
    contact_id: Annotated[str | None, Field(min_length=1)] = None
    """With this person."""
    company_id: Annotated[str | None, Field(min_length=1)] = None
    """About this company."""
    updated_after: AwareDatetime | None = None
    """Changed since then."""


class ActivityUpdate(Input):
    """Change an activity."""

    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str | None, Field(min_length=1)] = None
    """One line that states what it is."""
    body: str | None = None
    """What happened or is to be done."""
    due_date: date | None = None
    """The date on which it happens or is due."""
    done: bool | None = None
    """Whether it is over."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Who does it."""


if TYPE_CHECKING:

    class ActivityValues(TypedDict):
        """Values of Activity."""

        id: str
        type: Literal["call", "meeting", "email", "task"] | None
        title: str | None
        body: NotRequired[str | None]
        due_date: date | None
        done: bool | None
        deal_id: str | None
        contact_id: str | None
        company_id: str | None
        owner_id: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    ActivityValues = dict
