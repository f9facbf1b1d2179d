"""Resolver of a request's names: one namespace, in which a name is found to be a parameter or a key of the body (rule 2)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.diagnostics.codes import map003_path, map104_unknown_input, map108_ambiguous_input
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.resolve.assignments import Target
from unified_gen.resolve.envelopes import around_request, around_response, entered
from unified_gen.resolve.inner_arguments import inner_argument
from unified_openapi.documents import OperationFacts, ParameterFacts
from unified_openapi.schemas.paths import Name, Path, PathFault, parse_path
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_openapi.schemas.walk import Walk, walk
from unified_openapi.source.spans import Text

_LOCATIONS = ("path", "query", "header", "body")
_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json\b|\*/\*")


class Body(Struct, frozen=True):
    """The body that a request accepts: its media type and schema, with the names that wrap every body of the vendor left out."""

    media_type: str
    shape: Shape
    envelope: tuple[str, ...]
    pointer: str


def json_media(media_types: Mapping[str, str]) -> str | None:
    """Return the media type that holds JSON, if there is one."""
    return next((name for name in media_types if _JSON.match(name)), None)


def request_body(schemas: Schemas, facts: OperationFacts, envelope: str | None, encode: str | None) -> Body | None:
    """Return the body of an operation, in the vendor's declared encoding or else JSON before anything else."""
    if not facts.bodies:
        return None
    wanted = {"form": "application/x-www-form-urlencoded", "form-json": "application/x-www-form-urlencoded"}.get(encode or "")
    media_type = wanted if wanted in facts.bodies else json_media(facts.bodies) or next(iter(facts.bodies))
    assert media_type is not None
    pointer = facts.bodies[media_type]
    shape = schemas.shape(pointer)
    names = around_request(schemas, facts, shape, envelope)
    return Body(media_type, entered(schemas, shape, names), names, pointer)


def header_body(schemas: Schemas, parameter: ParameterFacts) -> Body:
    """Return the arguments of a call that are in a header as JSON."""
    return Body("application/json", schemas.shape(parameter.schema), (), parameter.schema)


class Namespace(Struct, frozen=True):
    """The inputs of one operation."""

    schemas: Schemas
    reporter: Reporter
    facts: OperationFacts
    body: Body | None
    custom: re.Pattern[str] | None
    headers: frozenset[str] = frozenset()

    def find(self, text: Text, *, quiet: bool = False) -> Target | None:
        """Return the location a name represents. Reports a name that is nowhere, or in two locations; `quiet` only looks."""
        name, wanted = text.value, None
        head, dot, rest = name.partition(".")
        if dot and head in _LOCATIONS and not self._parameters(name):
            name, wanted = rest, head
        parameters = [p for p in self._parameters(name) if wanted in (None, p.location)]
        body = self._in_body(text, name, quiet=quiet or bool(parameters)) if wanted in (None, "body") and self.body is not None else None
        in_body = body is not None and body.walk.dead is None
        if len(parameters) + in_body > 1:
            if not quiet:
                self.reporter.add(map108_ambiguous_input.report(text, [p.location for p in parameters] + ["body"] * in_body))
            return None
        if parameters:
            found = parameters[0]
            shape = self.schemas.shape(found.schema)
            reached = Walk(shape, (found.pointer, *shape.origins))
            self.reporter.used(reached)
            return Target(
                text=text, location=found.location, name=found.name, path=Path(name, (Name(found.name),)), walk=reached, parameter=found
            )
        if in_body:
            assert body is not None
            self.reporter.used(body.walk)
            return body
        if (inside := self._inside_parameter(text, name)) is not None and wanted in (None, "query"):
            if inside.walk.dead is None:
                self.reporter.used(inside.walk)
                return inside
            body = inside
        if wanted in (None, "body") and (argument := self._inner_argument(text, name)) is not None:
            if argument.walk.dead is None:
                self.reporter.used(argument.walk)
                return argument
            body = argument
        if not quiet:
            named = replace(text, value=name)
            inner = None if body is None else (body.path, body.walk)
            self.reporter.add(map104_unknown_input.report(self.reporter, named, self.facts, self.names(), inner))
        return None

    def _inside_parameter(self, text: Text, name: str) -> Target | None:
        """Return a property of a query parameter that is an object: `filter.status`."""
        head, dot, _ = name.partition(".")
        found = next((p for p in self._parameters(head) if p.location == "query"), None) if dot else None
        if found is None:
            return None
        try:
            path = parse_path(name)
        except PathFault:  # a parameter's name need not be a path
            return None
        shape = self.schemas.shape(found.schema)
        reached = walk(self.schemas, shape, Path(name, path.segments[1:]))
        if reached.dead is not None:
            reached = replace(reached, dead=replace(reached.dead, index=reached.dead.index + 1))
        target = Target(text=text, location="query", name=name, path=path, walk=reached, parameter=found)
        return target if target.encoding is not None and path.irreversible is None else None

    def _inner_argument(self, text: Text, name: str) -> Target | None:
        """Return an argument of a field inside the value of a GraphQL operation, or a property of one: `items_page.limit` of `boards`."""
        response = next(iter(self.facts.responses.get("200", {}).values()), None)
        if response is None or self.facts.graphql is None or self.body is None:
            return None
        entire = self.schemas.shape(response)
        found = inner_argument(self.schemas, entered(self.schemas, entire, around_response(self.schemas, self.facts, entire, None)), name)
        if found is None:
            return None
        inner, rest = found
        shape = self.schemas.shape(inner.pointer)
        reached = walk(self.schemas, shape, rest)
        if reached.dead is not None:
            reached = replace(reached, dead=replace(reached.dead, index=reached.dead.index + 1))
        reached = replace(reached, steps=(shape, *reached.steps), pointers=(*shape.origins, *reached.pointers))
        below = Path(".".join([inner.variable, *([rest.text] if rest.segments else [])]), (Name(inner.variable), *rest.segments))
        return Target(text=text, location="body", name=below.text, path=below, walk=reached, envelope=self.body.envelope, inner=inner)

    def names(self) -> tuple[str, ...]:
        """Return the inputs there are, parameters first."""
        own = [parameter.name for parameter in self.facts.parameters]
        inside = [name for _, shape in self._input_objects() for name in shape.properties]
        return tuple(dict.fromkeys([*own, *(self.body.shape.properties if self.body is not None else ()), *inside]))

    def _input_objects(self) -> list[tuple[str, Shape]]:
        """Return the arguments of a GraphQL field that are objects, with their schemas: their properties are inputs too."""
        if self.facts.graphql is None or self.body is None:
            return []
        shapes = ((name, self.schemas.shape(pointer)) for name, pointer in self.body.shape.properties.items())
        return [(name, shape) for name, shape in shapes if shape.kinds == {"object"} and shape.properties and not shape.deprecated]

    def _parameters(self, name: str) -> list[ParameterFacts]:
        return [parameter for parameter in self.facts.parameters if parameter.name == name and parameter.location != "cookie"]

    def _in_input_object(self, text: Text, path: Path) -> Target | None:
        """Return the location of a name in the only object among a GraphQL field's arguments that has it: `title` is `input.title`."""
        assert self.body is not None
        found = []
        for argument, shape in self._input_objects():
            reached = walk(self.schemas, shape, path, custom=self.custom)
            if reached.dead is None or reached.dead.index > 0:
                found.append((argument, shape, reached))
        if len(found) != 1:
            return None
        argument, shape, reached = found[0]
        if reached.dead is not None:
            reached = replace(reached, dead=replace(reached.dead, index=reached.dead.index + 1))
        reached = replace(reached, steps=(shape, *reached.steps), pointers=(*shape.origins, *reached.pointers))
        below = Path(f"{argument}.{path.text}", (Name(argument), *path.segments))
        return Target(text=text, location="body", name=below.text, path=below, walk=reached, envelope=self.body.envelope)

    def _in_body(self, text: Text, name: str, *, quiet: bool) -> Target | None:
        assert self.body is not None
        try:
            path = parse_path(name)
            if path.irreversible is not None:
                raise PathFault(f"this cannot be written: {path.irreversible}")
        except PathFault as fault:
            if not quiet:  # a parameter's name need not be a path: `user-id`
                self.reporter.add(map003_path.report(text, fault))
            return None
        found = walk(self.schemas, self.body.shape, path, custom=self.custom)
        if found.dead is not None and found.dead.index == 0 and (inside := self._in_input_object(text, path)) is not None:
            return inside
        return Target(text=text, location="body", name=name, path=path, walk=found, envelope=self.body.envelope)
