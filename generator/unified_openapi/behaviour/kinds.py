"""Kinds of facts, by the field `kind`; those about webhooks are in `webhooks`."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct, field

from unified_openapi.behaviour.common import Date, Fact, Names, Slug, Values, VendorResponse, Words
from unified_openapi.behaviour.webhooks import Webhook, WebhookEvent

Positive: TypeAlias = Annotated[int, Meta(gt=0)]


# ------------------------------------------------------------------------------------------------------------- writes
class ServerValue(Fact, frozen=True, tag="server_value"):
    """Values that the server sets in a written record, even if others are sent."""

    values: Annotated[
        Values,
        Meta(
            description="`$user` is the authenticated user's id, `$now` the time, `$number` the number of the record, `$record.<path>` its"
            " value, `$sent.<path>` what was sent, `$path.<name>` a parameter of the path, `$of.<path>.<property>` a property of the"
            " record whose id was sent."
        ),
    ]
    record: Annotated[
        Words | None, Meta(description="Operation that reads the record, if the document does not state which one is changed.")
    ] = None


class Default(Fact, frozen=True, tag="default"):
    """Values of properties or parameters that a request does not send."""

    values: Values


class Write(Fact, frozen=True, tag="write"):
    """Effect of a sent value on the stored one."""

    properties: Names
    how: Annotated[
        Literal["replace", "merge", "append", "members"],
        Meta(
            description="`replace`: stored as sent, what is not sent is lost. `merge`: objects by property. `append`: lists and texts"
            " grow. `members`: an object with lists of members to add and to remove."
        ),
    ]
    add: Annotated[Words | None, Meta(description="For `members`: property with the members to add.")] = None
    remove: Annotated[Words | None, Meta(description="For `members`: property with the members to remove.")] = None


class Cascade(Fact, frozen=True, tag="cascade"):
    """Writes that the parts of a record follow: the records of its kind that refer to it, and their parts."""

    refers: Annotated[Words, Meta(description="Property by which a part refers to its record.")]
    properties: Annotated[Names, Meta(description="Properties that the parts take from the record. None: they are deleted with it.")] = ()
    record: Annotated[
        Words | None, Meta(description="Operation that reads the record, if the document does not state which one is written.")
    ] = None


class Dropped(Fact, frozen=True, tag="dropped"):
    """Properties that a successful write ignores in silence."""

    properties: Names
    values: Annotated[tuple[Any, ...], Meta(description="Only these values, or members of lists, are dropped. None: all.")] = ()


class TextFormat(Fact, frozen=True, tag="text_format"):
    """Format in which a text is shown."""

    properties: Names
    format: Literal["plain", "markdown", "html", "mrkdwn", "adf", "textile"]


class Altered(Fact, frozen=True, tag="altered"):
    """Sent content that the server changes before it stores it."""

    properties: Names
    how: Annotated[
        Literal["truncated", "normalized", "rounded", "sanitized", "rewritten", "line_ends", "lower_case", "unique"],
        Meta(description="`line_ends`: lines end with CR LF. `unique`: a list has no value twice."),
    ]
    longest: Annotated[Positive | None, Meta(description="For `truncated`: characters that remain.")] = None


class CustomFields(Fact, frozen=True, tag="custom_fields"):
    """Fields that accounts add: how requests have them, and how records return them."""

    sent: Annotated[Words, Meta(description="Path of the body with them: an object by id, a list of objects, or the value of one.")]
    stored: Annotated[Words, Meta(description="Path of the record with them: an object by id, or a list of objects.")]
    names: Annotated[Words, Meta(description="Regular expression of their ids.")]
    sent_key: Annotated[Words | None, Meta(description="Of a list that is sent: the property of an element with the id.")] = None
    sent_value: Annotated[Words, Meta(description="Of a list that is sent: the property of an element with the value.")] = "value"
    sent_inside: Annotated[Words | None, Meta(description="Of objects that are sent by id: the property with the value.")] = None
    parameter: Annotated[Words | None, Meta(description="Parameter of the path with the id, of an operation that writes one.")] = None
    key: Annotated[Words | None, Meta(description="Of a list in the record: the property of an element with the id.")] = None
    integer_ids: Annotated[bool, Meta(description="Ids are numbers in the record.")] = False
    values: Annotated[
        dict[Literal["string", "number", "boolean", "list", "object", "id"], Words],
        Meta(description="Path in an element of the value, by its type in JSON; `id` is a text in the form of an id."),
    ] = field(default_factory=dict)
    constants: Annotated[Values, Meta(description="Other properties of an element.")] = field(default_factory=dict)
    record: Annotated[
        Words | None, Meta(description="Operation that reads the record, if the document does not state which one is changed.")
    ] = None


# ------------------------------------------------------------------------------------------------------- state machines
class Transition(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Transition between states."""

    id: Words
    name: Words
    to: Annotated[Words, Meta(description="Name of the state that it leads to.")]
    from_: Annotated[Names, Meta(description="Names of the states that it starts from. None: all.")] = field(name="from", default=())
    requires: Annotated[Names, Meta(description="Paths of the request's body without which it is rejected: fields of its screen.")] = ()


class State(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """State of a record."""

    category: Annotated[Words, Meta(description="What the vendor counts it as: `new`, `done`.")]
    value: Annotated[Any, Meta(description="What the record's property holds in this state. None: the name.")] = None


class StateMachine(Fact, frozen=True, tag="state_machine"):
    """States of a record, and the transitions between them."""

    record: Annotated[Words, Meta(description="Operation that reads the record.")]
    property: Annotated[Words, Meta(description="Path of the record's state.")]
    states: Annotated[dict[str, State], Meta(min_length=1)]
    initial: Annotated[Words, Meta(description="Name of the state of a new record.")]
    transitions: tuple[Transition, ...] = ()
    lists: Annotated[Words | None, Meta(description="Operation that lists the transitions of a record.")] = None
    listed_at: Annotated[Words, Meta(description="Property of its response with the list.")] = "transitions"
    performs: Annotated[Words | None, Meta(description="Operation that performs a transition.")] = None
    by: Annotated[Words | None, Meta(description="Path of the transition's id in its body.")] = None
    already_there: Annotated[
        Literal["accepted", "rejected"], Meta(description="Response to a transition that does not start from the present state.")
    ] = "rejected"
    rejection: Annotated[VendorResponse | None, Meta(description="Response to a transition that is not available.")] = None
    missing: Annotated[VendorResponse | None, Meta(description="Response to a transition without a required field.")] = None


# -------------------------------------------------------------------------------------------------------------- reading
_READER = "Operation that reads a complete record, if those of the list lack the property."


class Delay(Fact, frozen=True, tag="delay"):
    """Time after which a write is visible to the operations."""

    seconds: Annotated[float, Meta(gt=0)]
    parts: Annotated[Literal["created", "changed", "all"], Meta(description="Which writes are not visible at first.")] = "all"


class Cap(Fact, frozen=True, tag="cap"):
    """Bound of the records that a list, or a page of it, returns."""

    records: Annotated[Positive | None, Meta(description="Most records that all pages return.")] = None
    page: Annotated[Positive | None, Meta(description="Most records of one page, even if more are requested.")] = None
    first: Annotated[int, Meta(description="Number of the first page, if pages are numbered.")] = 1
    beyond: Annotated[Literal["end", "error"], Meta(description="After the last record: the list ends, or the request fails.")] = "end"
    response: VendorResponse | None = None
    marks: Annotated[dict[str, Any], Meta(description="Properties of the response of a list that was cut.")] = field(default_factory=dict)


class Order(Fact, frozen=True, tag="order"):
    """Order of a list."""

    by: Annotated[Words, Meta(description="Path of the property that records are sorted by.")]
    descending: bool = False
    record: Annotated[Words | None, Meta(description=_READER)] = None


class Omission(Fact, frozen=True, tag="omission"):
    """Records that a list leaves out."""

    records: Annotated[
        dict[str, Any],
        Meta(description="Paths of a record to the value, or any of the values, that it is left out with. `$any` is any value but null."),
    ]
    record: Annotated[Words | None, Meta(description=_READER)] = None


class Withheld(Fact, frozen=True, tag="withheld"):
    """Properties of a response that are missing or empty."""

    properties: Names
    shown: Annotated[Literal["absent", "empty", "null"], Meta(description="What the response has instead.")] = "absent"


class Matching(Fact, frozen=True, tag="matching"):
    """Comparison by which a parameter or filter selects records."""

    parameter: Words
    how: Literal["exact", "prefix", "word_prefix", "substring", "words", "content", "referenced", "after", "before"]
    properties: Annotated[
        Names,
        Meta(
            description="Paths of the properties that it is compared with. None: all texts. For `referenced`: of the record that the"
            " parameter identifies, those that refer to the selected records."
        ),
    ] = ()
    record: Annotated[
        Words | None, Meta(description="For `referenced`: operation that reads the record that the parameter identifies.")
    ] = None


class QueryLanguage(Fact, frozen=True, tag="query_language"):
    """Language of a parameter or of a property of the body."""

    parameter: Words
    language: Literal[
        "jql", "soql", "sosl", "odata", "kql", "github_search", "gmail_search", "drive_query", "hubspot_filters", "slack_search",
        "zendesk_search", "todoist_filter", "rfc5545", "redmine_filter", "graphql_filter", "google_fields", "google_filter",
    ]  # fmt: skip
    bounds: Annotated[dict[str, int], Meta(description="Limits of a query, such as `filters: 18`.")] = field(default_factory=dict)
    usual: Annotated[Words | None, Meta(description="Query of a request that sends none.")] = None


class IdForm(Fact, frozen=True, tag="id_form"):
    """Form of the ids that a parameter or property has."""

    parameter: Words
    pattern: Words
    requires: Annotated[Names, Meta(description="Parameters that a request with such an id must send.")] = ()


class TimeZone(Fact, frozen=True, tag="time_zone"):
    """Time zone in which a date or time is meant or shown."""

    properties: Names
    zone: Literal["utc", "account", "user", "calendar", "floating"]


class Writer(Fact, frozen=True, tag="writer"):
    """Authors outside of the account: what they write is not to be trusted."""

    properties: Names
    who: Literal["anyone", "customers", "guests", "link_holders", "members", "senders"]


# --------------------------------------------------------------------------------------------------- responses and limits
class Error(Fact, frozen=True, tag="error"):
    """Response to a request that fails."""

    reason: Literal[
        "unknown_record", "no_permission", "not_authenticated", "invalid", "conflict", "duplicate", "rate_limited", "too_large",
        "not_downloadable", "quota", "condition",
    ]  # fmt: skip
    response: VendorResponse


class Plan(Fact, frozen=True, tag="plan"):
    """Plan, role, scope or permission without which an operation responds differently."""

    needs: Annotated[Words, Meta(description="Name of the plan, role, scope or permission in the vendor's own words.")]
    response: VendorResponse


class RateLimit(Fact, frozen=True, tag="rate_limit"):
    """Requests that are accepted in a window of time."""

    requests: Positive
    seconds: Annotated[float, Meta(gt=0)]
    per: Literal["user", "app", "app_user", "workspace", "project", "account", "ip", "channel"] = "user"
    headers: Annotated[
        dict[Literal["limit", "remaining", "reset", "retry_after"], Words],
        Meta(description="Names of the headers. `retry_after` is in seconds, `reset` the time in seconds of the epoch."),
    ] = field(default_factory=dict)
    response: VendorResponse = VendorResponse(429)


class Retirement(Fact, frozen=True, tag="retirement"):
    """End of an operation or address."""

    on: Date
    address: Annotated[Words | None, Meta(description="Path, if the document has no such operation.")] = None
    instead: Words | None = None
    response: VendorResponse = VendorResponse(404)


class ActionPage(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Parameters of a list's pages."""

    size: Annotated[Words, Meta(description="Parameter with the most records of a page.")]
    from_: Annotated[Words, Meta(description="Parameter with the position that `$next` of the page before is.")] = field(name="from")
    last: Annotated[
        Literal["short", "empty"], Meta(description="`empty`: each page with records has a next one, and the last page has none.")
    ] = "short"
    usual: Annotated[Positive | None, Meta(description="Records of a page if no size is requested. None: all.")] = None
    end: Annotated[Any, Meta(description="Value of `$next` on the last page.")] = None
    numbered: Annotated[bool, Meta(description="The position is the number of a page, from 1.")] = False
    counted: Annotated[bool, Meta(description="The position is the number of records before it.")] = False
    by: Annotated[Words | None, Meta(description="The position is the value of this property in the last record before it.")] = None
    link: Annotated[
        Words | None, Meta(description="With `numbered`: template of the next page's address, which `$next` is. `$number` is its number.")
    ] = None


class RelatedRecord(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Another record that templates name."""

    where: Annotated[dict[str, Any], Meta(description="Paths of the record to their values, by which it is found.")]
    record: Annotated[Words | None, Meta(description="Operation that reads such records. None: that of the action.")] = None


class Rejection(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Stored values because of which an action fails."""

    where: Annotated[dict[str, Any], Meta(description="Paths of a record to their values.")]
    response: VendorResponse
    of: Annotated[
        Literal["record", "others"],
        Meta(description="`record`: the one that the action changes has these values. `others`: another one of its kind has them."),
    ] = "record"
    holds: Annotated[bool, Meta(description="False: it fails if no such record has these values.")] = True


class Action(Fact, frozen=True, tag="action"):
    """Effect of an operation on records, if the document does not state it. Values are templates, as in `webhook_event`."""

    does: Annotated[
        Literal["create", "read", "update", "delete", "list", "respond"],
        Meta(description="`respond`: it sends its response, and has no record."),
    ]
    record: Annotated[
        Words,
        Meta(
            description="Operation that reads such records; for `respond`, the operation itself. If the document does not state which"
            " records it is about, they are those of all facts that name it."
        ),
    ]
    also: Annotated[bool, Meta(description="The operation does this in addition to what the document states.")] = False
    where: Annotated[
        dict[str, Any],
        Meta(
            description="Paths of the record to their values, by which records are found: of a list, any; `null`: it has none. For"
            " `create`: a record that is found is used instead of a new one."
        ),
    ] = field(default_factory=dict)
    at_least: Annotated[dict[str, Any], Meta(description="For `list`: paths to least values. A bound that is not sent does not apply.")] = (
        field(default_factory=dict)
    )
    at_most: Annotated[dict[str, Any], Meta(description="For `list`: paths to greatest values.")] = field(default_factory=dict)
    elements: Annotated[Words | None, Meta(description="For `list`: path of a list in the record, whose elements are listed.")] = None
    related: Annotated[dict[Slug, RelatedRecord], Meta(description="Names for templates, to the records that they mean.")] = field(
        default_factory=dict
    )
    rejects: Annotated[tuple[Rejection, ...], Meta(description="Stored values because of which it fails.")] = ()
    values: Annotated[
        dict[str, Any], Meta(description="Paths of the record to the values that are set; for `list`, what is shown of each record.")
    ] = field(default_factory=dict)
    marks: Annotated[dict[str, Any], Meta(description="For `list`: further properties of each element that is shown.")] = field(
        default_factory=dict
    )
    adds: Annotated[dict[str, Any], Meta(description="Paths of lists in the record to the lists of values that are added, once each.")] = (
        field(default_factory=dict)
    )
    removes: Annotated[dict[str, Any], Meta(description="Paths of lists in the record to the lists of values that are removed.")] = field(
        default_factory=dict
    )
    each: Annotated[Words | None, Meta(description="Path of a list of the request: it is done for each element, `$each`.")] = None
    content_of: Annotated[Any, Meta(description="Id of the record whose content the written one has.")] = None
    page: Annotated[ActionPage | None, Meta(description="For `list`: its pages. The response has `$next`. None: one page.")] = None
    response: Annotated[Any, Meta(description="Body of the response, with `$record` or `$records`. None: that of the operation.")] = None


class Sample(Fact, frozen=True, tag="sample"):
    """Values of the records that an emulator has before the first request, if the document does not state enough of them."""

    records: Annotated[tuple[dict[str, Any], ...], Meta(description="Further values of the first ones, in this order.")] = ()
    always: Annotated[
        tuple[dict[str, Any], ...],
        Meta(
            description="Records that are there before those of a seed, such as the root folder. Below a record that the path names, there"
            " are no others unless the seed has some. Their values are templates, with `$path`."
        ),
    ] = ()
    values: Annotated[
        dict[str, Any],
        Meta(
            description="Paths of the record to templates; `$number` is different in each record, `$record` the record itself, `$user` the"
            " id of the authenticated user, `$time_ms` and `$time_s` a time since 1970, a minute later in each record."
        ),
    ] = field(default_factory=dict)


class Embedded(Fact, frozen=True, tag="embedded"):
    """Records that are shown inside of another one that is read: the comments of an issue. Otherwise, the property is absent."""

    property: Annotated[Words, Meta(description="Property of the record that is read.")]
    record: Annotated[Words, Meta(description="Operation that reads the embedded records, as in `action`.")]
    where: Annotated[
        dict[str, Any], Meta(description="Paths of the embedded records to their values, as templates. None: all records.")
    ] = field(default_factory=dict)
    shows: Annotated[Names, Meta(description="Properties of the embedded records that are shown. None: all.")] = ()


class Reference(Fact, frozen=True, tag="reference"):
    """Parameters or properties whose value must identify a record: its id or name."""

    properties: Names
    record: Annotated[Words, Meta(description="Operation that reads or lists these records.")]
    response: VendorResponse
    accepts: Annotated[tuple[Any, ...], Meta(description="Further values that are accepted, such as `me`.")] = ()
    separator: Annotated[Words | None, Meta(description="Text between several values in one text. None: a text is one value.")] = None


class Content(Fact, frozen=True, tag="content"):
    """The response is the content of a record, as it was uploaded."""

    record: Annotated[
        Words | None, Meta(description="Operation that reads the record, by the same parameters of its path. None: this operation.")
    ] = None
    describes: Annotated[
        dict[str, Literal["size", "md5", "sha1", "sha256", "sha256_of_blocks", "quickxor"]],
        Meta(
            description="Properties of the record to what they state of its content. `sha256_of_blocks` is the SHA-256 of those of blocks"
            " of 4 MiB, `quickxor` in Base64."
        ),
    ] = field(default_factory=dict)


# --------------------------------------------------------------------------------------------------------------- effects
class Notification(Fact, frozen=True, tag="notification"):
    """People that are informed about a write."""

    to: tuple[
        Literal[
            "assignee",
            "watchers",
            "guests",
            "customer",
            "requester",
            "mentioned",
            "followers",
            "members",
            "invitee",
            "recipients",
            "everyone",
        ],
        ...,
    ]
    by: Literal["mail", "in_app", "mail_and_in_app"] = "mail"


class Unfurl(Fact, frozen=True, tag="unfurl"):
    """Links in a text that the vendor's servers fetch."""

    properties: Names


AnyFact: TypeAlias = (
    ServerValue | Default | Write | Cascade | Dropped | TextFormat | Altered | StateMachine | Delay | Cap | Order | Omission | Withheld
    | Matching | QueryLanguage | IdForm | TimeZone | Writer | Error | Plan | RateLimit | Retirement | Notification | Unfurl | Webhook
    | WebhookEvent | Content | Action | CustomFields | Embedded | Reference | Sample
)  # fmt: skip
