"""`extra`: vendor fields passed through, checked against the vendor's own schema before anything is sent."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NoReturn

import msgspec

from unified_runtime.errors import InvalidInput
from unified_runtime.suggest import did_you_mean, shortened
from unified_runtime.vendors import Vendor

Check = Callable[[Any], Any]


def checked(extra: Mapping[str, Any] | None, vendor: Vendor, operation: str, vendors: Mapping[str, str]) -> Mapping[str, Any]:
    """What `extra` holds for this vendor. Entries for other vendors stay unused: one call may serve several.

    Raises:
        InvalidInput: an entry is for no vendor that exists, or is not what the vendor's schema allows.
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
    schema = _schemas(vendor.package).get(operation)
    if schema is None:
        raise _invalid(f"{operation} takes no extra fields for {vendor.title}", operation)
    import fastjsonschema

    try:
        _check(vendor.package, operation)(own)
    except fastjsonschema.JsonSchemaValueException as error:
        problem = _problem(error, vendor)
    else:
        return dict(own)
    raise _invalid(problem, operation)


def schema_of(vendor: Vendor, operation: str) -> Mapping[str, Any]:
    """The schema of an operation's extra fields; empty where it takes none."""
    schema: Mapping[str, Any] = _schemas(vendor.package).get(operation, {})
    return schema


@cache
def _schemas(package: str) -> Mapping[str, Any]:
    if not package:
        return {}
    file = importlib.resources.files(package).joinpath("extra.json")
    schemas: Mapping[str, Any] = msgspec.json.decode(file.read_bytes()) if file.is_file() else {}
    return schemas


@cache
def _check(package: str, operation: str) -> Check:
    import fastjsonschema

    check: Check = fastjsonschema.compile(
        _schemas(package)[operation], handlers={"http": _no_download, "https": _no_download}, use_default=False, use_formats=False
    )
    return check


def _no_download(uri: str) -> NoReturn:
    raise ValueError(f"a schema of extra fields refers to {uri}; schemas are complete in themselves")


def _problem(error: Any, vendor: Vendor) -> str:
    path = ".".join(str(part) for part in error.path[1:])
    place = f"extra[{vendor.name!r}]" + (f".{path}" if path else "")
    if error.rule == "additionalProperties" and isinstance(error.value, Mapping):
        known = list((error.definition or {}).get("properties", {}))
        unknown = [name for name in error.value if name not in known]
        named = ", ".join(f"{name!r}{did_you_mean(str(name), known)}" for name in unknown)
        return f"{place} has no field {named}" + ("" if known else f"; {vendor.title} takes none there beyond the call's own")
    if error.definition is False:  # a place that the compiler has taken out: the call's own fields write it
        return f"{place} is written by the call's own fields"
    message = error.message.removeprefix(error.name).strip()
    return f"{place} {message}, not {shortened(error.value)}"


def _plain(value: Any, place: str, operation: str) -> None:
    """Only what JSON can say passes through: anything else would be changed or lost on the way."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if not isinstance(name, str):
                raise _invalid(f"{place} has the key {shortened(name)}, which is no text", operation)
            _plain(item, f"{place}.{name}", operation)
    elif isinstance(value, (list, tuple)):
        for position, item in enumerate(value):
            _plain(item, f"{place}[{position}]", operation)
    elif isinstance(value, float):
        if value != value or value in {float("inf"), float("-inf")}:
            raise _invalid(f"{place} is {value}, for which JSON has no form", operation)
    elif isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise _invalid(f"{place} is not valid Unicode", operation) from None
    elif isinstance(value, Decimal):
        if not value.is_finite():
            raise _invalid(f"{place} is {value}, for which JSON has no form", operation)
    elif value is not None and not isinstance(value, (bool, int)):
        raise _invalid(f"{place} is a {type(value).__name__}, for which JSON has no form", operation)


def _invalid(message: str, operation: str) -> InvalidInput:
    return InvalidInput(message, operation=operation, fields={"extra": message})
