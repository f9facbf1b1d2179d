"""The requests of an operation: `operations` of a mapping."""

from __future__ import annotations

from msgspec import Struct

from unified_gen.source import Literal, Span, Text


class Binding(Struct, frozen=True):
    """`with`: one input of the request and what it is given; no input: a bare name (all parts of an id)."""

    input: Text | None
    reference: Text


class Keep(Struct, frozen=True):
    """`keep: created` names the whole answer; `keep: {list: "[0]"}` a part of it."""

    name: Text
    path: Text | None


class Clause(Struct, frozen=True):
    """One clause of a query: text with `{references}`, or an object (language json) whose strings may be such."""

    value: Literal
    span: Span


class Query(Struct, frozen=True, kw_only=True):
    """A value in the vendor's query language, put together from clauses whose references are given."""

    input: Text
    language: Text
    span: Span
    text: Text | None = None
    all: tuple[Clause, ...] = ()
    then: Text | None = None


class Cursor(Struct, frozen=True, kw_only=True):
    """Sync tokens of a `changes` operation; without `send`, `next` is an address that is followed."""

    send: Text | None
    next: Text
    span: Span
    stale: int | None = None
    removed: Text | None = None


class Media(Struct, frozen=True, kw_only=True):
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


class Reconcile(Struct, frozen=True, kw_only=True):
    """How a step whose answer was lost is looked for: the request that finds its record, and what tells that record from others.

    `look` calls, binds and lists like any step. `since` is where a record says when it was made, `fills` where it stands in the lost
    answer. Whatever was carried out is shown after `within` seconds; None where the vendor promises nothing. For `lasts` seconds, the
    vendor may be at what it was sent; None where nobody knows. `twice`: the vendor refuses the step as a
    conflict where it has carried it out.
    """

    look: Step
    span: Span
    where: tuple[tuple[Text, Text], ...] = ()
    since: Text | None = None
    fills: Text | None = None
    within: int | None = None
    lasts: int | None = None
    twice: bool = False


class Poll(Struct, frozen=True, kw_only=True):
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


class Through(Struct, frozen=True, kw_only=True):
    """The exchange that stands in place of a step's one request: its name, further operations by role, references to what it is told."""

    name: Text
    span: Span
    calls: tuple[tuple[Text, Text], ...] = ()
    told: tuple[tuple[Text, Text], ...] = ()


class Step(Struct, frozen=True, kw_only=True):
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
    scopes: tuple[Text, ...] = ()
    """Which of the document's scopes the request needs as this step makes it."""
    reconcile: Reconcile | None = None
    once: bool = False
    """Sent again, it would do it again, though its method says otherwise."""
    through: Through | None = None
