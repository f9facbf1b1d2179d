"""An input that no step accepts.

An input of the operation that no step sends, binds or filters by would be dropped silently. Map it, or give the reason in `unsupported`
(`operation.field`, or `filter.x` for a list's filter): the client then rejects the input with that reason.

Each alternative of `either` is checked separately: it must use every input that can be given when it runs. An alternative with `if: text`
must also use the filter `project_id`, unless an earlier one runs whenever that is given. A reason in `unsupported` is reported by the
alternatives that lack the input. A test in `if` does not count as use.

Wrong: `either: [{operation: search, if: text, params: {q: text}}, {operation: list, params: {project: project_id}}]`.
Right: the first also has `params: {project: project_id}`, or `local_filters: [project_id]`.
"""

from collections.abc import Iterator, Mapping

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.alternatives import missed
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.source.spans import Span

CODE = rule("MAP109", "unused input", __doc__)


def check(resource: ResolvedResource, used: Mapping[str, frozenset[str]]) -> Iterator[Diagnostic]:
    """Report every input of every operation that goes nowhere."""
    for operation in resource.operations:
        taken = used.get(operation.name, frozenset())
        for name, span in _inputs(resource, operation):
            if name not in taken and not covered(resource, operation, name):
                yield finding(
                    CODE,
                    f"no step of `{operation.name}` uses `{name}`",
                    operation.ast.name.span,
                    notes=(Note("the model declares it here", span),),
                    help=_help(operation, "map it", name),
                )
        declared = dict(_inputs(resource, operation))
        for alternative, name in missed(operation, (name for name in declared if name in taken)):
            if not covered(resource, operation, name):
                yield finding(
                    CODE,
                    f"`{alternative.steps[-1].ast.operation.value}` does not use `{name}`, which can be given when it runs",
                    alternative.steps[-1].ast.operation.span,
                    notes=(Note("the model declares it here", declared[name]),),
                    help=_help(operation, "map it here too", name),
                )


def _help(operation: ResolvedOperation, map_it: str, name: str) -> str:
    locally = f", list it in `local_filters` to filter what was read: `local_filters: [{name}]`" if operation.kind == "list" else ""
    return f"{map_it}{locally}, or give a reason: `unsupported: {{{unsupported_name(operation, name)}: …}}`"


def unsupported_name(operation: ResolvedOperation, name: str) -> str:
    """Return how `unsupported` names an input of an operation."""
    return f"filter.{name}" if operation.kind in ("list", "changes") else f"{operation.name}.{name}"


def covered(resource: ResolvedResource, operation: ResolvedOperation, name: str) -> bool:
    """Return true if `unsupported` gives a reason for an input that goes nowhere."""
    keys = [unsupported_name(operation, name), f"{operation.name}.{name}", name]
    if operation.kind in ("create", "update"):
        keys.append(f"write.{name}")
    return any(key in resource.unsupported for key in keys)


def _inputs(resource: ResolvedResource, operation: ResolvedOperation) -> Iterator[tuple[str, Span]]:
    for given in operation.model.given:
        yield given.name.value, given.span
    if operation.kind in ("create", "update"):
        for field in resource.model.fields:
            if operation.model.takes(field):
                yield field.name.value, field.span
