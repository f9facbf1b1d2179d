"""Pagination of a list: the inputs that request the next page, and the paths of their values in the response."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.diagnostics.codes import map004_unknown_reference, map101_unknown_operation, map107_pagination
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.resolve.assignments import Assignment, Target
from unified_gen.resolve.envelopes import around_response, entered
from unified_gen.resolve.hosts import host
from unified_gen.resolve.paths import judge_literal, resolve_predicate
from unified_gen.resolve.record_fields import Leaf
from unified_gen.resolve.resolved import ResolvedPagination, ResolvedResponse, ResolvedSyncToken, VendorUnit
from unified_gen.resolve.responses import ROOT, ResponseResolver, success
from unified_gen.resolve.targets import Body, Namespace, request_body
from unified_openapi.documents import OperationFacts
from unified_openapi.schemas.paths import Name, Path
from unified_openapi.schemas.shapes import Shape
from unified_openapi.schemas.walk import walk
from unified_openapi.source.spans import Text


def paged(pagination: ResolvedPagination) -> Iterator[Assignment]:
    """Yield the assignments of the inputs by which a list is paged."""
    further = (("cursor", target) for target, _ in pagination.further)
    send = pagination.param if pagination.operation is None else None
    for origin, target in (("cursor", send), *further, ("size", pagination.page_size_param)):
        if target is not None:
            yield Assignment(target=target, origin=origin, span=pagination.ast.span)


class PaginationResolver(Struct, frozen=True):
    """Resolver of the pagination of one operation's steps."""

    unit: VendorUnit
    reporter: Reporter
    resource: ast.Resource
    responses: ResponseResolver

    def pagination(self, step: ast.Step, names: Namespace, facts: OperationFacts, envelope: str | None) -> ResolvedPagination | None:
        strategies = {pagination.name.value: pagination for pagination in self.unit.declaration.pagination}
        wanted = step.pagination
        if wanted is not None and wanted.value == "none":
            return None
        pagination = strategies.get(wanted.value if wanted is not None else "default")
        if pagination is None:
            if wanted is not None:
                self.reporter.add(map004_unknown_reference.report(wanted, wanted.value, tuple(strategies)))
            return None
        location = wanted or step.operation
        further = self._further(pagination, facts)
        senders = names if further is None else replace(names, facts=further, body=self._body(further, envelope))
        send = self._page_input(pagination.param, senders, location) if pagination.style not in ("link", "url") else None
        if further is not None and send is not None:
            self._needs_no_more(pagination, further, send, senders.body)
        if pagination.start_token is not None and send is not None:
            first = pagination.start_token
            judge_literal(Text(str(first.value), first.span), send.name, first.value, send.walk, self.reporter)
        size = self._page_input(pagination.page_size_param, names, location)
        found = success(facts)
        root = self.unit.schemas.shape(found[1]) if found is not None else None
        start = None
        around = around_response(self.unit.schemas, facts, root, None) if root is not None else ()
        if root is not None:
            root = entered(self.unit.schemas, root, around)
        if pagination.style == "last" and root is not None:
            start = self._item(step, entered(self.unit.schemas, root, around_response(self.unit.schemas, facts, root, envelope)))
        return ResolvedPagination(
            ast=pagination,
            param=send,
            page_size_param=size,
            next=self.page_path(pagination.next, start or root, location, around) if pagination.style != "link" else None,
            further=tuple(self._beside(pagination, names, start, location)),
            total=self.page_path(pagination.total, root, location, around),
            last_page_if=self.page_path(pagination.last_page_if, root, location, around),
            more_if=self.page_path(pagination.more_if, root, location, around),
            operation=further,
            host=host(self.unit, self.reporter, step, further) if further is not None else None,
        )

    def clause(self, step: ast.Step) -> Text | None:
        """Return the clause by which a step's query requests the next page; None if its pagination has none."""
        name = step.pagination.value if step.pagination is not None else "default"
        found = next((each for each in self.unit.declaration.pagination if each.name.value == name), None)
        if found is None or found.clause is None:
            return None
        if not step.queries:
            self.reporter.add(map107_pagination.no_query(step.pagination or step.operation, found.clause))
            return None
        return found.clause

    def _further(self, pagination: ast.Pagination, facts: OperationFacts) -> OperationFacts | None:
        """Return the operation that gives further pages: its response is that of the list itself."""
        if pagination.operation is None:
            return None
        found = self.unit.operations.get(pagination.operation.value)
        if found is None:
            self.reporter.add(map101_unknown_operation.report(pagination.operation, self.unit.operations))
            return None
        own, other = success(facts), success(found)
        schemas = self.unit.schemas
        if own is None or other is None or schemas.target(own[1]) != schemas.target(other[1]):
            self.reporter.add(map107_pagination.other_response(pagination.operation, facts, found))
        return found

    def _needs_no_more(self, pagination: ast.Pagination, further: OperationFacts, send: Target, body: Body | None) -> None:
        assert pagination.operation is not None and pagination.param is not None
        if send.walk.shape is None or send.walk.shape.free:
            self.reporter.add(map107_pagination.no_input(pagination.operation, pagination.param, further, ()))
        needed = [parameter.name for parameter in further.parameters if parameter.required and parameter.name != send.name]
        needed += sorted((body.shape.required if body is not None else frozenset()) - {*send.path.names})
        for name in needed:
            self.reporter.add(map107_pagination.needs_more(pagination.operation, further, name))

    def _body(self, facts: OperationFacts, envelope: str | None) -> Body | None:
        return request_body(self.unit.schemas, facts, envelope, self.unit.declaration.body_encoding)

    def _beside(self, pagination: ast.Pagination, names: Namespace, record: Shape | None, location: Text) -> Iterator[tuple[Target, Leaf]]:
        for name, path in pagination.further:
            target, leaf = self._page_input(name, names, location), self.page_path(path, record, location)
            if target is not None and leaf is not None:
                yield target, leaf

    def _item(self, step: ast.Step, root: Shape) -> Shape | None:
        shape = walk(self.unit.schemas, root, step.items.path if step.items is not None else ROOT).shape
        return self.unit.schemas.shape(shape.items) if shape is not None and shape.items is not None else None

    def _page_input(self, text: Text | None, names: Namespace, location: Text) -> Target | None:
        if text is None:
            return None
        target = names.find(text, quiet=True)
        if target is None:
            self.reporter.add(map107_pagination.no_input(location, text, names.facts, names.names()))
        return target

    def page_path(self, text: ast.PathText | None, root: Shape | None, location: Text, around: tuple[str, ...] = ()) -> Leaf | None:
        """Return a location in the response that a list reads beside its records; None if there is none, and that is reported.

        `root` is the schema below the names `around`.
        """
        if text is None or root is None:
            return None
        path = text.path
        reached = walk(self.unit.schemas, root, path)
        self.reporter.used(reached)
        if reached.dead is not None:
            self.reporter.add(map107_pagination.no_path(self.reporter, location, text, path, reached))
            return None
        return Leaf(text, Path(path.text, (*map(Name, around), *path.segments)), reached)

    def cursor(self, cursor: ast.SyncToken, response: ResolvedResponse, names: Namespace) -> ResolvedSyncToken | None:
        """Resolve sync tokens. Without an input of their own they are addresses, which only a vendor with such pages has."""
        send = names.find(cursor.param) if cursor.param is not None else None
        location = self.page_path(cursor.next, self.unit.schemas.shape(response.pointer), cursor.next)
        if location is None or response.record_shape is None or (cursor.param is not None and send is None):
            return None
        predicate, leaves = resolve_predicate(
            self.unit.schemas, cursor.removed_if, response.record_shape, self.resource.schema.value, self.reporter
        )
        return ResolvedSyncToken(cursor, send, location, predicate, leaves)
