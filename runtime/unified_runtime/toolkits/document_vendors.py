"""Vendor that only a document describes: servers, security schemes and error messages by convention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from unified_openapi.facts.lazy import LazyFacts
from unified_openapi.facts.toolkit_exceptions import Exceptions
from unified_runtime.adapter_api import error_details
from unified_runtime.core.responses import Response
from unified_runtime.core.vendors import ConnectionValue, Failure, KeyLocation, Scheme, Vendor
from unified_runtime.toolkits.names import identifier

SERVER = "server"
"""Connection value of a vendor whose document names no server."""
_VARIABLE = re.compile(r"\{([^{}]+)\}")
_VARIABLE_PORT = re.compile(r":\{[^{}]*\}(?=/|$)")
_FIXED = frozenset({"version", "protocol", "scheme", "port", "basepath", "base_path", "apiversion", "api_version"})
_MESSAGES: tuple[tuple[str | int, ...], ...] = (
    ("message",), ("error", "message"), ("error_description",), ("error", "detail"), ("detail",), ("errors", 0, "message"),
    ("errors", 0, "detail"), ("errorMessages",), ("errors",), ("error",), ("title",), ("fault", "faultstring"),
)  # fmt: skip


def document_vendor(name: str, facts: LazyFacts, exceptions: Exceptions) -> Vendor:
    """Return the vendor that a document describes.

    The first server is that of all operations, except those for which the document, a path or the operation declares another one: it is a
    further host, to which the credential is sent too. A variable in the address of a server is a connection value, unless its default is
    the only sensible one.
    """
    servers = [exceptions.base_url] if exceptions.base_url else [_filled(server) for server in facts.server_objects() if server.get("url")]
    absolute = [url for url in servers if _is_absolute(url)] or (_absolute(facts.further_servers())[:1] if not servers else [])
    base = absolute[0] if absolute else f"{{{SERVER}}}{servers[0].rstrip('/') if servers and servers[0].startswith('/') else ''}"
    base = secure(base)
    others = absolute if not exceptions.base_url else []
    others = [secure(url) for url in [*others, *_absolute(facts.further_servers())] if "{" not in url]
    values = {
        variable: ConnectionValue("the URL of the server" if variable == SERVER else f"the {variable} in {base}")
        for variable in _VARIABLE.findall(base)
    }
    values |= {variable: ConnectionValue(f"the {variable}, which is sent with each request") for variable in exceptions.connection_values}
    return Vendor(
        name=name,
        title=exceptions.title or name.replace("-", " ").title(),
        servers={"default": base},
        api_hosts={_host_name(url): url for url in dict.fromkeys(others) if url != base},
        connection=values,
        schemes=_schemes(facts),
        failure=failure,
        failed=_reports_errors if any(entry.graphql is not None for entry in facts.values()) else None,
    )


def _reports_errors(response: Response) -> bool:
    """Return true if the response of a GraphQL endpoint has errors, with any status."""
    return bool(error_details.at(error_details.body(response), "errors"))


def _absolute(servers: Iterable[Mapping[str, Any]]) -> list[str]:
    return [url for server in servers if server.get("url") and _is_absolute(url := _filled(server))]


def _is_absolute(url: str) -> bool:
    """Return true for the address of a server, with variables or without; false for one with a user in it, which hides the host."""
    try:
        parts = urlsplit(_VARIABLE_PORT.sub("", url).replace("{", "").replace("}", ""))
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:  # of the host or the port
        return False


def secure(url: str) -> str:
    """Return the address of a server by https, except one of this machine."""
    url = url.rstrip("/")
    if url.startswith("http://") and not re.match(r"http://(localhost|127\.0\.0\.1)([:/]|$)", url):
        return "https://" + url.removeprefix("http://")
    return url


def _host_name(url: str) -> str:
    return re.sub(r"\W+", "_", url.partition("://")[2]).strip("_")


def _filled(server: Mapping[str, Any]) -> str:
    """Return the address of a server, with variables whose default is fixed filled in."""
    variables = server.get("variables")
    declared = variables if isinstance(variables, dict) else {}

    def fill(match: re.Match[str]) -> str:
        variable = declared.get(match[1])
        default = variable.get("default") if isinstance(variable, dict) else None
        fixed = isinstance(variable, dict) and (variable.get("enum") or match[1].lower() in _FIXED)
        name = re.sub(r"\W", "_", match[1])
        return str(default) if fixed and default is not None else f"{{{name}}}"

    return _VARIABLE.sub(fill, str(server["url"]))


def _schemes(facts: LazyFacts) -> dict[str, Scheme]:
    """Return the security schemes that credentials can be sent by; all usual ones if the document declares none.

    Keys that operations require together are one scheme; one that they never accept without others is not a scheme of its own.
    """
    found: dict[str, Scheme] = {}
    for name, scheme in facts.security_schemes().items():
        kind, where = scheme.get("type"), scheme.get("in")
        if kind in ("oauth2", "openIdConnect") or (kind == "http" and str(scheme.get("scheme")).lower() == "bearer"):
            found[name] = Scheme("bearer")
        elif kind == "http" and str(scheme.get("scheme")).lower() == "basic":
            found[name] = Scheme("basic")
        elif kind == "apiKey" and where in ("header", "query") and isinstance(scheme.get("name"), str):
            if str(scheme["name"]).lower() == "authorization":
                found[f"{name}_bearer"] = Scheme("bearer")
            found[name] = Scheme("api_key", (KeyLocation("key", str(where), str(scheme["name"])),))
    if sum(scheme.kind == "api_key" for scheme in found.values()) > 1:
        found = _with_combined(found, {tuple(alternative) for entry in facts.values() for alternative in entry.security})
    return found or {"bearer": Scheme("bearer"), "basic": Scheme("basic")}


def _with_combined(schemes: Mapping[str, Scheme], required: Iterable[tuple[str, ...]]) -> dict[str, Scheme]:
    """Return the schemes with those that consist of several keys; `required` are the names that operations require together."""
    together = sorted({names for names in required if len(names) > 1 and all(_is_key(schemes.get(name)) for name in names)})
    single = {names[0] for names in required if len(names) == 1}
    combined = {
        "+".join(names): Scheme("api_key", tuple(replace(schemes[name].keys[0], secret=identifier(name)) for name in names))
        for names in together
    }
    parts = {name for names in together for name in names} - single
    return combined | {name: scheme for name, scheme in schemes.items() if name not in parts}


def _is_key(scheme: Scheme | None) -> bool:
    return scheme is not None and scheme.kind == "api_key"


def failure(response: Response) -> Failure | None:
    """Return the message of an error response, at the locations where vendors usually have it."""
    body = error_details.body(response)
    message = next((found for path in _MESSAGES if (found := error_details.text(error_details.at(body, *path)))), None)
    code = error_details.text(error_details.at(body, "code")) or error_details.text(error_details.at(body, "error", "code"))
    return Failure(message=message, code=code)
