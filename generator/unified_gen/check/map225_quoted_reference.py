"""A reference inside quotes.

References in a query are quoted by the writer of its language. Inside quotes of the mapping, the value would be quoted twice, and a value
with a quote in it would end the text early: callers could change the query. In `templates` a value is inserted unchanged, so inside quotes
it could end a text of JSON. In a clause that is an object, a value is one reference or a text: with quotes around it, the braces are sent.

Wrong: `'project = "{project_id}"'`. Right: `"project = {project_id}"`.
"""

import re
from collections.abc import Iterator
from typing import Any

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.assignments import Assignment, Reference
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, finding

CODE = rule("MAP225", "quoted reference", __doc__)

_QUOTED = re.compile(r"""["']\{[a-z_][\w.]*\}["']""")


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every reference of a query or a template that is inside quotes."""
    for operation in resource.operations:
        for step in operation.requests:
            for assignment in step.every_assignment:
                yield from _quoted(assignment)


def _quoted(assignment: Assignment) -> Iterator[Diagnostic]:
    query = assignment.query
    if query is not None:
        for pieces in (query.text, *(clause.pieces for clause in query.clauses), query.then):
            yield from _inside(pieces, "\"'", f"the writer of `{query.language}` quotes it: remove the quotes")
        for clause in query.ast.all if query.json else ():
            for text in _texts(clause.value.value):
                if _QUOTED.search(text):
                    yield finding(
                        CODE, f"`{text}` is sent as it is: a reference is not inside quotes", clause.span, help="remove the quotes"
                    )
    for pieces in assignment.texts:
        yield from _inside(pieces, '"', "a template inserts the value unchanged: fill the input by `params`, or leave out the quotes")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _inside(pieces: tuple[str | Reference, ...], marks: str, help: str) -> Iterator[Diagnostic]:
    open_mark = ""
    for piece in pieces:
        if isinstance(piece, str):
            for character in piece:
                if character == open_mark:
                    open_mark = ""
                elif not open_mark and character in marks:
                    open_mark = character
        elif open_mark and piece.kind != "columns":
            yield finding(CODE, f"`{piece.text}` is inside quotes", piece.text.span, help=help)
