"""The grammar of `mappings/vendors/<vendor>/<resource>.yaml`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from unified_gen.codecs import CHECKSUMS, EXCHANGES, SESSIONS
from unified_gen.documents.yaml12 import MappingNode, Node, ScalarNode, SequenceNode, plain
from unified_gen.language import ast
from unified_gen.language.fields import CUSTOM, FIELDS
from unified_gen.language.findings import Findings, every, listed
from unified_gen.language.kinds import Anything, Choice, Definitions, Entries, Kind, OneOf, Several, Shared, Then, Whole
from unified_gen.language.objects import Apart, Got, Key, Needs, Object
from unified_gen.language.vendors import ALLOW, LITERALS, pair
from unified_gen.language.words import CONDITION, INPUT, NAME, PATH, PLACE, PREDICATE, REASON, REFERENCE, TEMPLATE, WORD
from unified_gen.source import Json, Literal, Span, Text

# ---------------------------------------------------------------------------------------------------------- with and keep
Bindings = tuple[ast.Binding, ...]


def _bound(name: Text, reference: Text, span: Span) -> ast.Binding:
    return ast.Binding(name, reference)


_BY_INPUT: Kind[Bindings] = Entries(INPUT, REFERENCE, _bound, "references by input")
_BARE: Kind[Bindings] = Then(NAME, lambda name, span, out: (ast.Binding(None, name),))

_WITH: Kind[Bindings] = Choice(
    "references by input, a name, or a list of both",
    scalar=_BARE,
    sequence=Then(
        Several(Choice("references by input or a name", scalar=_BARE, mapping=_BY_INPUT), "a list of names and inputs"),
        lambda several, span, out: tuple(binding for bindings in several for binding in bindings),
    ),
    mapping=_BY_INPUT,
)

_KEEP: Kind[ast.Keep] = Choice(
    "a name, or a name and a path",
    scalar=Then(NAME, lambda name, span, out: ast.Keep(name, None)),
    mapping=Then(
        Entries(NAME, PATH, lambda name, path, span: ast.Keep(name, path), "one name and its path", most=1),
        lambda kept, span, out: kept[0] if kept else None,
    ),
)

_NAMES = Several(NAME, "a list of names")

_SEND: Kind[tuple[Text, ...]] = Choice(
    "`fields` or a list of names",
    scalar=Then(OneOf(("fields",)), lambda word, span, out: ()),
    sequence=_NAMES,
)


# ---------------------------------------------------------------------------------------------------------------- queries
@dataclass(frozen=True)
class ClauseKind(Kind[ast.Clause]):
    """Text with references, or (language json) an object whose strings may hold such."""

    expected: str = "a clause: text with {references}, or an object"

    def read(self, node: Node, out: Findings) -> ast.Clause | None:
        match node:
            case ScalarNode():
                text = TEMPLATE.read(node, out)
                return None if text is None else ast.Clause(Literal(text.value, text.span), text.span)
            case MappingNode() if node.entries:
                return ast.Clause(Literal(plain(node), node.span), node.span) if self._inner(node, out) else None
        self.refuse(node, out)
        return None

    def _inner(self, node: Node, out: Findings) -> bool:
        match node:
            case MappingNode(entries=entries):
                return every(self._inner(value, out) for _, value in entries)
            case SequenceNode(items=items):
                return every(self._inner(item, out) for item in items)
            case ScalarNode(value=str(), text=text) if text.strip():
                return TEMPLATE.read(node, out) is not None
        return True

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"anyOf": [TEMPLATE.schema(definitions), {"type": "object", "minProperties": 1}]}


QueryDraft = Callable[[Text, Span], ast.Query]


def _query(got: Got, out: Findings) -> QueryDraft | None:
    language: Text = got.values["language"]
    clauses: tuple[ast.Clause, ...] = got.get("all", ())
    for clause in clauses:
        if isinstance(clause.value.value, str) == (language.value == "json"):
            wanted = "an object" if language.value == "json" else "text"
            out.add("MAP010", f"a clause of the language `{language}` is {wanted}", clause.span)
    if language.value == "json":
        for key in ("text", "then"):
            if key in got.keys:
                out.add("MAP010", f"`{key}` is for languages that are text; this is `json`", got.keys[key])
    return lambda name, span: ast.Query(input=name, language=language, span=span, text=got.get("text"), all=clauses, then=got.get("then"))


_QUERY: Kind[QueryDraft] = Object(
    "a query",
    {
        "language": Key(
            WORD, "The query language: it says how values are quoted. `json` puts objects together.", required=True, fatal=True
        ),
        "text": Key(TEMPLATE, "What stands before the clauses: `SELECT {columns} FROM Contact`."),
        "all": Key(
            Several(ClauseKind(), "a list of clauses"),
            "Clauses that all hold. A clause with an absent reference falls away; none left, and the input is not sent.",
        ),
        "then": Key(TEMPLATE, "What stands after the clauses: `ORDER BY created DESC`."),
    },
    _query,
    needs=(Needs("language", ("text", "all", "then")),),
    instead={"any": "only `all`, until a vendor needs alternatives", "where": "`all`", "order": "`then`"},
)


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


# ------------------------------------------------------------------------------------------------------------------ media
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


_MEDIA: Kind[ast.Media] = Choice(
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

_TEXTS: Kind[tuple[Text, ...]] = Choice(
    "text with references, or a list of such texts",
    scalar=Then(TEMPLATE, lambda text, span, out: (text,)),
    sequence=Several(TEMPLATE, "texts with references"),
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
        twice=got.get("twice") is not None,
    )


_RECONCILE: Kind[ast.Reconcile] = Object(
    "`reconcile`",
    {
        "call": Key(WORD, "The operation that finds the record of a step whose answer was lost; it reads.", required=True, fatal=True),
        "with": Key(_WITH, "References by input, as in a step."),
        "set": Key(LITERALS, "Literals by input."),
        "default": Key(LITERALS, "What stands in the address where the reference is absent, as in a step."),
        "query": Key(
            Entries(INPUT, _QUERY, lambda name, draft, span: draft(name, span), "queries by input"), "Queries by input, as in a step."
        ),
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
            _WITH,
            "References by input of the request; or a bare name: all parts of a composite id, else the input of that name; or a list.",
        ),
        "set": Key(LITERALS, "Literals by input; `extra` cannot change them."),
        "default": Key(LITERALS, "Literals by input, which `extra` may change."),
        "send": Key(_SEND, "`fields` sends every field that is given, a list only those it names. Nothing given: the step is left out."),
        "keep": Key(_KEEP, 'A name for the answer (`created`), or for a part of it (`{list: "[0]"}`), that later steps refer to.'),
        "where": Key(
            Entries(PATH, REFERENCE, pair, "references by path"),
            'The kept list is searched for the first element with these values; `"@"` is the element itself. An object must have them.',
        ),
        "missing": Key(TEMPLATE, "What to say if nothing was kept: text with {references}."),
        "more": Key(
            PATH, "Where the answer says that there is more than it holds: what is kept would not be all, so the operation ends there."
        ),
        "query": Key(
            Entries(INPUT, _QUERY, lambda name, draft, span: draft(name, span), "queries by input"),
            "Values in the vendor's query language, by the input that takes them.",
        ),
        "items": Key(PATH, 'Where the answer holds the list of records; `"@"` is all of it.'),
        "keyed": Key(NAME, "`items` is an object whose values are the records: fields read their names as this input of the request."),
        "record": Key(PATH, "Where the answer holds the one record; without it, all of the answer."),
        "paging": Key(NAME, "One of the vendor's ways of paging, or `none`; without it the default."),
        "envelope": Key(OneOf(("none",)), "`none`: this step's body and answer have no envelope."),
        "requires": Key(_NAMES, "Inputs that the vendor needs though the model does not."),
        "locally": Key(_NAMES, "Filters that the vendor lacks, applied after reading."),
        "cursor": Key(_CURSOR, "Sync tokens, for an operation like `changes`."),
        "poll": Key(_POLL, "The vendor does it in the background: it is asked until that is done, and `keep` is of what it says then."),
        "media": Key(
            _MEDIA, "The input that holds the content to upload: its name, if it is the whole body; or `input` and how it is sent."
        ),
        "verify": Key(
            Entries(OneOf(("size", *CHECKSUMS)), REFERENCE, pair, "references by checksum"),
            f"What the vendor tells of the content, which must agree with what came or went: {', '.join(('size', *CHECKSUMS))}.",
        ),
        "text": Key(
            Entries(INPUT, _TEXTS, pair, "texts by input"),
            "Texts with {references} by input; of a list, the first whose references are all given.",
        ),
        "through": Key(_THROUGH, "Several requests in an order of their own, in place of the one: an exchange of the runtime."),
        "answer": Key(OneOf(("bytes",)), "`bytes`: the answer is the content of a file, not a record."),
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
        Needs("where", ("keep",)),
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

# ------------------------------------------------------------------------------------------------------------- operations
Steps = tuple[tuple[ast.Step, ...], bool]


@dataclass(frozen=True)
class OperationKind(Kind[Steps]):
    """One step, a list of steps, or `either` with alternatives."""

    expected: str = "a step, a list of steps, or `either`"

    def read(self, node: Node, out: Findings) -> Steps | None:
        kind: Kind[Steps]
        match node:
            case SequenceNode():
                kind = _STEPS
            case MappingNode(entries=entries) if any(key.text == "either" for key, _ in entries):
                kind = _EITHER
            case MappingNode():
                kind = _ONE
            case _:
                self.refuse(node, out)
                return None
        return kind.read(node, out)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"anyOf": [_ONE.schema(definitions), _STEPS.schema(definitions), _EITHER.schema(definitions)]}


def _alternatives(got: Got, out: Findings) -> Steps | None:
    steps: tuple[ast.Step, ...] = got.values["either"]
    return (steps, True) if steps else None


_ONE: Kind[Steps] = Then(STEP, lambda step, span, out: ((step,), False))
_STEPS: Kind[Steps] = Then(Several(STEP, "a list of steps"), lambda steps, span, out: (steps, False) if steps else None)
_EITHER: Kind[Steps] = Object(
    "`either`",
    {
        "either": Key(
            Several(STEP, "a list of at least two alternatives", least=2),
            "Alternatives: the first step whose `when` holds is done; the last may have none.",
            required=True,
            fatal=True,
        )
    },
    _alternatives,
)

_OPERATIONS = Entries(
    NAME,
    OperationKind(),
    lambda name, steps, span: ast.Operation(name=name, steps=steps[0], span=span, either=steps[1]),
    "operations by name",
)


# --------------------------------------------------------------------------------------------------------------- resource
def _resource(got: Got, out: Findings) -> Callable[[str], ast.Resource]:
    return lambda vendor: ast.Resource(
        vendor=vendor,
        resource=got.values["resource"],
        reads=got.values["reads"],
        fields=got.get("fields", ()),
        operations=got.get("operations", ()),
        span=got.span,
        except_=got.get("except"),
        initial=got.get("initial", ()),
        custom=got.get("custom"),
        gaps=got.get("gaps", ()),
        allow=got.get("allow", ()),
    )


RESOURCE: Object[Callable[[str], ast.Resource]] = Object(
    "a mapping",
    {
        "resource": Key(NAME, "The unified resource that is mapped.", required=True, fatal=True),
        "reads": Key(WORD, "The vendor's schema of one record.", required=True, fatal=True),
        "fields": Key(FIELDS, "How each unified field stands in the vendor's record and requests.", required=True),
        "operations": Key(_OPERATIONS, "How each unified operation is done: a step, a list of steps, or `either`.", required=True),
        "except": Key(PREDICATE, "What is true of the vendor's records that are not of this resource."),
        "initial": Key(Entries(PATH, Anything(), pair, "literals by path"), "Values a new record has unasked."),
        "custom": Key(CUSTOM, "Which of the vendor's names are custom fields."),
        "gaps": Key(
            Entries(PLACE, REASON, pair, "reasons by name"),
            "What the vendor lacks and why: `field`, `field.value`, `operation.field`, `filter.input`, `operation`.",
        ),
        "allow": ALLOW,
    },
    _resource,
    instead={"record": "`reads`", "schema": "`reads`", "tables": "`table` on the field", "unsupported": "`gaps`"},
)
