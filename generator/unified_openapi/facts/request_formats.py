"""Formats of requests from the operations of a document."""

from __future__ import annotations

from typing import Any

from unified_openapi.documents import Document, OperationFacts, ParameterFacts
from unified_openapi.documents.conversion import mapping
from unified_openapi.requests import bodies
from unified_openapi.requests.bodies import BodyFormat
from unified_openapi.requests.formats import ParameterFormat, RequestFormat
from unified_openapi.requests.styles import Style

_IGNORED = {"accept", "content-type", "authorization"}
"""Header parameters that OpenAPI 3 ignores (3.1.1, section 4.8.12.2.1, `name`)."""


def request_format(document: Document, operation: OperationFacts) -> RequestFormat:
    """Return the format of an operation's requests."""
    ignored = _IGNORED if document.format.startswith("OpenAPI 3") else set()
    content = mapping(mapping(document.at(operation.body)).get("content")) if operation.body is not None else {}
    return RequestFormat(
        method=operation.method,
        path=operation.path,
        parameters=tuple(
            ParameterFormat(one.name, one.location, style_of(document, one), one.required)
            for one in operation.parameters
            if one.location in ("path", "query", "header", "cookie") and not (one.location == "header" and one.name.lower() in ignored)
        ),
        bodies=tuple(body_format(name, mapping(media)) for name, media in content.items()),
        body_required=operation.body_required,
    )


def style_of(document: Document, parameter: ParameterFacts) -> Style:
    """Return how a parameter is written."""
    reserved = mapping(document.at(parameter.pointer)).get("allowReserved") is True
    return Style(parameter.style, parameter.explode, reserved, parameter.media_type)


def body_format(media_type: str, media: dict[str, Any]) -> BodyFormat:
    """Return one media type of a body with the styles of its fields."""
    encodings = mapping(media.get("encoding"))
    form = bodies.kind(media_type) == "form"
    return BodyFormat(media_type, {name: style for name, one in encodings.items() if (style := _encoding(mapping(one), form=form))})


def _encoding(given: dict[str, Any], *, form: bool) -> Style | None:
    """Return the style of a form field.

    In a form, `contentType` has no effect beside `style`, `explode` or `allowReserved` (3.1.1, section 4.8.15.1.2). In a multipart body,
    OpenAPI 3.0 ignores those (3.0.3, section 4.7.15.1), so that `contentType` counts.
    """
    content_type = given.get("contentType")
    if isinstance(content_type, str) and not (form and given.keys() & {"style", "explode", "allowReserved"}):
        return Style(media_type=content_type)
    if not given.keys() & {"style", "explode", "allowReserved"}:
        return None
    style = given.get("style")
    style = style if isinstance(style, str) else "form"
    explode = given.get("explode")
    return Style(style, explode if isinstance(explode, bool) else style == "form", given.get("allowReserved") is True)
