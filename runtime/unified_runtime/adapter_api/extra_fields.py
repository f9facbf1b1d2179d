"""Validation of `extra`, the vendor fields that a call passes through, against the vendor's own schema before anything is sent."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NoReturn

import msgspec

from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.linear_regex import matches
from unified_runtime.core.suggestions import did_you_mean, shortened
from unified_runtime.core.vendors import Vendor

Check = Callable[[Any], Any]


def checked(extra: Mapping[str, Any] | None, vendor: Vendor, operation: str, vendors: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the entry of `extra` for this vendor. Entries for other vendors are ignored: the same call may be made to several.

    Raises:
        InvalidInput: an entry is for a vendor that does not have the operation, or does not match the vendor's schema.
    """
    if not extra:
        return {}
    if not isinstance(extra, Mapping):
        raise _invalid(f"extra must be a mapping, by vendor, of the vendor's fields, not {shortened(extra)}", operation)
    for name, value in extra.items():
        if name not in vendors:
            raise _invalid(
                f"extra is given by vendor, and {name!r} is none that has {operation}{did_you_mean(str(name), vendors)}", operation
            )
        if not isinstance(value, Mapping):
            raise _invalid(f"extra[{name!r}] must be a mapping of the vendor's fields, not {shortened(value)}", operation)
    own = extra.get(vendor.name)
    if not own:
        return {}
    _plain(own, f"extra[{vendor.name!r}]", operation)
    schema = schema_of(vendor, operation)
    if not schema:
        reason = schemas(vendor.package).get(operation, {}).get("x-unsupported")
        raise _invalid(f"{operation} accepts no extra fields for {vendor.title}" + (f": {reason}" if reason else ""), operation)
    import fastjsonschema

    try:
        _check(vendor.package, operation)(own)
    except fastjsonschema.JsonSchemaValueException as error:
        problem = _problem(error, vendor)
    else:
        return dict(own)
    raise _invalid(problem, operation)


def schema_of(vendor: Vendor, operation: str) -> Mapping[str, Any]:
    """Return the schema of an operation's extra fields; empty if it accepts none."""
    schema: Mapping[str, Any] = schemas(vendor.package).get(operation, {})
    return {} if "x-unsupported" in schema else schema


@cache
def schemas(package: str) -> Mapping[str, Any]:
    """Return the schemas in a vendor package's `extra.json`, by operation."""
    if not package:
        return {}
    file = importlib.resources.files(package).joinpath("extra.json")
    schemas: Mapping[str, Any] = msgspec.json.decode(file.read_bytes()) if file.is_file() else {}
    return schemas


@cache
def _check(package: str, operation: str) -> Check:
    import fastjsonschema

    check: Check = fastjsonschema.compile(
        schemas(package)[operation], handlers={"http": _no_download, "https": _no_download}, use_default=False, use_formats=False
    )
    # Replace the patterns that fastjsonschema compiled for Python's engine, which may take exponential time, with a linear engine.
    compiled = check.__globals__["REGEX_PATTERNS"]
    compiled.update({pattern: _Pattern(pattern) for pattern in compiled})
    return check


class _Pattern:
    """Pattern with the interface that the checks of fastjsonschema use."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    def search(self, text: str) -> bool:
        return matches(self._pattern, text)


def _no_download(uri: str) -> NoReturn:
    raise ValueError(f"a schema of extra fields refers to {uri}; schemas are complete in themselves")


def _problem(error: Any, vendor: Vendor) -> str:
    path = ".".join(str(part) for part in error.path[1:])
    location = f"extra[{vendor.name!r}]" + (f".{path}" if path else "")
    if error.rule == "additionalProperties" and isinstance(error.value, Mapping):
        known = list((error.definition or {}).get("properties", {}))
        unknown = [name for name in error.value if name not in known]
        reasons = (error.definition or {}).get("x-excluded", {})
        excluded = [name for name in unknown if name in reasons]
        if excluded:
            return f"{location} accepts no {excluded[0]!r} for {vendor.title}: {reasons[excluded[0]]}"
        named = ", ".join(f"{name!r}{did_you_mean(str(name), known)}" for name in unknown)
        return f"{location} has no field {named}" + ("" if known else f"; {vendor.title} accepts none there except the call's own")
    if error.definition is False:  # a field that the compiler has removed: the call's own fields write it
        return f"{location} is written by the call's own fields"
    message = error.message.removeprefix(error.name).strip()
    return f"{location} {message}, not {shortened(error.value)}"


DEEPEST = 64
"""Maximum nesting of maps and lists in `extra`."""


def _plain(value: Any, location: str, operation: str, level: int = 0) -> None:
    """Reject values that JSON cannot represent: they would be changed or lost."""
    if level > DEEPEST:
        raise _invalid(f"extra is more than {DEEPEST} levels deep", operation)
    if isinstance(value, Mapping):
        for name, item in value.items():
            if not isinstance(name, str):
                raise _invalid(f"{location} has the key {shortened(name)}, which is not a string", operation)
            _plain(item, f"{location}.{name}", operation, level + 1)
    elif isinstance(value, (list, tuple)):
        for position, item in enumerate(value):
            _plain(item, f"{location}[{position}]", operation, level + 1)
    elif isinstance(value, float):
        if value != value or value in {float("inf"), float("-inf")}:
            raise _invalid(f"{location} is {value}, for which JSON has no form", operation)
    elif isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise _invalid(f"{location} is not valid Unicode", operation) from None
    elif isinstance(value, Decimal):
        if not value.is_finite():
            raise _invalid(f"{location} is {value}, for which JSON has no form", operation)
    elif value is not None and not isinstance(value, (bool, int)):
        raise _invalid(f"{location} is a {type(value).__name__}, for which JSON has no form", operation)


def _invalid(message: str, operation: str) -> InvalidInput:
    return InvalidInput(message, operation=operation, fields={"extra": message})
