"""Grammar of `reconcile`: the lookup of the record of a step whose response was lost."""

from __future__ import annotations

from unified_gen.language import ast
from unified_gen.language.bindings import LITERALS, WHERE, WITH
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import IntRange, Kind, OneOf
from unified_gen.language.objects import Key, Object, ParsedKeys, Requires
from unified_gen.language.queries import QUERIES
from unified_gen.language.strings import PATH, WORD


def _reconcile(got: ParsedKeys, out: Findings) -> ast.Reconcile:
    look = ast.Step(
        operation=got.values["operation"],
        span=got.span,
        params=got.get("params", ()),
        constants=got.get("constants", ()),
        defaults=got.get("defaults", ()),
        queries=got.get("query", ()),
        items=got.get("items"),
        envelope=got.get("envelope"),
    )
    return ast.Reconcile(
        lookup=look,
        span=got.span,
        where=got.get("where", ()),
        created_at=got.get("created_at"),
        response_record=got.get("response_record"),
        visible_within_seconds=got.get("visible_within_seconds"),
        executes_within_seconds=got.get("executes_within_seconds"),
        conflict_on_duplicate=got.get("on_duplicate") is not None,
        by_account=got.get("creator") is not None,
    )


RECONCILE: Kind[ast.Reconcile] = Object(
    "`reconcile`",
    {
        "operation": Key(
            WORD, "The operation that finds the record of a step whose response was lost; it reads.", required=True, fatal=True
        ),
        "params": Key(WITH, "References by input, as in a step."),
        "constants": Key(LITERALS, "Literals by input."),
        "defaults": Key(LITERALS, "What is in the address where the reference is absent, as in a step."),
        "query": Key(QUERIES, "Queries by input, as in a step."),
        "envelope": Key(OneOf(("none",)), "`none`: this response has no envelope."),
        "items": Key(PATH, "Where the response holds the list of records; without it, the response is the one record, or `NotFound`."),
        "where": Key(WHERE, "What a record holds that was made by this step: references by path, or `{const: value}`."),
        "created_at": Key(PATH, "Where a record has its creation time: a record created before the step was sent is another."),
        "response_record": Key(PATH, "Where the record is in the response that was lost; without it, it is the complete response."),
        "creator": Key(OneOf(("account",)), "`account`: the lookup returns only records that the connection's account created."),
        "visible_within_seconds": Key(
            IntRange(0, 3600), "Seconds after which the vendor shows what it executed: for so long a record is looked up."
        ),
        "executes_within_seconds": Key(
            IntRange(1, 3600), "Seconds for which the vendor may still execute the step, also after the connection was closed."
        ),
        "on_duplicate": Key(OneOf(("conflict",)), "`conflict`: the vendor rejects the step as a conflict if it has already executed it."),
    },
    _reconcile,
    needs=(Requires("created_at", ("where",)),),
)
