"""A filter that one alternative of a list neither sends nor applies.

Each alternative of a list (`either`) sends a filter, applies it to what it reads (`local_filters`), or is chosen by it. Otherwise calls
with the filter fail if this alternative is chosen, although the others accept it. If the combination is not possible, accept it with the
reason: `allow: {MAP244 <operation>.<filter>: …}`.

Wrong: `local_filters: [status]` in one alternative, `[status, label]` in the others. Right: `label` in all.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedAlternative, ResolvedOperation, ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP244", "a filter of some alternatives", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every filter that all alternatives of a list but one accept."""
    for operation in resource.operations:
        if operation.kind != "list" or len(operation.alternatives) < 2:
            continue
        accepted = [_accepted(operation, alternative) for alternative in operation.alternatives]
        for name in sorted(frozenset().union(*accepted)):
            lacking = [alternative for alternative, names in zip(operation.alternatives, accepted, strict=True) if name not in names]
            if len(lacking) == 1:
                called = lacking[0].steps[0].ast.operation
                yield finding(
                    CODE,
                    f"`{operation.name}.{name}`: the alternative with `{called.value}` neither sends the filter nor applies it",
                    called.span,
                    help=f"add it to `local_filters`, or accept it: `allow: {{MAP244 {operation.name}.{name}: …}}`",
                )


def _accepted(operation: ResolvedOperation, alternative: ResolvedAlternative) -> frozenset[str]:
    """Return the filters that an alternative uses, or whose absence or value chooses it or one before."""
    before = operation.alternatives[: operation.alternatives.index(alternative) + 1]
    conditions = [one.condition for one in before if one.condition is not None]
    tested = {test.reference.name for condition in conditions for group in condition.any_of for test in group}
    return alternative.takes | frozenset(tested)
