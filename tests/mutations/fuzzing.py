"""Random edits of the structure of YAML files: parts replaced by parts of other files, by junk, removed, repeated or renamed.

Unlike the mutations, an edited file need not be a mistake that an author would make: any text may be given to the compiler.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, TypeAlias

from tests.mutations.texts import write

Way: TypeAlias = tuple[Any, ...]

JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, "", " ", "x", "@", ".", "..", "a.b", "[0]", "[]", "[].a[]", "[0].a[0]", "a[?b=='c'] | [0]",
    "request",
    "request.", "connection.", "call.key", "{id}", "{", "}", "{}", "'", '"', "!", "&&", "a && ", "status == 'done'", "never", "none", "*",
    "\u2028",
    "a" * 300, "é", "/../x", "GET /", "$ref", "#/", [], [[]], [None], ["a", "a"], {}, {"a": 1}, {"": {}}, {"@": "id"},
    {"a": {"b": {"c": []}}},
    {"$ref": "#/nope"}, {"type": []}, {"allOf": {"x": 1}}, {"enum": {}}, {"required": "a"}, {"properties": []}, {"items": [{}]},
)  # fmt: skip


def ways(value: Any, way: Way = ()) -> Iterator[Way]:
    """Yield the location of every part of a value."""
    inner = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*way, key)
        yield from ways(each, (*way, key))


def at(value: Any, way: Way) -> Any:
    """Return the part at a location."""
    for key in way:
        value = value[key]
    return value


def _alike(random: Random, donor: Any, key: Any, value: Any) -> Any:
    """Return a part of another file: of the same key, or else of the same type, or any, so that most edits are accepted by the grammar."""
    found = [(way, at(donor, way)) for way in ways(donor)]
    same = [part for way, part in found if way[-1] == key and part != value]
    typed = [part for _, part in found if type(part) is type(value)]
    return random.choice(random.choice([one for one in (same, typed, typed, [part for _, part in found]) if one] or [[None]]))


def fuzzed(random: Random, tree: Any, others: list[Any]) -> str:
    """Return the text of a file with one to three of its parts edited; parts of `others` may be put into it."""
    value = copy.deepcopy(tree)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        known = list(ways(value))
        if not known:
            break
        way = random.choice(known)
        around, key = at(value, way[:-1]), way[-1]
        match random.choice(("junk", "graft", "graft", "graft", "remove", "rename", "wrap", "add")):
            case "junk":
                around[key] = copy.deepcopy(random.choice(JUNK))
            case "graft":
                around[key] = copy.deepcopy(_alike(random, random.choice(others), key, around[key]))
            case "remove":
                del around[key]
            case "rename" if isinstance(around, dict):
                other = random.choice(known)[-1]
                around[other if isinstance(other, str) else "x"] = around.pop(key)
            case "wrap":
                around[key] = random.choice(([around[key]], {"a": around[key]}, [around[key], around[key]]))
            case "add" if isinstance(around, dict):
                donor = random.choice(others)
                source = random.choice([way for way in ways(donor) if isinstance(way[-1], str)] or [("x",)])
                around[source[-1]] = copy.deepcopy(at(donor, source)) if source != ("x",) else None
            case _:
                around[key] = None
    return write(value)
