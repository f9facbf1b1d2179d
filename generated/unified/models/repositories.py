"""The unified repositories: A repository of source code. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from pydantic import AwareDatetime, ConfigDict
from unified_runtime.core.records import Input, Record


class Repository(Record):
    """A repository of source code."""

    id: str
    """The repository's id."""
    name: str | None = None
    """Its name within the owner's repositories."""
    full_name: str | None = None
    """Owner and name"""
    description: str | None = None
    """What it contains."""
    default_branch: str | None = None
    """The branch that work is merged into."""
    private: bool | None = None
    """Whether only people with access see it."""
    archived: bool | None = None
    """Whether it is read-only."""
    fork: bool | None = None
    """Whether it is a fork of another one."""
    language: str | None = None
    """The main programming language."""
    clone_url: str | None = None
    """The address for git clone over HTTPS."""
    url: str | None = None
    """Its page for people."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""


class RepositoryFilters(Input):
    """List or search repositories."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str | None = None
    """Whose name contains this text."""


if TYPE_CHECKING:

    class RepositoryValues(TypedDict):
        """Values of Repository."""

        id: str
        name: str | None
        full_name: str | None
        description: str | None
        default_branch: str | None
        private: bool | None
        archived: bool | None
        fork: bool | None
        language: str | None
        clone_url: str | None
        url: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    RepositoryValues = dict
