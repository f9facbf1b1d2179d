"""The unified drives: A drive that a team shares. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from pydantic import AwareDatetime, ConfigDict
from unified_runtime.core.records import Input, Record


class Drive(Record):
    """A drive that a team shares."""

    id: str
    """The drive's id, which is a parent_id of files."""
    name: str | None = None
    """What it is called."""
    created_at: AwareDatetime | None = None
    """When it was created."""


class DriveFilters(Input):
    """List shared drives."""

    model_config = ConfigDict(
        extra="forbid",
    )


if TYPE_CHECKING:

    class DriveValues(TypedDict):
        """Values of Drive."""

        id: str
        name: str | None
        created_at: AwareDatetime | None
else:
    DriveValues = dict
