"""What a conversion to OpenAPI 3.0 yields: the document, where its parts come from, and what could not be carried over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from unified_gen.diagnostics.codes import Code
from unified_gen.documents.codes import MISPLACED, NOT_CARRIED


class Remark(Struct, frozen=True):
    """Something to tell about a place of the original document."""

    code: Code
    pointer: str
    message: str


class Conversion(Struct, frozen=True):
    """An OpenAPI 3.0 document made from another kind of description.

    `origins` maps pointers of the result to pointers of the original; a place that is not listed lies as far below its nearest
    listed ancestor in both.
    """

    root: dict[str, Any]
    origins: Mapping[str, str]
    remarks: tuple[Remark, ...]


class Journal(Struct):
    """What a conversion notes on its way."""

    origins: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def moved(self, source: str, target: str) -> None:
        if source != target:
            self.origins[target] = source

    def note(self, pointer: str, message: str) -> None:
        """Has no counterpart in OpenAPI 3.0."""
        self.remarks.append(Remark(NOT_CARRIED, pointer, message))

    def misplaced(self, pointer: str, message: str) -> None:
        """Has the wrong form already in the original."""
        self.remarks.append(Remark(MISPLACED, pointer, message))

    def conversion(self, root: dict[str, Any]) -> Conversion:
        return Conversion(root, self.origins, tuple(self.remarks))


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def words(value: Any) -> list[str]:
    """The texts of a list, or none."""
    return [word for word in sequence(value) if isinstance(word, str)]
