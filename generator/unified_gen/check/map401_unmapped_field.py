"""A field of the model that is neither mapped nor declared unsupported.

Each field is mapped, or is in `unsupported` with a reason that callers get. For a model with `custom_fields` the same applies to custom
fields: the mapping has `custom_fields`, or an entry of that name in `unsupported`."""

from collections.abc import Iterable, Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Code, Diagnostic, Note, finding

CODE = rule("MAP401", "unmapped field", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every field without a line."""
    yield from unmapped(resource, CODE, resource.model.fields, resource.ast.fields)
    if resource.model.custom and resource.ast.custom is None and "custom_fields" not in resource.unsupported:
        yield finding(
            CODE,
            "custom fields are neither mapped nor declared unsupported",
            resource.ast.resource.span,
            help="map them: `custom_fields: {pattern: …, object: …}`, or give a reason: `unsupported: {custom_fields: …}`",
        )


def unmapped(
    resource: ResolvedResource,
    code: Code,
    declared: Iterable[ast.ModelField | ast.ModelOperation],
    mapped: Iterable[ast.Field | ast.Operation],
    what: str = "",
) -> Iterator[Diagnostic]:
    """Report every name that the model declares, and that the resource neither maps nor has a reason for."""
    known = {one.name.value for one in mapped} | resource.unsupported.keys()
    for one in declared:
        if one.name.value not in known:
            yield finding(
                code,
                f"{what}`{one.name}` is neither mapped nor declared unsupported",
                resource.ast.resource.span,
                notes=(Note("the model declares it here", one.span),),
                help=f"map it, or give a reason: `unsupported: {{{one.name}: …}}`",
            )
