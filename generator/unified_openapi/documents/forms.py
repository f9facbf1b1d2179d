"""Forms of a document's parts: what OpenAPI and JSON Schema expect where a document has something else.

Nothing is changed: the compiler ignores what has the wrong form, and `gen spec take` fixes it or leaves it out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from unified_openapi.diagnostics.codes import MISPLACED
from unified_openapi.documents.conversion import Remark, described
from unified_openapi.documents.structure import KINDS, Route, pointer_of, walk

_Test = Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_count(value: Any) -> bool:
    return _is_number(value) and value >= 0 and value == int(value)


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


_SCHEMA: Mapping[str, tuple[_Test, str]] = {
    "type": (lambda value: isinstance(value, str) or (_is_names(value) and value != []), "the name of a type, or a list of names"),
    "enum": (lambda value: isinstance(value, list) and value != [], "a list of values"),
    "required": (_is_names, "a list of names"),
    "multipleOf": (lambda value: _is_number(value) and value > 0, "a number greater than 0"),
    **dict.fromkeys(("format", "pattern", "contentEncoding", "contentMediaType"), (_is_text, "a text")),
    **dict.fromkeys(("nullable", "readOnly", "writeOnly", "deprecated", "uniqueItems"), (_is_flag, "`true` or `false`")),
    **dict.fromkeys(("maximum", "minimum"), (_is_number, "a number")),
    **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum"), (lambda v: _is_flag(v) or _is_number(v), "a number, or `true` or `false`")),
    **dict.fromkeys(
        ("maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties", "maxContains", "minContains"),
        (_is_count, "a count"),
    ),
}
_DISCRIMINATOR: Mapping[str, tuple[_Test, str]] = {
    "propertyName": (_is_text, "the name of a property"),
    "mapping": (lambda value: isinstance(value, dict) and all(map(_is_text, value.values())), "an object of references"),
}
_VALUES = {"schema": _SCHEMA, "discriminator": _DISCRIMINATOR}


def check_forms(root: dict[str, Any]) -> Iterator[Remark]:
    """Yield a remark on each part of the wrong form."""
    for part in walk(root):
        parts, values = KINDS[part.kind].parts, _VALUES.get(part.kind, {})
        for key, value in part.value.items():
            if key in parts:
                inner, holds = parts[key]
                yield from _check_part(key, value, inner, holds, (part.route, key))
            elif key in values and not values[key][0](value):
                yield _remark((part.route, key), f"`{key}` is {values[key][1]}, not {_described(value)}")


def _check_part(key: str, value: Any, inner: str, holds: str, route: Route) -> Iterator[Remark]:
    if holds == "one":
        if not _fits(value, inner):
            yield _remark(route, f"`{key}` is {_article(inner)}, not {_described(value)}")
        return
    kind = dict if holds == "map" else list
    if not isinstance(value, kind):
        plural = "properties" if key == "properties" else f"{inner}s"
        yield _remark(route, f"`{key}` is {'an object' if holds == 'map' else 'a list'} of {plural}, not {_described(value)}")
        return
    for name, each in value.items() if isinstance(value, dict) else enumerate(value):
        # Path items and responses may have extensions beside them.
        extension = inner in ("path item", "response") and str(name).startswith("x-")
        if not _fits(each, inner) and not extension:
            yield _remark((route, name), f"`{name}` is {_article(inner)}, not {_described(each)}")


def _fits(value: Any, kind: str) -> bool:
    return isinstance(value, dict) or (kind == "schema" and isinstance(value, bool))


def _described(value: Any) -> str:
    return f"`{value}`" if isinstance(value, int | float) else described(value)


def _article(kind: str) -> str:
    return ("an " if kind[0] in "aeiou" else "a ") + kind


def _remark(route: Route, message: str) -> Remark:
    return Remark(MISPLACED, pointer_of(route), message)
