"""Paths and predicates: a subset of JMESPath that compiles to straight-line code.

JMESPath's own parser is reused (https://jmespath.org/specification.html). A path is a list of segments; a predicate is a
comparison, `ends_with`, a path's truth, or such joined by `!`, `&&` and `||`. Other functions, slices, multi-selects and wildcards are
refused: none of them can be written, and a codec expresses better what they could be used for in reading.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

import jmespath.exceptions
import jmespath.parser
from msgspec import Struct


class Name(Struct, frozen=True):
    """A property."""

    name: str


class Each(Struct, frozen=True):
    """Every element of a list (`[]`, `[*]`)."""


class Index(Struct, frozen=True):
    """One element of a list, counted from 0; from its end if negative (`[-1]` is the last)."""

    index: int


class Match(Struct, frozen=True):
    """The first element whose property has a value: `[?name=='literal'] | [0]`; every such element without the pipe. Without a name, the
    element itself has it: `[?@=='literal']`."""

    name: tuple[str, ...]
    literal: Any
    first: bool


Segment: TypeAlias = Name | Each | Index | Match


class Path(Struct, frozen=True):
    """A location in a response or a request. No segments: all of it (`@`)."""

    text: str
    segments: tuple[Segment, ...]

    @property
    def many(self) -> bool:
        """True if it yields a list of values rather than one."""
        return any(isinstance(segment, Each) or (isinstance(segment, Match) and not segment.first) for segment in self.segments)

    @property
    def names(self) -> tuple[str, ...]:
        """The property names on the way."""
        return tuple(segment.name for segment in self.segments if isinstance(segment, Name))

    @property
    def irreversible(self) -> str | None:
        """Why it cannot be written; None if it can."""
        if sum(isinstance(segment, Each) for segment in self.segments) > 1:
            return "a list in a list is read as one list"
        for segment, following in pairwise((*self.segments, None)):
            if isinstance(segment, Index) and segment.index != 0:
                return "a list is written from its first element, `[0]`"
            if isinstance(segment, Match):
                if not segment.first:
                    return "a filter yields any number of elements; the first is `| [0]`"
                if len(segment.name) != 1 or not isinstance(following, Name) or following.name == segment.name[0]:
                    return "an element is known by one of its names, and another one is written"
        return None

    def offset(self, index: int) -> tuple[int, int]:
        """Return the position of the index-th segment's name in the text: (start, length)."""
        start = 0
        for position, segment in enumerate(self.segments):
            if not isinstance(segment, Name):
                continue
            found = self.text.find(segment.name, start)
            if found < 0:
                return (0, len(self.text))
            if position == index:
                return (found, len(segment.name))
            start = found + len(segment.name)
        return (0, len(self.text))


class Compare(Struct, frozen=True):
    """`path == literal` and similar comparisons; `operator` is eq, ne, lt, lte, gt, gte or ends_with."""

    path: Path
    operator: str
    literal: Any


class Truthy(Struct, frozen=True):
    """A path's truth: there, not null, not empty, not false."""

    path: Path


class Not(Struct, frozen=True):
    inner: Predicate


class And(Struct, frozen=True):
    left: Predicate
    right: Predicate


class Or(Struct, frozen=True):
    left: Predicate
    right: Predicate


Predicate: TypeAlias = Compare | Truthy | Not | And | Or


class PathFault(Exception):
    """Text that is not a path of this language. `offset` is the position of the error in the text."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@lru_cache(maxsize=4096)
def parse_path(text: str) -> Path:
    """Read a path.

    Raises:
        PathFault: it is not JMESPath, or uses a part of JMESPath that this language leaves out.
    """
    return Path(text, _segments(_tree(text)))


@lru_cache(maxsize=1024)
def parse_predicate(text: str) -> Predicate:
    """Read a predicate.

    Raises:
        PathFault: as `parse_path`.
    """
    return _predicate(_tree(text), text)


def _tree(text: str) -> Any:
    try:
        tree: Any = jmespath.parser.Parser().parse(text).parsed
    except jmespath.exceptions.LexerError as error:
        raise PathFault("this is not a path: " + str(error.message), error.lexer_position or 0) from None
    except (jmespath.exceptions.ParseError, jmespath.exceptions.EmptyExpressionError) as error:
        raise PathFault("this is not a path", getattr(error, "lex_position", 0) or 0) from None
    return tree


_UNREADABLE = re.compile(r'["\\\x00-\x1f]')


def _segments(node: dict[str, Any]) -> tuple[Segment, ...]:
    kind, children = node["type"], node.get("children", [])
    match kind:
        case "field":
            if _UNREADABLE.search(node["value"]):  # msgspec, which reads returns, has no field of such a name
                raise PathFault("a property whose name holds a quote, a backslash or a control character cannot be read")
            return (Name(node["value"]),)
        case "identity" | "current":
            return ()
        case "subexpression" | "index_expression":
            return tuple(segment for part in children for segment in _segments(part))
        case "index":
            return (Index(node["value"]),)
        case "flatten":
            return _segments(children[0])
        case "projection":
            return (*_segments(children[0]), Each(), *_segments(children[1]))
        case "filter_projection":
            return (*_segments(children[0]), _match(children[2]), *_segments(children[1]))
        case "pipe":
            left, right = _segments(children[0]), _segments(children[1])
            if right[:1] == (Index(0),) and any(isinstance(segment, Match) for segment in left):
                return (*(Match(s.name, s.literal, True) if isinstance(s, Match) else s for s in left), *right[1:])
            return (*left, *right)
    raise PathFault(f"{_WORDS.get(kind, kind)} is not part of this language's paths")


_WORDS = {
    "function_expression": "a function",
    "slice": "a slice",
    "value_projection": "a wildcard over properties",
    "multi_select_list": "a list of paths",
    "multi_select_dict": "an object of paths",
    "or_expression": "`||`",
    "and_expression": "`&&`",
    "not_expression": "`!`",
    "comparator": "a comparison",
    "literal": "a literal",
    "expref": "`&`",
}


def _match(node: dict[str, Any]) -> Match:
    if node["type"] == "comparator" and node["value"] == "eq":
        left, right = node["children"]
        segments = _segments(left)
        if right["type"] == "literal" and all(isinstance(segment, Name) for segment in segments):
            return Match(tuple(segment.name for segment in segments if isinstance(segment, Name)), right["value"], False)
    raise PathFault("a filter compares one name, or `@`, with a literal: `[?name=='value']`")


def _predicate(node: dict[str, Any], text: str) -> Predicate:
    children = node.get("children", [])
    match node["type"]:
        case "not_expression":
            return Not(_predicate(children[0], text))
        case "and_expression":
            return And(_predicate(children[0], text), _predicate(children[1], text))
        case "or_expression":
            return Or(_predicate(children[0], text), _predicate(children[1], text))
        case "comparator":
            left, right = children
            if right["type"] != "literal":
                raise PathFault("the right side of a comparison is a literal: `ok == `false``, `status == 'cancelled'`")
            return Compare(Path(text, _segments(left)), node["value"], right["value"])
        case "function_expression" if node["value"] == "ends_with":
            if len(children) != 2 or children[1]["type"] != "literal" or not isinstance(children[1]["value"], str):
                raise PathFault("`ends_with` needs a path and a text: `ends_with(name, '__c')`")
            return Compare(Path(text, _segments(children[0])), "ends_with", children[1]["value"])
    return Truthy(Path(text, _segments(node)))


def opposite(predicate: Predicate) -> Predicate:
    """Return the predicate that is true if this one is not, in its simplest form."""
    match predicate:
        case Not(inner=inner):
            return inner
        case Compare(path=path, operator="eq", literal=literal):
            return Compare(path, "ne", literal)
        case Compare(path=path, operator="ne", literal=literal):
            return Compare(path, "eq", literal)
    return Not(predicate)


def predicate_paths(predicate: Predicate) -> tuple[Path, ...]:
    """Return the paths a predicate looks at."""
    match predicate:
        case Compare(path=path) | Truthy(path=path):
            return (path,)
        case Not(inner=inner):
            return predicate_paths(inner)
        case And(left=left, right=right) | Or(left=left, right=right):
            return (*predicate_paths(left), *predicate_paths(right))
