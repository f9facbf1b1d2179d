"""Edits of a mapping: paths, enums, codecs, operations, inputs, filters, steps and unsupported entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.mutations.documents import Offers
from tests.mutations.edits import Edit, Editor
from tests.mutations.trees import Location, at, removed, renamed, replaced, swapped, walk
from unified_gen.language import ast
from unified_gen.language.codecs import CODECS
from unified_openapi.schemas.shapes import Shape

_PATHS = {"path", "read", "write", "label"}
_STEP_PATHS = {"items", "record"}
_LITERALS = ("constants", "defaults", "initial", "item_constants", "clear")
_REFERENCE = re.compile(r"\{([a-z_]+)([.:}])")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class ResourceEditor(Editor):
    """Makes the edits of one mapping."""

    def __init__(self, vendor: str, file: str, tree: Any, seed: str, offers: Offers, model: ast.Model) -> None:
        super().__init__(vendor, file, tree, seed)
        self.offers = offers
        self.model = model
        record = offers.component(str(tree.get("schema", "")))
        self.record: tuple[Shape, ...] = (record,) if record is not None else ()
        self.names = tuple(field.name.value for field in model.fields)

    def edits(self) -> Iterator[Edit]:
        tree = self.tree
        if isinstance(tree.get("schema"), str):
            yield from self._other("schema", ("schema",), self.offers.components)
        for key in ("exclude", "custom_fields", "ids_change"):
            if key in tree:
                yield from self.edit("resource key", (key,), "removed", removed(tree, (key,)))
        if isinstance(tree.get("exclude"), str):
            yield from self._predicate(("exclude",))
        yield from self._fields(("fields",), tree.get("fields", {}), self.record)
        for name in tree.get("unsupported", {}):
            yield from self.edit("unsupported", ("unsupported", name), "removed", removed(tree, ("unsupported", name)))
        yield from self._literals(("initial",), tree.get("initial"))
        yield from self._params(("params",), tree.get("params"), ())
        for name, alias in tree.get("aliases", {}).items():
            yield from self.edit("aliases", ("aliases", name), "removed", removed(tree, ("aliases", name)))
            if isinstance(alias, str):
                yield from self._other("aliases", ("aliases", name), self.names)
        for call, batch in tree.get("batches", {}).items():
            yield from self._batch(("batches", call), batch)
        for name, operation in tree.get("operations", {}).items():
            yield from self._operation(name, ("operations", name), operation)

    # ------------------------------------------------------------------------------------------- fields
    def _fields(self, location: Location, fields: dict[str, Any], roots: tuple[Shape, ...]) -> Iterator[Edit]:
        names = list(fields)
        for index, (name, field) in enumerate(fields.items()):
            here = (*location, name)
            yield from self.edit("field", here, "removed", removed(self.tree, here))
            other = names[(index + 1 + self.random("field", here).randrange(max(1, len(names) - 1))) % len(names)]
            if other != name:
                yield from self.edit("field", here, f"exchanged with {other}", swapped(self.tree, here, (*location, other)))
            yield from self._field(here, field, roots)

    def _field(self, here: Location, field: Any, roots: tuple[Shape, ...]) -> Iterator[Edit]:
        if isinstance(field, str):
            yield from self._path("path", here, roots)
            yield from self.edit("field", here, "read only", replaced(self.tree, here, {"read": field}))
        elif isinstance(field, list):
            for index, inner in enumerate(field):
                if isinstance(inner, str):
                    yield from self._path("path", (*here, index), roots)
        if not isinstance(field, dict):
            return
        for key, value in field.items():
            inner = (*here, key)
            if key in _PATHS or key == "also_write":
                for node, text in walk(value, inner):
                    if isinstance(text, str):
                        yield from self._path("path", node, roots)
                        yield from self._same_type("path", node, roots)
            if key == "path" and isinstance(value, str):
                changed = {("read" if name == "path" else name): inner for name, inner in field.items()}
                yield from self.edit("field", here, "read only", replaced(self.tree, here, changed))
            if key == "enum":
                yield from self._table("enum", inner, value)
            elif key == "codec":
                yield from self.edit("codec", inner, "removed", removed(self.tree, inner))
                if isinstance(value, str):
                    yield from self._other("codec", inner, tuple(CODECS))
            elif key == "clear":
                yield from self.edit("clear", inner, "removed", removed(self.tree, inner))
                changed_to = "never" if value != "never" else ""
                yield from self.edit("clear", inner, f"replaced by {changed_to!r}", replaced(self.tree, inner, changed_to))
            elif key == "fields":
                items = field.get("items")
                yield from self._fields(inner, value, self._elements(items, roots) if isinstance(items, str) else roots)
            elif key == "items":
                yield from self._path("items", inner, roots)
                yield from self.edit("items", inner, "removed", removed(self.tree, inner))
            elif key in ("slots", "format", "parse", "link", "by_type", "codec_inputs"):
                yield from self._composed(inner, value, roots)
            elif key in ("written_by", "exclude", "label", "also_write"):
                yield from self.edit("field key", inner, "removed", removed(self.tree, inner))

    def _elements(self, path: str, roots: tuple[Shape, ...]) -> tuple[Shape, ...]:
        found = []
        for root in roots:
            for variant in (root, *root.variants()):
                pointer = variant.properties.get(path)
                items = self.offers.schemas.shape(pointer).items if pointer is not None else None
                if items is not None:
                    found.append(self.offers.schemas.shape(items))
        return tuple(found)

    def _composed(self, inner: Location, value: Any, roots: tuple[Shape, ...]) -> Iterator[Edit]:
        kind = "slots, parts, link"
        yield from self.edit(kind, inner, "removed", removed(self.tree, inner))
        if isinstance(value, str):
            yield from self.edit(kind, inner, "shortened", replaced(self.tree, inner, value[:-1]))
        for node, text in walk(value, inner):
            if node != inner and not isinstance(text, (dict, list)):
                if (isinstance(node[-1], int) and isinstance(text, str)) or inner[-1] in ("by_type", "slots"):
                    if isinstance(text, str):
                        yield from self._path(kind, node, roots)
                elif isinstance(text, str):
                    yield from self.edit(kind, node, "shortened", replaced(self.tree, node, text[1:]))
            if node != inner and isinstance(at(self.tree, node[:-1]), list) and len(at(self.tree, node[:-1])) > 1:
                yield from self.edit(kind, node, "removed", removed(self.tree, node))

    def _path(self, kind: str, here: Location, roots: tuple[Shape, ...]) -> Iterator[Edit]:
        text = at(self.tree, here)
        other = self.offers.sibling(text, (*roots, *self._requests()), self.random(kind, here))
        yield from self.edit(kind, here, f"{text} → {other}", replaced(self.tree, here, other))

    def _same_type(self, kind: str, here: Location, roots: tuple[Shape, ...]) -> Iterator[Edit]:
        """Shorten a path: the mistake of naming the object instead of its property."""
        text = at(self.tree, here)
        if "." in text and '"' not in text and "|" not in text:
            other = text.rpartition(".")[0]
            yield from self.edit(kind, here, f"{text} → {other}", replaced(self.tree, here, other))

    def _requests(self) -> tuple[Shape, ...]:
        names = [step[1]["operation"] for step in self._steps() if isinstance(step[1].get("operation"), str)]
        return tuple(body for name in dict.fromkeys(names) for body in self.offers.bodies(name))

    def _steps(self) -> Iterator[tuple[Location, dict[str, Any]]]:
        for node, value in walk(self.tree.get("operations", {}), ("operations",)):
            if isinstance(value, dict) and ("operation" in value or "send" in value):
                yield node, value

    def _table(self, kind: str, here: Location, table: Any) -> Iterator[Edit]:
        if isinstance(table, list):
            for index, word in enumerate(table):
                yield from self.edit(kind, (*here, index), "removed", removed(self.tree, (*here, index)))
                changed = {str(one): one for one in table if one != word} | {str(word): f"{word}x"}
                yield from self.edit(kind, (*here, index), "misspelt", replaced(self.tree, here, changed))
            return
        if not isinstance(table, dict):
            return
        names = list(table)
        for index, (name, row) in enumerate(table.items()):
            node = (*here, name)
            yield from self.edit(kind, node, "row removed", removed(self.tree, node))
            if len(names) > 1:
                other = names[(index + 1) % len(names)]
                yield from self.edit(f"{kind} swap", node, f"exchanged with {other}", swapped(self.tree, node, (*here, other)))
            for inner, word in walk(row, node):
                if isinstance(word, (dict, list)):
                    continue
                changed_to: Any = not word if isinstance(word, bool) else f"{word}x" if isinstance(word, str) else (word or 0) + 1
                yield from self.edit(kind, inner, f"{word!r} → {changed_to!r}", replaced(self.tree, inner, changed_to))
                if inner != node:
                    yield from self.edit(kind, inner, "removed", removed(self.tree, inner))

    # ------------------------------------------------------------------------------------------- operations
    def _operation(self, name: str, here: Location, operation: Any) -> Iterator[Edit]:
        model = next((one for one in self.model.operations if one.name.value == name), None)
        references = (*self.names, *(given.name.value for given in model.inputs)) if model is not None else self.names
        yield from self.edit("operation", here, "removed", removed(self.tree, here))
        yield from self._step_list(here, operation, references)

    def _step_list(self, here: Location, value: Any, references: tuple[str, ...]) -> Iterator[Edit]:
        if isinstance(value, list):
            for index, step in enumerate(value):
                node = (*here, index)
                yield from self.edit("steps", node, "removed", removed(self.tree, node))
                if index:
                    yield from self.edit("steps", node, "exchanged with the one before", swapped(self.tree, (*here, index - 1), node))
                yield from self._step_list(node, step, references)
        elif isinstance(value, dict):
            for key in ("either", "steps"):
                if key in value:
                    yield from self._step_list((*here, key), value[key], references)
            yield from self._step(here, value, references)
        elif isinstance(value, str):
            yield from self._call(here, value, self._replace(here))

    def _replace(self, here: Location) -> Any:
        return lambda other: replaced(self.tree, here, other)

    def _call(self, here: Location, name: str, change: Any) -> Iterator[Edit]:
        others = sorted({*self.offers.operations} - {name})
        if others and name in self.offers.operations:
            other = self.random("operation", here).choice(others)
            yield from self.edit("operation", here, f"{name} → {other}", change(other))

    def _step(self, here: Location, step: dict[str, Any], references: tuple[str, ...]) -> Iterator[Edit]:
        first = next(iter(step), "")
        short = first in self.offers.operations and "operation" not in step
        call = first if short else str(step.get("operation", ""))
        if short:
            yield from self._call((*here, first), first, lambda other: renamed(self.tree, (*here, first), other))
            yield from self._params((*here, first), step[first], references, call)
        for key, value in step.items():
            node = (*here, key)
            if key == "operation":
                yield from self._call(node, str(value), self._replace(node))
                continue
            if key in ("either", "steps") or (short and key == first):
                continue
            if key == "returns":
                if isinstance(value, dict):
                    for inner, text in walk(value, node):
                        if isinstance(text, str):
                            yield from self.edit("steps", inner, "shortened", replaced(self.tree, inner, text[:-1]))
                continue
            yield from self.edit("step key", node, f"{key} removed", removed(self.tree, node))
            responses = (*self.offers.responses(call),)
            if key == "params":
                yield from self._params(node, value, references, call)
            elif key in ("constants", "defaults"):
                yield from self._literals(node, value)
            elif key in _STEP_PATHS and isinstance(value, str):
                other = self.offers.sibling(value, responses, self.random(key, node)) if value != "@" else "items"
                yield from self.edit("response path", node, f"{value} → {other}", replaced(self.tree, node, other))
            elif key == "save" and isinstance(value, dict):
                for name, text in value.items():
                    yield from self._response(("response path"), (*node, name), str(text), responses)
            elif key == "where":
                for name, text in value.items():
                    yield from self.edit("where", (*node, name), "removed", removed(self.tree, (*node, name)))
                    other = self.offers.sibling(name, (*self.record, *responses), self.random("where", (*node, name)))
                    yield from self.edit("where", (*node, name), f"{name} → {other}", renamed(self.tree, (*node, name), other))
                    if isinstance(text, str):
                        yield from self._other("where", (*node, name), references)
            elif key == "if":
                yield from self._condition(node, str(value), references)
            elif key == "send" and isinstance(value, list):
                for index in range(len(value)):
                    yield from self.edit("send", (*node, index), "removed", removed(self.tree, (*node, index)))
            elif key == "query":
                yield from self._query(node, value, references)
            elif key in ("local_filters", "requires", "scopes"):
                for index in range(len(value)):
                    yield from self.edit("filters", (*node, index), "removed", removed(self.tree, (*node, index)))
            elif key == "enums":
                for name, table in value.items():
                    yield from self._table("enum of an input", (*node, name), table)
            elif key == "pagination":
                yield from self.edit("pagination", node, "none", replaced(self.tree, node, "none" if value != "none" else "default"))
            elif key in ("verify", "templates", "media", "poll", "exchange", "sync_token", "reconcile", "save_headers") and isinstance(
                value, dict
            ):
                yield from self._group(key, node, value, references, responses)

    def _response(self, kind: str, node: Location, text: str, roots: tuple[Shape, ...]) -> Iterator[Edit]:
        other = self.offers.sibling(text, roots, self.random(kind, node))
        yield from self.edit(kind, node, f"{text} → {other}", replaced(self.tree, node, other))

    def _group(
        self, kind: str, here: Location, value: dict[str, Any], references: tuple[str, ...], roots: tuple[Shape, ...]
    ) -> Iterator[Edit]:
        for node, inner in walk(value, here):
            if node == here:
                continue
            yield from self.edit(kind, node, "removed", removed(self.tree, node))
            if isinstance(inner, bool) or inner is None or isinstance(inner, (dict, list)):
                continue
            if isinstance(inner, int):
                yield from self.edit(kind, node, f"{inner} → {inner * 10 + 1}", replaced(self.tree, node, inner * 10 + 1))
            elif inner in references:
                yield from self._other(kind, node, references)
            else:
                yield from self._response(kind, node, str(inner), (*roots, *self.record))

    def _params(self, here: Location, value: Any, references: tuple[str, ...], call: str = "") -> Iterator[Edit]:
        if isinstance(value, str):
            yield from self._other("params", here, references or self.names)
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                yield from self.edit("params", (*here, index), "removed", removed(self.tree, (*here, index)))
                yield from self._params((*here, index), inner, references, call)
        elif isinstance(value, dict):
            names = list(value)
            for index, (name, text) in enumerate(value.items()):
                node = (*here, name)
                yield from self.edit("params", node, "removed", removed(self.tree, node))
                if index:
                    other = names[index - 1]
                    yield from self.edit("params", node, f"exchanged with {other}", swapped(self.tree, (*here, other), node))
                inputs = tuple(one for one in self.offers.inputs(call) if one not in value)
                if inputs:
                    other = self.random("params", node).choice(inputs)
                    yield from self.edit("params", node, f"{name} → {other}", renamed(self.tree, node, other))
                if isinstance(text, str):
                    if "." in text:
                        other = text.rpartition(".")[0]
                        yield from self.edit("params", node, f"{text} → {other}", replaced(self.tree, node, other))
                    yield from self._other("params", node, references or self.names)

    def _other(self, kind: str, here: Location, known: tuple[str, ...]) -> Iterator[Edit]:
        text = at(self.tree, here)
        others = sorted({*known} - {text})
        if others:
            other = self.random(kind, here).choice(others)
            yield from self.edit(kind, here, f"{text} → {other}", replaced(self.tree, here, other))

    def _literals(self, here: Location, value: Any) -> Iterator[Edit]:
        for node, literal in walk(value, here):
            if node == here or isinstance(literal, dict):
                continue
            yield from self.edit("literals", node, "removed", removed(self.tree, node))
            if isinstance(literal, bool):
                other: Any = not literal
            elif isinstance(literal, int | float):
                other = literal + 1
            elif isinstance(literal, str):
                other = literal + "x"
            else:
                continue
            yield from self.edit("literals", node, f"{literal!r} → {other!r}", replaced(self.tree, node, other))

    def _condition(self, node: Location, text: str, references: tuple[str, ...]) -> Iterator[Edit]:
        words = [found for found in _WORD.finditer(text) if found.group() in references]
        if words:
            found = self.random("if", node).choice(words)
            others = sorted({*references} - {found.group()})
            if others:
                other = self.random("if other", node).choice(others)
                changed = text[: found.start()] + other + text[found.end() :]
                yield from self.edit("if", node, f"{text} → {changed}", replaced(self.tree, node, changed))
            changed = text[: found.start()].removesuffix("!") + ("" if text[: found.start()].endswith("!") else "!") + text[found.start() :]
            yield from self.edit("if", node, f"{text} → {changed}", replaced(self.tree, node, changed))
        for old, new in (("==", "!="), ("!=", "=="), ("||", "&&"), ("&&", "||")):
            if old in text:
                yield from self.edit("if", node, f"{old} → {new}", replaced(self.tree, node, text.replace(old, new, 1)))

    def _predicate(self, node: Location) -> Iterator[Edit]:
        text = at(self.tree, node)
        for old, new in (("==", "!="), ("!=", "=="), ("||", "&&"), ("&&", "||")):
            if old in text:
                yield from self.edit("predicate", node, f"{old} → {new}", replaced(self.tree, node, text.replace(old, new, 1)))
        other = self.offers.sibling(text.split()[0], self.record, self.random("predicate", node))
        changed = " ".join([other, *text.split()[1:]])
        yield from self.edit("predicate", node, f"{text} → {changed}", replaced(self.tree, node, changed))

    # ------------------------------------------------------------------------------------------- queries, batches
    def _query(self, here: Location, value: Any, references: tuple[str, ...]) -> Iterator[Edit]:
        for node, inner in walk(value, here):
            if isinstance(inner, list):
                for index in range(len(inner)):
                    yield from self.edit("query", (*node, index), "clause removed", removed(self.tree, (*node, index)))
            if not isinstance(inner, str):
                continue
            if node[-1] == "language":
                yield from self._other("query", node, ("jql", "soql", "odata", "drive", "github", "zendesk", "json"))
                continue
            if found := _REFERENCE.search(inner):
                others = sorted({*references} - {found.group(1)})
                if others:
                    other = self.random("query", node).choice(others)
                    changed = inner[: found.start(1)] + other + inner[found.end(1) :]
                    yield from self.edit("query", node, f"{inner} → {changed}", replaced(self.tree, node, changed))
                quoted = inner[: found.start()] + '"' + re.sub(r"\}", '}"', inner[found.start() :], count=1)
                yield from self.edit("query", node, "quotes around a reference", replaced(self.tree, node, quoted))
            if word := _WORD.search(inner):
                changed = inner[: word.end() - 1] + inner[word.end() :] if len(word.group()) > 2 else inner + "x"
                if found is None or word.end() < found.start():
                    yield from self.edit("query", node, f"{inner} → {changed}", replaced(self.tree, node, changed))
            for old, new in ((">=", "<="), ("=", "!="), (" ASC", " DESC"), (" DESC", " ASC")):
                if old in inner and not (old == "=" and (">=" in inner or "!=" in inner)):
                    yield from self.edit("query", node, f"{old} → {new}", replaced(self.tree, node, inner.replace(old, new, 1)))

    def _batch(self, here: Location, batch: Any) -> Iterator[Edit]:
        yield from self.edit("batches", here, "removed", removed(self.tree, here))
        if not isinstance(batch, dict):
            return
        for key, value in batch.items():
            node = (*here, key)
            if key == "operation":
                yield from self._call(node, str(value), self._replace(node))
                continue
            yield from self.edit("batches", node, "removed", removed(self.tree, node))
            for inner, text in walk(value, node):
                if inner == node or not isinstance(text, str):
                    continue
                yield from self.edit("batches", inner, "removed", removed(self.tree, inner))
                if text in self.offers.inputs(str(here[-1])):
                    yield from self._other("batches", inner, self.offers.inputs(str(here[-1])))
                else:
                    yield from self.edit("batches", inner, f"{text} → {text}x", replaced(self.tree, inner, text + "x"))
