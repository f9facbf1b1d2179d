"""Styles of parameters and bodies that an endpoint declares because they differ from the runtime's defaults."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import lit
from unified_gen.resolve.resolved import ResolvedStep, VendorUnit
from unified_openapi.documents.conversion import mapping
from unified_openapi.facts.request_formats import body_format, style_of
from unified_openapi.requests import bodies, styles
from unified_openapi.requests.bodies import BodyFormat
from unified_openapi.requests.styles import Style

_CONSTANTS = {getattr(styles, name): name for name in ("COMMAS", "PIPES", "SPACES", "DEEP_OBJECT", "JSON")}


class EndpointStyles(Struct):
    """Styles of one endpoint, of the parameters and bodies that its steps send."""

    path: dict[str, Style] = field(default_factory=dict)
    query: dict[str, Style] = field(default_factory=dict)
    body: BodyFormat | None = None

    def add(self, unit: VendorUnit, step: ResolvedStep, more: Collection[str] = ()) -> None:
        """Add what a step sends. `more` are the parameters that callers may pass by `extra`: their lists are not joined before."""
        for one in step.facts.parameters:
            if one.location == "path" and one.style != "simple":
                self.path[one.name] = style_of(unit.document, one)
            if one.location == "query" and one.name in more and unit.schemas.shape(one.schema).kinds & {"array", "object"}:
                style = style_of(unit.document, one)
                self.query |= {one.name: style} if style != Style() else {}
        for assignment in step.assignments:
            target, parameter = assignment.target, assignment.target.parameter
            if parameter is None or target.location != "query":
                continue
            if target.encoding is not None or unit.schemas.shape(parameter.schema).kinds == {"object"}:
                self.query[parameter.name] = style_of(unit.document, parameter)
        if (
            step.body is None
            or step.in_header is not None
            or step.facts.body is None
            or step.media_type is None
            or step.media_type == bodies.JSON
        ):
            return
        content = mapping(mapping(unit.document.at(step.facts.body)).get("content"))
        found = body_format(step.media_type, mapping(content.get(step.media_type)))
        self.body = found if _differs(found) else self.body

    def code(self, module: ModuleContext) -> str:
        """Return the arguments of an endpoint, each after a comma."""
        made = "".join(f", {name}={_mapping(module, found)}" for name, found in (("path", self.path), ("query", self.query)) if found)
        if self.body is None:
            return made
        fields = f", {_mapping(module, self.body.fields)}" if self.body.fields else ""
        return f"{made}, body={module.use('BodyFormat')}({lit(self.body.media_type)}{fields})"


def _differs(body: BodyFormat) -> bool:
    """Return true if the runtime needs the body's format: another media type than `application/json`, or fields with a style."""
    match bodies.kind(body.media_type):
        case "json":
            return "*" not in body.media_type and body.media_type.partition(";")[0] != bodies.JSON
        case "form" | "form-data":
            return bool(body.fields)
        case _:
            return False


def _mapping(module: ModuleContext, found: Mapping[str, Style]) -> str:
    return "{" + ", ".join(f"{lit(name)}: {_style(module, style)}" for name, style in found.items()) + "}"


def _style(module: ModuleContext, style: Style) -> str:
    if style.style == "deepObject":  # `explode` has no effect
        style = replace(style, explode=True)
    name = _CONSTANTS.get(style)
    if name is not None:
        return f"{module.use('styles')}.{name}"
    default = Style()
    given = [lit(style.style)] if style.style != default.style else []
    given += [
        f"{key}={lit(getattr(style, key))}"
        for key in ("explode", "allow_reserved", "media_type")
        if getattr(style, key) != getattr(default, key)
    ]
    return f"{module.use('styles')}.Style({', '.join(given)})"
