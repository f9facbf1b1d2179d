"""The unified spaces: What pages belong to. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from pydantic import AwareDatetime, ConfigDict
from unified_runtime.core.records import Input, Record


class Space(Record):
    """What pages belong to."""

    id: str
    """The space's id."""
    name: str | None = None
    """Its name."""
    key: str | None = None
    """The short name that people use."""
    description: str | None = None
    """What it is about."""
    personal: bool | None = None
    """Whether it is one person's own."""
    archived: bool | None = None
    """Whether it is put away."""
    home_page_id: str | None = None
    """Its first page."""
    url: str | None = None
    """Its page for people."""
    created_at: AwareDatetime | None = None
    """When it was created."""


class SpaceFilters(Input):
    """List or search spaces."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str | None = None
    """Whose name contains this text."""


if TYPE_CHECKING:

    class SpaceValues(TypedDict):
        """Values of Space."""

        id: str
        name: str | None
        key: str | None
        description: str | None
        personal: bool | None
        archived: bool | None
        home_page_id: str | None
        url: str | None
        created_at: AwareDatetime | None
else:
    SpaceValues = dict
