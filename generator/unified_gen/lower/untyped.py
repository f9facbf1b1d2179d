"""Reading what no schema describes: errors and deliveries, which may hold anything. The runtime's `failures.at` never raises."""

from __future__ import annotations

from unified_gen.lower.python import lit
from unified_gen.lower.reading import compared
from unified_gen.schema.paths import Both, Compare, Either, Index, Name, Not, Path, Predicate, Present, parse_path


def at(text: str) -> str:
    """The expression of a path of `body`."""
    return place(parse_path(text))


def place(path: Path) -> str:
    """The same, of a path that was read."""
    keys = [lit(s.name) if isinstance(s, Name) else str(s.index) for s in path.segments if isinstance(s, Name | Index)]
    return f"failures.at(body, {', '.join(keys)})" if keys else "body"


def holds(predicate: Predicate) -> str:
    """The expression of whether a predicate is true of `body`."""
    match predicate:
        case Compare(path=path, operator=operator, literal=literal):
            test = compared(place(path), operator, literal)
            return (
                f"bool({test})" if operator in ("eq", "ne") and isinstance(literal, str | int) and not isinstance(literal, bool) else test
            )
        case Present(path=path):
            return f"bool({place(path)})"
        case Not(inner=inner):
            return f"not ({holds(inner)})"
        case Both(left=left, right=right):
            return f"({holds(left)}) and ({holds(right)})"
        case Either(left=left, right=right):
            return f"({holds(left)}) or ({holds(right)})"
