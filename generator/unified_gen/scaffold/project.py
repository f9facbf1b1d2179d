"""All files of a new vendor: `vendor.yaml`, a mapping for each resource it seems to have, and the operations to take."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from unified_gen.language import ast
from unified_gen.scaffold.emit import comment, entry
from unified_gen.scaffold.mapping import draft, find, record_of
from unified_gen.scaffold.operations import Guess, ResponseGuess
from unified_gen.scaffold.vendor import Pagination, Reach, envelope, error_message, pagination, reach
from unified_openapi.documents import Document, operations
from unified_openapi.schemas.shapes import Schemas


class Resource(Struct, frozen=True):
    """Guesses for one resource."""

    name: str
    fields: int
    of_fields: int
    operations: int
    of_operations: int


class Scaffold(Struct, frozen=True):
    """Files of a new vendor: `files` by name relative to the project's root; `operations` are the vendor's that they call."""

    files: dict[str, str]
    operations: tuple[str, ...]
    resources: tuple[Resource, ...]
    skipped: tuple[str, ...]
    """Resources that the document does not seem to have."""


def scaffold(name: str, document: Document, models: Sequence[ast.Model]) -> Scaffold:
    """Guess a vendor's mappings from its document.

    Args:
        name: the vendor's folder.
        document: the vendor's document.
        models: the unified models to search for.
    """
    schemas, known = Schemas(document), operations(document)
    found = {model.resource.value: find(model, known, schemas) for model in models}
    shown = [model for model in models if record_of(model, found[model.resource.value]) is not None]
    wrapper = envelope(_responses(shown, found))
    ways = _ways([guess for model in shown for guess in _lists(model, found[model.resource.value])], schemas)
    files: dict[str, str] = {}
    resources = []
    used: dict[str, Guess] = {}
    for model in shown:
        drafted = draft(model, found[model.resource.value], schemas, wrapper, ways)
        if drafted is None:
            continue
        text, made = drafted
        files[f"mappings/vendors/{name}/{model.resource}.yaml"] = text
        resources.append(Resource(model.resource.value, made.guessed, len(model.fields), len(made.guesses), len(model.operations)))
        used |= {guess.facts.name: guess for guess in made.guesses.values()}
    facts = [guess.facts for guess in used.values()]
    files[f"mappings/vendors/{name}/vendor.yaml"] = _vendor(name, reach(document, facts), wrapper, ways, error_message(facts, schemas))
    written = {resource.name for resource in resources}
    skipped = tuple(model.resource.value for model in models if model.resource.value not in written)
    return Scaffold(files, tuple(sorted(used)), tuple(resources), skipped)


def _responses(models: Sequence[ast.Model], found: dict[str, dict[str, Guess]]) -> list[ResponseGuess | None]:
    """Return the responses that hold records; the response of a deletion is ignored."""
    return [
        found[model.resource.value][operation.name.value].response
        for model in models
        for operation in model.operations
        if operation.like != "delete" and operation.name.value in found[model.resource.value]
    ]


def _lists(model: ast.Model, guesses: dict[str, Guess]) -> list[Guess]:
    return [guesses[operation.name.value] for operation in model.operations if operation.like == "list" and operation.name.value in guesses]


def _ways(lists: list[Guess], schemas: Schemas) -> dict[Pagination, str]:
    """Return a name for each pagination strategy; the first is the default."""
    found: dict[Pagination, str] = {}
    for guess in lists:
        way = pagination(guess.facts, schemas)
        if way is not None and way not in found:
            style = way.keys[0][0]
            found[way] = "default" if not found else style if style not in found.values() else f"{style}{len(found)}"
    return found


def _vendor(name: str, found: Reach, wrapper: str | None, ways: dict[Pagination, str], message: str | None) -> str:
    lines = [
        "# How the vendor is reached, guessed from its document by `gen new vendor`. Look at every line marked as guessed.",
        *entry("title", name.replace("_", " ").replace("-", " ").title(), note="guessed"),
        *entry("draft", True, note="take this away once the vendor is tested"),
        *entry("servers", found.servers, note="guessed"),
    ]
    if found.connection:
        lines += entry("connection", {value: f"The part `{value}` of the server's address." for value in found.connection}, note="guessed")
    if found.auth:
        lines += entry("auth", {scheme: {"type": kind} for scheme, kind in found.auth.items()}, note="guessed: the document declares none")
    if wrapper is not None:
        lines += entry("envelope", wrapper, note="guessed")
    if ways:
        lines.append("paging:")
        for way, called in ways.items():
            lines += entry(called, dict(way.keys), indent=2, note="guessed")
    else:
        lines.append(comment("paging: the document shows no pagination strategy that is known"))
    if message is not None:
        lines += entry("errors", {"message": message}, note="guessed")
    else:
        lines.append(comment("errors: the document does not show what a failed response holds"))
    return "\n".join(lines) + "\n"
