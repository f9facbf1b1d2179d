"""A constant that requests of other resources send, and this one does not, or with another value.

What requests of a vendor have in common is easily forgotten in one of them: the order of a search, the detail of a response. A request is
reported if it lists records and lacks a constant which at least two other resources send with one value, to operations with the same last
name (`search`), or sends another number than they all do. If it is meant to differ, accept it with the reason: `allow: {MAP255 <name>: …}`.

Wrong: one of four searches without `constants: {sorts: [id]}`. Right: the constant in all of them.
"""

import re
from collections.abc import Iterator, Sequence

from unified_gen.check.names import every_word
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP255", "a constant of the vendor's other requests", __doc__, Severity.WARNING)

_LEAST = 2
"""Number of other resources that send one value before its absence, or another number, is reported."""
_SIZES = frozenset({"max", "limit", "size", "count", "per", "results"})


def check(resources: Sequence[ResolvedResource]) -> Iterator[Diagnostic]:
    """Report every request that lacks a constant of like requests of other resources, or has another number."""
    sent = [
        (resource.ast.resource.value, operation.kind, step, _constants(step))
        for resource in resources
        for operation in resource.operations
        for step in operation.steps
    ]
    for name in sorted({name for *_, constants in sent for name in constants}):
        having = [(resource, step, constants[name]) for resource, _, step, constants in sent if name in constants]
        for resource, kind, step, constants in sent:
            own = constants.get(name)
            peers = [(other, one) for other, like, one in having if other != resource and (own is not None or _alike(like, step))]
            values = {repr(one.literal) for _, one in peers}
            if len(values) != 1 or len({other for other, _ in peers}) < _LEAST:
                continue
            if own is None and kind == "list" and _accepts(step, name):
                yield _finding(step, name, f"does not send `{name}`; like requests send {min(values)}")
            elif own is not None and _number(own, name) and repr(own.literal) not in values:
                yield _finding(step, name, f"sends {own.literal} in `{name}`; the other requests send {min(values)}", own)


def _constants(step: ResolvedStep) -> dict[str, Assignment]:
    return {
        one.target.path.text or one.target.name: one for one in step.assignments if one.origin == "set" and "[" not in one.target.path.text
    }


def _alike(like: ResolvedStep, step: ResolvedStep) -> bool:
    """Return true if two requests have the same method, and the last name of their paths."""
    names = [re.split(r"[/.]", each.facts.path)[-1] for each in (like, step)]
    return like.facts.method == step.facts.method and names[0] == names[1] and "{" not in names[0]


def _number(one: Assignment, name: str) -> bool:
    """Return true if a constant is a number which is not the size of a page."""
    return isinstance(one.literal, int) and not isinstance(one.literal, bool) and not _SIZES & {*every_word(name)}


def _accepts(step: ResolvedStep, name: str) -> bool:
    given = {one.target.path.text or one.target.name for one in step.every_assignment}
    properties = step.body.properties if step.body is not None else ()
    return name not in given and (name in properties or any(one.name == name for one in step.facts.parameters))


def _finding(step: ResolvedStep, name: str, problem: str, one: Assignment | None = None) -> Diagnostic:
    return finding(
        CODE,
        f"`{step.ast.operation.value}` {problem}",
        one.span if one is not None else step.ast.operation.span,
        help=f"correct it, or accept it: `allow: {{MAP255 {name}: …}}`",
    )
