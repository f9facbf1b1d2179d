"""Styles of parameters and bodies that an endpoint declares because they differ from the runtime's defaults."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import lit
from unified_gen.resolve.resolved import ResolvedStep, VendorUnit
from unified_openapi.facts.request_formats import request_format
from unified_openapi.requests import bodies, styles
from unified_openapi.requests.bodies import BodyFormat
from unified_openapi.requests.styles import Style

_CONSTANTS = {getattr(styles, name): name for name in ("COMMAS", "PIPES", "SPACES", "DEEP_OBJECT", "JSON")}


class EndpointStyles(Struct):
    """Styles of one endpoint, of the parameters and bodies that its steps send."""

    path: dict[str, Style] = field(default_factory=dict)
    query: dict[str, Style] = field(default_factory=dict)
    body: BodyFormat | None = None

    def add(self, unit: VendorUnit, step: ResolvedStep) -> None:
        """Add what a step sends."""
        declared = request_format(unit.document, step.facts)
        self.path.update((name, style) for name, style in declared.by_location["path"].items() if style.style != "simple")
        for assignment in step.assignments:
            target = assignment.target
            if target.location == "query" and target.parameter is not None:
                name = target.parameter.name
                if target.encoding is not None or unit.schemas.shape(target.parameter.schema).kinds == {"object"}:
                    self.query[name] = declared.by_location["query"][name]
        if step.body is not None and step.in_header is None:
            found = next((body for body in declared.bodies if body.media_type == step.media_type), None)
            self.body = found if found is not None and _differs(found) else self.body

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
