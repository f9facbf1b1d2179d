"""Findings about broken laws, at the field, filter or operation of the mapping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from unified_emulation.laws.verdicts import Law, State, Verdict
from unified_gen.diagnostics.laws import CODES
from unified_gen.language import ast
from unified_gen.language.parse import parse_resource, parse_vendor
from unified_gen.pipeline.compiler import accept
from unified_gen.pipeline.inputs import VendorInputs
from unified_gen.resolve.vendor_fields import with_vendor_fields
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.source.spans import Span, Text

_BY_CODE = {code.code: code for code in CODES}


def findings(vendor: VendorInputs, models: Mapping[str, ast.Model], verdicts: Iterable[Verdict]) -> tuple[Diagnostic, ...]:
    """Return a finding for each broken law that the mapping does not allow with a reason."""
    declaration = vendor.declaration
    parsed = parse_vendor(vendor.mappings[declaration], declaration, vendor.name)[0] if declaration is not None else None
    if parsed is None:
        return ()
    texts = [(name, text) for name, text in vendor.mappings.items() if name != declaration]
    own = [resource for name, text in texts if (resource := parse_resource(text, name, vendor.name)[0]) is not None]
    resources, _ = with_vendor_fields(parsed, own, models)
    by_name = {resource.resource.value: resource for resource in resources}
    found = [
        finding(_BY_CODE[verdict.law.code], _message(verdict), _span(by_name[verdict.resource], verdict))
        for verdict in verdicts
        if verdict.state is State.BROKEN
    ]
    return accept(parsed, own, found, laws=True)


def _message(verdict: Verdict) -> str:
    operation = f"{verdict.resource}.{verdict.operation}"
    return f"{f'`{verdict.subject}` of ' if verdict.subject else ''}`{operation}`: {verdict.reason}"


def _span(resource: ast.Resource, verdict: Verdict) -> Span:
    """Return the location of a filter in its operation, of a field, or else of the operation."""
    operation = next((one for one in resource.operations if one.name.value == verdict.operation), None)
    field = next((one for one in resource.fields if one.name.value == verdict.subject), None)
    if verdict.law is Law.FILTER and operation is not None:
        return next((text.span for text in _texts(operation) if text.value == verdict.subject), operation.name.span)
    if field is not None:
        return field.name.span
    return operation.name.span if operation is not None else resource.resource.span


def _texts(node: Any) -> Iterator[Text]:
    """Yield the texts below a node of the syntax tree, in order."""
    if isinstance(node, Text):
        yield node
    elif isinstance(node, Struct):
        for name in node.__struct_fields__:
            yield from _texts(getattr(node, name))
    elif isinstance(node, tuple | list):
        for each in node:
            yield from _texts(each)
