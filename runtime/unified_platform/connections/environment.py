"""Credentials for the command line: from environment variables or standard input, never from arguments, which every process can see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from unified_runtime import Credential, InvalidInput, NotConnected, api_key, basic, bearer
from unified_runtime.core.vendors import Scheme, Vendor

USERNAME, PASSWORD, TOKEN = "username", "password", "token"


def wanted(scheme: Scheme) -> tuple[str, ...]:
    """Return the names of the parts of a scheme's credential."""
    if scheme.kind == "basic":
        return (USERNAME, PASSWORD)
    if scheme.kind == "bearer":
        return (TOKEN,)
    return tuple(dict.fromkeys(key.secret for key in scheme.keys))


def variable(vendor: str, name: str) -> str:
    """Return the environment variable for a part of a credential or a connection value: `UNIFIED_JIRA_PASSWORD`."""
    return f"UNIFIED_{vendor}_{name}".replace("-", "_").upper()


def from_variables(vendor: Vendor, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the environment variables for this vendor, by their short names."""
    names = {name for scheme in vendor.schemes.values() for name in wanted(scheme)} | set(vendor.connection)
    return {name: environ[variable(vendor.name, name)] for name in sorted(names) if environ.get(variable(vendor.name, name))}


def from_lines(lines: Iterable[str]) -> dict[str, str]:
    """Parse lines `name=value` from standard input; skip empty lines and those that begin with `#`.

    Raises:
        InvalidInput: a line has another form. The message gives its number only: its contents may be secret.
    """
    found = {}
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n")
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise InvalidInput(f"line {number} of standard input is not of the form name=value")
        found[name.strip()] = value
    return found


def credential(vendor: Vendor, secrets: Mapping[str, str], scheme: str | None) -> tuple[str, Credential]:
    """Return the first scheme with all parts present, and its credential.

    Raises:
        InvalidInput: the given scheme does not exist.
        NotConnected: parts are missing; the message lists them, and the variables that are read.
    """
    if scheme is not None and scheme not in vendor.schemes:
        raise InvalidInput(f"{vendor.title} has no scheme {scheme!r}; it has {', '.join(vendor.schemes)}")
    for name in [scheme] if scheme is not None else list(vendor.schemes):
        parts = wanted(vendor.schemes[name])
        if parts and all(part in secrets for part in parts):
            return name, _made(vendor.schemes[name], {part: secrets[part] for part in parts})
    chosen = [scheme] if scheme is not None else list(vendor.schemes)
    ways = dict.fromkeys(tuple(wanted(vendor.schemes[name])) for name in chosen)  # two schemes may have the same parts
    variables = " or ".join(" and ".join(variable(vendor.name, part) for part in parts) for parts in ways)
    lines = " or ".join(" and ".join(f"{part}=…" for part in parts) for parts in ways)
    raise NotConnected(
        f"no credential for {vendor.title}: set {variables}, or write {lines} to standard input, a line each, with --stdin",
        vendor=vendor.name,
    )


def _made(scheme: Scheme, parts: Mapping[str, str]) -> Credential:
    if scheme.kind == "basic":
        return basic(parts[USERNAME], parts[PASSWORD])
    if scheme.kind == "bearer":
        return bearer(parts[TOKEN])
    return api_key(**parts)
