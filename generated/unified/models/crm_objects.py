"""The unified crm_objects: A custom object, which an account has added to its CRM. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from pydantic import ConfigDict
from unified_runtime.core.records import Input, Record


class CrmObject(Record):
    """A custom object, which an account has added to its CRM."""

    id: str
    """The vendor's name for it, which is the `type` of its records."""
    name: str | None = None
    """The name people see."""
    plural: str | None = None
    """What several of its records are called."""
    name_field: str | None = None
    """The field with the name of a record."""


class CrmObjectFilters(Input):
    """List the custom objects that the account has."""

    model_config = ConfigDict(
        extra="forbid",
    )


if TYPE_CHECKING:

    class CrmObjectValues(TypedDict):
        """Values of CrmObject."""

        id: str
        name: str | None
        plural: str | None
        name_field: str | None
else:
    CrmObjectValues = dict
