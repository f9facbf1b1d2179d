"""The unified projects: What tasks belong to. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from pydantic import ConfigDict
from unified_runtime.core.records import Input, Record


class Project(Record):
    """What tasks belong to."""

    id: str
    """The project's id."""
    name: str | None = None
    """Its name."""
    key: str | None = None
    """The short name that people use."""
    description: str | None = None
    """What it is about."""
    archived: bool | None = None
    """Whether it is closed or put away."""
    url: str | None = None
    """Its page for people."""


class ProjectFilters(Input):
    """List or search projects."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str | None = None
    """Whose name contains this text."""


if TYPE_CHECKING:

    class ProjectValues(TypedDict):
        """Values of Project."""

        id: str
        name: str | None
        key: str | None
        description: str | None
        archived: bool | None
        url: str | None
else:
    ProjectValues = dict
