"""Several names in one key, separated by commas: entries of a mapping that have the same value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import Struct

from unified_gen.language.findings import Findings
from unified_gen.language.kinds import Definitions, Kind, MapOf, String, refuse
from unified_openapi.source.nodes import Node, ScalarNode
from unified_openapi.source.spans import Json, Span, Text

T = TypeVar("T")
U = TypeVar("U")


class _Names(Struct, frozen=True):
    """Names, separated by commas, or by another mark."""

    name: String
    mark: str = ","

    @property
    def expected(self) -> str:
        return self.name.expected

    def read(self, node: Node, out: Findings) -> tuple[Text, ...] | None:
        if not isinstance(node, ScalarNode):
            refuse(node, self.expected, out)
            return None
        names, start = [], 0
        exact = node.span.line == node.span.end_line and node.span.end_column - node.span.column >= len(node.text)
        for part in node.text.split(self.mark):
            name = part.strip()
            offset = start + len(part) - len(part.lstrip())
            span = node.span.part(offset, len(name)) if exact and self.mark in node.text else node.span
            names.append(self.name.read(ScalarNode(name, name, span, node.plain), out))
            start += len(part) + len(self.mark)
        return tuple(name for name in names if name is not None) or None

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        found = self.name.schema(definitions)
        pattern = found.get("pattern")
        if isinstance(pattern, str):
            one = pattern.removeprefix("^").removesuffix("$")
            found = {**found, "pattern": f"^{one}( *, *{one})*$"}
        return found


class MapOfNames(Struct, Generic[T, U], frozen=True):
    """A mapping whose keys are one name or several; an entry for each name, and none twice."""

    name: String
    item: Kind[T]
    make: Callable[[Text, T, Span], U]
    expected: str
    mark: str = ","
    """Separator of two names; a comma and a space, if names may have commas of their own."""

    @property
    def _map(self) -> MapOf[tuple[Text, ...], T, tuple[tuple[Text, ...], T, Span]]:
        return MapOf(_Names(self.name, self.mark), self.item, lambda names, value, span: (names, value, span), self.expected)

    def read(self, node: Node, out: Findings) -> tuple[U, ...] | None:
        entries = self._map.read(node, out)
        if entries is None:
            return None
        found: dict[str, U] = {}
        for names, value, span in entries:
            for name in names:
                if name.value in found:
                    out.add("MAP006", f"`{name}` occurs twice in this mapping", name.span, help="only one of them would count")
                found[name.value] = self.make(name, value, span)
        return tuple(found.values())

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return self._map.schema(definitions)
