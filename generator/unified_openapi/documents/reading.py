"""Decoding of files to plain data: encodings, JSON and YAML, and the faults that a reader can tolerate."""

from __future__ import annotations

import codecs
import json
import math
import re
from typing import Any, NoReturn

from msgspec import Struct

from unified_openapi.diagnostics.codes import MALFORMED, REPEATED_KEY, UNREADABLE
from unified_openapi.diagnostics.model import Diagnostic, finding
from unified_openapi.source.nodes import MOST_DEPTH, Node, SyntaxFault, collector_paused
from unified_openapi.source.positions import JsonPositions, Positions, YamlPositions, span_at
from unified_openapi.source.spans import Span


class DocumentFault(Exception):
    """A document that cannot be used at all. `diagnostic` gives the reason in one line, with a location."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class SourceText(Struct, frozen=True):
    """A text as it was read: plain data with text keys, and a way back to the locations of its parts."""

    file: str
    value: Any
    syntax: str
    """JSON or YAML."""
    positions: Positions
    faults: tuple[Diagnostic, ...] = ()


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read(data: bytes | str, file: str) -> SourceText:
    """Read JSON or YAML.

    Args:
        data: the bytes of the file, or its text.
        file: what locations call it; the ending `.json` settles that it is JSON.

    Raises:
        DocumentFault: the bytes are not text, or the text neither JSON nor YAML.
    """
    text = decode(data, file) if isinstance(data, bytes) else data
    with collector_paused():
        if text.lstrip()[:1] in ("{", "["):
            try:
                return _read_json(text, file)
            except _NoJson as fault:
                if file.lower().endswith(".json"):
                    raise DocumentFault(finding(MALFORMED, f"this is not JSON: {fault}", fault.span)) from None
        return _read_yaml(text, file)


def decode(data: bytes, file: str) -> str:
    """Return the text of a file: UTF-8, or the encoding of its byte order mark.

    Raises:
        DocumentFault: some bytes are not text.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="replace")
        span = span_at(before + "?", len(before), file)
        raise DocumentFault(finding(UNREADABLE, f"the bytes of this file are not {encoding.upper()} text from here on", span)) from None


class _NoJson(Exception):
    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.span = span


def _read_json(text: str, file: str) -> SourceText:
    repeated: list[dict[str, Any]] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) != len(found):
            repeated.append(made)
        return made

    def constant(word: str) -> NoReturn:
        raise ValueError(f"{word} is not JSON value")

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_float=_float, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise _NoJson(error.msg[:1].lower() + error.msg[1:], span_at(text, error.pos, file)) from None
    except ValueError as error:
        raise _NoJson(str(error), span_at(text, max(text.find("NaN"), text.find("Infinity"), 0), file)) from None
    except RecursionError:
        raise _too_deep(file) from None
    _limit_depth(value, file)
    _complete_characters(text, value, file)
    positions = JsonPositions(text, file)
    faults = [
        finding(REPEATED_KEY, f"`{key}` occurs twice here; the last one counts", span)
        for key, span in (positions.repeated(value, repeated) if repeated else ())
    ]
    return SourceText(file, value, "JSON", positions, tuple(faults))


def _float(text: str) -> float | str:
    """Return a number too large for any machine stays text, as in YAML: JSON has no infinity to write it back with."""
    number = float(text)
    return text if math.isinf(number) else number


def _integer(text: str) -> int | str:
    return int(text) if len(text) < 4000 else text


def yaml_node(data: bytes, file: str) -> Node:
    """Return the node of a YAML file, with the locations of its parts.

    Raises:
        DocumentFault: the bytes are not YAML.
    """
    from unified_openapi.source.yaml12 import compose  # imported late: programs that only read facts do not need PyYAML

    try:
        return compose(decode(data, file), file)
    except SyntaxFault as fault:
        raise _not_yaml(fault) from None


def _not_yaml(fault: SyntaxFault) -> DocumentFault:
    return DocumentFault(finding(MALFORMED, f"this is not YAML: {fault.message}", fault.span))


def _read_yaml(text: str, file: str) -> SourceText:
    faults: list[Diagnostic] = []

    def repeated(key: str, span: Span) -> None:
        faults.append(finding(REPEATED_KEY, f"`{key}` occurs twice here; the last one counts", span))

    from unified_openapi.source.yaml12 import load as load_yaml  # imported late: programs that only read facts do not need PyYAML

    try:
        value: Any = load_yaml(text, file, repeated)
    except SyntaxFault as fault:
        raise _not_yaml(fault) from None
    return SourceText(file, value, "YAML", YamlPositions(text, file), tuple(faults))


def _limit_depth(value: Any, file: str) -> None:
    level = [value]
    depth = 0
    while level:
        depth += 1
        if depth > MOST_DEPTH + 1:
            raise _too_deep(file)
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
            if isinstance(inner, (dict, list))  # a union type would be created for each value
        ]


_HALF_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}")


def _complete_characters(text: str, value: Any, file: str) -> None:
    """Raise DocumentFault if a text holds half a surrogate pair, which JSON can write and no file can hold."""
    # Looked up first: the expression is slow, and few documents have a surrogate.
    found = _HALF_PAIR.search(text) if "\\ud" in text or "\\uD" in text else None
    if found is None:
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise DocumentFault(finding(MALFORMED, "half a surrogate pair is not a character", span_at(text, found.start(), file))) from None


def _too_deep(file: str) -> DocumentFault:
    return DocumentFault(finding(MALFORMED, f"nested more than {MOST_DEPTH} levels deep", Span(file, 1, 1, 1, 2)))
