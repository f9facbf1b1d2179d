"""The classes of the models, against datamodel-code-generator: another implementation, which reads the same schemas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from datamodel_code_generator import DatetimeClassType, GenerateConfig, InputFileType, LiteralType, PythonVersion, generate
from datamodel_code_generator.enums import DataModelType
from datamodel_code_generator.format import Formatter

from unified_gen.compile import parse_models
from unified_gen.render.classes import Classes
from unified_gen.render.engine import formatted, python
from unified_gen.render.models import model_schemas

ROOT = Path(__file__).parents[3]
MODELS = parse_models({str(place): place.read_text("utf-8") for place in (ROOT / "mappings" / "models").glob("*.yaml")}).by_resource

WORDS: dict[str, dict[str, Any]] = {
    "Inner": {"type": "object", "properties": {"many": {"type": "array", "items": {"type": "string"}, "default": []}}},
    "Thing": {
        "type": "object",
        "description": 'What a model may say, with a \\backslash and """ quotes.',
        "required": ["id", "one"],
        "properties": {
            "id": {"type": "string"},
            "one": {"$ref": "#/components/schemas/Inner", "description": "A nested one."},
            "other": {"anyOf": [{"$ref": "#/components/schemas/Inner"}, {"type": "null"}], "default": None},
            "either": {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}, {"type": "null"}]},
            "word": {"anyOf": [{"type": "string", "enum": ["a", "it's"]}, {"type": "null"}], "default": None},
            "count": {"type": ["integer", "null"], "default": None, "minimum": 0, "maximum": 9},
            "amount": {"type": ["string", "null"], "format": "decimal", "default": None},
            "short": {"type": "string", "minLength": 1, "maxLength": 8},
            "date": {"type": ["string", "null"], "format": "date", "default": None},
            "list": {"type": "array", "items": {"type": "string"}, "default": []},
            "free": {"type": ["object", "null"], "default": None},
        },
    },
}


@pytest.mark.parametrize("resource", sorted(MODELS))
def test_each_model_of_the_catalog_is_written_alike(resource: str) -> None:
    model = MODELS[resource]
    assert ours(model_schemas(model), model.record.value) == theirs(model_schemas(model), model.record.value)


def test_what_a_model_may_say_is_written_alike() -> None:
    assert ours(WORDS, "Thing") == theirs(WORDS, "Thing")


def ours(schemas: dict[str, dict[str, Any]], record: str) -> str:
    return shaped(f"from __future__ import annotations\n\n{Classes(schemas, record)}")


def theirs(schemas: dict[str, dict[str, Any]], record: str) -> str:
    config = GenerateConfig(
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_311,
        base_class="unified_runtime.records.Input",
        base_class_map={record: "unified_runtime.records.Record"},
        enum_field_as_literal=LiteralType.All,
        field_constraints=True,
        formatters=[Formatter.BUILTIN],
        output_datetime_class=DatetimeClassType.Awaredatetime,
        use_annotated=True,
        use_schema_description=True,
        use_field_description=True,
        use_single_line_docstring=True,
        use_inline_field_description=False,
        use_standard_collections=True,
        use_union_operator=True,
        use_title_as_name=False,
        collapse_root_models=True,
        apply_default_values_for_required_fields=True,
        disable_future_imports=False,
        custom_file_header="#",
        keep_model_order=True,
    )
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, "components": {"schemas": schemas}}
    return shaped(str(generate(document, config=config)).removeprefix("#\n").lstrip())


def shaped(source: str) -> str:
    return formatted({"models.py": python(source)})["models.py"]
