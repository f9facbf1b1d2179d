"""The unified crm_records: A record of a custom object, which an account has added to its CRM. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class CrmRecord(Record):
    """A record of a custom object, which an account has added to its CRM."""

    id: str
    """The record's id, with its object's."""
    type: str | None = None
    """The object it is a record of, by the vendor's name for it."""
    name: str | None = None
    """What it is called."""
    owner_id: str | None = None
    """Who looks after it."""
    url: str | None = None
    """Its page for people."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""


class CrmRecordCreate(Input):
    """Create a custom object's record."""

    model_config = ConfigDict(
        extra="forbid",
    )
    type: Annotated[str, Field(min_length=1)]
    """The object it is a record of, by the vendor's name for it."""
    name: str | None = None
    """What it is called."""


class CrmRecordFilters(Input):
    """Find a custom object's records."""

    model_config = ConfigDict(
        extra="forbid",
    )
    type: Annotated[str, Field(min_length=1)]
    """Of this object."""


class CrmRecordUpdate(Input):
    """Change a custom object's record."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: str | None = None
    """What it is called."""


if TYPE_CHECKING:

    class CrmRecordValues(TypedDict):
        """Values of CrmRecord."""

        id: str
        type: str | None
        name: str | None
        owner_id: str | None
        url: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    CrmRecordValues = dict
