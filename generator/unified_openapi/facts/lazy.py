"""Facts of one vendor for programs that call its operations: an index of all operations, and a small document of one.

Only the index is decoded when the file is read. The document of an operation has its parameters, its body and the schemas that these
refer to, and of its responses the statuses and media types: enough to write and check a request.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import msgspec

from unified_openapi.documents.conversion import sequence
from unified_openapi.documents.document import Document
from unified_openapi.documents.operations import OperationFacts, operations
from unified_openapi.documents.structure import METHODS
from unified_openapi.facts.entries import Entry, decode
from unified_openapi.schemas.graphql_selection import default_query
from unified_openapi.source.pointers import of_reference, tokens
from unified_openapi.source.positions import NO_POSITIONS

_REFERENCE = re.compile(rb'"#(/(?:[^"\\]|\\.)+)"')


_NOT_DECLARED = msgspec.Raw(b"null")


class _Root(msgspec.Struct):
    info: dict[str, Any] = {}
    servers: list[Any] = []
    paths: dict[str, dict[str, msgspec.Raw]] = {}
    components: dict[str, dict[str, msgspec.Raw]] = {}
    security: list[Any] | None = None


def _root(data: msgspec.Raw) -> _Root:
    try:
        return msgspec.json.decode(data, type=_Root)
    except msgspec.ValidationError:  # extensions among paths and components can have any type
        read = msgspec.json.decode(data)
        usable: dict[str, Any] = {name: value for name, value in read.items() if isinstance(value, _TYPES.get(name, (object,)))}
        for name in ("components", "paths"):
            usable[name] = {key: value for key, value in usable.get(name, {}).items() if isinstance(value, dict)}
        return msgspec.json.decode(msgspec.json.encode(usable), type=_Root)


_TYPES: Mapping[str, tuple[type, ...]] = {
    "info": (dict,), "servers": (list,), "paths": (dict,), "components": (dict,), "security": (list, type(None))
}  # fmt: skip


class _Declared(msgspec.Struct, rename="camel"):
    operation_id: Any = None
    tags: Any = None
    deprecated: Any = False
    security: msgspec.Raw = _NOT_DECLARED
    servers: Any = None
    graphql: Any = msgspec.field(default=None, name="x-graphql")


class _Parameter(msgspec.Struct):
    name: Any = None
    location: Any = msgspec.field(default=None, name="in")
    reference: Any = msgspec.field(default=None, name="$ref")


class _Parameters(msgspec.Struct):
    parameters: list[_Parameter] = []


_NONE = msgspec.Raw(b"[]")


class OperationEntry(msgspec.Struct, frozen=True):
    """An operation in the index of a vendor. `name` is its operationId, or `METHOD /path` if it has none or shares it."""

    name: str
    method: str
    path: str
    tags: tuple[str, ...]
    deprecated: bool
    security: tuple[Mapping[str, tuple[str, ...]], ...]
    """Alternatives, each a mapping of scheme to scopes; none if nothing is requested or known."""
    document: str
    graphql: str | None = None
    """query or mutation, for a field of a GraphQL schema."""

    @property
    def endpoint(self) -> str:
        """`METHOD /path`."""
        return f"{self.method} {self.path}"


class LazyFacts(Mapping[str, OperationEntry]):
    """Operations of a vendor by name, those of all its documents together.

    Args:
        data: the bytes of `facts.json.gz`.
        file: its name in messages.
        further: the bytes of further files in this format, with other documents of the vendor.

    Raises:
        DocumentFault: the bytes are not facts in this format.
    """

    def __init__(self, data: bytes, file: str, further: Iterable[bytes] = ()) -> None:
        self._file = file
        self.entries: Mapping[str, Entry] = {entry.name: entry for each in (data, *further) for entry in decode(each, file)}
        self._further_servers: list[Any] = []
        self._roots = {name: _root(entry.document) for name, entry in self.entries.items()}

    @cached_property
    def _index(self) -> Mapping[str, OperationEntry]:
        declared = [
            (document, method.upper(), path, msgspec.json.decode(raw, type=_Declared), item.get("servers"))
            for document, root in self._roots.items()
            for path, item in root.paths.items()
            for method, raw in item.items()
            if method in METHODS
        ]
        names = Counter(one.operation_id for _, _, _, one, _ in declared if isinstance(one.operation_id, str))
        general = {document: _security(root.security) for document, root in self._roots.items()}
        found: dict[str, OperationEntry] = {}
        for document, method, path, one, of_path in declared:
            if one.servers or of_path is not None:
                self._further_servers += sequence(one.servers or msgspec.json.decode(of_path or b"null"))
            own_name = isinstance(one.operation_id, str) and one.operation_id.strip() and names[one.operation_id] == 1
            name = one.operation_id if own_name else f"{method} {path}"
            tags = tuple(tag for tag in one.tags if isinstance(tag, str)) if isinstance(one.tags, list) else ()
            own = _declared_security(bytes(one.security))
            security = general[document] if own is None else own
            found.setdefault(name, OperationEntry(name, method, path, tags, one.deprecated is True, security, document, _graphql(one)))
        return found

    def __getitem__(self, name: str) -> OperationEntry:
        return self._index[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._index)

    def __len__(self) -> int:
        return len(self._index)

    def server_objects(self) -> list[Mapping[str, Any]]:
        """Return the servers that the documents declare for all of their operations."""
        return [server for root in self._roots.values() for server in root.servers if isinstance(server, dict)]

    def further_servers(self) -> list[Mapping[str, Any]]:
        """Return the servers that the documents declare for some operations or paths, each once, those of the most paths first."""
        assert self._index is not None  # which finds them
        found = {str(server.get("url")): server for server in self._further_servers if isinstance(server, dict)}
        counted = Counter(str(server.get("url")) for server in self._further_servers if isinstance(server, dict))
        return [found[url] for url, _ in counted.most_common()]

    def security_schemes(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the security schemes of the documents, by name."""
        found: dict[str, Mapping[str, Any]] = {}
        for root in self._roots.values():
            for name, raw in root.components.get("securitySchemes", {}).items():
                scheme = msgspec.json.decode(raw)
                if isinstance(scheme, dict):
                    found.setdefault(name, scheme)
        return found

    def usual_parameters(self, share: float, among: Collection[str] | None = None) -> frozenset[str]:
        """Return the names, in small letters, of the query and header parameters of at least this share of the operations.

        Args:
            share: from 0 to 1.
            among: only these names, in small letters. Operations are decoded only if the text of a document has one of them.
        """
        if among is None:
            return self._counted(share)
        number = sum(method in METHODS for root in self._roots.values() for item in root.paths.values() for method in item)
        most = self._possible(among)
        wanted = {name for name in among if most[name] >= max(1.0, share * number)}
        return self._counted(share) & wanted if wanted else frozenset()

    def _possible(self, names: Collection[str]) -> Counter[str]:
        """Return the largest number of operations that can have each parameter, by the occurrences of its name in the text."""
        found: Counter[str] = Counter()
        for document, root in self._roots.items():
            text = bytes(self.entries[document].document).lower()
            # Parameters of a path are those of all of its operations.
            each = max((len(item) - 1 for item in root.paths.values() if "parameters" in item), default=1)
            shared = {key: bytes(raw).lower() for key, raw in root.components.get("parameters", {}).items()}
            for name in names:
                quoted = b'"name":"%s"' % name.encode()
                if count := text.count(quoted):
                    count += sum(text.count(b'/parameters/%s"' % key.lower().encode()) for key, raw in shared.items() if quoted in raw)
                    found[name] += count * max(1, each)
        return found

    def _counted(self, share: float) -> frozenset[str]:
        count: Counter[str] = Counter()
        number = 0
        for root in self._roots.values():
            for item in root.paths.values():
                for method, raw in item.items():
                    if method in METHODS:
                        number += 1
                        shared = item.get("parameters", _NONE)
                        count.update(self._parameter_names(root, raw) | self._parameter_names(root, shared))
        return frozenset(name for name, found in count.items() if found >= share * number)

    @staticmethod
    def _parameter_names(root: _Root, declaration: msgspec.Raw) -> set[str]:
        """Return the names of the parameters of an operation, or in a list of parameters."""
        found: set[str] = set()
        try:
            read = msgspec.json.decode(declaration, type=_Parameters | list[_Parameter])
            declared = read if isinstance(read, list) else read.parameters
        except msgspec.ValidationError:  # a malformed list of parameters has none
            return found
        for parameter in declared:
            if isinstance(parameter.reference, str):
                raw = root.components.get("parameters", {}).get(parameter.reference.rpartition("/")[2])
                parameter = parameter if raw is None else msgspec.json.decode(raw, type=_Parameter)
            if parameter.location in ("query", "header") and isinstance(parameter.name, str):
                found.add(parameter.name.lower())
        return found

    def operation(self, name: str) -> tuple[Document, OperationFacts]:
        """Return a document with one operation, and the facts of that operation.

        Raises:
            KeyError: there is no such operation.
        """
        entry = self._index[name]
        root = self._roots[entry.document]
        item = {
            key: msgspec.json.decode(raw)
            for key, raw in root.paths[entry.path].items()
            if key == entry.method.lower() or key not in METHODS
        }
        operation = item[entry.method.lower()]
        responses = operation.get("responses")
        operation["responses"] = {
            status: _without_schemas(self._response(root, response))
            for status, response in (responses.items() if isinstance(responses, dict) else ())
        }
        made: dict[str, Any] = {"openapi": "3.1.0", "info": root.info, "servers": root.servers, "paths": {entry.path: item}}
        if root.security is not None:
            made["security"] = root.security
        self._add_referenced(root, made, msgspec.json.encode(item))
        listed = self.entries[entry.document]
        document = Document(
            made, listed.name, self._file, b"", listed.version, listed.format, (), NO_POSITIONS, published_sha256=listed.sha256
        )
        return document, operations(document)[entry.endpoint]

    def query_text(self, name: str) -> str | None:
        """Return the query text of a field of a GraphQL schema, with a bounded selection; None for other operations.

        Raises:
            KeyError: there is no such operation.
        """
        entry = self._index[name]
        if entry.graphql is None:
            return None
        root = self._roots[entry.document]
        schemas = root.components.get("schemas", {})
        known: dict[str, Mapping[str, Any]] = {}

        def find(type: str) -> Mapping[str, Any]:
            if type not in known:
                known[type] = msgspec.json.decode(schemas[type]) if type in schemas else {}
            return known[type]

        return default_query(msgspec.json.decode(root.paths[entry.path][entry.method.lower()]), find)

    @staticmethod
    def _response(root: _Root, response: Any) -> Any:
        reference = response.get("$ref") if isinstance(response, dict) else None
        name = reference.removeprefix("#/components/responses/") if isinstance(reference, str) else None
        raw = root.components.get("responses", {}).get(name) if name is not None else None
        return msgspec.json.decode(raw) if raw is not None else response

    @staticmethod
    def _add_referenced(root: _Root, made: dict[str, Any], text: bytes) -> None:
        """Add the components that a text refers to, and those that these refer to."""
        components: dict[str, dict[str, Any]] = {}
        waiting = [text]
        while waiting:
            for match in _REFERENCE.finditer(waiting.pop()):
                parts = tokens(of_reference("#" + match[1].decode()) or "")
                if not parts:
                    continue
                if parts[0] == "paths" and len(parts) > 1 and parts[1] in root.paths:
                    item = made["paths"].setdefault(parts[1], {})
                    wanted = parts[2:3] if item else root.paths[parts[1]]
                    for key in wanted:
                        if key not in item and (raw := root.paths[parts[1]].get(key)) is not None:
                            item[key] = msgspec.json.decode(raw)
                            waiting.append(bytes(raw))
                if parts[0] != "components" or len(parts) < 3 or parts[2] in components.get(parts[1], {}):
                    continue
                raw = root.components.get(parts[1], {}).get(parts[2])
                if raw is not None:
                    components.setdefault(parts[1], {})[parts[2]] = msgspec.json.decode(raw)
                    waiting.append(bytes(raw))
        made["components"] = components


def _graphql(declared: _Declared) -> str | None:
    kind = declared.graphql.get("operation") if isinstance(declared.graphql, dict) else None
    return kind if kind in ("query", "mutation") else None


def _without_schemas(response: Any) -> Any:
    if not isinstance(response, dict):
        return {}
    content = response.get("content")
    headers = response.get("headers")
    made: dict[str, Any] = {"description": ""}
    if isinstance(content, dict):
        made["content"] = {media_type: {} for media_type in content}
    if isinstance(headers, dict):
        made["headers"] = {name: {} for name in headers}
    return made


@functools.lru_cache(maxsize=1024)
def _declared_security(raw: bytes) -> tuple[Mapping[str, tuple[str, ...]], ...] | None:
    """Return the alternatives in the JSON of an operation's `security`, which many operations share; None if it is not declared."""
    given = msgspec.json.decode(raw)
    return None if given is None else _security(given)


def _security(given: Any) -> tuple[Mapping[str, tuple[str, ...]], ...]:
    if not isinstance(given, list):
        return ()
    return tuple(
        {name: tuple(scope for scope in scopes if isinstance(scope, str)) for name, scopes in one.items() if isinstance(scopes, list)}
        for one in given
        if isinstance(one, dict)
    )
