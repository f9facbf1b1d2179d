"""Location of custom fields that records have in a list: `CUSTOM` of an adapter."""

from __future__ import annotations

import re

from unified_gen.language import ast
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import lit
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.schemas.paths import Each, Name, Path
from unified_openapi.schemas.shapes import Shape
from unified_openapi.schemas.walk import walk
from unified_openapi.source.spans import Text


def listed(module: ModuleContext, declared: ast.CustomFields, items: ast.CustomFieldItems, pattern: re.Pattern[str]) -> str:
    """Return the code of the location: the list in a record, and how requests have custom fields."""
    written = declared.write
    reading = [lit(_names(items.path.path)), lit(_names(items.key.path)), lit(tuple(_names(value.path) for value in items.values))]
    if items.choices is not None:
        options, by, value = items.choices
        reading.append(lit((_names(options.path), by.value, value.value)))
    arguments = {"path": lit(written.path.path.names if written is not None else ()), "pattern": lit(pattern.pattern)}
    arguments["listed"] = f"{module.use('ListedCustomFields')}({', '.join(reading)})"
    if written is None:
        return _call(module.use("CustomFieldLocation"), arguments)
    if (value_shape := _shape(module.resource, written, written.value)) is not None and _is_text(value_shape):
        arguments["as_text"] = "True"
    form = {
        "key": lit(written.key.value) if written.key is not None else None,
        "value": lit(written.value.value) if written.value is not None else None,
        "integer_keys": "True" if _has_integers(_shape(module.resource, written, written.key)) else None,
        "booleans": lit(tuple(text.value for text in written.booleans)) if written.booleans else None,
        "date": lit(written.date.value) if written.date is not None else None,
        "datetime": lit(written.datetime.value) if written.datetime is not None else None,
        "epoch_ms": "True" if written.times is not None else None,
        "clear": lit(written.clear.value) if written.clear is not None else None,
        "types": _types(module.resource, written) if written.types else None,
    }
    given = {name: code for name, code in form.items() if code is not None}
    if given:
        arguments["written"] = _call(module.use("WrittenCustomFields"), given)
    return _call(module.use("CustomFieldLocation"), arguments)


def _types(resource: ResolvedResource, written: ast.WrittenCustomFields) -> str:
    """Return the path of a value in an element by its type, and whether it is written as a text there."""
    found = {}
    for kind, path in written.types:
        shape = _shape(resource, written, path)
        found[kind.value] = (path.path.names, shape is not None and shape.kinds == {"string"})
    return lit(found)


def _call(name: str, arguments: dict[str, str]) -> str:
    return f"{name}({', '.join(f'{argument}={code}' for argument, code in arguments.items())})"


def _names(path: Path) -> tuple[str, ...]:
    """Return the names of a path, `[]` for each element of a list."""
    return tuple("[]" if isinstance(segment, Each) else segment.name for segment in path.segments if isinstance(segment, (Each, Name)))


def _shape(resource: ResolvedResource, written: ast.WrittenCustomFields, name: Text | None) -> Shape | None:
    """Return the schema of a property of an element in requests."""
    if name is None:
        return None
    for operation in resource.operations:
        for step in operation.steps:
            if step.body is None or not (step.sends or step.ast.custom_fields is not None):
                continue
            found = walk(resource.unit.schemas, step.body, written.path.path)
            if found.dead is None and found.shape is not None and found.shape.items is not None:
                element = resource.unit.schemas.shape(found.shape.items)
                path = name.path if isinstance(name, ast.PathText) else Path(name.value, (Name(name.value),))
                return walk(resource.unit.schemas, element, path).shape
    return None


def _is_text(shape: Shape) -> bool:
    return "string" in shape.kinds and shape.kinds <= {"string", "array", "null"}


def _has_integers(shape: Shape | None) -> bool:
    return shape is not None and "integer" in shape.kinds
