"""The unified projects: What tasks belong to. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import ConfigDict, Field
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
    parent_id: str | None = None
    """The project, team or workspace above it."""
    archived: bool | None = None
    """Whether it is closed or put away."""
    url: str | None = None
    """Its page for people."""


class ProjectArchive(Input):
    """Archive a project; its tasks stay."""

    model_config = ConfigDict(
        extra="forbid",
    )


class ProjectCreate(Input):
    """Create a project."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(min_length=1)]
    """Its name."""
    key: str | None = None
    """The short name that people use."""
    description: str | None = None
    """What it is about."""
    parent_id: Annotated[str | None, Field(min_length=1)] = None
    """The project, team or workspace above it."""


class ProjectFilters(Input):
    """List or search projects."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str | None = None
    """Whose name contains this text."""


class ProjectUnarchive(Input):
    """Restore an archived project."""

    model_config = ConfigDict(
        extra="forbid",
    )


class ProjectUpdate(Input):
    """Rename a project or change its description."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str | None, Field(min_length=1)] = None
    """Its name."""
    description: str | None = None
    """What it is about."""


if TYPE_CHECKING:

    class ProjectValues(TypedDict):
        """Values of Project."""

        id: str
        name: str | None
        key: str | None
        description: str | None
        parent_id: str | None
        archived: bool | None
        url: str | None
else:
    ProjectValues = dict
