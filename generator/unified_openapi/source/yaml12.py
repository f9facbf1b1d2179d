"""YAML 1.2 reader of the compiler: libyaml's parser with YAML 1.2's core schema, and a location for every node.

PyYAML follows YAML 1.1, where `NO` is false, `12:30` is a number, `2024-01-01` is a date and a bare `=` is an error. Here, as
in the core schema of YAML 1.2.2 (https://yaml.org/spec/1.2.2/#103-core-schema), a plain scalar is null, a boolean, a number or
text. Keys are always text, and two keys of a mapping that read the same are an error. Infinities and NaN, which JSON lacks,
and numbers that no machine holds stay text.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs do not know libyaml's classes

from unified_openapi.source.nodes import MOST_DEPTH, MappingNode, Node, Scalar, ScalarNode, SequenceNode, SyntaxFault, collector_paused
from unified_openapi.source.spans import Json, Span

# Looked up for every event.
_SCALAR, _ALIAS = yaml.ScalarEvent, yaml.AliasEvent
_MAPPING, _MAPPING_END = yaml.MappingStartEvent, yaml.MappingEndEvent
_SEQUENCE, _SEQUENCE_END = yaml.SequenceStartEvent, yaml.SequenceEndEvent

MOST_NODES = 5_000_000
"""Maximum number of nodes after aliases are expanded: far above any real document, far below a YAML bomb."""


_CORE = re.compile(
    r"""(?P<null>~|null|Null|NULL)
      | (?P<true>true|True|TRUE)
      | (?P<false>false|False|FALSE)
      | (?P<int>[-+]?[0-9]+)
      | (?P<oct>0o[0-7]+)
      | (?P<hex>0x[0-9a-fA-F]+)
      | (?P<float>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)""",
    re.VERBOSE,
)
_MAY_BE_TYPED = frozenset("~nNtTfF0123456789-+.")
_PROPERTIES = re.compile(r"(?:[&!][^ \n]*[ ]+)+")
_TAGS = {"tag:yaml.org,2002:" + name: name for name in ("null", "bool", "int", "float", "str", "seq", "map")}
_DIGITS = 4000
"""Longer integers stay text (CPython refuses to read them)."""
# Line breaks in YAML 1.1, characters in YAML 1.2. libyaml follows 1.1, so they are replaced while it parses.
_HIDE = {0x85: 0xE085, 0x2028: 0xE028, 0x2029: 0xE029}
_SHOW = {hidden: shown for shown, hidden in _HIDE.items()}


def resolve(text: str) -> Scalar:
    """Return the value of a plain scalar in the core schema."""
    if not text:
        return None
    if text[0] not in _MAY_BE_TYPED or len(text) > _DIGITS:
        return text
    found = _CORE.fullmatch(text)
    if found is None:
        return text
    match found.lastgroup:
        case "null":
            return None
        case "true":
            return True
        case "false":
            return False
        case "int":
            return int(text)
        case "oct":
            return int(text, 0)
        case "hex":
            return int(text, 0)
    number = float(text)
    return text if math.isinf(number) else number


def compose(text: str, file: str, repeated: Callable[[str, Span], None] | None = None) -> Node:
    """Read one YAML (or JSON) text into nodes with locations.

    Args:
        text: the text, without a byte order mark or with one.
        file: name of the file in spans.
        repeated: called with each key that occurs twice in its mapping, of which the last counts; without it that is a fault.

    Raises:
        SyntaxFault: malformed YAML, more than one document, a key twice or not a scalar, an unknown tag, an alias that
            contains itself or makes the text explode.
    """
    node: Node = _Composer(text, file, repeated).read()
    return node


def compose_lenient(text: str, file: str) -> Node:
    """Read as `compose` does, but of a key that occurs twice the last one counts: for texts that `load` read that way.

    Raises:
        SyntaxFault: as `compose`.
    """
    node: Node = _Composer(text, file, lambda key, span: None).read()
    return node


def load(text: str, file: str, repeated: Callable[[str, Span], None] | None = None) -> Json:
    """Read a big text as fast as can be, without locations.

    Args:
        text: the text.
        file: name of the file in spans.
        repeated: called with each key that occurs twice in its mapping, of which the last counts; without it that is a fault.

    Raises:
        SyntaxFault: as `compose`.
    """
    with collector_paused():
        value: Json = _Loader(text, file, repeated).read()
        return value


class _Reader(ABC):
    """Builder of a tree from libyaml's events, without recursion, so that any depth is safe."""

    def __init__(self, text: str, file: str, repeated: Callable[[str, Span], None] | None = None) -> None:
        self.repeated = repeated
        text = text.removeprefix("\ufeff")
        self.hides = any(chr(mark) in text for mark in _HIDE)  # one after the other: twenty times as fast as a regular expression
        self.text = text.translate(_HIDE) if self.hides else text
        self.file = file
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.open_anchors: set[str] = set()
        self.nodes = 0

    # The differences between nodes and plain values.
    @abstractmethod
    def scalar(self, event: yaml.ScalarEvent, plain: bool, value: Scalar) -> Any: ...

    @abstractmethod
    def key(self, frame: _Frame, made: Any, event: yaml.Event) -> str: ...

    @abstractmethod
    def sequence(self, frame: _Frame, end: yaml.Event) -> Any: ...

    @abstractmethod
    def mapping(self, frame: _Frame, end: yaml.Event) -> Any: ...

    def repeat(self, key: str, span: Span) -> None:
        if self.repeated is None:
            raise SyntaxFault(f"the key `{_short(key)}` occurs twice in this mapping", span)
        self.repeated(key, span)

    def read(self) -> Any:
        try:
            return self._read(CParser(self.text))
        except yaml.MarkedYAMLError as error:
            raise self._syntax(error) from None
        except yaml.reader.ReaderError as error:
            raise SyntaxFault(f"the character {_character(error.character)} is not allowed in YAML", self._at(error.position)) from None
        except UnicodeEncodeError as error:
            raise SyntaxFault("half a surrogate pair is not a character", self._at(error.start)) from None

    def _read(self, parser: CParser) -> Any:
        next_event, leaf = parser.get_event, self._leaf  # a document is a hundred thousand events and more
        root: Any = None
        documents = 0
        frame: _Frame | None = None  # the innermost collection that is open
        depth = 0
        while True:
            event: Any = next_event()
            kind = type(event)
            if kind is _SCALAR:
                self.nodes += 1
                made = leaf(event)
                if event.anchor is not None:
                    self.anchors[event.anchor] = (made, 1)
            elif kind is _MAPPING or kind is _SEQUENCE:
                if event.tag is not None:
                    self._tag(event, "map" if kind is _MAPPING else "seq")
                if event.anchor is not None:
                    self.open_anchors.add(event.anchor)
                    self.anchors.pop(event.anchor, None)
                if depth == MOST_DEPTH:
                    raise SyntaxFault(f"nested more than {MOST_DEPTH} levels deep", self.span(event))
                frame = _Frame(kind is _MAPPING, event, self.nodes, frame)
                depth += 1
                self.nodes += 1
                continue
            elif frame is not None and (kind is _MAPPING_END or kind is _SEQUENCE_END):
                start, before = frame.start, frame.before
                made = self.mapping(frame, event) if frame.maps else self.sequence(frame, event)
                if start.anchor is not None:
                    self.open_anchors.discard(start.anchor)
                    self.anchors[start.anchor] = (made, self.nodes - before)
                event, frame = start, frame.around
                depth -= 1
            elif kind is _ALIAS:
                made = self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise SyntaxFault("a second YAML document begins here; one is expected", self.span(event))
                continue
            elif kind is yaml.StreamEndEvent:
                return self._empty() if documents == 0 else root
            else:
                continue
            if frame is None:
                root = made
            elif not frame.maps:
                frame.items.append(made)
            elif frame.key is not None:
                frame.pairs[frame.key] = made
                frame.key = None
            else:
                if type(event) is not _SCALAR and type(event) is not _ALIAS:
                    raise SyntaxFault("a key is one word or one text, not a list or a mapping", self.span(event))
                frame.key = key = self.key(frame, made, event)
                if key in frame.pairs:
                    self.repeat(key, self.span(event))

    def _leaf(self, event: Any) -> Any:
        if self.hides:
            event.value = event.value.translate(_SHOW)
        if event.tag is None:
            plain_style = event.implicit[0]
            return self.scalar(event, plain_style, resolve(event.value) if plain_style else event.value)
        if event.tag == "!":
            return self.scalar(event, False, event.value)
        name = self._tag(event, None)
        value: Scalar = event.value
        if name != "str":
            value = resolve(event.value)
            found = "null" if value is None else type(value).__name__
            if found != name and not (name == "float" and found == "int"):
                raise SyntaxFault(f"`{_short(event.value)}` is not of the type {name} that its tag declares", self.span(event))
        return self.scalar(event, event.style in (None, ""), value)

    def _tag(self, event: Any, expected: str | None) -> str:
        if event.tag is None or event.tag == "!":
            return expected or "str"
        name = _TAGS.get(event.tag)
        if name is None or (expected is not None and name != expected) or (expected is None and name in ("seq", "map")):
            raise SyntaxFault(f"the tag `{_short(event.tag)}` is not known here; plain YAML is expected", self.span(event))
        return name

    def _alias(self, event: yaml.AliasEvent) -> Any:
        if event.anchor in self.open_anchors:
            raise SyntaxFault(f"`*{event.anchor}` contains itself", self.span(event))
        if event.anchor not in self.anchors:
            raise SyntaxFault(f"`*{event.anchor}` names an anchor that is not set before it", self.span(event))
        made, size = self.anchors[event.anchor]
        self.nodes += size
        if self.nodes > MOST_NODES:
            raise SyntaxFault("the aliases of this text make it explode", self.span(event))
        return made

    def _empty(self) -> Any:
        event = yaml.ScalarEvent(None, None, (True, False), "")
        return self.scalar(event, True, None)

    def span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        if start is None:
            return Span(self.file, 1, 1, 1, 1)
        return Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _at(self, index: int) -> Span:
        if index >= len(self.text):  # the end: behind the last visible character
            index = len(self.text.rstrip())
        before = self.text[:index]
        line = before.count("\n") + 1
        column = index - (before.rfind("\n") + 1) + 1
        return Span(self.file, line, column, line, column + 1)

    def _syntax(self, error: yaml.MarkedYAMLError) -> SyntaxFault:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "this is not YAML"
        mark_index = mark.index if mark is not None else 0
        if self.text[mark_index : mark_index + 1] == "\t":
            problem = "a tab cannot indent YAML; use spaces"
        elif error.context and error.context != problem:
            problem = f"{problem} {error.context}"
        return SyntaxFault(problem, self._at(len(self.text) if mark is None else mark.index))


class _Frame:
    """A collection that is still open."""

    __slots__ = ("around", "before", "items", "key", "keys", "maps", "pairs", "start")

    def __init__(self, maps: bool, start: Any, before: int, around: _Frame | None) -> None:
        self.maps = maps
        self.start = start
        self.before = before
        """Number of nodes before it."""
        self.around = around
        """The collection that holds it."""
        self.items: list[Any] = []
        self.pairs: dict[str, Any] = {}
        self.key: str | None = None
        """The key whose value is awaited."""
        self.keys: dict[str, Any] = {}
        """Result of a key."""


class _Composer(_Reader):
    """Builder of nodes with spans."""

    def scalar(self, event: yaml.ScalarEvent, plain: bool, value: Scalar) -> ScalarNode:
        return ScalarNode(value, event.value, self._content(event), plain)

    def key(self, frame: _Frame, made: Any, event: yaml.Event) -> str:
        if not isinstance(made, ScalarNode):
            raise SyntaxFault("a key is one word or one text, not a list or a mapping", self.span(event))
        frame.keys[made.text] = made
        return made.text

    def sequence(self, frame: _Frame, end: yaml.Event) -> SequenceNode:
        items = tuple(frame.items)
        return SequenceNode(items, self._around(items[-1].span if items else None, frame.start, end))

    def mapping(self, frame: _Frame, end: yaml.Event) -> MappingNode:
        entries = tuple((frame.keys[key], value) for key, value in frame.pairs.items())
        return MappingNode(entries, self._around(entries[-1][1].span if entries else None, frame.start, end))

    def _around(self, last: Span | None, start: Any, end: Any) -> Span:
        """Return the span of a collection; a block ends where its last child ends, as libyaml reports the start of the next token."""
        first, final = start.start_mark, end.end_mark
        if start.flow_style or last is None or final.line + 1 <= last.end_line:
            return Span(self.file, first.line + 1, first.column + 1, final.line + 1, final.column + 1)
        return Span(self.file, first.line + 1, first.column + 1, last.end_line, last.end_column)

    def _content(self, event: Any) -> Span:
        span = self.span(event)
        if event.anchor is not None or event.tag is not None:
            span = self._behind_properties(event, span)
        if event.style in ("'", '"'):
            return Span(span.file, span.line, span.column + 1, span.end_line, span.end_column - 1)
        if event.style not in ("|", ">") or event.start_mark is None:
            return span
        return self._block(event, span)

    def _behind_properties(self, event: Any, span: Span) -> Span:
        """Return the span without `&anchor` and `!tag`, which libyaml counts as part of a scalar."""
        found = _PROPERTIES.match(self.text, event.start_mark.index, event.end_mark.index)
        width = found.end() - found.start() if found is not None else 0
        return Span(span.file, span.line, span.column + width, span.end_line, span.end_column)

    def _block(self, event: Any, span: Span) -> Span:
        """Return the span from the first line of text below the `|` to the end of the last."""
        lines = self.text[event.start_mark.index : event.end_mark.index].splitlines()
        filled = [number for number, line in enumerate(lines) if number and line.strip()]
        if not filled:
            return Span(span.file, span.line, span.column, span.line, span.column + 1)
        first, last = filled[0], filled[-1]
        indent = len(lines[first]) - len(lines[first].lstrip(" "))
        return Span(span.file, span.line + first, indent + 1, span.line + last, len(lines[last].rstrip()) + 1)


class _Loader(_Reader):
    """Builder of plain values."""

    def scalar(self, event: yaml.ScalarEvent, plain: bool, value: Scalar) -> Any:
        return value

    def key(self, frame: _Frame, made: Any, event: Any) -> str:
        if type(event) is _SCALAR:
            text: str = event.value
            return text
        if isinstance(made, list | dict):
            raise SyntaxFault("a key is one word or one text, not a list or a mapping", self.span(event))
        return made if isinstance(made, str) else _written(made)

    def sequence(self, frame: _Frame, end: yaml.Event) -> list[Any]:
        return frame.items

    def mapping(self, frame: _Frame, end: yaml.Event) -> dict[str, Any]:
        return frame.pairs


def _written(value: None | bool | float) -> str:
    """Return a scalar that an alias brought in as a key, written as JSON writes it."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _character(code: str | int | bytes) -> str:
    number = code if isinstance(code, int) else ord(code) if len(code) == 1 else 0
    return f"U+{number:04X}"
