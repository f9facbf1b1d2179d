"""Code that puts a query of the vendor's language together; every value goes through the language's writer for its type."""

from __future__ import annotations

from typing import Any

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import Block, code, fstring, lit, unique
from unified_gen.lower.values import Values
from unified_gen.resolve.resolved import Reference, ResolvedQuery

_WRITERS = {"date": "date", "datetime": "date_time", "boolean": "boolean", "integer": "number", "decimal": "number"}


def query_code(module: ModuleContext, values: Values, query: ResolvedQuery, block: Block, taken: set[str]) -> tuple[str, str | None]:
    """Emit the clauses; returns the code of the whole value, and the condition under which it is sent."""
    if query.json:
        return _objects(module, values, query, block)
    writer = module.language(query.language)
    always: list[str] = []
    guarded: list[tuple[str, str]] = []
    for clause in query.clauses:
        before = ("", *clause.pieces)
        pieces = [
            piece if isinstance(piece, str) else code(_written(values, writer, piece, searched=str(before[index]).rstrip().endswith("~")))
            for index, piece in enumerate(clause.pieces)
        ]
        guards = [guard for piece in clause.pieces if not isinstance(piece, str) if (guard := values.guard(piece)) is not None]
        text = fstring(list(pieces))
        if guards:
            guarded.append((" and ".join(dict.fromkeys(guards)), text))
        else:
            always.append(text)
    if len(always) + len(guarded) == 1 and query.ast.text is None and query.ast.then is None:
        return (always[0], None) if always else (guarded[0][1], guarded[0][0])
    name = unique("clauses", taken)
    taken.add(name)
    block.add(f"{name} = [{', '.join(always)}]" if always else f"{name}: list[str] = []")
    for guard, text in guarded:
        block.add(f"if {guard}:", f"    {name}.append({text})")
    word = " and " if query.language in ("odata", "drive") else " AND "
    return _framed(query, f"{lit(word)}.join({name})", name, bool(always))


def _framed(query: ResolvedQuery, joined: str, name: str, certain: bool) -> tuple[str, str | None]:
    """The clauses inside the query's fixed text."""
    then = f" {query.ast.then.value}" if query.ast.then is not None else ""
    if query.ast.text is not None:
        head = query.ast.text.value
        if certain:
            return fstring([head + " WHERE ", code(joined), then]), None
        tail = f" + {lit(then)}" if then else ""
        return f"{lit(head)} + (' WHERE ' + {joined} if {name} else ''){tail}", None
    value = f"{joined} + {lit(then)}" if then else joined
    return value, None if certain else name


def _written(values: Values, writer: str, reference: Reference, *, searched: bool) -> str:
    """A value through its writer; the operand of `~` is searched for, which has rules of its own."""
    raw = values.raw(reference)
    carrier = reference.carrier
    if reference.kind != "part" and carrier is not None and carrier.table is not None and not carrier.table.columns:
        return f"{writer}.text({values.word(carrier, raw)})"
    kind = reference.type.kind if reference.type is not None else "text"
    function = "contains" if searched and writer == "jql" else _WRITERS.get(kind, "text")
    return f"{writer}.{function}({raw})"


def _objects(module: ModuleContext, values: Values, query: ResolvedQuery, block: Block) -> tuple[str, str | None]:
    """Clauses that are JSON objects."""
    block.add("clauses: list[Any] = []")
    module.typing("Any")
    for value, references in query.json:
        guards = [guard for reference in references if (guard := values.guard(reference)) is not None]
        statement = f"clauses.append({_json(values, value)})"
        if guards:
            block.add(f"if {' and '.join(dict.fromkeys(guards))}:", f"    {statement}")
        else:
            block.add(statement)
    return "clauses", "clauses"


def _json(values: Values, value: Any) -> str:
    if isinstance(value, Reference):
        return values.raw(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{lit(name)}: {_json(values, inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_json(values, inner) for inner in value) + "]"
    return lit(value)
