"""Resolver of one request of an operation: the operation it calls, the values of its inputs, and the use of its response."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.diagnostics.codes import (
    map004_unknown_reference,
    map101_unknown_operation,
    map107_pagination,
    map212_response,
    map216_not_compiled,
    map218_undeclared_host,
)
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.language.codecs import EXCHANGES, FINDS
from unified_gen.resolve.assignments import Assignment, Reference, Target, entire_body
from unified_gen.resolve.current_values import current_values, custom_field_inputs, extra_objects, repeated
from unified_gen.resolve.hosts import host, named_operations
from unified_gen.resolve.list_members import list_members
from unified_gen.resolve.media import arguments_header, media_type, uploaded
from unified_gen.resolve.pagination import PaginationResolver, paged
from unified_gen.resolve.paths import items_inputs, resolve_predicate
from unified_gen.resolve.queries import QueryResolver
from unified_gen.resolve.reconciliation import ReconcileResolver
from unified_gen.resolve.record_fields import Leaf, ResolvedField
from unified_gen.resolve.references import Scope
from unified_gen.resolve.resolved import (
    Condition,
    ResolvedExchange,
    ResolvedMerge,
    ResolvedReconcile,
    ResolvedResponse,
    ResolvedStep,
    VendorUnit,
)
from unified_gen.resolve.responses import ResponseResolver
from unified_gen.resolve.step_enums import step_enums
from unified_gen.resolve.targets import Body, Namespace, header_body, request_body
from unified_openapi.documents import OperationFacts
from unified_openapi.schemas.graphql_types import is_typed
from unified_openapi.schemas.paths import Index, Predicate
from unified_openapi.source.spans import Text

_WRITTEN = re.compile(r"application/(?:[\w.+-]+\+)?json\b|application/x-www-form-urlencoded|multipart/form-data|\*/\*")
"""Media types that fields are written in."""
VENDOR = "vendor"
"""Value of `merge`: the vendor keeps the parts of an object that are not sent."""


def condition_inputs(condition: Condition | None) -> set[str]:
    """Return inputs whose value a condition fixes: a step that runs only for `status == 'done'` need not use that input otherwise."""
    groups = condition.any_of if condition is not None else ()
    return {test.reference.name for group in groups for test in group if test.value is not None and not test.differs}


class StepResolver(Struct, frozen=True):
    """Resolver of the steps of one operation, in order; a step's saved values enter the scope of the next."""

    unit: VendorUnit
    reporter: Reporter
    resource: ast.Resource
    model: ast.Model
    operation: ast.ModelOperation
    fields: tuple[ResolvedField, ...]
    scope: Scope
    custom: re.Pattern[str] | None
    record: str
    """Pointer of the schema of the resource's record."""

    @property
    def _responses(self) -> ResponseResolver:
        return ResponseResolver(self.unit, self.reporter, self.resource, self.operation, self.scope, self.custom, self.record)

    @property
    def _pages(self) -> PaginationResolver:
        return PaginationResolver(self.unit, self.reporter, self.resource, self._responses)

    def resolve(self, step: ast.Step, *, final: bool) -> ResolvedStep | None:
        """Look a step up; `final` if its response may be the operation's."""
        facts = self.unit.operations.get(step.operation.value)
        if facts is None:
            self.reporter.add(map101_unknown_operation.report(step.operation, self.unit.operations))
            return None
        vendor = self.unit.declaration
        envelope = None if step.envelope is not None else (vendor.envelope.value if vendor.envelope is not None else None)
        in_header = arguments_header(self.unit.declaration, facts)
        body = request_body(self.unit.schemas, facts, envelope, vendor.body_encoding)
        if in_header is not None:
            body = header_body(self.unit.schemas, in_header)
        elif step.media is not None and (step.media.protocol is None or step.media.protocol.value == "body"):
            body = None
        names = Namespace(self.unit.schemas, self.reporter, facts, body, self.custom)
        own_enums = step_enums(self.scope, self.model, step)
        enums, self.scope.enums = self.scope.enums, {field.name: field for field in own_enums}
        before, self.scope.used = self.scope.used, set()
        condition = self.scope.condition(step.condition) if step.condition is not None else None
        self.scope.used = condition_inputs(condition)
        sends = self._sends(step)
        self.scope.id = step.id
        inputs, repeat = self.scope.inputs, repeated(step, self.scope)
        if step.custom_fields is not None and step.custom_fields.value in ("each", "cleared"):
            self.scope.inputs = {**self.scope.inputs, **custom_field_inputs(step.custom_fields)}
        paged_list = self.operation.kind in ("list", "changes") and final
        first = [*self._bindings(step, names), *self._literals(step, names)]
        later = [
            *self._sent(step, names, sends),
            *QueryResolver(self.unit, self.reporter, self.scope).queries(step, names, self._pages.clause(step) if paged_list else None),
            *self._texts(step, names),
            *self._select(step, names),
        ]
        assignments = [*self._inherited(names, [*first, *later]), *first, *later]
        assignments += self._everywhere(names, assignments)
        for name in self._untyped(facts, body, assignments):
            self.reporter.add(map216_not_compiled.graphql_type(step.operation, name))
        response = self._responses.response(step, facts, envelope, final=final)
        pagination = self._pages.pagination(step, names, facts, envelope) if paged_list else None
        if pagination is not None and step.reverse:
            self.reporter.add(map107_pagination.reversed_pages(step.operation))
        if pagination is not None:
            assignments += paged(pagination)
        cursor = self._pages.cursor(step.sync_token, response, names) if step.sync_token is not None and response is not None else None
        if cursor is not None and cursor.param is not None:
            assignments.append(Assignment(target=cursor.param, origin="sync", span=cursor.ast.span))
        if body is not None and any(a.target.location == "body" for a in assignments) and not _WRITTEN.match(body.media_type):
            self.reporter.add(map216_not_compiled.fields(step.operation.span, step.operation.value, tuple(facts.bodies)))
        if body is not None and (entire := entire_body(assignments, body.shape)) is not None:
            self.reporter.add(map216_not_compiled.entire_body(entire.target.text, step.operation.value))
        saved = self._responses.saved(step, facts, envelope)
        if saved is not None:
            self.scope.saved[saved.name] = saved
            if condition is not None:
                self.scope.sometimes.add(saved.name)
        current = tuple(current_values(step, self.model, self.scope.fields, self.scope, self.reporter))
        extra = tuple(extra_objects(step, self.scope, self.reporter))
        headers = self._responses.headers(step, facts)
        for header in headers:
            self.scope.headers[header.ast.name.value] = header.parts
            if condition is not None:
                self.scope.sometimes.add(header.ast.name.value)
        poll = self._responses.polled(step, facts, envelope, final=final)
        media = uploaded(self.unit, self.reporter, self.scope, step, facts) if step.media is not None else None
        through = self._through(step, names) if step.exchange is not None else None
        verify = tuple(self._verify(step))
        content_url = self.scope.resolve(step.content_url) if step.content_url is not None else None
        if step.content_url is not None and not vendor.transfer_hosts:
            self.reporter.add(map218_undeclared_host.undeclared(step.content_url))
        merges = tuple(self._merges(step, names))
        locally, requires = tuple(self._locally(step)), tuple(self._requires(step, condition, assignments))
        exclude, exclude_leaves = self._excluded(step, response)
        members = tuple(list_members(step, names, self.scope, self.reporter))
        # The id of a record that is requested by it is used; in a write it only locates the result.
        reads = self.operation.kind in ("get", "list")
        located = self._located(step, response) if reads else ()
        takes = frozenset(self.scope.used)
        reconcile = self._reconcile(step, facts, envelope, assignments) if step.reconcile is not None else None
        located = located or self._located(step, response)
        self.scope.enums, self.scope.inputs = enums, inputs
        self.scope.used = {*takes, *before}  # looking up a record by an input is not sending the input
        return ResolvedStep(
            ast=step,
            facts=facts,
            assignments=tuple(assignments),
            condition=condition,
            response=response,
            saved=(saved,) if saved is not None else (),
            save_headers=headers,
            pagination=pagination,
            body=body.shape if body is not None else None,
            body_envelope=body.envelope if body is not None else (),
            media_type=body.media_type if body is not None else media_type(self.unit, self.reporter, step, facts),
            media=media,
            exchange=through,
            verify=verify,
            verify_if=self.scope.condition(step.verify_if) if step.verify_if is not None else None,
            content_url=content_url,
            base64_content=self._responses.enclosed(step, facts) if step.base64_content is not None else None,
            host=host(self.unit, self.reporter, step, facts),
            in_header=in_header.name if in_header is not None else None,
            local_filters=locally,
            requires=requires,
            sync_token=cursor,
            poll=poll,
            sends=sends,
            takes=takes,
            reconcile=reconcile,
            located=located,
            enums=own_enums,
            merges=merges,
            members=members,
            exclude=exclude,
            exclude_leaves=exclude_leaves,
            items_inputs=items_inputs(self.unit.schemas, step, response.record_shape if response else None, self.resource, self.reporter),
            current=current,
            extra=extra,
            repeat=repeat,
        )

    def _located(self, step: ast.Step, response: ResolvedResponse | None) -> tuple[tuple[tuple[str, ...], Reference], ...]:
        """Return the conditions that identify the record in the list that it is an element of, or the element with the records."""
        if not step.where or step.save is not None or response is None or response.record_shape is None:
            return ()
        shape = response.record_shape
        if step.items is not None:
            if response.element_shape is None:
                self.reporter.add(map212_response.no_inner_list(step.items))
                return ()
            shape = response.element_shape
        elif step.record is None or response.record is None:
            return ()
        elif not (response.record.segments and isinstance(response.record.segments[-1], Index)):
            self.reporter.add(map212_response.no_element(step.record))
            return ()
        return ReconcileResolver(self.unit, self.reporter, self.scope, self._responses).matched_by(step.where, shape)

    def _excluded(self, step: ast.Step, response: ResolvedResponse | None) -> tuple[Predicate | None, tuple[Leaf, ...]]:
        """Return the predicate of records that this list leaves out, and the locations that it reads."""
        if step.exclude is None or response is None or response.record_shape is None:
            return None, ()
        return resolve_predicate(self.unit.schemas, step.exclude, response.record_shape, self.resource.schema.value, self.reporter)

    def _reconcile(
        self, step: ast.Step, facts: OperationFacts, envelope: str | None, assignments: list[Assignment]
    ) -> ResolvedReconcile | None:
        assert step.reconcile is not None
        look = self.resolve(step.reconcile.lookup, final=False)
        if look is None:
            return None
        vendor = self.unit.declaration.envelope
        inner = None if step.reconcile.lookup.envelope is not None or vendor is None else vendor.value
        marked = step.reconcile.lookup.items is None or any(
            assignment.reference is not None and assignment.reference.kind in ("key", "mark") for assignment in assignments
        )
        resolver = ReconcileResolver(self.unit, self.reporter, self.scope, self._responses)
        return resolver.resolve(step, facts, envelope, look, inner, marked=marked)

    # ------------------------------------------------------------------------------------- inputs
    def _bindings(self, step: ast.Step, names: Namespace) -> Iterator[Assignment]:
        for binding in step.params:
            if binding.input is not None:
                reference = self.scope.resolve(binding.reference)
                target = names.find(binding.input)
                own = self.scope.enums.get(binding.input.value)
                if reference is not None and own is not None and binding.input.value != reference.name:
                    reference = replace(reference, carrier=own)
                if reference is not None and target is not None:
                    self.reporter.used(target.walk, any_type=reference.type is not None and reference.type.kind == ast.ANY_VALUE)
                    yield Assignment(target=target, origin="with", span=binding.input.span, reference=reference)
                continue
            reference = self.scope.resolve(binding.reference)
            if reference is None:
                continue
            parts = reference.carrier.parts if reference.carrier is not None else ()
            for name in [part.name for part in parts] or [reference.name]:
                target = names.find(replace(binding.reference, value=name))
                part = replace(reference, kind="part", part=name, type=ast.Type("id")) if parts else reference
                if target is not None:
                    yield Assignment(target=target, origin="with", span=binding.reference.span, reference=part)

    def _literals(self, step: ast.Step, names: Namespace) -> Iterator[Assignment]:
        for origin, pairs in (("set", step.constants), ("default", step.defaults)):
            for text, literal in pairs:
                target = names.find(text)
                if target is not None:
                    yield Assignment(target=target, origin=origin, span=literal.span, literal=literal.value)

    def _inherited(self, names: Namespace, filled: list[Assignment]) -> Iterator[Assignment]:
        """Yield the file's own params for what is in the path of this call and nothing else fills, if the operation has what they refer to.

        Only in the path, and the required arguments of a GraphQL field: a vendor cannot drop such a parameter unnoticed.
        """
        for text, name in self.resource.params:
            if names.facts.graphql is not None and names.body is not None:
                target = names.find(text, quiet=True) if text.value in names.body.shape.required else None
            else:
                target = names.find(replace(text, value=f"path.{text.value}"), quiet=True)
            if target is None:
                continue
            self.reporter.set.add(text)
            if self.scope.has(name):
                self.reporter.set.add(name)
                if not any(other.origin != "default" and other.target.same(target) for other in filled):
                    reference = self.scope.resolve(name)
                    if reference is not None:
                        yield Assignment(target=target, origin="with", span=text.span, reference=reference)

    def _everywhere(self, names: Namespace, filled: list[Assignment]) -> Iterator[Assignment]:
        """Yield the vendor's own literals for inputs that this call has and nothing else fills."""
        for text, literal in self.unit.declaration.constants:
            target = names.find(text, quiet=True)
            if target is not None:
                self.reporter.set.add(text)
                if not any(other.target.same(target) for other in filled):
                    yield Assignment(target=target, origin="set", span=literal.span, literal=literal.value)

    def _sends(self, step: ast.Step) -> tuple[ResolvedField, ...]:
        if step.send is None:
            return ()
        if not step.send:
            return tuple(field for field in self.fields if field.name in self.scope.writable)
        found = []
        for name in step.send:
            field = next((field for field in self.fields if field.name == name.value and name.value in self.scope.writable), None)
            if field is None:
                self.reporter.add(map004_unknown_reference.report(name, name.value, tuple(sorted(self.scope.writable))))
            else:
                found.append(field)
        return tuple(found)

    def _sent(self, step: ast.Step, names: Namespace, sends: tuple[ResolvedField, ...]) -> Iterator[Assignment]:
        for field in sends:
            sent = list(self._sent_field(field, names))
            if any(assignment.origin == "send" for assignment in sent):
                self.scope.used.add(field.name)
                self.scope.used |= {name.value for name in field.ast.codec_writes if self.scope.resolve(name) is not None}
            yield from sent

    def _sent_field(self, field: ResolvedField, names: Namespace) -> Iterator[Assignment]:
        operation = self.operation.name.value
        initial = {text.value for text, _ in self.resource.initial} if self.operation.kind == "create" else set()
        path = field.ast.write.get(operation) or field.ast.write.get(ast.ANY)
        for text, column in self._locations(field, path):
            target = names.find(text, quiet=column is not None and column in initial)
            if target is not None:
                elements = tuple(self._elements(field, target, names)) if field.ast.items is not None else ()
                yield Assignment(target=target, origin="send", span=text.span, field=field, column=column, elements=elements)
        also = field.ast.also_write.get(operation) or field.ast.also_write.get(ast.ANY) or ()
        for text in also if path is not None else ():
            target = names.find(text)
            if target is not None:
                yield Assignment(target=target, origin="also", span=text.span, field=field)
        clears = field.ast.clears if (path is not None or not field.ast.write) and self.operation.kind == "update" else ()
        for origin, pairs in (("clear", clears), ("beside", field.ast.constants if path is not None else ())):
            for text, literal in pairs:
                target = names.find(text)
                if target is not None:
                    yield Assignment(target=target, origin=origin, span=literal.span, field=field, literal=literal.value)
        if field.ast.fields and not field.ast.items:
            for nested in field.nested:
                for inner in self._sent_field(nested, names):
                    yield replace(inner, owners=(field, *inner.owners))

    def _elements(self, field: ResolvedField, target: Target, names: Namespace) -> Iterator[Assignment]:
        """Yield the assignments of one object of a list; the locations are those of the list's elements."""
        listed = target.walk.shape
        if listed is None or listed.items is None or names.body is None:
            return
        element = Body(names.body.media_type, self.unit.schemas.shape(listed.items), (), listed.items)
        inside = replace(names, body=element, facts=replace(names.facts, parameters=()))
        for nested in field.nested:
            yield from self._sent_field(nested, inside)

    @staticmethod
    def _locations(field: ResolvedField, path: Text | None) -> Iterator[tuple[Text, str | None]]:
        own = field.ast
        if own.enum is not None and own.enum.columns and own.read is None:
            for column in own.enum.columns:
                yield column, column.value
        elif own.by_type:
            for kind, text in own.by_type:
                yield text, kind.value
        elif own.slots:
            for index, slot in enumerate(field.slots):
                for name, leaf in slot.paths.items():
                    yield leaf.text, f"{index}.{name}"
        elif own.items is not None and path is not None:
            yield own.items, None
        elif path is not None:
            yield path, None

    def _through(self, step: ast.Step, names: Namespace) -> ResolvedExchange:
        assert step.exchange is not None
        inputs = ((name.value, self.scope.resolve(text)) for name, text in step.exchange.params)
        params = tuple((name, reference) for name, reference in inputs if reference is not None)
        facts, fills = EXCHANGES[step.exchange.name.value], step.exchange.fills
        target = names.find(replace(fills, value=f"body.{fills.value}")) if fills is not None and facts.fills == "request" else None
        texts = [(target.text, target.walk)] if target is not None else []
        if facts.fills == "request":
            texts += [
                (reference.text, reference.walk) for _, reference in params if reference.kind == "saved" and reference.walk is not None
            ]
        at = target.path.names if target is not None else tuple(fills.value.split(".")) if fills is not None else ()
        return ResolvedExchange(
            name=step.exchange.name.value,
            module=facts.module,
            operations=named_operations(self.unit, self.reporter, step, step.exchange.operations),
            params=params,
            fills=at,
            fills_request=facts.fills == "request",
            texts=tuple(texts),
            composes=facts.composes,
        )

    def _verify(self, step: ast.Step) -> Iterator[tuple[str, Reference]]:
        for name, text in step.verify:
            reference = self.scope.resolve(text)
            if reference is not None:
                yield name.value, reference

    def _merges(self, step: ast.Step, names: Namespace) -> Iterator[ResolvedMerge]:
        for text, given in step.merges:
            target = names.find(replace(text, value=f"body.{text.value}"))
            if given.value == VENDOR:
                if target is not None:
                    yield ResolvedMerge(target, None)
                continue
            current = self.scope.resolve(given)
            if current is None or target is None:
                continue
            if current.kind == "saved":
                yield ResolvedMerge(target, current)
            else:
                self.reporter.add(map004_unknown_reference.report(given, given.value, (VENDOR, *self.scope.saved)))

    def _texts(self, step: ast.Step, names: Namespace) -> Iterator[Assignment]:
        for text, templates in step.templates:
            target = names.find(text)
            if target is not None:
                texts = tuple(self.scope.template(template) for template in templates)
                yield Assignment(target=target, origin="text", span=text.span, texts=texts)

    def _select(self, step: ast.Step, names: Namespace) -> Iterator[Assignment]:
        select = self.unit.declaration.select
        if select is None or any(text.value == select.input.value for text, _ in (*step.constants, *step.defaults)):
            return
        if any(parameter.name == select.input.value and parameter.location == "query" for parameter in names.facts.parameters):
            location = "query"
        elif select.style == "names" and self._lists(names.body, select.input.value):
            location = "body"  # the body of a search accepts what the address of a list accepts
        else:
            return
        target = names.find(Text(f"{location}.{select.input.value}", select.input.span))
        if target is not None:
            yield Assignment(target=target, origin="select", span=select.span)

    def _lists(self, body: Body | None, name: str) -> bool:
        """Return true if a body holds a list of that name."""
        return body is not None and name in body.shape.properties and self.unit.schemas.shape(body.shape.properties[name]).items is not None

    def _untyped(self, facts: OperationFacts, body: Body | None, assignments: list[Assignment]) -> Iterator[str]:
        """Yield the arguments of a GraphQL field that may be sent and have no type that a query can declare."""
        if facts.graphql is None or body is None:
            return
        sent = {one.target.path.names[:1] for one in assignments if one.target.location == "body"}
        for name, pointer in body.shape.properties.items():
            if (name,) in sent and not is_typed(self.unit.document.at(pointer)):
                yield name

    # ------------------------------------------------------------------------------------- the rest
    def _locally(self, step: ast.Step) -> Iterator[ast.Input]:
        for name in step.local_filters:
            given = self.scope.inputs.get(name.value)
            if given is not None and given.type.kind == ast.CUSTOM_FIELDS:
                self.reporter.add(map216_not_compiled.custom_fields(name, FINDS))
            elif given is None:
                self.reporter.add(map004_unknown_reference.report(name, name.value, tuple(self.scope.inputs)))
            elif given.field is not None and "." in given.field:
                self.reporter.add(map216_not_compiled.inner(name, given.field))
            else:
                self.scope.used.add(name.value)
                yield given

    def _requires(self, step: ast.Step, condition: Condition | None, assignments: list[Assignment]) -> Iterator[Reference]:
        given = self.scope.chosen_by | (condition.given if condition is not None else frozenset())
        for name in (*step.requires, *(one for one in self._in_path(assignments) if one.value not in given)):
            before = set(self.scope.used)
            reference = self.scope.resolve(name)
            self.scope.used = before  # a required input is not necessarily used
            if reference is not None:
                yield reference

    def _in_path(self, assignments: list[Assignment]) -> Iterator[Text]:
        """Yield the inputs of a list that by themselves fill a parameter of the path: without them, the request has no address."""
        if self.operation.kind != "list":
            return
        for one in assignments:
            same = [other for other in assignments if other.target.location == "path" and other.target.name == one.target.name]
            given = self.scope.inputs.get(one.reference.name) if one.reference is not None and one.reference.absent else None
            if same == [one] and given is not None and not given.required:
                assert one.reference is not None
                yield replace(one.reference.text, value=given.name.value)
