"""Order of keys: that in which the grammar of the mapping language declares them.

The JSON Schemas of the grammar (docs/reference/schemas) hold the order, so that it is the one that readers see there. Names that
authors choose (fields, operations, inputs, values of a table) stay in their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_gen.formatting.tree import Alias, Collection, File, Leaf, Node
from unified_gen.language import json_schema

Schema = dict[str, Any]

_SCHEMAS = {
    "model": json_schema.schema_for_models,
    "vendor": json_schema.schema_for_vendors,
    "resource": json_schema.schema_for_resources,
}
"""Kinds of files, and the schema of each."""


class Order:
    """The order of keys in one kind of file: `model`, `vendor` or `resource`."""

    def __init__(self, kind: str) -> None:
        self._schema: Schema = _SCHEMAS[kind]()

    def sort(self, file: File) -> None:
        """Sort the keys that the language names, unless an alias would then come before its anchor."""
        if file.root is None:
            return
        previous: list[tuple[Collection, list[Any]]] = []
        self._sort(file.root, [self._schema], previous)
        if not _anchors_precede(file.root):
            for collection, entries in previous:
                collection.entries = entries

    def _sort(self, node: Node, schemas: list[Schema], previous: list[tuple[Collection, list[Any]]]) -> None:
        if not isinstance(node, Collection):
            return
        accepted = [one for schema in schemas for one in self._alternatives(schema)]
        if not node.is_map:
            items = [one["items"] for one in accepted if isinstance(one.get("items"), dict)]
            for entry in node.entries:
                self._sort(entry.value, items, previous)
            return
        names = [entry.key.text for entry in node.entries if isinstance(entry.key, Leaf)]
        chosen = _best(accepted, names)
        properties: dict[str, Schema] = chosen.get("properties", {})
        others = chosen.get("additionalProperties")
        for entry in node.entries:
            inner = properties.get(entry.key.text) if isinstance(entry.key, Leaf) else None
            found = inner if inner is not None else others
            self._sort(entry.value, [found] if isinstance(found, dict) else [], previous)
        ranks = {name: number for number, name in enumerate(properties)}
        chosen_name = -1 if isinstance(others, dict) else len(ranks)  # the vendor's operation is the first key of a step
        previous.append((node, node.entries))
        node.entries = sorted(
            node.entries, key=lambda entry: ranks.get(entry.key.text, chosen_name) if isinstance(entry.key, Leaf) else chosen_name
        )

    def _alternatives(self, schema: Schema) -> Iterator[Schema]:
        if "$ref" in schema:
            yield from self._alternatives(self._schema["$defs"][schema["$ref"].rpartition("/")[2]])
        for one in schema.get("anyOf", ()):
            yield from self._alternatives(one)
        yield schema


def _best(schemas: list[Schema], names: list[str]) -> Schema:
    """Return the schema of a mapping with these keys: the one that declares most of them, else one of chosen names."""

    def declared(schema: Schema) -> int:
        return sum(name in schema.get("properties", {}) for name in names)

    objects = [schema for schema in schemas if schema.get("type") == "object"]
    by_name = [schema for schema in objects if isinstance(schema.get("additionalProperties"), dict)]
    best = max(objects, key=declared, default={})
    if by_name and declared(best) < len(names):
        return max(by_name, key=declared)
    return best


def _anchors_precede(root: Node) -> bool:
    """Return true if each anchor has one meaning and is set before it is used."""
    seen: set[str] = set()
    for node in _nodes(root):
        if isinstance(node, Alias):
            if node.name not in seen:
                return False
        elif node.anchor is not None:
            if node.anchor in seen:
                return False
            seen.add(node.anchor)
    return True


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Collection):
        for entry in node.entries:
            if entry.key is not None:
                yield entry.key
            yield from _nodes(entry.value)
