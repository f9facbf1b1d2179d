"""Guesses of ids that several parameters of a path make up: `/repos/{owner}/{repo}/issues/{number}`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from unified_gen.scaffold.fields import HANDLES, Found, RecordPath
from unified_gen.scaffold.operations import PARAMETER, Guess
from unified_gen.scaffold.similarity import words
from unified_openapi.documents import OperationFacts

_NUMBERS = frozenset({"id", "gid", "uuid", "key", "number"})
_COUNTED = ("number", "iid", "index")
"""Names of a record's number within another record."""


def parts(get: Guess | None, filled: Collection[str]) -> tuple[str, ...]:
    """Return the parameters that identify a record together; none if one does. `filled` are those that a connection fills."""
    if get is None or get.id_parameter is None:
        return ()
    names = tuple(name for name in PARAMETER.findall(get.facts.path) if name not in filled)
    return names if len(names) > 1 and names[-1] == get.id_parameter and all(re.fullmatch(r"\w+", name) for name in names) else ()


def id_field(names: Sequence[str], readable: Sequence[RecordPath], own: Found | None) -> dict[str, Any] | None:
    """Return the mapping of an id with these parts, of which those that the record does not hold come from the request. None if the
    record does not hold the last, which distinguishes the records of one request."""
    found = {name: _source(name, readable) for name in names}
    if found[names[-1]] is None:
        found[names[-1]] = _number(names[-1], readable) or _handle(names[-1], readable) or (own.path.path if own is not None else None)
    if found[names[-1]] is None:
        return None
    parse = {path: f"{{{name}}}" for name, path in found.items() if path is not None}
    return {"format": joined(names), "parse": parse}


def joined(names: Sequence[str]) -> str:
    """Return the form of an id with these parts."""
    return "/".join(f"{{{name}}}" for name in names)


def _source(name: str, readable: Sequence[RecordPath]) -> str | None:
    """Return the path of the record that holds what a parameter selects: `number` for `issue_number`, `owner.login` for `owner`."""
    wanted = set(words(name))
    values = [path for path in readable if not path.many and path.shape.kinds <= {"string", "integer"}]
    named = [path for path in values if len(path.names) == 1 and set(words(path.names[0])) <= wanted and path.names[0].lower() != "id"]
    named += [path for path in values if len(path.names) == 2 and path.names[0] == name and path.names[1].lower() in HANDLES]
    found = max(named, key=lambda path: (len(words(path.names[0])), -len(path.names)), default=None)
    return found.path if found is not None else None


def _number(name: str, readable: Sequence[RecordPath]) -> str | None:
    """Return the path of a record's number within another, if a parameter is called one, under any name: `{index}` is the `number`."""
    if not set(words(name)) & set(_COUNTED):
        return None
    numbers = {path.path for path in readable if len(path.names) == 1 and path.shape.kinds == {"integer"}}
    return next((counted for counted in _COUNTED if counted in numbers), None)


def _handle(name: str, readable: Sequence[RecordPath]) -> str | None:
    """Return the path of the record's own name in addresses, if a parameter is not called an id: `{repo}`."""
    if _NUMBERS & set(words(name)):
        return None
    texts = {path.path for path in readable if len(path.names) == 1 and path.shape.kinds == {"string"}}
    return next((handle for handle in ("slug", "name") if handle in texts), None)


def bind(
    bound: Mapping[str, str], facts: OperationFacts, names: Sequence[str], others: Mapping[str, Sequence[str]], *, identified: bool
) -> dict[str, str]:
    """Return references by parameter with the parts of composite ids in place of entire ids.

    `names` are the parts of the record's own id, by which a request is `identified` or not; `others` the parts of ids that inputs hold.
    """
    found, path = dict(bound), PARAMETER.findall(facts.path)
    if identified and set(names) <= set(path):
        return found | {name: f"id.{name}" for name in names}
    for parameter, reference in bound.items():
        several = others.get(reference, ())
        if parameter in several and set(several) <= set(path):
            found |= {name: f"{reference}.{name}" for name in several}
    return found
