"""Facts of the codecs that a mapping may name: types, directions, losses.

The compiler does not import the runtime, so the facts are repeated here; a contract test compares them with the runtime's modules.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class CodecFacts(Struct, frozen=True):
    """One codec.

    `reads` and `writes` are JSON types of the vendor's field, with a format if it matters (`string:date-time`). `directions` holds
    decode (vendor to unified) and encode. `losses` describes what does not survive; a codec without losses is lossless. `module`
    is empty if the compiler emits the code itself.
    """

    name: str
    module: str
    kinds: frozenset[str]
    """Unified kinds it serves."""
    reads: frozenset[str]
    writes: frozenset[str]
    directions: frozenset[str]
    losses: tuple[str, ...] = ()
    argument: bool = False
    """True if its form is `codec: {name: argument}`."""
    properties: tuple[str, ...] = ()
    """Of a codec that writes an object: all properties that it may hold. Other values may be sent in that object next to them."""

    takes_list: bool = False
    """True if it accepts a list as one value."""
    knows: tuple[int, int] = (0, 0)
    """Number of further paths that it is given to decode, and of inputs to encode (`codec_inputs`)."""

    @property
    def never_fails(self) -> bool:
        """True if it decodes any value of its type, as readers of rich text do, as far as possible."""
        return self.kinds == {"markdown"}


def _codec(
    name: str,
    kinds: str,
    types: str,
    directions: str = "decode encode",
    *,
    writes: str | None = None,
    losses: tuple[str, ...] = (),
    module: str | None = None,
    argument: bool = False,
    properties: tuple[str, ...] = (),
    takes_list: bool = False,
    knows: tuple[int, int] = (0, 0),
) -> tuple[str, CodecFacts]:
    facts = CodecFacts(
        name=name,
        module=f"unified_runtime.adapter_api.codecs.{name}" if module is None else module,
        kinds=frozenset(kinds.split()),
        reads=frozenset(types.split()),
        writes=frozenset((writes or types).split()),
        directions=frozenset(directions.split()),
        losses=losses,
        argument=argument,
        properties=properties,
        takes_list=takes_list,
        knows=knows,
    )
    return name, facts


LANGUAGES = ("drive", "github", "gmail", "google_filter", "hubspot", "jql", "kql", "odata", "redmine", "slack", "soql", "zendesk")
"""The query languages that the runtime has a writer for, by the name of its module; `json` needs none."""

OWN_LANGUAGES = {
    "github": "github",
    "gmail": "gmail",
    "google-chat": "google_filter",
    "google-drive": "drive",
    "hubspot": "hubspot",
    "jira": "jql",
    "microsoft-graph": "odata kql",
    "redmine": "redmine",
    "salesforce": "soql",
    "slack": "slack",
    "zendesk": "zendesk",
}
"""The query languages of a vendor that has any."""

IDENTIFIERS = frozenset({"soql"})
"""Those of them whose writer has names of the language too (`identifier`)."""

TEXT_OF_AN_OBJECT = "json_text"
"""The language of one JSON object, as text, which the clauses are parts of."""

JSON = ("json", TEXT_OF_AN_OBJECT)
"""Languages of JSON without a query language in it."""

OBJECTS = frozenset({"hubspot", *JSON})
"""Those whose clauses are JSON objects."""

FINDS = frozenset({"hubspot", "soql"})
"""Those whose writer has clauses for fields that an account has added (`custom_field_conditions`)."""

CHECKSUMS = ("md5", "sha1", "sha256", "content_hash", "quickxor")
"""The checksums that the runtime computes of a content, by the names that a mapping gives them."""


class SessionFacts(Struct, frozen=True):
    """A protocol for uploads in pieces: a function of the runtime's `media`, by its name.

    Its pieces are multiples of `multiple` bytes; with 0, the content is sent in one request. `roles` are the vendor's operations that it
    needs in addition to the one called, `responses` the fields of the called operation's response that it reads, `fills` the inputs that
    it fills by itself. With `begins`, the called operation begins the session, and its last request returns the record.
    """

    multiple: int
    roles: tuple[str, ...] = ()
    responses: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    begins: bool = True


FORM_DATA = "form"
"""The protocol of a content that is a file in a body of the type `multipart/form-data`."""

SESSIONS: dict[str, SessionFacts] = {
    "google_session": SessionFacts(256 * 1024),
    "graph_session": SessionFacts(320 * 1024, responses=("uploadUrl", "nextExpectedRanges")),
    "discord_form": SessionFacts(0, begins=False),
    "slack_upload": SessionFacts(0, roles=("start",), begins=False),
    "dropbox_session": SessionFacts(4 * 1024 * 1024, roles=("start", "append", "lookup"), fills=("cursor",), begins=False),
}

KEY_FORMS: dict[str, tuple[str, ...]] = {
    "key": ("~", "!" * 200),
    "key.short": ("0" * 25, "abcdefghijklmnopqrstuv012"),
    "key.uuid": ("00000000-0000-8000-8000-000000000000", "89abcdef-fedc-8ba9-b765-43210fedcba9"),
    "mark": ("0" * 25, "abcdefghijklmnopqrstuv012"),
    "mark.uuid4": ("00000000-0000-4000-8000-000000000000", "89abcdef-fedc-4ba9-b765-43210fedcba9"),
    "time": ("2000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"),
}
"""Values of `call`: the idempotency key, hashes of it, a mark, and the time of the call; with extreme values of each, to check bounds."""


class ExchangeFacts(Struct, frozen=True):
    """Several requests in an order of their own, or a composed one, in place of one: a function of the runtime, by its name.

    `roles` are the vendor's operations that it needs in addition to the one called, `takes` the arguments that it requires. `fills` is
    what it fills a path of, which the mapping names: the request or the response. `composes` is the JSON type of a value for the request,
    and of the saved values that it is composed of.
    """

    roles: tuple[str, ...]
    takes: tuple[str, ...] = ()
    fills: Literal["", "request", "response"] = ""
    module: str = "request_sequences"
    composes: Literal["string", "integer"] = "string"


_EMAIL = ("to", "cc", "bcc", "subject", "body")


EXCHANGES: dict[str, ExchangeFacts] = {
    "jira_issue_type": ExchangeFacts(("types",), ("project", "given")),
    "matrix_direct": ExchangeFacts(("me", "known", "joined", "member", "record"), ("user",)),
    "matrix_rooms": ExchangeFacts(("joined", "summary")),
    "matrix_reactions": ExchangeFacts(("related",)),
    "matrix_readable": ExchangeFacts(("state",)),
    "matrix_unencrypted": ExchangeFacts(("state",)),
    "matrix_pin": ExchangeFacts(("state",), ("event",)),
    "matrix_unpin": ExchangeFacts(("state",), ("event",)),
    "slack_members": ExchangeFacts(("members", "user"), ("channel",)),
    "dropbox_members": ExchangeFacts(("lookup", "more", "folder", "folder_more"), ()),
    "next_version": ExchangeFacts((), ("current",), "request", "next_versions", "integer"),
    "read_each": ExchangeFacts(("read",), (), "response", "detailed_lists"),
    "with_part": ExchangeFacts(("read",), (), "response", "record_parts"),
    "text_content": ExchangeFacts(("read",), (), "response", "text_files"),
    "rfc5322_new": ExchangeFacts((), _EMAIL, "request", "mime_requests"),
    "rfc5322_reply": ExchangeFacts((), ("original", "own", "body", "cc", "bcc"), "request", "mime_requests"),
    "rfc5322_reply_all": ExchangeFacts((), ("original", "own", "body", "cc", "bcc"), "request", "mime_requests"),
    "rfc5322_forward": ExchangeFacts((), ("original", "to", "cc", "bcc", "body"), "request", "mime_requests"),
    "rfc5322_changed": ExchangeFacts((), ("original", *_EMAIL), "request", "mime_requests"),
}

_ADF_LOSSES = (
    "encode: a heading in a quote or a list item becomes a bold paragraph; a quote in a quote or a list item loses its frame",
    "encode: a rule or a table in a quote is moved out of it; in a list item it becomes text",
    "encode: tasks stay tasks in a list of nothing but tasks outside of quotes and other lists; elsewhere the box is text",
    "encode: code loses bold, italic and strikethrough",
    "encode: raw HTML and link reference definitions stay text, an image becomes a link, a table loses its alignment",
    "encode: titles of links, addresses of images inside links, words after a code block's language, control characters",
    "encode: white space and line breaks at the edge of a paragraph",
    "decode: underline, colours, sub- and superscript, alignment, layout and the frames of panels and expands",
    "encode: bold, italic and code of a mention of a user",
    "decode: mentions without an id, emoji, dates, status lozenges, cards and media become the text they show",
    "decode: a table cell becomes one line",
    "decode: empty paragraphs, and white space at the edge of a line",
)
_ASANA_LOSSES = (
    "encode: a quote keeps only its text, other blocks move out of it; a quote in a quote or list item loses its frame",
    "encode: a list item keeps its lines and lists only: its code blocks become lines of code, its rules and tables text",
    "encode: ordered lists begin at 1, code blocks lose their language, tables become lines of text",
    "encode: a list item whose text begins with [ ] or [x] becomes a task; tasks are written with these signs",
    "encode: a link that is neither http, https nor mailto becomes text; an empty line made of line breaks parts paragraphs",
    "encode: raw HTML and link reference definitions stay text, an image becomes a link",
    "encode: titles of links, addresses of images inside links, control characters",
    "encode: white space and line breaks at the edge of a paragraph",
    "decode: underline; a mention becomes a link that shows a name; an image becomes a link; cells of tables become one line",
)
_HTML_LOSSES = (
    "encode: several spaces become one, and an empty line made of line breaks parts paragraphs, as HTML shows them",
    "encode: raw HTML and link reference definitions stay text, an image becomes a link, a table loses its alignment",
    "encode: a list item whose text begins with [ ] or [x] becomes a task; tasks are written with these signs",
    "encode: titles of links, addresses of images inside links, words after a code block's language, control characters",
    "encode: white space and line breaks at the edge of a paragraph",
    "decode: underline, colours, fonts, sizes, alignment, sub- and superscript, classes, identifiers and comments",
    "decode: scripts, styles and form fields; cells of tables become one line",
)
_DISCORD_LOSSES = (
    "encode: the text of a mention, since Discord shows the current name",
    "encode: tables, images and reference definitions are shown as the text they are, a line's end as a line break",
    "decode: custom emoji, times and commands stay as Discord writes them",
)
_MRKDWN_LOSSES = (
    "encode: a heading becomes a bold paragraph, a rule and a table become text, code blocks lose their language",
    "encode: a quote keeps only its text, other blocks move out of it; a quote in a quote or list item loses its frame",
    "encode: a list item keeps its lines and lists only; one whose text begins with [ ] or [x] becomes a task",
    "encode: formatting of only a part of a link; the mark of code that holds a backtick or is a link",
    "encode: bold, italic and strikethrough of a text that begins or ends with * _ ~ or a backtick",
    "encode: zero-width spaces; a relative link becomes text; an empty line made of line breaks parts paragraphs",
    "encode: raw HTML and link reference definitions stay text, an image becomes a link",
    "encode: titles of links, addresses of images inside links, control characters",
    "encode: white space and line breaks at the edge of a paragraph",
    "encode: the text of a mention, since Slack shows the current name",
    "decode: dates, @here and its like become the text they show",
)
_DATE_OF_A_TIME = (
    "decode: the time of day is lost",
    "decode: a time that was chosen in another zone may be on the neighbouring date in UTC",
)
_MILLISECONDS_IN_UTC = (
    "encode: what is finer than a millisecond is cut off",
    "encode: the offset is lost, the time is written in UTC",
)

CODECS: dict[str, CodecFacts] = dict(
    (
        _codec(
            "adf",
            "markdown",
            "object",
            losses=_ADF_LOSSES,
        ),
        _codec("adf_text", "markdown", "string", losses=_ADF_LOSSES),
        _codec(
            "asana_html",
            "markdown",
            "string",
            losses=(
                "encode: headings of level 3 to 6 become level 2; a heading in a quote or a list item becomes bold text",
                *_ASANA_LOSSES,
            ),
        ),
        _codec(
            "asana_html_comment",
            "markdown",
            "string",
            losses=(
                "encode: a heading becomes a bold paragraph, a rule becomes text",
                *_ASANA_LOSSES,
            ),
        ),
        _codec(
            "html",
            "markdown",
            "string",
            losses=_HTML_LOSSES,
        ),
        _codec(
            "matrix_text",
            "markdown",
            "object",
            properties=("body", "format", "formatted_body", "m.mentions"),
            losses=_HTML_LOSSES,
        ),
        _codec(
            "clickup_comment",
            "markdown",
            "object",
            losses=(
                "encode: a heading becomes a bold paragraph, a quote paragraphs; a rule and a table become text",
                "encode: ordered lists begin at 1, code blocks lose their language; strikethrough, and the text of a mention",
                "encode: a list item keeps its lines as one, and its lists; one whose text begins with [ ] or [x] becomes a task",
                "encode: a link that is neither http, https nor mailto becomes text; an empty line made of line breaks parts paragraphs",
                "encode: raw HTML and link reference definitions stay text, an image becomes a link",
                "encode: titles of links, addresses of images inside links, control characters",
                "encode: white space and line breaks at the edge of a paragraph",
                "decode: underline, colours and alignment; files and cards become the text they show",
            ),
        ),
        _codec("discord_markdown", "markdown", "string", losses=_DISCORD_LOSSES),
        _codec(
            "discord_message",
            "markdown",
            "object string",
            writes="string",
            losses=(
                *_DISCORD_LOSSES,
                "decode: embeds, text components, polls and forwarded messages become text; buttons and colours are left out",
            ),
        ),
        _codec(
            "google_chat_message",
            "markdown",
            "object string",
            writes="string",
            losses=(
                "encode: the text of a mention, since Google Chat shows the current name",
                "encode: tables, images and headings as Google Chat supports them; zero-width spaces in what looks like a mention",
                "decode: a mention of all users becomes the text that it shows",
            ),
        ),
        _codec(
            "emoji_names",
            "text",
            "string",
            losses=(
                "encode: variation selectors; of two skin tones the second; colons around a name; other names of the same emoji",
                "decode: a skin tone that Slack does not have",
            ),
        ),
        _codec("mrkdwn", "markdown", "string", losses=_MRKDWN_LOSSES),
        _codec(
            "slack_message",
            "markdown",
            "object string",
            writes="string",
            losses=(
                *_MRKDWN_LOSSES,
                "decode: blocks and attachments become text; buttons without a link, fields of forms, images without a text are left out",
            ),
        ),
        _codec(
            "base64_text",
            "text",
            "string",
            losses=("decode: bytes that are not UTF-8, such as those of an image, become U+FFFD",),
        ),
        _codec(
            "date_in_datetime",
            "date",
            "string:date-time",
            losses=_DATE_OF_A_TIME,
        ),
        _codec(
            "clickup_date",
            "date",
            "string integer",
            writes="integer",
            losses=(
                "decode: the time of day is lost",
                "decode: a time is read as its date in UTC+9",
            ),
        ),
        _codec("dates", "date", "string:date string:date-time", writes="string:date"),
        _codec(
            "datetimes",
            "datetime",
            "string:date-time",
            losses=(
                *_MILLISECONDS_IN_UTC,
                "decode: the offset is lost, the time is read as UTC",
            ),
        ),
        _codec(
            "decimals",
            "decimal",
            "number integer string",
            writes="number",
        ),
        _codec("decimals_text", "decimal", "string number integer", writes="string"),
        _codec(
            "hubspot_datetime",
            "datetime",
            "string:date-time string",
            writes="string",
            losses=_MILLISECONDS_IN_UTC,
        ),
        _codec(
            "graph_body",
            "markdown",
            "object",
            losses=_HTML_LOSSES,
        ),
        *(
            _codec(
                name,
                "date|datetime",
                "object",
                losses=(
                    "encode: what is finer than a second is cut off",
                    "encode: a time in the repeated hour of a clock change is written in UTC if it is the second one",
                ),
                properties=properties,
                knows=knows,
            )
            for name, properties, knows in (("graph_start", ("start", "isAllDay"), (1, 2)), ("graph_end", ("end",), (1, 2)))
        ),
        _codec(
            "graph_recurrence",
            "text",
            "object",
            losses=(
                "encode: what a rule leaves to the start (its weekday, its day of the month) is written out",
                "encode: an UNTIL becomes the date of the last occurrence; it is read as the end of that date",
                "encode: on the 29th, 30th and 31st, Graph uses the last day of shorter months, and RFC 5545 leaves them out",
                "decode: a kind of pattern that is not known leaves the event without a rule",
            ),
            takes_list=True,
            knows=(2, 2),
        ),
        _codec(
            "google_reminders",
            "integer",
            "object",
            losses=(
                "encode: the reminder pops up and replaces the others, also those by mail",
                "decode: of several reminders, the one that is nearest to the start; whether it is a mail",
            ),
        ),
        _codec(
            "graph_reminder",
            "integer",
            "integer",
            writes="object",
            properties=("isReminderOn", "reminderMinutesBeforeStart"),
            knows=(1, 0),
        ),
        _codec("graph_path", "text", "string", directions="decode", knows=(1, 0)),
        _codec(
            "graph_time",
            "datetime",
            "object",
            losses=(
                "encode: what is finer than a second is cut off",
                "encode: the offset is lost, the time is written in UTC",
            ),
        ),
        _codec(
            "graph_zone",
            "text",
            "string",
            losses=(
                "encode: zones that Windows does not distinguish become one: Europe/Madrid reads as Europe/Paris",
                "decode: a zone that a mailbox made for itself keeps its name",
            ),
        ),
        _codec(
            "mime_address",
            "email",
            "object",
            directions="decode",
            losses=("decode: the name, comments, further addresses",),
            argument=True,
        ),
        _codec(
            "mime_addresses",
            "email",
            "object",
            directions="decode",
            losses=("decode: names of mailboxes and groups, comments; what is not an address",),
            argument=True,
            takes_list=True,
        ),
        _codec("mime_header", "text", "object", directions="decode", losses=("decode: further headers of the same name",), argument=True),
        _codec(
            "mime_name",
            "text",
            "object",
            directions="decode",
            losses=("decode: the address, comments, further mailboxes",),
            argument=True,
        ),
        _codec(
            "mime_text",
            "markdown",
            "object",
            directions="decode",
            losses=(
                *(loss for loss in _HTML_LOSSES if loss.startswith("decode")),
                "decode: further parts of text, and the form of plain text if there is HTML",
            ),
        ),
        _codec("integers_text", "integer", "string integer number", writes="string"),
        _codec("percents", "decimal", "number integer string", writes="number"),
        _codec(
            "web_domain",
            "text",
            "string",
            losses=(
                "encode: capital letters and a leading www. are lost",
                "decode: only the domain of the website's address is read",
            ),
        ),
        _codec(
            "epoch_ms",
            "datetime",
            "integer number string",
            writes="integer number",
            losses=_MILLISECONDS_IN_UTC,
        ),
        _codec(
            "epoch_ms_text",
            "datetime",
            "string integer",
            writes="string",
            losses=_MILLISECONDS_IN_UTC,
        ),
        _codec(
            "epoch_seconds",
            "datetime",
            "integer number string",
            writes="integer number",
            losses=(
                "encode: what is finer than a second is cut off",
                "encode: the offset is lost, the time is written in UTC",
                "decode: what is finer than a microsecond is cut off",
            ),
        ),
        _codec(
            "epoch_date",
            "date",
            "integer number string",
            writes="integer number",
            losses=_DATE_OF_A_TIME,
        ),
        _codec(
            "epoch_ms_date",
            "date",
            "integer number string",
            writes="integer number",
            losses=_DATE_OF_A_TIME,
        ),
        _codec(
            "objectid_time",
            "datetime",
            "string",
            "decode",
            losses=("decode: an ObjectId knows whole seconds only",),
        ),
        _codec("link", "url", "string integer", "decode", module="", argument=True),
    )
)
"""By name."""
