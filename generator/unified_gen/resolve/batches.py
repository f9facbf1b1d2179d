"""Look up a batch: its request against what the single requests hold, its answer against what is read of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.documents import OperationFacts
from unified_gen.language import ast
from unified_gen.resolve.answers import success
from unified_gen.resolve.batched import Batched, Where, Wrapped
from unified_gen.resolve.hosts import host
from unified_gen.resolve.places import leaves, step_references
from unified_gen.resolve.reporter import Reporter
from unified_gen.resolve.resolved import Assignment, ResolvedField, ResolvedOperation, ResolvedStep, Target, VendorUnit
from unified_gen.resolve.targets import Body, Namespace, request_body
from unified_gen.rules import (
    map003_path,
    map004_unknown_reference,
    map101_unknown_operation,
    map104_unknown_input,
    map111_batch_request,
    map220_batch_answer,
)
from unified_gen.schema.paths import Name, Path, PathFault, Segment, parse_path
from unified_gen.schema.shapes import Shape, matches, union
from unified_gen.schema.walk import walk
from unified_gen.source import Literal, Text

Read = tuple[tuple[Segment, ...], Shape | None]
"""A place of an answer, and the schema of what stands there."""

_SENT = ("path", "query")
_KINDS = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
"""JSON types of literals."""


class BatchResolver(Struct, frozen=True):
    """Resolves one entry of a mapping's `batches`."""

    unit: VendorUnit
    reporter: Reporter
    fields: tuple[ResolvedField, ...]
    custom: re.Pattern[str] | None
    batch: ast.Batch

    def resolve(self, operations: tuple[ResolvedOperation, ...]) -> Batched | None:
        """The batch with everything looked up; None where not even its operations are known."""
        batch = self.batch
        single, facts, way = self._operation(batch.of), self._operation(batch.call), self._way()
        if single is None or facts is None or way is None:
            return None
        steps = [step for operation in operations for step in operation.requests if step.facts.name == single.name]
        if not steps:
            self.reporter.add(map111_batch_request.never_called(batch))
            return None
        body = request_body(self.unit.schemas, facts, None, self.unit.declaration.encode)
        names = Namespace(self.unit.schemas, self.reporter, facts, body, self.custom)
        items = names.find(way.items)
        element = self._meant(self._element(items, way), single) if items is not None else None
        if items is None or element is None:
            return None
        wraps = self._wraps(element, way.wraps, steps) if way.wraps is not None else None
        if way.wraps is not None and wraps is None:
            return None
        inside = self.body_place(steps) if way.wraps is None else None
        found = Batched(
            ast=batch,
            way=way,
            single=single,
            facts=facts,
            host=host(self.unit, self.reporter, batch, facts),
            items=_where(items),
            item=tuple(self._with(element, single)),
            body=inside,
            each=tuple(self._each(element, way.each)),
            fixed=tuple(self._each(element, batch.each)),
            mark=self._mark(element, way.mark),
            once=tuple(self._once(names, single)),
            set=tuple(self._set(names, (*way.set, *batch.set))),
            wraps=wraps,
            only=tuple((name.value, form.value) for name, form in batch.only if self._parameter(name, single) is not None),
        )
        if way.wraps is None:
            self._carries(found, steps, element)
        else:
            self._holds_whole(way.wraps, steps)
        self._requires(found, steps, body, element)
        return self._answered(found, list(self._read(operations, single)), element)

    # ------------------------------------------------------------------------------------------- whole requests
    def _wraps(self, element: Shape, wraps: ast.Wraps, steps: list[ResolvedStep]) -> Wrapped | None:
        """Where an item holds the parts of a request; the batch's schema takes them there."""
        method, address = self._part(element, wraps.method, "string"), self._part(element, wraps.path or wraps.url, "string")
        query = [(name, self._part(element, place, "string", listed=True)) for name, place in wraps.query]
        if method is None or address is None:
            if wraps.path is None and wraps.url is None:
                self.reporter.add(map111_batch_request.no_address(self.batch, wraps))
            return None
        words = walk(self.unit.schemas, element, _path_of(method)).shape
        told = {str(word) for word in (words.words if words is not None else None) or ()}
        verb = steps[0].facts.method
        if told and not {verb, verb.lower()} & told:
            assert words is not None
            self.reporter.add(map111_batch_request.differs(self.reporter, self.batch, verb, words, "it has words of its own"))
        return Wrapped(
            method=method,
            address=address,
            lower=bool(told) and verb not in told,
            apart=wraps.path is not None,
            query=tuple((name.value, place, self._listed(element, place)) for name, place in query if place is not None),
            body=self._part(element, wraps.body, "object"),
            below=wraps.below.value if wraps.below is not None else None,
            headers=self._part(element, wraps.headers, "object"),
            constant=tuple(self._constant(wraps)),
        )

    def _constant(self, wraps: ast.Wraps) -> Iterator[tuple[str, str]]:
        """The headers that the vendor wants with every request: with each that is wrapped too."""
        for name, value in self.unit.declaration.headers:
            if wraps.headers is None or "{" in value.value:
                self.reporter.add(map111_batch_request.not_held(self.batch, f"the header `{name.value}`"))
            else:
                yield name.value, value.value

    def _part(self, element: Shape, text: Text | None, kind: str, *, listed: bool = False) -> Where | None:
        """The place of a part of a request, which takes one kind of value, or a list of them."""
        where = self._in_item(element, text)
        if text is not None and where is not None:
            shape = walk(self.unit.schemas, element, _path_of(where)).shape
            if listed and shape is not None and shape.items is not None:
                shape = self.unit.schemas.shape(shape.items)
            if shape is not None and shape.kinds and kind not in shape.kinds:
                self.reporter.add(map111_batch_request.differs(self.reporter, self.batch, text.value, shape, f"it is no {kind}"))
        return where

    def _listed(self, element: Shape, where: Where) -> bool:
        shape = walk(self.unit.schemas, element, _path_of(where)).shape
        return shape is not None and shape.items is not None

    def _holds_whole(self, wraps: ast.Wraps, steps: list[ResolvedStep]) -> None:
        """Whether every part of the single requests has a place in an item."""
        places = {name.value for name, _ in wraps.query}
        left: dict[str, None] = {}
        for target in (assignment.target for step in steps for assignment in step.assignments):
            if target.place == "query" and wraps.url is None and target.name not in places:
                left[f"the parameter `{target.name}`"] = None
            elif target.place == "body" and wraps.body is None:
                left["the body"] = None
            elif target.place == "body" and wraps.below is not None and target.envelope[:1] != (wraps.below.value,):
                left[f"`{target.text}` in the body"] = None
            elif target.place == "header" and wraps.headers is None:
                left[f"the header `{target.name}`"] = None
        for what in left:
            self.reporter.add(map111_batch_request.not_held(self.batch, what))

    # ------------------------------------------------------------------------------------------- what there is
    def _operation(self, text: Text) -> OperationFacts | None:
        found = self.unit.operations.get(text.value)
        if found is None:
            self.reporter.add(map101_unknown_operation.report(text, self.unit.operations))
        return found

    def _way(self) -> ast.BatchWay | None:
        ways = {way.name.value: way for way in self.unit.declaration.batches}
        wanted = self.batch.way or Text("default", self.batch.call.span)
        if wanted.value not in ways:
            self.reporter.add(map004_unknown_reference.report(wanted, wanted.value, tuple(ways)))
        return ways.get(wanted.value)

    def _element(self, items: Target, way: ast.BatchWay) -> Shape | None:
        """The schema of one item; a text that takes the items joined by commas is that of each."""
        shape = items.walk.shape
        if shape is not None and shape.items is not None:
            return self.unit.schemas.shape(shape.items)
        if shape is not None and items.place == "query" and "string" in shape.kinds:
            return shape
        self.reporter.add(map111_batch_request.no_list(self.reporter, self.batch, way.items, shape, self.batch.call.span))
        return None

    def _meant(self, element: Shape | None, single: OperationFacts) -> Shape | None:
        """Of alternatives, those that take what is said of every item: records of several kinds in one list say of which kind they are."""
        if element is None or not element.arms:
            return element
        arms = [arm for arm in element.arms if self._fits(arm, single)]
        if not arms:
            self.reporter.add(map111_batch_request.no_kind(self.reporter, self.batch, element))
        return union(arms) if arms else None

    def _fits(self, arm: Shape, single: OperationFacts) -> bool:
        parameters = {parameter.name: self.unit.schemas.shape(parameter.schema) for parameter in single.parameters}
        for place, literal in self.batch.each:
            there = self._there(arm, place)
            if there is not None and not _takes(there, literal.value):
                return False
        for place, name in self.batch.places:
            there, own = self._there(arm, place), parameters.get(name.value)
            if there is not None and own is not None and there.words is not None and not {*(own.words or ("",))} <= {*there.words}:
                return False
        return True

    def _there(self, arm: Shape, place: Text) -> Shape | None:
        path = self._path(place)
        return walk(self.unit.schemas, arm, path).shape if path is not None else None

    # ------------------------------------------------------------------------------------------- the request
    def body_place(self, steps: list[ResolvedStep]) -> Where | None:
        """Where a request's body stands in its item; None where it has none."""
        if not any(assignment.target.place == "body" for step in steps for assignment in step.assignments):
            return None
        path = self._path(self.batch.body) if self.batch.body is not None else None
        return path.names if path is not None else ()

    def _with(self, element: Shape, single: OperationFacts) -> Iterator[tuple[Where, str]]:
        for place, name in self.batch.places:
            where = self._in_item(element, place)
            if where is not None and (own := self._parameter(name, single)) is not None:
                self._same(name, own, walk(self.unit.schemas, element, Path("", tuple(map(Name, where)))).shape)
                yield where, name.value

    def _once(self, names: Namespace, single: OperationFacts) -> Iterator[tuple[Where, str, bool]]:
        for place, name in self.batch.once:
            target = names.find(place)
            if target is not None and (own := self._parameter(name, single)) is not None:
                shape = target.walk.shape
                listed = shape is not None and shape.items is not None and own.items is None
                self._same(name, own, self.unit.schemas.shape(shape.items) if listed and shape is not None and shape.items else shape)
                yield _where(target), name.value, shape is not None and shape.items is not None

    def _parameter(self, text: Text, single: OperationFacts) -> Shape | None:
        known = {parameter.name: parameter for parameter in single.parameters if parameter.location in _SENT}
        if text.value in known:
            return self.unit.schemas.shape(known[text.value].schema)
        self.reporter.add(map104_unknown_input.report(self.reporter, text, single, tuple(known), None))
        return None

    def _same(self, name: Text, own: Shape, other: Shape | None) -> None:
        """What a single request has in its address goes into a place of the same type."""
        if other is not None and own.kinds and not own.kinds <= other.kinds:
            there = ", ".join(sorted(other.kinds)) or "anything"
            why = f"{', '.join(sorted(own.kinds))} there, {there} here"
            self.reporter.add(map111_batch_request.differs(self.reporter, self.batch, name.value, other, why))

    def _each(self, element: Shape, literals: Iterable[tuple[Text, Literal]]) -> Iterator[tuple[Where, object]]:
        for text, literal in literals:
            where = self._in_item(element, text)
            if where is not None:
                self._holds(text, literal, walk(self.unit.schemas, element, Path("", tuple(map(Name, where)))).shape)
                yield where, literal.value

    def _set(self, names: Namespace, literals: Iterable[tuple[Text, Literal]]) -> Iterator[tuple[Where, object]]:
        for text, literal in literals:
            target = names.find(text)
            if target is not None:
                self._holds(text, literal, target.walk.shape)
                yield _where(target), literal.value

    def _holds(self, text: Text, literal: Literal, shape: Shape | None) -> None:
        """A literal goes into a place of its type."""
        kind = _KINDS.get(type(literal.value))
        if kind is not None and shape is not None and shape.kinds and kind not in shape.kinds:
            self.reporter.add(map111_batch_request.differs(self.reporter, self.batch, text.value, shape, f"it is no {kind}"))

    def _mark(self, element: Shape, text: Text | None) -> Where | None:
        where = self._in_item(element, text)
        if text is not None and where is not None:
            shape = walk(self.unit.schemas, element, Path("", tuple(map(Name, where)))).shape
            self._holds(text, Literal("0", text.span), shape)
        return where

    def _in_item(self, element: Shape, text: Text | None) -> Where | None:
        path = self._path(text) if text is not None else None
        if path is None or text is None:
            return None
        reached = walk(self.unit.schemas, element, path, custom=self.custom)
        self.reporter.used(reached)
        if reached.dead is not None:
            self.reporter.add(map220_batch_answer.nowhere(self.reporter, self.batch, text, "an item", reached.dead.at))
            return None
        return path.names

    def _path(self, text: Text) -> Path | None:
        try:
            return parse_path(text.value)
        except PathFault as fault:
            self.reporter.add(map003_path.report(text, fault))
            return None

    def _carries(self, found: Batched, steps: list[ResolvedStep], element: Shape) -> None:
        """Whether the batch has a place for all that the single requests hold."""
        told = {name for _, name in found.item} | {name for _, name, _ in found.once}
        for step in steps:
            for assignment in step.assignments:
                target = assignment.target
                if assignment.reference is not None and assignment.reference.kind == "key":
                    self.reporter.add(map111_batch_request.keyed(self.batch))
                elif target.place in _SENT and target.name not in told and not (assignment.origin == "select" and step.answer is None):
                    self.reporter.add(map111_batch_request.left_out(self.batch, target.name))
                elif target.place == "body":
                    self._takes(found, assignment, element)

    def _takes(self, found: Batched, assignment: Assignment, element: Shape) -> None:
        """Whether an item takes what is written into the body of a single request."""
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

    def _requires(self, found: Batched, steps: list[ResolvedStep], body: Body | None, element: Shape) -> None:
        """Whether all that the batch requires is provided."""
        batch, schemas = self.batch, self.unit.schemas
        places = [found.items, *(where for where, _, _ in found.once), *(where for where, _ in found.set)]
        filled = {where[:2] for where in places}
        for parameter in found.facts.parameters:
            if parameter.required and (parameter.location, parameter.name) not in filled:
                self.reporter.add(
                    map111_batch_request.required(self.reporter, batch, found.facts, parameter.name, parameter.pointer, parameter.location)
                )
        if body is not None and found.facts.body_required:
            for name in sorted(body.shape.required - {where[1] for where in places if where[0] == "body"}):
                pointer = body.shape.properties.get(name, body.shape.pointer)
                self.reporter.add(map111_batch_request.required(self.reporter, batch, found.facts, name, pointer, "its body"))
        provided = {where[0] for where, _ in found.item if where} | {where[0] for where, _ in (*found.each, *found.fixed)}
        provided |= {found.mark[0]} if found.mark else set()
        provided |= {found.body[0]} if found.body else set()
        provided |= {found.wraps.method[0], found.wraps.address[0]} if found.wraps is not None else set()
        if found.body == ():
            provided |= set.intersection(*(_written(step) for step in steps))
        for name in sorted(element.required - provided):
            pointer = element.properties.get(name, element.pointer)
            if not schemas.shape(pointer).read_only:
                self.reporter.add(map111_batch_request.required(self.reporter, batch, found.facts, name, pointer, "each item"))

    # ------------------------------------------------------------------------------------------- the answer
    def _answered(self, found: Batched, read: list[Read], element: Shape) -> Batched:
        way = found.way
        results, result = self._list(found.facts, way.results, every=True)
        errors, error = self._list(found.facts, way.errors, every=False)
        if way.results is None and read:
            self.reporter.add(map220_batch_answer.silent(self.batch))
        whole = {"object"} if found.wraps is not None else None
        inner = self._below(result, way.result, "a result", whole, listed=whole is None)
        if result is not None and found.wraps is None:
            self._tells(found, read, result, inner or ())
        return replace(
            found,
            results=results,
            result=inner or (),
            match=self._pairs(way.match, result, element, "a result"),
            done=self._below(result, way.done, "a result", {"boolean"}, listed=False),
            errors=errors,
            blames=self._pairs(way.blames, error, element, "a failure"),
            error=self._below(error or result, way.error, "a failure", {"object"}) or (),
            headers=self._below(result, way.headers, "a result", {"object"}, listed=False),
            status=self._below(error or result, way.status, "a failure", {"integer"}, listed=False),
        )

    def _list(self, facts: OperationFacts, text: Text | None, *, every: bool) -> tuple[Where | None, Shape | None]:
        """A list of the answers that tell of success, in each of them or in one, and the schema of its elements."""
        path = self._path(text) if text is not None else None
        if path is None or text is None:
            return None, None
        answers = [pointer for status in sorted(facts.responses) if status[0] == "2" for pointer in facts.responses[status].values()]
        reached = [walk(self.unit.schemas, self.unit.schemas.shape(pointer), path) for pointer in answers]
        lists = [one for one in reached if one.shape is not None and one.shape.items is not None]
        if not lists or (every and len(lists) < len(reached)):
            self.reporter.add(map220_batch_answer.no_list(self.batch, text))
            return None, None
        for one in lists:
            self.reporter.used(one)
        shape = lists[0].shape
        assert shape is not None and shape.items is not None
        return path.names, self.unit.schemas.shape(shape.items)

    def _below(
        self, start: Shape | None, text: Text | None, what: str, kinds: set[str] | None = None, *, listed: bool = True
    ) -> Where | None:
        """A place below an element, which holds one of these kinds, or a list of them."""
        path = self._path(text) if text is not None else None
        if path is None or text is None or start is None:
            return None
        reached = walk(self.unit.schemas, start, path)
        self.reporter.used(reached)
        if reached.dead is not None:
            self.reporter.add(map220_batch_answer.nowhere(self.reporter, self.batch, text, what, reached.dead.at))
            return None
        shape = reached.shape
        if (
            kinds is not None
            and shape is not None
            and not kinds & (self.unit.schemas.shape(shape.items).kinds if shape.items and listed else shape.kinds)
        ):
            self.reporter.add(map220_batch_answer.other_kind(self.reporter, self.batch, text, what, shape, kinds))
        return path.names

    def _pairs(self, pairs: ast.Pairs, start: Shape | None, element: Shape, what: str) -> tuple[tuple[Where, Where], ...]:
        found = []
        for there, here in pairs:
            place = self._below(start, there, what, self._kinds(element, here))
            own = (ast.NUMBER,) if here.value == ast.NUMBER else self._in_item(element, here)
            if place is not None and own is not None:
                found.append((place, own))
        return tuple(found)

    def _kinds(self, element: Shape, here: Text) -> set[str] | None:
        """What holds the same as a place of an item: values of its kind, or a list of them; None where nothing is known."""
        if here.value == ast.NUMBER:
            return {"integer"}
        path = self._path(here)
        own = walk(self.unit.schemas, element, path).shape if path is not None else None
        return {*own.kinds} if own is not None and own.kinds else None

    def _tells(self, found: Batched, read: list[Read], result: Shape, inner: Where) -> None:
        """Whether a result holds what is read of the single request's answer."""
        schemas, own = self.unit.schemas, success(found.single)
        reached = walk(schemas, result, Path("", tuple(Name(name) for name in inner))).shape
        if (
            own is None
            or reached is None
            or schemas.target(own[1]) in (schemas.target(origin) for origin in (reached.pointer, *reached.origins))
        ):
            return
        for segments, shape in read:
            place = ".".join(segment.name for segment in segments if isinstance(segment, Name))
            there = walk(schemas, reached, Path(place, segments), custom=self.custom)
            self.reporter.used(there)
            if there.dead is not None:
                self.reporter.add(map220_batch_answer.lacks(self.reporter, self.batch, place, there.dead.at))
            elif shape is not None and there.shape is not None and there.shape.kinds and not there.shape.kinds <= shape.kinds:
                self.reporter.add(map220_batch_answer.differs(self.reporter, self.batch, place, there.shape))

    def _read(self, operations: tuple[ResolvedOperation, ...], single: OperationFacts) -> Iterator[Read]:
        """The places of the single request's answer that are read."""
        for operation in operations:
            for step in operation.steps:
                if step.facts.name != single.name or step.answer is None:
                    continue
                wrapped = tuple(Name(name) for name in step.answer.envelope)
                for kept in step.kept:
                    start = (*wrapped, *kept.leaf.path.segments)
                    yield from (((*start, *leaf.path.segments), leaf.shape) for leaf, _ in kept.searched)
                    for reference in (one for other in operation.steps for one in step_references(other)):
                        if reference.kind == "kept" and reference.name == kept.name and reference.path is not None:
                            shape = reference.walk.shape if reference.walk is not None else None
                            yield (*start, *reference.path.segments), shape
                if step.answer.record is not None:
                    record = (*wrapped, *step.answer.record.segments)
                    yield from (((*record, *leaf.path.segments), leaf.shape) for leaf in leaves(self.fields))


def _path_of(where: Where) -> Path:
    return Path("", tuple(map(Name, where)))


def _where(target: Target) -> Where:
    names = target.path.names if target.place == "body" else (target.name,)
    return (target.place, *target.envelope, *names)


def _written(step: ResolvedStep) -> set[str]:
    """What the body of a request holds at its root for sure, as far as the vendor's own schema and the mapping say."""
    required = set(step.body.required) if step.body is not None else set()
    return required | {a.target.path.names[0] for a in step.assignments if a.target.place == "body" and a.always and a.target.path.names}


def _stricter(own: Shape, other: Shape) -> str | None:
    """What the batch's schema refuses that the single operation's takes."""
    if own.kinds and other.kinds and not own.kinds <= other.kinds:
        return f"{', '.join(sorted(own.kinds))} there, {', '.join(sorted(other.kinds))} here"
    if other.words is not None and (own.words is None or not set(map(str, own.words)) <= set(map(str, other.words))):
        return "it has words of its own"
    for name in ("max_length", "max_items", "maximum"):
        most, least = getattr(other.bounds, name), getattr(own.bounds, name)
        if most is not None and (least is None or most < least):
            return f"at most {most}"
    return None


def _takes(shape: Shape, value: object) -> bool:
    """Whether a place takes a literal, as far as its words and its pattern say."""
    words, pattern = shape.words, shape.bounds.pattern
    return (words is None or value in words) and (pattern is None or (isinstance(value, str) and matches(pattern, value)))
