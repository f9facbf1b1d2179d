"""Composite ids, in both directions: code that puts their parts together, and the pattern that splits them."""

from __future__ import annotations

import re

from unified_gen.language import ast
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import code, fstring, lit, snake, unique
from unified_gen.lower.reading import Expression, Reader
from unified_gen.resolve.record_fields import IdPart, ResolvedField
from unified_openapi.schemas.paths import Segment

_PART = re.compile(r"\{(\w+)\}")


def read_composite(reader: Reader, field: ResolvedField, base: tuple[Segment, ...]) -> Expression:
    """Return the id put together from its parts; None if one of them is missing."""
    assert field.ast.id_format is not None
    values: dict[str, Expression] = {}
    for part in field.parts:
        if part.name not in values:
            _read_part(reader, part, field.parts, base, values)
    pieces = [
        code(values[piece[1:-1]].code) if _PART.fullmatch(piece) else piece
        for piece in re.split(r"(\{\w+\})", field.ast.id_format.format.value)
        if piece
    ]
    optional = [value.code for value in values.values() if value.optional]
    text = fstring(pieces)
    if optional:
        return Expression(f"{text} if {' and '.join(f'{each} is not None' for each in dict.fromkeys(optional))} else None")
    return Expression(text, optional=False)


def _read_part(reader: Reader, part: IdPart, parts: tuple[IdPart, ...], base: tuple[Segment, ...], values: dict[str, Expression]) -> None:
    if part.source is None or part.pattern is None:
        values[part.name] = Expression(reader.request[part.name], optional=False)
        return
    location = reader.leaf(part.source, base)
    if part.pattern == "{" + part.name + "}":
        values[part.name] = location
        return
    names = _PART.findall(part.pattern)
    compiled = reader.module.pattern(part.pattern, pattern_source(part.pattern))
    local = unique(snake("_".join(names)), reader.taken)
    reader.taken.add(local)
    reader.block.add(f"{local} = {compiled}.fullmatch({location.code} or '')")
    for name in names:
        if any(other.name == name for other in parts):
            values[name] = Expression(f"({local} and {local}[{lit(name)}])")


def pattern_source(pattern: str) -> str:
    """Return the regular expression of a pattern with `{parts}`, each a group of its name; `*` matches anything."""
    return "".join(
        f"(?P<{piece[1:-1]}>[^/]+)" if piece.startswith("{") else ".*" if piece == "*" else re.escape(piece)
        for piece in re.split(r"(\{\w+\}|\*)", pattern)
        if piece
    )


def id_pattern(module: ModuleContext, parts: ast.IdFormat) -> tuple[str, tuple[str, ...]]:
    """Return the regular expression that splits a composite id, and the parts' names in order.

    A part ends at the separator after it; the last may hold anything.
    """
    pieces = [piece for piece in re.split(r"(\{\w+\})", parts.format.value) if piece]
    names, source = [], []
    for index, piece in enumerate(pieces):
        if not piece.startswith("{"):
            source.append(re.escape(piece))
            continue
        names.append(piece[1:-1])
        following = pieces[index + 1][0] if index + 1 < len(pieces) else None
        source.append(f"([^{re.escape(following)}]+)" if following is not None else "(.+)")
    return module.pattern(parts.format.value, "".join(source)), tuple(names)
