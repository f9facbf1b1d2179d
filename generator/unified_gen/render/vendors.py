"""Package of a vendor: servers and credentials, errors, response structs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from unified_gen.language import ast
from unified_gen.lower.python import docstring, lit, snake, tuple_of
from unified_gen.lower.structs import UNPARSED, Structs
from unified_gen.lower.untyped_json import at, every, holds, names_if_true
from unified_gen.render.engine import python, render
from unified_gen.resolve.resolved import ResolvedResource, VendorUnit


def render_vendor(unit: VendorUnit, resources: Iterable[ResolvedResource]) -> str:
    """Return the package's `__init__`."""
    vendor = unit.declaration
    schemes = vendor_schemes(unit, resources)
    failure, uses_helpers = _failure(vendor)
    failed = _failed(vendor.errors) if vendor.errors is not None else []
    names = {"Failure", "Response", "Vendor"}
    connection = ", ".join(f"{lit(value.name.value)}: {_connection(value)}" for value in vendor.connection)
    limits = ", ".join(_limit(limit, unit) for limit in vendor.rate_limits)
    names |= {"ConnectionValue"} if vendor.connection else set()
    names |= {"Limit"} if vendor.rate_limits else set()
    names |= {"Scheme"} if schemes else set()
    names |= {"KeyLocation"} if any(scheme[1] for scheme in schemes.values()) else set()
    return python(
        render(
            "vendor.py.j2",
            docstring=docstring(f"Servers, credentials, limits and errors of {vendor.title}. Written by `gen build`; do not edit.", ""),
            names=sorted(names),
            helpers=uses_helpers or bool(failed),
            name=lit(unit.name),
            title=lit(vendor.title),
            servers=lit({scheme.value: _server(text.value) for scheme, text in vendor.base_url} or _document_servers(unit)),
            preferred=lit(_preferred(vendor)),
            connection="{" + connection + "}",
            schemes="{" + ", ".join(f"{lit(name)}: {_scheme(kind, keys)}" for name, (kind, keys) in schemes.items()) + "}",
            headers=lit({name.value: value.value for name, value in vendor.headers}),
            failure=failure,
            failed=failed,
            hosts=lit({name.value: text.value for name, text in vendor.api_hosts}),
            addresses=tuple_of(lit(text.value) for text in vendor.transfer_hosts),
            limits=f"({limits}{',' if len(vendor.rate_limits) == 1 else ''})",
        )
    )


def render_types(vendor: ast.Vendor, structs: Structs) -> str:
    """Return the module of a vendor's structs."""
    classes = [struct.render() for struct in structs.defined.values()]
    text = "\n".join(classes)
    return python(
        render(
            "types.py.j2",
            docstring=docstring(f"Responses of {vendor.title}, limited to the fields that are read; each may be missing.", ""),
            structs=classes,
            decimal=re.search(r"\bDecimal\b", text) is not None,
            any=re.search(r"\bAny\b", text) is not None,
            field="field(" in text,
            raw=any(field.type == UNPARSED for struct in structs.defined.values() for field in struct.fields),
        ),
    )


def _server(text: str) -> str:
    return text.replace("{connection.", "{")


def _preferred(vendor: ast.Vendor) -> dict[str, tuple[str, ...]]:
    """Return by scheme the addresses before the last: each is used by connections that have its values."""
    found: dict[str, tuple[str, ...]] = {}
    for scheme, text in vendor.base_url:
        found[scheme.value] = (*found.get(scheme.value, ()), _server(text.value))
    return {scheme: texts[:-1] for scheme, texts in found.items() if len(texts) > 1}


def _document_servers(unit: VendorUnit) -> dict[str, str]:
    servers = unit.document.root.get("servers") or [{}]
    return {"default": str(servers[0].get("url", ""))}


def _limit(limit: ast.Limit, unit: VendorUnit) -> str:
    arguments = [lit(limit.name.value)]
    if limit.requests is not None and limit.per_seconds is not None:
        arguments += [str(limit.requests), str(limit.per_seconds)]
    calls = [unit.operations[text.value].name for text in limit.operations]
    for name, words in (
        ("operations", calls),
        ("methods", [text.value for text in limit.methods]),
        ("partition_by", [text.value for text in limit.partition_by]),
    ):
        if words:
            arguments.append(f"{name}={tuple_of(map(lit, words))}")
    if limit.max_concurrent is not None:
        arguments.append(f"max_concurrent={limit.max_concurrent}")
    arguments += [f"{name}=True" for name, holds in (("reported", limit.reported), ("shared", limit.shared)) if holds]
    if limit.costs:
        arguments.append(f"costs={lit({unit.operations[name.value].name: cost for name, cost in limit.costs})}")
    return f"Limit({', '.join(arguments)})"


def _connection(value: ast.ConnectionValue) -> str:
    arguments = [lit(value.summary)]
    if not value.required:
        arguments.append("required=False")
    if value.pattern is not None:
        arguments.append(f"pattern={lit(value.pattern)}")
    return f"ConnectionValue({', '.join(arguments)})"


Keys = tuple[tuple[str, str, str, str], ...]
Schemes = dict[str, tuple[str, Keys]]


def vendor_schemes(unit: VendorUnit, resources: Iterable[ResolvedResource]) -> Schemes:
    """Return the ways to authenticate that the used operations accept: declared ones first, the document's if none is declared.

    Several API keys that the document requests together are one scheme.
    """
    declared: Schemes = {}
    for scheme in unit.declaration.security:
        declared[scheme.name.value] = ("bearer" if scheme.type == "oauth2" else scheme.type, scheme.parameters)
    if declared:
        return declared
    known: dict[str, Any] = unit.document.root.get("components", {}).get("securitySchemes", {})
    found: Schemes = {}
    for resource in resources:
        for operation in resource.operations:
            for step in operation.steps:
                for alternative in step.facts.security:
                    _add(found, list(alternative), known)
    return dict(sorted(found.items()))


def _add(found: Schemes, names: list[str], known: dict[str, Any]) -> None:
    kinds = [_kind(known.get(name, {})) for name in names]
    if not names or None in kinds:
        return
    if len(names) == 1:
        kind = kinds[0]
        assert kind is not None
        found[names[0]] = (kind, (_key(known[names[0]]),) if kind == "api_key" else ())
    elif all(kind == "api_key" for kind in kinds):
        found["+".join(names)] = ("api_key", tuple(_key(known[name]) for name in names))


def _kind(scheme: dict[str, Any]) -> str | None:
    match scheme.get("type"), scheme.get("scheme"):
        case "http", "basic":
            return "basic"
        case ("http", "bearer") | ("oauth2" | "openIdConnect", _):
            return "bearer"
        case "apiKey", _:
            return "api_key" if scheme.get("in") in ("header", "query") else None
    return None


def _key(scheme: dict[str, Any]) -> tuple[str, str, str, str]:
    name = str(scheme["name"])
    return (snake(name).rstrip("_"), str(scheme["in"]), name, "")


def _scheme(kind: str, keys: Keys) -> str:
    if not keys:
        return f"Scheme({lit(kind)})"
    locations = ", ".join(
        f"KeyLocation({lit(secret)}, {lit(location)}, {lit(name)}{f', {lit(prefix)}' if prefix else ''})"
        for secret, location, name, prefix in keys
    )
    return f"Scheme({lit(kind)}, ({locations},))"


def _failure(vendor: ast.Vendor) -> tuple[list[str], bool]:
    """Return the statements of `failure`, and whether they use the helpers."""
    errors = vendor.errors
    if errors is None:
        return ["return None"], False
    lines = ["body = error_details.body(response)"]
    message = _messages(errors)
    if errors.plain_text:
        message = f"{message} or error_details.plain(response)" if message else "error_details.plain(response)"
    arguments = []
    if errors.payload is not None and (errors.payload.message or errors.payload.code or errors.payload.fields is not None):
        lines.append("payload = error_details.payload(body)")
    if errors.payload is not None:
        inner = [*([message] if message else []), *(_message(text, "payload") for text in errors.payload.message)]
        message = " or ".join(inner) or None
    if message is not None:
        lines.append(f"message = {message}")
        arguments.append("message=message")
    codes = [*map(_message, errors.code), *(_message(text, "payload") for text in (errors.payload.code if errors.payload else ()))]
    if codes:
        lines.append(f"code = {' or '.join(codes)}")
        arguments.append("code=code")
    if errors.payload is not None and errors.fields is None and errors.payload.fields is not None:
        errors = replace(errors, fields=errors.payload.fields, fields_form=errors.payload.fields_form)
        origin = "payload"
    else:
        origin = "body"
    if errors.fields is not None:
        location = at(errors.fields.path, origin)
        if errors.fields_form == "map":
            arguments.append(f"fields=error_details.mapping({location})")
        elif errors.fields_form == "names":
            arguments.append(f"fields=error_details.named({location}, {'message' if message is not None else 'None'})")
        else:
            arguments.append(f"messages=error_details.texts({location})")
    if errors.types and codes:
        kinds = {kind_code: kind.value for kind, codes in errors.types for kind_code in codes}
        lines.append(f"kinds = {lit(kinds)}")
        arguments.append("kind=error_details.kind(code, kinds)" if any("*" in code for code in kinds) else "kind=kinds.get(code or '')")
    if errors.hints and codes:
        lines.append(f"hints = {lit({code.value: hint.value for code, hint in errors.hints})}")
        arguments.append("hint=error_details.kind(code, hints)")
    lines.append(f"return Failure({', '.join(arguments)})")
    return lines, True


def _failed(errors: ast.Errors) -> list[str]:
    """Return the lines that find if a response with a success status reports a failure; none if the vendor reports none that way."""
    parts = [(errors.failed_if.predicate, "body")] if errors.failed_if is not None else []
    if errors.payload is not None and errors.payload.failed_if is not None:
        parts.append((errors.payload.failed_if.predicate, "error_details.payload(body)"))
    if not parts:
        return []
    found = [holds(predicate, of) for predicate, of in parts]
    names = [names_if_true(predicate) for predicate, _ in parts]
    lines = [
        "body = error_details.body(response)",
        "return " + (" or ".join(f"({each})" for each in found) if len(found) > 1 else found[0]),
    ]
    if errors.payload is not None and all(names):  # responses of GraphQL have no such property unless they report a failure
        shown = ", ".join(f'b"{name}"' for name in sorted(frozenset[str]().union(*filter(None, names))))
        lines.insert(0, f"if not error_details.may_have(response, {shown}):\n        return False")
    return lines


def _messages(errors: ast.Errors) -> str | None:
    """Return the expression of the message of a failed response: of a list of errors, those of all."""
    if any("{" in text.value for text in errors.message):
        found = None
    else:
        found = every(text.paths[0] for text in errors.message)
    return found or " or ".join(map(_message, errors.message)) or None


def _message(text: ast.PathsText, of: str = "body") -> str:
    """Return the expression of a message; None in it if one of its paths holds nothing."""
    if "{" not in text.value:
        return f"error_details.text({at(text.paths[0], of)})"
    pieces = tuple(re.split(r"\{[^{}]*\}", text.value))
    return f"error_details.composed({lit(pieces)}, {', '.join(at(path, of) for path in text.paths)})"
