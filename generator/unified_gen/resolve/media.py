"""Resolver of `media`: the content that a step uploads, its media type, and the requests of its upload session."""

from __future__ import annotations

import re

from unified_gen.diagnostics.codes import map216_not_compiled, map217_upload
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.language.codecs import FORM_DATA, SESSIONS
from unified_gen.resolve.hosts import named_operations
from unified_gen.resolve.references import Scope
from unified_gen.resolve.resolved import ResolvedMedia, VendorUnit
from unified_gen.resolve.responses import success
from unified_gen.resolve.targets import request_body
from unified_openapi.documents import OperationFacts, ParameterFacts

_STRUCTURED = re.compile(r"application/(?:[\w.+-]+\+)?json\b|multipart/|application/x-www-form-urlencoded")
"""Media types of bodies that are put together from fields."""


def arguments_header(vendor: ast.Vendor, facts: OperationFacts) -> ParameterFacts | None:
    """Return the header that holds the arguments of this call, if the vendor has one and the call accepts it."""
    name = vendor.arguments_header
    if name is None:
        return None
    return next((p for p in facts.parameters if p.location == "header" and p.name == name.value), None)


def media_type(unit: VendorUnit, reporter: Reporter, step: ast.Step, facts: OperationFacts) -> str | None:
    """Return the type of a body that is a file's content."""
    if step.media is None:
        return None
    entire = tuple(name for name in facts.bodies if not _STRUCTURED.match(name))
    if not entire and not facts.bodies and arguments_header(unit.declaration, facts) is not None:
        return "application/octet-stream"
    if not entire:
        reporter.add(map216_not_compiled.parts(step.media.span, tuple(facts.bodies)))
        return None
    return next((name for name in entire if name == "application/octet-stream"), entire[0]).replace("*/*", "application/octet-stream")


def uploaded(unit: VendorUnit, reporter: Reporter, scope: Scope, step: ast.Step, facts: OperationFacts) -> ResolvedMedia | None:
    """Return the content of a step with `media`, checked against the request that sends it."""
    media = step.media
    assert media is not None
    content = scope.resolve(media.input)
    if content is None or content.type is None or content.type.kind != "bytes":
        reporter.add(map217_upload.no_content(media.input))
        return None
    how = media.protocol.value if media.protocol is not None else "body"
    if how == "related" and not any(name.startswith("multipart/related") for name in facts.bodies):
        reporter.add(map217_upload.not_related(media.protocol or media.input, step.operation.value, tuple(facts.bodies)))
    if how == FORM_DATA and media.field is not None:
        form = request_body(unit.schemas, facts, None, None)
        if form is None or not form.media_type.startswith("multipart/form-data") or media.field.value not in form.shape.properties:
            reporter.add(map217_upload.not_in_form(media.field, step.operation.value, tuple(facts.bodies)))
    operations = named_operations(unit, reporter, step, media.operations)
    if how in SESSIONS and SESSIONS[how].begins:
        ended = success(facts)
        shape = unit.schemas.shape(ended[1]) if ended is not None else None
        for name in SESSIONS[how].responses:
            if shape is None or name not in shape.properties:
                reporter.add(map217_upload.no_session(media.protocol or media.input, step.operation.value, how, name))
    return ResolvedMedia(
        ast=media,
        input=content,
        protocol=how,
        content_type=scope.resolve(media.content_type) if media.content_type is not None else None,
        filename=scope.resolve(media.filename) if media.filename is not None else None,
        operations=operations,
    )
