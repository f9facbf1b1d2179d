"""Description of a vendor's API: servers, authentication, headers and rate limits; `VENDOR` of each generated vendor package."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from unified_runtime.core import private_vendors
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.responses import Response
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.core.vendor_names import module_name

PACKAGE = "unified.vendors"
"""Parent of the generated packages of the distribution's vendors, which are imported by name when a vendor is connected."""


_HOUR = 3600


@dataclass(frozen=True, slots=True)
class ConnectionValue:
    """Declared value of a connection (`site`, `workspace`). `pattern` is a regular expression for the complete value."""

    summary: str
    required: bool = True
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class KeyLocation:
    """Location of one secret of an API key in a request: under `name` in `location` (header or query), after `prefix` (`Bot `)."""

    secret: str
    location: str
    name: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """Authentication scheme: how a credential is sent. `kind` is basic, bearer or api_key; only the last has `keys`."""

    kind: str
    keys: tuple[KeyLocation, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """Rate limit for the group of operations named `name`: `amount` requests in `seconds`, 0 if only responses state the number.

    It applies to the `operations` (their ids in the vendor's document) and the HTTP `methods`, to all if there are none. `partition_by`
    counts separately by operation (`operation`), and by each value of the parameters and body properties that it names (`channel_id`).
    `max_concurrent` requests may be in progress at the same time, 0 for any number. `reported`: the numbers in responses are those of this
    limit. `shared`: all connections of this application count together. `costs` has the operations that count as more than one request.
    """

    name: str
    amount: int = 0
    seconds: int = 0
    operations: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    partition_by: tuple[str, ...] = ()
    max_concurrent: int = 0
    reported: bool = False
    shared: bool = False
    costs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """Error details of a failed response, read from its body by the vendor's generated `failure` function.

    `fields` has messages by the vendor's field names. `messages` are those that begin with a field's name instead
    (`Subject cannot be blank`). `kind` names a `UnifiedError` class, if the vendor's own error code determines it, and `hint` is
    the mapping's advice for that code.
    """

    message: str | None = None
    code: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    messages: tuple[str, ...] = ()
    kind: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """Properties of a vendor that are the same for every call.

    `preferred` are URL templates by scheme that are used if the connection has all their values, before those of `servers`.
    `servers` are URL templates by authentication scheme (or `default`), with connection values such as `{site}` as placeholders;
    `headers` are templates too, and `{origin}` in them is the server's scheme and host.
    `failure` reads the error details of a failed response. `failed`, if any, returns true for a response with HTTP 2xx that reports a
    failure.
    """

    name: str
    title: str
    servers: Mapping[str, str]
    connection: Mapping[str, ConnectionValue] = field(default_factory=dict)
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    preferred: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    failure: Callable[[Response], Failure | None] | None = None
    failed: Callable[[Response], bool] | None = None
    limits: tuple[Limit, ...] = ()
    api_hosts: Mapping[str, str] = field(default_factory=dict)
    """Other servers that operations are on, by name. The credential is sent to them."""
    transfer_hosts: tuple[str, ...] = ()
    """Hosts that URLs in responses may have (`https://*.example.com`). The credential is not sent to them."""
    package: str = ""
    """The Python package with the vendor's data files (`extra.json`)."""

    longest_wait: float = field(init=False, repr=False, compare=False)
    """Maximum seconds for which a response may delay requests: the longest window of `limits`, at least an hour.

    The number in a header may be wrong: `Retry-After: 1000000000` may be in milliseconds.
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "longest_wait", float(max(_HOUR, *(limit.seconds for limit in self.limits), 0)))


def load(name: str) -> Vendor:
    """Return the vendor of that name from the compiled catalog.

    Raises:
        InvalidInput: there is no such vendor.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", module_name(name)):
        raise InvalidInput(f"{name!r} is not the name of a vendor{did_you_mean(name, available())}")
    path = private_vendors.vendor_package(name)
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


def is_available(name: str) -> bool:
    """Return true if the compiled catalog has a vendor. Packages of private vendors are only read if the distribution does not have it."""
    return private_vendors.is_shipped(name) or name in available()


def available() -> tuple[str, ...]:
    """Return the names of the vendors in the compiled catalog, including private vendors."""
    try:
        package = importlib.import_module(PACKAGE)
    except ModuleNotFoundError:
        return ()
    shipped = [module.name.replace("_", "-") for module in pkgutil.iter_modules(package.__path__) if module.ispkg]
    return tuple(sorted([*shipped, *private_vendors.vendor_names()]))
