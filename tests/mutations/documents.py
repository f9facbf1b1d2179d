"""Siblings of paths, inputs and operations in a vendor's document, to replace a name of a mapping by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from unified_gen.pipeline.inputs import VendorInputs
from unified_openapi.documents import Document, operations, parse_document
from unified_openapi.documents.overlay import apply, parse_overlay
from unified_openapi.schemas.shapes import Schemas, Shape

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[A-Za-z_$@][\w$@-]*')
_PLAIN = re.compile(r"[A-Za-z_]\w*")


def overlaid(inputs: VendorInputs) -> Document:
    """Return a vendor's slice with its overlay applied."""
    spec, overlay = inputs.spec("openapi.yaml"), inputs.spec("overlay.yaml")
    assert spec is not None
    document = parse_document(spec[1], spec[0])
    return apply(document, parse_overlay(overlay[1].encode(), overlay[0])) if overlay is not None else document


class Offers:
    """The operations and schemas of one vendor, its overlay applied."""

    def __init__(self, inputs: VendorInputs) -> None:
        document = overlaid(inputs)
        self.schemas = Schemas(document)
        self.operations = operations(document)
        components = document.root.get("components", {})
        self.components: tuple[str, ...] = tuple(components.get("schemas", {}))

    def component(self, name: str) -> Shape | None:
        """Return the schema of a component."""
        return self.schemas.shape(f"/components/schemas/{name}") if name in self.components else None

    def bodies(self, operation: str) -> Iterator[Shape]:
        """Yield the schemas of an operation's request."""
        if (facts := self.operations.get(operation)) is not None:
            yield from (self.schemas.shape(pointer) for pointer in facts.bodies.values())

    def responses(self, operation: str) -> Iterator[Shape]:
        """Yield the schemas of an operation's successful responses."""
        if (facts := self.operations.get(operation)) is not None:
            for status, contents in facts.responses.items():
                if status.startswith("2"):
                    yield from (self.schemas.shape(pointer) for pointer in contents.values())

    def inputs(self, operation: str) -> tuple[str, ...]:
        """Return the names of an operation's inputs: parameters and the properties of its body."""
        if (facts := self.operations.get(operation)) is None:
            return ()
        names = dict.fromkeys(parameter.name for parameter in facts.parameters if parameter.location != "cookie")
        for body in self.bodies(operation):
            names |= dict.fromkeys(body.properties)
        return tuple(names)

    def sibling(self, path: str, roots: tuple[Shape, ...], random: Random) -> str:
        """Return the path with its last name replaced by another property of the same object, or misspelt if there is none."""
        names = list(_TOKEN.finditer(path))
        last = next((found for found in reversed(names) if not found.group().startswith("[")), None)
        if last is None or last.group() == "@":
            return path + "x"
        own = last.group().strip('"')
        before = [found.group() for found in names if found.end() <= last.start()]
        known = sorted({name for root in roots for name in self._properties(root, before) if self._has(root, before, own)} - {own})
        if not known:
            other = own[:-1] if len(own) > 2 else own + "x"
        else:
            other = random.choice(known)
        text = other if _PLAIN.fullmatch(other) else f'"{other}"'
        return path[: last.start()] + text + path[last.end() :]

    def _has(self, root: Shape, before: list[str], name: str) -> bool:
        return name in self._properties(root, before)

    def _properties(self, root: Shape, names: list[str]) -> frozenset[str]:
        shapes = [root]
        for name in names:
            following: list[Shape] = []
            for shape in shapes:
                for variant in (shape, *shape.variants()):
                    pointer = variant.items if name.startswith("[") else variant.properties.get(name.strip('"'))
                    if pointer is not None:
                        following.append(self.schemas.shape(pointer))
            shapes = following
        return frozenset(name for shape in shapes for variant in (shape, *shape.variants()) for name in variant.properties)
