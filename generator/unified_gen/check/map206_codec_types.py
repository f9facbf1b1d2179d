"""A codec whose types are not those of the field and its path.

A codec declares the unified type, the JSON types it reads and writes, and the further values it needs (`codec_inputs`).

Wrong: `title: {path: fields.summary, codec: adf}`: `adf` turns Markdown into an object, and the path is a string.
"""

import re
from collections.abc import Iterator

from unified_gen.diagnostics.codes import map004_unknown_reference
from unified_gen.diagnostics.rule import rule
from unified_gen.language.codecs import CodecFacts
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.conversions import describe
from unified_gen.resolve.inspection import element, request_inputs
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.schemas.shapes import Shape
from unified_openapi.source.spans import Span, Text

CODE = rule("MAP206", "codec does not fit", __doc__)

_SCALARS = frozenset({"string", "integer", "number"})


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every `codec` whose types do not meet, reading and writing."""
    for field in resource.fields:
        yield from _field(resource, field)
    for operation in resource.operations:
        for step in operation.steps:
            for assignment in step.every_assignment:
                codec = _encoded_by(assignment)
                if codec is not None:
                    shape, _ = element(resource.unit.schemas, assignment.target.walk)
                    if "encode" not in codec.directions:
                        yield finding(CODE, f"codec `{codec.name}` only reads", assignment.span)
                    elif shape is not None and not _meets(_sent(codec, assignment), shape):
                        yield _mismatch(resource, codec, shape, assignment.span, "writes", codec.writes)


def _encoded_by(assignment: Assignment) -> CodecFacts | None:
    """Return the codec that a value goes through on its way: a field's own, or that of the field a reference is compared with (rule 4)."""
    if assignment.field is not None:
        return assignment.field.codec if assignment.origin in ("send", "also") else None
    reference = assignment.reference
    if reference is None or reference.carrier is None or reference.kind not in ("field", "input"):
        return None
    return reference.carrier.codec


def _sent(codec: CodecFacts, assignment: Assignment) -> frozenset[str]:
    """Return the JSON types that are sent: outside a body a number and its digits are the same."""
    if assignment.target.location == "body" or not codec.writes & _SCALARS:
        return codec.writes
    return codec.writes | _SCALARS


def _field(resource: ResolvedResource, field: ResolvedField) -> Iterator[Diagnostic]:
    for inner in field.nested:
        yield from _field(resource, inner)
    codec = field.codec
    if codec is None or field.ast.codec is None:
        return
    if field.model.type.kind not in codec.kinds:
        yield finding(
            CODE,
            f"`{field.name}` is {describe(field.model.type)}; codec `{codec.name}` serves {', '.join(sorted(codec.kinds))}",
            field.ast.codec.name.span,
        )
    argument = field.ast.codec.argument
    given = (len(field.ast.codec_reads), len(field.ast.codec_writes))
    if given != codec.knows and "encode" in codec.directions:
        needs = f"{codec.knows[0]} under `read` and {codec.knows[1]} under `write`"
        yield finding(
            CODE, f"codec `{codec.name}` needs {needs} under `codec_inputs`, not {given[0]} and {given[1]}", field.ast.codec.name.span
        )
    if codec.name == "link":
        yield from _link(resource, field)
    elif codec.argument != (argument is not None and isinstance(argument.value, str)):
        needs = "needs a text as its argument" if codec.argument else "has no argument"
        yield finding(CODE, f"codec `{codec.name}` {needs}", field.ast.codec.name.span)
    for leaf in (field.read, *field.fallbacks):
        if leaf is None or leaf.request:
            continue
        shape, _ = element(resource.unit.schemas, leaf.walk)
        if "decode" not in codec.directions:
            yield finding(CODE, f"codec `{codec.name}` only writes", field.ast.codec.name.span)
        elif shape is not None and not _meets(codec.reads, shape):
            yield _mismatch(resource, codec, shape, field.ast.codec.name.span, "reads", codec.reads)


def _link(resource: ResolvedResource, field: ResolvedField) -> Iterator[Diagnostic]:
    """Report a link's template names values of the connection and inputs of the request, and by `{}` or `{:digits}` the value that is
    read."""
    assert field.ast.codec is not None
    argument = field.ast.codec.argument
    known = tuple(f"connection.{value.name}" for value in resource.unit.declaration.connection)
    known += tuple(f"request.{name}" for name in dict.fromkeys(request_inputs(resource.fields)))
    if argument is None or not isinstance(argument.value, str):
        yield finding(CODE, "`link` needs a text with `{}` for the value", field.ast.codec.name.span)
        return
    for name in re.findall(r"\{([^{}]+)\}", argument.value):
        if name != ":digits" and name not in known:
            yield map004_unknown_reference.report(Text(argument.value, argument.span), name, known)


def _meets(types: frozenset[str], shape: Shape) -> bool:
    """Return true if some alternative of the location is one the codec knows; `string:date` requests a string of that format or of none."""
    for variant in shape.variants():
        if not variant.kinds:
            return True
        for declared in types:
            kind, _, format = declared.partition(":")
            if kind in variant.kinds and (not format or variant.format in (None, format)):
                return True
    return False


def _mismatch(resource: ResolvedResource, codec: CodecFacts, shape: Shape, span: Span, verb: str, types: frozenset[str]) -> Diagnostic:
    return finding(
        CODE,
        f"codec `{codec.name}` {verb} {' or '.join(sorted(types))}, but the vendor's location holds {shape.description}",
        span,
        notes=(Note("the vendor's type", resource.unit.document.span(shape.pointer)),),
    )
