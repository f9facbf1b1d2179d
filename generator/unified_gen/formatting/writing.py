"""Write the formatter's tree: one entry a line, and small flat collections on the line of their key.

A list of plain values, of which the last may be a small mapping, and a mapping of plain values are written on one line if they fit.
So is a mapping of at most three entries that holds such lists or small mappings, and a table of enum values, of any number. A list of
short values without quotes that does not fit continues on the next line. The mappings of one list are either all written on one line
or all in block style; one with a single entry needs no braces there. At the top of a file, the mappings by name of the model are in
block style.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from unified_gen.formatting.scalars import literal, plain_lines, wrapped, written
from unified_gen.formatting.tree import Alias, Collection, Entry, File, Leaf, Node

WIDTH = 100
"""Columns of a line."""
MOST_ENTRIES = 3
"""Entries of a mapping that is written on one line though it holds lists or mappings; of plain values only, any number."""
MOST_INNER_ENTRIES = 2
"""Entries of a mapping inside one that is written on one line: plain values."""
SHORT = 30
"""Columns of a value in a list that is continued on the next line; with a longer one, or one in quotes, it has an item a line."""
TABLE = "enum"
"""Key of a mapping whose entries are values, not keys of the language: it is written on one line if it fits."""
BLOCKS = ("fields", "unsupported", "operations")
"""Keys at the top of a file whose mappings have a name of the model on each line."""


def write(file: File) -> str:
    """Return the text of a tree."""
    lines = list(_comments(file.header, 0))
    root = file.root
    if isinstance(root, Collection) and root.entries:
        if root.anchor is not None:
            lines.append(f"&{root.anchor}")
        lines += _block(root, 0)
    elif root is not None and (not isinstance(root, Leaf) or root.text or root.value is not None):
        lines += _value("", root, 0, inline=_one_line(root, 0))
        lines += _comments(root.after if isinstance(root, Collection) else [], 0)
    lines += _comments(file.footer, 0)
    while lines and not lines[0]:
        del lines[0]
    while lines and not lines[-1]:
        del lines[-1]
    return "".join(line + "\n" for line in lines)


def _block(collection: Collection, indent: int) -> Iterator[str]:
    """Yield the lines of a collection, one entry after the other."""
    together = _mappings_fit(collection, indent)
    for number, entry in enumerate(collection.entries):
        before = entry.before
        if number == 0:
            before = _without_leading_blanks(before)
        yield from _entry(entry, before, indent, together)
    yield from _comments(collection.after, indent)


def _mappings_fit(collection: Collection, indent: int) -> bool:
    """Return true if each mapping of a list can be written on one line; in a mapping, each value is judged for itself."""
    if collection.is_map:
        return True
    inner = [entry.value for entry in collection.entries if isinstance(entry.value, Collection) and entry.value.is_map]
    return all(_fits("- ", one, indent) is not None for one in inner if len(one.entries) != 1)


def _entry(entry: Entry, before: list[str], indent: int, together: bool) -> Iterator[str]:
    value = entry.value
    head = "- " if entry.key is None else _key(entry.key) + " "
    inline = _fits(head, value, indent)
    if isinstance(value, Alias) or (isinstance(value, Collection) and not value.entries):
        inline = _one_line(value, 0)
    top = indent == 0 and isinstance(entry.key, Leaf) and entry.key.text in BLOCKS
    if isinstance(value, Collection) and value.is_map and value.entries:
        single = entry.key is None and len(value.entries) == 1 and value.anchor is None
        if top or single or not together:
            inline = None
    lines = list(_value(head, value, indent, inline=inline))
    beside = entry.beside
    fits = len(beside) == 1 and len(lines[0]) + 2 + len(beside[0]) <= WIDTH
    if fits and (len(lines) == 1 or (isinstance(value, Collection) and entry.key is not None)):
        lines[0] += "  " + beside[0]
        beside = []
    yield from _comments(before, indent)
    yield from _comments(beside, indent)
    yield from lines


def _key(key: Leaf | Alias) -> str:
    if isinstance(key, Alias):
        return f"*{key.name} :"
    return _anchored(key.anchor) + written(key.text, key.text, key=True) + ":"


def _value(head: str, node: Node, indent: int, *, inline: str | None) -> Iterator[str]:
    """Yield the lines of an entry: `head` is its key or dash, `inline` its value if that is to be on the same line."""
    space = " " * indent
    if inline is not None:
        yield space + head + inline
        return
    anchor = _anchored(node.anchor) if not isinstance(node, Alias) else ""
    if isinstance(node, Collection):
        item = head == "- "
        continued = None if item or not head else _continued(space + head + anchor, node, indent + 2)
        if continued is not None:
            yield from continued
            return
        lines = list(_block(node, indent + 2))
        if item and not anchor and lines and not lines[0].lstrip().startswith("#"):
            yield space + "- " + lines[0][indent + 2 :]
            yield from lines[1:]
            return
        yield (space + head + anchor).rstrip()
        yield from lines
        return
    assert isinstance(node, Leaf)
    block = literal(node.text) if isinstance(node.value, str) else None
    if block is None and isinstance(node.value, str):
        short = wrapped(node.text, WIDTH - indent - 2)
        block = None if short is None else (">-", short)
        plain = plain_lines(node.text, WIDTH - indent - len(head) - len(anchor), WIDTH - indent - 2)
        if plain is not None and short is not None and len(plain) <= len(short):
            yield space + head + anchor + plain[0]
            yield from (space + "  " + line for line in plain[1:])
            return
    if block is None:
        yield space + head + anchor + written(node.value, node.text)
        return
    style, lines = block
    yield space + head + anchor + style
    for line in lines:
        yield (space + "  " + line) if line else ""


def _continued(head: str, node: Collection, indent: int) -> list[str] | None:
    """Return a list of short values without quotes over several lines, or None if it has an item a line."""
    if node.is_map or node.after or any(any(entry.before) or entry.beside for entry in node.entries):
        return None
    parts = [_one_line(entry.value, 1) for entry in node.entries if not isinstance(entry.value, Collection)]
    short = [part for part in parts if part is not None and len(part) <= SHORT and not part.startswith(('"', "'"))]
    if not short or len(short) != len(node.entries):
        return None
    lines = [head + "[" + short[0]]
    for part in short[1:]:
        lines[-1] += ","
        if len(lines[-1]) + len(part) + 2 <= WIDTH:
            lines[-1] += " " + part
        else:
            lines.append(" " * indent + part)
    lines[-1] += "]"
    return lines


def _fits(head: str, node: Node, indent: int) -> str | None:
    """Return a value as it is written on the line of its key or dash, or None if it has lines of its own."""
    text = _one_line(node, 0, table=head == f"{TABLE}: ")
    return text if text is not None and indent + len(head) + len(text) <= WIDTH else None


def _one_line(node: Node, depth: int, *, table: bool = False, only: bool = False) -> str | None:
    """Return a small value on one line.

    Args:
        node: the value.
        depth: number of brackets around it.
        table: it is a table of enum values.
        only: it is the value of the only entry of the mapping around it.
    """
    if isinstance(node, Alias):
        return f"*{node.name}"
    if isinstance(node, Leaf):
        if isinstance(node.value, str) and literal(node.text) is not None:
            return None
        return _anchored(node.anchor) + written(node.value, node.text, flow=depth > 0)
    if node.after or any(any(entry.before) or entry.beside for entry in node.entries):
        return None
    if node.is_map:
        return _brackets(node, depth) if table or _is_small(node, depth, only=only) else None
    inner = [entry.value for entry in node.entries if isinstance(entry.value, Collection)]
    if inner and (len(inner) == len(node.entries) or inner != [node.entries[-1].value] or not inner[0].is_map):
        return None
    return _brackets(node, depth)


def _is_small(node: Collection, depth: int, *, only: bool) -> bool:
    """Return true if a mapping has so few entries that it is written on one line, if it fits."""
    if not node.entries:
        return True
    is_plain = not any(isinstance(entry.value, Collection) for entry in node.entries)
    if depth == 0:
        return is_plain or len(node.entries) <= MOST_ENTRIES
    return depth == 1 and (is_plain or only) and len(node.entries) <= MOST_INNER_ENTRIES


def _brackets(node: Collection, depth: int) -> str | None:
    parts = []
    only = len(node.entries) == 1
    for entry in node.entries:
        table = depth < 2 and isinstance(entry.key, Leaf) and entry.key.text == TABLE
        last = not node.is_map and entry is node.entries[-1]
        value = _one_line(entry.value, depth + 1, table=table, only=only or last)
        if value is None:
            return None
        parts.append(value if entry.key is None else f"{_flow_key(entry.key)} {value}")
    opening, closing = "{}" if node.is_map else "[]"
    return _anchored(node.anchor) + opening + ", ".join(parts) + closing


def _flow_key(key: Leaf | Alias) -> str:
    if isinstance(key, Alias):
        return _key(key)
    return _anchored(key.anchor) + written(key.text, key.text, flow=True, key=True) + ":"


def _anchored(anchor: str | None) -> str:
    return "" if anchor is None else f"&{anchor} "


def _without_leading_blanks(lines: list[str]) -> list[str]:
    number = next((number for number, line in enumerate(lines) if line), len(lines))
    return lines[number:]


def _comments(lines: Iterable[str], indent: int) -> Iterator[str]:
    """Yield comments at an indentation. One that is too long is broken; its end joins the next if that continues a sentence."""
    space = " " * indent
    waiting = deque(lines)
    while waiting:
        line = waiting.popleft()
        if len(space) + len(line) <= WIDTH:
            yield (space + line).rstrip()
            continue
        mark = line[: len(line) - len(line.lstrip("#"))]
        fitting, rest = _split(line[len(mark) :].split(), WIDTH - len(space) - len(mark) - 1)
        yield f"{space}{mark} {' '.join(fitting)}"
        if not rest:
            continue
        end = f"{mark} {' '.join(rest)}"
        if waiting and waiting[0].startswith(mark + " ") and waiting[0][len(mark) + 1 : len(mark) + 2].islower():
            end += waiting.popleft()[len(mark) :]
        waiting.appendleft(end)


def _split(words: list[str], width: int) -> tuple[list[str], list[str]]:
    """Return the words that fit into a line, at least one, and the others."""
    number, length = 1, len(words[0]) if words else 0
    while number < len(words) and length + 1 + len(words[number]) <= width:
        length += 1 + len(words[number])
        number += 1
    return words[:number], words[number:]
