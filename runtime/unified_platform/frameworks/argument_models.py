"""A tool's arguments as a pydantic model, for frameworks whose tools are typed by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, create_model, model_serializer
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from unified_platform.tools import Tool
from unified_runtime import UNSET


def arguments_model(tool: Tool) -> type[BaseModel]:
    """Return a model of a tool's arguments. Its JSON Schema is the tool's own.

    It accepts any values: the tool itself corrects arguments, or rejects them with an error for the model. An argument that is not given
    has the value `UNSET`: None clears.
    """
    name = "".join(word.capitalize() for word in tool.name.split("_"))
    schema = tool.parameters

    class Arguments(BaseModel):
        model_config = ConfigDict(extra="allow")

        @model_serializer
        def _given(self) -> dict[str, Any]:
            """Return the given arguments only: frameworks dump the model to get them."""
            return given({field: getattr(self, field) for field in self.model_fields_set})

        @classmethod
        def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
            return {"title": name, **schema}

    fields: dict[str, Any] = dict.fromkeys(schema["properties"], (Any, UNSET))
    return create_model(name, __base__=Arguments, **fields)


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that were given."""
    return {name: value for name, value in values.items() if value is not UNSET}
