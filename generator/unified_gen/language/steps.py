"""Grammar of a step: one request of an operation."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.diagnostics.suggestions import listed, nearest
from unified_gen.language import ast
from unified_gen.language.bindings import EACH, HEADERS, KEEP, LITERALS, MEMBERS, NAMES, SEND, TEXTS, WHERE, WITH, pair
from unified_gen.language.codecs import CHECKSUMS, EXCHANGES
from unified_gen.language.conditions import CONDITION
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import Definitions, Flag, IntRange, Kind, ListOf, MapOf, OneOf, Ref, shortened
from unified_gen.language.media import MEDIA
from unified_gen.language.objects import Key, MutuallyExclusive, Object, ParsedKeys, Requires
from unified_gen.language.queries import QUERIES
from unified_gen.language.reconciliation import RECONCILE
from unified_gen.language.strings import INPUT, NAME, PATH, PREDICATE, REFERENCE, TEMPLATE, TEXT, WORD
from unified_gen.language.tables import EnumValues
from unified_openapi.source.nodes import MappingNode, Node, ScalarNode, SequenceNode
from unified_openapi.source.spans import Json, Literal, Text


def _cursor(got: ParsedKeys, out: Findings) -> ast.SyncToken:
    return ast.SyncToken(
        param=got.get("param"),
        next=got.values["next"],
        span=got.span,
        expired_status=got.get("expired_status"),
        removed_if=got.get("removed_if"),
    )


_CURSOR: Kind[ast.SyncToken] = Object(
    "`cursor`",
    {
        "param": Key(INPUT, "The input for the sync token; without it, `next` is an address, like those of the pages."),
        "next": Key(PATH, "Where the last page holds the next sync token.", required=True, fatal=True),
        "expired_status": Key(IntRange(400, 599), "The status of a response to a token that is too old."),
        "removed_if": Key(PREDICATE, "What is true of a record that is gone."),
    },
    _cursor,
)


def _poll(got: ParsedKeys, out: Findings) -> ast.Poll:
    return ast.Poll(
        until=got.values["until"],
        span=got.span,
        failed_if=got.get("failed_if"),
        message=got.get("message"),
        url_header=got.get("url_header"),
        schema=got.get("schema"),
    )


_POLL: Kind[ast.Poll] = Object(
    "`poll`",
    {
        "until": Key(PREDICATE, "What is true of a response once the work is done.", required=True, fatal=True),
        "failed_if": Key(PREDICATE, "What is true of a response if the work failed."),
        "message": Key(PATH, "Where a failed response has its reason."),
        "url_header": Key(WORD, "The header of the first response with the address to poll; without it the call itself is repeated."),
        "schema": Key(WORD, "The schema of what that address returns."),
    },
    _poll,
    needs=(Requires("url_header", ("schema",)), Requires("schema", ("url_header",)), Requires("message", ("failed_if",))),
)


# ---------------------------------------------------------------------------------------------------------------- through
def _through(got: ParsedKeys, out: Findings) -> ast.Exchange | None:
    name: Text = got.values["name"]
    facts = EXCHANGES[name.value]
    for key, wanted in (("operations", facts.roles), ("params", facts.takes)):
        if {given.value for given, _ in got.get(key, ())} != set(wanted):
            named = listed(wanted) if wanted else "none"
            out.add("MAP010", f"the `{key}` of `{name}` are {named}", got.keys.get(key, got.span))
            return None
    if bool(facts.fills) != ("fills" in got.keys):
        needs = f"needs `fills`: a path of the {facts.fills}" if facts.fills else "does not fill a path"
        out.add("MAP010", f"`{name}` {needs}", got.keys.get("fills", got.span))
        return None
    return ast.Exchange(
        name=name, span=got.span, operations=got.get("operations", ()), params=got.get("params", ()), fills=got.get("fills")
    )


_THROUGH: Kind[ast.Exchange] = Object(
    "`through`",
    {
        "name": Key(OneOf(tuple(EXCHANGES)), f"The exchange: {', '.join(EXCHANGES)}.", required=True, fatal=True),
        "operations": Key(MapOf(WORD, WORD, pair, "operations by role"), "Further operations of the vendor that it needs."),
        "params": Key(MapOf(WORD, REFERENCE, pair, "references by name"), "Its inputs in addition to the request."),
        "fills": Key(INPUT, "The path of the request, or of the response, that it fills."),
    },
    _through,
)


# ----------------------------------------------------------------------------------------------------------------- choose
def _choose(got: ParsedKeys, out: Findings) -> ast.Choice:
    return ast.Choice(by=got.values["by"], span=got.span, named=got.get("named"), present=got.get("present"), usual=got.get("usual", ()))


_CHOOSE: Kind[ast.Choice] = Object(
    "`choose`",
    {
        "by": Key(PATH, "Where an element has its name.", required=True, fatal=True),
        "named": Key(REFERENCE, "A reference to the name that a caller requests: only elements of this name remain, in any case."),
        "present": Key(REFERENCE, "A reference to the name of the present one: it is preferred, so that nothing changes."),
        "usual": Key(ListOf(TEXT, "a list of names"), "Names in order of preference, for several elements of different names."),
    },
    _choose,
)


# ------------------------------------------------------------------------------------------------------------------ steps
_REFERENCE = re.compile(r"\{([^{}:]+)\}")


class _Headers(Struct, frozen=True):
    """`headers` by the kind of their values: references (`{version}`), literals, and texts with references."""

    bindings: tuple[ast.Binding, ...]
    literals: tuple[tuple[Text, Literal], ...]
    texts: tuple[tuple[Text, tuple[Text, ...]], ...]


def _headers(headers: tuple[tuple[Text, Text], ...]) -> _Headers:
    bindings, literals, texts = [], [], []
    for name, value in headers:
        target = replace(name, value=f"header.{name.value}")
        reference = _REFERENCE.fullmatch(value.value)
        if reference is not None:
            bindings.append(ast.Binding(target, Text(reference[1], value.span.part(1, len(reference[1])))))
        elif "{" in value.value:
            texts.append((target, (value,)))
        else:
            literals.append((target, Literal(value.value, value.span)))
    return _Headers(tuple(bindings), tuple(literals), tuple(texts))


def _step(got: ParsedKeys, out: Findings) -> ast.Step:
    headers = _headers(got.get("headers", ()))
    return ast.Step(
        operation=got.values["operation"],
        span=got.span,
        params=(*got.get("params", ()), *headers.bindings),
        constants=(*got.get("constants", ()), *headers.literals),
        defaults=got.get("defaults", ()),
        send=got.get("send"),
        save=got.get("save") or got.get("for_each"),
        each="for_each" in got.keys,
        where=got.get("where", ()),
        not_found=got.get("not_found"),
        incomplete_if=got.get("incomplete_if"),
        condition=got.get("if"),
        queries=got.get("query", ()),
        items=got.get("items"),
        exclude=got.get("exclude"),
        items_key=got.get("items_key"),
        items_inputs=got.get("items_inputs", ()),
        record=got.get("record"),
        pagination=got.get("pagination"),
        envelope=got.get("envelope"),
        requires=got.get("requires", ()),
        local_filters=got.get("local_filters", ()),
        reverse=got.flag("reverse"),
        enums=got.get("enums", ()),
        save_headers=got.get("save_headers", ()),
        sync_token=got.get("sync_token"),
        poll=got.get("poll"),
        media=got.get("media"),
        verify=got.get("verify", ()),
        verify_if=got.get("verify_if"),
        templates=(*got.get("templates", ()), *headers.texts),
        response=got.plain("response"),
        scopes=got.get("scopes", ()),
        reconcile=got.get("reconcile"),
        never_retry=got.get("retry") is not None,
        base64_content=got.get("base64_content"),
        content_url=got.get("content_url"),
        exchange=got.get("exchange"),
        merges=got.get("merge", ()),
        members=got.get("members", ()),
        choose=got.get("choose"),
        current=got.get("current", ()),
        by_member=got.get("by_member", ()),
        protect=got.get("protect", ()),
        extra=got.get("extra", ()),
        repeat=next(iter(got.get("repeat", ())), None),
        custom_fields=got.get("custom_fields"),
    )


CALL, INPUTS, SENT, ALL_FIELDS = "operation", "params", "send", "fields"
_MISSPELT = 0.8
"""Similarity above which a key is a misspelt key of a step: `operatoin`, but not `doTransition`."""


class StepKind(Struct, frozen=True):
    """A step: a mapping, or one of its short forms.

    The name of the vendor's operation is a complete step (`deleteIssue`). In a mapping whose first key is not one of a step, that key is
    the operation and its value the inputs (`getIssue: {issueIdOrKey: created.key}`). `fields`, as one of them or by itself, is
    `send: fields`.
    """

    expected: str = "a step"

    def read(self, node: Node, out: Findings) -> ast.Step | None:
        if isinstance(node, MappingNode) and _names_operation(node):
            operation = shortened(node.entries[0][0].text)
            for key, _ in node.entries:
                if key.text == INPUTS:
                    out.add("MAP010", f"`{INPUTS}` and the value of `{operation}` exclude each other: both are the inputs", key.span)
                    return None
                if key.text == SENT and _fields_sent(node.entries[0][1])[0] is not None:
                    out.add("MAP010", f"`{SENT}` and `{ALL_FIELDS}` beside `{operation}` exclude each other", key.span)
                    return None
        return _STEP.read(long_form(node), out)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        entire = _STEP.schema(definitions)
        properties = entire["properties"]
        assert isinstance(properties, dict)
        definitions["step_keys"] = entire
        others = {name: value for name, value in properties.items() if name not in (CALL, INPUTS)}
        short: Json = {
            "description": "The first key is the vendor's operation, its value the inputs; `fields` sends every field that is given.",
            "type": "object",
            "properties": others,
            "additionalProperties": WITH.schema(definitions),
        }
        return {"anyOf": [WORD.schema(definitions), {"$ref": "#/$defs/step_keys"}, short]}


def long_form(node: Node) -> Node:
    """Return a step as a mapping in which the operation has a key; a node that is not a short form as it is."""
    match node:
        case ScalarNode(value=str()):
            return MappingNode(((_key(CALL, node), node),), node.span)
        case MappingNode(entries=((operation, inputs), *others)) if _names_operation(node):
            name = ScalarNode(operation.text, operation.text, operation.span, operation.plain)
            sent, rest = _fields_sent(inputs)
            given = () if rest is None else ((_key(INPUTS, name), rest),)
            all_fields = () if sent is None else ((_key(SENT, sent), sent),)
            return MappingNode(((_key(CALL, name), name), *given, *all_fields, *others), node.span)
    return node


def _fields_sent(inputs: Node) -> tuple[ScalarNode | None, Node | None]:
    """Return the word `fields` among the inputs of a short form, and the other inputs; None for what is not there."""
    match inputs:
        case ScalarNode(value="fields"):
            return inputs, None
        case SequenceNode(items=items):
            sent = next((item for item in items if isinstance(item, ScalarNode) and item.value == ALL_FIELDS), None)
            others = tuple(item for item in items if item is not sent)
            return sent, replace(inputs, items=others) if others else None
    return None, inputs


def _names_operation(node: MappingNode) -> bool:
    """Return true if the first key of a mapping is the name of an operation: not a key of a step, and not similar to one."""
    if not node.entries or any(key.text == CALL for key, _ in node.entries):
        return False
    first = node.entries[0][0].text
    return first not in _STEP.instead and nearest(first, _STEP.keys, _MISSPELT) is None


def _key(name: str, at: ScalarNode) -> ScalarNode:
    return ScalarNode(name, name, at.span, True)


STEP: Kind[ast.Step] = Ref("step", StepKind)

_STEP: Object[ast.Step] = Object(
    "a step",
    {
        "operation": Key(WORD, "The vendor's operation: its operationId, or `METHOD /path`.", required=True, fatal=True),
        "if": Key(
            CONDITION, "Which inputs must be given for the step to run: `status`, `(email || owner_id) && !text`, `status == 'done'`."
        ),
        "requires": Key(NAMES, "Inputs that the vendor needs though the model does not."),
        "params": Key(
            WITH,
            "References by input of the request; or a bare name: all parts of a composite id, else the input of that name; or a list.",
        ),
        "headers": Key(
            MapOf(WORD, TEMPLATE, pair, "headers by name"),
            'Headers of the request: text with references, such as `{If-Match: "{version}"}`. One with an absent reference is not sent.',
        ),
        "constants": Key(LITERALS, "Literals by input; `extra` cannot change them."),
        "defaults": Key(LITERALS, "Literals by input, which `extra` may change."),
        "send": Key(SEND, "`fields` sends every field that is given, a list only those it names. Nothing given: the step is left out."),
        "merge": Key(
            MapOf(INPUT, REFERENCE, pair, "`vendor` or a reference, by object"),
            "Who merges an object of which an update is given only some parts: `vendor` keeps those that are not sent; or a reference to "
            "the current object that an earlier step saved (`{address: before.address}`), which is sent with the given parts changed.",
        ),
        "members": Key(
            MEMBERS,
            "A list of the body that callers change by member: `{guests: {current: before.guests, key: email, add: add_guests, "
            "remove: remove_guests}}` sends the saved list with these added and removed, and every other element as it is.",
        ),
        "save": Key(KEEP, 'A name for the response (`created`), or for a part of it (`{list: "[0]"}`), that later steps refer to.'),
        "for_each": Key(
            EACH,
            "A name and the path of a list: the later steps are done for each of its elements, which they refer to by that name.",
        ),
        "save_headers": Key(
            HEADERS,
            "Response headers by the name that later steps refer to them by: `{version: ETag}`; or parts of one by a pattern: "
            '`{created: {header: Location, pattern: "*/things/{id}"}}` saves `created.id`.',
        ),
        "where": Key(
            WHERE,
            "The saved list is searched for the first element with these values: references, or `{const: value}`. "
            '`"@"` is the element itself. An object must have them. '
            "Of a `record` that is one element of a list, only those with these values count. "
            "Of `items` in lists (`tables[].fields[]`), only those in an element with these values are read.",
        ),
        "choose": Key(
            _CHOOSE,
            "If several elements match `where`: the one of the requested name, else of the first usual name. Several names that are "
            "neither are an error that lists them.",
        ),
        "not_found": Key(TEMPLATE, "Message if nothing was saved: text with {references}."),
        "current": Key(
            MapOf(NAME, REFERENCE, pair, "references by field"),
            "Current values of fields by field, in what was saved: `add_labels` and `remove_labels` change that list, "
            "`append_description` that text, and text that the codec would lose is not overwritten.",
        ),
        "by_member": Key(NAMES, "Lists of `current` that the vendor changes by member: a new list becomes `add_…` and `remove_…`."),
        "incomplete_if": Key(PATH, "Path that is true in a response that is incomplete: the list would be too, so the operation fails."),
        "protect": Key(
            MapOf(NAME, REFERENCE, pair, "references by list"),
            "By list of `current`: members that a new list does not remove, as the vendor stores other fields by them.",
        ),
        "extra": Key(
            MapOf(NAME, REFERENCE, pair, "references by name"),
            "By name of an object in `extra`: a saved object. What `extra` has under the names of that object goes to this request.",
        ),
        "repeat": Key(
            MapOf(NAME, NAME, pair, "one name and an input", most=1),
            "A name, and a list of the input: the request is sent for each element.",
        ),
        "custom_fields": Key(
            OneOf(("list", "each", "cleared", "written")),
            "The request writes custom fields, which the one that sends the fields does not accept: all in a `list`; or it is sent for "
            "`each` one with a value, or that is `cleared`, as `custom_field` and `custom_field_value` in `params`. `written`: it reads "
            "the record if any were written.",
        ),
        "query": Key(
            QUERIES,
            "Values in the vendor's query language, by input.",
        ),
        "items": Key(PATH, 'Where the response holds the list of records; `"@"` is all of it.'),
        "exclude": Key(PREDICATE, "What is true of records that this list leaves out, and other operations do not."),
        "items_key": Key(NAME, "`items` is an object whose values are the records: fields read their names as this input of the request."),
        "items_inputs": Key(
            MapOf(NAME, PATH, pair, "paths by input", least=1),
            "Paths in each record of a list with the values of `request.` inputs that fields read, in place of those of the request.",
        ),
        "record": Key(PATH, "Where the response holds the one record; without it, all of the response."),
        "pagination": Key(NAME, "One of the vendor's pagination strategies, or `none`; without it the default."),
        "envelope": Key(OneOf(("none",)), "`none`: this step's body and response have no envelope."),
        "local_filters": Key(NAMES, "Filters that the vendor lacks, applied after reading."),
        "reverse": Key(Flag(only=True), "`true`: the list comes complete and in the opposite order, such as oldest first; it is reversed."),
        "enums": Key(
            MapOf(INPUT, EnumValues(), pair, "enum values by input"),
            "The vendor's enum values in this request, by input, if they differ from the field's: `{status: {open: open, done: closed}}`.",
        ),
        "sync_token": Key(_CURSOR, "Sync tokens, for an operation like `changes`."),
        "poll": Key(
            _POLL, "The vendor executes it in the background: the status is polled until it is done, and `save` reads the last response."
        ),
        "media": Key(MEDIA, "The input with the content to upload: its name, if it is the complete body; or `input` and how it is sent."),
        "verify": Key(
            MapOf(OneOf(("size", *CHECKSUMS)), REFERENCE, pair, "references by checksum"),
            f"The vendor's facts about the content, which must match the content itself: {', '.join(('size', *CHECKSUMS))}.",
        ),
        "verify_if": Key(CONDITION, "When the content is compared by `verify`; without it, always."),
        "templates": Key(
            MapOf(INPUT, TEXTS, pair, "texts by input"),
            "Texts with {references} by input; of a list, the first whose references are all given.",
        ),
        "exchange": Key(_THROUGH, "Several requests in an order of their own, in place of the one: an exchange of the runtime."),
        "response": Key(OneOf(("bytes",)), "`bytes`: the response is the content of a file, not a record."),
        "base64_content": Key(PATH, "Beside `response: bytes`, the path of the content in a response in JSON: a text in base64."),
        "content_url": Key(
            REFERENCE,
            "Beside `response: bytes`, the address of the content in a saved response; it is requested, not the operation.",
        ),
        "scopes": Key(
            ListOf(WORD, "a list of scopes"),
            "The scopes that the request needs as this step makes it: of those that the document lets one choose from, if it names any.",
        ),
        "retry": Key(OneOf(("never",)), "`never`: not idempotent, although its method is: it is not sent again."),
        "reconcile": Key(RECONCILE, "How the record of this step is found where its response was lost."),
    },
    _step,
    exclusive=(
        MutuallyExclusive(
            "items", ("record", "response"), "`items` is for lists, `record` for one record, `response: bytes` for no record at all"
        ),
        MutuallyExclusive(
            "poll", ("items", "record", "response", "sync_token", "media", "reconcile"), "a further step reads what the work came to"
        ),
        MutuallyExclusive(
            "save_headers",
            ("items", "response", "sync_token", "poll", "media", "reconcile", "exchange"),
            "the headers of the one response to a plain request are saved",
        ),
        MutuallyExclusive(
            "for_each",
            ("save", "where", "if", "items", "record", "response", "sync_token", "poll", "media", "send", "exchange", "save_headers"),
            "it is a look-up whose elements the later steps are done for",
        ),
        MutuallyExclusive("record", ("response",), "`response: bytes` is not a record"),
        MutuallyExclusive("sync_token", ("record", "response", "send"), "changes are a list that is read"),
    ),
    needs=(
        Requires("where", ("save", "record", "items")),
        Requires("content_url", ("response",)),
        Requires("base64_content", ("response",)),
        Requires("not_found", ("save",)),
        Requires("choose", ("where",)),
        Requires("choose", ("not_found",)),
        Requires("current", ("save",)),
        Requires("by_member", ("current",)),
        Requires("protect", ("current",)),
    ),
    instead={
        "path": "`params`: whether a name is a parameter or a key of the body is found",
        "query_params": "`params` or `constants`",
        "body": "`params`, `constants` or `send`",
        "pick": "`save`, `where` and `not_found`",
        "returns": "a list of steps that ends in `returns`",
        "call": "`operation`",
        "when": "`if`",
        "with": "`params`",
        "set": "`constants`",
        "default": "`defaults`",
        "keep": "`save`",
        "paging": "`pagination`",
        "answer": "`response`",
        "locally": "`local_filters`",
        "hook": "nothing for it yet: a codec or an overlay serves",
    },
)
