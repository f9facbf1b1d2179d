"""The grammar of a field of a mapping: how one unified field stands in the vendor's record and requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

from msgspec import Struct

from unified_gen.language import ast
from unified_gen.language.findings import Findings, listed
from unified_gen.language.kinds import Anything, Choice, Entries, Kind, Several, Shared, Then
from unified_gen.language.models import KINDS
from unified_gen.language.objects import Apart, Got, Key, Needs, Object
from unified_gen.language.tables import TableKind
from unified_gen.language.words import FORMAT, NAME, PARTS_PATTERN, PATH, PREDICATE, REGULAR, TEXT, WORD, WRITABLE
from unified_gen.source import Literal, Span, Text

T = TypeVar("T")

FieldDraft = Callable[[Text, Span], ast.Field]


class Place(Struct, frozen=True):
    """One path, or (`one`) a list of one path: a vendor's single value for a unified list."""

    path: Text
    one: bool


def place(path: Kind[Text]) -> Kind[Place]:
    """A path, or a list of one."""
    return Choice(
        "a path, or a list of one path",
        scalar=Then(path, lambda text, span, out: Place(text, False)),
        sequence=Then(Several(path, "a list of one path", most=1), lambda texts, span, out: Place(texts[0], True) if texts else None),
    )


# ----------------------------------------------------------------------------------------------------------- short form
def _short(at: Place, span: Span, out: Findings) -> FieldDraft:
    return lambda name, whole: ast.Field(name=name, span=whole, read=at.path, write={ast.ANY: at.path}, one=at.one)


_SHORT = place(WRITABLE)


# ------------------------------------------------------------------------------------------------------------ long form
Writes = Mapping[str, Place]


def _writes(entries: tuple[tuple[str, Place], ...], span: Span, out: Findings) -> Writes | None:
    return dict(entries) or None


_WRITE: Kind[Writes] = Choice(
    "a path, or paths by operation",
    scalar=Then(place(WRITABLE), lambda at, span, out: {ast.ANY: at}),
    sequence=Then(place(WRITABLE), lambda at, span, out: {ast.ANY: at}),
    mapping=Then(Entries(NAME, place(WRITABLE), lambda name, at, span: (name.value, at), "paths by operation"), _writes),
)


def _codec_use(name: Text, argument: Literal, span: Span) -> ast.CodecUse:
    return ast.CodecUse(name, argument)


_CODEC: Kind[ast.CodecUse] = Choice(
    "a codec, or a codec and its argument",
    scalar=Then(NAME, lambda text, span, out: ast.CodecUse(text)),
    mapping=Then(
        Entries(NAME, Anything(), _codec_use, "one codec and its argument", most=1), lambda uses, span, out: uses[0] if uses else None
    ),
)


# ---------------------------------------------------------------------------------------------------------------- slots
class _Several(Struct, frozen=True):
    """A place whose text holds several values, and what stands between them."""

    path: Text
    split: Text


_SlotEntry: TypeAlias = Text | Literal | _Several


def _entry(got: Got, out: Findings) -> Literal | _Several | None:
    if not got.keys:
        out.add("MAP007", "an entry of a slot is a path, a word, `{const: value}`, or `{path: place, split: mark}`", got.span)
    if "path" in got.values and "split" in got.values:
        return _Several(got.values["path"], got.values["split"])
    constant: Literal | None = got.get("const")
    return constant


_ENTRY: Kind[_SlotEntry] = Choice(
    "a path, a word of an enumeration, `{const: value}`, or `{path: place, split: mark}`",
    scalar=Then(TEXT, lambda text, span, out: text),
    mapping=Object(
        "an entry of a slot",
        {
            "const": Key(Anything(scalar=True), "A literal."),
            "path": Key(WRITABLE, "A place whose text holds several values: the slot takes as many elements."),
            "split": Key(TEXT, "What stands between them there: `;`."),
        },
        _entry,
        apart=(Apart("const", ("path", "split"), "a constant stands nowhere at the vendor"),),
        needs=(Needs("path", ("split",)), Needs("split", ("path",))),
    ),
)


def _slot(entries: tuple[tuple[Text, _SlotEntry], ...], span: Span, out: Findings) -> ast.Slot | None:
    several = {name.value: value for name, value in entries if isinstance(value, _Several)}
    constants = {name.value: value for name, value in entries if isinstance(value, Literal)}
    paths = {name.value: value.path if isinstance(value, _Several) else value for name, value in entries if not isinstance(value, Literal)}
    return ast.Slot(constants, paths, span, {name: value.split for name, value in several.items()}) if entries else None


_SLOTS = Several(Then(Entries(NAME, _ENTRY, lambda name, value, span: (name, value), "a slot: places by name"), _slot), "a list of slots")


# --------------------------------------------------------------------------------------------------- the field as a whole
_EVERYWHERE = ("path", "read", "write")
_FORMS = ("table", "as", "slots", "fields", "case", "parts")
"""What turns the value at a place into the unified one: at most one of them."""


def _field(got: Got, out: Findings) -> FieldDraft | None:
    if not got.keys:
        out.add("MAP007", "this field says neither where it is read nor where it is written", got.span, help="leave it to `gaps`")
        return None
    _stands_somewhere(got, out)
    both: Place | None = got.get("path")
    read: Place | None = got.get("read", both)
    writes: Writes = got.get("write") or ({ast.ANY: both} if both is not None else {})
    if any(key in got.keys and key not in got.values for key in (*_EVERYWHERE, *_FORMS)):
        return None
    each: Text | None = got.get("each")
    if each is not None:
        read, writes = Place(each, False), {ast.ANY: Place(each, False)} if "except" not in got.keys else {}
    parts: Text | None = got.get("parts")
    clear, clears = got.get("clear", (None, ()))
    return lambda name, span: ast.Field(
        name=name,
        span=span,
        read=read.path if read is not None else None,
        write={operation: at.path for operation, at in writes.items()},
        one=any(at.one for at in (read, *writes.values()) if at is not None),
        codec=got.get("as"),
        table=got.get("table"),
        label=got.get("label"),
        clear=clear,
        clears=clears,
        also=got.get("also", {}),
        slots=got.get("slots", ()),
        each=each,
        except_=got.get("except"),
        fields=got.get("fields", ()),
        case=got.get("case", ()),
        parts=ast.Parts(parts, got.get("from", ())) if parts is not None else None,
        known_read=got.get("knowing", ((), ()))[0],
        known_write=got.get("knowing", ((), ()))[1],
    )


def _stands_somewhere(got: Got, out: Findings) -> None:
    """Checks that look at more than two keys."""
    table: ast.Table | None = got.get("table")
    placed = [key for key in _EVERYWHERE if key in got.keys]
    by_columns = table is not None and bool(table.columns)
    unread = "table" in got.keys and table is None
    if not placed and not by_columns and not unread and not any(key in got.keys for key in ("slots", "each", "fields", "case", "parts")):
        first = next(iter(got.keys))
        out.add("MAP007", "a field needs a place: `path`, `read` or `write`", got.keys[first])
    if by_columns and "write" in got.keys:
        help = "the columns say where it is written; `read` is the place they start from"
        out.add("MAP010", "`write` and a table of several columns do not stand together", got.keys["write"], help=help)
    if "clear" in got.keys and placed == ["read"] and not by_columns:
        help = "it is what `None` sends; give the field a `write`"
        out.add("MAP010", "`clear` on a field that is read only", got.keys["clear"], help=help)
    if got.get("clear", (None, ()))[1] and (by_columns or not {"path", "write"} & got.keys.keys()):
        out.add("MAP010", "`clear` with places stands beside the one place of a field, `path` or `write`", got.keys["clear"])
    if "clear" in got.keys and "except" in got.keys:
        out.add("MAP010", "`clear` on a list of which elements are left out: it is not written", got.keys["clear"])
    if "clear" in got.keys and "parts" in got.keys:
        out.add("MAP010", "`clear` on a composite id, which is not written", got.keys["clear"])
    if got.values.get("read") is not None and got.values.get("write"):
        forms = {at.one for at in (got.values["read"], *got.values["write"].values())}
        if len(forms) > 1:
            out.add("MAP010", "a list of one path stands on both sides or on none", got.keys["write"], help="`{read: [a.b], write: [a]}`")


def _beside(path: Text, value: T, span: Span) -> tuple[Text, T]:
    return path, value


def _arm(kind: Text, path: Text, span: Span) -> tuple[Text, Text]:
    return kind, path


def _arms(arms: tuple[tuple[Text, Text], ...], span: Span, out: Findings) -> tuple[tuple[Text, Text], ...] | None:
    wrong = [kind for kind, _ in arms if kind.value not in KINDS]
    for kind in wrong:
        out.add("MAP002", f"expected a type, got `{kind}`", kind.span, help=f"there is {listed(KINDS)}")
    if not wrong and len(arms) < 2:
        out.add("MAP002", "a `case` with one arm is a plain path", span)
        return None
    return None if wrong else arms


def _named(name: Text, draft: FieldDraft, span: Span) -> ast.Field:
    return draft(name, span)


FIELDS: Kind[tuple[ast.Field, ...]] = Shared("fields", lambda: Entries(NAME, FIELD, _named, "fields by name"))

Clear: TypeAlias = tuple[Literal | None, tuple[tuple[Text, Literal], ...]]
"""What clears a field: a value for its own place, or values for others."""

_CLEAR: Kind[Clear] = Choice(
    "a literal, or literals by place",
    scalar=Then(Anything(), lambda literal, span, out: (literal, ())),
    sequence=Then(Anything(), lambda literal, span, out: (literal, ())),
    mapping=Then(Entries(WRITABLE, Anything(), _beside, "literals by place"), lambda places, span, out: (None, places)),
)

_KNOWING: Kind[tuple[tuple[Text, ...], tuple[Text, ...]]] = Object(
    "what a codec knows",
    {
        "read": Key(Several(PATH, "a list of paths"), "Further places of the record, for decoding."),
        "write": Key(Several(NAME, "a list of fields"), "Further fields of the input, for encoding."),
    },
    lambda got, out: (got.get("read", ()), got.get("write", ())),
)
_PLACES: Kind[tuple[Text, ...]] = Several(WRITABLE, "a list of paths")
_ALSO: Kind[Mapping[str, tuple[Text, ...]]] = Choice(
    "a list of paths, or lists of paths by operation",
    sequence=Then(_PLACES, lambda places, span, out: {ast.ANY: places}),
    mapping=Then(
        Entries(NAME, _PLACES, lambda name, places, span: (name.value, places), "lists of paths by operation"),
        lambda entries, span, out: dict(entries) or None,
    ),
)

_FIELD_KEYS: dict[str, Key] = {
    "path": Key(_SHORT, "Where the value is read and written. `[a.b]` is a list of at most one."),
    "read": Key(place(PATH), "Where the value is read. Without `write` it cannot be written."),
    "write": Key(_WRITE, "Where the value is written: a path, or paths by operation (`{create: a}`). Without `read` it cannot be read."),
    "as": Key(_CODEC, "A codec: it decodes what is read and encodes what is written. `{name: argument}` gives it an argument."),
    "knowing": Key(_KNOWING, "What the codec must know besides its own value: `{read: [isAllDay], write: [time_zone]}`."),
    "table": Key(
        TableKind(), "The vendor's words by unified value (`{low: [Low, Lowest]}`), or by column too (`{done: {closed: false}}`)."
    ),
    "label": Key(PATH, "Where the vendor's own word stands; it is read as `<name>_label`."),
    "clear": Key(
        _CLEAR, "What `None` sends where the vendor takes no null: a literal, literals by place (`{due_string: no date}`), or `never`."
    ),
    "also": Key(_ALSO, "Further places that are written with the same value: a list of paths, or such lists by operation."),
    "slots": Key(
        _SLOTS, "Places for the elements of a list, one element each: `[{type: work, number: Phone}]`; with `split`, several in one text."
    ),
    "each": Key(WRITABLE, "A list of objects; `fields` say how one of them is read and written."),
    "except": Key(PREDICATE, "Elements of `each` of which it is true are left out; such a list can only be read."),
    "fields": Key(FIELDS, "The fields of a nested object, from anywhere in the record; below `each`, from one element."),
    "case": Key(
        Then(Entries(WORD, WRITABLE, _arm, "paths by type"), _arms),
        "Places by type, for a field whose type is a union: `{date: start.date, datetime: start.dateTime}`.",
    ),
    "parts": Key(FORMAT, 'The format of a composite id: `"{owner}/{repo}#{number}"`.'),
    "from": Key(
        Entries(PATH, PARTS_PATTERN, _beside, "patterns by path"),
        'Vendor paths and the patterns that yield parts: `{url: "*/repos/{owner}/{repo}"}`. Parts not named come from the request.',
    ),
}

_ONE_FORM = "a value is made in one way"
FIELD: Kind[FieldDraft] = Choice(
    "a path, a list of one path, or a mapping",
    scalar=Then(_SHORT, _short),
    sequence=Then(_SHORT, _short),
    mapping=Object(
        "a field",
        _FIELD_KEYS,
        _field,
        apart=(
            Apart("path", ("read", "write"), "`path` is both"),
            *(Apart(form, _FORMS[number + 1 :], _ONE_FORM) for number, form in enumerate(_FORMS[:-1])),
            *(Apart(form, _EVERYWHERE, f"`{form}` says where the values stand") for form in ("slots", "case", "parts")),
            Apart("each", _EVERYWHERE, "`each` is the place of the list"),
            Apart("fields", ("write",), "the inner fields say where they are written"),
            Apart("label", ("slots", "fields", "case", "parts"), "the vendor's own word stands beside one value"),
            Apart("also", ("slots", "fields", "case", "parts", "table"), "`also` sends the one value of `path` or `write` again"),
        ),
        needs=(
            Needs("each", ("fields",)),
            Needs("except", ("each",)),
            Needs("from", ("parts",)),
            Needs("also", ("path", "write")),
            Needs("knowing", ("as",)),
            Needs("clear", ("path", "write", "read", "table", "slots", "fields", "case", "parts")),
        ),
        instead={
            "access": "`read` or `write` alone",
            "codec": "`as`",
            "enum": "`table`",
            "map": "`table`",
            "values": "`table`",
            "join": "nothing for it yet: read first and last name where the vendor keeps them",
        },
    ),
)


def _custom(got: Got, out: Findings) -> ast.Custom:
    return ast.Custom(got.values["names"], got.get("below"), got.get("split"))


CUSTOM: Kind[ast.Custom] = Object(
    "`custom`",
    {
        "names": Key(REGULAR, "A regular expression that the whole name of a custom field matches.", required=True, fatal=True),
        "below": Key(PATH, "The open map that holds them; without it the record itself."),
        "split": Key(TEXT, "What stands between the values of a field that holds several; without it they are a list."),
    },
    _custom,
)
