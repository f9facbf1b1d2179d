"""Resolver of reconciliation: the request that looks up a write whose response was lost, and the paths in its response."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.diagnostics.codes import map216_not_compiled, map219_reconcile
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.resolve.assignments import Reference
from unified_gen.resolve.envelopes import around_response, entered
from unified_gen.resolve.references import Scope
from unified_gen.resolve.resolved import ResolvedReconcile, ResolvedStep, VendorUnit
from unified_gen.resolve.responses import ResponseResolver, success
from unified_openapi.documents import OperationFacts
from unified_openapi.schemas.paths import Name
from unified_openapi.schemas.shapes import Shape
from unified_openapi.schemas.walk import Walk
from unified_openapi.source.spans import Literal, Text

_TEXTS = frozenset(("text", "markdown", "email", "url", "date", "datetime", "enum"))
"""Types of unified values that are compared as text."""


def _may_be_text(shape: Shape) -> bool:
    """Return true if the location may hold a text; one without a type in the document may hold anything."""
    return not shape.kinds or "string" in shape.kinds


class ReconcileResolver(Struct, frozen=True):
    """Resolver of the `reconcile` of one step."""

    unit: VendorUnit
    reporter: Reporter
    scope: Scope
    responses: ResponseResolver

    def resolve(
        self, step: ast.Step, facts: OperationFacts, envelope: str | None, look: ResolvedStep, inner: str | None, *, marked: bool
    ) -> ResolvedReconcile | None:
        """Resolve `reconcile` of a step.

        `look` is the lookup's request, bound; the envelopes are those of the step and of the lookup. `marked`: the request of the step
        holds the call's key or mark.
        """
        own = step.reconcile
        assert own is not None
        responded = success(look.facts)
        if responded is None:
            self.reporter.add(map219_reconcile.no_response(own.lookup.operation))
            return None
        entire, wrapped = self._entered(look.facts, responded[1], inner)
        found = (
            self._named_path(own.lookup.items, entire, f"the response of {own.lookup.operation}")
            if own.lookup.items is not None
            else ((), entire)
        )
        if found is None:
            return None
        items, record = found
        if own.lookup.items is not None and look.facts.graphql is not None:
            self.reporter.add(map216_not_compiled.listed_lookup(own.lookup.operation))
        if own.lookup.items is not None:
            if record.items is None:
                self.reporter.add(map219_reconcile.no_list(own.lookup.items, own.lookup.operation))
                return None
            record = self.unit.schemas.shape(record.items)
        where = self.matched_by(own.where, record)
        since = self._named_path(own.created_at, record, "a record that is found") if own.created_at is not None else None
        if since is not None and own.created_at is not None and not _may_be_text(since[1]):
            self.reporter.add(map219_reconcile.no_timestamp(own.created_at))
        fills: tuple[str, ...] = ()
        lost = success(facts)
        if lost is not None:
            shape, around = self._entered(facts, lost[1], envelope)
            location = (
                self._named_path(own.response_record, shape, f"the response of {step.operation}")
                if own.response_record is not None
                else ((), shape)
            )
            fills = (*around, *(location[0] if location is not None else ()))
        return ResolvedReconcile(
            ast=own,
            lookup=replace(look, ast=own.lookup),
            items=(*wrapped, *items) if own.lookup.items is not None else None,
            where=where,
            created_at=since[0] if since is not None else None,
            response_record=fills,
            marked=marked,
            pagination=self._pagination(look),
        )

    def matched_by(
        self, given: tuple[tuple[ast.PathText, Text | Literal], ...], record: Shape
    ) -> tuple[tuple[tuple[str, ...], Reference], ...]:
        """Return the locations of a record, with their values, that identify it."""
        where: list[tuple[tuple[str, ...], Reference]] = []
        for text, wanted in given:
            location = self._named_path(text, record, "a record that is found")
            reference = self.scope.wanted(wanted, text, Walk(location[1] if location is not None else None))
            if location is None or reference is None:
                continue
            self.reporter.of_any_type.update(location[1].origins)
            if reference.walk is not None:
                self.reporter.used(reference.walk, any_type=True)
            if reference.type is not None and reference.type.kind in _TEXTS and not _may_be_text(location[1]):
                self.reporter.add(map219_reconcile.no_text(text, reference.text.value))
            where.append((location[0], reference))
        return tuple(where)

    def _pagination(self, look: ResolvedStep) -> tuple[str, str, int | tuple[str, ...], int] | None:
        """Return the pagination of the lookup: the vendor's first pagination style whose page size the query sets."""
        sizes = {a.target.name: a.literal for a in look.assignments if a.origin == "set" and a.target.location == "query"}
        for pagination in self.unit.declaration.pagination:
            size = sizes.get(pagination.page_size_param.value) if pagination.page_size_param is not None else None
            if not isinstance(size, int) or pagination.style not in ("link", "offset", "page", "token"):
                continue
            if pagination.style == "link":
                return "link", "", tuple(name.value for name in pagination.added_params), size
            if pagination.param is None:
                continue
            if pagination.style != "token":
                return pagination.style, pagination.param.value, pagination.start_at, size
            if pagination.next is not None:
                return "token", pagination.param.value, pagination.next.path.names, size
        return None

    def _entered(self, facts: OperationFacts, pointer: str, envelope: str | None) -> tuple[Shape, tuple[str, ...]]:
        shape = self.unit.schemas.shape(pointer)
        wrapped = around_response(self.unit.schemas, facts, shape, envelope)
        return entered(self.unit.schemas, shape, wrapped), wrapped

    def _named_path(self, text: ast.PathText, shape: Shape, of: str) -> tuple[tuple[str, ...], Shape] | None:
        """Return a location that is reached by names only, and its schema."""
        path = text.path
        if not all(isinstance(segment, Name) for segment in path.segments):
            self.reporter.add(map219_reconcile.not_names(text))
            return None
        reached = self.responses.follow(shape, text, path, of)
        if reached.dead is None and reached.shape is None:
            self.reporter.add(map219_reconcile.undescribed(text, of))
        if reached.shape is None:
            return None
        return path.names, reached.shape
