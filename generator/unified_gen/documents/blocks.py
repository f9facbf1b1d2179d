"""The YAML that tools write: block mappings and lists, a key or an element a line. Such a text is read here line by line, in a third of the
time that libyaml's events take, since most lines of a vendor's document stand in it many times.

What this reads it reads as `yaml12` does, which tests hold against each other. Whatever is not plainly of this style it leaves to `yaml12`:
an anchor, a tag, a tab, quotes that close in another line, a key that stands twice, and every fault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from yaml.reader import Reader

from unified_gen.documents.yaml12 import MOST_DEPTH, SyntaxFault, load, resolve
from unified_gen.source import Json


class NotPlain(Exception):
    """The text is not plainly of this style; nothing is said of whether it is YAML."""


def load_blocks(text: str) -> dict[str, Json]:
    """Read a text of block style, at whose top stands a mapping.

    Raises:
        NotPlain: it is another, or may be.
    """
    rare = text.encode("utf-8", "surrogatepass").translate(None, _COMMON).decode("utf-8", "surrogatepass")
    if Reader.NON_PRINTABLE.search(rare) is not None or not _SPECIAL.isdisjoint(rare):
        raise NotPlain
    return _Blocks(text.removeprefix("---\n")).read()


_COMMON = bytes(range(0x20, 0x7F)) + b"\n"
_SPECIAL = frozenset("\t\r\x85\u2028\u2029\ufeff")
"""What YAML allows and does not read as itself everywhere."""

_FIRST = r"""(?!---|\.\.\.)(?:[^\s\-?:,\[\]{}#&*!|>'"%@`]|-(?=[^\s]))"""
_REST = r"(?:[^:#]++|:(?=[^\s])|(?<=[^\s])\#)*+"
_LINE = re.compile(
    rf"""(?P<dash>-(?:[ ]+|\Z))?
    (?:(?:(?P<key>{_FIRST}{_REST})(?<![ ])|'(?P<key_single>(?:[^']|'')*+)'|"(?P<key_double>[^"\\]*)"):(?:[ ]+|\Z))?
    (?:(?P<plain>{_FIRST}{_REST})
      |'(?P<single>(?:[^']|'')*+)'[ ]*
      |(?P<double>"(?:[^"\\]|\\["\\/bfnrt])*+")[ ]*
      |(?P<block>[|>][+-]?)[ ]*
      |(?P<flow>[\[{{](?:[^#&*!|>%@`])*)
      |(?P<quoted>['"].*)
    )?""",
    re.VERBOSE,
)
_CLOSES = {"'": re.compile("(?:[^']|'')*+'[ ]*"), '"': re.compile(r'(?:[^"\\]|\\.)*+"[ ]*')}
_STAYS_OPEN = {"'": re.compile("(?:[^']|'')*+"), '"': re.compile(r'(?:[^"\\]|\\.)*+\\?')}
_GOES_ON = re.compile(rf"(?!\#){_REST}")
_LONGEST_KEY = 1000
"""libyaml reads keys up to 1,024 characters."""


class _Line(NamedTuple):
    """What a line says, its indentation left out."""

    dash: int
    """How far the `-` of an element moves what follows it; 0 without one."""
    key: str | None
    kind: str
    """Of the value: scalar, plain (which may go on in the next line), quoted (which needs a closer look), block, flow, or none."""
    text: str
    value: Json


def _read_line(line: str) -> _Line:
    found = _LINE.fullmatch(line)
    if found is None:
        raise NotPlain
    dash, key, key_single, key_double, plain, single, double, block, flow, quoted = found.groups()
    if key is None:
        key = key_single.replace("''", "'") if key_single is not None else key_double
    if key is not None and len(key) > _LONGEST_KEY:
        raise NotPlain
    width = len(dash) if dash is not None else 0
    if plain is not None:
        plain = plain.rstrip(" ")
        return _Line(width, key, "plain", plain, resolve(plain))
    if single is not None:
        return _Line(width, key, "scalar", "", single.replace("''", "'"))
    if double is not None:
        return _Line(width, key, "scalar", "", json.loads(double))
    if block is not None:
        return _Line(width, key, "block", block, None)
    if flow is not None:
        return _Line(width, key, "flow", flow, None)
    if quoted is not None:
        return _Line(width, key, "quoted", quoted, None)
    return _Line(width, key, "none", "", None)


class _Blocks:
    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.at = 0

    def read(self) -> dict[str, Json]:
        lines, end = self.lines, len(self.lines)
        root: dict[str, Any] = {}
        # What is open, outermost first: the column of its keys or dashes, and the mapping or list.
        columns: list[int] = [0]
        opened: list[Any] = [root]
        known: dict[str, _Line] = {}
        holder: Any = root  # the last key or element stands in this mapping or list ...
        place: Any = None  # ... under this name or number
        waits = False  # it has no value yet
        plain: str | None = None  # its value, as long as it may go on
        empty = 0  # lines since then
        while self.at < end:
            written = lines[self.at]
            self.at += 1
            line = written.lstrip(" ")
            if not line:
                empty += 1
                continue
            if line[0] == "#":
                plain = None
                continue
            column = len(written) - len(line)
            if not waits and column > columns[-1]:
                if plain is None or _GOES_ON.fullmatch(line) is None:
                    raise NotPlain
                plain += ("\n" * empty or " ") + line.rstrip(" ")
                holder[place] = plain
                empty = 0
                continue
            said = known.get(line)
            if said is None:
                said = known[line] = _read_line(line)
            dash, key, kind, text, value = said
            empty = 0
            if dash:
                if waits and (column > columns[-1] or (column == columns[-1] and type(holder) is dict)):
                    self._open(columns, opened, column, holder, place, [])
                else:
                    while columns[-1] > column:
                        columns.pop()
                        opened.pop()
                holder = opened[-1]
                if columns[-1] != column or type(holder) is not list:
                    raise NotPlain
                place = len(holder)
                holder.append(value)
                waits = True
                column += dash
            if key is not None:
                if waits and column > columns[-1]:
                    self._open(columns, opened, column, holder, place, {})
                else:
                    while columns[-1] > column or (columns[-1] == column and type(opened[-1]) is list):
                        columns.pop()
                        opened.pop()
                holder = opened[-1]
                if columns[-1] != column or key in holder:
                    raise NotPlain
                place = key
                holder[key] = value
            elif not dash:  # the value of what stands in a line above
                if column <= columns[-1] or kind in ("block", "none"):
                    raise NotPlain
                holder[place] = value
            plain = None
            waits = False
            if kind == "plain":
                plain = text
            elif kind == "none":
                waits = True
            elif kind == "block":
                holder[place] = self._block(text, columns[-1])
            elif kind == "flow":
                holder[place] = _flow(text, len(opened))
            elif kind == "quoted":
                holder[place] = self._quoted(text, columns[-1])
        if not root:
            raise NotPlain
        return root

    def _open(self, columns: list[int], opened: list[Any], column: int, holder: Any, place: Any, made: Any) -> None:
        if len(opened) == MOST_DEPTH:
            raise NotPlain
        holder[place] = made
        columns.append(column)
        opened.append(made)

    def _quoted(self, text: str, around: int) -> Json:
        """A text in quotes that has escapes JSON lacks, or closes in a line further down."""
        quote, written, line = text[0], [text], text[1:]
        while _CLOSES[quote].fullmatch(line) is None:
            if _STAYS_OPEN[quote].fullmatch(line) is None or self.at == len(self.lines):
                raise NotPlain
            line = self.lines[self.at]
            if line and len(line) - len(line.lstrip(" ")) <= around:
                raise NotPlain
            written.append(line)
            self.at += 1
        return _read_apart("\n".join(written))

    def _block(self, header: str, around: int) -> str:
        """The text below a `|` or `>` in a collection at the column `around`."""
        found = list(self._indented(around))
        trailing = 0
        while found and not found[-1]:
            found.pop()
            trailing += 1
        if self.at == len(self.lines) and trailing == 0:  # the text ends without a line break
            raise NotPlain
        if next(filter(None, found), " ").isspace():  # empty, or an empty line that is indented further than the first one
            raise NotPlain
        text = "\n".join(found) if header[0] == "|" else _folded(found)
        if self.at == len(self.lines):
            trailing -= 1  # what is behind the last line break is no line
        return text if header[1:] == "-" else text + "\n" * (trailing + 1 if header[1:] == "+" else 1)

    def _indented(self, around: int) -> Iterator[str]:
        """The lines from here that are indented as the first that is not empty, without that indentation."""
        lines, end = self.lines, len(self.lines)
        first = next((line for line in lines[self.at : self.at + 100] if line.strip(" ")), "")
        indent = len(first) - len(first.lstrip(" "))
        margin = " " * indent
        while indent > around and self.at < end:
            line = lines[self.at]
            if line.startswith(margin):
                yield line[indent:]
            elif not line.strip(" "):
                yield ""
            else:
                return
            self.at += 1


def _folded(lines: list[str]) -> str:
    """Lines as paragraphs: one break is a space, several are one less; beside a line that begins with a space breaks stay."""
    made: list[str] = []
    breaks, before = 0, ""
    for line in lines:
        if line:
            if not before or before[0] == " " or line[0] == " ":
                made.append("\n" * breaks)
            else:
                made.append("\n" * (breaks - 1) or " ")
            made.append(line)
            breaks, before = 0, line
        breaks += 1
    return "".join(made)


def _flow(text: str, depth: int) -> Json:
    """A list or mapping in brackets that closes in its line."""
    if depth + text.count("[") + text.count("{") > MOST_DEPTH:
        raise NotPlain
    return ([] if text == "[]" else {}) if text in ("[]", "{}") else _read_apart(text)


def _read_apart(text: str) -> Json:
    """What stands in brackets or quotes, by itself."""
    try:
        return load(text, "")
    except SyntaxFault:
        raise NotPlain from None
