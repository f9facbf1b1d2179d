"""Corrections of a toolkit: facts that the documents of a vendor lack, or state wrongly.

They are written in `toolkit.yaml`. Those of shipped vendors are compiled into `specs/toolkits.json` (`gen toolkits`), and a user's are in
the folder of the toolkit that they correct.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

from unified_openapi.facts.lazy import LazyFacts

TOOLKIT = "toolkit.yaml"
"""Name of the file in a vendor's folder."""
COMPILED = "toolkits.json"
"""Name of the file with those of all shipped vendors."""

Effect = Literal["read", "write", "destructive"]
_PYTHON = r"^[a-z_][a-z0-9_]*$"
VARIABLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""A connection value in a template."""


class Idempotency(Struct, frozen=True, forbid_unknown_fields=True):
    """Header in which a vendor accepts an idempotency key: a request with a known key is not executed again."""

    header: Annotated[str, Meta(description="Name of the header.", pattern=r"^[A-Za-z0-9-]+$")]
    methods: Annotated[list[str], Meta(description="Methods whose requests accept it.")] = field(default_factory=lambda: ["POST"])
    operations: Annotated[list[str], Meta(description="Operations that accept it; by default all with one of the methods.")] = []


class Exceptions(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Corrections of a toolkit: toolkit.yaml. Operations have their names in the document, or `METHOD /path`."""

    title: Annotated[str, Meta(description="The vendor's name for people.")] = ""
    base_url: Annotated[
        str,
        Meta(description="The server, if the document names none, or a placeholder. It may have connection values: https://{site}.x.com"),
    ] = ""
    effects: Annotated[dict[str, Effect], Meta(description="Effects of operations whose method and name mislead.")] = {}
    hidden: Annotated[list[str], Meta(description="Parameters that the credential provides: they are not arguments.")] = []
    bound: Annotated[
        dict[str, str],
        Meta(description="Parameters that a connection provides, and their values: {tenant_id} is a value of the connection."),
    ] = {}
    excluded: Annotated[list[str], Meta(description="Operations that are not offered.")] = []
    names: Annotated[dict[str, Annotated[str, Meta(pattern=_PYTHON)]], Meta(description="Python names of operations in their group.")] = {}
    groups: Annotated[dict[str, Annotated[str, Meta(pattern=_PYTHON)]], Meta(description="Groups by their derived names, renamed.")] = {}
    idempotency: Annotated[Idempotency | None, Meta(description="Idempotency keys that the vendor accepts.")] = None
    evidence: Annotated[list[str], Meta(description="Addresses of pages of the vendor that state it.")] = []

    def merged(self, own: Exceptions) -> Exceptions:
        """Return these corrections with others added, which take precedence."""
        return Exceptions(
            title=own.title or self.title,
            base_url=own.base_url or self.base_url,
            effects={**self.effects, **own.effects},
            hidden=[*self.hidden, *own.hidden],
            bound={**self.bound, **own.bound},
            excluded=[*self.excluded, *own.excluded],
            names={**self.names, **own.names},
            groups={**self.groups, **own.groups},
            idempotency=own.idempotency or self.idempotency,
            evidence=[*self.evidence, *own.evidence],
        )

    @property
    def connection_values(self) -> tuple[str, ...]:
        """The connection values that parameters are bound to."""
        return tuple(dict.fromkeys(name for template in self.bound.values() for name in VARIABLE.findall(template)))


NO_EXCEPTIONS = Exceptions()


class Fault(Struct, frozen=True):
    """Something in the corrections that is not right: the path to it, what is wrong, and a suggestion."""

    path: tuple[str | int, ...]
    message: str
    help: str | None = None


def parse_exceptions(content: Any) -> Exceptions:
    """Return the corrections in a decoded file.

    Raises:
        msgspec.ValidationError: it is not valid; the message has the path.
    """
    return msgspec.convert(content, Exceptions, strict=True)


def faults_of(exceptions: Exceptions, facts: LazyFacts) -> Iterator[Fault]:
    """Yield what the corrections name and the documents do not have."""
    endpoints = {entry.endpoint for entry in facts.values()}
    known = {*facts, *endpoints}
    named: list[tuple[tuple[str | int, ...], str]] = [
        *((("effects", name), name) for name in exceptions.effects),
        *((("excluded", number), name) for number, name in enumerate(exceptions.excluded)),
        *((("names", name), name) for name in exceptions.names),
    ]
    if exceptions.idempotency is not None:
        named += [(("idempotency", "operations", number), name) for number, name in enumerate(exceptions.idempotency.operations)]
    for path, name in named:
        if name not in known:
            yield Fault(path, f"the documents have no operation `{name}`", _near(name, known))
    if not (exceptions.hidden or exceptions.bound):
        return
    parameters = facts.usual_parameters(0.0)
    for section, names in (("hidden", exceptions.hidden), ("bound", exceptions.bound)):
        for number, name in enumerate(names):
            if name.lower() not in parameters:
                at: tuple[str | int, ...] = (section, number if section == "hidden" else name)
                yield Fault(at, f"no operation has a parameter `{name}`", _near(name.lower(), parameters))


def _near(name: str, known: Iterable[str]) -> str | None:
    found = difflib.get_close_matches(name, list(known), 1)
    return f"did you mean `{found[0]}`?" if found else None


def resolved(exceptions: Exceptions, endpoints: Mapping[str, str]) -> Exceptions:
    """Return the corrections with operations by their names; `endpoints` has the name of each `METHOD /path`."""

    def name(given: str) -> str:
        return endpoints.get(given, given)

    idempotency = exceptions.idempotency
    if idempotency is not None:
        idempotency = Idempotency(idempotency.header, idempotency.methods, [name(one) for one in idempotency.operations])
    return msgspec.structs.replace(
        exceptions,
        effects={name(one): effect for one, effect in exceptions.effects.items()},
        excluded=[name(one) for one in exceptions.excluded],
        names={name(one): own for one, own in exceptions.names.items()},
        idempotency=idempotency,
    )
