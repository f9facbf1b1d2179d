"""Deterministic values of a schema. The values of two records differ wherever the schema allows it, so that none can pass for another."""

from __future__ import annotations

import itertools
import math
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from re import _parser as re_parser  # type: ignore[attr-defined]
from typing import Any

from unified_openapi.documents.words import identifies, words
from unified_openapi.schemas.shapes import Schemas, Shape

START = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)
PREFERRED = "1234567890abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" + "".join(map(chr, (*range(32, 127), 9, 10)))
_CLASSES = {"DIGIT": r"\d", "NOT_DIGIT": r"\D", "SPACE": r"\s", "NOT_SPACE": r"\S", "WORD": r"\w", "NOT_WORD": r"\W"}
_DEPTH = 5
_LAST_RESORT = "\N{NULL}"
"""Mark of texts that are used if no other matches."""
_CANDIDATES = 200
"""Texts to try for a pattern, and for each of its parts: some patterns have more alternatives than fit into memory."""
_LONGEST = 10_000
"""Characters of a part that is repeated."""
_MOST = 40
"""Values of one property, after which objects in it have only what is required: some schemas refer to each other without an end."""
_MOST_OF_RECORD = 400
"""Values of one record, after which objects in it have only what is required."""
_TIMES = frozenset({"at", "time", "timestamp", "datetime", "created", "updated", "modified", "edited", "creation", "activity"})
Refer = Callable[[str, str, int], Any]
"""Return the value of a property that refers to another record (its path, the pointer of its schema, a number), or None."""


class Samples:
    """Values by schema. `refer` is consulted for each property first."""

    def __init__(self, schemas: Schemas, refer: Refer = lambda path, pointer, number: None) -> None:
        self._schemas = schemas
        self.refer = refer
        self._left = _MOST
        self._record_left = math.inf

    @contextmanager
    def record(self) -> Iterator[None]:
        """Bound the values of a record that are made inside the block; others may be made for it, within their own bounds."""
        before, self._record_left = self._record_left, _MOST_OF_RECORD
        try:
            yield
        finally:
            self._record_left = before

    def value(self, pointer: str, number: int, path: str = "", depth: int = 0, *, required_only: bool = False) -> Any:
        """Return the number-th value of the schema at a pointer; `path` is that of the property in its record."""
        self._left = _MOST if depth <= 1 else self._left - 1
        self._record_left -= 1
        if depth and (found := self.refer(path, pointer, number)) is not None:
            return found
        return self.of(self._schemas.shape(pointer), number, path, depth, required_only=required_only)

    def of(self, shape: Shape, number: int, path: str = "", depth: int = 0, *, required_only: bool = False) -> Any:
        """Return the number-th value of a flattened schema."""
        names = shape.known if identifies(path.rpartition(".")[2]) else ()  # of an account's own records, as in its default data
        values = shape.enum_values or names
        if values:
            return values[number % len(values)]
        if shape.arms and not shape.properties:
            return self.of(_simplest(shape), number, path, depth, required_only=required_only)
        if "object" in shape.types or shape.properties:
            return self.object(shape, number, path, depth, required_only=required_only)
        if "array" in shape.types:
            return self._list(shape, number, path, depth)
        if "boolean" in shape.types:
            return number % 2 == 1
        if "integer" in shape.types or "number" in shape.types:
            return _number(shape, number, path)
        return text(shape, number, path)

    def object(self, shape: Shape, number: int, path: str = "", depth: int = 0, *, required_only: bool = False) -> dict[str, Any]:
        """Return an object with a value for each property; below some depth, or on request, for the required ones only."""
        wanted = shape.required if required_only or depth >= _DEPTH or min(self._left, self._record_left) < 0 else shape.properties
        return {
            name: self.value(pointer, number, f"{path}.{name}" if path else name, depth + 1, required_only=required_only)
            for name, pointer in shape.properties.items()
            if name in wanted and depth < 2 * _DEPTH
        }

    def _list(self, shape: Shape, number: int, path: str, depth: int) -> list[Any]:
        least = shape.bounds.min_items or 1
        if shape.items is None or depth >= (2 * _DEPTH if shape.bounds.min_items else _DEPTH):
            return []
        return [self.value(shape.items, number + offset, path, depth + 1) for offset in range(least)]


def _simplest(shape: Shape) -> Shape:
    """Return the alternative that describes most: an object before a list before a plain value."""
    order = ("object", "array", "string", "integer", "number", "boolean")
    return min(shape.variants(), key=lambda arm: min((order.index(kind) for kind in arm.types), default=len(order)))


def _number(shape: Shape, number: int, name: str) -> int | float:
    if "integer" not in shape.types and "number" in shape.types and shape.bounds.maximum is not None and shape.bounds.maximum <= 1:
        return round(number % 100 / 100, 2)
    timed = not _TIMES.isdisjoint(words(name)[-1:])
    base = int((START + timedelta(days=number)).timestamp()) if timed else 1000 + _serial(number, name) % 900_000
    low, high = shape.bounds.minimum, shape.bounds.maximum
    if shape.bounds.above is not None:
        low = shape.bounds.above + 1
    if low is not None and base < low:
        base = int(low) + number
    if high is not None and base > high:
        span = int(high - (low or 0)) + 1
        base = int(low or 0) + number % span
    return base


def _serial(number: int, path: str) -> int:
    """Return a number of nine digits for a path in the number-th record, so that ids of different things differ."""
    return 100_000_000 + zlib.crc32(f"{number} {path}".encode()) % 899_999_999


def text(shape: Shape, number: int, name: str) -> str:
    """Return the number-th text of a schema: of its format, else of its pattern, else by its property's name."""
    made = _formatted(shape.format, number, name)
    if made is None:
        made = _named(number, name)
    pattern = shape.bounds.pattern
    if pattern is not None:
        made = in_form(pattern, made, number, name)
    if shape.bounds.max_length is not None:
        made = made[-shape.bounds.max_length :]
    if shape.bounds.min_length is not None and len(made) < shape.bounds.min_length:
        last = made[-1:] if pattern is not None else "x"  # a pattern allows its own characters
        made = made.ljust(shape.bounds.min_length, last or "x")
    return made


def _formatted(form: str | None, number: int, name: str) -> str | None:
    time = START + timedelta(days=number)
    match form:
        case "date-time":
            return time.strftime("%Y-%m-%dT%H:%M:%SZ")
        case "date":
            return time.strftime("%Y-%m-%d")
        case "time":
            return time.strftime("%H:%M:%S")
        case "email":
            return f"{'-'.join(words(name)) or 'person'}{number}@example.com"
        case "uri" | "url" | "uri-template":
            return f"https://example.net/{'-'.join(words(name)) or 'page'}/{number}"
        case "uuid":
            return f"00000000-0000-4000-8000-{number:012d}"
        case "int64" | "int32" | "uint64" | "uint32" | "decimal" | "double" | "float" | "snowflake":
            return str(_serial(number, name))
        case "byte":
            return "AA=="
        case _:
            return None


def _named(number: int, name: str) -> str:
    found = words(name)
    last = found[-1] if found else ""
    if last in ("id", "ids", "gid", "number", "ts"):
        return str(_serial(number, name))
    if last in ("email", "mail"):
        return f"{'-'.join(words(name)) or 'person'}{number}@example.com"
    if last in ("url", "uri", "href", "link"):
        return f"https://example.net/{'-'.join(found)}/{number}"
    if last in _TIMES:
        return (START + timedelta(days=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
    if found[-2:] == ("time", "zone") or last == "timezone":
        return "UTC"
    if last in ("date", "on", "due"):
        return (START + timedelta(days=number)).strftime("%Y-%m-%d")
    return f"{'-'.join(found) or 'text'}-{number}"


def in_form(pattern: str, made: str, number: int, name: str) -> str:
    """Return a text that matches a pattern: the one that was made, or the number-th one."""
    return made if _matches(pattern, made) else matching(pattern, _serial(number, name)) or made


def _matches(pattern: str, made: str) -> bool:
    try:
        return re.search(pattern, made) is not None
    except re.error:  # a pattern of ECMA-262 that Python's engine lacks is not enforced
        return True


def matching(pattern: str, number: int) -> str | None:
    """Return the number-th short text that matches a pattern completely; None if none is found."""
    try:
        tree = re_parser.parse(pattern)
    except re.error:
        return None
    made = list(itertools.islice(_texts(tree, number), _CANDIDATES))
    for texts in ([each for each in made if _LAST_RESORT not in each], [each.replace(_LAST_RESORT, "") for each in made]):
        found = list(dict.fromkeys(each for each in texts if each and re.search(pattern, each)))
        if found:
            return found[number % len(found)]
    return None


def _texts(tree: Any, number: int) -> Iterator[str]:
    pools = (itertools.islice(_pieces(name, given, number), _CANDIDATES) for name, given in tree)
    yield from map("".join, itertools.product(*pools))


def _pieces(operator: Any, given: Any, number: int) -> Iterator[str]:
    match str(operator):
        case "LITERAL":
            yield chr(given)
        case "ANY" | "NOT_LITERAL":
            yield next(char for char in PREFERRED if ord(char) != given)
        case "IN":
            allowed = [char for char in PREFERRED if in_class(char, given)]
            yield allowed[number % min(len(allowed), 10)]
        case "BRANCH":
            for tree in given[1]:
                yield from _texts(tree, number)
        case "SUBPATTERN":
            yield from _texts(given[3], number)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, tree = given
            yield from (_digits(each, max(least, min(most, 4)), number) for each in _texts(tree, number))
            if least == 0:
                yield ""
            elif least > 1:  # for a class without some digits, and for a group; used if nothing else matches
                yield from (f"{_LAST_RESORT}{each * least}" for each in _texts(tree, number) if len(each) * least <= _LONGEST)
        case _:  # anchors and look-arounds: the caller checks the complete text
            yield ""


def _digits(piece: str, count: int, number: int) -> str:
    """Repeat a piece; a repeated digit becomes a number, so that ids differ."""
    if len(piece) == 1 and piece.isdigit() and 1 < count <= _LONGEST:
        return str(number % 10**count + 1).rjust(count, "1")[-count:]
    return piece * max(min(count, _LONGEST) if len(piece) == 1 else min(count, 1), 1)


def in_class(char: str, members: Any) -> bool:
    """Return true if a character is in a parsed character class."""
    negated = str(members[0][0]) == "NEGATE"
    for operator, given in members:
        match str(operator):
            case "LITERAL":
                found = ord(char) == given
            case "RANGE":
                found = given[0] <= ord(char) <= given[1]
            case "CATEGORY":
                found = re.fullmatch(_CLASSES[str(given).removeprefix("CATEGORY_")], char) is not None
            case _:
                found = False
        if found:
            return not negated
    return negated
