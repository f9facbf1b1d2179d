"""Pydantic classes from the schemas of the unified models: the few words of JSON Schema that `models.py` uses, and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from unified_gen.lower.python import Block, docstring, identifier, lit

_REFERENCE = "#/components/schemas/"

_FORMATS = {
    "binary": "bytes",
    "date": "date",
    "date-time": "AwareDatetime",
    "decimal": "Decimal",
}
_TYPES = {"boolean": "bool", "integer": "int", "object": "dict[str, Any]", "string": "str"}

_BOUNDS = {"minimum": "ge", "maximum": "le", "maxLength": "max_length", "minLength": "min_length"}

_ORIGINS = {
    "list": "builtins",
    "date": "datetime",
    "Decimal": "decimal",
    "Annotated": "typing",
    "Any": "typing",
    "Literal": "typing",
    "AwareDatetime": "pydantic",
    "ConfigDict": "pydantic",
    "Field": "pydantic",
    "Input": "unified_runtime.records",
    "Record": "unified_runtime.records",
}
"""Where each name that stands in the classes comes from; modules in the order of their imports."""

_STANDARD = frozenset({"builtins", "datetime", "decimal", "typing"})


class Classes:
    """The classes of one module, in the order of their names."""

    def __init__(self, schemas: Mapping[str, Mapping[str, Any]], record: str) -> None:
        """`schemas` are objects by class name; that named `record` is what vendors answer, the others are inputs."""
        self._record = record
        self._fields = {name for schema in schemas.values() for name in schema["properties"]}
        self._used: set[str] = set()
        self._classes = [self._class(name, schemas[name]) for name in sorted(schemas)]

    def __str__(self) -> str:
        """Imports and classes."""
        imports: dict[str, list[str]] = {}
        for name, module in _ORIGINS.items():
            if name in self._used and (module != "builtins" or name in self._fields):
                imports.setdefault(module, []).append(f"{name} as {name}_aliased" if name in self._fields else name)
        groups = [[module for module in imports if (module in _STANDARD) is standard] for standard in (True, False)]
        lines = ["\n".join(f"from {module} import {', '.join(imports[module])}" for module in group) for group in groups if group]
        return "\n\n".join(lines) + "\n\n\n" + "\n\n\n".join(self._classes) + "\n"

    def _class(self, name: str, schema: Mapping[str, Any]) -> str:
        block = Block()
        block.open(f"class {identifier(name)}({self._name('Record' if name == self._record else 'Input')}):")
        if "description" in schema:
            block.add(docstring(schema["description"]), "")
        if schema.get("additionalProperties") is False:
            block.add(f'model_config = {self._name("ConfigDict")}(extra="forbid",)')
        required = schema.get("required", ())
        for field, inner in schema["properties"].items():
            block.add(self._field(identifier(field), inner, field in required))
            if "description" in inner:
                block.add(docstring(inner["description"], ""))
        return str(block)

    def _field(self, name: str, schema: Mapping[str, Any], required: bool) -> str:
        names = list(dict.fromkeys(self._names(schema)))
        if not required and "None" not in names:
            names.append("None")
        type = " | ".join(names)
        inner = next((arm for arm in schema.get("anyOf", ()) if arm.get("type") != "null"), schema) if "type" not in schema else schema
        bounds = [f"{word}={lit(bound)}" for key, word in _BOUNDS.items() if (bound := inner.get(key)) is not None]
        if "default" in schema and required and "$ref" in inner.get("items", ()):
            bounds.append("validate_default=True")
        if bounds:
            type = f"{self._name('Annotated')}[{type}, {self._name('Field')}({', '.join(bounds)})]"
        if required and "default" not in schema:
            return f"{name}: {type}"
        return f"{name}: {type} = {lit(schema.get('default'))}"

    def _names(self, schema: Mapping[str, Any]) -> Iterator[str]:
        """The types of a schema, null last."""
        if "anyOf" in schema:
            for arm in schema["anyOf"]:
                yield from self._names(arm)
        elif "$ref" in schema:
            yield identifier(schema["$ref"].removeprefix(_REFERENCE))
        elif "enum" in schema:
            yield f"{self._name('Literal')}[{', '.join(map(lit, schema['enum']))}]"
        else:
            listed = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            for type in listed:
                yield self._plain(type, schema)

    def _plain(self, type: str, schema: Mapping[str, Any]) -> str:
        if type == "null":
            return "None"
        if type == "array":
            return f"{self._name('list')}[{' | '.join(self._names(schema['items']))}]"
        if type == "object":
            self._name("Any")
        return self._name(_FORMATS.get(schema.get("format", ""), _TYPES[type]))

    def _name(self, name: str) -> str:
        """A name, to be imported where it is not Python's own; one that a field hides is imported under another."""
        self._used.add(name)
        return f"{name}_aliased" if name in self._fields else name
