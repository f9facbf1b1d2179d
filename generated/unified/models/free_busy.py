"""The unified free_busy: When people and calendars are busy. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Busy(Input):
    model_config = ConfigDict(
        extra="forbid",
    )
    start: AwareDatetime | None = None
    """When it begins."""
    end: AwareDatetime | None = None
    """When it ends."""


class FreeBusy(Record):
    """When people and calendars are busy."""

    id: str
    """The requested calendar or person."""
    busy: Annotated[list[Busy], Field(validate_default=True)] = []
    """The busy times, in order."""
    error: str | None = None
    """Why nothing is known of it; then it is not free."""


class FreeBusyFilters(Input):
    """Find when calendars or people are busy."""

    model_config = ConfigDict(
        extra="forbid",
    )
    ids: list[str]
    """Calendars by id, people by address."""
    start: AwareDatetime
    """From this time on."""
    end: AwareDatetime
    """Up to this time."""


if TYPE_CHECKING:

    class FreeBusyValues(TypedDict):
        """Values of FreeBusy."""

        id: str
        busy: Annotated[list[Busy], Field(validate_default=True)]
        error: str | None
else:
    FreeBusyValues = dict
