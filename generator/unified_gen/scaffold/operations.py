"""Candidates among the vendor's operations for a unified operation, by method, path, name and response."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence, Set

from msgspec import Struct

from unified_gen.language import ast
from unified_gen.scaffold.similarity import alike, is_handle, same_reference, tokens, words
from unified_openapi.documents import OperationFacts, ParameterFacts, UnresolvableReference
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_openapi.source.pointers import child

_METHODS = {"get": {"GET": 1.0}, "list": {"GET": 1.0, "POST": 0.3}, "create": {"POST": 1.0, "PUT": 0.4}, "delete": {"DELETE": 1.0}}
_METHODS["update"] = {"PATCH": 1.0, "PUT": 0.9, "POST": 0.7}  # the path ends in the record's id
_VERBS = {
    "get": ("get", "read", "fetch", "retrieve", "show"),
    "list": ("list", "search", "get", "find", "all", "query"),
    "create": ("create", "add", "post", "new", "insert", "send"),
    "update": ("update", "edit", "patch", "put", "change", "modify"),
    "delete": ("delete", "remove", "destroy"),
}
_ALL_VERBS = frozenset(verb for verbs in _VERBS.values() for verb in verbs)
PARAMETER = re.compile(r"\{([^{}]*)\}")
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FORMAT = re.compile(r"\.(json|xml|\{[^{}]*\})$")
LEAST = 1.6
"""Least score of a guess: below it, the operation counts as not shown."""
LEAST_NOUN = 0.7
"""Least similarity of the resource's name to the last name of the path, or to the operationId: `task-types` are not tasks."""

_PART = 0.4
"""Weight of a parameter that is not filled before one that is: it may be a part of the same id, `/repos/{owner}/{repo}/issues/{index}`."""

SAME = 0.75
"""Least similarity of two names of one reference."""


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
    shared = set(shared_parameters(candidates))
    scored = {
        operation.name.value: [made for facts in candidates if (made := _score(model, operation, facts, schemas, shared)) is not None]
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
            made
            for facts in candidates
            if name not in chosen and (made := _same_record(model.resource.value, operation, facts, schemas, records)) is not None
        ]
        if others:
            chosen[name] = max(others, key=lambda made: made.rank)
    _add_own(chosen, scored.get("me", []))
    return _used_once(chosen)


def _add_own(chosen: dict[str, Guess], candidates: Sequence[Guess]) -> None:
    """Add the operation of the authenticated user, which may be under no noun (`/me`), if its record is like that of the others."""
    get = next((chosen[name] for name in ("get", "list") if name in chosen), None)
    own = [made for made in candidates if made.score >= LEAST and get is not None and _overlap(get, made)]
    if own and "me" not in chosen:
        chosen["me"] = max(own, key=lambda made: made.rank)


def _used_once(chosen: dict[str, Guess]) -> dict[str, Guess]:
    """Return the guesses with each vendor operation used once: of several candidates for the plain name, else for the most similar."""
    best: dict[str, str] = {}
    for name in sorted(chosen, key=lambda name: (name not in _VERBS, -chosen[name].score)):
        best.setdefault(chosen[name].facts.name, name)
    return {name: made for name, made in chosen.items() if name in best.values()}


def _prefer_record(model: ast.Model, chosen: dict[str, Guess], scored: dict[str, list[Guess]], schemas: Schemas) -> None:
    """Choose, of the lists under the noun, the one with the record that `get` returns; drop a list with a different record."""
    likes = {operation.kind: operation.name.value for operation in reversed(model.operations)}
    get, listed = chosen.get(likes.get("get", "")), likes.get("list", "")
    if get is None or get.response is None or listed not in chosen:
        return
    record = schemas.target(get.response.pointer)
    same = [
        made
        for made in scored[listed]
        if made.noun == get.noun and made.response is not None and schemas.target(made.response.pointer) == record
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


def _same_record(
    resource: str, operation: ast.ModelOperation, facts: OperationFacts, schemas: Schemas, records: Set[str | None]
) -> Guess | None:
    """Return a list of the record under another noun; anything else there would be a guess too far.

    Its path refers to what the operation requires only: `/tickets/{id}/conversations` for the comments of a task.
    """
    if operation.kind != "list" or facts.method != "GET":
        return None
    needed = [given.name.value for given in operation.inputs if given.required and given.references]
    refers = reference_names(facts.path)
    if not all(any(same_reference(target, name) >= SAME for name in needed) for target in refers.values()):
        return None
    if not all(any(same_reference(target, name) >= SAME for target in refers.values()) for name in needed):
        return None
    response = find_response(facts, schemas, many=True, resource=resource)
    if response is None or component(schemas, response.pointer) not in records:
        return None
    return Guess(facts, 1.0 - facts.deprecated, None, response, facts.path)


def _score(model: ast.Model, operation: ast.ModelOperation, facts: OperationFacts, schemas: Schemas, shared: Set[str]) -> Guess | None:
    method = _METHODS.get(operation.kind, {}).get(facts.method)
    if method is None:
        return None
    segments = [segment for segment in _FORMAT.sub("", facts.path).split("/") if segment]
    takes_id = operation.kind in ("get", "update", "delete")
    if _is_action(operation, segments):  # `/files/{id}/copy`
        takes_id, segments = any(given.name.value == "id" for given in operation.inputs), segments[:-1]
    literal = [segment for segment in segments if "{" not in segment]
    ends_in_parameter = bool(segments) and "{" in segments[-1]
    own = bool(literal) and (literal[-1].lower() in _OWN or _is_current(model, operation, segments))
    if not literal or (ends_in_parameter != takes_id and not (own and operation.name.value == "me")):
        return None
    if operation.name.value == "me" and not own:
        return None
    noun = max(alike(model.resource.value, literal[-1]), 0.9 if own else 0.0)
    named = " ".join(tokens(facts.operation_id or ""))
    if max(noun, alike(model.resource.value, " ".join(word for word in named.split() if word not in _ALL_VERBS))) < LEAST_NOUN:
        return None
    response = find_response(facts, schemas, many=operation.kind == "list", resource=model.resource.value)
    if response is None and operation.kind in ("get", "list") and not _undescribed(facts, schemas):
        return None
    if not _named(model, operation, facts) or not _refers(model, operation, facts, schemas):
        return None
    if operation.response == "bytes" and not _returns_content(facts):
        return None
    parameters, refers = PARAMETER.findall(facts.path), reference_names(facts.path)
    known = {given.name.value for given in operation.inputs} | {field.name.value for field in model.fields if not field.read_only}
    filled = [name in shared or any(same_reference(refers[name], other) >= SAME for other in known) for name in parameters]
    if takes_id:
        filled[-1:] = [True]
    unfilled = sum(_PART if any(filled[number:]) else 1 for number, found in enumerate(filled) if not found)
    score = method + noun + 0.3 * any(verb in named.split() for verb in _VERBS[operation.kind])
    score -= 0.5 if response is None and operation.kind in ("get", "list") else 0.0
    score -= 0.3 if any("admin" in segment.lower() for segment in segments[:-1]) else 0.0  # operations that only administrators may call
    score += 0.3 * alike(model.resource.value, named) - 0.4 * unfilled - 0.05 * len(segments) - (1.0 if facts.deprecated else 0.0)
    return Guess(
        facts,
        score,
        parameters[-1] if takes_id and parameters else None,
        response,
        " ".join(tokens(literal[-2] if literal[-1].lower() in _OWN and len(literal) > 1 else literal[-1])),
    )


_OWN = frozenset({"me", "self", "myself", "current", "whoami"})
"""Ends of the path of the authenticated user."""


def _is_action(operation: ast.ModelOperation, segments: Sequence[str]) -> bool:
    """Return true if a path ends in the name of an operation of its own, after the record."""
    name = operation.name.value
    return name != operation.kind and name != "me" and len(segments) > 1 and tokens(segments[-1]) == tokens(name)


def _is_current(model: ast.Model, operation: ast.ModelOperation, segments: Sequence[str]) -> bool:
    """Return true for `/user`: the one record of a path without parameters is that of the authenticated user."""
    return (
        operation.name.value == "me"
        and not any("{" in segment for segment in segments)
        and segments[-1].lower() == " ".join(tokens(segments[-1]))
        and alike(model.record.value, segments[-1]) == 1.0
    )


def reference_names(path: str) -> dict[str, str]:
    """Return what each parameter of a path refers to: the `{id}` of `/tickets/{id}/notes` is a ticket's."""
    found: dict[str, str] = {}
    before = ""
    for segment in path.split("/"):
        for name in PARAMETER.findall(segment):
            found[name] = f"{before}_id" if before and is_handle(name) else name
        before = segment if "{" not in segment else before
    return found


def _inputs(facts: OperationFacts, schemas: Schemas) -> set[str]:
    """Return the names of what an operation accepts: parameters, and the properties of its body or of the object in it."""
    names = {parameter.name for parameter in facts.parameters} | set(reference_names(facts.path).values())
    pointer = body_schema(facts)
    body = find_shape(schemas, pointer) if pointer is not None else None
    for shape in (body, *body.variants()) if body is not None else ():
        names |= set(shape.properties)
        for below in shape.properties.values() if len(shape.properties) == 1 else ():
            inner = find_shape(schemas, below)
            names |= set(inner.properties) if inner is not None else set()
    return names


_IGNORED = frozenset({"authorization", "accept", "content-type", "user-agent"})
"""Header parameters that a connection's credentials and the runtime fill."""
_FEW = 3
_SHARE = 0.6


def shared_parameters(candidates: Sequence[OperationFacts]) -> dict[str, ParameterFacts]:
    """Return the required parameters that most operations have, by name: an account, a tenant, a version of the API."""
    found: dict[str, list[ParameterFacts]] = {}
    for facts in candidates:
        for parameter in facts.parameters:
            own = parameter.location == "path" and facts.path.endswith(f"{{{parameter.name}}}")  # the id of a record
            if parameter.required and not own and not is_handle(parameter.name) and parameter.name.lower() not in _IGNORED:
                found.setdefault(parameter.name, []).append(parameter)
    return {name: same[0] for name, same in found.items() if len(same) >= max(_FEW, _SHARE * len(candidates))}


def _named(model: ast.Model, operation: ast.ModelOperation, facts: OperationFacts) -> bool:
    """Return true if an operation's name is that of its kind, or the vendor's operation is named so too."""
    name, like = operation.name.value, operation.kind
    names = [other.name.value for other in model.operations if other.kind == like]
    if name in (like, "me") or (like not in names and name == names[0] and name in _VERBS.get(like, ())):
        return True
    theirs = {word for text in (facts.path, facts.operation_id or "") for word in tokens(text)}
    own = {*tokens(model.resource.value), *tokens(model.record.value)}
    return set(tokens(name)) - own <= theirs


def _returns_content(facts: OperationFacts) -> bool:
    """Return true if a successful response holds anything other than JSON."""
    media = [name for status, content in facts.responses.items() if status.startswith("2") for name in content]
    return any("json" not in name for name in media)


def _refers(model: ast.Model, operation: ast.ModelOperation, facts: OperationFacts, schemas: Schemas) -> bool:
    """Return true if an operation accepts the references that the model's requires: comments of a task are found by the task."""
    required = {given.name.value for given in operation.inputs if given.required and given.references and given.name.value != "id"}
    required |= {field.name.value for field in model.fields if field.references and operation.name.value in field.required}
    if not required:
        return True
    names = _inputs(facts, schemas)
    return all(any(same_reference(one, name) >= SAME for name in names) for one in required)


def json_schema(content: dict[str, str] | object) -> str | None:
    """Return the pointer of the schema of a JSON body, of several media types the plainest."""
    if not isinstance(content, dict):
        return None
    for media, pointer in content.items():
        if "json" in media:
            return str(pointer)
    return None


def body_schema(facts: OperationFacts) -> str | None:
    """Return the pointer of the schema of a request's body: of JSON, else of a form."""
    forms = (pointer for media, pointer in facts.bodies.items() if media in ("application/x-www-form-urlencoded", "multipart/form-data"))
    return json_schema(dict(facts.bodies)) or next(forms, None)


def _undescribed(facts: OperationFacts, schemas: Schemas) -> bool:
    """Return true if the document has no schema of a successful response."""
    pointers = [json_schema(dict(content)) for status, content in facts.responses.items() if status.startswith("2")]
    shapes = [find_shape(schemas, pointer) for pointer in pointers if pointer is not None]
    return all(shape is None or (not shape.properties and not shape.items and not shape.arms) for shape in shapes)


def find_response(facts: OperationFacts, schemas: Schemas, *, many: bool, resource: str = "") -> ResponseGuess | None:
    """Return the location of the record, or the list of records, in the response of success; `resource` is its unified name."""
    for status in sorted(facts.responses):
        if status.startswith("2"):
            pointer = json_schema(dict(facts.responses[status]))
            if pointer is not None:
                return _list(schemas, pointer, resource) if many else _record(schemas, pointer, resource)
    return None


ENVELOPES = (
    "data",
    "result",
    "results",
    "items",
    "values",
    "records",
    "entries",
    "elements",
    "list",
    "response",
    "payload",
    "body",
    "nodes",
)
"""Names around a record or a list of records that do not describe it."""
DEEPEST_ENVELOPE = 2


def _list(schemas: Schemas, pointer: str, resource: str, path: tuple[str, ...] = ()) -> ResponseGuess | None:
    """Return the list of records at a location or in its envelope: of several lists the one that is named most like the resource."""
    shape = find_shape(schemas, pointer)
    if shape is None:
        return None
    if "array" in shape.kinds and shape.items is not None:
        item = find_shape(schemas, shape.items)
        return ResponseGuess(join(path) or "@", shape.items, item) if item is not None and "object" in item.kinds else None
    if len(path) == DEEPEST_ENVELOPE or "id" in shape.properties:  # a record, not a page of records
        return None
    lists: list[tuple[str, str]] = []
    objects: list[tuple[str, str]] = []
    for name, below in _named_like(shape, resource):
        inner = find_shape(schemas, below)
        if inner is not None:
            (lists if "array" in inner.kinds else objects if "object" in inner.kinds else []).append((name, below))
    for name, below in (*lists, *objects):
        found = _list(schemas, below, resource, (*path, name))
        if found is not None:
            return found
    return None


def _record(schemas: Schemas, pointer: str, resource: str, path: tuple[str, ...] = ()) -> ResponseGuess | None:
    """Return the record at a location or in its envelope: a few properties, none of them an id, one of them an object with an id."""
    shape = find_shape(schemas, pointer)
    if shape is None or "object" not in shape.kinds:
        return None
    if not identified(shape, resource) and len(path) < DEEPEST_ENVELOPE:
        for name, below in _named_like(shape, resource):
            if name not in ENVELOPES and alike(resource, name) < LEAST_NOUN and len(shape.properties) > 3:
                continue
            item = list_item(schemas, below)
            if item is not None and identified(item[1], resource):  # a list with the record only: `Invoices[0]`
                return ResponseGuess(f"{join((*path, name))}[0]", *item)
            found = _record(schemas, below, resource, (*path, name))
            if found is not None and identified(found.shape, resource):
                return found
    return ResponseGuess(join(path) or "@", pointer, shape)


def list_item(schemas: Schemas, pointer: str) -> tuple[str, Shape] | None:
    """Return the pointer and the schema of a list's elements; None if it is not a list of objects."""
    listed = find_shape(schemas, pointer)
    if listed is None or "array" not in listed.kinds or listed.items is None:
        return None
    item = find_shape(schemas, listed.items)
    return None if item is None or "object" not in item.kinds else (listed.items, item)


def identified(shape: Shape, resource: str) -> bool:
    """Return true if an object has an id: `id`, or `projectId` for projects."""
    return any(is_id(name, resource) for variant in (shape, *shape.variants()) for name in variant.properties)


def is_id(name: str, resource: str) -> bool:
    """Return true if a property of a record of this resource identifies it."""
    own = words(name)
    return name.lower() in _IDS or (own[-1:] == ["id"] and len(own) > 1 and tokens("_".join(own[:-1])) == tokens(resource))


_IDS = ("id", "gid", "key", "uuid", "_id", "sys_id")


def _named_like(shape: Shape, resource: str) -> list[tuple[str, str]]:
    """Return the properties of an envelope, those named like the resource first, then generic ones."""
    return sorted(shape.properties.items(), key=lambda entry: (-alike(resource, entry[0]), entry[0] not in ENVELOPES))


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
