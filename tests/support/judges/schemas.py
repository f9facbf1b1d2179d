"""OpenAPI 3.0 schemas as JSON Schema 2020-12, closed: only names that the document declares.

Two rules make it stricter than the standard, on purpose. An object that declares properties admits no others, even if the
document leaves it open: a request made from a mapping has no reason to send a name that is not declared. `readOnly` properties
are rejected. An object that declares no property at all stays unchanged.

Responses are not closed: vendors return more than their documents declare, and so do the stores in the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.routes import resolved

_SAVED = (
    "type", "format", "enum", "const", "multipleOf", "maximum", "minimum", "maxLength", "minLength", "pattern",
    "maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties", "patternProperties",
)  # fmt: skip
_INTEGER_BOUNDS = {"int32": 2**31, "int64": 2**63}


class Closed:
    """Convert schemas of one document. `schema(node)` is complete in itself: its `$defs` hold the nodes that it refers to."""

    def __init__(self, document: Mapping[str, Any], *, responses: bool = False) -> None:
        self._document = document
        self._responses = responses
        self._refused = "writeOnly" if responses else "readOnly"
        self._definitions: dict[str, Any] = {}

    def schema(self, node: Mapping[str, Any]) -> dict[str, Any]:
        converted = self._convert(node, closing=True)
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": self._definitions, **converted}

    def _convert(self, node: Mapping[str, Any], *, closing: bool) -> dict[str, Any]:
        if isinstance(node.get("$ref"), str):
            return self._reference(node, closing=closing)
        out = {key: node[key] for key in _SAVED if key in node}
        self._bounds(node, out)
        self._object(node, out)
        if isinstance(node.get("items"), Mapping):
            out["items"] = self._convert(node["items"], closing=True)
        for word in ("allOf", "anyOf", "oneOf"):
            if node.get(word):
                # The branches of anyOf and oneOf are complete values, those of allOf parts of one value: only complete values are closed.
                alone = word != "allOf" and not out.get("properties") and not node.get("allOf")
                out[word] = [self._convert(arm, closing=closing and alone) for arm in node[word]]
        if isinstance(node.get("not"), Mapping):
            out["not"] = self._convert(node["not"], closing=False)
        if closing and not self._responses and self._declares(node, set()):
            out["unevaluatedProperties"] = False
        return self._nullable(node, out)

    def _reference(self, node: Mapping[str, Any], *, closing: bool) -> dict[str, Any]:
        name = f"{node['$ref'].removeprefix('#/')}{'' if closing else '~open'}".replace("/", ".").replace("%", "_")
        if name not in self._definitions:
            self._definitions[name] = {}  # reserved: a schema may refer to itself
            self._definitions[name] = self._convert(resolved(self._document, node), closing=closing)
        return {"$ref": f"#/$defs/{name.replace('~', '~0')}"}

    @staticmethod
    def _bounds(node: Mapping[str, Any], out: dict[str, Any]) -> None:
        for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            value = node.get(exclusive)
            if value is True and bound in out:
                out[exclusive] = out.pop(bound)
            elif value is not None and not isinstance(value, bool):
                out[exclusive] = value
        if node.get("type") == "integer" and (size := _INTEGER_BOUNDS.get(str(node.get("format")))):
            out.setdefault("minimum", -size)
            out.setdefault("maximum", size - 1)

    def _object(self, node: Mapping[str, Any], out: dict[str, Any]) -> None:
        properties = node.get("properties") or {}
        refused = {name for name, value in properties.items() if self._flag(value, self._refused)}
        if properties:
            out["properties"] = {
                name: False if name in refused else self._convert(value, closing=True) for name, value in properties.items()
            }
        if required := [name for name in node.get("required") or () if name not in refused]:
            out["required"] = required
        if "patternProperties" in out:
            out["patternProperties"] = {name: self._convert(value, closing=True) for name, value in node["patternProperties"].items()}
        additional = node.get("additionalProperties")
        if additional is False:
            out["additionalProperties"] = False
        elif isinstance(additional, Mapping) and additional:
            out["additionalProperties"] = self._convert(additional, closing=True)

    def _flag(self, node: Any, flag: str) -> bool:
        node = resolved(self._document, node)
        return bool(isinstance(node, Mapping) and (node.get(flag) or any(self._flag(part, flag) for part in node.get("allOf") or ())))

    def _declares(self, node: Any, seen: set[int]) -> bool:
        node = resolved(self._document, node)
        if not isinstance(node, Mapping) or id(node) in seen:
            return False
        seen.add(id(node))
        if node.get("properties") or node.get("patternProperties"):
            return True
        return any(self._declares(arm, seen) for word in ("allOf", "anyOf", "oneOf") for arm in node.get(word) or ())

    def _nullable(self, node: Mapping[str, Any], out: dict[str, Any]) -> dict[str, Any]:
        # Documents write "this object, or null" as allOf of a reference and of {nullable: true}, though strictly this declares less.
        if not self._flag(node, "nullable"):
            return out
        if isinstance(out.get("type"), str) and not any(word in out for word in ("allOf", "anyOf", "oneOf", "not")):
            widened = {**out, "type": [out["type"], "null"]}
            if "enum" in out and None not in out["enum"]:
                widened["enum"] = [*out["enum"], None]
            return widened
        return {"anyOf": [out, {"type": "null"}]} if out else {}
