"""Code that reads values without a schema: errors and deliveries, which may hold anything.

The runtime's `error_details.at` never raises.
"""

from __future__ import annotations

from collections.abc import Iterable

from unified_gen.lower.python import lit
from unified_gen.lower.reading import compared
from unified_openapi.schemas.paths import And, Compare, Each, Index, Name, Not, Or, Path, Predicate, Segment, Truthy


def at(path: Path, of: str = "body") -> str:
    """Return the expression of a path of a variable; of a path through a list (`errors[].message`), that of a list of values."""
    before, each, after = split(path)
    found = f"error_details.at({of}, {', '.join(map(_key, before))})" if before else of
    return f"error_details.each({found}, {_keys(after)})" if each else found


def every(paths: Iterable[Path], of: str = "body") -> str | None:
    """Return the expression of the texts of all elements of a list, each at the first of these paths that holds something.

    None if the paths do not lead through one and the same list.
    """
    parts = [split(path) for path in paths]
    if not parts or any(not each or before != parts[0][0] for before, each, _ in parts):
        return None
    found = f"error_details.at({of}, {', '.join(map(_key, parts[0][0]))})" if parts[0][0] else of
    return f"error_details.every({found}, {', '.join(_keys(after) for _, _, after in parts)})"


def split(path: Path) -> tuple[list[Segment], bool, list[Segment]]:
    """Return the segments before the first list of a path, whether there is one, and those after it."""
    at_list = next((index for index, one in enumerate(path.segments) if isinstance(one, Each)), None)
    if at_list is None:
        return _plain(path.segments), False, []
    return _plain(path.segments[:at_list]), True, _plain(path.segments[at_list + 1 :])


def _plain(segments: Iterable[Segment]) -> list[Segment]:
    return [one for one in segments if isinstance(one, Name | Index)]


def _key(segment: Segment) -> str:
    return lit(segment.name) if isinstance(segment, Name) else str(segment.index) if isinstance(segment, Index) else ""


def _keys(segments: Iterable[Segment]) -> str:
    keys = [_key(one) for one in segments]
    return f"({', '.join(keys)}{',' if len(keys) == 1 else ''})"


def names_if_true(predicate: Predicate) -> frozenset[str] | None:
    """Return property names of which a JSON value must have at least one for the predicate to be true; None if they are not known."""
    match predicate:
        case Compare(operator=operator, literal=literal) if operator != "eq" or literal is None:
            return None
        case Compare(path=path) | Truthy(path=path):
            names = [segment.name for segment in path.segments if isinstance(segment, Name)]
            return frozenset(names[-1:]) if names and names[-1].isascii() else None
        case And(left=left, right=right):
            return names_if_true(left) or names_if_true(right)
        case Or(left=left, right=right):
            first, second = names_if_true(left), names_if_true(right)
            return first | second if first and second else None
        case _:
            return None


def holds(predicate: Predicate, of: str = "body") -> str:
    """Return the expression of whether a predicate is true of a variable."""
    match predicate:
        case Compare(path=path, operator=operator, literal=literal):
            test = compared(at(path, of), operator, literal)
            return (
                f"bool({test})" if operator in ("eq", "ne") and isinstance(literal, str | int) and not isinstance(literal, bool) else test
            )
        case Truthy(path=path):
            return f"bool({at(path, of)})"
        case Not(inner=inner):
            return f"not ({holds(inner, of)})"
        case And(left=left, right=right):
            return f"({holds(left, of)}) and ({holds(right, of)})"
        case Or(left=left, right=right):
            return f"({holds(left, of)}) or ({holds(right, of)})"
