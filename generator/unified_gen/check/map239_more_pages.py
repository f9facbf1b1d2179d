"""A list whose response reports that there is more, and nothing reads that.

Two properties of responses report that a list is not complete: the token or address of a next page (`nextPageToken`, `@odata.nextLink`),
and a flag (`incomplete_results`, `truncated`). A list without pagination, or at least the largest size of a page, ends after the first
page; without `incomplete_if`, a list that the vendor cut off looks complete. If the vendor never sends the property here, accept it with
the reason: `allow: {MAP239 <operation>: …}`.

Wrong: `pagination: none` where the response has `next_cursor`. Right: a strategy with `next_token: next_cursor`.
"""

from collections.abc import Iterator

from unified_gen.check.names import every_word
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.inner_arguments import inner_argument
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Severity, finding
from unified_openapi.schemas.pagination import NUMBERS, TOKENS, pagination_of
from unified_openapi.schemas.paths import Index
from unified_openapi.schemas.shapes import Schemas, Shape

CODE = rule("MAP239", "more pages than are read", __doc__, Severity.WARNING)

_NEXT = frozenset({"next", "next_link", "next_page", "next_page_token", "next_cursor", "next_url", "next_token", "next_records_url"})
_MORE = frozenset({"has_more", "more", "has_next_page", "more_items_in_collection", "last_page", "is_last", "is_last_page"})
_INCOMPLETE = frozenset({"incomplete", "incomplete_results", "truncated", "is_truncated", "incomplete_search", "partial"})
_AROUND = frozenset({"paging", "pagination", "meta", "links", "response_metadata", "additional_data"})


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every list that ignores the property which reports that there is more."""
    schemas = resource.unit.schemas
    for operation in resource.operations:
        for step in operation.steps:
            yield from _searched(step, schemas)
            response = step.response
            if operation.kind not in ("list", "changes") or response is None or response.items is None:
                continue
            if step.pagination is None:
                mark = _mark(schemas, response.shape, _NEXT | _MORE)
                if mark is None and operation.kind == "list" and (page := _only_first(step, schemas)) is not None:
                    yield _finding(step, f"accepts `{page}` for further pages, and neither is paged nor sets the size of its only page")
                elif mark is not None and _pages(step, schemas):
                    yield _finding(step, f"is not paged, and its response reports by `{mark}` that there is more")
            elif (page := _of_another(step)) is not None:
                yield _finding(step, f"is paged by `{page}`, and its records are in the first element of the list that this pages")
            if response.incomplete_if is None and (flag := _mark(schemas, response.shape, _INCOMPLETE)) is not None:
                yield _finding(step, f"reports by `{flag}` that its response is incomplete, and `incomplete_if` does not read it")


def _searched(step: ResolvedStep, schemas: Schemas) -> Iterator[Diagnostic]:
    """Report a list that a step saves or searches, whose response reports that there is more."""
    pointer = next(
        (pointer for status, media in step.facts.responses.items() if status.startswith("2") for pointer in media.values()), None
    )
    if not step.saved or step.pagination is not None or pointer is None or any(one.incomplete_if is not None for one in step.saved):
        return
    if (mark := _mark(schemas, schemas.shape(pointer), _NEXT | _MORE | _INCOMPLETE)) is not None:
        yield _finding(step, f"reports by `{mark}` that there is more than what is saved, and `incomplete_if` does not read it")


def _pages(step: ResolvedStep, schemas: Schemas) -> bool:
    """Return true if the operation accepts a page, or its response has the address of the next one."""
    pointer = next(iter(step.facts.bodies.values()), None)
    accepted = pagination_of(step.facts, schemas, pointer)
    shape = step.response.shape if step.response is not None else None
    address = shape is not None and any("link" in every_word(name) for name in shape.properties)
    return address or any((accepted.offset, accepted.number, accepted.token))


def _only_first(step: ResolvedStep, schemas: Schemas) -> str | None:
    """Return the input that selects a page, if the operation also has the size of a page and the request fills neither."""
    accepted = pagination_of(step.facts, schemas, None)
    page = accepted.offset or accepted.number or accepted.token or _argument(step, schemas)
    given = {one.target.text.value for one in step.every_assignment}
    return page if (accepted.size is not None or "." in (page or "")) and not given & {*accepted.names, page} else None


def _argument(step: ResolvedStep, schemas: Schemas) -> str | None:
    """Return the argument that selects a page of a field of a GraphQL value, if the records are in this field."""
    names = step.response.items.names if step.response is not None and step.response.items is not None else ()
    for depth in range(len(names), 0, -1):
        for each in sorted(NUMBERS | TOKENS):
            text = ".".join((*names[:depth], each))
            if step.response is not None and inner_argument(schemas, step.response.shape, text) is not None:
                return text
    return None


def _of_another(step: ResolvedStep) -> str | None:
    """Return the input that pages a list of which only the first element is read."""
    pagination, found = step.pagination, step.response.items if step.response is not None else None
    if pagination is None or pagination.param is None or found is None or pagination.operation is not None:
        return None
    outer = pagination.param.text.value.partition(".")[0] not in found.names
    return pagination.param.name if outer and isinstance(next(iter(found.segments), None), Index) else None


def _mark(schemas: Schemas, shape: Shape, names: frozenset[str]) -> str | None:
    for name, pointer in shape.properties.items():
        words = "_".join(word for word in every_word(name) if word != "odata")
        if words in names:
            return name
        if words in _AROUND and (inner := _mark(schemas, schemas.shape(pointer), names)) is not None:
            return f"{name}.{inner}"
    return None


def _finding(step: ResolvedStep, problem: str) -> Diagnostic:
    called = step.ast.operation
    return finding(CODE, f"`{called.value}` {problem}", called.span, help=f"read it, or accept it: `allow: {{MAP239 {called.value}: …}}`")
