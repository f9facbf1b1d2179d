"""Words of names, and the properties beside a location of a record, for rules that compare names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from unified_gen.resolve.record_fields import Leaf, ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.schemas.paths import Name
from unified_openapi.schemas.shapes import Shape

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SAME = (
    {"title", "name", "subject", "summary"},
    {"name", "label"},
    {"description", "body", "note", "notes", "desc", "content"},
    {"created", "creation", "inserted", "added"},
    {"updated", "modified", "changed", "edited"},
    {"due", "deadline"},
    {"start", "begin", "starts"},
    {"end", "finish", "ends"},
    {"completed", "closed", "finished", "resolved", "done"},
    {"archived", "closed"},
    {"direct", "im", "dm"},
    {"assignee", "assigned", "responsible"},
    {"creator", "author", "reporter"},
    {"author", "user"},
    {"email", "mail"},
    {"first", "given"},
    {"last", "family"},
    {"parent", "superior"},
    {"street", "route"},
    {"city", "locality"},
    {"region", "state", "province"},
    {"postal", "zip", "postcode"},
    {"contact", "person"},
    {"company", "org", "organization", "organisation"},
)
"""Words that name the same."""
_EMPTY = frozenset({"at", "on", "date", "time", "id", "ids", "datetime", "is", "the", "of", "full", "display", "gid", "uuid"})
"""Words that do not distinguish fields."""
_BY = {"created": "creator", "posted": "author", "written": "author", "assigned": "assignee", "owned": "owner", "updated": "editor"}
"""Words that `by` makes the name of a person."""


def tokens(name: str) -> frozenset[str]:
    """Return the words of a name that distinguish it."""
    found = every_word(name)
    persons = frozenset(_BY[word] for word, after in itertools.pairwise(found) if after == "by" and word in _BY)
    return (persons or frozenset(found)) - _EMPTY


def every_word(name: str) -> tuple[str, ...]:
    """Return the words of a name, in small letters."""
    return tuple(word.lower() for word in _WORDS.findall(name))


def covers(words: Iterable[str], others: Iterable[str]) -> bool:
    """Return true if each word has one among others that names the same."""
    return all(any(_same(word, other) for other in others) for word in words)


def shares(words: Iterable[str], others: Iterable[str]) -> bool:
    """Return true if a word has one among others that names the same."""
    return any(_same(word, other) for word in words for other in others)


def _same(word: str, other: str) -> bool:
    one, two = {word, word.removesuffix("s")}, {other, other.removesuffix("s")}
    return bool(one & two) or any(one & group and two & group for group in _SAME)


def plain_fields(resource: ResolvedResource) -> Iterator[tuple[str, ResolvedField, Shape | None]]:
    """Yield each field, and the fields of objects and lists, with its name from the record on and the schema that its paths begin in."""

    def deep(fields: tuple[ResolvedField, ...], before: str, root: Shape | None) -> Iterator[tuple[str, ResolvedField, Shape | None]]:
        for field in fields:
            yield before + field.name, field, root
            inner = root
            if field.ast.items and field.read is not None:
                inner = listed = field.read.shape
                items = next((one.items for one in (listed, *listed.variants()) if one.items), None) if listed is not None else None
                inner = resource.unit.schemas.shape(items) if items is not None else listed
            yield from deep(field.nested, f"{before}{field.name}.", inner)

    yield from deep(resource.fields, "", resource.record)


def siblings(resource: ResolvedResource, leaf: Leaf, root: Shape | None, depth: int | None = None) -> Iterator[tuple[str, Shape]]:
    """Yield the other properties of the object that holds a location, with their schemas. The path begins in `root`.

    `depth`: the number of segments of the path that lead to the object; all but the last if left out.
    """
    depth = len(leaf.path.segments) - 1 if depth is None else depth
    if not leaf.path.segments or not isinstance(last := leaf.path.segments[depth], Name):
        return
    schemas, around = resource.unit.schemas, root
    for segment in leaf.path.segments[:depth]:
        if around is not None and not isinstance(segment, Name):
            items = next((one.items for one in (around, *around.variants()) if one.items is not None), None)
            around = schemas.shape(items) if items is not None else None
            continue
        pointer = _described(around).get(segment.name) if isinstance(segment, Name) else None
        around = schemas.shape(pointer) if pointer is not None else None
    for name, pointer in _described(around).items():
        shape = schemas.shape(pointer)
        if name != last.name and not shape.deprecated:
            yield name, shape


def _described(shape: Shape | None) -> dict[str, str]:
    """Return the properties of an object; if it has none of its own, those of its alternatives."""
    if shape is None or shape.properties:
        return dict(shape.properties) if shape is not None else {}
    return {name: pointer for variant in shape.variants() for name, pointer in variant.properties.items()}
