"""Code that reads values without a schema: errors and deliveries, which may hold anything.

The runtime's `error_details.at` never raises.
"""

from __future__ import annotations

from unified_gen.lower.python import lit
from unified_gen.lower.reading import compared
from unified_openapi.schemas.paths import And, Compare, Index, Name, Not, Or, Path, Predicate, Truthy


def at(path: Path) -> str:
    """Return the expression of a path of `body`."""
    keys = [lit(s.name) if isinstance(s, Name) else str(s.index) for s in path.segments if isinstance(s, Name | Index)]
    return f"error_details.at(body, {', '.join(keys)})" if keys else "body"


def holds(predicate: Predicate) -> str:
    """Return the expression of whether a predicate is true of `body`."""
    match predicate:
        case Compare(path=path, operator=operator, literal=literal):
            test = compared(at(path), operator, literal)
            return (
                f"bool({test})" if operator in ("eq", "ne") and isinstance(literal, str | int) and not isinstance(literal, bool) else test
            )
        case Truthy(path=path):
            return f"bool({at(path)})"
        case Not(inner=inner):
            return f"not ({holds(inner)})"
        case And(left=left, right=right):
            return f"({holds(left)}) and ({holds(right)})"
        case Or(left=left, right=right):
            return f"({holds(left)}) or ({holds(right)})"
