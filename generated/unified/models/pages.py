"""The unified pages: A page of a wiki or a workspace. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class WikiPage(Record):
    """A page of a wiki or a workspace."""

    id: str
    """The page's id."""
    title: str | None = None
    """Its title."""
    content: str | None = None
    """Its text; lists leave it out."""
    space_id: str | None = None
    """The space it is in."""
    parent_id: str | None = None
    """The page above it."""
    status: Literal["published", "draft", "archived"] | None = None
    """Whether people see it, or it is a draft or put away."""
    author_id: str | None = None
    """Who created it."""
    version: int | None = None
    """How often it was saved."""
    url: str | None = None
    """Its page for people."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""


class WikiPageCreate(Input):
    """Create a page."""

    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str, Field(min_length=1)]
    """Its title."""
    content: str | None = None
    """Its text; lists leave it out."""
    space_id: Annotated[str | None, Field(min_length=1)] = None
    """The space it is in."""
    parent_id: Annotated[str | None, Field(min_length=1)] = None
    """The page above it."""


class WikiPageFilters(Input):
    """List pages, without their content."""

    model_config = ConfigDict(
        extra="forbid",
    )
    space_id: Annotated[str | None, Field(min_length=1)] = None
    """In this space."""
    title: str | None = None
    """With exactly this title."""


class WikiPageMove(Input):
    """Move a page below another one."""

    model_config = ConfigDict(
        extra="forbid",
    )
    parent_id: Annotated[str, Field(min_length=1)]
    """The page above it."""


class WikiPageSearch(Input):
    """Search pages by their words."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str
    """Words in the title or the content."""
    space_id: Annotated[str | None, Field(min_length=1)] = None
    """In this space."""


class WikiPageUpdate(Input):
    """Change a page's title or content."""

    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str | None, Field(min_length=1)] = None
    """Its title."""
    content: str | None = None
    """Its text; lists leave it out."""
    append_content: str | None = None
    """Text to add at the end of the content, which stays as it is."""
    overwrite: bool | None = None
    """Replace the content although it holds what Markdown cannot, such as macros and images."""


if TYPE_CHECKING:

    class WikiPageValues(TypedDict):
        """Values of WikiPage."""

        id: str
        title: str | None
        content: NotRequired[str | None]
        space_id: str | None
        parent_id: str | None
        status: Literal["published", "draft", "archived"] | None
        author_id: str | None
        version: int | None
        url: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    WikiPageValues = dict
