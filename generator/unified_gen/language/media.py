"""The content that a step uploads: `media`."""

from __future__ import annotations

from unified_gen.codecs import SESSIONS
from unified_gen.language import ast
from unified_gen.language.bindings import pair
from unified_gen.language.findings import Findings, listed
from unified_gen.language.kinds import Choice, Entries, Kind, OneOf, Then, Whole
from unified_gen.language.objects import Got, Key, Object
from unified_gen.language.words import NAME, REFERENCE, WORD
from unified_gen.source import Text


def _media(got: Got, out: Findings) -> ast.Media | None:
    how: Text | None = got.get("as")
    session = how is not None and how.value in SESSIONS
    name = how.value if how is not None else "body"
    for key in ("piece", "calls"):
        if key in got.keys and not session:
            out.add("MAP010", f"`{key}` is for an upload in a session; this is `{name}`", got.keys[key])
    if session and "piece" not in got.keys:
        out.add("MAP007", f"`{name}` needs `piece`: how many bytes are sent at a time", got.span)
    if session:
        facts, piece = SESSIONS[name], got.get("piece")
        if piece is not None and piece % facts.multiple:
            out.add("MAP010", f"a piece of `{name}` is a multiple of {facts.multiple} bytes", got.keys["piece"])
        roles = {role.value for role, _ in got.get("calls", ())}
        if roles != set(facts.roles):
            named = listed(facts.roles) if facts.roles else "none"
            out.add("MAP010", f"the `calls` of `{name}` are {named}", got.keys.get("calls", got.span))
            return None
    return ast.Media(
        input=got.values["input"],
        span=got.span,
        how=how,
        upto=got.get("upto"),
        piece=got.get("piece"),
        kind=got.get("type"),
        calls=got.get("calls", ()),
    )


MEDIA: Kind[ast.Media] = Choice(
    "the name of an input, or a mapping",
    scalar=Then(NAME, lambda text, span, out: ast.Media(input=text, span=span)),
    mapping=Object(
        "`media`",
        {
            "input": Key(NAME, "The input that holds the content.", required=True, fatal=True),
            "as": Key(
                OneOf(("body", "related", *SESSIONS)),
                f"How it is sent: `body`, the content alone; `related`, behind the fields; or a session: {', '.join(SESSIONS)}.",
            ),
            "upto": Key(Whole(1), "The most bytes that are sent this way; with `either`, a larger content takes a later alternative."),
            "piece": Key(Whole(1), "How many bytes a session sends at a time; as many are held in memory."),
            "type": Key(REFERENCE, "The input that says the content's media type."),
            "calls": Key(Entries(WORD, WORD, pair, "operations by role"), "The vendor's operations that a session needs besides `call`."),
        },
        _media,
    ),
)
