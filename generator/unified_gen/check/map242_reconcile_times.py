"""A lookup after a lost response that states less, or other times, than those of the vendor's other records.

`visible_within_seconds` and `executes_within_seconds` of `reconcile` are facts about the vendor's servers, and mostly the same for all its
operations. A lookup without a time that others state never proves that a request was not executed, so that callers have to decide it. If
the vendor differs here, accept it with the reason: `allow: {MAP242 <resource>.<key>: …}`.

Wrong: only one of two `reconcile` has `visible_within_seconds: 5`. Right: both.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedReconcile, ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP242", "times of lookups differ", __doc__, Severity.WARNING)

_KEYS = ("visible_within_seconds", "executes_within_seconds")


def check(resources: Sequence[ResolvedResource]) -> Iterator[Diagnostic]:
    """Report every lookup that lacks a time which another lookup of the vendor has, or has another than most."""
    found = [
        (resource, step.reconcile)
        for resource in resources
        for operation in resource.operations
        for step in operation.steps
        if step.reconcile is not None
    ]
    for key in _KEYS:
        times = Counter(time for _, one in found if (time := _time(one, key)) is not None)
        if not times:
            continue
        usual, count = times.most_common(1)[0]
        for resource, one in found:
            time, name = _time(one, key), f"{resource.model.resource}.{key}"
            if time is None and sum(times.values()) * 2 >= len(found):
                yield _finding(one, name, f"does not state `{key}`, and others of the vendor do: {usual}")
            elif time not in (None, usual) and count > 1:
                yield _finding(one, name, f"is {time}, and {usual} in others of the vendor")


def _time(one: ResolvedReconcile, key: str) -> int | None:
    return one.ast.visible_within_seconds if key == _KEYS[0] else one.ast.executes_within_seconds


def _finding(one: ResolvedReconcile, name: str, problem: str) -> Diagnostic:
    return finding(CODE, f"`{name}` {problem}", one.ast.span, help=f"state it, or accept it: `allow: {{MAP242 {name}: …}}`")
