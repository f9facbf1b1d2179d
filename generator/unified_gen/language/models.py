"""Grammar of a unified model, `mappings/models/<resource>.yaml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.diagnostics.suggestions import did_you_mean, listed, nearest
from unified_gen.language import ast, reserved
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import Choice, Definitions, Flag, IntRange, Kind, ListOf, MapOf, OneOf, Ref, Transform, refuse
from unified_gen.language.objects import Key, Object, ParsedKeys
from unified_gen.language.strings import CLASS_NAME, NAME, TEXT, UNSUPPORTED_NAME
from unified_openapi.source.nodes import Node, ScalarNode, SequenceNode
from unified_openapi.source.spans import Json, Span, Text

KINDS = ("id", "text", "markdown", "boolean", "integer", "decimal", "date", "datetime", "email", "url", "enum", "object", "bytes")
"""The kinds of unified values."""
LIKES = ("create", "get", "list", "update", "delete", "changes")
"""Kinds of operations."""
_TAKE_ID = frozenset({"get", "update", "delete"})
_NUMBERS = frozenset({"integer", "decimal"})
_TEXTUAL = frozenset({"text", "markdown", "url", "email", "id"})
"""Types whose values are text."""


# ----------------------------------------------------------------------------------------------------------------- types
class TypeKind(Struct, frozen=True):
    """`text`, `date | datetime`, or a list of one such."""

    expected: str = "a type"

    def read(self, node: Node, out: Findings) -> ast.Type | None:
        if isinstance(node, SequenceNode):
            if len(node.items) != 1 or not isinstance(node.items[0], ScalarNode):
                out.add("MAP002", "expected a list of one type, such as `[id]`", node.span)
                return None
            inner = self._read(node.items[0], out)
            return None if inner is None else replace(inner, many=True)
        if isinstance(node, ScalarNode):
            return self._read(node, out)
        refuse(node, self.expected, out)
        return None

    def _read(self, node: ScalarNode, out: Findings) -> ast.Type | None:
        words = [word.strip() for word in node.text.split("|")]
        for word in words:
            if word not in KINDS:
                out.add("MAP002", f"expected a type, got `{word}`", node.span, help=_near(word))
                return None
        if len(words) == 1:
            return ast.Type(words[0])
        if len(set(words)) < len(words) or set(words) & {"enum", "object", "bytes"}:
            out.add("MAP010", "a union joins different plain types: no `enum`, `object` or `bytes`, none twice", node.span)
            return None
        if len(set(words) & _TEXTUAL) > 1:
            out.add("MAP010", f"a union holds one of {listed(sorted(_TEXTUAL))}: values of two of them cannot be distinguished", node.span)
            return None
        return ast.Type("|".join(words), arms=tuple(ast.Type(word) for word in words))

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        plain = [kind for kind in KINDS if kind not in ("enum", "object", "bytes")]
        union = f"^({'|'.join(plain)})( *\\| *({'|'.join(plain)}))+$"
        one: dict[str, Json] = {"anyOf": [{"enum": list[Json](KINDS)}, {"type": "string", "pattern": union}]}
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": 1}]}


def _near(word: str) -> str:
    near = nearest(word, KINDS)
    return f"did you mean `{near}`?" if near is not None else f"there is {listed(KINDS)}"


# ---------------------------------------------------------------------------------------------------------------- fields
FieldDraft = Callable[[Text, Span], ast.ModelField]


def _field(got: ParsedKeys, out: Findings) -> FieldDraft | None:
    kind = _completed(got, out)
    if kind is None:
        return None
    of, max_length = got.plain("references"), got.get("max_length")
    if "label" in got.keys and kind.kind != "enum":
        out.add("MAP010", "`label` adds the vendor's own value to an `enum`; this field has another type", got.keys["label"])
    if "references" in got.keys and kind.kind != "id":
        out.add("MAP010", "`references` names the resource of a field of type `id`; this field has another type", got.keys["references"])
        of = None
    if "max_length" in got.keys and kind.kind not in _TEXTUAL:
        out.add("MAP010", f"`max_length` is for {listed(sorted(_TEXTUAL))}", got.keys["max_length"])
        max_length = None
    bounds = {key: got.get(key) for key in ("minimum", "maximum")}
    for key in bounds:
        if key in got.keys and kind.kind not in _NUMBERS:
            out.add("MAP010", f"`{key}` is for {listed(sorted(_NUMBERS))}", got.keys[key])
            bounds[key] = None
    if bounds["minimum"] is not None and bounds["maximum"] is not None and bounds["minimum"] > bounds["maximum"]:
        out.add("MAP010", "no number is at least `minimum` and at most `maximum`", got.keys["maximum"])
    if got.flag("read_only") and "required" in got.keys:
        out.add("MAP010", "a `read_only` field is not an input, so no operation can require it", got.keys["required"])
    required = frozenset(text.value for text in got.get("required", ()))
    if got.flag("secret") and (kind.kind != "text" or kind.many):
        out.add("MAP010", "`secret` is for a field of type `text`; this field has another type", got.keys["secret"])

    def draft(name: Text, span: Span) -> ast.ModelField:
        return ast.ModelField(
            name=name,
            type=kind,
            summary=got.plain("summary") or "",
            span=span,
            read_only=got.flag("read_only"),
            required=frozenset() if got.flag("read_only") else required,
            label=got.flag("label") and kind.kind == "enum",
            references=of,
            max_length=max_length,
            hint=got.plain("hint"),
            minimum=bounds["minimum"],
            maximum=bounds["maximum"],
            secret=got.flag("secret"),
        )

    return draft


def _completed(got: ParsedKeys, out: Findings) -> ast.Type | None:
    """Return the type, completed by other keys: an enumeration's values, an object's fields and name."""
    kind: ast.Type = got.values["type"]
    for key, wanted in (("values", "enum"), ("fields", "object"), ("record", "object")):
        if key in got.keys and kind.kind != wanted:
            out.add("MAP010", f"`{key}` belongs to the type `{wanted}`, this is `{kind.kind}`", got.keys[key])
        if key not in got.keys and kind.kind == wanted:
            out.add("MAP007", f"a field of type `{wanted}` needs `{key}`", got.keys["type"])
    match kind.kind:
        case "enum":
            values: tuple[Text, ...] = got.get("values", ())
            _unique(values, "value", out)
            return replace(kind, values=values) if values else None
        case "object":
            fields: tuple[ast.ModelField, ...] = got.get("fields", ())
            return replace(kind, fields=fields, record=got.plain("record")) if fields else None
    return kind


def _unique(texts: tuple[Text, ...], what: str, out: Findings) -> None:
    seen: set[str] = set()
    for text in texts:
        if text.value in seen:
            out.add("MAP006", f"the {what} `{text.value}` occurs twice", text.span)
        seen.add(text.value)


def _named_field(name: Text, draft: FieldDraft, span: Span) -> ast.ModelField:
    return draft(name, span)


def _single(text: Text, span: Span, out: Findings) -> tuple[Text, ...]:
    return (text,)


_VALUES = Key(ListOf(NAME, "a list of names"), "The values of an `enum`, in the order in which they are shown.")
_OF = Key(NAME, "The resource whose ids the field holds.")
_SYNONYMS = Key(ListOf(TEXT, "a list of words"), "Other words for it, by which a search for tools finds it.")
_HINT = Key(TEXT, "Hint for language models, in addition to name and type: a few words, or none if these are clear.")

FIELDS: Kind[tuple[ast.ModelField, ...]] = Ref("fields", lambda: MapOf(NAME, _FIELD, _named_field, "fields by name"))

_FIELD: Kind[FieldDraft] = Object(
    "a field of a model",
    {
        "type": Key(TypeKind(), f"One of {', '.join(KINDS)}; `[id]` is a list, `date | datetime` a union.", required=True, fatal=True),
        "summary": Key(TEXT, "What the field means, for people.", required=True),
        "read_only": Key(Flag(), "Set by the vendor: read, never an input."),
        "required": Key(
            Choice("an operation or a list of operations", scalar=Transform(NAME, _single), sequence=ListOf(NAME, "operations")),
            "The operation that cannot do without it, or a list of them.",
        ),
        "label": Key(Flag(), "Add the vendor's own value of the enum, as `<name>_label`."),
        "references": _OF,
        "values": _VALUES,
        "record": Key(CLASS_NAME, "The name of the class that an `object` becomes."),
        "fields": Key(FIELDS, "The fields of an `object`."),
        "max_length": Key(IntRange(1), "The most characters, for all vendors."),
        "hint": _HINT,
        "minimum": Key(IntRange(), "The least number, for all vendors."),
        "maximum": Key(IntRange(), "The greatest number, for all vendors."),
        "secret": Key(Flag(only=True), "Redact its value in plans, questions to policies, approvals, errors and logs."),
    },
    _field,
)


# ------------------------------------------------------------------------------------------------------------ operations
InputDraft = Callable[[Text, Span, Mapping[str, ast.ModelField], Findings], ast.Input | None]
OperationDraft = Callable[[Text, Span, Mapping[str, ast.ModelField], Findings], ast.ModelOperation | None]


def _input(got: ParsedKeys, out: Findings) -> InputDraft | None:
    if "type" in got.keys and "type" not in got.values:
        return None

    def draft(name: Text, span: Span, fields: Mapping[str, ast.ModelField], out: Findings) -> ast.Input | None:
        field = _lookup(got.get("field"), fields, out)
        if "field" in got.keys and field is None:
            return None
        kind = got.get("type") or (replace(field.type, many=False) if field is not None else None)
        if kind is None:
            out.add("MAP007", f"the input `{name}` needs a `type`, or the `field` it is compared with", name.span)
            return None
        if kind.kind == "enum" and not kind.values:
            kind = replace(kind, values=got.get("values", ()) or (field.type.values if field is not None else ()))
            if not kind.values:
                out.add("MAP007", "an input of type `enum` needs `values`", name.span)
                return None
        elif kind.kind == "object":
            out.add("MAP010", f"the input `{name}` is an object; an input is a plain value or a list of such", name.span)
            return None
        empty = _lookup(got.get("empty_field"), fields, out)
        if "empty_field" in got.keys and (empty is None or kind.kind != "boolean" or kind.many):
            if empty is not None:
                out.add("MAP010", f"the input `{name}` has an `empty_field`, so its type is `boolean`", name.span)
            return None
        over = tuple(text.value for text in got.get("searched_fields", ()) if _lookup(text, fields, out) is not None)
        return ast.Input(
            name=name,
            type=kind,
            summary=got.plain("summary") or (field.summary if field is not None else ""),
            span=span,
            required=got.flag("required"),
            field=got.values["field"].value if field is not None else None,
            references=got.plain("references") or (field.references if field is not None else None),
            searched_fields=over,
            empty_field=empty.name.value if empty is not None else None,
            hint=got.plain("hint") or (field.hint if field is not None and field.type.many == kind.many else None),
        )

    return draft


def _lookup(text: Text | None, fields: Mapping[str, ast.ModelField], out: Findings) -> ast.ModelField | None:
    if text is None:
        return None
    found, known = None, fields
    for name in text.value.split("."):
        found = known.get(name)
        if found is None:
            out.add("MAP013", f"the record has no field `{text}`", text.span, help=did_you_mean(name, known))
            return None
        known = {inner.name.value: inner for inner in found.type.fields}
    return found


_RESPONSES = {"bytes": "get", "none": "update"}
"""Values of `response`, and the kind of the operations that have it."""


def _operation(got: ParsedKeys, out: Findings) -> OperationDraft | None:
    def draft(name: Text, span: Span, fields: Mapping[str, ast.ModelField], out: Findings) -> ast.ModelOperation | None:
        like = got.plain("kind") or name.value
        if like not in LIKES:
            if "kind" not in got.keys:
                out.add("MAP007", f"the operation `{name}` needs `kind`", name.span, help=f"one of {listed(LIKES)}: what it is a kind of")
            return None
        if "inputs" in got.keys:
            drafts: tuple[tuple[Text, InputDraft, Span], ...] = got.get("inputs", ())
            read = [make(inner, at, fields, out) for inner, make, at in drafts]
            inputs = tuple(given for given in read if given is not None)
        else:
            inputs = (_id(name, fields),) if like in _TAKE_ID else ()
        own: tuple[Text, ...] | None = got.get("fields")
        made = ast.ModelOperation(
            name=name,
            kind=like,
            summary=got.plain("summary") or "",
            span=span,
            inputs=inputs,
            response=got.plain("response"),
            synonyms=tuple(text.value for text in got.get("synonyms", ())),
            fields=None if own is None else tuple(text.value for text in own),
            custom_field_filters=got.flag("custom_field_filters"),
        )
        if made.custom_field_filters and like != "list":
            out.add(
                "MAP010", f"`custom_field_filters` is for an operation like `list`; this is like `{like}`", got.keys["custom_field_filters"]
            )
        if own is not None and like not in ("create", "update"):
            out.add("MAP010", f"`fields` is for an operation that writes; this is like `{like}`", got.keys["fields"])
        writable = {field.name.value for field in fields.values() if not field.read_only}
        for text in own or ():
            if text.value not in writable:
                out.add(
                    "MAP013", f"the record has no field `{text}` that can be written", text.span, help=did_you_mean(text.value, writable)
                )
        if made.response is not None and like != _RESPONSES[made.response]:
            wanted = _RESPONSES[made.response]
            out.add(
                "MAP010",
                f"`response: {made.response}` is for an operation like `{wanted}`; this is like `{like}`",
                got.keys["response"],
            )
        for given in made.ids:
            content = given.type.kind == "bytes" and like in ("create", "update")
            if (given.type.kind not in _TEXTUAL or given.type.many) and not content:
                out.add(
                    "MAP010",
                    f"an input of an operation like `{like}` is an id or another text; `{given.name}` has another type",
                    given.name.span,
                )
        taken = {field.name.value for field in fields.values() if made.takes(field)}
        for given in inputs:
            if given.name.value in taken:
                out.add("MAP006", f"`{given.name}` is an input already, as a field of the record", given.name.span)
        return made

    return draft


def _id(operation: Text, fields: Mapping[str, ast.ModelField]) -> ast.Input:
    """Return the id of the record, which get, update and delete have as an input unless their inputs are written out."""
    field = fields.get("id")
    return ast.Input(
        name=Text("id", operation.span),
        type=ast.Type("id"),
        summary=field.summary if field is not None else "",
        span=operation.span,
        required=True,
        field="id" if field is not None else None,
    )


def _saved(name: Text, draft: InputDraft, span: Span) -> tuple[Text, InputDraft, Span]:
    return name, draft, span


def _checked_operation(name: Text, draft: OperationDraft, span: Span) -> tuple[Text, OperationDraft, Span]:
    return name, draft, span


_INPUT: Kind[InputDraft] = Object(
    "an input",
    {
        "type": Key(TypeKind(), "The type, as of a field; without it that of one value of `field`."),
        "summary": Key(TEXT, "What the input means; without it the summary of `field`."),
        "field": Key(
            UNSUPPORTED_NAME,
            "The field it is compared with, and so whose table or codec a reference to it carries; `busy.start` is an inner one.",
        ),
        "required": Key(Flag(), "The operation cannot do without it."),
        "references": _OF,
        "values": _VALUES,
        "searched_fields": Key(ListOf(NAME, "fields"), "The fields a text filter looks into when it is applied after reading."),
        "empty_field": Key(NAME, "The field that has no value in the records of this boolean filter; if it is false, the field has one."),
        "hint": _HINT,
    },
    _input,
)

_OPERATION: Kind[OperationDraft] = Object(
    "an operation of a model",
    {
        "summary": Key(TEXT, "What the operation does, for people and for language models.", required=True),
        "kind": Key(
            OneOf(LIKES),
            f"What it is a kind of: {', '.join(LIKES)}; needed where the name is none of these.",
        ),
        "response": Key(
            OneOf(tuple(_RESPONSES)),
            "`bytes`: the operation returns a file's content, not a record. `none`: it returns nothing, though it does not delete.",
        ),
        "synonyms": _SYNONYMS,
        "fields": Key(
            ListOf(NAME, "fields", least=0),
            "The fields of the record that an operation like `create` or `update` accepts; without it all that can be written.",
        ),
        "custom_field_filters": Key(
            Flag(only=True),
            "Callers may filter by custom fields: each vendor has `{custom_fields}` in a query, or an entry under `unsupported`.",
        ),
        "inputs": Key(
            MapOf(NAME, _INPUT, _saved, "inputs by name", least=0),
            "Inputs that are not fields of the record. Written out they are all there are; without them get, update and delete take `id`.",
        ),
    },
    _operation,
)


# ----------------------------------------------------------------------------------------------------------------- model
def _taken(texts: Iterable[Text], taken: frozenset[str], what: str, out: Findings) -> None:
    """Report names that generated code needs for itself."""
    for text in texts:
        if text.value in taken:
            out.add("MAP011", f"`{text.value}` cannot be the name of {what}: generated code uses it", text.span)


def _names(model: ast.Model, out: Findings) -> None:
    _taken((model.resource,), reserved.RESOURCES, "a resource", out)
    _taken((model.record,), reserved.CLASSES, "a record", out)
    operations = reserved.OPERATIONS | {f"read_{_snake(model.record.value)}"}
    _taken((operation.name for operation in model.operations), operations, "an operation", out)
    for operation in model.operations:
        _taken((given.name for given in operation.inputs), reserved.ARGUMENTS, "an input", out)
    _fields(model.fields, out)
    labels = {f"{field.name}_label": field for field in model.fields if field.label}
    for field in model.fields:
        if field.name.value in labels:
            out.add("MAP011", f"`{field.name}` is the label of `{labels[field.name.value].name}`", field.name.span)
    classes = {model.record.value, f"{model.record}Values", *(_input_classes(model))}
    nested: dict[str, ast.Type] = {}
    for kind, text in _records(model.fields):
        known = nested.setdefault(kind.record or "", kind)
        if kind.record in reserved.CLASSES or kind.record in classes or known.fields != kind.fields:
            out.add("MAP011", f"`{kind.record}` cannot be the name of this record: another class has it", text.span)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _fields(fields: tuple[ast.ModelField, ...], out: Findings) -> None:
    _taken((field.name for field in fields), reserved.FIELDS, "a field", out)
    for field in fields:
        _fields(field.type.fields, out)


def _records(fields: tuple[ast.ModelField, ...]) -> Iterator[tuple[ast.Type, Text]]:
    for field in fields:
        if field.type.record is not None:
            yield field.type, field.name
        yield from _records(field.type.fields)


def _input_classes(model: ast.Model) -> Iterator[str]:
    for operation in model.operations:
        name = "".join(word.capitalize() for word in operation.name.value.split("_"))
        yield model.record.value + (name if operation.kind in ("create", "update") or name != "List" else "Filters")


def _model(got: ParsedKeys, out: Findings) -> ast.Model:
    model = _read(got, out)
    _names(model, out)
    return model


def _read(got: ParsedKeys, out: Findings) -> ast.Model:
    fields: tuple[ast.ModelField, ...] = got.get("fields", ())
    by_name = {field.name.value: field for field in fields}
    drafts: tuple[tuple[Text, OperationDraft, Span], ...] = got.get("operations", ())
    operations = [make(name, span, by_name, out) for name, make, span in drafts]
    return ast.Model(
        resource=got.values["resource"],
        record=got.values["record"],
        summary=got.plain("summary") or "",
        fields=fields,
        operations=tuple(operation for operation in operations if operation is not None),
        span=got.span,
        max_tokens=got.get("max_tokens", _TOKENS),
        synonyms=tuple(text.value for text in got.get("synonyms", ())),
        custom_fields=got.flag("custom_fields"),
        opt_in=got.flag("opt_in"),
        shows_custom_fields=got.flag("shows_custom_fields"),
        tools=got.get("tools", True),
    )


_TOKENS = 600

MODEL: Object[ast.Model] = Object(
    "a model",
    {
        "resource": Key(NAME, "The resource's name, plural: it becomes the module `unified.<resource>`.", required=True, fatal=True),
        "record": Key(CLASS_NAME, "The name of the class of one record.", required=True, fatal=True),
        "summary": Key(TEXT, "What a record is.", required=True),
        "fields": Key(FIELDS, "The fields of a record, by name.", required=True),
        "operations": Key(
            MapOf(NAME, _OPERATION, _checked_operation, "operations by name"), "What can be done with the resource.", required=True
        ),
        "synonyms": _SYNONYMS,
        "opt_in": Key(
            Flag(only=True), "Its tools go only to agents whose toolset names it: they are seldom wanted, and each prompt pays for all."
        ),
        "custom_fields": Key(
            Flag(only=True),
            "Accounts can add custom fields: each vendor maps them under `custom_fields`, or gives a reason under `unsupported`.",
        ),
        "shows_custom_fields": Key(
            Flag(only=True), "Custom fields are what its records are for: results of tools have all of them, unless a call names some."
        ),
        "tools": Key(Flag(only=False), "Applications and commands use it; agents have no tool, toolset or call for it."),
        "max_tokens": Key(IntRange(1), f"The most that the resource's tools may cost a model's context, in tokens; {_TOKENS} without it."),
    },
    _model,
)
