"""Grammar of `rate_limits` in a vendor's file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from unified_gen.language import ast
from unified_gen.language.bindings import pair
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import Definitions, Flag, IntRange, Kind, ListOf, MapOf, OneOf, refuse
from unified_gen.language.objects import Key, Object, ParsedKeys, Requires
from unified_gen.language.strings import WORD
from unified_openapi.source.nodes import Node, ScalarNode
from unified_openapi.source.spans import Json, Span, Text

LimitDraft = Callable[[Text, Span], ast.Limit]


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def _limit(got: ParsedKeys, out: Findings) -> LimitDraft | None:
    if not {"requests", "max_concurrent", "reported"} & set(got.keys):
        out.add(
            "MAP007",
            "a limit needs `requests`, `max_concurrent` or `reported`",
            got.span,
            help="`reported: true` if only responses have the numbers",
        )
        return None
    amount, seconds = got.get("requests", (None, None))
    if seconds is not None and "per_seconds" in got.keys:
        out.add("MAP010", "`per_seconds` and seconds in `requests` exclude each other", got.keys["per_seconds"])
    if amount is not None and seconds is None and "per_seconds" not in got.keys:
        out.add("MAP010", "`requests` has no effect without seconds", got.keys["requests"], help=f"such as `{amount}/60s`")
    return lambda name, span: ast.Limit(
        name=name,
        span=span,
        requests=amount,
        per_seconds=got.get("per_seconds", seconds),
        operations=got.get("operations", ()),
        methods=got.get("methods", ()),
        partition_by=got.get("partition_by", ()),
        max_concurrent=got.get("max_concurrent"),
        reported=got.flag("reported"),
        shared=got.flag("shared"),
        costs=got.get("costs", ()),
    )


Requests: TypeAlias = tuple[int, int | None]
"""A number of requests, and the seconds in which they may be sent."""
_RATE = re.compile(r"([1-9][0-9]{0,11})/([1-9][0-9]{0,11})s")


class RequestsKind(Struct, frozen=True):
    """A number, or a number and seconds: `100/10s`."""

    expected: str = "a number of requests and seconds (`100/10s`), or a number of requests"

    def read(self, node: Node, out: Findings) -> Requests | None:
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            found = _RATE.fullmatch(node.text)
            if found is not None:
                return int(found[1]), int(found[2])
            refuse(node, self.expected, out)
            return None
        amount = _AMOUNT.read(node, out)
        return None if amount is None else (amount, None)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"anyOf": [_AMOUNT.schema(definitions), {"type": "string", "pattern": f"^{_RATE.pattern}$"}]}


_AMOUNT = IntRange(1)
REQUESTS = RequestsKind()

LIMIT: Kind[LimitDraft] = Object(
    "a limit",
    {
        "requests": Key(REQUESTS, "How many requests, and in how many seconds: `100/10s`; or a number, beside `per_seconds`."),
        "per_seconds": Key(IntRange(1), "In how many seconds."),
        "operations": Key(ListOf(WORD, "a list of operations"), "The operations of the vendor that it holds for; all if there are none."),
        "methods": Key(ListOf(OneOf(METHODS), "a list of HTTP methods"), "The HTTP methods that it holds for; all if there are none."),
        "partition_by": Key(
            ListOf(WORD, "a list of `operation`, parameters and properties of the body"),
            "What is counted for itself: each `operation`, each value of a parameter of the path or query, or of a property of the body.",
        ),
        "max_concurrent": Key(IntRange(1), "How many requests may be under way at the same time."),
        "reported": Key(Flag(only=True), "Responses report this limit: how many requests there are and how many are left."),
        "shared": Key(Flag(only=True), "All connections count together, since the limit is that of the application."),
        "costs": Key(MapOf(WORD, IntRange(1), pair, "whole numbers by operation"), "Operations that count for more than one request."),
    },
    _limit,
    needs=(Requires("per_seconds", ("requests",)), Requires("costs", ("requests",))),
)
