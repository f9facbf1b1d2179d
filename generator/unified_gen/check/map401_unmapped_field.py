"""A field of the model that is neither mapped nor declared unsupported.

Each field is mapped, or is in `unsupported` with a reason that callers get; so is each field of a nested record (`attendees.optional`).
For a model with `custom_fields` the same applies to custom fields: the mapping has `custom_fields`, or an entry of that name in
`unsupported`."""

from collections.abc import Iterable, Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_gen.resolve.inner_fields import read_inner
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Code, Diagnostic, Note, finding

CODE = rule("MAP401", "unmapped field", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every field without a line."""
    yield from unmapped(resource, CODE, resource.model.fields, resource.ast.fields)
    for field in resource.fields:
        yield from _inner(resource, field)
    if resource.model.custom_fields and resource.ast.custom_fields is None and "custom_fields" not in resource.unsupported:
        yield finding(
            CODE,
            "custom fields are neither mapped nor declared unsupported",
            resource.ast.resource.span,
            help="map them: `custom_fields: {pattern: …, object: …}`, or give a reason: `unsupported: {custom_fields: …}`",
        )


def _inner(resource: ResolvedResource, field: ResolvedField) -> Iterator[Diagnostic]:
    known = {*read_inner(field), *resource.unsupported}
    for name, declared in _declared(field.model, ""):
        if not any(name == one or name.startswith(f"{one}.") for one in known):
            yield finding(
                CODE,
                f"`{name}` is neither mapped nor declared unsupported",
                field.ast.name.span,
                notes=(Note("the model declares it here", declared.span),),
                help=f"map it, or give a reason: `unsupported: {{{name}: …}}`",
            )


def _declared(field: ast.ModelField, around: str) -> Iterator[tuple[str, ast.ModelField]]:
    """Yield the fields of a nested record, down to those without fields of their own."""
    for inner in field.type.fields:
        if inner.type.fields:
            yield from _declared(inner, f"{around}{field.name}.")
        else:
            yield f"{around}{field.name}.{inner.name}", inner


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
