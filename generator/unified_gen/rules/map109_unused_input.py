"""An input that no step takes.

What a caller gives must go somewhere: an input of the operation that no step sends, binds or filters by would be dropped in silence.
Map it, or give the reason in `gaps` (`operation.field`, or `filter.x` for a list's filter): then a caller who gives it is told.

Each alternative of `either` is looked at by itself: it takes what may be given when it runs. Of an alternative with `when: text` the
filter `project_id` is wanted too, unless an earlier one runs whenever it is given. A reason in `gaps` is told by the alternatives that
lack the input; the others take it. That `when` asks whether an input is there does not take it.

Wrong: `either: [{call: search, when: text, with: {q: text}}, {call: list, with: {project: project_id}}]`.
Right: the first also has `with: {project: project_id}`, or `locally: [project_id]`.
"""

from collections.abc import Iterator, Mapping

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.resolve.alternatives import missed
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource
from unified_gen.rules.base import finding, rule
from unified_gen.source import Span

CODE = rule("MAP109", "unused input", __doc__)


def check(resource: ResolvedResource, used: Mapping[str, frozenset[str]]) -> Iterator[Diagnostic]:
    """Every input of every operation that goes nowhere."""
    for operation in resource.operations:
        taken = used.get(operation.name, frozenset())
        for name, span in _inputs(resource, operation):
            if name not in taken and not covered(resource, operation, name):
                yield finding(
                    CODE,
                    f"no step of `{operation.name}` takes `{name}`",
                    operation.ast.name.span,
                    notes=(Note("the model declares it here", span),),
                    help=f"map it, or say why not: `gaps: {{{gap_name(operation, name)}: …}}`",
                )
        declared = dict(_inputs(resource, operation))
        for step, name in missed(operation, (name for name in declared if name in taken)):
            if not covered(resource, operation, name):
                yield finding(
                    CODE,
                    f"`{step.ast.call.value}` does not take `{name}`, which may be given when it runs",
                    step.ast.call.span,
                    notes=(Note("the model declares it here", declared[name]),),
                    help=f"map it here too, or say why not: `gaps: {{{gap_name(operation, name)}: …}}`",
                )


def gap_name(operation: ResolvedOperation, name: str) -> str:
    """How `gaps` names an input of an operation."""
    return f"filter.{name}" if operation.like in ("list", "changes") else f"{operation.name}.{name}"


def covered(resource: ResolvedResource, operation: ResolvedOperation, name: str) -> bool:
    """Whether `gaps` gives a reason for an input that goes nowhere."""
    keys = [gap_name(operation, name), f"{operation.name}.{name}", name]
    if operation.like in ("create", "update"):
        keys.append(f"write.{name}")
    return any(key in resource.gaps for key in keys)


def _inputs(resource: ResolvedResource, operation: ResolvedOperation) -> Iterator[tuple[str, Span]]:
    for given in operation.model.given:
        yield given.name.value, given.span
    if operation.like in ("create", "update"):
        for field in resource.model.fields:
            if operation.model.takes(field):
                yield field.name.value, field.span
