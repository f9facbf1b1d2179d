"""The unified workbooks: A container of tables, such as a base, a workspace or a spreadsheet. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

from pydantic import ConfigDict
from unified_runtime.core.records import Input, Record


class Workbook(Record):
    """A container of tables, such as a base, a workspace or a spreadsheet."""

    id: str
    """The workbook's id."""
    name: str | None = None
    """Its name."""
    access: Literal["none", "read", "comment", "write", "manage"] | None = None
    """What the account may do in it."""
    url: str | None = None
    """Its page for people."""


class WorkbookFilters(Input):
    """List workbooks."""

    model_config = ConfigDict(
        extra="forbid",
    )


if TYPE_CHECKING:

    class WorkbookValues(TypedDict):
        """Values of Workbook."""

        id: str
        name: str | None
        access: Literal["none", "read", "comment", "write", "manage"] | None
        url: str | None
else:
    WorkbookValues = dict
