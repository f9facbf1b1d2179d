"""Grammar of `custom_fields` of a mapping: the vendor's custom fields in records and requests."""

from __future__ import annotations

from unified_gen.language import ast
from unified_gen.language.bindings import pair
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import AnyValue, Kind, ListOf, MapOf, OneOf
from unified_gen.language.objects import Key, MutuallyExclusive, Object, ParsedKeys, Requires
from unified_gen.language.strings import FIRST_OF, PATH, REGULAR, TEXT, WORD, WRITABLE
from unified_openapi.source.spans import Text


def _custom_choices(got: ParsedKeys, out: Findings) -> tuple[ast.PathText, Text, Text] | None:
    found = (got.get("items"), got.get("by"), got.get("value"))
    return None if None in found else found


CUSTOM_CHOICES: Kind[tuple[ast.PathText, Text, Text]] = Object(
    "`choices`",
    {
        "items": Key(PATH, "The list of choices in an element.", required=True),
        "by": Key(WORD, "The property of a choice that the value may be.", required=True),
        "value": Key(WORD, "The property of a choice that is the value in requests.", required=True),
    },
    _custom_choices,
)


def _custom_write(got: ParsedKeys, out: Findings) -> ast.WrittenCustomFields | None:
    path = got.get("object") or got.get("items")
    if path is None:
        out.add("MAP007", "`write` needs `object` or `items`", got.span)
        return None
    listed = "items" in got.keys
    if listed and (got.get("key") is None or (got.get("value") is None and not got.get("types"))):
        out.add("MAP007", "`items` of `write` needs `key`, and `value` or `types`", got.span)
        return None
    booleans: tuple[Text, ...] = got.get("booleans", ())
    if booleans and len(booleans) != 2:
        out.add("MAP010", "`booleans` are two texts: that of false, and that of true", got.keys["booleans"])
        return None
    return ast.WrittenCustomFields(
        path,
        got.get("key"),
        got.get("value"),
        booleans,
        got.get("date"),
        got.get("datetime"),
        got.get("times"),
        got.get("types", ()),
        got.get("clear"),
    )


CUSTOM_TYPES = ("boolean", "datetime", "id", "number", "text")
"""Types of the values of custom fields; a date is a datetime."""

CUSTOM_WRITE: Kind[ast.WrittenCustomFields] = Object(
    "`write`",
    {
        "object": Key(PATH, "The open map of a request that holds them by id."),
        "items": Key(PATH, "The list of a request that holds them, each an object with `key` and `value`."),
        "key": Key(WORD, "The property with the id of a custom field."),
        "value": Key(WORD, "The property with its value."),
        "types": Key(
            MapOf(OneOf(CUSTOM_TYPES), WRITABLE, pair, "paths by type"),
            "In place of `value`: its path by type; `id` is a text in the form of the vendor's ids, a choice.",
        ),
        "booleans": Key(ListOf(TEXT, "two texts"), "The texts of false and of true, of a vendor that writes booleans as texts."),
        "date": Key(WORD, "The property of an object that a date is written in."),
        "datetime": Key(WORD, "The property of an object that a date-time is written in."),
        "clear": Key(AnyValue(scalar=True), "The value that empties one, if null does not."),
        "times": Key(OneOf(("epoch_ms",)), "`epoch_ms`: dates and date-times are written as milliseconds since 1970."),
    },
    _custom_write,
    exclusive=(
        MutuallyExclusive("types", ("value", "date", "datetime", "times"), "a value has one path"),
        MutuallyExclusive("object", ("items", "key", "value", "types"), "custom fields are in a map or in a list"),
        MutuallyExclusive("times", ("date", "datetime"), "dates have one form"),
    ),
)


def _custom(got: ParsedKeys, out: Findings) -> ast.CustomFields | None:
    pattern, items = got.values["pattern"], got.get("items")
    if items is None:
        return ast.CustomFields(pattern, got.get("object"), got.get("separator"), got.span)
    if got.get("key") is None or got.get("value") is None:
        out.add("MAP007", "`items` of `custom_fields` needs `key` and `value`", got.span)
        return None
    value: ast.PathText = got.get("value")
    listed = ast.CustomFieldItems(
        items, got.get("key"), (value, *(value.others if isinstance(value, ast.FirstOf) else ())), got.get("choices")
    )
    return ast.CustomFields(pattern, None, got.get("separator"), got.span, listed, got.get("write"))


CUSTOM: Kind[ast.CustomFields] = Object(
    "`custom`",
    {
        "pattern": Key(REGULAR, "A regular expression that the complete name of a custom field matches.", required=True, fatal=True),
        "object": Key(PATH, "The open map that holds them; without it the record itself."),
        "separator": Key(TEXT, "What is between the values of a field that holds several; without it they are a list."),
        "items": Key(PATH, "The list of a record that holds them, each an object with an id and a value."),
        "key": Key(PATH, "With `items`: the path of a custom field's id in an element."),
        "value": Key(FIRST_OF, "With `items`: the path of its value in an element; of several, the first that holds something."),
        "choices": Key(CUSTOM_CHOICES, "With `items`: the choices of a field in an element, if its value is not what requests have."),
        "write": Key(CUSTOM_WRITE, "With `items`: how requests have custom fields."),
    },
    _custom,
    exclusive=(MutuallyExclusive("object", ("items", "key", "value", "choices", "write"), "custom fields are in a map or in a list"),),
    needs=tuple(Requires(key, ("items",)) for key in ("key", "value", "choices", "write")),
)
