"""Result of a conversion to OpenAPI 3.0: the document, the origin of its parts, and the parts that could not be converted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from unified_openapi.diagnostics import Code
from unified_openapi.diagnostics.codes import MISPLACED, NOT_CARRIED


class Remark(Struct, frozen=True):
    """A message about a location of the original document."""

    code: Code
    pointer: str
    message: str


class ConvertedDocument(Struct, frozen=True):
    """An OpenAPI 3.0 document made from another kind of description.

    `origins` maps pointers of the result to pointers of the original; a location that is not listed lies as far below its nearest
    listed ancestor in both.
    """

    root: dict[str, Any]
    origins: Mapping[str, str]
    remarks: tuple[Remark, ...]


class Journal(Struct):
    """Notes of a conversion."""

    origins: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def moved(self, source: str, target: str) -> None:
        if source != target:
            self.origins[target] = source

    def note(self, pointer: str, message: str) -> None:
        """Add a remark on a part that has no counterpart in OpenAPI 3.0."""
        self.remarks.append(Remark(NOT_CARRIED, pointer, message))

    def misplaced(self, pointer: str, message: str) -> None:
        """Add a remark on a part that has the wrong form already in the original."""
        self.remarks.append(Remark(MISPLACED, pointer, message))

    def conversion(self, root: dict[str, Any]) -> ConvertedDocument:
        return ConvertedDocument(root, self.origins, tuple(self.remarks))


def mapping(value: Any) -> dict[str, Any]:
    """Return the value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """Return the value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def words(value: Any) -> list[str]:
    """Return the texts of a list, or none."""
    return [word for word in sequence(value) if isinstance(word, str)]


def described(value: Any) -> str:
    """Return the kind of a value with its article, for messages."""
    names = {dict: "an object", list: "a list", str: "a text", type(None): "nothing", bool: "a truth value"}
    return names.get(type(value), "a number")
