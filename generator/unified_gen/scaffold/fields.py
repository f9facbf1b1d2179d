"""Candidates for a unified field in the vendor's record, by name and type."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.language import ast
from unified_gen.resolve.conversions import reading, writing
from unified_gen.scaffold import tables
from unified_gen.scaffold.operations import find_shape, is_id, join
from unified_gen.scaffold.similarity import alike, tokens, words
from unified_openapi.documents.conversion import mapping
from unified_openapi.schemas.graphql_types import is_needed
from unified_openapi.schemas.shapes import Schemas, Shape

DEEPEST = 4
MOST = 4000
"""Maximum number of paths of a record."""
LEAST = 0.6
LEAST_TO_WRITE = 0.77
"""Least score of a guess at writing, higher than for reading: a wrong guess at reading returns a wrong value, one at writing stores one."""

_HOLDERS = frozenset({"fields", "properties", "attributes", "data", "resource"})
"""Properties without a meaning of their own: they only hold others."""

HANDLES = frozenset({"name", "login", "value", "displayname", "username"})
"""Properties that represent the object they are in: `priority.name` is the priority."""

_TIMES = frozenset({"at", "on", "date", "time", "timestamp", "utc", "deadline", "due", "duedate", "starts", "ends"})
"""Words in names of times: without a format, `status` is not a time, though `completed` is a synonym of it."""

_PAGE = frozenset({"html", "web", "webui", "browser", "hosted", "permalink", "public", "view"})
_LINK = frozenset({"url", "uri", "link", "href", "permalink", "webui"})
"""Words in names of a page for people, such as `html_url`; `url` by itself is often an address of the API."""

_CODECS = {
    ("date", "string", "date-time"): "date_in_datetime",
    ("date", "integer", "unix-time"): "epoch_date",
    ("datetime", "integer", "unix-time"): "epoch_seconds",
    ("datetime", "integer", None): "epoch_seconds",
    ("datetime", "integer", "int64"): "epoch_ms",
}


class RecordPath(Struct, frozen=True):
    """A value of a record."""

    names: tuple[str, ...]
    path: str
    shape: Shape
    many: bool


class Found(Struct, frozen=True):
    """A location that a field may have, and the certainty of the guess (0 to 1)."""

    path: RecordPath
    score: float
    codec: str | None


def record_paths(schemas: Schemas, record: Shape) -> list[RecordPath]:
    """Return the values of a record that a path reaches, those near the top first.

    A path does not lead back to the record or to an object that it went through, nor through a GraphQL field that needs an argument.
    """
    found: list[RecordPath] = []
    queue: list[tuple[tuple[str, ...], str, Shape, bool, frozenset[str]]] = [((), "", record, False, frozenset({record.pointer}))]
    while queue and len(found) < MOST:
        names, path, shape, many, above = queue.pop(0)
        for name, inner in _children(schemas, shape):
            if any(one.pointer in above for one in (inner, *inner.variants())):
                continue
            here = f"{path}.{join((name,))}".lstrip(".")
            if "array" in inner.kinds and not many and inner.items is not None:
                item = find_shape(schemas, inner.items)
                if item is None:
                    continue
                if "object" in item.kinds:
                    if len(names) + 1 < DEEPEST:
                        queue.append(((*names, name), here + "[]", item, True, above | {inner.pointer, item.pointer}))
                else:
                    found.append(RecordPath((*names, name), here, item, True))
            elif inner.properties and len(names) + 1 < DEEPEST:
                queue.append(((*names, name), here, inner, many, above | {inner.pointer}))
            elif not inner.properties:
                found.append(RecordPath((*names, name), here, inner, many))
    return found


def _children(schemas: Schemas, shape: Shape) -> Iterator[tuple[str, Shape]]:
    for variant in (shape, *(arm for arm in shape.variants() if arm is not shape)):
        for name, pointer in variant.properties.items():
            inner = find_shape(schemas, pointer)
            if inner is not None and not _needs_argument(schemas, pointer):
                yield name, inner


def _needs_argument(schemas: Schemas, pointer: str) -> bool:
    arguments = mapping(mapping(mapping(schemas.document.at(pointer)).get("x-graphql")).get("arguments"))
    return any(is_needed(argument) for argument in arguments.values())


def best(field: ast.ModelField, candidates: list[RecordPath], resource: str, *, write: bool = False) -> Found | None:
    """Return the location whose name is most like the field's in records of a resource, if its type can be the field's."""
    found: Found | None = None
    for path in candidates:
        if write and path.shape.read_only:
            continue
        fits, codec = _fits(field, path, write)
        if not fits:
            continue
        bare = field.type.kind in ("date", "datetime") and not path.shape.formats & {"date", "date-time", "unix-time"}
        if bare and not _TIMES & set(words(path.names[-1])):
            continue
        score = _score(field, path, resource) - (0.05 if codec is not None else 0.0) - (0.2 if bare and codec is None else 0.0)
        if score >= (LEAST_TO_WRITE if write else LEAST) and (found is None or score > found.score):
            found = Found(path, score, codec)
    return found


def enum_values(field: ast.ModelField) -> tuple[str, ...]:
    """Return the unified values of an enum."""
    return tuple(value.value for value in field.type.values)


def same_name(field: ast.ModelField, candidates: list[RecordPath]) -> RecordPath | None:
    """Return the path that is named most like a field, although its type is another, or its values are others or are not listed."""
    plain = field.type.kind == "enum"
    near = [path for path in candidates if not path.many and (not plain or path.shape.kinds <= {"string", "integer", "boolean"})]
    found = max(near, key=lambda path: _score(field, path), default=None)
    return found if found is not None and _score(field, found) >= LEAST else None


def _fits(field: ast.ModelField, path: RecordPath, write: bool) -> tuple[bool, str | None]:
    type = field.type
    if path.many and not type.many:
        return False, None
    if type.kind == "object" or type.arms:
        return False, None
    if type.kind == "enum":
        return bool(tables.guess(enum_values(field), path.names[-1], path.shape)), None
    if write and type.kind != "boolean" and path.shape.enum_values is not None:
        return False, None
    if type.kind == "decimal" and path.shape.kinds == {"integer"}:
        return False, None  # an amount in minor units, or a number without decimals: the document does not state it
    single = replace(type, many=False)
    if not path.shape.kinds:
        return False, None
    if (writing if write else reading)(single, path.shape) is not None:
        return True, None
    for variant in path.shape.variants():
        for kind in variant.kinds:
            codec = _CODECS.get((type.kind, kind, variant.format)) or _CODECS.get((type.kind, kind, None))
            if codec is not None:
                return True, codec
    return False, None


def _score(field: ast.ModelField, path: RecordPath, resource: str = "") -> float:
    names = [name for name in path.names if name.lower() not in _HOLDERS] or list(path.names)
    own = field.name.value
    if own == "url":
        return _score_page(names)
    if own == "id" or own.endswith(("_id", "_ids")):
        return _score_id(own, names, resource)
    last = max(alike(own, names[-1]), 0.97 * alike(own, _without(names[-1], resource)))
    if len(names) > 1 and names[-1].lower() in HANDLES:
        last = max(last * 0.5, alike(own, names[-2]) * 0.95)
    elif len(names) > 1:
        last = max(last * 0.8, alike(own, "_".join(names[-2:])))
    return last - 0.04 * (len(names) - 1)


def _without(name: str, resource: str) -> str:
    """Return a name without the noun of its records at the beginning: `InvoiceNumber` of invoices is their number."""
    own, noun = tokens(name), tokens(resource)
    return "_".join(own[len(noun) :]) if noun and own[: len(noun)] == noun else name


def _score_page(names: list[str]) -> float:
    """Return the similarity of a name to that of the record's page for people; a part of the record has pages of its own."""
    if len(names) > 1 and names[0].strip("_").lower() not in ("links", "link"):
        return 0.0
    last = set(words(names[-1]))
    if last & _PAGE and (last & _LINK or len(names) > 1):
        return 1.05
    return alike("url", names[-1]) - 0.04 * (len(names) - 1)


def _score_id(own: str, names: list[str], resource: str) -> float:
    handle = {"id": 1.0, "gid": 1.0, "key": 0.97, "uuid": 0.96, "accountid": 0.96, "login": 0.9, "name": 0.5}
    if own == "id":
        return handle.get(names[-1].lower(), 0.95 if is_id(names[-1], resource) else 0.0) if len(names) == 1 else 0.0
    stem = own.removesuffix("_ids").removesuffix("_id")
    if len(names) > 1 and names[-1].lower() in handle:
        return alike(stem, names[-2]) * handle[names[-1].lower()] - 0.04 * (len(names) - 2)
    bare = [word for word in tokens(names[-1]) if word not in ("id", "gid", "key", "uuid")] or [names[-1]]
    return (alike(stem, "_".join(bare)) - 0.02) * (0.6 if len(names) > 1 else 1.0)
