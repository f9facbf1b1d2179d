"""Candidates among the vendor's operations for a unified operation, by method, path, name and response."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence, Set

from msgspec import Struct

from unified_gen.language import ast
from unified_gen.scaffold.similarity import alike, same_reference, tokens
from unified_openapi.documents import OperationFacts, UnresolvableReference
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_openapi.source.pointers import child

_METHODS = {"get": {"GET": 1.0}, "list": {"GET": 1.0, "POST": 0.3}, "create": {"POST": 1.0, "PUT": 0.4}, "delete": {"DELETE": 1.0}}
_METHODS["update"] = {"PATCH": 1.0, "PUT": 0.9, "POST": 0.4}
_VERBS = {
    "get": ("get", "read", "fetch", "retrieve", "show"),
    "list": ("list", "search", "get", "find", "all", "query"),
    "create": ("create", "add", "post", "new", "insert"),
    "update": ("update", "edit", "patch", "put", "change", "modify"),
    "delete": ("delete", "remove", "destroy"),
}
_PARAMETER = re.compile(r"\{([^{}]*)\}")
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FORMAT = re.compile(r"\.(json|xml|\{[^{}]*\})$")
LEAST = 1.6
"""Least score of a guess: below it, the operation is left to `gaps`."""


class ResponseGuess(Struct, frozen=True):
    """Path to the record or the list in an operation's response, and its schema."""

    path: str
    """`@` for the response itself."""
    pointer: str
    shape: Shape


class Guess(Struct, frozen=True):
    """A vendor's operation for a unified one."""

    facts: OperationFacts
    score: float
    id_parameter: str | None
    response: ResponseGuess | None
    noun: str

    @property
    def rank(self) -> tuple[float, int]:
        """Of two that score alike, the shorter path."""
        return self.score, -len(self.facts.path)


def guess_all(model: ast.Model, candidates: Sequence[OperationFacts], schemas: Schemas) -> dict[str, Guess]:
    """Return the vendor's operations that look most like the model's, by the model's names.

    They belong together: first comes the noun (`/issues`) under which most of them are found; what it lacks is looked up among
    operations whose response holds the same record (`/search`).
    """
    scored = {
        operation.name.value: [made for facts in candidates if (made := _score(model, operation, facts, schemas)) is not None]
        for operation in model.operations
    }
    nouns: dict[str, dict[str, Guess]] = {}
    for name, guesses in scored.items():
        for made in guesses:
            family = nouns.setdefault(made.noun, {})
            if made.score >= LEAST and (name not in family or made.rank > family[name].rank):
                family[name] = made
    if not nouns:
        return {}
    chosen = nouns[max(nouns, key=lambda noun: (sum(made.score for made in nouns[noun].values()), noun))]
    _prefer_record(model, chosen, scored, schemas)
    records = {component(schemas, made.response.pointer) for made in chosen.values() if made.response is not None} - {None}
    for operation in model.operations:
        name = operation.name.value
        others = [
            made for facts in candidates if name not in chosen and (made := _same_record(operation, facts, schemas, records)) is not None
        ]
        if others:
            chosen[name] = max(others, key=lambda made: made.rank)
    return _written_once(model, chosen)


def _written_once(model: ast.Model, chosen: dict[str, Guess]) -> dict[str, Guess]:
    """Return the guesses with each vendor operation used for one write: of several candidates the one with the plain name, else the most
    similar.
    """
    writes = [operation for operation in model.operations if operation.like in ("create", "update", "delete")]
    best: dict[str, str] = {}
    for name in sorted(
        (operation.name.value for operation in writes if operation.name.value in chosen),
        key=lambda name: (name not in _VERBS, -chosen[name].score),
    ):
        best.setdefault(chosen[name].facts.name, name)
    taken = {operation.name.value for operation in writes} - set(best.values())
    return {name: made for name, made in chosen.items() if name not in taken}


def _prefer_record(model: ast.Model, chosen: dict[str, Guess], scored: dict[str, list[Guess]], schemas: Schemas) -> None:
    """Choose, of the lists under the noun, the one with the record that `get` returns; drop a list with a different record."""
    likes = {operation.like: operation.name.value for operation in model.operations}
    get, listed = chosen.get(likes.get("get", "")), likes.get("list", "")
    if get is None or get.response is None or listed not in chosen:
        return
    record = component(schemas, get.response.pointer)
    same = [
        made
        for made in scored[listed]
        if made.noun == get.noun and made.response is not None and component(schemas, made.response.pointer) == record
    ]
    if same:
        chosen[listed] = max(same, key=lambda made: made.rank)
    elif not _overlap(chosen[listed], get):
        del chosen[listed]


def _overlap(listed: Guess, get: Guess) -> bool:
    """Return true if two records share most names: lists often return a shorter form."""
    if listed.response is None or get.response is None:
        return False
    names = set(listed.response.shape.properties)
    return len(names & set(get.response.shape.properties)) * 2 >= len(names) > 0


def _same_record(operation: ast.ModelOperation, facts: OperationFacts, schemas: Schemas, records: Set[str | None]) -> Guess | None:
    """Return a list of the record under another noun; anything else there would be a guess too far."""
    if operation.like != "list" or facts.method != "GET" or "{" in facts.path:
        return None
    response = find_response(facts, schemas, many=True)
    if response is None or component(schemas, response.pointer) not in records:
        return None
    return Guess(facts, 1.0 - facts.deprecated, None, response, facts.path)


def _score(model: ast.Model, operation: ast.ModelOperation, facts: OperationFacts, schemas: Schemas) -> Guess | None:
    method = _METHODS.get(operation.like, {}).get(facts.method)
    if method is None:
        return None
    segments = [segment for segment in _FORMAT.sub("", facts.path).split("/") if segment]
    literal = [segment for segment in segments if "{" not in segment]
    ends_in_parameter = bool(segments) and "{" in segments[-1]
    takes_id = operation.like in ("get", "update", "delete")
    own = bool(literal) and literal[-1].lower() == "me"
    if not literal or (ends_in_parameter != takes_id and not (own and operation.name.value == "me")):
        return None
    if operation.name.value == "me" and not own:
        return None
    noun = max(alike(model.resource.value, literal[-1]), 0.9 if own else 0.0)
    named = " ".join(tokens(facts.operation_id or ""))
    if noun == 0.0 and alike(model.resource.value, named) == 0.0:
        return None
    response = find_response(facts, schemas, many=operation.like == "list")
    if response is None and operation.like in ("get", "list"):
        return None
    parameters = _PARAMETER.findall(facts.path)
    known = {given.name.value for given in operation.inputs} | {field.name.value for field in model.fields if not field.computed}
    others = parameters[:-1] if takes_id else parameters
    unfilled = sum(1 for name in others if not any(same_reference(name, other) >= 0.75 for other in known))
    score = method + noun + 0.3 * any(verb in named.split() for verb in _VERBS[operation.like])
    score += 0.3 * alike(model.resource.value, named) - 0.4 * unfilled - 0.05 * len(segments) - (1.0 if facts.deprecated else 0.0)
    return Guess(facts, score, parameters[-1] if takes_id and parameters else None, response, " ".join(tokens(literal[-1])))


def json_schema(content: dict[str, str] | object) -> str | None:
    """Return the pointer of the schema of a JSON body, of several media types the plainest."""
    if not isinstance(content, dict):
        return None
    for media, pointer in content.items():
        if "json" in media:
            return str(pointer)
    return None


def find_response(facts: OperationFacts, schemas: Schemas, *, many: bool) -> ResponseGuess | None:
    """Return the location of the record, or the list of records, in the response of success."""
    for status in sorted(facts.responses):
        if status.startswith("2"):
            pointer = json_schema(dict(facts.responses[status]))
            if pointer is not None:
                return _inside(schemas, pointer, many)
    return None


def _inside(schemas: Schemas, pointer: str, many: bool, path: Sequence[str] = ()) -> ResponseGuess | None:
    shape = find_shape(schemas, pointer)
    if shape is None:
        return None
    if many and "array" in shape.kinds and shape.items is not None:
        item = find_shape(schemas, shape.items)
        return ResponseGuess(join(path) or "@", shape.items, item) if item is not None and "object" in item.kinds else None
    if not many and "object" in shape.kinds and (len(path) > 0 or not _wraps(schemas, shape)):
        return ResponseGuess(join(path) or "@", pointer, shape)
    if len(path) > 1 or (many and any("id" in tokens(name) for name in shape.properties)):  # a record, not a page of records
        return None
    for name, below in shape.properties.items():
        inner = find_shape(schemas, below)
        if inner is not None and ("array" if many else "object") in inner.kinds and (found := _inside(schemas, below, many, (*path, name))):
            return found
    if many:
        for name, below in shape.properties.items():
            inner = find_shape(schemas, below)
            if inner is not None and "object" in inner.kinds and (found := _inside(schemas, below, many, (*path, name))):
                return found
    return None


def _wraps(schemas: Schemas, shape: Shape) -> bool:
    """Return true if an object is not a record itself but holds one: few properties, none of them an id, one of them an object."""
    if len(shape.properties) > 3 or any("id" in tokens(name) for name in shape.properties):
        return False
    inner = [find_shape(schemas, pointer) for pointer in shape.properties.values()]
    return any(found is not None and found.kinds == {"object"} and len(found.properties) > 1 for found in inner)


def find_shape(schemas: Schemas, pointer: str) -> Shape | None:
    """Return the schema at a pointer; None if it cannot be resolved."""
    try:
        return schemas.shape(pointer)
    except UnresolvableReference:
        return None


def join(names: Sequence[str]) -> str:
    """Return a path of property names; names that JMESPath does not take bare are quoted, as JSON quotes them."""
    return ".".join(name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False) for name in names)


def component(schemas: Schemas, pointer: str) -> str | None:
    """Return the name of the schema at a pointer, references followed; None for one that has none."""
    try:
        target = schemas.target(pointer)
    except UnresolvableReference:
        return None
    for name in schemas.document.root.get("components", {}).get("schemas", {}):
        if child("/components/schemas", name) == target:
            return str(name)
    return None
