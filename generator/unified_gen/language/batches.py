"""Grammar of `batches`: a vendor's batch formats, and the operations of a mapping that use them."""

from __future__ import annotations

from collections.abc import Callable

from unified_gen.language import ast
from unified_gen.language.bindings import LITERALS, pair
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import AnyValue, Choice, IntRange, Kind, ListOf, MapOf, Parsed, String, Transform
from unified_gen.language.names import MapOfNames
from unified_gen.language.objects import Key, MutuallyExclusive, Object, ParsedKeys, Requires
from unified_gen.language.strings import INPUT, NAME, PATH, REGULAR, WORD, is_path
from unified_openapi.schemas.paths import Path, parse_path
from unified_openapi.source.spans import Span, Text

WayDraft = Callable[[Text, Span], ast.BatchStrategy]
BatchDraft = Callable[[Text, Span], ast.Batch]

_ITEM = MapOf(PATH, AnyValue(), pair, "literals by location of an item")


def _is_item_path(text: Text, out: Findings) -> bool:
    return text.value == ast.NUMBER or is_path(text, out)


def _item_path(text: Text) -> ast.PathText:
    return ast.PathText(text.value, text.span, Path(text.value, ()) if text.value == ast.NUMBER else parse_path(text.value))


_MATCH = MapOf(PATH, Parsed(String("a path, or `#`", _is_item_path), _item_path), pair, "locations of an item by path")
_SET = Key(LITERALS, "Literals by input of the batch.")


def _way(got: ParsedKeys, out: Findings) -> WayDraft:
    return lambda name, span: ast.BatchStrategy(
        name=name,
        span=span,
        max_items=got.values["max_items"],
        items=got.values["items"],
        item_constants=got.get("item_constants", ()),
        item_id=got.get("item_id"),
        constants=got.get("constants", ()),
        results=got.get("results"),
        result=got.get("result"),
        match=got.get("match", ()),
        done_if=got.get("done_if"),
        errors=got.get("errors"),
        failed_items=got.get("failed_items", ()),
        error=got.get("error"),
        status=got.get("status"),
        resend_codes=tuple(code.value for code in got.get("resend_codes", ())),
        item_request=got.get("item_request"),
        headers=got.get("headers"),
    )


_WRAPS: Kind[ast.ItemRequest] = Object(
    "a complete request as an item",
    {
        "method": Key(PATH, "The location of its method; in small letters, if the vendor's values are so.", required=True, fatal=True),
        "path": Key(PATH, "The location of its path below the vendor's address, without its query."),
        "url": Key(PATH, "The location of its path and query."),
        "query": Key(
            MapOf(INPUT, PATH, pair, "locations in an item by parameter of the query"),
            "Where parameters of the query are beside `path`; a request with another goes by itself. Texts joined by commas make a list.",
        ),
        "headers": Key(PATH, "The location of its own headers; without it, a request that has some goes by itself."),
        "body": Key(PATH, "The location of its JSON body."),
        "body_root": Key(NAME, "The one name in the body of which only what is below it goes there."),
    },
    lambda got, out: ast.ItemRequest(
        span=got.span,
        method=got.values["method"],
        path=got.get("path"),
        url=got.get("url"),
        query=got.get("query", ()),
        headers=got.get("headers"),
        body=got.get("body"),
        body_root=got.get("body_root"),
    ),
    exclusive=(MutuallyExclusive("url", ("path", "query"), "`url` includes the query, `path` does not"),),
    needs=(Requires("query", ("path",)), Requires("body_root", ("body",))),
)


_WAY: Kind[WayDraft] = Object(
    "a way of taking many at once",
    {
        "max_items": Key(IntRange(2), "The most items that the vendor takes at once.", required=True, fatal=True),
        "items": Key(
            INPUT,
            "The input of the batch for the list of items; an input of type text gets them joined by commas.",
            required=True,
            fatal=True,
        ),
        "item_constants": Key(_ITEM, "Literals by location in an item, for every item that does not hold it."),
        "item_id": Key(PATH, "The location in an item for its number, as text, by which the response refers to it."),
        "constants": _SET,
        "results": Key(
            PATH,
            'Where the response lists the results of the items; `"@"` is all of it. Without it, all are done once the batch succeeded.',
        ),
        "result": Key(PATH, "Where a result holds what the single request would have been returned; without it, it is that."),
        "match": Key(
            _MATCH,
            "Locations of a result, and those of its item that hold the same; without it, results are in the order of the items that did "
            "not fail.",
        ),
        "done_if": Key(PATH, "Predicate of a result whose item is done; all others have failed."),
        "errors": Key(PATH, "Where the response lists failures, separately from results."),
        "failed_items": Key(
            _MATCH, "Locations of a failure, and those of the items that it is about; `#` is the number of an item in its batch, from 0."
        ),
        "error": Key(PATH, "Where a failure holds what the single request would have been returned; without it, it is that."),
        "status": Key(PATH, "Where a failure holds the HTTP status that the single request would have got."),
        "item_request": Key(_WRAPS, "For items that are complete requests of any operation: the location of each part of the request."),
        "headers": Key(PATH, "Where a result holds the headers of the response to the request that its item wraps."),
        "resend_codes": Key(
            ListOf(WORD, "a list of codes"),
            "Codes of failures for which the single request's response has more details: an item that failed so is sent separately.",
        ),
    },
    _way,
    exclusive=(
        MutuallyExclusive("done_if", ("errors", "failed_items"), "failures are in the results or in a list of their own"),
        MutuallyExclusive(
            "item_request",
            ("item_constants", "done_if", "errors", "failed_items", "error"),
            "the response to a complete request has its own status",
        ),
    ),
    needs=(
        Requires("item_request", ("results", "status")),
        Requires("headers", ("item_request",)),
        Requires("errors", ("failed_items",)),
        Requires("failed_items", ("errors",)),
        *(Requires(key, ("results",)) for key in ("result", "match", "done_if")),
    ),
)

WAYS = MapOf(NAME, _WAY, lambda name, draft, span: draft(name, span), "ways by name")


def _batch(got: ParsedKeys, out: Findings) -> BatchDraft:
    return lambda of, span: ast.Batch(
        single=of,
        operation=got.values["operation"],
        span=span,
        strategy=got.get("strategy"),
        item_params=got.get("item_params", ()),
        shared_params=got.get("shared_params", ()),
        body=got.get("body"),
        constants=got.get("constants", ()),
        item_constants=got.get("item_constants", ()),
        only_matching=got.get("only_matching", ()),
    )


def _plain(call: Text, span: Span, out: Findings) -> BatchDraft:
    return lambda of, entire: ast.Batch(single=of, operation=call, span=entire)


_BATCH: Kind[BatchDraft] = Choice(
    "the vendor's batch operation, or a mapping",
    scalar=Transform(WORD, _plain),
    mapping=Object(
        "a batch",
        {
            "operation": Key(WORD, "The vendor's operation that does many at once.", required=True, fatal=True),
            "strategy": Key(NAME, "One of the vendor's ways of taking many at once; without it, `default`."),
            "item_params": Key(
                MapOf(PATH, INPUT, pair, "inputs by location in an item"),
                'Locations of an item, and the inputs of the single request that fill them; `"@"` is the item itself.',
            ),
            "shared_params": Key(
                MapOf(INPUT, INPUT, pair, "inputs of the single request by input of the batch"),
                "Inputs of the batch, and those of the single requests that fill them: requests are batched that agree in them.",
            ),
            "body": Key(PATH, "Where the body of the single request is in its item; without it, it is the item."),
            "constants": _SET,
            "item_constants": Key(
                _ITEM, "Literals by location in an item, for every item; they replace what its request's body holds there."
            ),
            "only_matching": Key(
                MapOf(INPUT, REGULAR, pair, "regular expressions by input of the single request"),
                "What all of an input must match for its request to be batched; another goes by itself.",
            ),
        },
        _batch,
    ),
)

BATCHES = MapOfNames(WORD, _BATCH, lambda of, draft, span: draft(of, span), "batches by the operation that they represent", mark=", ")
