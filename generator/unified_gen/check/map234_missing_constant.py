"""A constant that most requests of the resource send, and this one does not, or with another value.

A query parameter with a number or truth value means the same in all requests: `supportsAllDrives: true` is forgotten easily in one of ten
operations, and the vendor then responds to that one as if the parameter had its initial value. A request is reported if it has such a
parameter, and at least two others, and twice as many as do not, send it with one value; or if it sends another value than at least two
others. If the request is meant to differ, accept it with the reason: `allow: {MAP234 <name>: …}`.

Wrong: `delete: deleteFile`, where `get` and `update` have `constants: {supportsAllDrives: true}`. Right: the constant in all three.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP234", "a constant that other requests send", __doc__, Severity.WARNING)

_LEAST = 2
"""Number of other requests that send a constant before its absence is reported."""


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every request without a constant that at least two others of the resource send."""
    steps = [step for operation in resource.operations for step in operation.steps]
    sent = [(step, _constants(step)) for step in steps]
    names = {name for _, constants in sent for name in constants}
    for name in sorted(names):
        with_it = [(step, constants[name]) for step, constants in sent if name in constants]
        values = Counter(repr(one.literal) for _, one in with_it)
        usual, count = values.most_common(1)[0]
        lacking = [step for step, constants in sent if name not in constants and _accepts(step, name)]
        if 2 * len(lacking) <= count and count >= _LEAST and len(values) == 1:
            for step in lacking:
                yield _finding(step, name, usual, f"does not send `{name}`")
        if len(with_it) - count == 1 and count >= _LEAST:
            yield from (
                _finding(step, name, usual, f"sends `{name}` as {one.literal!r}", one)
                for step, one in with_it
                if repr(one.literal) != usual
            )


def _constants(step: ResolvedStep) -> Mapping[str, Assignment]:
    """Return the constants of a request's query by name, without texts: these select properties or an order for one request."""
    return {
        one.target.name: one
        for one in step.assignments
        if one.origin == "set" and one.target.location == "query" and isinstance(one.literal, bool | int)
    }


def _accepts(step: ResolvedStep, name: str) -> bool:
    """Return true if a request has a parameter of this name that nothing is assigned to."""
    given = {one.target.name for one in step.every_assignment if one.target.location == "query"}
    return name not in given and any(one.location == "query" and one.name == name for one in step.facts.parameters)


def _finding(step: ResolvedStep, name: str, usual: str, problem: str, one: Assignment | None = None) -> Diagnostic:
    called = step.ast.operation
    return finding(
        CODE,
        f"`{called.value}` {problem}; the other requests of the resource send {usual}",
        one.span if one is not None else called.span,
        help=f"add it to `constants`, or accept it: `allow: {{MAP234 {name}: …}}`",
    )
