"""The grammar of `mappings/vendors/<vendor>/<resource>.yaml`."""

from __future__ import annotations

from collections.abc import Callable

from unified_gen.language import ast
from unified_gen.language.aliases import ALIAS
from unified_gen.language.batches import BATCHES
from unified_gen.language.bindings import NAMES, pair
from unified_gen.language.custom_fields import CUSTOM
from unified_gen.language.fields import FIELDS
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import AnyValue, Choice, Kind, ListOf, MapOf, OneOf, Transform
from unified_gen.language.names import MapOfNames
from unified_gen.language.objects import Key, Object, ParsedKeys
from unified_gen.language.operations import OPERATIONS
from unified_gen.language.strings import INPUT, NAME, PATH, PREDICATE, REASON, REFERENCE, UNSUPPORTED_NAME, WORD
from unified_gen.language.vendors import ALLOW
from unified_openapi.source.spans import Text

# --------------------------------------------------------------------------------------------------------------- resource
Draft = Callable[[str, Text], ast.Resource]
"""A mapping, made with its vendor and the name of its file."""


def _resource(got: ParsedKeys, out: Findings) -> Draft | None:
    schemas: tuple[Text, ...] = got.get("schema", ())
    if "schema" in got.keys and not schemas:
        return None
    return lambda vendor, name: ast.Resource(
        vendor=vendor,
        resource=got.get("resource", name),
        schema=schemas[0] if schemas else Text("", got.span),
        other_schemas=schemas[1:],
        fields=got.get("fields", ()),
        operations=got.get("operations", ()),
        span=got.span,
        exclude=got.get("exclude"),
        initial=got.get("initial", ()),
        custom_fields=got.get("custom_fields"),
        ids_change=got.get("ids_change") is not None,
        may_drop=got.get("may_drop", ()),
        params=got.get("params", ()),
        batches=got.get("batches", ()),
        aliases=got.get("aliases", ()),
        unsupported=got.get("unsupported", ()),
        allow=got.get("allow", ()),
    )


_SCHEMAS: Kind[tuple[Text, ...]] = Choice(
    "a schema, or a list of schemas",
    scalar=Transform(WORD, lambda name, span, out: (name,)),
    sequence=ListOf(WORD, "a list of schemas"),
)

RESOURCE: Object[Draft] = Object(
    "a mapping",
    {
        "resource": Key(NAME, "The unified resource that is mapped; without it, the one that the file is named after."),
        "schema": Key(
            _SCHEMAS,
            "The vendor's schema of one record: a component, or a path in one or in a response (`getIssue.issue.journals[]`); a list if "
            "responses hold records of several. Without it, the component that `get` responds with, or of which `list` has elements.",
        ),
        "exclude": Key(PREDICATE, "What is true of the vendor's records that are not of this resource."),
        "may_drop": Key(
            NAMES, "Fields that the vendor may leave out of a write without an error: the returned record is compared with what was sent."
        ),
        "ids_change": Key(
            OneOf(("on_move",)), "`on_move`: the vendor returns a moved record under an id that begins differently, without a redirect."
        ),
        "custom_fields": Key(CUSTOM, "Which of the vendor's names are custom fields."),
        "initial": Key(MapOf(PATH, AnyValue(), pair, "literals by path"), "Values a new record has unasked."),
        "fields": Key(FIELDS, "How each unified field is in the vendor's record and requests.", required=True),
        "aliases": Key(
            MapOf(PATH, ALIAS, lambda path, made, span: made(path), "fields by path"),
            "Other paths of requests by which the vendor writes a unified field, for `extra`: `{assignee: assignee_ids}`.",
        ),
        "unsupported": Key(
            MapOfNames(UNSUPPORTED_NAME, REASON, pair, "reasons by name"),
            "What the vendor lacks and why: `field`, `field.value`, `operation.field`, `filter.input`, `operation`.",
        ),
        "params": Key(
            MapOf(INPUT, REFERENCE, pair, "references by parameter"),
            "References by parameter of the path, for every call that has the parameter and does not fill it, if the operation has what is "
            "referred to.",
        ),
        "batches": Key(BATCHES, "Operations of the vendor, and the batch operation that does many of them at once."),
        "operations": Key(OPERATIONS, "How each unified operation is done: a step, a list of steps, or `either`.", required=True),
        "allow": ALLOW,
    },
    _resource,
    instead={"record": "`schema`", "reads": "`schema`", "tables": "`enum` on the field", "gaps": "`unsupported`", "except": "`exclude`"},
)
