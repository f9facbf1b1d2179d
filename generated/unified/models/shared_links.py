"""The unified shared_links: A link that opens a file or a folder. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class SharedLink(Record):
    """A link that opens a file or a folder."""

    id: str
    """The link's id."""
    file_id: str | None = None
    """The file or folder that it opens."""
    url: str | None = None
    """The address to pass on."""
    scope: Literal["anyone", "organization", "people"] | None = None
    """Who can open it: anyone, the organization, or people who have access."""
    role: Literal["reader", "writer"] | None = None
    """What they may do."""
    expires_at: AwareDatetime | None = None
    """When it stops working."""


class SharedLinkCreate(Input):
    """Create a link to a file."""

    model_config = ConfigDict(
        extra="forbid",
    )
    file_id: Annotated[str, Field(min_length=1)]
    """The file or folder that it opens."""
    scope: Literal["anyone", "organization", "people"] | None = None
    """Who can open it: anyone, the organization, or people who have access."""
    role: Literal["reader", "writer"] | None = None
    """What they may do."""
    expires_at: AwareDatetime | None = None
    """When it stops working."""


class SharedLinkFilters(Input):
    """List the links to a file."""

    model_config = ConfigDict(
        extra="forbid",
    )
    file_id: Annotated[str, Field(min_length=1)]
    """The file or folder."""


if TYPE_CHECKING:

    class SharedLinkValues(TypedDict):
        """Values of SharedLink."""

        id: str
        file_id: str | None
        url: str | None
        scope: Literal["anyone", "organization", "people"] | None
        role: Literal["reader", "writer"] | None
        expires_at: AwareDatetime | None
else:
    SharedLinkValues = dict
