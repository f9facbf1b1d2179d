"""The unified crm_fields: A field that the vendor's contacts, companies or deals have. Written by `gen build`; do not edit."""

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


class CrmField(Record):
    """A field that the vendor's contacts, companies or deals have."""

    id: str
    """The vendor's name for it."""
    name: str | None = None
    """The name people see."""
    required: bool | None = None
    """Whether a new record must have it."""
    custom: bool | None = None
    """Whether this account has added it."""
    kind: str | None = None
    """What it holds, in the vendor's word."""
    choices: Annotated[list[Choice], Field(validate_default=True)] = []
    """Its pick list."""


class CrmFieldFilters(Input):
    """List fields."""

    model_config = ConfigDict(
        extra="forbid",
    )
    of: Literal["contacts", "companies", "deals", "crm_records"]
    """Of which records."""
    type: Annotated[str | None, Field(min_length=1)] = None
    """Of which custom object."""


if TYPE_CHECKING:

    class CrmFieldValues(TypedDict):
        """Values of CrmField."""

        id: str
        name: str | None
        required: bool | None
        custom: bool | None
        kind: str | None
        choices: Annotated[list[Choice], Field(validate_default=True)]
else:
    CrmFieldValues = dict
