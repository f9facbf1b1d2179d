"""How a vendor is reached: what each generated vendor package declares as its `VENDOR`."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from unified_runtime.errors import InvalidInput
from unified_runtime.messages import Response
from unified_runtime.suggest import did_you_mean

PACKAGE = "unified.vendors"
"""Where the generated vendor packages live; imported by name, when a vendor is connected."""


@dataclass(frozen=True, slots=True)
class ConnectionValue:
    """A value of a connection (`site`, `workspace`). `pattern` is a regular expression for the whole value."""

    summary: str
    required: bool = True
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where one secret of an API key goes: `place` is header or query, under `name`, after `prefix` (`Bot `)."""

    secret: str
    place: str
    name: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a credential is sent. `kind` is basic, bearer or api_key; only the last has `keys`."""

    kind: str
    keys: tuple[KeyPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """A rate limit, for the group of operations named `name`: `amount` requests in `seconds`, 0 where only answers tell how many.

    It holds for the operations `calls` (their ids in the vendor's document) and the HTTP `methods`, for all where there are none. `each`
    has every operation, and every value of the parameters and body's properties it names, counted for itself (`operation`, `channel_id`).
    `concurrent` requests may be under way at the same time, 0 for any number. `told`: the numbers in answers are those of this limit.
    `shared`: all connections of this application count together. `costs` says which operations count for more than one request.
    """

    name: str
    amount: int = 0
    seconds: int = 0
    calls: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    each: tuple[str, ...] = ()
    concurrent: int = 0
    told: bool = False
    shared: bool = False
    costs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failed answer says: read from its body by the vendor's generated `failure` function.

    `fields` tells messages by the vendor's field names. `messages` are those that begin with a field's name instead
    (`Subject cannot be blank`). `kind` names an error of the tree, where the vendor's own code decides it.
    """

    message: str | None = None
    code: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    messages: tuple[str, ...] = ()
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """The facts of a vendor that hold for every call.

    `servers` are URL templates by the scheme they serve (or `default`), with `{site}` standing for a connection value; `headers`
    likewise, where `{origin}` is the server's scheme and host.
    `failure` reads an answer that failed. `failed`, where there is one, says of an answer with HTTP 2xx whether it failed
    nevertheless.
    """

    name: str
    title: str
    servers: Mapping[str, str]
    connection: Mapping[str, ConnectionValue] = field(default_factory=dict)
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    failure: Callable[[Response], Failure | None] | None = None
    failed: Callable[[Response], bool] | None = None
    limits: tuple[Limit, ...] = ()
    hosts: Mapping[str, str] = field(default_factory=dict)
    """Other servers that operations stand on, by name. The credential goes there."""
    addresses: tuple[str, ...] = ()
    """Hosts that answers may lead to (`https://*.example.com`). The credential does not go there."""
    package: str = ""
    """The Python package that holds the vendor's data files (`extra.json`)."""


def load(name: str) -> Vendor:
    """The vendor of that name from the compiled catalog.

    Raises:
        InvalidInput: there is no such vendor.
    """
    module = name.replace("-", "_")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", module):
        raise InvalidInput(f"{name!r} is not the name of a vendor{did_you_mean(name, available())}")
    path = f"{PACKAGE}.{module}"
    try:
        package: Any = importlib.import_module(path)
    except ModuleNotFoundError as error:
        if error.name not in {path, PACKAGE, PACKAGE.partition(".")[0]}:
            raise
        known = available()
        raise InvalidInput(
            f"there is no vendor {name!r}{did_you_mean(name, known)}; the catalog has {', '.join(known) or 'no vendor'}"
        ) from None
    vendor: Vendor = package.VENDOR
    return vendor


def available() -> tuple[str, ...]:
    """Names of the vendors in the compiled catalog."""
    try:
        package = importlib.import_module(PACKAGE)
    except ModuleNotFoundError:
        return ()
    return tuple(sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(package.__path__) if module.ispkg))
