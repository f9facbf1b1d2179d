"""The grammar of one request of an operation."""

from __future__ import annotations

from unified_gen.codecs import CHECKSUMS, EXCHANGES
from unified_gen.language import ast
from unified_gen.language.bindings import KEEP, LITERALS, NAMES, SEND, TEXTS, WITH, pair
from unified_gen.language.findings import Findings, listed
from unified_gen.language.kinds import Entries, Kind, OneOf, Several, Shared, Whole
from unified_gen.language.media import MEDIA
from unified_gen.language.objects import Apart, Got, Key, Needs, Object
from unified_gen.language.queries import QUERIES
from unified_gen.language.words import CONDITION, INPUT, NAME, PATH, PREDICATE, REFERENCE, TEMPLATE, WORD
from unified_gen.source import Text


def _cursor(got: Got, out: Findings) -> ast.Cursor:
    return ast.Cursor(send=got.get("send"), next=got.values["next"], span=got.span, stale=got.get("stale"), removed=got.get("removed"))


_CURSOR: Kind[ast.Cursor] = Object(
    "`cursor`",
    {
        "send": Key(INPUT, "The input that takes the sync token; without it, `next` is an address, as those of the pages are."),
        "next": Key(PATH, "Where the last page holds the next sync token.", required=True, fatal=True),
        "stale": Key(Whole(400, 599), "The status that says the token is too old."),
        "removed": Key(PREDICATE, "What is true of a record that is gone."),
    },
    _cursor,
)


def _poll(got: Got, out: Findings) -> ast.Poll:
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
        "until": Key(PREDICATE, "What is true of an answer once the work is done.", required=True, fatal=True),
        "failed": Key(PREDICATE, "What is true of an answer if the work failed."),
        "message": Key(PATH, "Where an answer says why it failed."),
        "at": Key(WORD, "The header of the first answer that holds the address to ask; without it the call itself is asked again."),
        "reads": Key(WORD, "The schema of what that address answers."),
    },
    _poll,
    needs=(Needs("at", ("reads",)), Needs("reads", ("at",)), Needs("message", ("failed",))),
)


# ------------------------------------------------------------------------------------------------------------- reconcile
def _reconcile(got: Got, out: Findings) -> ast.Reconcile:
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
    )


_RECONCILE: Kind[ast.Reconcile] = Object(
    "`reconcile`",
    {
        "call": Key(WORD, "The operation that finds the record of a step whose answer was lost; it reads.", required=True, fatal=True),
        "with": Key(WITH, "References by input, as in a step."),
        "set": Key(LITERALS, "Literals by input."),
        "default": Key(LITERALS, "What stands in the address where the reference is absent, as in a step."),
        "query": Key(QUERIES, "Queries by input, as in a step."),
        "envelope": Key(OneOf(("none",)), "`none`: this answer has no envelope."),
        "items": Key(PATH, "Where the answer holds the list of records; without it, the answer is the one record, or `NotFound`."),
        "where": Key(
            Entries(PATH, REFERENCE, pair, "references by path"), "What a record holds that was made by this step: references by path."
        ),
        "since": Key(PATH, "Where a record says when it was made: one made before the step was sent is another."),
        "fills": Key(PATH, "Where the record stands in the answer that was lost; without it, it is the whole answer."),
        "within": Key(
            Whole(0, 3600),
            "Seconds after which the vendor shows all it carried out; without it, that nothing is found proves nothing.",
        ),
        "lasts": Key(
            Whole(1, 3600),
            "Seconds after it was sent at which the vendor is not at the step any more: what a process sent that died is looked for, too.",
        ),
        "twice": Key(OneOf(("conflict",)), "`conflict`: the vendor refuses the step as a conflict where it has carried it out already."),
    },
    _reconcile,
    needs=(Needs("since", ("where",)),),
)


# ---------------------------------------------------------------------------------------------------------------- through
def _through(got: Got, out: Findings) -> ast.Through | None:
    name: Text = got.values["as"]
    facts = EXCHANGES[name.value]
    for key, wanted in (("calls", facts.roles), ("with", facts.takes)):
        if {given.value for given, _ in got.get(key, ())} != set(wanted):
            named = listed(wanted) if wanted else "none"
            out.add("MAP010", f"the `{key}` of `{name}` are {named}", got.keys.get(key, got.span))
            return None
    return ast.Through(name=name, span=got.span, calls=got.get("calls", ()), told=got.get("with", ()))


_THROUGH: Kind[ast.Through] = Object(
    "`through`",
    {
        "as": Key(OneOf(tuple(EXCHANGES)), f"The exchange: {', '.join(EXCHANGES)}.", required=True, fatal=True),
        "calls": Key(Entries(WORD, WORD, pair, "operations by role"), "The vendor's operations that it needs besides `call`."),
        "with": Key(Entries(WORD, REFERENCE, pair, "references by name"), "What it is told besides the request."),
    },
    _through,
)


# ------------------------------------------------------------------------------------------------------------------ steps
def _step(got: Got, out: Findings) -> ast.Step:
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
        paging=got.get("paging"),
        envelope=got.get("envelope"),
        requires=got.get("requires", ()),
        locally=got.get("locally", ()),
        cursor=got.get("cursor"),
        poll=got.get("poll"),
        media=got.get("media"),
        verify=got.get("verify", ()),
        text=got.get("text", ()),
        answer=got.plain("answer"),
        scopes=got.get("scopes", ()),
        reconcile=got.get("reconcile"),
        once=got.get("repeat") is not None,
        through=got.get("through"),
    )


STEP: Kind[ast.Step] = Shared("step", lambda: _STEP)

_STEP: Kind[ast.Step] = Object(
    "a step",
    {
        "call": Key(WORD, "The vendor's operation: its operationId, or `METHOD /path`.", required=True, fatal=True),
        "when": Key(
            CONDITION, "Which inputs must be given for the step to run: `status`, `email || owner_id`, `!parent_id`, `status == 'done'`."
        ),
        "with": Key(
            WITH,
            "References by input of the request; or a bare name: all parts of a composite id, else the input of that name; or a list.",
        ),
        "set": Key(LITERALS, "Literals by input; `extra` cannot change them."),
        "default": Key(LITERALS, "Literals by input, which `extra` may change."),
        "send": Key(SEND, "`fields` sends every field that is given, a list only those it names. Nothing given: the step is left out."),
        "keep": Key(KEEP, 'A name for the answer (`created`), or for a part of it (`{list: "[0]"}`), that later steps refer to.'),
        "where": Key(
            Entries(PATH, REFERENCE, pair, "references by path"),
            'The kept list is searched for the first element with these values; `"@"` is the element itself. An object must have them. '
            "Of a `record` that is one element of a list, it counts those with these values alone.",
        ),
        "missing": Key(TEMPLATE, "What to say if nothing was kept: text with {references}."),
        "more": Key(
            PATH, "Where the answer says that there is more than it holds: what is kept would not be all, so the operation ends there."
        ),
        "query": Key(
            QUERIES,
            "Values in the vendor's query language, by the input that takes them.",
        ),
        "items": Key(PATH, 'Where the answer holds the list of records; `"@"` is all of it.'),
        "keyed": Key(NAME, "`items` is an object whose values are the records: fields read their names as this input of the request."),
        "record": Key(PATH, "Where the answer holds the one record; without it, all of the answer."),
        "paging": Key(NAME, "One of the vendor's ways of paging, or `none`; without it the default."),
        "envelope": Key(OneOf(("none",)), "`none`: this step's body and answer have no envelope."),
        "requires": Key(NAMES, "Inputs that the vendor needs though the model does not."),
        "locally": Key(NAMES, "Filters that the vendor lacks, applied after reading."),
        "cursor": Key(_CURSOR, "Sync tokens, for an operation like `changes`."),
        "poll": Key(_POLL, "The vendor does it in the background: it is asked until that is done, and `keep` is of what it says then."),
        "media": Key(
            MEDIA, "The input that holds the content to upload: its name, if it is the whole body; or `input` and how it is sent."
        ),
        "verify": Key(
            Entries(OneOf(("size", *CHECKSUMS)), REFERENCE, pair, "references by checksum"),
            f"What the vendor tells of the content, which must agree with what came or went: {', '.join(('size', *CHECKSUMS))}.",
        ),
        "text": Key(
            Entries(INPUT, TEXTS, pair, "texts by input"),
            "Texts with {references} by input; of a list, the first whose references are all given.",
        ),
        "through": Key(_THROUGH, "Several requests in an order of their own, in place of the one: an exchange of the runtime."),
        "answer": Key(OneOf(("bytes",)), "`bytes`: the answer is the content of a file, not a record."),
        "scopes": Key(
            Several(WORD, "a list of scopes"),
            "The scopes that the request needs as this step makes it, of those that the document lets one choose from.",
        ),
        "repeat": Key(OneOf(("never",)), "`never`: sent again it would do it again, though its method says otherwise."),
        "reconcile": Key(_RECONCILE, "How the record of this step is found where its answer was lost."),
    },
    _step,
    apart=(
        Apart("items", ("record", "answer"), "`items` is for lists, `record` for one record, `answer: bytes` for no record at all"),
        Apart("poll", ("items", "record", "answer", "cursor", "media", "reconcile"), "a further step reads what the work came to"),
        Apart("record", ("answer",), "`answer: bytes` is no record"),
        Apart("cursor", ("record", "answer", "send"), "changes are a list that is read"),
    ),
    needs=(
        Needs("where", ("keep", "record")),
        Needs("missing", ("keep",)),
        Needs("more", ("keep",)),
        Needs("cursor", ("items",)),
        Needs("keyed", ("items",)),
        Needs("paging", ("items", "keep")),
        Needs("locally", ("items",)),
    ),
    instead={
        "path": "`with`: whether a name is a parameter or a key of the body is found",
        "query_params": "`with` or `set`",
        "body": "`with`, `set` or `send`",
        "headers": "`with` or `set`",
        "pick": "`keep`, `where` and `missing`",
        "returns": "nothing: the answer of the last step is what the operation returns",
        "operation": "`call`",
        "if": "`when`",
        "hook": "nothing for it yet: a codec or an overlay serves",
    },
)
