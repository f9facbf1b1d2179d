"""Input that a vendor needs to connect a user: the data of a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from unified_platform.connections import environment
from unified_platform.oauth import app_credentials
from unified_platform.oauth import declarations as declared
from unified_platform.oauth.app_credentials import AppLookup
from unified_platform.oauth.connect_flows import Declarations
from unified_platform.oauth.declarations import Declaration
from unified_platform.vault.manual_credentials import usual_scheme
from unified_runtime.core.connections import server_template
from unified_runtime.core.errors import InvalidInput, Unsupported
from unified_runtime.core.vendors import Vendor, load

_PLACEHOLDER = re.compile(r"\{(?:connection\.)?(\w+)")
_LABELS = {
    "username": "User name",
    "password": "Password or API token",
    "token": "Access token",
    "authorization": "API token",
    "key": "API key",
    "url": "Address",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One input: a connection value (`site`), or a part of a credential (`secret` if it must not be shown)."""

    name: str
    label: str
    required: bool = True
    secret: bool = False
    credential: bool = False
    summary: str = ""
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """Way to connect: `oauth`, on a page of the vendor, or `key`, with a key, token or password that the user enters."""

    kind: Literal["oauth", "key"]
    scheme: str
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirements:
    """Ways to connect a user to a vendor, the preferred one first."""

    vendor: str
    title: str
    ways: tuple[Way, ...]

    def way(self, kind: str) -> Way:
        """Return the way of a kind.

        Raises:
            Unsupported: the vendor cannot be connected that way here.
        """
        for way in self.ways:
            if way.kind == kind:
                return way
        reason = "by OAuth here: no OAuth app is configured" if kind == "oauth" else "with a key here"
        raise Unsupported(f"{self.title} cannot be connected {reason}", vendor=self.vendor)


def requirements(
    vendor: str, *, clients: AppLookup = app_credentials.from_environment, declarations: Declarations = declared.of
) -> Requirements:
    """Return the ways to connect a user to a vendor, with the inputs that each needs.

    OAuth is offered if the vendor has it and an OAuth app is configured. A key is offered if the vendor has one, or if there is no OAuth.

    Raises:
        InvalidInput: there is no such vendor.
    """
    known = load(vendor)
    try:
        declaration: Declaration | None = declarations(known)
    except Unsupported:
        declaration = None
    ways = []
    oauth = None
    if declaration is not None and declaration.connects:
        oauth = declaration.scheme
        if clients(known.name, declaration) is not None:
            ways.append(Way("oauth", declaration.scheme, tuple(_values(known, declaration.scheme, _obtained(declaration)))))
    scheme = usual_scheme(known, oauth)
    if not ways or scheme != oauth:
        parts = environment.wanted(known.schemes[scheme])
        fields = (*_values(known, scheme, set(parts)), *(_part(known, part) for part in parts))
        ways.append(Way("key", scheme, tuple(sorted(fields, key=lambda field: not field.required))))
    return Requirements(known.name, known.title, tuple(ways))


def check_fields(vendor: Vendor, way: Way, given: Mapping[str, str]) -> dict[str, str]:
    """Return the given inputs, without surrounding space, after checking that they are those of the way.

    Raises:
        InvalidInput: inputs are missing, unknown or of another form; `fields` has a text for each.
    """
    known = {field.name: field for field in way.fields}
    values = {name: value.strip() for name, value in given.items() if value.strip()}
    values |= {name: value.rstrip("/") for name, value in values.items() if not known.get(name, _UNKNOWN).credential}
    wrong = {name: "is not an input of this vendor" for name in values if name not in known}
    for name, field in known.items():
        if name not in values:
            if field.required:
                wrong[name] = "is required"
        elif field.pattern is not None and re.fullmatch(field.pattern, values[name]) is None:
            wrong[name] = f"has another form. {field.summary}".rstrip()
    if wrong:
        text = "; ".join(f"{known[name].label if name in known else name} {problem}" for name, problem in wrong.items())
        raise InvalidInput(text, vendor=vendor.name, fields=wrong)
    return values


_UNKNOWN = Field("", "")


def _obtained(declaration: Declaration) -> set[str]:
    """Return the connection values that connecting by OAuth obtains."""
    return {*declaration.keep, *(name for step in declaration.after for name in step.keep)}


def _values(vendor: Vendor, scheme: str, without: set[str]) -> Iterator[Field]:
    needed = set(_PLACEHOLDER.findall(server_template(vendor, scheme)))
    fields = [
        Field(name, _label(vendor, name), value.required or name in needed, summary=value.summary, pattern=value.pattern)
        for name, value in vendor.connection.items()
        if name not in without
    ]
    yield from sorted(fields, key=lambda field: not field.required)


def _part(vendor: Vendor, part: str) -> Field:
    return Field(part, _label(vendor, part), secret=part != environment.USERNAME, credential=True)


def _label(vendor: Vendor, name: str) -> str:
    """Return the label of an input for people: `API key` of `x_redmine_api_key`."""
    if name in _LABELS:
        return _LABELS[name]
    words = [word for word in name.lower().split("_") if word not in {"x", vendor.name}]
    text = " ".join({"api": "API", "id": "ID", "url": "URL"}.get(word, word) for word in words)
    return text[:1].upper() + text[1:]
