"""Grammar of `media`: the content that a step uploads."""

from __future__ import annotations

from unified_gen.diagnostics.suggestions import listed
from unified_gen.language import ast
from unified_gen.language.bindings import pair
from unified_gen.language.codecs import FORM_DATA, SESSIONS
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import Choice, IntRange, Kind, MapOf, OneOf, Transform
from unified_gen.language.objects import Key, Object, ParsedKeys
from unified_gen.language.strings import NAME, REFERENCE, WORD
from unified_openapi.source.spans import Text


def _media(got: ParsedKeys, out: Findings) -> ast.Media | None:
    how: Text | None = got.get("protocol")
    session = how is not None and how.value in SESSIONS
    name = how.value if how is not None else "body"
    for key in ("field", "filename"):
        if key in got.keys and name != FORM_DATA:
            out.add("MAP010", f"`{key}` is for `{FORM_DATA}`; this is `{name}`", got.keys[key])
    if name == FORM_DATA and "field" not in got.keys:
        out.add("MAP007", f"`{name}` needs `field`: the property of the form that holds the file", got.span)
    pieces = session and SESSIONS[name].multiple > 0
    for key, fits in (("chunk_bytes", pieces), ("operations", session)):
        if key in got.keys and not fits:
            out.add("MAP010", f"`{key}` is for an upload in a session; this is `{name}`", got.keys[key])
    if pieces and "chunk_bytes" not in got.keys:
        out.add("MAP007", f"`{name}` needs `chunk_bytes`: how many bytes are sent at a time", got.span)
    if session:
        facts, piece = SESSIONS[name], got.get("chunk_bytes")
        if piece is not None and pieces and piece % facts.multiple:
            out.add("MAP010", f"`chunk_bytes` of `{name}` is a multiple of {facts.multiple} bytes", got.keys["chunk_bytes"])
        roles = {role.value for role, _ in got.get("operations", ())}
        if roles != set(facts.roles):
            named = listed(facts.roles) if facts.roles else "none"
            out.add("MAP010", f"the `operations` of `{name}` are {named}", got.keys.get("operations", got.span))
            return None
    return ast.Media(
        input=got.values["input"],
        span=got.span,
        protocol=how,
        max_bytes=got.get("max_bytes"),
        chunk_bytes=got.get("chunk_bytes"),
        content_type=got.get("content_type"),
        field=got.get("field"),
        filename=got.get("filename"),
        operations=got.get("operations", ()),
    )


MEDIA: Kind[ast.Media] = Choice(
    "the name of an input, or a mapping",
    scalar=Transform(NAME, lambda text, span, out: ast.Media(input=text, span=span)),
    mapping=Object(
        "`media`",
        {
            "input": Key(NAME, "The input that holds the content.", required=True, fatal=True),
            "protocol": Key(
                OneOf(("body", "related", FORM_DATA, *SESSIONS)),
                f"How it is sent: `body`, only the content; `related`, after the fields; `{FORM_DATA}`, a file of a form; or a session: "
                f"{', '.join(SESSIONS)}.",
            ),
            "max_bytes": Key(
                IntRange(1), "The most bytes that are sent this way; with `either`, a later alternative sends larger content."
            ),
            "chunk_bytes": Key(IntRange(1), "How many bytes a session sends at a time; as many are held in memory."),
            "content_type": Key(REFERENCE, "The input with the content's media type."),
            "field": Key(WORD, "The property of the form that holds the file."),
            "filename": Key(REFERENCE, "The input with the file's name."),
            "operations": Key(MapOf(WORD, WORD, pair, "operations by role"), "Further operations of the vendor that a session needs."),
        },
        _media,
    ),
)
