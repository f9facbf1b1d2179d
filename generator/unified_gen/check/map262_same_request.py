"""Two operations that send the same requests.

Operations such as `archive` and `unarchive` differ in what they send: a constant, or the operation that is called. Two that write, and
whose steps are the same in every part, do the same: one was probably copied and not changed. If the vendor distinguishes them otherwise,
accept it with the reason: `allow: {MAP262 <operation>: …}`.

Wrong: `closed: true` in both. Right: `unarchive: {updateBoard: {id: id}, constants: {closed: false}}`.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from msgspec import Struct

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding
from unified_openapi.source.spans import Span

CODE = rule("MAP262", "two operations do the same", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every pair of operations that write, and whose mappings are the same."""
    writing = [one for one in resource.operations if any(step.writes for step in one.steps)]
    for one, other in combinations(writing, 2):
        if one.kind == other.kind and _plain([step.ast for step in one.steps]) == _plain([step.ast for step in other.steps]):
            yield finding(
                CODE,
                f"`{other.name}` sends the same requests as `{one.name}`",
                other.ast.name.span,
                notes=(Note("the other one", one.ast.name.span),),
                help=f"change one of them, or accept it: `allow: {{MAP262 {other.name}: …}}`",
            )


def _plain(node: Any) -> Any:
    """Return a node of the syntax tree as plain values, without the locations in the file."""
    if isinstance(node, Span):
        return None
    if isinstance(node, Struct):
        return [_plain(getattr(node, name)) for name in node.__struct_fields__]
    if isinstance(node, tuple | list):
        return [_plain(each) for each in node]
    return node
