"""The unified task_fields: A field that the vendor's tasks have. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

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


class TaskField(Record):
    """A field that the vendor's tasks have."""

    id: str
    """The vendor's name for it."""
    name: str | None = None
    """The name people see."""
    required: bool | None = None
    """Whether a new task must have it."""
    custom: bool | None = None
    """Whether this account has added it."""
    kind: str | None = None
    """What it holds, in the vendor's word."""
    choices: Annotated[list[Choice], Field(validate_default=True)] = []
    """Its pick list."""


class TaskFieldFilters(Input):
    """List fields."""

    model_config = ConfigDict(
        extra="forbid",
    )
    project_id: Annotated[str | None, Field(min_length=1)] = None
    """Of new tasks in this project."""
    type: str | None = None
    """Of tasks of this type."""


if TYPE_CHECKING:

    class TaskFieldValues(TypedDict):
        """Values of TaskField."""

        id: str
        name: str | None
        required: bool | None
        custom: bool | None
        kind: str | None
        choices: Annotated[list[Choice], Field(validate_default=True)]
else:
    TaskFieldValues = dict
