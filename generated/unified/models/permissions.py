"""The unified permissions: What somebody may do with a file. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Permission(Record):
    """What somebody may do with a file."""

    id: str
    """The permission's id."""
    kind: Literal["user", "group", "domain", "anyone"] | None = None
    """Who has it; anyone needs no account."""
    role: Literal["owner", "writer", "commenter", "reader"] | None = None
    """What they may do."""
    email: str | None = None
    """The address of the user or group."""
    name: str | None = None
    """The name of the user, group or domain."""


class PermissionFilters(Input):
    """List who can access a file."""

    model_config = ConfigDict(
        extra="forbid",
    )
    file_id: Annotated[str, Field(min_length=1)]
    """The file."""


if TYPE_CHECKING:

    class PermissionValues(TypedDict):
        """Values of Permission."""

        id: str
        kind: Literal["user", "group", "domain", "anyone"] | None
        role: Literal["owner", "writer", "commenter", "reader"] | None
        email: str | None
        name: str | None
else:
    PermissionValues = dict
