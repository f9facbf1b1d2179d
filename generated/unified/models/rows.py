"""The unified rows: A row of a table. Its values are custom fields, by the ids of the table's fields. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Row(Record):
    """A row of a table. Its values are custom fields, by the ids of the table's fields."""

    id: str
    """The row's id, with its table's."""
    table_id: str | None = None
    """The table it is in."""
    parent_id: str | None = None
    """The row it is a part of."""
    url: str | None = None
    """Its page for people."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""


class RowCreate(Input):
    """Add a row to a table."""

    model_config = ConfigDict(
        extra="forbid",
    )
    table_id: Annotated[str, Field(min_length=1)]
    """The table it is in."""
    parent_id: Annotated[str | None, Field(min_length=1)] = None
    """The row it is a part of."""


class RowFilters(Input):
    """Find rows of a table."""

    model_config = ConfigDict(
        extra="forbid",
    )
    table_id: Annotated[str, Field(min_length=1)]
    """Of this table."""
    view_id: str | None = None
    """Only those that this view shows."""


class RowUpdate(Input):
    """Change a row."""

    model_config = ConfigDict(
        extra="forbid",
    )
    parent_id: Annotated[str | None, Field(min_length=1)] = None
    """The row it is a part of."""


if TYPE_CHECKING:

    class RowValues(TypedDict):
        """Values of Row."""

        id: str
        table_id: str | None
        parent_id: str | None
        url: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    RowValues = dict
