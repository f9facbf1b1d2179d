"""Grammar of a step: one request of an operation."""

from __future__ import annotations

from unified_gen.diagnostics.suggestions import listed
from unified_gen.language import ast
from unified_gen.language.bindings import HEADERS, KEEP, LITERALS, NAMES, SEND, TEXTS, WHERE, WITH, pair
from unified_gen.language.codecs import CHECKSUMS, EXCHANGES
from unified_gen.language.conditions import CONDITION
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import Flag, IntRange, Kind, ListOf, MapOf, OneOf, Ref
from unified_gen.language.media import MEDIA
from unified_gen.language.objects import Key, MutuallyExclusive, Object, ParsedKeys, Requires
from unified_gen.language.queries import QUERIES
from unified_gen.language.strings import INPUT, NAME, PATH, PREDICATE, REFERENCE, TEMPLATE, WORD
from unified_gen.language.tables import EnumValues
from unified_openapi.source.spans import Text


def _cursor(got: ParsedKeys, out: Findings) -> ast.Cursor:
    return ast.Cursor(send=got.get("send"), next=got.values["next"], span=got.span, stale=got.get("stale"), removed=got.get("removed"))


_CURSOR: Kind[ast.Cursor] = Object(
    "`cursor`",
    {
        "send": Key(INPUT, "The input for the sync token; without it, `next` is an address, like those of the pages."),
        "next": Key(PATH, "Where the last page holds the next sync token.", required=True, fatal=True),
        "stale": Key(IntRange(400, 599), "The status of a response to a token that is too old."),
        "removed": Key(PREDICATE, "What is true of a record that is gone."),
    },
    _cursor,
)


def _poll(got: ParsedKeys, out: Findings) -> ast.Poll:
    return ast.Poll(
        until=got.values["until"],
        span=got.span,
        failed=got.get("failed"),
        message=got.get("message"),
        at=got.get("at"),
        reads=got.get("reads"),
    )


_POLL: Kind[ast.Poll] = Object(
    "`poll`",
    {
        "until": Key(PREDICATE, "What is true of a response once the work is done.", required=True, fatal=True),
        "failed": Key(PREDICATE, "What is true of a response if the work failed."),
        "message": Key(PATH, "Where a failed response has its reason."),
        "at": Key(WORD, "The header of the first response with the address to poll; without it the call itself is repeated."),
        "reads": Key(WORD, "The schema of what that address returns."),
    },
    _poll,
    needs=(Requires("at", ("reads",)), Requires("reads", ("at",)), Requires("message", ("failed",))),
)


# ------------------------------------------------------------------------------------------------------------- reconcile
def _reconcile(got: ParsedKeys, out: Findings) -> ast.Reconcile:
    look = ast.Step(
        call=got.values["call"],
        span=got.span,
        bindings=got.get("with", ()),
        set=got.get("set", ()),
        default=got.get("default", ()),
        queries=got.get("query", ()),
        items=got.get("items"),
        envelope=got.get("envelope"),
    )
    return ast.Reconcile(
        look=look,
        span=got.span,
        where=got.get("where", ()),
        since=got.get("since"),
        fills=got.get("fills"),
        within=got.get("within"),
        lasts=got.get("lasts"),
        twice=got.get("twice") is not None,
        own=got.get("creator") is not None,
    )


_RECONCILE: Kind[ast.Reconcile] = Object(
    "`reconcile`",
    {
        "call": Key(WORD, "The operation that finds the record of a step whose response was lost; it reads.", required=True, fatal=True),
        "with": Key(WITH, "References by input, as in a step."),
        "set": Key(LITERALS, "Literals by input."),
        "default": Key(LITERALS, "What is in the address where the reference is absent, as in a step."),
        "query": Key(QUERIES, "Queries by input, as in a step."),
        "envelope": Key(OneOf(("none",)), "`none`: this response has no envelope."),
        "items": Key(PATH, "Where the response holds the list of records; without it, the response is the one record, or `NotFound`."),
        "where": Key(WHERE, "What a record holds that was made by this step: references by path, or `{const: value}`."),
        "since": Key(PATH, "Where a record has its creation time: a record created before the step was sent is another."),
        "fills": Key(PATH, "Where the record is in the response that was lost; without it, it is the complete response."),
        "creator": Key(OneOf(("account",)), "`account`: the lookup returns only records that the connection's account created."),
        "within": Key(IntRange(0, 3600), "Seconds after which the vendor shows what it executed: for so long a record is looked up."),
        "lasts": Key(IntRange(1, 3600), "Seconds for which the vendor may still execute the step, also after the connection was closed."),
        "twice": Key(OneOf(("conflict",)), "`conflict`: the vendor rejects the step as a conflict if it has already executed it."),
    },
    _reconcile,
    needs=(Requires("since", ("where",)),),
)


# ---------------------------------------------------------------------------------------------------------------- through
def _through(got: ParsedKeys, out: Findings) -> ast.Through | None:
    name: Text = got.values["as"]
    facts = EXCHANGES[name.value]
    for key, wanted in (("calls", facts.roles), ("with", facts.takes)):
        if {given.value for given, _ in got.get(key, ())} != set(wanted):
            named = listed(wanted) if wanted else "none"
            out.add("MAP010", f"the `{key}` of `{name}` are {named}", got.keys.get(key, got.span))
            return None
    return ast.Through(name=name, span=got.span, calls=got.get("calls", ()), inputs=got.get("with", ()))


_THROUGH: Kind[ast.Through] = Object(
    "`through`",
    {
        "as": Key(OneOf(tuple(EXCHANGES)), f"The exchange: {', '.join(EXCHANGES)}.", required=True, fatal=True),
        "calls": Key(MapOf(WORD, WORD, pair, "operations by role"), "Further operations of the vendor that it needs."),
        "with": Key(MapOf(WORD, REFERENCE, pair, "references by name"), "Its inputs in addition to the request."),
    },
    _through,
)


# ------------------------------------------------------------------------------------------------------------------ steps
def _step(got: ParsedKeys, out: Findings) -> ast.Step:
    return ast.Step(
        call=got.values["call"],
        span=got.span,
        bindings=got.get("with", ()),
        set=got.get("set", ()),
        default=got.get("default", ()),
        send=got.get("send"),
        keep=got.get("keep"),
        where=got.get("where", ()),
        missing=got.get("missing"),
        more=got.get("more"),
        when=got.get("when"),
        queries=got.get("query", ()),
        items=got.get("items"),
        keyed=got.get("keyed"),
        record=got.get("record"),
        pagination=got.get("paging"),
        envelope=got.get("envelope"),
        requires=got.get("requires", ()),
        locally=got.get("locally", ()),
        reverse=got.flag("reverse"),
        enums=got.get("enums", ()),
        headers=got.get("save_headers", ()),
        cursor=got.get("cursor"),
        poll=got.get("poll"),
        media=got.get("media"),
        verify=got.get("verify", ()),
        text=got.get("text", ()),
        response=got.plain("answer"),
        scopes=got.get("scopes", ()),
        reconcile=got.get("reconcile"),
        once=got.get("repeat") is not None,
        through=got.get("through"),
    )


STEP: Kind[ast.Step] = Ref("step", lambda: _STEP)

_STEP: Kind[ast.Step] = Object(
    "a step",
    {
        "call": Key(WORD, "The vendor's operation: its operationId, or `METHOD /path`.", required=True, fatal=True),
        "when": Key(
            CONDITION, "Which inputs must be given for the step to run: `status`, `(email || owner_id) && !text`, `status == 'done'`."
        ),
        "requires": Key(NAMES, "Inputs that the vendor needs though the model does not."),
        "with": Key(
            WITH,
            "References by input of the request; or a bare name: all parts of a composite id, else the input of that name; or a list.",
        ),
        "set": Key(LITERALS, "Literals by input; `extra` cannot change them."),
        "default": Key(LITERALS, "Literals by input, which `extra` may change."),
        "send": Key(SEND, "`fields` sends every field that is given, a list only those it names. Nothing given: the step is left out."),
        "keep": Key(KEEP, 'A name for the response (`created`), or for a part of it (`{list: "[0]"}`), that later steps refer to.'),
        "save_headers": Key(
            HEADERS,
            "Response headers by the name that later steps refer to them by: `{version: ETag}`; or parts of one by a pattern: "
            '`{created: {header: Location, pattern: "*/things/{id}"}}` saves `created.id`.',
        ),
        "where": Key(
            WHERE,
            "The saved list is searched for the first element with these values: references, or `{const: value}`. "
            '`"@"` is the element itself. An object must have them. '
            "Of a `record` that is one element of a list, only those with these values count.",
        ),
        "missing": Key(TEMPLATE, "Message if nothing was saved: text with {references}."),
        "more": Key(PATH, "Predicate of a response that is incomplete: the saved list would be too, so the operation fails."),
        "query": Key(
            QUERIES,
            "Values in the vendor's query language, by input.",
        ),
        "items": Key(PATH, 'Where the response holds the list of records; `"@"` is all of it.'),
        "keyed": Key(NAME, "`items` is an object whose values are the records: fields read their names as this input of the request."),
        "record": Key(PATH, "Where the response holds the one record; without it, all of the response."),
        "paging": Key(NAME, "One of the vendor's pagination strategies, or `none`; without it the default."),
        "envelope": Key(OneOf(("none",)), "`none`: this step's body and response have no envelope."),
        "locally": Key(NAMES, "Filters that the vendor lacks, applied after reading."),
        "reverse": Key(Flag(only=True), "`true`: the list comes complete and in the opposite order, such as oldest first; it is reversed."),
        "enums": Key(
            MapOf(NAME, EnumValues(), pair, "enum values by input"),
            "The vendor's enum values in this request, by input, if they differ from the field's: `{status: {open: open, done: closed}}`.",
        ),
        "cursor": Key(_CURSOR, "Sync tokens, for an operation like `changes`."),
        "poll": Key(
            _POLL, "The vendor executes it in the background: the status is polled until it is done, and `keep` reads the last response."
        ),
        "media": Key(MEDIA, "The input with the content to upload: its name, if it is the complete body; or `input` and how it is sent."),
        "verify": Key(
            MapOf(OneOf(("size", *CHECKSUMS)), REFERENCE, pair, "references by checksum"),
            f"The vendor's facts about the content, which must match the content itself: {', '.join(('size', *CHECKSUMS))}.",
        ),
        "text": Key(
            MapOf(INPUT, TEXTS, pair, "texts by input"),
            "Texts with {references} by input; of a list, the first whose references are all given.",
        ),
        "through": Key(_THROUGH, "Several requests in an order of their own, in place of the one: an exchange of the runtime."),
        "answer": Key(OneOf(("bytes",)), "`bytes`: the response is the content of a file, not a record."),
        "scopes": Key(
            ListOf(WORD, "a list of scopes"),
            "The scopes that the request needs as this step makes it, of those that the document lets one choose from.",
        ),
        "repeat": Key(OneOf(("never",)), "`never`: not idempotent, although its method is: it is not sent again."),
        "reconcile": Key(_RECONCILE, "How the record of this step is found where its response was lost."),
    },
    _step,
    exclusive=(
        MutuallyExclusive(
            "items", ("record", "answer"), "`items` is for lists, `record` for one record, `answer: bytes` for no record at all"
        ),
        MutuallyExclusive(
            "poll", ("items", "record", "answer", "cursor", "media", "reconcile"), "a further step reads what the work came to"
        ),
        MutuallyExclusive(
            "save_headers",
            ("items", "answer", "cursor", "poll", "media", "reconcile", "through"),
            "the headers of the one response to a plain request are saved",
        ),
        MutuallyExclusive("record", ("answer",), "`answer: bytes` is not a record"),
        MutuallyExclusive("cursor", ("record", "answer", "send"), "changes are a list that is read"),
    ),
    needs=(
        Requires("where", ("keep", "record")),
        Requires("missing", ("keep",)),
        Requires("more", ("keep",)),
        Requires("cursor", ("items",)),
        Requires("keyed", ("items",)),
        Requires("reverse", ("items",)),
        Requires("paging", ("items", "keep")),
        Requires("locally", ("items",)),
    ),
    instead={
        "path": "`with`: whether a name is a parameter or a key of the body is found",
        "query_params": "`with` or `set`",
        "body": "`with`, `set` or `send`",
        "headers": "`with` or `set`",
        "pick": "`keep`, `where` and `missing`",
        "returns": "nothing: the response of the last step is what the operation returns",
        "operation": "`call`",
        "if": "`when`",
        "hook": "nothing for it yet: a codec or an overlay serves",
    },
)
