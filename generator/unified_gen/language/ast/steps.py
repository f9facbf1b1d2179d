"""Syntax tree of `operations` in a mapping: the requests of each operation."""

from __future__ import annotations

from msgspec import Struct

from unified_gen.language.ast.fields import Table
from unified_gen.language.ast.paths import PathText, PredicateText
from unified_openapi.source.spans import Literal, Span, Text


class Binding(Struct, frozen=True):
    """`params`: one input of the request and its value; no input: a bare name (all parts of an id)."""

    input: Text | None
    reference: Text


class ConditionTest(Struct, frozen=True):
    """One test of `if`: an input is given, absent, of a value, or given with another (`differs`)."""

    name: Text
    absent: bool = False
    value: Text | None = None
    differs: bool = False


class ConditionText(Text, frozen=True):
    """A condition: alternatives of conjunctions of tests."""

    any_of: tuple[tuple[ConditionTest, ...], ...]


class Save(Struct, frozen=True):
    """`save: created` names the entire response; `save: {list: "[0]"}` a part of it."""

    name: Text
    path: PathText | None


class SavedHeader(Struct, frozen=True):
    """A response header that later steps refer to by a name; by a pattern, to parts of it."""

    name: Text
    header: Text
    pattern: Text | None = None


class Clause(Struct, frozen=True):
    """One clause of a query: text with `{references}`, or an object (language json) whose strings may be such."""

    value: Literal
    span: Span


class Query(Struct, frozen=True, kw_only=True):
    """A value in the vendor's query language, put together from clauses whose references are given.

    `input` and `language` are empty texts if they are those of the vendor's `query`.
    """

    input: Text
    language: Text
    span: Span
    prefix: Text | None = None
    all: tuple[Clause, ...] = ()
    suffix: Text | None = None


class SyncToken(Struct, frozen=True, kw_only=True):
    """Sync tokens of a `changes` operation; without `param`, `next` is an address that is followed."""

    param: Text | None
    next: PathText
    span: Span
    expired_status: int | None = None
    removed_if: PredicateText | None = None


class Media(Struct, frozen=True, kw_only=True):
    """The content that a step uploads, and how.

    `protocol` is body (the content is the body), related (`multipart/related`, behind the fields), form (a file of a form, in its
    property `field`, named by the reference `filename`) or a session, by the name of its protocol. The step takes at most `max_bytes`,
    and a session sends `chunk_bytes` at a time. `content_type` is a reference to the media type, `operations` the vendor's further
    operations that a session needs, by role.
    """

    input: Text
    span: Span
    protocol: Text | None = None
    max_bytes: int | None = None
    chunk_bytes: int | None = None
    content_type: Text | None = None
    field: Text | None = None
    filename: Text | None = None
    operations: tuple[tuple[Text, Text], ...] = ()


class Reconcile(Struct, frozen=True, kw_only=True):
    """Reconciliation of a step whose response was lost: the request that looks up its record, and the conditions that identify it.

    `lookup` calls, binds and lists like any step. `created_at` is the location of the creation time in a record, `response_record` its
    location in the lost response. Everything that was executed is visible after `visible_within_seconds`; None if the vendor does not
    guarantee it. The vendor may still be executing the request for `executes_within_seconds`; None if that is not known.
    `conflict_on_duplicate`: the vendor rejects the step as a conflict if it has executed it. `by_account`: the lookup returns only records
    that the connection's account created.
    """

    lookup: Step
    span: Span
    where: tuple[tuple[PathText, Text | Literal], ...] = ()
    created_at: PathText | None = None
    response_record: PathText | None = None
    visible_within_seconds: int | None = None
    executes_within_seconds: int | None = None
    conflict_on_duplicate: bool = False
    by_account: bool = False


class Poll(Struct, frozen=True, kw_only=True):
    """Work that the vendor does in the background: the step ends when `until` is true of a response, and fails when `failed_if` is.

    With `url_header`, a header of the first response holds the address to poll, and `schema` names the schema of what it returns; without
    it, the call itself is repeated. `message` is the location in a response of the reason for a failure.
    """

    until: PredicateText
    span: Span
    failed_if: PredicateText | None = None
    message: PathText | None = None
    url_header: Text | None = None
    schema: Text | None = None


class Exchange(Struct, frozen=True, kw_only=True):
    """The exchange that replaces a step's one request: its name, further operations by role, and references to its arguments."""

    name: Text
    span: Span
    operations: tuple[tuple[Text, Text], ...] = ()
    params: tuple[tuple[Text, Text], ...] = ()
    fills: Text | None = None


class Members(Struct, frozen=True, kw_only=True):
    """Members that a caller adds to a list of the body and removes from it: the others are sent as they are.

    `current` refers to the list as an earlier step saved it, `add` and `remove` are inputs, and `key` is the path in an element that is
    compared with their values.
    """

    list: Text
    current: Text
    key: PathText
    add: Text | None
    remove: Text | None


class Choice(Struct, frozen=True, kw_only=True):
    """Choice of one of several elements that `where` matches, by their names: the requested name, else the first of the usual ones."""

    by: PathText
    span: Span
    named: Text | None = None
    present: Text | None = None
    usual: tuple[Text, ...] = ()


class Step(Struct, frozen=True, kw_only=True):
    """One request of an operation."""

    operation: Text
    span: Span
    params: tuple[Binding, ...] = ()
    constants: tuple[tuple[Text, Literal], ...] = ()
    defaults: tuple[tuple[Text, Literal], ...] = ()
    send: tuple[Text, ...] | None = None
    """Names of fields; empty for `send: fields`; None if the step sends none."""
    save: Save | None = None
    each: bool = False
    """True if the later steps are done for each element of the saved list (`for_each`)."""
    where: tuple[tuple[PathText, Text | Literal], ...] = ()
    not_found: Text | None = None
    incomplete_if: PathText | None = None
    """Path in a saved response that reports that it is incomplete."""
    condition: ConditionText | None = None
    queries: tuple[Query, ...] = ()
    items: PathText | None = None
    exclude: PredicateText | None = None
    """Predicate of records that this list leaves out."""
    items_key: Text | None = None
    """`items` is an object: its values are the records, and its names represent this input of the request."""
    items_inputs: tuple[tuple[Text, PathText], ...] = ()
    """By input of the request that fields read: the path in each record that has its value."""
    record: PathText | None = None
    pagination: Text | None = None
    """A strategy's name, or `none`; None selects the vendor's default."""
    envelope: Text | None = None
    """`none` switches the vendor's envelope off for this step."""
    requires: tuple[Text, ...] = ()
    local_filters: tuple[Text, ...] = ()
    reverse: bool = False
    """True if the list comes in the opposite of the model's order."""
    enums: tuple[tuple[Text, Table], ...] = ()
    """By input: the vendor's enum values in this request, if they differ from those of the field."""
    save_headers: tuple[SavedHeader, ...] = ()
    sync_token: SyncToken | None = None
    poll: Poll | None = None
    media: Media | None = None
    verify: tuple[tuple[Text, Text], ...] = ()
    verify_if: ConditionText | None = None
    """When the content is compared; None: always."""
    """Checks of the content: `size` or the name of a checksum, and a reference to the vendor's value."""
    templates: tuple[tuple[Text, tuple[Text, ...]], ...] = ()
    """By input: templates, of which the first whose references are all given is sent."""
    response: str | None = None
    scopes: tuple[Text, ...] = ()
    """Scopes of the document that the request needs as this step sends it."""
    reconcile: Reconcile | None = None
    never_retry: bool = False
    base64_content: PathText | None = None
    """Path of the content that the step responds with, in base64, in a response in JSON."""
    content_url: Text | None = None
    """Reference to the address of the content that the step responds with, at one of the vendor's `transfer_hosts`."""
    """True if repeating the request would repeat its effect, although its method is idempotent."""
    exchange: Exchange | None = None
    merges: tuple[tuple[Text, Text], ...] = ()
    """Objects of the body of which an update sends only the given parts: `vendor`, or a reference to the object's current value."""
    members: tuple[Members, ...] = ()
    choose: Choice | None = None
    current: tuple[tuple[Text, Text], ...] = ()
    """By field: reference to its current value, which an update changes only in part."""
    by_member: tuple[Text, ...] = ()
    """Lists of `current` that the vendor changes by member: a new list becomes the members to add and to remove."""
    protect: tuple[tuple[Text, Text], ...] = ()
    """By list of `current`: reference to members that a new list does not remove."""
    extra: tuple[tuple[Text, Text], ...] = ()
    """By name of an object in `extra`: reference to the object with the names that this request accepts."""
    repeat: tuple[Text, Text] | None = None
    """A name, and the input whose elements it represents: the request is sent for each."""
    custom_fields: Text | None = None
    """Custom fields that are written by a request of their own: `list`, or a request for `each` that has a value, or that is `cleared`.
    `written`: the request is sent if any were written."""
    id: PathText | None = None
    """Reference in place of `id`, in a step of another operation that `returns` appends; None: the input."""
