"""How a write whose answer was lost is looked for: the look-up's request, and the places of what it finds."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.documents import OperationFacts
from unified_gen.language import ast
from unified_gen.resolve.answers import WHOLE, AnswerResolver, success
from unified_gen.resolve.references import Scope
from unified_gen.resolve.reporter import Reporter
from unified_gen.resolve.resolved import Reference, ResolvedReconcile, ResolvedStep, VendorUnit
from unified_gen.rules import map219_reconcile
from unified_gen.schema.paths import Name
from unified_gen.schema.shapes import Shape
from unified_gen.source import Text

_TEXTS = frozenset(("text", "markdown", "email", "url", "date", "datetime", "enum"))
"""Types of unified values that are compared as text."""


def _may_be_text(shape: Shape) -> bool:
    """Whether a text can stand there; of what the document does not type, anything can."""
    return not shape.kinds or "string" in shape.kinds


class ReconcileResolver(Struct, frozen=True):
    """Resolves the `reconcile` of one step."""

    unit: VendorUnit
    reporter: Reporter
    scope: Scope
    answers: AnswerResolver

    def resolve(
        self, step: ast.Step, facts: OperationFacts, envelope: str | None, look: ResolvedStep, inner: str | None, *, marked: bool
    ) -> ResolvedReconcile | None:
        """`look` is the look-up's request, bound; the envelopes are those of the step and of the look-up. `marked`: the request of the step
        holds the call's key or mark."""
        own = step.reconcile
        assert own is not None
        answered = success(look.facts)
        if answered is None:
            self.reporter.add(map219_reconcile.no_answer(own.look.call))
            return None
        whole, wrapped = self._entered(answered[1], inner)
        found = self._place(own.look.items, whole, f"the answer of {own.look.call}") if own.look.items is not None else ((), whole)
        if found is None:
            return None
        items, record = found
        if own.look.items is not None:
            if record.items is None:
                self.reporter.add(map219_reconcile.no_list(own.look.items, own.look.call))
                return None
            record = self.unit.schemas.shape(record.items)
        where = self.told_by(own.where, record)
        since = self._place(own.since, record, "a record that is found") if own.since is not None else None
        if since is not None and own.since is not None and not _may_be_text(since[1]):
            self.reporter.add(map219_reconcile.no_moment(own.since))
        fills: tuple[str, ...] = ()
        lost = success(facts)
        if lost is not None:
            shape, around = self._entered(lost[1], envelope)
            place = self._place(own.fills, shape, f"the answer of {step.call}") if own.fills is not None else ((), shape)
            fills = (*around, *(place[0] if place is not None else ()))
        return ResolvedReconcile(
            ast=own,
            look=replace(look, ast=own.look),
            items=(*wrapped, *items) if own.look.items is not None else None,
            where=where,
            since=since[0] if since is not None else None,
            fills=fills,
            marked=marked,
            size=self._size(look),
        )

    def told_by(self, given: tuple[tuple[Text, Text], ...], record: Shape) -> tuple[tuple[tuple[str, ...], Reference], ...]:
        """Places of a record and what they hold, by which it is told from others."""
        where: list[tuple[tuple[str, ...], Reference]] = []
        for text, name in given:
            place = self._place(text, record, "a record that is found")
            reference = self.scope.resolve(name)
            if place is None or reference is None:
                continue
            if reference.type is not None and reference.type.kind in _TEXTS and not _may_be_text(place[1]):
                self.reporter.add(map219_reconcile.no_text(text, name.value))
            where.append((place[0], reference))
        return tuple(where)

    def _size(self, look: ResolvedStep) -> int | None:
        """The page size that the look-up asks for, by any of the vendor's ways of paging."""
        sizes = {paging.size.value for paging in self.unit.declaration.paging if paging.size is not None}
        told = (a.literal for a in look.assignments if a.origin == "set" and a.target.name in sizes)
        return next((size for size in told if isinstance(size, int)), None)

    def _entered(self, pointer: str, envelope: str | None) -> tuple[Shape, tuple[str, ...]]:
        shape = self.unit.schemas.shape(pointer)
        wrapped = (envelope,) if envelope is not None and envelope in shape.properties else ()
        return self.answers.enter(shape, wrapped), wrapped

    def _place(self, text: Text, shape: Shape, of: str) -> tuple[tuple[str, ...], Shape] | None:
        """A place that names alone lead to, and what stands there."""
        path = self.answers.path(text) or WHOLE
        if not all(isinstance(segment, Name) for segment in path.segments):
            self.reporter.add(map219_reconcile.not_names(text))
            return None
        reached = self.answers.follow(shape, text, path, of)
        if reached.dead is None and reached.shape is None:
            self.reporter.add(map219_reconcile.undescribed(text, of))
        if reached.shape is None:
            return None
        return path.names, reached.shape
