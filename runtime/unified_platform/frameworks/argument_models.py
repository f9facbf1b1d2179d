"""A tool's arguments as a pydantic model, for frameworks whose tools are typed by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Union

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, create_model, model_serializer
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from unified_platform.tools import Tool
from unified_runtime import UNSET

_TYPES: dict[str, Any] = {"string": str, "integer": int, "number": float, "boolean": bool, "null": None}


def arguments_model(tool: Tool) -> type[BaseModel]:
    """A model of a tool's arguments; its JSON Schema is the tool's own, word for word.

    An argument that is not given has the value `UNSET`: None clears.
    """
    return _model("".join(word.capitalize() for word in tool.name.split("_")), tool.parameters)


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that were given, as plain JSON."""
    return {name: _plain(value) for name, value in values.items() if value is not UNSET}


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, dict):
        return given(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value


def _model(name: str, schema: Mapping[str, Any]) -> type[BaseModel]:
    class Arguments(BaseModel):
        model_config = ConfigDict(extra="forbid", strict=True)

        @model_serializer
        def _given(self) -> dict[str, Any]:
            """Return the given arguments only: frameworks dump the model to get them."""
            return given({field: getattr(self, field) for field in self.model_fields_set})

        @classmethod
        def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
            return {"title": name, **schema}

    needed = schema.get("required", ())
    fields: dict[str, Any] = {
        field: (_type(f"{name}{field.capitalize()}", one), ... if field in needed else UNSET) for field, one in schema["properties"].items()
    }
    return create_model(name, __base__=Arguments, **fields)


def _type(name: str, schema: Mapping[str, Any]) -> Any:
    if "anyOf" in schema:
        return Union[tuple(_type(name, arm) for arm in schema["anyOf"])]  # noqa: UP007  the members are known only now
    if "enum" in schema:
        return Literal[tuple(schema["enum"])]
    types = schema.get("type", "object")
    if isinstance(types, list):
        return Union[tuple(_type(name, {**schema, "type": one}) for one in types)]  # noqa: UP007
    if types == "array":
        return list[_type(name, schema["items"])]  # type: ignore[misc]
    if types == "object":
        return _model(name, schema) if "properties" in schema else dict[str, Any]
    return _TYPES[types]
