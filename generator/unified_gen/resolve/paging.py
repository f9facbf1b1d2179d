"""How a list is paged: the inputs that ask for the next page, and the places that tell of it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.documents import OperationFacts
from unified_gen.language import ast
from unified_gen.resolve import predicates
from unified_gen.resolve.answers import WHOLE, AnswerResolver, success
from unified_gen.resolve.hosts import host
from unified_gen.resolve.reporter import Reporter
from unified_gen.resolve.resolved import Answer, Assignment, Leaf, ResolvedCursor, ResolvedPaging, Target, VendorUnit
from unified_gen.resolve.targets import Body, Namespace, request_body
from unified_gen.rules import map004_unknown_reference, map101_unknown_operation, map107_paging
from unified_gen.schema.shapes import Shape
from unified_gen.schema.walk import walk
from unified_gen.source import Text


def paged(paging: ResolvedPaging) -> Iterator[Assignment]:
    """What fills the inputs by which a list is paged."""
    further = (("cursor", target) for target, _ in paging.beside)
    send = paging.send if paging.call is None else None
    for origin, target in (("cursor", send), *further, ("size", paging.size)):
        if target is not None:
            yield Assignment(target=target, origin=origin, span=paging.ast.span)


class PagingResolver(Struct, frozen=True):
    """Resolves the paging of one operation's steps."""

    unit: VendorUnit
    reporter: Reporter
    resource: ast.Resource
    answers: AnswerResolver

    def paging(self, step: ast.Step, names: Namespace, facts: OperationFacts, envelope: str | None) -> ResolvedPaging | None:
        strategies = {paging.name.value: paging for paging in self.unit.declaration.paging}
        wanted = step.paging
        if wanted is not None and wanted.value == "none":
            return None
        paging = strategies.get(wanted.value if wanted is not None else "default")
        if paging is None:
            if wanted is not None:
                self.reporter.add(map004_unknown_reference.report(wanted, wanted.value, tuple(strategies)))
            return None
        place = wanted or step.call
        further = self._further(paging, facts)
        senders = names if further is None else replace(names, facts=further, body=self._body(further, envelope))
        send = self._page_input(paging.send, senders, place) if paging.style not in ("link", "url") else None
        if further is not None and send is not None:
            self._needs_no_more(paging, further, send, senders.body)
        size = self._page_input(paging.size, names, place)
        found = success(facts)
        root = self.unit.schemas.shape(found[1]) if found is not None else None
        start = None
        if paging.style == "last" and root is not None:
            start = self._item(step, self.answers.enter(root, (envelope,) if envelope is not None and envelope in root.properties else ()))
        return ResolvedPaging(
            ast=paging,
            send=send,
            size=size,
            next=self._page_place(paging.next, start or root, place) if paging.style != "link" else None,
            beside=tuple(self._beside(paging, names, start, place)),
            total=self._page_place(paging.total, root, place),
            until=self._page_place(paging.until, root, place),
            more=self._page_place(paging.more, root, place),
            call=further,
            host=host(self.unit, self.reporter, step, further) if further is not None else None,
        )

    def _further(self, paging: ast.Paging, facts: OperationFacts) -> OperationFacts | None:
        """The operation that gives further pages: its answer is that of the list itself."""
        if paging.call is None:
            return None
        found = self.unit.operations.get(paging.call.value)
        if found is None:
            self.reporter.add(map101_unknown_operation.report(paging.call, self.unit.operations))
            return None
        own, other = success(facts), success(found)
        schemas = self.unit.schemas
        if own is None or other is None or schemas.target(own[1]) != schemas.target(other[1]):
            self.reporter.add(map107_paging.another_answer(paging.call, facts, found))
        return found

    def _needs_no_more(self, paging: ast.Paging, further: OperationFacts, send: Target, body: Body | None) -> None:
        assert paging.call is not None and paging.send is not None
        if send.walk.shape is None or send.walk.shape.free:
            self.reporter.add(map107_paging.no_input(paging.call, paging.send, further, ()))
        needed = [parameter.name for parameter in further.parameters if parameter.required and parameter.name != send.name]
        needed += sorted((body.shape.required if body is not None else frozenset()) - {*send.path.names})
        for name in needed:
            self.reporter.add(map107_paging.needs_more(paging.call, further, name))

    def _body(self, facts: OperationFacts, envelope: str | None) -> Body | None:
        return request_body(self.unit.schemas, facts, envelope, self.unit.declaration.encode)

    def _beside(self, paging: ast.Paging, names: Namespace, record: Shape | None, place: Text) -> Iterator[tuple[Target, Leaf]]:
        for name, path in paging.beside:
            target, leaf = self._page_input(name, names, place), self._page_place(path, record, place)
            if target is not None and leaf is not None:
                yield target, leaf

    def _item(self, step: ast.Step, root: Shape) -> Shape | None:
        path = self.answers.path(step.items) if step.items is not None else WHOLE
        reached = walk(self.unit.schemas, root, path) if path is not None else None
        shape = reached.shape if reached is not None else None
        return self.unit.schemas.shape(shape.items) if shape is not None and shape.items is not None else None

    def _page_input(self, text: Text | None, names: Namespace, place: Text) -> Target | None:
        if text is None:
            return None
        target = names.find(text, quiet=True)
        if target is None:
            self.reporter.add(map107_paging.no_input(place, text, names.facts, names.names()))
        return target

    def _page_place(self, text: Text | None, root: Shape | None, place: Text) -> Leaf | None:
        if text is None or root is None:
            return None
        path = self.answers.path(text)
        if path is None:
            return None
        reached = walk(self.unit.schemas, root, path)
        self.reporter.used(reached)
        if reached.dead is not None:
            self.reporter.add(map107_paging.no_place(self.reporter, place, text, path, reached))
            return None
        return Leaf(text, path, reached)

    def cursor(self, cursor: ast.Cursor, answer: Answer, names: Namespace) -> ResolvedCursor | None:
        """Sync tokens. Without an input of their own they are addresses, which only a vendor with such pages has."""
        send = names.find(cursor.send) if cursor.send is not None else None
        place = self._page_place(cursor.next, self.unit.schemas.shape(answer.pointer), cursor.next)
        if place is None or answer.record_shape is None or (cursor.send is not None and send is None):
            return None
        predicate, leaves = predicates.resolved(
            self.unit.schemas, cursor.removed, answer.record_shape, self.resource.reads.value, self.reporter
        )
        return ResolvedCursor(cursor, send, place, predicate, leaves)
