"""Strict parser from YAML to the syntax tree; it reports everything that is wrong with a file at once.

These functions are pure and never raise. A part that is wrong is left out of the tree; the tree is None if the rest
could not be used.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TypeVar

from unified_gen.language import ast
from unified_gen.language.findings import Findings
from unified_gen.language.models import MODEL
from unified_gen.language.objects import Object
from unified_gen.language.resources import RESOURCE
from unified_gen.language.vendors import VENDOR
from unified_openapi.diagnostics import Diagnostic
from unified_openapi.source.nodes import MappingNode, Node, ScalarNode, SequenceNode, SyntaxFault
from unified_openapi.source.spans import Span, Text
from unified_openapi.source.yaml12 import compose

T = TypeVar("T")
Found = tuple[Diagnostic, ...]

DEEPEST = 60
"""Maximum nesting of collections: no mapping comes near it, and no text can exhaust the stack."""
LARGEST = 100_000
"""Maximum number of nodes in a file after its aliases are expanded."""


def parse_model(text: str, file: str) -> tuple[ast.Model | None, Found]:
    """Read `mappings/models/<resource>.yaml`; `file` is its name in diagnostics."""
    out = Findings()
    model = _read(MODEL, text, file, out)
    return model, out.sorted()


def parse_vendor(text: str, file: str, vendor: str | None = None) -> tuple[ast.Vendor | None, Found]:
    """Read `mappings/vendors/<vendor>/vendor.yaml`. The vendor is named by its folder, unless `vendor` is given."""
    out = Findings()
    draft = _read(VENDOR, text, file, out)
    name = Text(vendor or PurePosixPath(file).parent.name or "vendor", Span(file, 1, 1, 1, 2))
    return (None if draft is None else draft(name)), out.sorted()


def parse_resource(text: str, file: str, vendor: str) -> tuple[ast.Resource | None, Found]:
    """Read `mappings/vendors/<vendor>/<resource>.yaml`. Its resource is named by the file, unless it has the key `resource`."""
    out = Findings()
    draft = _read(RESOURCE, text, file, out)
    name = Text(PurePosixPath(file).stem, Span(file, 1, 1, 1, 2))
    return (None if draft is None else draft(vendor, name)), out.sorted()


def _read(grammar: Object[T], text: str, file: str, out: Findings) -> T | None:
    def repeated(key: str, span: Span) -> None:
        out.add("MAP006", f"the key `{key}` occurs twice in this mapping", span, help="only one of them would count")

    try:
        node = compose(text, file, repeated)
    except SyntaxFault as fault:
        out.add("MAP008", fault.message, fault.span)
        return None
    if isinstance(node, ScalarNode) and node.value is None:
        out.add("MAP008", "this file is empty", Span(file, 1, 1, 1, 2), help=f"{grammar.expected} is expected")
        return None
    if not _bounded(node):
        message = f"no mapping nests deeper than {DEEPEST} levels or represents more than {LARGEST} values"
        out.add("MAP008", message, Span(file, node.span.line, node.span.column, node.span.line, node.span.column + 1))
        return None
    return grammar.read(node, out)


def _bounded(root: Node) -> bool:
    """Return true if a tree is shallow and small. An alias brings the same node to several locations, and each counts."""
    measured: dict[int, tuple[int, int]] = {}
    stack = [root]
    while stack:
        node = stack[-1]
        inner = _inner(node)
        waiting = [child for child in inner if id(child) not in measured]
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        depth = 1 + max((measured[id(child)][0] for child in inner), default=0)
        size = 1 + sum(measured[id(child)][1] for child in inner)
        if depth > DEEPEST or size > LARGEST:
            return False
        measured[id(node)] = (depth, size)
    return True


def _inner(node: Node) -> tuple[Node, ...]:
    match node:
        case SequenceNode(items=items):
            return items
        case MappingNode(entries=entries):
            return tuple(value for _, value in entries)
    return ()
