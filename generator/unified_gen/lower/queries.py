"""Code that assembles a query of the vendor's language; every value goes through the language's writer for its type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from unified_gen.language import ast
from unified_gen.language.codecs import OBJECTS, TEXT_OF_AN_OBJECT
from unified_gen.language.strings import IDENTIFIER
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import Block, code, constant, fstring, lit, snake, unique
from unified_gen.lower.tables import checked, write_value
from unified_gen.lower.values import Values
from unified_gen.resolve.assignments import Element, Reference, ResolvedClause, ResolvedObject, ResolvedQuery
from unified_gen.resolve.inspection import EITHER, names_all
from unified_gen.resolve.record_fields import ResolvedField

_SEARCHES = {"jql": "~", "soql": "LIKE", "github": "", "gmail": "", "google_filter": "", "kql": "", "slack": "", "zendesk": ""}
"""Operator before a text whose words are searched for, by language; empty: none, the value is a clause of its own."""
_WRITERS = {"date": "date", "datetime": "date_time", "boolean": "boolean", "integer": "number", "decimal": "number"}
_JOINED = {"odata": " and ", "drive": " and ", "github": " ", "gmail": " ", "slack": " ", "zendesk": " "}
"""Separator of two clauses that both hold, if it is not ` AND `."""
_AFTER_TEXT = {"soql": " WHERE "}
"""Separator of the text of a query and its clauses, if it is not a space."""


def query_code(
    module: ModuleContext, values: Values, query: ResolvedQuery, block: Block, taken: set[str], columns: str, more: str | None = None
) -> tuple[str, str | None]:
    """Emit the clauses; return the code of the complete value, and the condition under which it is sent.

    `columns` holds the fields that are read, and `more` the code of those that a caller requests in addition.
    """
    if query.language in OBJECTS:
        return _objects(module, values, query, block, taken)
    pieces_of_all = (*query.text, *query.then, *(piece for clause in query.clauses for piece in clause.pieces))
    written_values = any(isinstance(piece, Reference) and piece.kind != "columns" and not piece.words for piece in pieces_of_all)
    writer = module.language(query.language) if written_values else ""
    always: list[str] = []
    conditional: list[tuple[str, str]] = []
    custom_fields = [clause for clause in query.clauses if _is_custom_fields(clause)]
    for clause in query.clauses:
        if clause in custom_fields:
            continue
        before = ("", *clause.pieces)
        references = [piece for piece in clause.pieces if not isinstance(piece, str)]
        condition = _condition(values, references)
        with values.assuming(references):
            pieces = [
                piece if isinstance(piece, str) else code(_written(values, writer, piece, str(before[index]), query.language))
                for index, piece in enumerate(clause.pieces)
            ]
        written = fstring(list(pieces))
        if condition is not None:
            conditional.append((condition, written))
        else:
            always.append(written)
    named = _named(values, writer, (*query.text, *query.then), block, taken)
    text, then = (_frame(values, writer, pieces, columns, more, named) for pieces in (query.text, query.then))
    framed = _condition(values, [piece for piece in (*query.text, *query.then) if not isinstance(piece, str)])
    if len(always) + len(conditional) == 1 and not custom_fields and not text and not then:
        return (always[0], None) if always else (conditional[0][1], conditional[0][0])
    if not always and not conditional and not custom_fields:
        return fstring([*text, *([" "] if text and then else []), *then]), framed
    name = unique("clauses", taken)
    taken.add(name)
    block.add(f"{name} = [{', '.join(always)}]" if always else f"{name}: list[str] = []")
    for condition, clause_text in conditional:
        block.add(f"if {condition}:", f"    {name}.append({clause_text})")
    _extend(module, values, query, custom_fields, name, block)
    joined = f"{lit(_JOINED.get(query.language, ' AND '))}.join({name})"
    after = _AFTER_TEXT.get(query.language, " ")
    end = [" ", *then] if then else []
    if text and not always:
        rest = f" + {fstring(end)}" if end else ""
        return f"{fstring(text)} + ({lit(after)} + {joined} if {name} else ''){rest}", framed
    value = f"{fstring([*text, after])} + {joined}" if text else joined
    value = f"{value} + {fstring(end)}" if end else value
    conditions = [each for each in (framed, None if text or always else name) if each is not None]
    return value, " and ".join(conditions) or None


def _is_custom_fields(clause: ResolvedClause) -> bool:
    """Return true if a clause represents all that a caller looks up in custom fields."""
    (piece, *rest) = clause.pieces or ("",)
    return not rest and not isinstance(piece, str) and piece.name == ast.CUSTOM_FIELDS


def _extend(
    module: ModuleContext, values: Values, query: ResolvedQuery, custom_fields: list[ResolvedClause], name: str, block: Block
) -> None:
    """Add the clauses for a caller's values of custom fields."""
    for clause in custom_fields:
        condition = _condition(values, [piece for piece in clause.pieces if not isinstance(piece, str)])
        line = f"{name}.extend({module.language(query.language)}.custom_field_conditions({values.plain(ast.CUSTOM_FIELDS)}))"
        block.add(*([f"if {condition}:", f"    {line}"] if condition is not None else [line]))


def _searched(language: str, before: str) -> bool:
    """Return true if the value after this text is searched for, and not compared with."""
    mark = _SEARCHES.get(language)
    return mark is not None and (before.rstrip().endswith(mark) if mark else not before.strip())


def _condition(values: Values, references: list[Reference]) -> str | None:
    """Return the condition under which all references are there."""
    named = (reference for reference in references if reference.kind != "columns")
    found = [condition for reference in named if (condition := values.presence(reference, filled=True)) is not None]
    return " and ".join(dict.fromkeys(found)) or None


def _named(values: Values, writer: str, pieces: tuple[str | Reference, ...], block: Block, taken: set[str]) -> dict[str, str]:
    """Write locals that hold names of the language; if the record holds such a name, the bounds in the vendor's document are checked."""
    found: dict[str, str] = {}
    for piece in pieces:
        if isinstance(piece, str) or piece.cut != IDENTIFIER or piece.name in found:
            continue
        leaf = piece.carrier.read if piece.carrier is not None else None
        name = f"{writer}.identifier({values.bounded(values.raw(piece), leaf.shape if leaf is not None else None, piece.name)})"
        condition = values.presence(piece, filled=True)
        found[piece.name] = unique(snake(f"named {piece.name}"), taken)
        taken.add(found[piece.name])
        block.add(f"{found[piece.name]} = {name}" + (f" if {condition} else ''" if condition is not None else ""))
    return found


def _frame(
    values: Values, writer: str, pieces: tuple[str | Reference, ...], columns: str, more: str | None, named: Mapping[str, str]
) -> list[str]:
    """Return the fixed text around the clauses, as pieces of an f-string."""
    found: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            found.append(piece)
        elif piece.kind == "columns":
            found += [columns] if piece.name == "columns" else []
            found += [code(more)] if more is not None else []
        elif piece.cut == IDENTIFIER:
            found.append(code(named[piece.name]))
        elif piece.carrier is not None and piece.carrier.table is not None:  # words of the language, from the mapping
            found.append(code(write_value(values.module, piece.carrier, values.raw(piece))))
        else:
            found.append(code(_written(values, writer, piece, "", "")))
    return found


def _written(values: Values, writer: str, reference: Reference, before: str, language: str) -> str:
    """Return a value through its writer; search terms, such as the operand of JQL's `~`, have rules of their own.

    After `in`, all the vendor's values for it are listed: a row of a table may read several.
    """
    # a saved value may be a number, or a placeholder in a plan
    raw = f"str({values.saved_value(reference)})" if reference.kind == "saved" else values.raw(reference)
    carrier = reference.carrier
    if reference.kind != "part" and carrier is not None and carrier.table is not None and not carrier.table.columns:
        if reference.words:
            return write_value(values.module, carrier, raw)
        if names_all(before, language):
            again = f", {lit(before.strip())}" if language in EITHER else ""
            return f"{writer}.among({_enum_values(values, carrier, raw)}{again})"
        return f"{writer}.{_writer_of(carrier)}({write_value(values.module, carrier, raw)})"
    kind = reference.type.kind if reference.type is not None else "text"
    searched = _searched(language, before)
    function = "contains" if searched and kind not in _WRITERS else _WRITERS.get(kind, "text")
    return f"{writer}.{function}({raw})"


def _writer_of(carrier: ResolvedField) -> str:
    """Return the writer for the vendor's values of a table."""
    assert carrier.table is not None
    found = {type(one.value) for row in carrier.table.rows for cell in row.cells.values() for one in cell.values if one.value is not None}
    return {bool: "boolean", int: "number"}.get(found.pop(), "text") if len(found) == 1 else "text"


def _enum_values(values: Values, carrier: ResolvedField, raw: str) -> str:
    """Return every value of the vendor that reads as a unified value."""
    assert carrier.table is not None
    rows = {
        row.value.value: tuple(one.value for cell in row.cells.values() for one in cell.values if one.value is not None)
        for row in carrier.table.rows
    }
    body = ", ".join(f"{lit(value)}: {lit(vendor_values)}" for value, vendor_values in rows.items())
    table = values.module.constant(constant(carrier.name, "words"), "{" + body + "}", "dict[Any, tuple[str, ...]]")
    values.module.typing("Any")
    return checked(values.module, carrier, table, raw)


def _objects(module: ModuleContext, values: Values, query: ResolvedQuery, block: Block, taken: set[str]) -> tuple[str, str | None]:
    """Emit clauses that are JSON objects; return the code of the value and its condition."""
    name = unique("clauses", taken)
    taken.add(name)
    custom_fields = [clause for clause in query.clauses if _is_custom_fields(clause)]
    if (
        custom_fields
        and not query.json
        and all(values.presence(piece) is None for piece in custom_fields[0].pieces if not isinstance(piece, str))
    ):
        block.add(f"{name} = {module.language(query.language)}.custom_field_conditions({values.plain(ast.CUSTOM_FIELDS)})")
        return name, None
    module.typing("Any")
    guards = [_condition(values, list(references)) for _, references in query.json]
    always = [_json(values, value) for (value, _), condition in zip(query.json, guards, strict=True) if condition is None]
    block.add(f"{name}: list[Any] = [{', '.join(always)}]")
    for (value, references), condition in zip(query.json, guards, strict=True):
        if condition is not None:
            with values.assuming(references):
                block.add(f"if {condition}:", f"    {name}.append({_json(values, value)})")
    _extend(module, values, query, custom_fields, name, block)
    written = f"{module.language(query.language)}.encode({name})" if query.language == TEXT_OF_AN_OBJECT else name
    return written, None if always else name


def _json(values: Values, value: Any) -> str:
    """Return a part of a clause as Python. A list around one element of a caller's list has a value for each."""
    if isinstance(value, Reference):
        return values.plainly(value)
    if isinstance(value, Element):
        return "each"
    if isinstance(value, ResolvedObject):
        given = [one.name for one in _references(value) if one.kind in ("field", "input")]
        return "{" + ", ".join(f"{_name(values, name, given)}: {_json(values, inner)}" for name, inner in value.entries) + "}"
    if isinstance(value, list):
        written = ", ".join(_json(values, inner) for inner in value)
        element = next(_elements(value), None)
        return f"[{written}]" if element is None else f"[{written} for each in {values.plainly(element.reference)}]"
    return lit(value)


def _name(values: Values, name: str | Reference, given: list[str]) -> str:
    """Return a name of an object. One that a response holds must be there, or the values that a caller gives would be lost."""
    if isinstance(name, str):
        return lit(name)
    arguments = f"{values.raw(name)}, {lit(' and '.join(given))}, {lit(name.text.value)}, {values.title()}"
    return f"{values.module.language(TEXT_OF_AN_OBJECT)}.name({arguments})"


def _inner(value: Any) -> Iterator[Any]:
    """Yield the values in an object or a list."""
    if isinstance(value, ResolvedObject):
        yield from (inner for _, inner in value.entries)
    elif isinstance(value, list):
        yield from value


def _references(value: Any) -> Iterator[Reference]:
    """Yield the references of values at any depth."""
    if isinstance(value, Reference | Element):
        yield value if isinstance(value, Reference) else value.reference
    for inner in _inner(value):
        yield from _references(inner)


def _elements(value: Any) -> Iterator[Element]:
    """Yield references to each element of a list, not those in the lists inside."""
    for inner in _inner(value):
        if isinstance(inner, Element):
            yield inner
        elif isinstance(inner, ResolvedObject):
            yield from _elements(inner)
