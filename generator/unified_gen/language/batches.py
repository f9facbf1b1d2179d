"""The grammar of `batches`: the ways of a vendor, and which operations of a mapping go by them."""

from __future__ import annotations

from collections.abc import Callable

from unified_gen.language import ast
from unified_gen.language.bindings import LITERALS, pair
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import Choice, Entries, Kind, Several, Then, Whole
from unified_gen.language.objects import Apart, Got, Key, Needs, Object
from unified_gen.language.words import INPUT, NAME, PATH, REGULAR, WORD
from unified_gen.source import Span, Text

WayDraft = Callable[[Text, Span], ast.BatchWay]
BatchDraft = Callable[[Text, Span], ast.Batch]

_MATCH = Entries(PATH, INPUT, pair, "places of an item by path")
_SET = Key(LITERALS, "Literals by input of the batch.")


def _way(got: Got, out: Findings) -> WayDraft:
    return lambda name, span: ast.BatchWay(
        name=name,
        span=span,
        most=got.values["most"],
        items=got.values["items"],
        each=got.get("each", ()),
        mark=got.get("mark"),
        set=got.get("set", ()),
        results=got.get("results"),
        result=got.get("result"),
        match=got.get("match", ()),
        done=got.get("done"),
        errors=got.get("errors"),
        blames=got.get("blames", ()),
        error=got.get("error"),
        status=got.get("status"),
        alone=tuple(code.value for code in got.get("alone", ())),
        wraps=got.get("wraps"),
        headers=got.get("headers"),
    )


_WRAPS: Kind[ast.Wraps] = Object(
    "a whole request as an item",
    {
        "method": Key(PATH, "The place of its method; in small letters, where the vendor's words are so.", required=True, fatal=True),
        "path": Key(PATH, "The place of its path below the vendor's address, where its query stands apart."),
        "url": Key(PATH, "The place of its path and query."),
        "query": Key(
            Entries(INPUT, PATH, pair, "places in an item by parameter of the query"),
            "Where parameters of the query stand beside `path`; a request with another goes by itself. Texts joined by commas make a list.",
        ),
        "headers": Key(PATH, "The place of its own headers; without it, a request that has some goes by itself."),
        "body": Key(PATH, "The place of its JSON body."),
        "below": Key(NAME, "The one name in the body of which only what stands below it goes there."),
    },
    lambda got, out: ast.Wraps(
        span=got.span,
        method=got.values["method"],
        path=got.get("path"),
        url=got.get("url"),
        query=got.get("query", ()),
        headers=got.get("headers"),
        body=got.get("body"),
        below=got.get("below"),
    ),
    apart=(Apart("url", ("path", "query"), "an address has its query or stands apart from it"),),
    needs=(Needs("query", ("path",)), Needs("below", ("body",))),
)


_WAY: Kind[WayDraft] = Object(
    "a way of taking many at once",
    {
        "most": Key(Whole(2), "The most items that the vendor takes at once.", required=True, fatal=True),
        "items": Key(
            INPUT,
            "The input of the batch that takes the list of items; one that takes text gets them joined by commas.",
            required=True,
            fatal=True,
        ),
        "each": Key(LITERALS, "Literals by place in an item, for every item that does not hold it."),
        "mark": Key(PATH, "The place in an item that takes its number, as text, for the answer to refer to."),
        "set": _SET,
        "results": Key(
            PATH, 'Where the answer lists what became of the items; `"@"` is all of it. Without it, all are done once the batch succeeded.'
        ),
        "result": Key(PATH, "Where a result holds what the single request would have been answered; without it, it is that."),
        "match": Key(
            _MATCH,
            "Places of a result, and those of its item that hold the same; without it, results stand in the order of the items that did "
            "not fail.",
        ),
        "done": Key(PATH, "Where a result says that its item is done; one of which that is not true has failed."),
        "errors": Key(PATH, "Where the answer lists failures, apart from results."),
        "blames": Key(
            _MATCH, "Places of a failure, and those of the items that it is about; `#` is the number of an item in its batch, from 0."
        ),
        "error": Key(PATH, "Where a failure holds what the single request would have been answered; without it, it is that."),
        "status": Key(PATH, "Where a failure holds the HTTP status that the single request would have got."),
        "wraps": Key(_WRAPS, "Where an item holds a whole request, of any operation, what of it goes where."),
        "headers": Key(PATH, "Where a result holds the headers of the answer to the request that its item wraps."),
        "alone": Key(
            Several(WORD, "a list of codes"),
            "Codes of failures of which the single request's answer says more: an item that failed so is sent by itself.",
        ),
    },
    _way,
    apart=(
        Apart("done", ("errors", "blames"), "failures are told by the results or apart from them"),
        Apart("wraps", ("each", "done", "errors", "blames", "error"), "the answer to a whole request has a status of its own"),
    ),
    needs=(
        Needs("wraps", ("results", "status")),
        Needs("headers", ("wraps",)),
        Needs("errors", ("blames",)),
        Needs("blames", ("errors",)),
        *(Needs(key, ("results",)) for key in ("result", "match", "done")),
    ),
)

WAYS = Entries(NAME, _WAY, lambda name, draft, span: draft(name, span), "ways by name")


def _batch(got: Got, out: Findings) -> BatchDraft:
    return lambda of, span: ast.Batch(
        of=of,
        call=got.values["call"],
        span=span,
        way=got.get("as"),
        places=got.get("with", ()),
        once=got.get("once", ()),
        body=got.get("body"),
        set=got.get("set", ()),
        each=got.get("each", ()),
        only=got.get("only", ()),
    )


def _plain(call: Text, span: Span, out: Findings) -> BatchDraft:
    return lambda of, whole: ast.Batch(of=of, call=call, span=whole)


_BATCH: Kind[BatchDraft] = Choice(
    "the vendor's batch operation, or a mapping",
    scalar=Then(WORD, _plain),
    mapping=Object(
        "a batch",
        {
            "call": Key(WORD, "The vendor's operation that does many at once.", required=True, fatal=True),
            "as": Key(NAME, "One of the vendor's ways of taking many at once; without it, `default`."),
            "with": Key(
                Entries(INPUT, INPUT, pair, "inputs by place in an item"),
                'Places of an item, and the inputs of the single request that fill them; `"@"` is the item itself.',
            ),
            "once": Key(
                Entries(INPUT, INPUT, pair, "inputs of the single request by input of the batch"),
                "Inputs of the batch, and those of the single requests that fill them: requests are folded that agree in them.",
            ),
            "body": Key(PATH, "Where the body of the single request stands in its item; without it, it is the item."),
            "set": _SET,
            "each": Key(LITERALS, "Literals by place in an item, for every item, whatever its request's body holds there."),
            "only": Key(
                Entries(INPUT, REGULAR, pair, "regular expressions by input of the single request"),
                "What all of an input must match for its request to be folded; another goes by itself.",
            ),
        },
        _batch,
    ),
)

BATCHES = Entries(WORD, _BATCH, lambda of, draft, span: draft(of, span), "batches by the operation that they stand for")
