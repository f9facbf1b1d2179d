"""The unified notes: A note on a deal, a contact or a company. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Note(Record):
    """A note on a deal, a contact or a company."""

    id: str
    """The note's id."""
    body: str | None = None
    """What it states."""
    deal_id: str | None = None
    """The deal it is on."""
    contact_id: str | None = None
    """The person it is on."""
    company_id: str | None = None
    """The company it is on."""
    author_id: str | None = None
    """Who wrote it."""
    created_at: AwareDatetime | None = None
    """When it was written."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""


class NoteCreate(Input):
    """Log a note on a deal, a contact or a company."""

    model_config = ConfigDict(
        extra="forbid",
    )
    body: Annotated[str, Field(min_length=1)]
    """What it states."""
    deal_id: Annotated[str | None, Field(min_length=1)] = None
    """The deal it is on."""
    contact_id: Annotated[str | None, Field(min_length=1)] = None
    """The person it is on."""
    company_id: Annotated[str | None, Field(min_length=1)] = None
    """The company it is on."""


class NoteFilters(Input):
    """List notes."""

    model_config = ConfigDict(
        extra="forbid",
    )
    deal_id: Annotated[str | None, Field(min_length=1)] = None
    """On this deal."""
    contact_id: Annotated[str | None, Field(min_length=1)] = None
    """On this person."""
    company_id: Annotated[str | None, Field(min_length=1)] = None
    """On this company."""
    updated_after: AwareDatetime | None = None
    """Changed since then."""


class NoteUpdate(Input):
    """Change the text of a note."""

    model_config = ConfigDict(
        extra="forbid",
    )
    body: Annotated[str | None, Field(min_length=1)] = None
    """What it states."""


if TYPE_CHECKING:

    class NoteValues(TypedDict):
        """Values of Note."""

        id: str
        body: NotRequired[str | None]
        deal_id: str | None
        contact_id: str | None
        company_id: str | None
        author_id: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    NoteValues = dict
