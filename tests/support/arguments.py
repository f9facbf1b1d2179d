"""Arguments of any operation, from the schemas of its document: those that are required, or all."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from unified_openapi.documents import Document, OperationFacts
from unified_openapi.requests import bodies
from unified_openapi.requests.formats import Arguments, RequestFormat
from unified_openapi.requests.multipart import File
from unified_openapi.schemas.shapes import Schemas, Shape

DEEPEST = 4
"""Levels of nested values; deeper ones are left out."""
_OF_QUERY = " ä&=+#/"
_OF_PATH = " ä&=/?"
_OF_BODY = ' ä&="\n'


class Samples:
    """Sample arguments for the operations of one document. The same operation always has the same."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._schemas = Schemas(document)

    def arguments(self, operation: OperationFacts, declared: RequestFormat, *, every: bool) -> Arguments:
        """Return arguments for each parameter of the format and the body, or only for what is required."""
        located: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}, "cookie": {}}
        known = {(one.location, one.name) for one in declared.parameters}
        for one in operation.parameters:
            if (one.location, one.name) in known and (every or one.required):
                ending = {"path": _OF_PATH, "query": _OF_QUERY}.get(one.location, "")
                located[one.location][one.name] = self._value(one.schema, one.name, ending, 1, every=every)
        body, media_type = self._body(operation, every=every)
        return Arguments(**located, body=body, media_type=media_type)

    def _body(self, operation: OperationFacts, *, every: bool) -> tuple[Any, str | None]:
        if not operation.bodies or not (every or operation.body_required):
            return UNSET, None
        kinds = {bodies.kind(name): name for name in reversed(operation.bodies)}
        media_type = next((kinds[kind] for kind in bodies.ORDER if kind in kinds), next(iter(operation.bodies)))
        kind = bodies.kind(media_type)
        if kind in ("binary", "text", "xml"):
            return (b"\x00\xffbinary" if kind == "binary" else "text ä"), media_type
        if kind == "lines":
            return [{"line": 1}, {"line": 2}], media_type
        made = self._value(operation.bodies[media_type], "body", _OF_BODY, 0, every=every, files=kind in ("form-data", "parts"))
        if kind in ("form", "form-data", "parts") and not isinstance(made, dict):
            made = {"field": "value ä"}
        if kind == "any":
            made = File(b"\x00\xffcontent", media_type="image/png")
        elif self._schemas.shape(operation.bodies[media_type]).free and isinstance(made, str):
            made = {"free": [made, 1]}
        return made, media_type

    def _value(self, pointer: str, name: str, ending: str, depth: int, *, every: bool, files: bool = False) -> Any:
        return self._of(self._schemas.shape(pointer), name, ending, depth, every=every, files=files)

    def _of(self, shape: Shape, name: str, ending: str, depth: int, *, every: bool, files: bool) -> Any:
        if shape.arms and not shape.properties:
            kinds = sorted(shape.arms, key=lambda arm: not arm.kinds & {"object", "array"})  # the harder to write
            return self._of(kinds[0], name, ending, depth, every=every, files=files)
        values = shape.enum_values
        if values:
            return next((value for value in values if value != ""), "")
        if shape.properties or "object" in shape.types:
            chosen = {
                key: at
                for key, at in shape.properties.items()
                if (every or key in shape.required) and not self._schemas.shape(at).read_only and depth < DEEPEST
            }
            files = files and depth == 0  # a file is a field of its own
            made = {key: self._value(at, key, ending, depth + 1, every=every, files=files) for key, at in chosen.items()}
            return made or {"key": f"value{ending}"}
        if "array" in shape.types:
            if shape.items is None or depth >= DEEPEST:
                return [f"one{ending}", "two"]
            first = self._value(shape.items, name, ending, depth + 1, every=every, files=files)
            return [first, first]
        if "boolean" in shape.types:
            return True
        if "integer" in shape.types:
            return 7
        if "number" in shape.types:
            return 1.5
        if files and shape.format == "binary":
            return File(b"\x00\xffcontent", f"{name}.bin")
        return f"{name}{ending}"
