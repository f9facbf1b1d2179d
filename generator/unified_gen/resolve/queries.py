"""Resolver of the queries of a step: clauses in the vendor's query language, with the references in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.diagnostics.codes import map004_unknown_reference, map216_not_compiled
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.language.codecs import FINDS, IDENTIFIERS, JSON, LANGUAGES, OBJECTS
from unified_gen.language.queries import OWN, clause_form, in_language
from unified_gen.language.strings import IDENTIFIER
from unified_gen.resolve.assignments import Assignment, Element, Reference, ResolvedClause, ResolvedObject, ResolvedQuery
from unified_gen.resolve.references import Scope
from unified_gen.resolve.resolved import VendorUnit
from unified_gen.resolve.targets import Namespace
from unified_openapi.source.spans import Literal, Text

_COLUMNS = re.compile(r"\{(columns|custom)\}")
"""References to columns in a query."""
_ONE = re.compile(r"\{[^{}]+\}")
EACH = "[]}"
"""End of a reference to each element of a list."""


def _cuts(language: str) -> tuple[str, ...]:
    """Return the suffixes that may follow a reference in a query."""
    return (IDENTIFIER,) if language in IDENTIFIERS else ()


class QueryResolver(Struct, frozen=True):
    """Resolver of the queries of one step."""

    unit: VendorUnit
    reporter: Reporter
    scope: Scope

    def queries(self, step: ast.Step, names: Namespace, page: Text | None = None) -> Iterator[Assignment]:
        """Yield the input of each query, with its clauses; the first has `page`, the clause that requests the next page."""
        self.scope.paged = page is not None
        for number, given in enumerate(step.queries):
            query = self._in_language(given, page if number == 0 else None)
            if query is None:
                continue
            target = names.find(query.input)
            language = query.language.value
            if language not in (*LANGUAGES, *JSON):
                self.reporter.add(map004_unknown_reference.report(query.language, language, (*LANGUAGES, *JSON)))
            clauses, objects, keys = [], [], list[Reference]()
            for clause in query.all:
                if isinstance(clause.value.value, str) and clause.value.value == f"{{{ast.CUSTOM_FIELDS}}}" and language in FINDS:
                    found = self.scope.resolve(Text(ast.CUSTOM_FIELDS, clause.span), custom_fields=True)
                    clauses += [ResolvedClause((found,), clause.span)] if found is not None else []
                elif isinstance(clause.value.value, str):
                    text = Text(clause.value.value, clause.span)
                    clauses.append(ResolvedClause(self.scope.template(text, ()), clause.span))
                else:
                    references: list[Reference] = []
                    objects.append((self._object(clause.value.value, clause, references, keys), tuple(references)))
            resolved = ResolvedQuery(
                ast=query,
                language=language,
                clauses=tuple(clauses),
                json=tuple(objects),
                keys=tuple(keys),
                text=self._frame(query.prefix, language),
                then=self._frame(query.suffix, language),
            )
            if target is not None:
                yield Assignment(target=target, origin="query", span=query.input.span, query=resolved)

    def _in_language(self, query: ast.Query, page: Text | None) -> ast.Query | None:
        """Return a query with its input and language, which may be those of the vendor, and the clause of the next page."""
        if page is not None:
            own = self.unit.declaration.query
            language = query.language.value if query.language.value != OWN or own is None else own[1].value
            made, wrong = in_language(language, (ast.Clause(Literal(page.value, page.span), page.span),))
            for clause in wrong:
                self.reporter.add(map216_not_compiled.clause(clause.span, language, clause_form(language)))
            query = replace(query, all=(*query.all, *made))
        if query.language.value != OWN:
            return query
        own = self.unit.declaration.query
        if own is None:
            self.reporter.add(map216_not_compiled.query(query.input.span))
            return None
        language = own[1].value
        clauses, wrong = in_language(language, query.all)
        spans = [clause.span for clause in wrong]
        if language in OBJECTS:
            spans += [text.span for text in (query.prefix, query.suffix) if text is not None]
        for span in spans:
            self.reporter.add(map216_not_compiled.clause(span, language, clause_form(language)))
        if spans:
            return None
        return replace(query, input=Text(own[0].value, query.input.span), language=own[1], all=clauses)

    def _frame(self, text: Text | None, language: str) -> tuple[str | Reference, ...]:
        """Return the fixed text of a query.

        `{columns}` is derived by the vendor's `select`, `{custom}` holds only what a caller requests in addition.
        """
        if text is None:
            return ()
        select = self.unit.declaration.select
        if select is None or select.style != "columns":
            return self.scope.template(text, _cuts(language))
        pieces: list[str | Reference] = []
        for number, part in enumerate(_COLUMNS.split(text.value)):
            if number % 2:
                pieces.append(Reference(text=text, kind="columns", name=part, absent=False))
                continue
            pieces += self.scope.template(Text(part, text.span), _cuts(language)) if part else ()
        return tuple(pieces)

    def _object(self, value: Any, clause: ast.Clause, references: list[Reference], keys: list[Reference]) -> Any:
        """Return a clause that is an object: its strings of the form `{reference}` are references, and so are such names.

        The references of values and of names are added to `references` and `keys`.
        """
        if isinstance(value, dict):
            inner = {name: self._object(one, clause, references, keys) for name, one in value.items()}
            return ResolvedObject(tuple((self._reference(name, clause, keys) or name, one) for name, one in inner.items()))
        if isinstance(value, list):
            return [self._object(one, clause, references, keys) for one in value]
        if isinstance(value, str):
            element = self._reference(value.replace(EACH, "}"), clause, references) if value.endswith(EACH) else None
            return Element(element) if element is not None else self._reference(value, clause, references) or value
        return value

    def _reference(self, text: str, clause: ast.Clause, found: list[Reference]) -> Reference | None:
        """Return the reference that a string consists of, and add it to `found`; None if it is another string."""
        reference = self.scope.resolve(Text(text[1:-1], clause.span)) if _ONE.fullmatch(text) else None
        if reference is not None:
            found.append(reference)
        return reference
