"""The unified users: A person or app that tasks are assigned to. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class User(Record):
    """A person or app that tasks are assigned to."""

    id: str
    """The user's id."""
    name: str | None = None
    """The name shown to people."""
    email: str | None = None
    """The e-mail address."""
    active: bool | None = None
    """Whether the account is in use."""
    kind: Literal["person", "app", "guest"] | None = None
    """A person, an app, or a guest from outside."""
    avatar_url: str | None = None
    """A picture."""


class UserFilters(Input):
    """List or search users."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str | None = None
    """Whose name or address contains this text."""
    email: str | None = None
    """With this address."""
    project_id: Annotated[str | None, Field(min_length=1)] = None
    """Who can work in this project."""


if TYPE_CHECKING:

    class UserValues(TypedDict):
        """Values of User."""

        id: str
        name: str | None
        email: str | None
        active: bool | None
        kind: Literal["person", "app", "guest"] | None
        avatar_url: str | None
else:
    UserValues = dict
