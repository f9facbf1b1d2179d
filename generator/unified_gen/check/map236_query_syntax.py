"""A query that is not valid in the vendor's language.

The text before the clauses, each clause and the text behind them are compared with the forms of the language: SOQL's `SELECT … FROM …` and
`ORDER BY …`, a name, an operator and a reference in JQL, OData, SOQL and Google Drive's queries, a qualifier in GitHub's and Zendesk's. The
vendor would reject the request, or search for the words. A boolean is not a value of GitHub's, Gmail's, JQL's, Slack's and Zendesk's
queries: `enums` states the words that `true` and `false` mean. If the language has a form that this rule does not know, accept it with the
reason: `allow: {MAP236 <query>: …}`.

Wrong: `prefix: SELEC Id FROM Account`. Right: `prefix: SELECT Id FROM Account`.
"""

import re
from collections.abc import Iterator, Mapping

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.assignments import Reference, ResolvedQuery
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.source.spans import Span

CODE = rule("MAP236", "malformed query", __doc__)

_VALUE = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Placeholder of a reference."""
_COLUMNS = " Columns"
_OPERAND = rf"(?:{_VALUE}|'[^']*'|\"[^\"]*\"|-?\w[\w.:+-]*|\w+\([^()]*\))"
_NAME = r"[A-Za-z_][\w.]*(?:\[\w+\])?"
_SOQL_TEST = rf"(?:NOT\s+)?{_NAME}\s*(?:!=|<=|>=|=|<|>|\bLIKE\b|\bIN\b|\bNOT IN\b|\bINCLUDES\b)\s*{_OPERAND}"
_JQL_TEST = (
    rf"(?:NOT\s+)?{_NAME}\s*(?:(?:!=|!~|<=|>=|=|<|>|~|\bin\b|\bnot\s+in\b|\bwas\b)\s*"
    rf"(?:{_OPERAND}|\(\s*{_OPERAND}(?:\s*,\s*{_OPERAND})*\s*\))|\bis\s+(?:not\s+)?(?:empty|null))"
)
_ODATA_TEST = (
    rf"(?:not\s+)?(?:{_NAME}(?:/\w+)*\s+(?:eq|ne|gt|ge|lt|le|in)\s+{_OPERAND}|\w+\([^()]*\)(?:\s+(?:eq|ne|gt|ge|lt|le)\s+{_OPERAND})?)"
)
_DRIVE_TEST = rf"(?:not\s+)?(?:{_NAME}\s*(?:!=|<=|>=|=|<|>|\bcontains\b|\bhas\b)\s*{_OPERAND}|{_OPERAND}\s+in\s+{_NAME})"
_SORTED = rf"{_NAME}(?:\s+(?:ASC|DESC))?(?:\s+NULLS\s+(?:FIRST|LAST))?"
_ORDER = rf"ORDER\s+BY\s+{_SORTED}(?:\s*,\s*{_SORTED})*"


def _joined(test: str) -> re.Pattern[str]:
    return re.compile(rf"\(?\s*{test}(?:\s+(?:AND|OR)\s+\(?\s*{test}\s*\)?)*\s*\)?", re.IGNORECASE)


_SUBQUERY = re.compile(
    rf"{_NAME}\s+(?:NOT\s+)?IN\s*\(\s*SELECT\s+{_NAME}\s+FROM\s+\w+(?:\s+WHERE\s+{_joined(_SOQL_TEST).pattern})?\s*\)", re.IGNORECASE
)
_CLAUSES: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "soql": (_joined(_SOQL_TEST), _SUBQUERY),
    "jql": (_joined(_JQL_TEST),),
    "odata": (_joined(_ODATA_TEST),),
    "drive": (_joined(_DRIVE_TEST),),
}
_PREFIXES: Mapping[str, re.Pattern[str]] = {
    "soql": re.compile(
        rf"SELECT\s+[^\s'\"][^'\"]*\sFROM\s+(?:\w+|{_VALUE})(?:\s+WHERE\s+{_joined(_SOQL_TEST).pattern})?\s*", re.IGNORECASE | re.DOTALL
    )
}
_SUFFIXES: Mapping[str, re.Pattern[str]] = {
    "soql": re.compile(
        rf"(?:{_ORDER})?\s*(?:LIMIT\s+(?:\d+|{_VALUE}))?\s*(?:OFFSET\s+(?:\d+|{_VALUE}))?\s*(?:WITH\s+\w+|FOR\s+\w+)?\s*", re.IGNORECASE
    ),
    "jql": re.compile(rf"(?:AND\s+{_joined(_JQL_TEST).pattern}\s*)?(?:{_ORDER})?", re.IGNORECASE),
}
# https://docs.github.com/en/search-github/searching-on-github/searching-issues-and-pull-requests, …/searching-users
_GITHUB = frozenset({
    "is", "in", "type", "repo", "user", "org", "author", "assignee", "mentions", "commenter", "involves", "team", "label", "milestone",
    "project", "state", "reason", "no", "created", "updated", "closed", "merged", "comments", "interactions", "reactions", "language",
    "archived", "draft", "review", "linked", "head", "base", "status", "fullname", "location", "followers", "repos", "sort",
})  # fmt: skip
# https://developer.zendesk.com/documentation/ticketing/using-the-zendesk-api/searching-with-the-zendesk-api/
_ZENDESK = frozenset({
    "created", "updated", "solved", "due_date", "assignee", "submitter", "requester", "subject", "description", "status",
    "custom_status_id", "ticket_type", "priority", "group", "organization", "organization_id", "tags", "via", "commenter", "cc",
    "fieldvalue", "brand", "brand_id", "has_attachment", "form", "recipient", "type", "order_by", "sort", "name", "email",
    "external_id", "phone", "user", "role", "notes", "details", "comment", "satisfaction", "problem_id", "incident_id",
    "ticket_form_id", "group_id", "id", "is_verified", "is_suspended",
})  # fmt: skip
# https://support.google.com/mail/answer/7190
_GMAIL = frozenset({
    "from", "to", "cc", "bcc", "subject", "after", "before", "older", "newer", "older_than", "newer_than", "label", "category", "has",
    "list", "filename", "in", "is", "deliveredto", "size", "larger", "smaller", "rfc822msgid",
})  # fmt: skip
_QUALIFIERS: Mapping[str, frozenset[str]] = {"github": _GITHUB, "gmail": _GMAIL, "zendesk": _ZENDESK}
_WITHOUT_BOOLEANS = frozenset({"github", "gmail", "jql", "slack", "zendesk"})
_QUALIFIER = re.compile(r"(?:^|\s)-?([A-Za-z][\w-]*)(?::|[<>]=?)")


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every part of a query that its language does not allow."""
    for operation in resource.operations:
        for step in operation.requests:
            for assignment in step.assignments:
                if assignment.query is not None:
                    yield from _query(assignment.query)


def _query(query: ResolvedQuery) -> Iterator[Diagnostic]:
    language = query.language
    for pieces, form, span in (
        (query.text, _PREFIXES.get(language), query.ast.prefix),
        (query.then, _SUFFIXES.get(language), query.ast.suffix),
    ):
        for text in _frames(pieces):
            if text.strip() and form is not None and span is not None and not form.fullmatch(text.strip()):
                yield _finding(text, language, span.span)
    for clause in query.clauses:
        for piece in clause.pieces if language in _WITHOUT_BOOLEANS else ():
            if isinstance(piece, Reference) and piece.type is not None and piece.type.kind == "boolean" and piece.carrier is None:
                yield _finding(f"{{{piece.text}}}", language, clause.span)
        forms = _CLAUSES.get(language, ())
        known = _QUALIFIERS.get(language)
        for text in map(str.strip, _frames(clause.pieces, words_only=True)):
            if text != _VALUE and forms and not any(form.fullmatch(text) for form in forms):
                yield _finding(text, language, clause.span)
            for name in _QUALIFIER.findall(text) if known is not None else ():
                if known is not None and name not in known:
                    yield _finding(f"{name}:", language, clause.span)


def _frames(pieces: tuple[str | Reference, ...], *, words_only: bool = False) -> Iterator[str]:
    """Yield a text with each value of the enum that a reference in it has: around the clauses, these are words of the language.

    `words_only`: in a clause, only those of some references are.
    """
    found = [""]
    for piece in pieces:
        own = isinstance(piece, Reference) and piece.carrier is not None and (piece.words or not words_only)
        table = piece.carrier.table if own and isinstance(piece, Reference) and piece.carrier is not None else None
        words = [str(cell.values[0].value) for row in table.rows for cell in row.cells.values() if cell.values] if table is not None else []
        found = [before + word for before in found for word in (words or [_text((piece,))])]
    yield from found


def _text(pieces: tuple[str | Reference, ...]) -> str:
    return "".join(piece if isinstance(piece, str) else _COLUMNS if piece.kind == "columns" else _VALUE for piece in pieces)


def _finding(text: str, language: str, span: Span) -> Diagnostic:
    shown = " ".join(text.replace(_VALUE, "…").replace(_COLUMNS, " …").split())
    return finding(CODE, f"`{shown}` is not valid in {language}", span, help=f"correct it, or accept it: `allow: {{MAP236 {shown}: …}}`")
