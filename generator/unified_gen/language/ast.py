"""The syntax tree of models, vendors and mappings, exactly as written.

Nothing here has been looked up: a path is still text, an operation still a name. Every part that a
diagnostic may point at carries its span. `unified_gen.language.parse` makes these from YAML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unified_gen.source import Literal, Span, Text

if TYPE_CHECKING:
    from unified_gen.language.oauth import OAuth
    from unified_gen.language.webhooks import Webhooks

NEVER = "never"
"""The word of `clear` that says: the vendor cannot clear this field."""

ANY = "*"
"""The key of `Field.write` for a path that every operation writes."""


# ---------------------------------------------------------------- mappings/models/<resource>.yaml
@dataclass(frozen=True, slots=True)
class Type:
    """The type of a unified value.

    `kind` is one of id, text, markdown, boolean, integer, decimal, date, datetime, email, url, enum, object, bytes.
    `many` makes it a list of that kind. An object has `fields`; a union (`type: date | datetime`) has `arms`.
    """

    kind: str
    many: bool = False
    values: tuple[Text, ...] = ()
    fields: tuple[ModelField, ...] = ()
    arms: tuple[Type, ...] = ()
    record: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelField:
    """One field of a unified record.

    A `computed` field is set by the vendor and is no input. `required` names the operations that need it.
    A field with `label` has a companion `<name>_label` that keeps the vendor's own word. `of` names the
    resource whose ids it holds. `hint` is what a language model is told beside name and type.
    """

    name: Text
    type: Type
    summary: str
    span: Span
    computed: bool = False
    required: frozenset[str] = frozenset()
    label: bool = False
    of: str | None = None
    max_length: int | None = None
    hint: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    """Bounds of a number; both belong to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """An input of an operation that is no field of the record: a filter, an id, a file's content.

    `field` names the field whose values it is compared with, and so whose table or codec a reference to it
    carries (rule 4). `over` lists the fields a text filter looks into when it is applied after reading. `hint` is
    what a language model is told beside name and type.
    """

    name: Text
    type: Type
    summary: str
    span: Span
    required: bool = False
    field: str | None = None
    of: str | None = None
    over: tuple[str, ...] = ()
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOperation:
    """An operation of a resource. `like` is create, get, list, update, delete, or changes; `answer` is bytes where it is no record.

    `synonyms` are other words for it, by which a search finds its tool.
    `fields` are those of the record that it takes, of an operation that writes; None: all that can be written.
    """

    name: Text
    like: str
    summary: str
    span: Span
    inputs: tuple[Input, ...] = ()
    answer: str | None = None
    synonyms: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None

    def takes(self, field: ModelField) -> bool:
        """Whether a field of the record is an input."""
        return self.like in ("create", "update") and not field.computed and (self.fields is None or field.name.value in self.fields)

    @property
    def ids(self) -> tuple[Input, ...]:
        """Inputs that stand before all others, by position: ids that say what is meant, and contents. The others are fields."""
        if self.like in ("list", "changes"):
            return ()
        if self.like in ("create", "update"):
            own = [given for given in self.inputs if given.required and given.type.kind == "id" and not given.type.many]
            return (*own, *(given for given in self.inputs if given.type.kind == "bytes"))
        return self.inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A unified resource: its record and what can be done with it.

    `tokens` is the most its tools may cost a model's context, `synonyms` are other words for a record. `custom` says that accounts add
    fields of their own to it, which a caller can ask for.
    """

    resource: Text
    record: Text
    summary: str
    fields: tuple[ModelField, ...]
    operations: tuple[ModelOperation, ...]
    span: Span
    tokens: int = 600
    synonyms: tuple[str, ...] = ()
    custom: bool = False

    @property
    def word(self) -> str:
        """The word for one of its records, as events say it: `task`, `free_busy`."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.record.value).lower()


# ------------------------------------------------------------ mappings/vendors/<vendor>/vendor.yaml
@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionValue:
    """A value of the connection that servers, steps and links may refer to as `connection.<name>`."""

    name: Text
    summary: str
    span: Span
    required: bool = True
    pattern: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How a credential is sent, where the vendor's document lacks it or has it wrong.

    `type` is basic, bearer, api_key or oauth2. An API key names what it is sent `in` (header or query) and under
    which `name`, with an optional `prefix` (`Bot `).
    """

    name: Text
    type: str
    span: Span
    parameters: tuple[tuple[str, str, str, str], ...] = ()
    """For api_key: (secret, in, name, prefix) for each key sent together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """An input that says which fields the answer shall hold, derived from what is read.

    `style` is paths (dotted leaves), names (the first segment below `root`), braces (`items(id)`), or columns (names
    joined by `separator`, for a query that refers to `{columns}`).
    """

    input: Text
    style: str
    span: Span
    root: str | None = None
    separator: str | None = None
    needed: bool = False
    """An answer holds nothing below `root` but what it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """A way to ask for the next page.

    `style` is token (send what `next` held), offset (count records), page (count pages), link (the Link header's
    `rel=next`), url (the URL that `next` holds) or last (send the last record's `next`, and what stands `beside` it).
    """

    name: Text
    style: str
    span: Span
    send: Text | None = None
    next: Text | None = None
    beside: tuple[tuple[Text, Text], ...] = ()
    """Further inputs, and where the last record holds what they take."""
    size: Text | None = None
    most: int | None = None
    total: Text | None = None
    until: Text | None = None
    more: Text | None = None
    first: int = 0
    within: int | None = None
    """The vendor gives no more than this many records of a list, however many there are."""
    call: Text | None = None
    """The operation that gives further pages, where it is another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Where the vendor's errors hold what a caller needs."""

    span: Span
    failed: Text | None = None
    message: Text | None = None
    code: Text | None = None
    fields: Text | None = None
    fields_below: str | None = None
    fields_are: str = "map"
    """map (name to message), names (a list of names), text (messages that begin with the name)."""
    kinds: tuple[tuple[Text, tuple[str, ...]], ...] = ()
    text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A rate limit for the group of operations named `name`: `amount` requests per `seconds`, None where only answers tell.

    It holds for `calls`, by `methods` where they are given, and is counted for `each` operation and value of a path parameter. `costs`
    says which operations count for more than one request.
    """

    name: Text
    span: Span
    amount: int | None = None
    seconds: int | None = None
    calls: tuple[Text, ...] = ()
    methods: tuple[Text, ...] = ()
    each: tuple[Text, ...] = ()
    concurrent: int | None = None
    told: bool = False
    shared: bool = False
    costs: tuple[tuple[Text, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """How a vendor is reached."""

    name: Text
    title: str
    span: Span
    draft: bool = False
    """Checked and compiled, not yet tested: no part of what is shipped."""
    documentation: str | None = None
    servers: tuple[tuple[Text, Text], ...] = ()
    connection: tuple[ConnectionValue, ...] = ()
    auth: tuple[Scheme, ...] = ()
    headers: tuple[tuple[Text, Text], ...] = ()
    envelope: Text | None = None
    set: tuple[tuple[Text, Literal], ...] = ()
    """Literals of every call that has the input and does not set it itself."""
    select: Select | None = None
    paging: tuple[Paging, ...] = ()
    """In order; one is named `default`."""
    errors: Errors | None = None
    encode: str | None = None
    """form, json or form-json; None leaves it to the document."""
    clear: Literal | None = None
    limits: tuple[Limit, ...] = ()
    oauth: OAuth | None = None
    hosts: tuple[tuple[Text, Text], ...] = ()
    """Other servers that operations stand on, by name. The credential goes there."""
    addresses: tuple[Text, ...] = ()
    """Hosts that answers may lead to, where the credential does not go."""
    arguments: Text | None = None
    """The header that holds the arguments of calls whose body is a content, as JSON."""
    webhooks: Webhooks | None = None
    allow: tuple[tuple[Text, Text], ...] = ()
    """Diagnostics that are accepted in this vendor's files: code (or `code subject`) and the reason."""


# ------------------------------------------------------- mappings/vendors/<vendor>/<resource>.yaml
@dataclass(frozen=True, slots=True)
class CodecUse:
    """`as: name` or `as: {name: argument}`."""

    name: Text
    argument: Literal | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What a table's row says of one column: the vendor's words (the first is written), or `otherwise`."""

    words: tuple[Literal, ...]
    otherwise: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """One unified value and the vendor's words for it: one cell under the column "" for a one-column table."""

    value: Literal
    cells: Mapping[str, Cell]
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    """Words of one side for words of the other. `columns` is empty for a one-column table."""

    rows: tuple[Row, ...]
    columns: tuple[Text, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one element of a list: its constants (`type: work`) and the paths of the others."""

    constants: Mapping[str, Literal]
    paths: Mapping[str, Text]
    span: Span


@dataclass(frozen=True, slots=True)
class Parts:
    """A composite id: its format, and vendor paths with the patterns that yield its parts."""

    format: Text
    sources: tuple[tuple[Text, Text], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """How one unified field stands in the vendor's record and requests."""

    name: Text
    span: Span
    read: Text | None = None
    write: Mapping[str, Text] = field(default_factory=dict)
    """Operation to path; the key `ANY` for all."""
    one: bool = False
    """A list of at most one: `[path]`."""
    codec: CodecUse | None = None
    table: Table | None = None
    label: Text | None = None
    clear: Literal | None = None
    """What None sends; a value of `NEVER` where it cannot be cleared."""
    clears: tuple[tuple[Text, Literal], ...] = ()
    """Places that None is written to instead, with what it sends there."""
    also: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    slots: tuple[Slot, ...] = ()
    each: Text | None = None
    except_: Text | None = None
    """Elements of `each` of which this predicate is true are left out. Such a list is never written."""
    fields: tuple[Field, ...] = ()
    case: tuple[tuple[Text, Text], ...] = ()
    """Type of the arm (`date`) to path."""
    parts: Parts | None = None
    known_read: tuple[Text, ...] = ()
    """Further places of the record that the codec is told when it decodes."""
    known_write: tuple[Text, ...] = ()
    """Further inputs of the caller that it is told when it encodes."""


@dataclass(frozen=True, slots=True)
class Binding:
    """`with`: one input of the request and what it is given; no input: a bare name (all parts of an id)."""

    input: Text | None
    reference: Text


@dataclass(frozen=True, slots=True)
class Keep:
    """`keep: created` names the whole answer; `keep: {list: "[0]"}` a part of it."""

    name: Text
    path: Text | None


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a query: text with `{references}`, or an object (language json) whose strings may be such."""

    value: Literal
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A value in the vendor's query language, put together from clauses whose references are given."""

    input: Text
    language: Text
    span: Span
    text: Text | None = None
    all: tuple[Clause, ...] = ()
    then: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Sync tokens of a `changes` operation; without `send`, `next` is an address that is followed."""

    send: Text | None
    next: Text
    span: Span
    stale: int | None = None
    removed: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """The content that a step uploads, and how.

    `how` is body (the content is the body), related (`multipart/related`, behind the fields) or a session, by the name of its protocol.
    `upto` bytes the step takes at most, `piece` bytes a session sends at a time. `kind` is a reference to the media type, `calls` the
    vendor's further operations that a session needs, by role.
    """

    input: Text
    span: Span
    how: Text | None = None
    upto: int | None = None
    piece: int | None = None
    kind: Text | None = None
    calls: tuple[tuple[Text, Text], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconcile:
    """How a step whose answer was lost is looked for: the request that finds its record, and what tells that record from others.

    `look` calls, binds and lists like any step. `since` is where a record says when it was made, `fills` where it stands in the lost
    answer. Whatever was carried out is shown after `within` seconds; None where the vendor promises nothing. `twice`: the vendor refuses
    the step as a conflict where it has carried it out.
    """

    look: Step
    span: Span
    where: tuple[tuple[Text, Text], ...] = ()
    since: Text | None = None
    fills: Text | None = None
    within: int | None = None
    twice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """Work that the vendor does in the background: the step ends when `until` is true of an answer, and fails when `failed` is.

    With `at`, a header of the first answer holds the address that is asked, and `reads` names the schema of what it answers; without,
    the call itself is asked again. `message` is where an answer says why the work failed.
    """

    until: Text
    span: Span
    failed: Text | None = None
    message: Text | None = None
    at: Text | None = None
    reads: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Through:
    """The exchange that stands in place of a step's one request: its name, further operations by role, references to what it is told."""

    name: Text
    span: Span
    calls: tuple[tuple[Text, Text], ...] = ()
    told: tuple[tuple[Text, Text], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request of an operation."""

    call: Text
    span: Span
    bindings: tuple[Binding, ...] = ()
    set: tuple[tuple[Text, Literal], ...] = ()
    default: tuple[tuple[Text, Literal], ...] = ()
    send: tuple[Text, ...] | None = None
    """Names of fields; empty for `send: fields`; None where the step sends none."""
    keep: Keep | None = None
    where: tuple[tuple[Text, Text], ...] = ()
    missing: Text | None = None
    more: Text | None = None
    """Where a kept answer says that it is not all there is."""
    when: Text | None = None
    queries: tuple[Query, ...] = ()
    items: Text | None = None
    keyed: Text | None = None
    """`items` is an object: its values are the records, and its names stand for this input of the request."""
    record: Text | None = None
    paging: Text | None = None
    """A strategy's name, or `none`; None takes the vendor's default."""
    envelope: Text | None = None
    """`none` switches the vendor's envelope off for this step."""
    requires: tuple[Text, ...] = ()
    locally: tuple[Text, ...] = ()
    cursor: Cursor | None = None
    poll: Poll | None = None
    media: Media | None = None
    verify: tuple[tuple[Text, Text], ...] = ()
    """What the content must agree with: `size` or a checksum's name, and a reference to what the vendor tells of it."""
    text: tuple[tuple[Text, tuple[Text, ...]], ...] = ()
    """By input: templates, of which the first whose references are all given is sent."""
    answer: str | None = None
    reconcile: Reconcile | None = None
    once: bool = False
    """Sent again, it would do it again, though its method says otherwise."""
    through: Through | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """How a unified operation is done: steps in order, or (`either`) the first step whose `when` holds."""

    name: Text
    steps: tuple[Step, ...]
    span: Span
    either: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """How one unified resource stands at one vendor."""

    vendor: str
    resource: Text
    reads: Text
    fields: tuple[Field, ...]
    operations: tuple[Operation, ...]
    span: Span
    except_: Text | None = None
    initial: tuple[tuple[Text, Literal], ...] = ()
    custom: tuple[Text, Text | None] | None = None
    """Pattern of custom names and the open map that holds them (None: the record itself)."""
    gaps: tuple[tuple[Text, Text], ...] = ()
    allow: tuple[tuple[Text, Text], ...] = ()
