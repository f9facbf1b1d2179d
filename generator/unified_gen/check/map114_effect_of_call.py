"""A request that writes in an operation that reads, or creates in a step that looks something up.

`get`, `list` and `changes` leave the vendor's records as they are, and so does a step that reads the current values of an update. A method
such as PATCH, or a path that ends in a verb such as `delete` or `upload`, shows that a request does not. If the vendor reads with such a
request, accept it with the reason: `allow: {MAP114 <operation>: …}`.

Wrong: `get: updateFile`. Right: `get: getFile`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.documents import OperationFacts
from unified_openapi.documents.words import CREATES, DELETES, UPDATES, verb

CODE = rule("MAP114", "request that writes in an operation that reads", __doc__)

_READING = frozenset({"get", "list", "changes"})
_WRITING = frozenset({"PUT", "PATCH", "DELETE"})


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every request that writes in an operation, or in a step, that reads."""
    for operation in resource.operations:
        for step in operation.steps:
            if not _reads(operation, step):
                continue
            if step.facts.method in _WRITING:
                yield _finding(operation, step, f"its method is {step.facts.method}")
            elif step.facts.graphql is not None and step.facts.graphql.reads:
                continue
            elif step.current and step.facts.method == "POST" and step.facts.name in _created(resource):
                yield _finding(operation, step, "`create` calls it")
            elif step.facts.method == "POST" and (called := _verb(step.facts)) is not None:
                yield _finding(operation, step, f"its path ends in `{called}`")


def _created(resource: ResolvedResource) -> frozenset[str]:
    return frozenset(step.facts.name for operation in resource.operations if operation.kind == "create" for step in operation.steps)


def _reads(operation: ResolvedOperation, step: ResolvedStep) -> bool:
    """Return true if a step must leave records as they are: all of an operation that reads, others if they read current values."""
    return operation.kind in _READING or bool(step.current) or (step.ast.not_found is not None and bool(step.saved))


def _verb(facts: OperationFacts) -> str | None:
    """Return the last word of a path if it is a verb that writes."""
    last = facts.path.rpartition("/")[2]
    called = verb(last) if "{" not in last else None
    return last if called in CREATES | UPDATES | DELETES else None


def _finding(operation: ResolvedOperation, step: ResolvedStep, reason: str) -> Diagnostic:
    call = step.ast.operation
    purpose = f"`{operation.name}` reads" if operation.kind in _READING else "this step reads the values before a change"
    return finding(
        CODE,
        f"{purpose}, and `{call.value}` writes: {reason}",
        call.span,
        help=f"call the operation that reads, or accept it: `allow: {{MAP114 {call.value}: …}}`",
    )
