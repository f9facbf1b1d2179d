"""The unified calendars: A calendar that holds events. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Calendar(Record):
    """A calendar that holds events."""

    id: str
    """The calendar's id."""
    name: str | None = None
    """What it is called."""
    description: str | None = None
    """What it is for."""
    time_zone: str | None = None
    """Its IANA time zone."""
    primary: bool | None = None
    """Whether it is the person's own."""
    writable: bool | None = None
    """Whether its events can be changed."""
    owner_email: str | None = None
    """Whose it is."""


class CalendarCreate(Input):
    """Create a calendar."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(min_length=1)]
    """What it is called."""
    description: str | None = None
    """What it is for."""
    time_zone: str | None = None
    """Its IANA time zone."""


class CalendarFilters(Input):
    """List the calendars that one can see."""

    model_config = ConfigDict(
        extra="forbid",
    )


if TYPE_CHECKING:

    class CalendarValues(TypedDict):
        """Values of Calendar."""

        id: str
        name: str | None
        description: str | None
        time_zone: str | None
        primary: bool | None
        writable: bool | None
        owner_email: str | None
else:
    CalendarValues = dict
