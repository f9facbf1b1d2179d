"""Files of a new vendor or of a new resource of one: `vendor.yaml`, mappings, names for records, and the operations to take."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from msgspec import Struct, field
from msgspec.structs import replace

from unified_gen.language import ast
from unified_gen.scaffold import composite_ids, keys
from unified_gen.scaffold.by_hand import by_hand
from unified_gen.scaffold.drafted import Draft
from unified_gen.scaffold.emit import comment, entry
from unified_gen.scaffold.mapping import draft, find, operations_only, record_of
from unified_gen.scaffold.operations import Guess, ResponseGuess, find_shape, shared_parameters
from unified_gen.scaffold.similarity import tokens
from unified_gen.scaffold.vendor import Pagination, Reach, envelope, error_message, pagination, reach
from unified_openapi.documents import Document, OperationFacts, Operations, ParameterFacts, operations
from unified_openapi.schemas.graphql_errors import error_list
from unified_openapi.schemas.graphql_resources import is_graphql, resources
from unified_openapi.schemas.shapes import Schemas


class Resource(Struct, frozen=True):
    """Guesses for one resource; no fields if nothing was recognized."""

    name: str
    fields: int
    of_fields: int
    operations: int
    of_operations: int


class Scaffold(Struct, frozen=True):
    """Files by name relative to the project's root; `operations` are the vendor's that they call."""

    files: dict[str, str]
    operations: tuple[str, ...]
    resources: tuple[Resource, ...]
    skipped: tuple[str, ...] = ()
    """Resources that the document does not seem to have."""
    pagination: dict[str, Pagination] = {}
    """Pagination strategies, by name, that the vendor's declaration lacks."""
    connection: dict[str, str] = {}
    """Values of a connection that the vendor's declaration lacks, with summaries."""


def scaffold(name: str, document: Document, models: Sequence[ast.Model], *, requested: bool = False) -> Scaffold:
    """Guess a vendor's mappings from its document.

    Args:
        name: the vendor's folder.
        document: the vendor's document.
        models: the unified models to search for.
        requested: True to write a mapping of each model, also of those that the document does not seem to have.
    """
    document, of_fields = _viewed(document)
    schemas, known = Schemas(document), operations(document)
    found = {model.resource.value: find(model, known, schemas) for model in models}
    shown = [model for model in models if record_of(model, found[model.resource.value]) is not None]
    wrapper = envelope(_responses(shown, found))
    ways = _ways([guess for model in models for guess in _lists(model, found[model.resource.value])], schemas, {})
    shared, constants = _shared(known, schemas)
    made = Drafts()
    composite = _composite(models, found, shared)
    for model in models:
        made.add(model, found[model.resource.value], schemas, wrapper, ways, shared, composite, requested=requested)
    files = _mappings(name, document, models if requested else (), made)
    reached = reach(document, made.used.values())
    reached = replace(reached, connection=reached.connection | made.connection)
    sent = {parameter.name for facts in made.used.values() for parameter in facts.parameters}
    constants = {parameter: value for parameter, value in constants.items() if parameter in sent}
    message = None if of_fields else error_message(made.used.values(), schemas)
    how = [] if files else _how(name, document)
    files[f"mappings/vendors/{name}/vendor.yaml"] = _vendor(name, reached, wrapper, made.ways(ways), constants, message, how)
    if of_fields:
        text = files[f"mappings/vendors/{name}/vendor.yaml"].removesuffix(f"{comment(_NO_ERRORS)}\n")
        listed = next(filter(None, (error_list(facts, schemas) for facts in made.used.values())), None)
        payload = {} if listed is None else {"payload": {"failed_if": listed, "message": f"{listed}[0].message"}}
        files[f"mappings/vendors/{name}/vendor.yaml"] = text + "\n".join(entry("errors", _GRAPHQL_ERRORS | payload, note="guessed")) + "\n"
    return _scaffold(name, files, models, made)


_NO_ERRORS = "errors: the document does not show what an error response holds"
_GRAPHQL_ERRORS: dict[str, Any] = {"failed_if": "errors", "message": "errors[0].message", "code": "errors[0].extensions.code"}


def _viewed(document: Document) -> tuple[Document, bool]:
    """Return the document to guess from: of a GraphQL schema, that of the resources behind its fields, whose names are the same."""
    return (resources(document)[0], True) if is_graphql(document) else (document, False)


class Drafts(Struct):
    """Drafts of a vendor: complete mappings, and operations of records that the document does not describe."""

    mappings: list[Draft] = field(default_factory=list)
    operations: list[Draft] = field(default_factory=list)

    def add(
        self,
        model: ast.Model,
        guesses: dict[str, Guess],
        schemas: Schemas,
        wrapper: str | None,
        ways: Mapping[Pagination, str],
        shared: Mapping[str, ParameterFacts],
        composite: Mapping[str, tuple[str, ...]],
        *,
        requested: bool,
    ) -> None:
        """Add what the document shows of a resource, if it was requested or is plausible."""
        made = draft(model, guesses, schemas, wrapper, ways, shared, composite, requested=requested)
        if made is not None:
            if requested or _plausible(made):
                self.mappings.append(made)
        elif (known := operations_only(model, guesses, schemas, wrapper, ways, shared)) is not None:
            self.operations.append(known)

    @property
    def used(self) -> dict[str, OperationFacts]:
        """Operations that they call."""
        return {guess.facts.name: guess.facts for made in (*self.mappings, *self.operations) for guess in made.guesses.values()}

    @property
    def connection(self) -> dict[str, str]:
        """Values of a connection that they use, with summaries."""
        return {value: text for made in (*self.mappings, *self.operations) for value, text in made.connection.items()}

    def ways(self, ways: Mapping[Pagination, str]) -> dict[Pagination, str]:
        """Return the pagination strategies that they use, and the default."""
        text = "\n".join(line for made in (*self.mappings, *self.operations) for line in made.operations)
        used = {way: name for way, name in ways.items() if name == "default" or f"{keys.PAGINATION}: {name}" in text}
        return used if self.mappings or self.operations else {}


SEVERAL = 3


def _plausible(made: Draft) -> bool:
    """Return true if the vendor uses the model's own noun, or enough fields were found: many records have a name. Several operations make
    up for a missing id. A record that is only read and lacks what it is part of is of something else.
    """
    if made.incomplete and len(made.guesses) < SEVERAL:
        return False
    if not {"create", "list"} & made.guesses.keys() and _is_of_another(made):
        return False
    known, noun = len(made.model.fields), " ".join(tokens(made.model.resource.value))
    return any(guess.noun == noun for guess in made.guesses.values()) or made.guessed >= max(min(SEVERAL, known - 1), known / 4)


def _is_of_another(made: Draft) -> bool:
    """Return true if the record does not hold the reference that creating one requires: comments, but not of tasks."""
    return any(unified.references and unified.required and unified.name.value in made.unsupported for unified in made.model.fields)


def add_resource(vendor: ast.Vendor, document: Document, model: ast.Model) -> Scaffold:
    """Guess the mapping of one resource for a vendor that is declared already, with its envelope and its pagination strategies."""
    document, _ = _viewed(document)
    schemas, known = Schemas(document), operations(document)
    guesses = find(model, known, schemas)
    wrapper = vendor.envelope.value if vendor.envelope is not None else None
    declared = {(way.style, way.param.value if way.param is not None else None): way.name.value for way in vendor.pagination}
    filled = {text.value for text, _ in (*vendor.constants, *vendor.headers)}
    ways = _ways(_lists(model, guesses), schemas, declared)
    shared, _ = _shared(known, schemas)
    made = Drafts()
    shared = {name: facts for name, facts in shared.items() if name not in filled}
    composite = _composite([model], {model.resource.value: guesses}, shared)
    made.add(model, guesses, schemas, wrapper, ways, shared, composite, requested=True)
    values = {value.name.value for value in vendor.connection}
    return replace(
        _scaffold(vendor.name.value, _mappings(vendor.name.value, document, [model], made), [model], made),
        pagination={name: way for way, name in made.ways(ways).items() if name not in declared.values()},
        connection={name: text for name, text in made.connection.items() if name not in values},
    )


def _composite(models: Sequence[ast.Model], found: Mapping[str, dict[str, Guess]], filled: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the parts of composite ids by resource."""
    gets = {
        model.resource.value: found[model.resource.value].get(operation.name.value)
        for model in models
        for operation in model.operations
        if operation.kind == "get" and any(given.name.value == "id" for given in operation.inputs)
    }
    return {resource: names for resource, get in gets.items() if (names := composite_ids.parts(get, filled))}


def _scaffold(name: str, files: dict[str, str], models: Sequence[ast.Model], made: Drafts) -> Scaffold:
    by_name = {one.model.resource.value: one for one in (*made.mappings, *made.operations)}
    resources, skipped = [], []
    for model in models:
        resource = model.resource.value
        one = by_name.get(resource)
        if f"mappings/vendors/{name}/{resource}.yaml" in files:
            fields, found = (one.guessed, len(one.guesses)) if one is not None else (0, 0)
            resources.append(Resource(resource, fields, len(model.fields), found, len(model.operations)))
        else:
            skipped.append(resource)
    return Scaffold(files, tuple(sorted(made.used)), tuple(resources), tuple(skipped))


def _mappings(name: str, document: Document, requested: Sequence[ast.Model], made: Drafts) -> dict[str, str]:
    """Return the mappings that were drafted, a mapping to be completed for each other model requested, and an overlay if it is needed."""
    files = {f"mappings/vendors/{name}/{one.model.resource}.yaml": one.text for one in made.mappings}
    facts = list(operations(document).values())
    for one in made.operations:
        files[f"mappings/vendors/{name}/{one.model.resource}.yaml"] = by_hand(one.model, name, document.name, facts, one)
    for model in requested:
        files.setdefault(f"mappings/vendors/{name}/{model.resource}.yaml", by_hand(model, name, document.name, facts))
    unnamed = {one.reads: one.unnamed for one in made.mappings if one.unnamed is not None}
    if unnamed:
        files[f"specs/{name}/overlay.yaml"] = _overlay(name, unnamed)
    return files


def _overlay(name: str, unnamed: dict[str, str]) -> str:
    """Return an overlay that gives names to schemas, by name and pointer, which the document declares in place."""
    lines = ["overlay: 1.0.0", f'info: {{title: "{name}: names of records", version: 1.0.0}}', "actions:"]
    for component, pointer in unnamed.items():
        lines += [
            "  - target: $",
            "    update:",
            "      components:",
            "        schemas:",
            *entry(component, {"$ref": "#" + quote(pointer, safe="/~!$&'()*+,;=:@")}, indent=10),
            "    x-evidence: the document declares this schema in place and gives it no name",
        ]
    return "\n".join(lines) + "\n"


def _shared(known: Operations, schemas: Schemas) -> tuple[dict[str, ParameterFacts], dict[str, Any]]:
    """Return the required parameters of most operations: those that a connection fills, and the values of those that have only one."""
    open_, constants = {}, {}
    for name, parameter in shared_parameters(list(known.values())).items():
        shape = find_shape(schemas, parameter.schema)
        written = schemas.document.at(parameter.schema)
        default = written.get("default") if isinstance(written, dict) else None
        values = shape.enum_values if shape is not None else None
        if values is not None and len(values) == 1:
            constants[name] = values[0]
        elif isinstance(default, str | int) and parameter.location != "path":
            constants[name] = default
        elif shape is not None and shape.kinds <= {"string"}:  # values of a connection are text
            open_[name] = parameter
    return open_, constants


def _how(name: str, document: Document) -> list[str]:
    """Return how to go on if no mapping was written."""
    return [
        comment(f"Nothing in {document.name} was recognized. To go on by hand:"),
        comment(f"  gen new resource {name} RESOURCE  (writes a mapping to be completed)"),
        comment(f"  gen spec take {name} --document {document.name} OPERATION…  (adds the operations that it calls)"),
    ]


def _responses(models: Sequence[ast.Model], found: dict[str, dict[str, Guess]]) -> list[ResponseGuess | None]:
    """Return the responses that hold records; the response of a deletion is ignored."""
    return [
        found[model.resource.value][operation.name.value].response
        for model in models
        for operation in model.operations
        if not operation.empty and operation.name.value in found[model.resource.value]
    ]


def _lists(model: ast.Model, guesses: dict[str, Guess]) -> list[Guess]:
    return [guesses[operation.name.value] for operation in model.operations if operation.kind == "list" and operation.name.value in guesses]


def _ways(lists: list[Guess], schemas: Schemas, declared: dict[tuple[str, str | None], str]) -> dict[Pagination, str]:
    """Return a name for each pagination strategy: that of a declared one that sends the same, else a new one; the first is the default."""
    found: dict[Pagination, str] = {}
    for guess in lists:
        way = pagination(guess.facts, schemas)
        if way is not None and way not in found:
            taken = {*declared.values(), *found.values()}
            style = way.style
            name = "default" if not taken else style if style not in taken else f"{style}{len(taken)}"
            found[way] = declared.get((style, way.param), name)
    return found


def _vendor(
    name: str,
    found: Reach,
    wrapper: str | None,
    ways: dict[Pagination, str],
    constants: dict[str, Any],
    message: str | None,
    how: Sequence[str],
) -> str:
    lines = [
        comment("How the vendor is reached, guessed from its document. Review each line marked as guessed, then remove the mark."),
        *how,
        *entry(keys.NAME, name.replace("-", " ").title(), note="guessed"),
        *entry("draft", True, note="remove once the vendor is tested"),
        *entry(keys.BASE_URL, found.servers["default"] if found.servers.keys() == {"default"} else found.servers, note="guessed"),
    ]
    if found.connection:
        lines += entry("connection", found.connection, note="guessed")
    if found.auth:
        lines += entry(
            keys.SECURITY, {scheme: {"type": kind} for scheme, kind in found.auth.items()}, note="guessed: the document has none"
        )
    if wrapper is not None:
        lines += entry("envelope", wrapper, note="guessed")
    if constants:
        lines += entry(keys.CONSTANTS, constants, note="guessed: most operations require it")
    if ways:
        lines.append(f"{keys.PAGINATION}:")
        for way, called in ways.items():
            lines += entry(called, dict(way.keys), indent=2, note="guessed")
    else:
        lines.append(comment(f"{keys.PAGINATION}: the document shows no pagination strategy that is known"))
    if message is not None:
        lines += entry("errors", {"message": message}, note="guessed")
    else:
        lines.append(comment(_NO_ERRORS))
    return "\n".join(lines) + "\n"
