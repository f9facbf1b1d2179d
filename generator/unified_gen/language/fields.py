"""Grammar of a field of a mapping: the locations of one unified field in the vendor's record and requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.diagnostics.suggestions import listed
from unified_gen.language import ast
from unified_gen.language.bindings import NAMES
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import AnyValue, Choice, Kind, ListOf, MapOf, Ref, Transform
from unified_gen.language.models import KINDS
from unified_gen.language.objects import Key, MutuallyExclusive, Object, ParsedKeys, Requires
from unified_gen.language.strings import (
    FIRST_OF,
    FORMAT,
    NAME,
    PARTS_PATTERN,
    PATH,
    PREDICATE,
    TEXT,
    WORD,
    WRITABLE,
    braces,
    piece,
)
from unified_gen.language.tables import TableKind
from unified_openapi.source.nodes import ScalarNode
from unified_openapi.source.spans import Literal, Span, Text

T = TypeVar("T")

FieldDraft = Callable[[Text, Span], ast.Field]


class FieldPath(Struct, frozen=True):
    """One path, or (`one`) a list of one path: a vendor's single value for a unified list."""

    path: ast.PathText
    one: bool


def field_path(path: Kind[ast.PathText]) -> Kind[FieldPath]:
    """Return a path, or a list of one."""
    return Choice(
        "a path, or a list of one path",
        scalar=Transform(path, lambda text, span, out: FieldPath(text, False)),
        sequence=Transform(
            ListOf(path, "a list of one path", most=1), lambda texts, span, out: FieldPath(texts[0], True) if texts else None
        ),
    )


# ----------------------------------------------------------------------------------------------------------- short form
def _short(at: FieldPath, span: Span, out: Findings) -> FieldDraft:
    return lambda name, entire: ast.Field(name=name, span=entire, read=at.path, write={ast.ANY: at.path}, one=at.one)


_SHORT = field_path(WRITABLE)


# ------------------------------------------------------------------------------------------------------------ long form
Writes = Mapping[str, FieldPath]


def _writes(entries: tuple[tuple[str, FieldPath], ...], span: Span, out: Findings) -> Writes | None:
    return dict(entries) or None


_WRITE: Kind[Writes] = Choice(
    "a path, or paths by operation",
    scalar=Transform(field_path(WRITABLE), lambda at, span, out: {ast.ANY: at}),
    sequence=Transform(field_path(WRITABLE), lambda at, span, out: {ast.ANY: at}),
    mapping=Transform(MapOf(NAME, field_path(WRITABLE), lambda name, at, span: (name.value, at), "paths by operation"), _writes),
)


def _codec_use(name: Text, argument: Literal, span: Span) -> ast.CodecUse:
    return ast.CodecUse(name, argument)


_CODEC: Kind[ast.CodecUse] = Choice(
    "a codec, or a codec and its argument",
    scalar=Transform(NAME, lambda text, span, out: ast.CodecUse(text)),
    mapping=Transform(
        MapOf(NAME, AnyValue(), _codec_use, "one codec and its argument", most=1), lambda uses, span, out: uses[0] if uses else None
    ),
)


# ----------------------------------------------------------------------------------------------------------------- links
class _Link(Struct, frozen=True):
    """An address with a path of the record in it: what is read, and the text around it as the codec `link` gets it."""

    path: ast.PathText
    text: Literal


def _link(text: Text, span: Span, out: Findings) -> _Link | None:
    inside = braces(text, out)
    if inside is None:
        return None
    own = [one for one in inside if not one.value.startswith(("connection.", "request."))]
    if len(own) != 1:
        help = 'such as "https://{connection.site}.example.com/tasks/{key}"'
        out.add("MAP009", f"a link has one path of the record in braces, and this has {len(own)}", text.span, help=help)
        return None
    name, colon, form = own[0].value.partition(":")
    path = WRITABLE.read(ScalarNode(name, name, piece(own[0], 0, len(name)), False), out)
    return None if path is None else _Link(path, Literal(text.value.replace(f"{{{own[0]}}}", f"{{{colon}{form}}}"), text.span))


# ---------------------------------------------------------------------------------------------------------------- slots
class _SplitPath(Struct, frozen=True):
    """A location whose text holds several values, and their separator."""

    path: ast.PathText
    split: Text


_SlotEntry: TypeAlias = Text | Literal | _SplitPath


def _entry(got: ParsedKeys, out: Findings) -> Literal | _SplitPath | None:
    if not got.keys:
        out.add("MAP007", "an entry of a slot is a path, an enum value, `{const: value}`, or `{path: …, separator: mark}`", got.span)
    if "path" in got.values and "separator" in got.values:
        return _SplitPath(got.values["path"], got.values["separator"])
    constant: Literal | None = got.get("const")
    return constant


_SPLIT = {
    "path": Key(WRITABLE, "A location whose text holds several values: the slot takes as many elements."),
    "separator": Key(TEXT, "What is between them there: `;`."),
}
_ENTRY: Kind[_SlotEntry] = Choice(
    "a path, an enum value, `{const: value}`, or `{path: …, separator: mark}`",
    scalar=Transform(TEXT, lambda text, span, out: text),
    mapping=Object(
        "an entry of a slot",
        {"const": Key(AnyValue(scalar=True), "A literal."), **_SPLIT},
        _entry,
        exclusive=(MutuallyExclusive("const", ("path", "separator"), "a constant does not exist at the vendor"),),
        needs=(Requires("path", ("separator",)), Requires("separator", ("path",))),
    ),
)


_KEYED: Kind[Text | _SplitPath] = Choice(
    "a path, or `{path: …, separator: mark}`",
    scalar=Transform(TEXT, lambda text, span, out: text),
    mapping=Object(
        "an entry of a slot",
        {name: replace(key, required=True) for name, key in _SPLIT.items()},
        lambda got, out: _SplitPath(got.values["path"], got.values["separator"]) if len(got.values) == 2 else None,
    ),
)


def _slot(entries: tuple[tuple[Text, _SlotEntry], ...], span: Span, out: Findings) -> ast.Slot | None:
    several = {name.value: value for name, value in entries if isinstance(value, _SplitPath)}
    constants = {name.value: value for name, value in entries if isinstance(value, Literal)}
    paths = {
        name.value: value.path if isinstance(value, _SplitPath) else value for name, value in entries if not isinstance(value, Literal)
    }
    return ast.Slot(constants, paths, span, {name: value.split for name, value in several.items()}) if entries else None


def _keyed_slot(key: Text, entry: Text | _SplitPath, span: Span) -> ast.Slot:
    if isinstance(entry, _SplitPath):
        return ast.Slot({}, {ast.SLOT_VALUE: entry.path}, span, {ast.SLOT_VALUE: entry.split}, key)
    return ast.Slot({}, {ast.SLOT_VALUE: entry}, span, {}, key)


_SLOTS = Choice(
    "a list of slots, or paths by enum value",
    sequence=ListOf(
        Transform(MapOf(NAME, _ENTRY, lambda name, value, span: (name, value), "a slot: locations by name"), _slot), "a list of slots"
    ),
    mapping=MapOf(TEXT, _KEYED, _keyed_slot, "paths by enum value: `{work: Phone}`"),
)


# --------------------------------------------------------------------------------------------------- the field as a whole
_EVERYWHERE = ("path", "read", "write")
_FORMS = ("enum", "codec", "slots", "fields", "by_type", "format", "link")
"""Keys that convert the value at a path; at most one of them is given."""
_ENTIRE = ("slots", "items", "fields", "by_type", "format", "link")
"""Keys that have the paths of the values."""


def _field(got: ParsedKeys, out: Findings) -> FieldDraft | None:
    if not got.keys:
        out.add("MAP007", "this field has no path to read or write", got.span, help="or list it under `unsupported`")
        return None
    _check_paths(got, out)
    both: FieldPath | None = got.get("path")
    link: _Link | None = got.get("link")
    read: FieldPath | None = FieldPath(link.path, False) if link is not None else got.get("read", both)
    by: tuple[Text, ...] = got.get("written_by", ())
    writes: Writes = got.get("write") or ({name.value: both for name in by} or {ast.ANY: both} if both is not None else {})
    if any(key in got.keys and key not in got.values for key in (*_EVERYWHERE, *_FORMS)):
        return None
    each: ast.PathText | None = got.get("items")
    if each is not None:
        read, writes = FieldPath(each, False), {ast.ANY: FieldPath(each, False)} if "exclude" not in got.keys else {}
    parts: Text | None = got.get("format")
    clear, clears = got.get("clear", (None, ()))
    return lambda name, span: ast.Field(
        name=name,
        span=span,
        read=read.path if read is not None else None,
        fallbacks=read.path.others if read is not None and isinstance(read.path, ast.FirstOf) else (),
        write={operation: at.path for operation, at in writes.items()},
        absent=got.get("absent", ()),
        one=any(at.one for at in (read, *writes.values()) if at is not None),
        codec=got.get("codec") if link is None else ast.CodecUse(Text("link", got.keys["link"]), link.text),
        enum=got.get("enum"),
        label=got.get("label"),
        clear=clear,
        clears=clears,
        constants=got.get("constants", ()),
        also_write=got.get("also_write", {}),
        slots=got.get("slots", ()),
        items=each,
        exclude=got.get("exclude"),
        fields=got.get("fields", ()),
        by_type=got.get("by_type", ()),
        id_format=ast.IdFormat(parts, got.get("parse", ())) if parts is not None else None,
        codec_reads=got.get("codec_inputs", ((), ()))[0],
        codec_writes=got.get("codec_inputs", ((), ()))[1],
    )


def _check_paths(got: ParsedKeys, out: Findings) -> None:
    """Check rules that involve more than two keys."""
    table: ast.Table | None = got.get("enum")
    placed = [key for key in _EVERYWHERE if key in got.keys]
    by_columns = table is not None and bool(table.columns)
    not_read = "enum" in got.keys and table is None
    if not placed and not by_columns and not not_read and not any(key in got.keys for key in _ENTIRE):
        first = next(iter(got.keys))
        out.add("MAP007", "a field needs a location: `path`, `read` or `write`", got.keys[first])
    read: FieldPath | None = got.get("read")
    if read is not None and isinstance(read.path, ast.FirstOf) and (by_columns or "fields" in got.keys):
        out.add("MAP010", "several paths to read are for a single value", got.keys["read"])
    if by_columns and "write" in got.keys:
        help = "the columns have the paths to write; `read` is the path they start from"
        out.add("MAP010", "`write` and an enum of several columns exclude each other", got.keys["write"], help=help)
    locations = got.get("clear", (None, ()))[1]
    if "clear" in got.keys and placed == ["read"] and not by_columns and not locations:
        help = "it is what `None` sends; give the field a `write`"
        out.add("MAP010", "`clear` on a field that is read only", got.keys["clear"], help=help)
    if locations and (by_columns or not {"path", "write", "read"} & got.keys.keys()):
        out.add("MAP010", "`clear` with locations is beside the one location of a field, `path`, `write` or `read`", got.keys["clear"])
    if "clear" in got.keys and "exclude" in got.keys:
        out.add("MAP010", "`clear` on a list of which elements are left out: it is not written", got.keys["clear"])
    if "clear" in got.keys and "format" in got.keys:
        out.add("MAP010", "`clear` on a composite id, which is not written", got.keys["clear"])
    if got.values.get("read") is not None and got.values.get("write"):
        forms = {at.one for at in (got.values["read"], *got.values["write"].values())}
        if len(forms) > 1:
            out.add("MAP010", "a list of one path is on both sides or on none", got.keys["write"], help="`{read: [a.b], write: [a]}`")


def _beside(path: ast.PathText, value: T, span: Span) -> tuple[ast.PathText, T]:
    return path, value


def _arm(kind: Text, path: ast.PathText, span: Span) -> tuple[Text, ast.PathText]:
    return kind, path


def _arms(arms: tuple[tuple[Text, ast.PathText], ...], span: Span, out: Findings) -> tuple[tuple[Text, ast.PathText], ...] | None:
    wrong = [kind for kind, _ in arms if kind.value not in KINDS]
    for kind in wrong:
        out.add("MAP002", f"expected a type, got `{kind}`", kind.span, help=f"there is {listed(KINDS)}")
    if not wrong and len(arms) < 2:
        out.add("MAP002", "a `by_type` with one arm is a plain path", span)
        return None
    return None if wrong else arms


def _named(name: Text, draft: FieldDraft, span: Span) -> ast.Field:
    return draft(name, span)


FIELDS: Kind[tuple[ast.Field, ...]] = Ref("fields", lambda: MapOf(NAME, FIELD, _named, "fields by name"))

Clear: TypeAlias = tuple[Literal | None, tuple[tuple[ast.PathText, Literal], ...]]
"""Values that clear a field: one for its own path, or values for other paths."""

_CLEAR: Kind[Clear] = Choice(
    "a literal, or literals by path",
    scalar=Transform(AnyValue(), lambda literal, span, out: (literal, ())),
    sequence=Transform(AnyValue(), lambda literal, span, out: (literal, ())),
    mapping=Transform(MapOf(WRITABLE, AnyValue(), _beside, "literals by path"), lambda locations, span, out: (None, locations)),
)

_KNOWING: Kind[tuple[tuple[Text, ...], tuple[Text, ...]]] = Object(
    "what a codec knows",
    {
        "read": Key(ListOf(PATH, "a list of paths"), "Further locations of the record, for decoding."),
        "write": Key(ListOf(NAME, "a list of fields"), "Further fields of the input, for encoding."),
    },
    lambda got, out: (got.get("read", ()), got.get("write", ())),
)
_PATHS: Kind[tuple[ast.PathText, ...]] = ListOf(WRITABLE, "a list of paths")
_ALSO: Kind[Mapping[str, tuple[Text, ...]]] = Choice(
    "a list of paths, or lists of paths by operation",
    sequence=Transform(_PATHS, lambda locations, span, out: {ast.ANY: locations}),
    mapping=Transform(
        MapOf(NAME, _PATHS, lambda name, locations, span: (name.value, locations), "lists of paths by operation"),
        lambda entries, span, out: dict(entries) or None,
    ),
)

_FIELD_KEYS: dict[str, Key] = {
    "path": Key(_SHORT, "Where the value is read and written. `[a.b]` is a list of at most one."),
    "read": Key(
        field_path(FIRST_OF),
        "Where the value is read: a path, or several, of which the first that holds a value counts (`full_name || name`). Without `write` "
        "it cannot be written.",
    ),
    "write": Key(_WRITE, "Where the value is written: a path, or paths by operation (`{create: a}`). Without `read` it cannot be read."),
    "absent": Key(
        Choice(
            "a literal, or a list of literals",
            scalar=Transform(AnyValue(scalar=True), lambda literal, span, out: (literal,)),
            sequence=ListOf(AnyValue(scalar=True), "a list of literals"),
        ),
        'Values of the vendor that are read as None: `0`, `""`.',
    ),
    "written_by": Key(
        Choice("an operation, or a list of operations", scalar=Transform(NAME, lambda name, span, out: (name,)), sequence=NAMES),
        "The operations that write `path`, if not all: `{path: fields.project.key, written_by: create}`.",
    ),
    "link": Key(
        Transform(TEXT, _link),
        'An address with a path of the record, read by the codec `link`: `"https://{connection.site}.example.com/tasks/{key}"`.',
    ),
    "codec": Key(_CODEC, "A codec: it decodes what is read and encodes what is written. `{name: argument}` gives it an argument."),
    "codec_inputs": Key(_KNOWING, "Further values that the codec needs: `{read: [isAllDay], write: [time_zone]}`."),
    "enum": Key(
        TableKind(), "The vendor's values by unified value (`{low: [Low, Lowest]}`), or by column too (`{done: {closed: false}}`)."
    ),
    "label": Key(PATH, "Path of the vendor's own value; it is read as `<name>_label`."),
    "clear": Key(
        _CLEAR,
        "Value sent for `None` if the vendor does not accept null: a literal, literals by path (`{due_string: no date}`), or `never`.",
    ),
    "also_write": Key(_ALSO, "Further locations that are written with the same value: a list of paths, or such lists by operation."),
    "constants": Key(
        MapOf(WRITABLE, AnyValue(scalar=True), _beside, "literals by path"),
        "Literals that are written if the field is, and is not None: `{body.contentType: text}`.",
    ),
    "slots": Key(
        _SLOTS,
        "Locations for the elements of a list, one element each: `{work: Phone, mobile: MobilePhone}`, or a list of slots "
        "(`[{type: work, number: Phone}]`); with `separator`, several in one text.",
    ),
    "items": Key(WRITABLE, "A list of objects; `fields` map one of them."),
    "exclude": Key(PREDICATE, "Elements of `items` of which it is true are left out; such a list can only be read."),
    "fields": Key(FIELDS, "The fields of a nested object, from anywhere in the record; below `items`, from one element."),
    "by_type": Key(
        Transform(MapOf(WORD, WRITABLE, _arm, "paths by type"), _arms),
        "Locations by type, for a field whose type is a union: `{date: start.date, datetime: start.dateTime}`.",
    ),
    "format": Key(FORMAT, 'The format of a composite id: `"{owner}/{repo}#{number}"`.'),
    "parse": Key(
        MapOf(PATH, PARTS_PATTERN, _beside, "patterns by path", least=0),
        'Vendor paths and the patterns that yield parts: `{url: "*/repos/{owner}/{repo}"}`. Parts not named come from the request.',
    ),
}

_ONE_FORM = "a value is made in one way"
FIELD: Kind[FieldDraft] = Choice(
    "a path, a list of one path, or a mapping",
    scalar=Transform(_SHORT, _short),
    sequence=Transform(_SHORT, _short),
    mapping=Object(
        "a field",
        _FIELD_KEYS,
        _field,
        exclusive=(
            MutuallyExclusive("path", ("read", "write"), "`path` is both"),
            *(MutuallyExclusive(form, _FORMS[number + 1 :], _ONE_FORM) for number, form in enumerate(_FORMS[:-1])),
            *(
                MutuallyExclusive(form, _EVERYWHERE, f"`{form}` has the paths of the values")
                for form in ("slots", "by_type", "format", "link")
            ),
            MutuallyExclusive("items", _EVERYWHERE, "`items` is the location of the list"),
            MutuallyExclusive("fields", ("write",), "the inner fields have their own paths"),
            MutuallyExclusive("absent", ("enum", *_ENTIRE), "`absent` is of the one value at `path` or `read`; in an `enum`, leave it out"),
            MutuallyExclusive(
                "label", ("slots", "fields", "by_type", "format", "link"), "the vendor's own value belongs to a single value"
            ),
            MutuallyExclusive(
                "constants", ("slots", "fields", "by_type", "format"), "they are written with the one value of `path` or `write`"
            ),
            MutuallyExclusive(
                "also_write",
                ("slots", "fields", "by_type", "format", "enum"),
                "`also_write` sends the one value of `path` or `write` again",
            ),
        ),
        needs=(
            Requires("items", ("fields",)),
            Requires("exclude", ("items",)),
            Requires("parse", ("format",)),
            Requires("also_write", ("path", "write")),
            Requires("constants", ("path", "write")),
            Requires("written_by", ("path",)),
            Requires("absent", ("path", "read")),
            Requires("codec_inputs", ("codec",)),
            Requires("clear", ("path", "write", "read", "enum", "slots", "fields", "by_type", "format")),
        ),
        instead={
            "access": "`read` or `write`",
            "as": "`codec`",
            "table": "`enum`",
            "each": "`items`",
            "except": "`exclude`",
            "case": "`by_type`",
            "parts": "`format`",
            "map": "`enum`",
            "values": "`enum`",
            "join": "nothing for it yet: read first and last name where the vendor keeps them",
        },
    ),
)
