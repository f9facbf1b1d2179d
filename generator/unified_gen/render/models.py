"""Unified models as JSON Schema, and as pydantic classes made by datamodel-code-generator."""

from __future__ import annotations

import ast as syntax
from collections.abc import Iterable, Iterator
from typing import Any

from unified_gen.language import ast
from unified_gen.lower.context import nested_class
from unified_gen.lower.signatures import input_class
from unified_gen.render.engine import python

_PLAIN: dict[str, dict[str, Any]] = {
    "id": {"type": "string", "minLength": 1},
    "text": {"type": "string"},
    "markdown": {"type": "string"},
    "email": {"type": "string"},
    "url": {"type": "string"},
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "decimal": {"type": "string", "format": "decimal"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "bytes": {"type": "string", "format": "binary"},
}


def type_schema(type: ast.Type, *, lenient: bool = False) -> dict[str, Any]:
    """Return a unified type as JSON Schema. `lenient` leaves bounds out, for values that vendors return."""
    if type.arms:
        return {"anyOf": [type_schema(arm, lenient=lenient) for arm in type.arms]}
    if type.kind == "enum":
        one: dict[str, Any] = {"type": "string", "enum": [value.value for value in type.values]}
    elif type.kind == "object":
        one = {"$ref": f"#/components/schemas/{type.record}"} if type.record else {"type": "object"}
    else:
        one = dict(_PLAIN[type.kind])
        if lenient:
            one.pop("minLength", None)
    if type.many:  # a bound on elements would make the model generator wrap each in a class
        return {"type": "array", "items": {word: value for word, value in one.items() if word != "minLength"}}
    return one


def record_schema(model: ast.Model) -> dict[str, Any]:
    """Return the schema of the record: only its id is required."""
    properties: dict[str, Any] = {}
    required = ["id"]
    for field in model.fields:
        schema = _named(field.type, field, lenient=True)
        schema["description"] = field.summary
        if field.type.many:
            schema["default"] = []
            required.append(field.name.value)  # never null: a list that a vendor leaves out is empty
        elif field.name.value != "id":
            schema = _or_null(schema)
        properties[field.name.value] = schema
        if field.label:
            properties[f"{field.name}_label"] = _or_null({"type": "string", "description": f"The vendor's own value of {field.name}."})
    return {"type": "object", "properties": properties, "required": required}


def _named(type: ast.Type, field: ast.ModelField, *, lenient: bool) -> dict[str, Any]:
    if type.kind == "object" and not type.arms:
        one = {"$ref": f"#/components/schemas/{nested_class(field)}"}
        return {"type": "array", "items": one} if type.many else one
    return type_schema(type, lenient=lenient)


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the same or null. A plain type becomes a list of types, as the model generator then writes `X | None` and nothing around
    it."""
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"], "default": None}
    description = {"description": schema["description"]} if "description" in schema else {}
    inner = {word: value for word, value in schema.items() if word != "description"}
    return {"anyOf": [inner, {"type": "null"}], "default": None, **description}


def input_schema(model: ast.Model, operation: ast.ModelOperation) -> dict[str, Any]:
    """Return the input of an operation. In an update null clears; in a create or a list it is the same as nothing."""
    properties: dict[str, Any] = {}
    required = []
    if operation.kind in ("create", "update"):
        for field in model.fields:
            if not operation.takes(field):
                continue
            schema = _named(field.type, field, lenient=False)
            if field.max_length is not None:
                schema["maxLength"] = field.max_length
            schema |= {word: limit for word, limit in (("minimum", field.minimum), ("maximum", field.maximum)) if limit is not None}
            if operation.name.value in field.required:
                required.append(field.name.value)
                schema = _filled(schema)
            elif field.required:
                schema = _filled(schema)  # a field that create requires cannot be cleared by update
            else:
                schema = _or_null(schema)
            properties[field.name.value] = schema | {"description": field.summary}
    for given in operation.inputs:
        if given in operation.ids:
            continue
        schema = type_schema(given.type)
        if given.required:
            required.append(given.name.value)
        else:
            schema = _or_null(schema)
        properties[given.name.value] = schema | {"description": given.summary}
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _filled(schema: dict[str, Any]) -> dict[str, Any]:
    """Return text that must be there must not be empty either."""
    return schema | ({"minLength": 1} if schema.get("type") == "string" and not {"enum", "format"} & schema.keys() else {})


def nested_schemas(model: ast.Model) -> dict[str, dict[str, Any]]:
    """Return the schemas of nested records, by class name."""
    return dict(_nested_schemas(model.fields))


def _nested_schemas(fields: Iterable[ast.ModelField]) -> Iterator[tuple[str, dict[str, Any]]]:
    for field in fields:
        if field.type.kind != "object":
            continue
        yield from _nested_schemas(field.type.fields)
        properties: dict[str, Any] = {}
        for inner in field.type.fields:
            schema = _named(inner.type, inner, lenient=True)
            properties[inner.name.value] = ({**schema, "default": []} if inner.type.many else _or_null(schema)) | {
                "description": inner.summary
            }
        yield nested_class(field), {"type": "object", "properties": properties, "additionalProperties": False}


def render_models(model: ast.Model) -> str:
    """Return the module of a resource's pydantic models."""
    # Imported here: it takes longer than all of the compiler, and compiling a vendor does not need it.
    from datamodel_code_generator import DatetimeClassType, GenerateConfig, InputFileType, LiteralType, PythonVersion, generate
    from datamodel_code_generator.enums import DataModelType
    from datamodel_code_generator.format import Formatter

    record = model.record.value
    inputs: dict[str, dict[str, Any]] = {}
    for operation in model.operations:
        name = input_class(model, operation)
        if name is not None:
            inputs[name] = input_schema(model, operation) | {"description": operation.summary}
    definitions = {**nested_schemas(model), record: record_schema(model) | {"description": model.summary}, **inputs}
    document = {
        "openapi": "3.1.0",
        "info": {"title": model.resource.value, "version": "1"},
        "paths": {},
        "components": {"schemas": definitions},
    }
    config = GenerateConfig(
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_311,
        base_class="unified_runtime.core.records.Input",
        base_class_map={record: "unified_runtime.core.records.Record"},
        disable_timestamp=True,
        enum_field_as_literal=LiteralType.All,
        field_constraints=True,
        formatters=[Formatter.BUILTIN],
        additional_imports=[
            "typing.TYPE_CHECKING",
            "typing.TypedDict",
            *(["typing.NotRequired"] if any(_rich_texts(model)) else []),
            *(["typing.Annotated", "pydantic.Field"] if any(field.secret for field in model.fields) else []),
        ],
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
        custom_file_header=f'"""The unified {model.resource}: {_one_line(model.summary)} Written by `gen build`; do not edit."""\n',
        keep_model_order=True,
    )
    source = str(generate(document, config=config))
    return python(f"{_hidden(model, source)}\n\n{_values(model, source)}")


def _hidden(model: ast.Model, source: str) -> str:
    """Return the module with secret fields left out of reprs and, those of the record, of dumps."""
    start = source.index(f"class {model.record}(Record)")
    for field in (field for field in model.fields if field.secret):
        declared = f"    {field.name}: str | None = None\n"
        at = source.index(declared, start)
        hidden = f"    {field.name}: Annotated[str | None, Field(repr=False, exclude=True)] = None\n"
        rest = source[at + len(declared) :].replace(declared, hidden.replace(", exclude=True", ""))
        source = source[:at] + hidden + rest
    return source


def _rich_texts(model: ast.Model) -> Iterator[ast.ModelField]:
    """Yield the fields that an adapter may read later."""
    return (field for field in model.fields if field.type.kind == "markdown" and not field.type.many)


def _values(model: ast.Model, source: str) -> str:
    """Return the type of the dictionary that adapters make a record of, so that a type checker holds their values against the fields."""
    record = model.record.value
    (found,) = (node for node in syntax.parse(source).body if isinstance(node, syntax.ClassDef) and node.name == record)
    later = {field.name.value for field in _rich_texts(model)}
    lines = ["if TYPE_CHECKING:", "", f"    class {record}Values(TypedDict):", f'        """Values of {record}."""', ""]
    for member in found.body:
        if isinstance(member, syntax.AnnAssign) and isinstance(member.target, syntax.Name):
            type = syntax.unparse(member.annotation)
            lines.append(f"        {member.target.id}: {f'NotRequired[{type}]' if member.target.id in later else type}")
    return "\n".join([*lines, "else:", f"    {record}Values = dict", ""])


def _one_line(text: str) -> str:
    from unified_gen.lower.python import docstring

    return docstring(" ".join(text.split()), "")[3:-3]
