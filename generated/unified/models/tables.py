"""The unified tables: A table of rows, such as a sheet. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Table(Record):
    """A table of rows, such as a sheet."""

    id: str
    """The table's id."""
    name: str | None = None
    """Its name."""
    description: str | None = None
    """What it is for."""
    workbook_id: str | None = None
    """The workbook it is in."""
    name_field_id: str | None = None
    """The field that has the name of a row."""
    url: str | None = None
    """Its page for people."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""


class TableCreate(Input):
    """Create a table."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(min_length=1)]
    """Its name."""
    description: str | None = None
    """What it is for."""
    workbook_id: Annotated[str, Field(min_length=1)]
    """The workbook it is in."""
    name_field: str
    """The name of its first field"""


class TableFilters(Input):
    """List tables."""

    model_config = ConfigDict(
        extra="forbid",
    )
    workbook_id: Annotated[str | None, Field(min_length=1)] = None
    """In this workbook."""


class TableUpdate(Input):
    """Rename a table or change its description."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str | None, Field(min_length=1)] = None
    """Its name."""
    description: str | None = None
    """What it is for."""


if TYPE_CHECKING:

    class TableValues(TypedDict):
        """Values of Table."""

        id: str
        name: str | None
        description: str | None
        workbook_id: str | None
        name_field_id: str | None
        url: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    TableValues = dict
