"""The unified table_fields: A field of a table's rows, also called a column. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Choice(Input):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str | None = None
    """The choice's id."""
    name: str | None = None
    """Its name."""
    value: str | None = None
    """The word it is set to."""


class TableField(Record):
    """A field of a table's rows, also called a column."""

    id: str
    """The vendor's id of it."""
    name: str | None = None
    """The name people see."""
    kind: (
        Literal[
            "text",
            "long_text",
            "number",
            "percent",
            "currency",
            "boolean",
            "date",
            "datetime",
            "duration",
            "rating",
            "choice",
            "choices",
            "person",
            "people",
            "email",
            "url",
            "phone",
            "files",
            "link",
            "computed",
            "other",
        ]
        | None
    ) = None
    """What it holds."""
    kind_label: str | None = None
    """The vendor's own value of kind."""
    description: str | None = None
    """What it is for."""
    choices: Annotated[list[Choice], Field(validate_default=True)] = []
    """Its pick list."""


class TableFieldCreate(Input):
    """Add a field to a table."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(min_length=1)]
    """The name people see."""
    kind: Literal[
        "text",
        "long_text",
        "number",
        "percent",
        "currency",
        "boolean",
        "date",
        "datetime",
        "duration",
        "rating",
        "choice",
        "choices",
        "person",
        "people",
        "email",
        "url",
        "phone",
        "files",
        "link",
        "computed",
        "other",
    ]
    """What it holds."""
    description: str | None = None
    """What it is for."""


class TableFieldFilters(Input):
    """List the fields of a table."""

    model_config = ConfigDict(
        extra="forbid",
    )
    table_id: Annotated[str, Field(min_length=1)]
    """Of this table."""


if TYPE_CHECKING:

    class TableFieldValues(TypedDict):
        """Values of TableField."""

        id: str
        name: str | None
        kind: (
            Literal[
                "text",
                "long_text",
                "number",
                "percent",
                "currency",
                "boolean",
                "date",
                "datetime",
                "duration",
                "rating",
                "choice",
                "choices",
                "person",
                "people",
                "email",
                "url",
                "phone",
                "files",
                "link",
                "computed",
                "other",
            ]
            | None
        )
        kind_label: str | None
        description: str | None
        choices: Annotated[list[Choice], Field(validate_default=True)]
else:
    TableFieldValues = dict
