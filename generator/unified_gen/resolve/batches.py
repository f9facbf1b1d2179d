"""Resolver of batches: compares the batch's request and response with those of the single requests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.diagnostics.codes import (
    map004_unknown_reference,
    map101_unknown_operation,
    map104_unknown_input,
    map111_batch_request,
    map220_batch_response,
)
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.resolve.assignments import Assignment, Target
from unified_gen.resolve.hosts import host
from unified_gen.resolve.inspection import leaves, step_references
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedStep, VendorUnit
from unified_gen.resolve.resolved_batches import NamePath, ResolvedBatch, ResolvedItemRequest
from unified_gen.resolve.responses import success
from unified_gen.resolve.targets import Body, Namespace, request_body
from unified_openapi.documents import OperationFacts
from unified_openapi.schemas.paths import Name, Path, Segment
from unified_openapi.schemas.shapes import Shape, matches, union
from unified_openapi.schemas.walk import walk
from unified_openapi.source.spans import Literal, Text

Read = tuple[tuple[Segment, ...], Shape | None]
"""A location of a response, and its schema."""

_SENT = ("path", "query")
_KINDS = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
"""JSON types of literals."""


class BatchResolver(Struct, frozen=True):
    """Resolver of one entry of a mapping's `batches`."""

    unit: VendorUnit
    reporter: Reporter
    fields: tuple[ResolvedField, ...]
    custom: re.Pattern[str] | None
    batch: ast.Batch

    def resolve(self, operations: tuple[ResolvedOperation, ...]) -> ResolvedBatch | None:
        """Return the batch with everything looked up; None if its operations are not known."""
        batch = self.batch
        single, facts, way = self._operation(batch.single), self._operation(batch.operation), self._way()
        if single is None or facts is None or way is None:
            return None
        steps = [step for operation in operations for step in operation.requests if step.facts.name == single.name]
        if not steps:
            self.reporter.add(map111_batch_request.never_called(batch))
            return None
        body = request_body(self.unit.schemas, facts, None, self.unit.declaration.body_encoding)
        names = Namespace(self.unit.schemas, self.reporter, facts, body, self.custom)
        items = names.find(way.items)
        element = self._meant(self._element(items, way), single) if items is not None else None
        if items is None or element is None:
            return None
        wraps = self._wraps(element, way.item_request, steps) if way.item_request is not None else None
        if way.item_request is not None and wraps is None:
            return None
        inside = self.body_path(steps) if way.item_request is None else None
        found = ResolvedBatch(
            ast=batch,
            strategy=way,
            single=single,
            facts=facts,
            host=host(self.unit, self.reporter, batch, facts),
            items=_where(items),
            item=tuple(self._with(element, single)),
            body=inside,
            item_constants=tuple(self._each(element, way.item_constants)),
            fixed=tuple(self._each(element, batch.item_constants)),
            item_id=self._mark(element, way.item_id),
            shared_params=tuple(self._once(names, single)),
            constants=tuple(self._set(names, (*way.constants, *batch.constants))),
            item_request=wraps,
            only_matching=tuple(
                (name.value, form.value) for name, form in batch.only_matching if self._parameter(name, single) is not None
            ),
        )
        if way.item_request is None:
            self._carries(found, steps, element)
        else:
            self._holds_request(way.item_request, steps)
        self._requires(found, steps, body, element)
        return self._with_response(found, list(self._read(operations, single)), element)

    # ---------------------------------------------------------------------------------------- complete requests
    def _wraps(self, element: Shape, wraps: ast.ItemRequest, steps: list[ResolvedStep]) -> ResolvedItemRequest | None:
        """Return the locations in an item of the parts of a request; the batch's schema accepts them there."""
        method, address = self._part(element, wraps.method, "string"), self._part(element, wraps.path or wraps.url, "string")
        query = [(name, self._part(element, location, "string", listed=True)) for name, location in wraps.query]
        if method is None or address is None:
            if wraps.path is None and wraps.url is None:
                self.reporter.add(map111_batch_request.no_address(self.batch, wraps.span))
            return None
        listed = walk(self.unit.schemas, element, _path_of(method)).shape
        given = {str(value) for value in (listed.enum_values if listed is not None else None) or ()}
        verb = steps[0].facts.method
        if given and not {verb, verb.lower()} & given:
            assert listed is not None
            self.reporter.add(map111_batch_request.differs(self.reporter, self.batch, verb, listed, "its enum values differ"))
        return ResolvedItemRequest(
            method=method,
            address=address,
            lower=bool(given) and verb not in given,
            separate_query=wraps.path is not None,
            query=tuple((name.value, location, self._listed(element, location)) for name, location in query if location is not None),
            body=self._part(element, wraps.body, "object"),
            body_root=wraps.body_root.value if wraps.body_root is not None else None,
            headers=self._part(element, wraps.headers, "object"),
            constant=tuple(self._constant(wraps)),
        )

    def _constant(self, wraps: ast.ItemRequest) -> Iterator[tuple[str, str]]:
        """Yield the headers that the vendor wants with every request: with each that is wrapped too."""
        for name, value in self.unit.declaration.headers:
            if wraps.headers is None or "{" in value.value:
                self.reporter.add(map111_batch_request.not_held(self.batch, f"the header `{name.value}`"))
            else:
                yield name.value, value.value

    def _part(self, element: Shape, text: ast.PathText | None, kind: str, *, listed: bool = False) -> NamePath | None:
        """Return the location of a part of a request, which accepts one kind of value, or a list of them."""
        where = self._in_item(element, text)
        if text is not None and where is not None:
            shape = walk(self.unit.schemas, element, _path_of(where)).shape
            if listed and shape is not None and shape.items is not None:
                shape = self.unit.schemas.shape(shape.items)
            if shape is not None and shape.kinds and kind not in shape.kinds:
                self.reporter.add(map111_batch_request.differs(self.reporter, self.batch, text.value, shape, f"it is not a {kind}"))
        return where

    def _listed(self, element: Shape, where: NamePath) -> bool:
        shape = walk(self.unit.schemas, element, _path_of(where)).shape
        return shape is not None and shape.items is not None

    def _holds_request(self, wraps: ast.ItemRequest, steps: list[ResolvedStep]) -> None:
        """Return true if every part of the single requests has a location in an item."""
        locations = {name.value for name, _ in wraps.query}
        left: dict[str, None] = {}
        for target in (assignment.target for step in steps for assignment in step.assignments):
            if target.location == "query" and wraps.url is None and target.name not in locations:
                left[f"the parameter `{target.name}`"] = None
            elif target.location == "body" and wraps.body is None:
                left["the body"] = None
            elif target.location == "body" and wraps.body_root is not None and target.envelope[:1] != (wraps.body_root.value,):
                left[f"`{target.text}` in the body"] = None
            elif target.location == "header" and wraps.headers is None:
                left[f"the header `{target.name}`"] = None
        for what in left:
            self.reporter.add(map111_batch_request.not_held(self.batch, what))

    # ------------------------------------------------------------------------------------------- what there is
    def _operation(self, text: Text) -> OperationFacts | None:
        found = self.unit.operations.get(text.value)
        if found is None:
            self.reporter.add(map101_unknown_operation.report(text, self.unit.operations))
        return found

    def _way(self) -> ast.BatchStrategy | None:
        ways = {way.name.value: way for way in self.unit.declaration.batches}
        wanted = self.batch.strategy or Text("default", self.batch.operation.span)
        if wanted.value not in ways:
            self.reporter.add(map004_unknown_reference.report(wanted, wanted.value, tuple(ways)))
        return ways.get(wanted.value)

    def _element(self, items: Target, way: ast.BatchStrategy) -> Shape | None:
        """Return the schema of one item; for a text of items joined by commas, the text's own."""
        shape = items.walk.shape
        if shape is not None and shape.items is not None:
            return self.unit.schemas.shape(shape.items)
        if shape is not None and items.location == "query" and "string" in shape.kinds:
            return shape
        self.reporter.add(map111_batch_request.no_list(self.reporter, self.batch, way.items, shape, self.batch.operation.span))
        return None

    def _meant(self, element: Shape | None, single: OperationFacts) -> Shape | None:
        """Return the alternatives that accept the constants of every item: in a list of several kinds of records, they name the kind."""
        if element is None or not element.arms:
            return element
        arms = [arm for arm in element.arms if self._fits(arm, single)]
        if not arms:
            self.reporter.add(map111_batch_request.no_kind(self.reporter, self.batch, element))
        return union(arms) if arms else None

    def _fits(self, arm: Shape, single: OperationFacts) -> bool:
        parameters = {parameter.name: self.unit.schemas.shape(parameter.schema) for parameter in single.parameters}
        for location, literal in self.batch.item_constants:
            there = self._there(arm, location)
            if there is not None and not _takes(there, literal.value):
                return False
        for location, name in self.batch.item_params:
            there, own = self._there(arm, location), parameters.get(name.value)
            if (
                there is not None
                and own is not None
                and there.enum_values is not None
                and not {*(own.enum_values or ("",))} <= {*there.enum_values}
            ):
                return False
        return True

    def _there(self, arm: Shape, location: ast.PathText) -> Shape | None:
        return walk(self.unit.schemas, arm, location.path).shape

    # ------------------------------------------------------------------------------------------- the request
    def body_path(self, steps: list[ResolvedStep]) -> NamePath | None:
        """Return the location of a request's body in its item; None if it has none."""
        if not any(assignment.target.location == "body" for step in steps for assignment in step.assignments):
            return None
        return self.batch.body.path.names if self.batch.body is not None else ()

    def _with(self, element: Shape, single: OperationFacts) -> Iterator[tuple[NamePath, str]]:
        for location, name in self.batch.item_params:
            where = self._in_item(element, location)
            if where is not None and (own := self._parameter(name, single)) is not None:
                self._same(name, own, walk(self.unit.schemas, element, Path("", tuple(map(Name, where)))).shape)
                yield where, name.value

    def _once(self, names: Namespace, single: OperationFacts) -> Iterator[tuple[NamePath, str, bool]]:
        for location, name in self.batch.shared_params:
            target = names.find(location)
            if target is not None and (own := self._parameter(name, single)) is not None:
                shape = target.walk.shape
                listed = shape is not None and shape.items is not None and own.items is None
                self._same(name, own, self.unit.schemas.shape(shape.items) if listed and shape is not None and shape.items else shape)
                yield _where(target), name.value, shape is not None and shape.items is not None

    def _parameter(self, text: Text, single: OperationFacts) -> Shape | None:
        known = {parameter.name: parameter for parameter in single.parameters if parameter.location in _SENT}
        if text.value in known:
            return self.unit.schemas.shape(known[text.value].schema)
        self.reporter.add(map104_unknown_input.report(self.reporter, text, single, tuple(known)))
        return None

    def _same(self, name: Text, own: Shape, other: Shape | None) -> None:
        """Report a value of a single request's address that goes into a location of another type."""
        if other is not None and own.kinds and not own.kinds <= other.kinds:
            there = ", ".join(sorted(other.kinds)) or "anything"
            why = f"{', '.join(sorted(own.kinds))} there, {there} here"
            self.reporter.add(map111_batch_request.differs(self.reporter, self.batch, name.value, other, why))

    def _each(self, element: Shape, literals: Iterable[tuple[ast.PathText, Literal]]) -> Iterator[tuple[NamePath, object]]:
        for text, literal in literals:
            where = self._in_item(element, text)
            if where is not None:
                self._holds(text, literal, walk(self.unit.schemas, element, Path("", tuple(map(Name, where)))).shape)
                yield where, literal.value

    def _set(self, names: Namespace, literals: Iterable[tuple[Text, Literal]]) -> Iterator[tuple[NamePath, object]]:
        for text, literal in literals:
            target = names.find(text)
            if target is not None:
                self._holds(text, literal, target.walk.shape)
                yield _where(target), literal.value

    def _holds(self, text: Text, literal: Literal, shape: Shape | None) -> None:
        """Report a literal that goes into a location of another type."""
        kind = _KINDS.get(type(literal.value))
        if kind is not None and shape is not None and shape.kinds and kind not in shape.kinds:
            self.reporter.add(map111_batch_request.differs(self.reporter, self.batch, text.value, shape, f"it is not a {kind}"))

    def _mark(self, element: Shape, text: ast.PathText | None) -> NamePath | None:
        where = self._in_item(element, text)
        if text is not None and where is not None:
            shape = walk(self.unit.schemas, element, Path("", tuple(map(Name, where)))).shape
            self._holds(text, Literal("0", text.span), shape)
        return where

    def _in_item(self, element: Shape, text: ast.PathText | None) -> NamePath | None:
        if text is None:
            return None
        reached = walk(self.unit.schemas, element, text.path, custom=self.custom)
        self.reporter.used(reached)
        if reached.dead is not None:
            self.reporter.add(map220_batch_response.nowhere(self.reporter, self.batch, text, "an item", reached.dead.at))
            return None
        return text.path.names

    def _carries(self, found: ResolvedBatch, steps: list[ResolvedStep], element: Shape) -> None:
        """Return true if the batch has a location for all that the single requests hold."""
        given = {name for _, name in found.item} | {name for _, name, _ in found.shared_params}
        for step in steps:
            for assignment in step.assignments:
                target = assignment.target
                if assignment.reference is not None and assignment.reference.kind == "key":
                    self.reporter.add(map111_batch_request.keyed(self.batch))
                elif (
                    target.location in _SENT and target.name not in given and not (assignment.origin == "select" and step.response is None)
                ):
                    self.reporter.add(map111_batch_request.left_out(self.batch, target.name))
                elif target.location == "body":
                    self._takes(found, assignment, element)

    def _takes(self, found: ResolvedBatch, assignment: Assignment, element: Shape) -> None:
        """Report a value of a single request's body that an item does not accept."""
        target = assignment.target
        segments: tuple[Segment, ...] = (*(Name(name) for name in (*(found.body or ()), *target.envelope)), *target.path.segments)
        reached = walk(self.unit.schemas, element, Path(target.text.value, segments), custom=self.custom)
        self.reporter.used(reached)
        if reached.dead is not None:
            self.reporter.add(map111_batch_request.lacks(self.reporter, self.batch, target.text.value, reached.dead.at))
            return
        own, other = target.walk.shape, reached.shape
        why = _stricter(own, other) if own is not None and other is not None else None
        if why is not None and other is not None:
            self.reporter.add(map111_batch_request.differs(self.reporter, self.batch, target.text.value, other, why))

    def _requires(self, found: ResolvedBatch, steps: list[ResolvedStep], body: Body | None, element: Shape) -> None:
        """Return true if all that the batch requires is provided."""
        batch, schemas = self.batch, self.unit.schemas
        locations = [found.items, *(where for where, _, _ in found.shared_params), *(where for where, _ in found.constants)]
        filled = {where[:2] for where in locations}
        for parameter in found.facts.parameters:
            if parameter.required and (parameter.location, parameter.name) not in filled:
                self.reporter.add(
                    map111_batch_request.required(self.reporter, batch, found.facts, parameter.name, parameter.pointer, parameter.location)
                )
        if body is not None and found.facts.body_required:
            for name in sorted(body.shape.required - {where[1] for where in locations if where[0] == "body"}):
                pointer = body.shape.properties.get(name, body.shape.pointer)
                self.reporter.add(map111_batch_request.required(self.reporter, batch, found.facts, name, pointer, "its body"))
        provided = {where[0] for where, _ in found.item if where} | {where[0] for where, _ in (*found.item_constants, *found.fixed)}
        provided |= {found.item_id[0]} if found.item_id else set()
        provided |= {found.body[0]} if found.body else set()
        provided |= {found.item_request.method[0], found.item_request.address[0]} if found.item_request is not None else set()
        if found.body == ():
            provided |= set.intersection(*(_written(step) for step in steps))
        for name in sorted(element.required - provided):
            pointer = element.properties.get(name, element.pointer)
            if not schemas.shape(pointer).read_only:
                self.reporter.add(map111_batch_request.required(self.reporter, batch, found.facts, name, pointer, "each item"))

    # ------------------------------------------------------------------------------------------- the response
    def _with_response(self, found: ResolvedBatch, read: list[Read], element: Shape) -> ResolvedBatch:
        way = found.strategy
        results, result = self._list(found.facts, way.results, every=True)
        errors, error = self._list(found.facts, way.errors, every=False)
        if way.results is None and read:
            self.reporter.add(map220_batch_response.silent(self.batch))
        entire = {"object"} if found.item_request is not None else None
        inner = self._below(result, way.result, "a result", entire, listed=entire is None)
        if result is not None and found.item_request is None:
            self._check_results(found, read, result, inner or ())
        return replace(
            found,
            results=results,
            result=inner or (),
            match=self._pairs(way.match, result, element, "a result"),
            done_if=self._below(result, way.done_if, "a result", {"boolean"}, listed=False),
            errors=errors,
            failed_items=self._pairs(way.failed_items, error, element, "a failure"),
            error=self._below(error or result, way.error, "a failure", {"object"}) or (),
            headers=self._below(result, way.headers, "a result", {"object"}, listed=False),
            status=self._below(error or result, way.status, "a failure", {"integer"}, listed=False),
        )

    def _list(self, facts: OperationFacts, text: ast.PathText | None, *, every: bool) -> tuple[NamePath | None, Shape | None]:
        """Return a list of the successful responses, in each of them or in one, and the schema of its elements."""
        if text is None:
            return None, None
        responses = [pointer for status in sorted(facts.responses) if status[0] == "2" for pointer in facts.responses[status].values()]
        reached = [walk(self.unit.schemas, self.unit.schemas.shape(pointer), text.path) for pointer in responses]
        lists = [one for one in reached if one.shape is not None and one.shape.items is not None]
        if not lists or (every and len(lists) < len(reached)):
            self.reporter.add(map220_batch_response.no_list(self.batch, text))
            return None, None
        for one in lists:
            self.reporter.used(one)
        shape = lists[0].shape
        assert shape is not None and shape.items is not None
        return text.path.names, self.unit.schemas.shape(shape.items)

    def _below(
        self, start: Shape | None, text: ast.PathText | None, what: str, kinds: set[str] | None = None, *, listed: bool = True
    ) -> NamePath | None:
        """Return a location below an element, which holds one of these kinds, or a list of them."""
        if text is None or start is None:
            return None
        reached = walk(self.unit.schemas, start, text.path)
        self.reporter.used(reached)
        if reached.dead is not None:
            self.reporter.add(map220_batch_response.nowhere(self.reporter, self.batch, text, what, reached.dead.at))
            return None
        shape = reached.shape
        if (
            kinds is not None
            and shape is not None
            and not kinds & (self.unit.schemas.shape(shape.items).kinds if shape.items and listed else shape.kinds)
        ):
            self.reporter.add(map220_batch_response.other_kind(self.reporter, self.batch, text, what, shape, kinds))
        return text.path.names

    def _pairs(
        self, pairs: tuple[tuple[ast.PathText, ast.PathText], ...], start: Shape | None, element: Shape, what: str
    ) -> tuple[tuple[NamePath, NamePath], ...]:
        found = []
        for there, here in pairs:
            location = self._below(start, there, what, self._kinds(element, here))
            own = (ast.NUMBER,) if here.value == ast.NUMBER else self._in_item(element, here)
            if location is not None and own is not None:
                found.append((location, own))
        return tuple(found)

    def _kinds(self, element: Shape, here: ast.PathText) -> set[str] | None:
        """Return the kinds of value that correspond to a location of an item; None if nothing is known."""
        if here.value == ast.NUMBER:
            return {"integer"}
        own = walk(self.unit.schemas, element, here.path).shape
        return {*own.kinds} if own is not None and own.kinds else None

    def _check_results(self, found: ResolvedBatch, read: list[Read], result: Shape, inner: NamePath) -> None:
        """Report locations that are read of the single request's response and are missing from, or differ in, a result."""
        schemas, own = self.unit.schemas, success(found.single)
        reached = walk(schemas, result, Path("", tuple(Name(name) for name in inner))).shape
        if (
            own is None
            or reached is None
            or schemas.target(own[1]) in (schemas.target(origin) for origin in (reached.pointer, *reached.origins))
        ):
            return
        for segments, shape in read:
            location = ".".join(segment.name for segment in segments if isinstance(segment, Name))
            there = walk(schemas, reached, Path(location, segments), custom=self.custom)
            self.reporter.used(there)
            if there.dead is not None:
                self.reporter.add(map220_batch_response.lacks(self.reporter, self.batch, location, there.dead.at))
            elif shape is not None and there.shape is not None and there.shape.kinds and not there.shape.kinds <= shape.kinds:
                self.reporter.add(map220_batch_response.differs(self.reporter, self.batch, location, there.shape))

    def _read(self, operations: tuple[ResolvedOperation, ...], single: OperationFacts) -> Iterator[Read]:
        """Yield the locations of the single request's response that are read."""
        for operation in operations:
            for step in operation.steps:
                if step.facts.name != single.name or step.response is None:
                    continue
                wrapped = tuple(Name(name) for name in step.response.envelope)
                for saved in step.saved:
                    start = (*wrapped, *saved.leaf.path.segments)
                    yield from (((*start, *leaf.path.segments), leaf.shape) for leaf, _ in saved.searched)
                    for reference in (one for other in operation.steps for one in step_references(other)):
                        if reference.kind == "saved" and reference.name == saved.name and reference.path is not None:
                            shape = reference.walk.shape if reference.walk is not None else None
                            yield (*start, *reference.path.segments), shape
                if step.response.record is not None:
                    record = (*wrapped, *step.response.record.segments)
                    yield from (((*record, *leaf.path.segments), leaf.shape) for leaf in leaves(self.fields))


def _path_of(where: NamePath) -> Path:
    return Path("", tuple(map(Name, where)))


def _where(target: Target) -> NamePath:
    names = target.path.names if target.location == "body" else (target.name,)
    return (target.location, *target.envelope, *names)


def _written(step: ResolvedStep) -> set[str]:
    """Return the names that the root of a request's body always holds, as far as the vendor's own schema and the mapping define them."""
    required = set(step.body.required) if step.body is not None else set()
    return required | {a.target.path.names[0] for a in step.assignments if a.target.location == "body" and a.always and a.target.path.names}


def _stricter(own: Shape, other: Shape) -> str | None:
    """Return what the batch's schema refuses and the single operation's accepts."""
    if own.kinds and other.kinds and not own.kinds <= other.kinds:
        return f"{', '.join(sorted(own.kinds))} there, {', '.join(sorted(other.kinds))} here"
    if other.enum_values is not None and (
        own.enum_values is None or not set(map(str, own.enum_values)) <= set(map(str, other.enum_values))
    ):
        return "its enum values differ"
    for name in ("max_length", "max_items", "maximum"):
        most, least = getattr(other.bounds, name), getattr(own.bounds, name)
        if most is not None and (least is None or most < least):
            return f"at most {most}"
    return None


def _takes(shape: Shape, value: object) -> bool:
    """Return true if a location accepts a literal, as far as its enum values and its pattern define it."""
    enum_values, pattern = shape.enum_values, shape.bounds.pattern
    return (enum_values is None or value in enum_values) and (pattern is None or (isinstance(value, str) and matches(pattern, value)))
