"""An exception of `extra` that excludes nothing.

`extra` of a deletion or a list sets inputs of the vendor's request that the mapping does not use. `unsupported` has the exceptions:
`extra.list: reason` for all of them, `extra.list.archived: reason` for one. Such an entry has no effect if the operation is not mapped, if
its request has no other input, if the name is not one (the mapping writes it, it selects a page, the vendor does not have it), or if
`extra.list` excludes it already. Callers would read a reason that is not the actual one.

Wrong: `extra.delete.froce: …` where the vendor's parameter is called `force`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.resolve import passed
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource
from unified_openapi.diagnostics import Diagnostic, finding

CODE = rule("MAP119", "exception of `extra` without effect", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every exception of `extra` that excludes nothing."""
    mapped = {operation.name: operation for operation in resource.operations if operation.kind in passed.KINDS}
    kinds = {one.name.value for one in resource.model.operations if one.kind in passed.KINDS}
    for key, _ in resource.ast.unsupported:
        prefix, _, rest = key.value.partition(".")
        name, _, own = rest.partition(".")
        if prefix != passed.PREFIX or name not in kinds:
            continue
        problem = _problem(resource, mapped.get(name), own)
        if problem is not None:
            message, help = problem
            yield finding(CODE, f"`{key.value}` excludes nothing: {message}", key.span, help=help)


def _problem(resource: ResolvedResource, operation: ResolvedOperation | None, own: str) -> tuple[str, str | None] | None:
    """Return why an exception has no effect, with a help; None if it has one."""
    if operation is None:
        return "the operation is not mapped", None
    known = passed.names(resource, operation, excluded=True)
    if not known:
        return "`extra` cannot add anything to its request", "remove it"
    if not own:
        return None
    if f"{passed.PREFIX}.{operation.name}" in resource.unsupported:
        return f"`{passed.PREFIX}.{operation.name}` excludes every name", None
    return None if own in known else (f"`extra` has no `{own}` here", did_you_mean(own, known))
