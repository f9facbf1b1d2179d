"""Grammar of `pagination` in a vendor's file: how the next page of a list is requested."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from unified_gen.diagnostics.suggestions import listed
from unified_gen.language import ast
from unified_gen.language.bindings import pair
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import AnyValue, Choice, Flag, IntRange, Kind, ListOf, MapOf, OneOf, Transform
from unified_gen.language.objects import Key, MutuallyExclusive, Object, ParsedKeys, Requires
from unified_gen.language.strings import INPUT, PATH, TEMPLATE, WORD
from unified_openapi.source.spans import Literal, Span, Text

T = TypeVar("T")

STYLES = {
    "token_param": "token",
    "offset_param": "offset",
    "page_param": "page",
    "last_record_param": "last",
    "last_record_clause": "last",
    "link_header": "link",
    "next_url": "url",
}
"""Pagination styles by the key that selects each."""


_BY_TOKEN = ("token_param", "last_record_param", "last_record_clause")
"""Styles that need `next_token`."""

PaginationDraft = Callable[[Text, Span], ast.Pagination]


def _pagination(got: ParsedKeys, out: Findings) -> PaginationDraft | None:
    styles = [style for style in STYLES if style in got.keys]
    if not styles:
        out.add("MAP007", "a pagination strategy needs a style", got.span, help=f"one of {listed(STYLES)}")
        return None
    style = styles[0]
    if style not in got.values:
        return None
    several: tuple[tuple[Text, ast.PathText], ...] = got.get("last_record_param") if isinstance(got.get("last_record_param"), tuple) else ()
    if several and "next_token" in got.keys:
        out.add("MAP010", "`last_record_param` with several inputs has the path for each of them", got.keys["next_token"])
        return None
    token, following = got.get("token_param", (None, None))
    if following is not None and "next_token" in got.keys:
        out.add("MAP010", "`next_token` and a path in `token_param` exclude each other", got.keys["next_token"])
        return None
    clause: Text | None = got.get("last_record_clause")
    if clause is not None and clause.value.count("{cursor}") != 1:
        out.add("MAP002", "expected a clause with `{cursor}`, such as `id GT {cursor}`", clause.span)
        return None
    if style in (*_BY_TOKEN,) and not several and following is None and "next_token" not in got.keys:
        out.add(
            "MAP007",
            f"pagination by `{style}` needs `next_token`",
            got.keys[style],
            help=f"`next_token`: {_PAGINATION_KEYS['next_token'].summary}",
        )
        return None
    if style in ("link_header", "next_url") and not {"added_params", "allow_subpaths"} & got.keys.keys():
        out.add(
            "MAP007",
            f"pagination by `{style}` needs `added_params` or `allow_subpaths`",
            got.keys[style],
            help=f"`added_params`: {_PAGINATION_KEYS['added_params'].summary}",
        )
        return None
    first: Literal | None = got.get("start_at")
    if first is not None and style in ("offset_param", "page_param") and not (type(first.value) is int and first.value >= 0):
        out.add("MAP002", "expected a whole number, 0 or more", first.span)
        return None
    if several:
        named, following = several[0]
    else:
        named, following = token if style == "token_param" else got.values[style], got.get("next_token", following)
    size, most = got.get("page_size_param", (None, None))
    if most is not None and "max_page_size" in got.keys:
        out.add("MAP010", "`max_page_size` and a number in `page_size_param` exclude each other", got.keys["max_page_size"])
    addressed = style in ("link_header", "next_url")
    return lambda name, span: ast.Pagination(
        name=name,
        style=STYLES[style],
        span=span,
        param=None if addressed or clause is not None else named,
        next=following if not addressed else got.get("next_url"),
        further=several[1:],
        clause=clause,
        page_size_param=size,
        max_page_size=got.get("max_page_size", most),
        total=got.get("total"),
        last_page_if=got.get("last_page_if"),
        more_if=got.get("more_if"),
        start_at=first.value if first is not None and isinstance(first.value, int) else 0,
        start_token=first if style == "token_param" else None,
        max_records=got.get("max_records"),
        operation=got.get("operation"),
        lowest=bool(got.get("lowest_record", False)),
        added_params=tuple(got.get("added_params", ())),
        allow_subpaths=bool(got.get("allow_subpaths", False)),
    )


def _with_value(value: Kind[T], expected: str) -> Kind[tuple[Text, T | None]]:
    """Return an input, or one input and a value."""
    return Choice(
        f"an input, or {expected}",
        scalar=Transform(INPUT, lambda name, span, out: (name, None)),
        mapping=Transform(MapOf(INPUT, value, pair, expected, most=1), lambda found, span, out: found[0] if found else None),
    )


_PAGINATION_KEYS = {
    "token_param": Key(
        _with_value(PATH, "an input and the path of the next token"),
        "The input for the token that `next_token` held; or that input and the path: `{cursor: meta.next}`.",
    ),
    "offset_param": Key(INPUT, "The input for the number of records to skip."),
    "page_param": Key(INPUT, "The input for the number of the page."),
    "last_record_param": Key(
        Choice("an input, or paths by input", scalar=INPUT, mapping=MapOf(INPUT, PATH, pair, "paths by input")),
        "The input for `next_token` of the last record; or several inputs, each with its path in the last record.",
    ),
    "last_record_clause": Key(
        TEMPLATE,
        "A clause of the step's `query` with `{cursor}`, which is `next_token` of the last record: `id GT {cursor}`.",
    ),
    "lowest_record": Key(
        Flag(),
        "Whether the next page begins behind the record with the lowest `next_token`, wherever it is; the last page is not full.",
    ),
    "link_header": Key(OneOf(("next",)), "`next`: the `Link` header's `rel=next` holds the next page's address."),
    "next_url": Key(PATH, "Where the response holds the next page's address."),
    "added_params": Key(
        ListOf(INPUT, "a list of query parameters"),
        "The query parameters that the next page's address may have beside the list's own, such as `page`. All others are left out.",
    ),
    "allow_subpaths": Key(
        Flag(), "Whether the next page's address may have a path below the list's; without it, the path is the list's own."
    ),
    "next_token": Key(
        PATH,
        "Where the response holds the token of the next page; with `last_record_param` and `last_record_clause`, where a record holds it.",
    ),
    "page_size_param": Key(
        _with_value(IntRange(1), "an input and the largest page size"),
        "The input for the page size; or that input and the largest size that the vendor accepts: `{limit: 100}`.",
    ),
    "max_page_size": Key(IntRange(1), "The largest page size the vendor accepts."),
    "total": Key(PATH, "Where the response holds how many records there are."),
    "last_page_if": Key(PATH, "Predicate of the response of the last page."),
    "more_if": Key(PATH, "Predicate of a response that another page follows."),
    "max_records": Key(
        IntRange(1),
        "The most records of a list that the vendor returns; requesting more is an error that states it, never a silent end.",
    ),
    "operation": Key(WORD, "The operation of further pages, if it is another one: its only input is the token."),
    "start_at": Key(
        AnyValue(scalar=True),
        "The number of the first page, or the first offset, 0 by default; with `token_param`, the token of the first page, such as `*`.",
    ),
}

PAGINATION: Kind[PaginationDraft] = Object(
    "a pagination strategy",
    _PAGINATION_KEYS,
    _pagination,
    exclusive=(
        *(
            MutuallyExclusive(style, tuple(STYLES)[number + 1 :], "a pagination strategy has one style")
            for number, style in enumerate(tuple(STYLES)[:-1])
        ),
        MutuallyExclusive(
            "next_token",
            ("offset_param", "page_param", "link_header", "next_url"),
            "only `token_param`, `last_record_param` and `last_record_clause` use `next_token`",
        ),
        MutuallyExclusive(
            "max_records",
            ("page_param", "last_record_param", "last_record_clause", "next_url"),
            "only an `offset_param`, a `token_param` that counts records, and a `link_header` that ends there, can report the end",
        ),
        MutuallyExclusive(
            "operation",
            ("offset_param", "page_param", "last_record_param", "last_record_clause", "link_header", "next_url"),
            "only a `token_param` identifies the list",
        ),
        MutuallyExclusive(
            "start_at",
            ("last_record_param", "last_record_clause", "link_header", "next_url"),
            "only offsets, pages and tokens have a first value",
        ),
        MutuallyExclusive(
            "added_params",
            ("token_param", "offset_param", "page_param", "last_record_param", "last_record_clause"),
            "only `link_header` and `next_url` follow an address",
        ),
        MutuallyExclusive(
            "allow_subpaths",
            ("token_param", "offset_param", "page_param", "last_record_param", "last_record_clause"),
            "only `link_header` and `next_url` follow an address",
        ),
    ),
    needs=(
        Requires("max_page_size", ("page_size_param",)),
        Requires("max_records", ("total",)),
        Requires("lowest_record", ("last_record_param",)),
        Requires("lowest_record", ("page_size_param",)),
    ),
)
