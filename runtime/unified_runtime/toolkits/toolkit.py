"""Toolkit of one vendor: its operations by name and by group, created from the facts of its documents when they are used."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from urllib.parse import unquote

from unified_openapi.facts.credentials import CREDENTIALS
from unified_openapi.facts.lazy import LazyFacts, OperationEntry
from unified_openapi.facts.toolkit_exceptions import NO_EXCEPTIONS, Exceptions, Fault, faults_of
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.policy_decisions import Effect
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.core.vendors import Vendor
from unified_runtime.toolkits.arguments import ArgumentTable
from unified_runtime.toolkits.document_vendors import secure
from unified_runtime.toolkits.effects import effect_of, retry_of
from unified_runtime.toolkits.names import OperationName, group_of, operation_names
from unified_runtime.toolkits.operations import Caller, ToolkitOperation

_USUAL = 0.5
_PARAMETER = re.compile(r"\\\{[^{}]+\\\}")

_Template = tuple[tuple[str | re.Pattern[str], ...], tuple[str, ...], str]


class Toolkit(Mapping[str, OperationEntry]):
    """The operations of a vendor by their names in the document.

    Args:
        vendor: the vendor that they are called at.
        facts: those of its documents.
        exceptions: corrections of the facts.
    """

    def __init__(self, vendor: Vendor, facts: LazyFacts, exceptions: Exceptions = NO_EXCEPTIONS) -> None:
        self.vendor = vendor
        self.exceptions = exceptions
        self._facts = facts
        self._tables: dict[str, ArgumentTable] = {}
        self._lock = threading.Lock()

    @cached_property
    def _entries(self) -> Mapping[str, OperationEntry]:
        excluded = set(self.exceptions.excluded)
        return {name: entry for name, entry in self._facts.items() if name not in excluded}

    def __getitem__(self, name: str) -> OperationEntry:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    @cached_property
    def names(self) -> Mapping[str, OperationName]:
        """The Python names of the operations.

        Raises:
            InvalidInput: the corrections give two operations of a group one name.
        """
        derived = operation_names(self._entries.values())
        names, groups = self.exceptions.names, self.exceptions.groups
        if not names and not groups:
            return derived
        found: dict[str, OperationName] = {}
        taken: dict[tuple[str, str], str] = {}
        for operation, own in derived.items():
            group, name = groups.get(own.group, own.group), names.get(operation, own.name)
            if (other := taken.setdefault((group, name), operation)) != operation:
                raise InvalidInput(f"toolkit {self.vendor.name}: {group}.{name} names {other} and {operation}; correct `names`")
            found[operation] = OperationName(group, name, own.aliases)
        return found

    @cached_property
    def groups(self) -> Mapping[str, Mapping[str, str]]:
        """Operations by group and Python name; an alias is a name too."""
        found: dict[str, dict[str, str]] = {}
        for name, own in self.names.items():
            found.setdefault(own.group, {})[own.name] = name
        for name, own in self.names.items():
            for alias in own.aliases:
                found[own.group].setdefault(alias, name)
        return found

    @cached_property
    def _endpoints(self) -> Mapping[str, str]:
        return {entry.endpoint: name for name, entry in self._entries.items()}

    @cached_property
    def _hidden(self) -> frozenset[str]:
        """Names of parameters that hold a credential: the scheme sends it."""
        schemes = self._facts.security_schemes().values()
        keys = {str(scheme["name"]).lower() for scheme in schemes if scheme.get("type") == "apiKey" and "name" in scheme}
        usual = self._facts.usual_parameters(_USUAL, CREDENTIALS)
        idempotency = self.exceptions.idempotency
        header = {idempotency.header.lower()} if idempotency is not None else set()
        return frozenset({"authorization", *keys, *usual, *header, *(name.lower() for name in self.exceptions.hidden)})

    def find(self, name: str) -> str:
        """Return the operation that a name means: its name in the document, `METHOD /path`, or `group.name`.

        Raises:
            InvalidInput: there is no such operation.
        """
        if name in self._entries:
            return name
        if (endpoint := self._endpoints.get(name)) is not None:
            return endpoint
        group, _, own = name.rpartition(".")
        if (found := self.groups.get(group, {}).get(own)) is not None:
            return found
        known = [*self._entries, *(f"{group}.{own}" for group, names in self.groups.items() for own in names)]
        raise InvalidInput(f"{self.vendor.title} has no operation {name!r}{did_you_mean(name, known)}", vendor=self.vendor.name)

    @cached_property
    def _templates(self) -> Mapping[tuple[str, int], list[_Template]]:
        """Paths by method and number of segments, the most literal first: segments, names of parameters, and the operation."""
        found: dict[tuple[str, int], list[_Template]] = {}
        for name, entry in self._entries.items():
            if "?" not in entry.path and "#" not in entry.path:
                segments = entry.path.rstrip("/").split("/")
                pattern = tuple(_segment(segment) for segment in segments)
                found.setdefault((entry.method, len(segments)), []).append((pattern, _names(entry.path), name))
        for templates in found.values():
            templates.sort(key=lambda one: [not isinstance(segment, str) for segment in one[0]])
        return found

    def match(self, method: str, path: str) -> tuple[str, dict[str, str]] | None:
        """Return the operation that has a path, and the values of its parameters; None if no operation has it.

        Literal segments are compared decoded and without case, as many servers compare them: the spelling of a path cannot hide its
        operation.
        """
        segments = [unquote(segment).partition(";")[0] for segment in path.rstrip("/").split("/")]
        for pattern, names, operation in self._templates.get((method, len(segments)), ()):
            values: list[str] = []
            for wanted, given in zip(pattern, segments, strict=True):
                if isinstance(wanted, str):
                    if wanted != given.lower():
                        break
                elif (match := wanted.fullmatch(given)) is None:
                    break
                else:
                    values += match.groups()
            else:
                return operation, dict(zip(names, values, strict=True))
        return None

    def faults(self) -> list[Fault]:
        """Return the corrections of what the documents do not have."""
        return list(faults_of(self.exceptions, self._facts))

    def effect(self, name: str) -> Effect:
        """Return the effect of an operation."""
        return self.exceptions.effects.get(name) or effect_of(self[name])

    def scopes(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the least OAuth scopes that operations need together, sorted: of alternatives, the one that adds the fewest."""
        schemes = self._facts.security_schemes()
        oauth = {name for name, scheme in schemes.items() if scheme.get("type") in ("oauth2", "openIdConnect")}
        needed = [[frozenset(scopes) for one in self[name].security for key, scopes in one.items() if key in oauth] for name in names]
        found: frozenset[str] = frozenset()
        for alternatives in sorted((one for one in needed if one), key=len):  # those without a choice first
            found |= min(alternatives, key=lambda scopes: (len(scopes - found), len(scopes), sorted(scopes)))
        return tuple(sorted(found))

    def table(self, name: str) -> ArgumentTable:
        """Return the arguments of an operation."""
        table = self._tables.get(name)
        if table is None:
            document, operation = self._facts.operation(name)
            with self._lock:
                table = self._tables.setdefault(name, ArgumentTable(document, operation, self._hidden, self.exceptions.bound))
        return table

    def operation(self, name: str, caller: Callable[[], Caller], *, paged: bool = True) -> ToolkitOperation:
        """Return an operation whose calls are made by a client; not `paged`, a call returns the response instead of the items of all pages.

        Raises:
            InvalidInput: there is no such operation.
        """
        own = self.find(name)
        entry, effect = self[own], self.effect(own)
        table = self.table(own)
        retry, header = retry_of(entry, effect), self._key_header(own)
        if header is not None and retry is Retry.NEVER:
            retry = Retry.KEYED
        noun = self._group(own)
        return ToolkitOperation(
            self.vendor.name,
            own,
            table,
            effect,
            retry,
            noun,
            self._host(table),
            caller,
            paged=paged,
            key_header=header,
            query_text=self._facts.query_text(own),
        )

    def _group(self, name: str) -> str:
        """Return the group of an operation, without those of all others."""
        if "names" in self.__dict__:
            return self.names[name].group
        own = group_of(self[name], self._entries.values())
        return self.exceptions.groups.get(own, own)

    def _key_header(self, name: str) -> str | None:
        """Return the header for an operation's idempotency key, if the vendor accepts one."""
        idempotency = self.exceptions.idempotency
        if idempotency is None or self[name].method not in idempotency.methods:
            return None
        if idempotency.operations and name not in idempotency.operations:
            return None
        if not self._facts.usual_parameters(0.0, [idempotency.header.lower()]):
            return idempotency.header
        # Of vendors whose documents declare it, the operations that declare it accept it.
        declared = self._facts.operation(name)[1].parameters
        return idempotency.header if any(one.name.lower() == idempotency.header.lower() for one in declared) else None

    def _host(self, table: ArgumentTable) -> str | None:
        """Return the name of the vendor's other server that the document puts an operation on."""
        own = {secure(url) for url in table.operation.servers[:1]}
        return next((name for name, url in self.vendor.api_hosts.items() if url.rstrip("/") in own), None)

    def __repr__(self) -> str:
        return f"<Toolkit {self.vendor.name}: {len(self)} operations>"


def _segment(segment: str) -> str | re.Pattern[str]:
    """Return a segment of a path template: its text in small letters, or a pattern if it has parameters."""
    if "{" not in segment:
        return segment.lower()
    return re.compile(_PARAMETER.sub("(.+)", re.escape(segment)), re.IGNORECASE | re.DOTALL)


def _names(path: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\{([^{}]+)\}", path))
