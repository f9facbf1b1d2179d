"""A field that callers can set and no operation sends.

The model lets callers set it, the mapping only reads it. Write it by `path` or `write`, send it in an operation, or give the
reason in `unsupported` under `write.<field>`: the client then rejects the field with that reason.
"""

from collections.abc import Iterator, Mapping

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP208", "read, never written", __doc__)


def check(resource: ResolvedResource, used: Mapping[str, frozenset[str]]) -> Iterator[Diagnostic]:
    """Report every mapped field that is an input of some operation and goes nowhere in all of them."""
    for field in resource.fields:
        writing = [operation for operation in resource.operations if operation.model.takes(field.model)]
        keys = (f"write.{field.name}", *(f"{operation.name}.{field.name}" for operation in writing))
        if not writing or any(key in resource.unsupported for key in keys):
            continue
        if all(field.name not in used.get(operation.name, frozenset()) for operation in writing):
            yield finding(
                CODE,
                f"`{field.name}` is read, but no operation writes it",
                field.ast.name.span,
                notes=(Note("the model lets callers set it", field.model.span),),
                help=f"write it, or give a reason: `unsupported: {{write.{field.name}: …}}`",
            )
