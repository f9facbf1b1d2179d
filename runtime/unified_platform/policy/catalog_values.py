"""Possible values of a call according to the catalog: vendors, names of custom fields, paths of `extra`.

A rule that compares with any other value can never match; `unified policy check` reports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from unified_platform.catalog import capabilities
from unified_runtime.adapter_api.extra_fields import schemas
from unified_runtime.core.descriptions import LISTED
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.core.vendors import load
from unified_runtime.policy.written_fields import EVERY

_LISTED_ID = r"[0-9]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
"""Ids of custom fields of vendors that list them: numbers, and UUIDs at ClickUp."""


def vendors(operations: Iterable[str]) -> tuple[str, ...]:
    """Return the vendors that offer any of these operations (`tasks.create`)."""
    wanted = {*operations}
    return tuple(entry.name for entry in capabilities.load() if wanted & _offers(entry))


def wrong_vendor(name: str, operations: Iterable[str]) -> tuple[str, str] | None:
    """Return the reason why a call of these operations never goes to a vendor of that name, with a help text; None if it can."""
    known = vendors(operations)
    if name in known:
        return None
    every = capabilities.vendor_names()
    data = f"{name} offers none of the operations that this rule is about" if name in every else f"there is no vendor {name!r}"
    return data, _help(name, known)


def wrong_custom_field(name: str, operations: Iterable[str]) -> tuple[str, str] | None:
    """Return why no call of these operations writes or filters by a custom field of that name, with a help text; None if one can."""
    if name != name.lower():
        message = f"the names of custom fields are in lower case here, however a call spells them: {name!r} is never there"
        return message, f'write "{name.lower()}"'
    patterns = _custom_fields(tuple(sorted(operations)))
    if any(_is_named(pattern, name) for pattern in patterns.values()):
        return None
    last = name.rpartition(".")[2]
    if last != name and wrong_custom_field(last, operations) is None:
        return f"no custom field is called {name!r}", f'write "{last}"'
    if not patterns:
        return f"no custom field is called {name!r}: no vendor has custom fields here", "compare `context.extra` with a path"
    forms = [f"{vendor} `{pattern}`" for vendor, pattern in patterns.items() if pattern != _LISTED_ID]
    by_id = [vendor for vendor, pattern in patterns.items() if pattern == _LISTED_ID]
    forms += [f"{', '.join(by_id)} the field's id"] if by_id else []
    return f"no custom field is called {name!r}", f"the names that vendors have here: {', '.join(forms)}"


def wrong_extra(path: str, operations: Iterable[str], *, with_vendor: bool = False) -> tuple[str, str] | None:
    """Return the reason why no call of these operations passes the path in `extra`, with a help text; None if one can.

    With a vendor, the path begins with the vendor's name, and may end anywhere on the way to a field.
    """
    wanted = tuple(sorted(operations))
    vendor, _, rest = path.partition(".")
    if with_vendor:
        if path == EVERY:
            return None
        if (wrong := wrong_vendor(vendor, wanted)) is not None:
            return wrong
        if not rest or _accepts(vendor, wanted, rest):
            return None
        return f"no `extra` of {vendor} holds {rest!r} here", _near(rest, [vendor], wanted)
    known = vendors(wanted)
    if any(_accepts(one, wanted, path) for one in known):
        return None
    if vendor in known and _accepts(vendor, wanted, rest):
        return f"the names in `extra` are without the vendor: {path!r} is never there", f'write "{rest}"'
    return f"no `extra` holds {path!r} here", _near(path, known, wanted)


def _near(path: str, among: Iterable[str], operations: tuple[str, ...]) -> str:
    found = [schema for vendor in among for schema in _schemas(vendor, operations)]
    known = sorted({name for schema in found for name in _paths(schema)})
    last = path.rpartition(".")[2]
    near = [name for name in known if name.rpartition(".")[2] == last]
    for schema in found:
        custom = schema.get("x-custom")
        if custom and custom["below"] and _is_named(custom["names"], last) and not _is_named(custom["names"], "x"):
            near.append(f"{custom['below'].replace('/', '.')}.{last}")
    return f"did you mean `{near[0]}`?" if near else _help(path, known)


def _help(name: str, known: Iterable[str]) -> str:
    names = [*known]
    meant = did_you_mean(name, names).removeprefix("; ")
    return meant or f"it can be {', '.join(names[:12])}{' and others' if len(names) > 12 else ''}"


@cache
def _custom_fields(operations: tuple[str, ...]) -> Mapping[str, str]:
    """Return the pattern of the names of custom fields in calls of these operations, by vendor."""
    found: dict[str, str] = {}
    for entry in capabilities.load():
        own = [operation for operation in operations if operation in _offers(entry)]
        patterns = {entry.resources[operation.partition(".")[0]].custom_fields for operation in own} - {None}
        if any(_has_listed(schema) for schema in _schemas(entry.name, tuple(own))):
            patterns.add(_LISTED_ID)
        if patterns:
            found[entry.name] = "|".join(sorted(pattern for pattern in patterns if pattern is not None))
    return found


def _is_named(pattern: str, name: str) -> bool:
    return re.fullmatch(pattern, name, re.ASCII | re.IGNORECASE) is not None


def _offers(entry: capabilities.Entry) -> set[str]:
    return {f"{resource.name}.{operation}" for resource in entry.resources.values() for operation in resource.operations}


def _schemas(vendor: str, operations: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    known = schemas(load(vendor).package)
    yield from (known[operation] for operation in operations if operation in known)


def _accepts(vendor: str, operations: tuple[str, ...], path: str) -> bool:
    names = path.split(".")
    return any(_begins(schema, names[0]) and _holds(schema, schema, names) for schema in _schemas(vendor, operations))


def _begins(schema: Mapping[str, Any], name: str) -> bool:
    """Return whether a path can begin with a name. A record that is open to custom fields has those, and no others."""
    custom = schema.get("x-custom")
    return not custom or custom["below"] != "" or name in schema["properties"] or _is_named(custom["names"], name)


def _resolved(node: Any, root: Mapping[str, Any]) -> Any:
    if isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
        return root["definitions"][node["$ref"].rpartition("/")[2]]
    return node


def _holds(node: Any, root: Mapping[str, Any], names: list[str]) -> bool:
    """Return whether a value of the schema can have the path. An empty schema accepts everything."""
    node = _resolved(node, root)
    if node is False:
        return False
    if not names or not isinstance(node, Mapping) or not node:
        return True
    for keyword in ("anyOf", "oneOf", "allOf"):
        if any(_holds(one, root, names) for one in node.get(keyword, ()) if _resolved(one, root) != {"type": "null"}):
            return True
    kind = node.get("type")
    if kind is not None and "object" not in (kind if isinstance(kind, list) else [kind]):
        return False
    for length in range(1, len(names) + 1):  # a name may contain dots
        name, rest = ".".join(names[:length]), names[length:]
        if name in node.get("properties", {}):
            if _holds(node["properties"][name], root, rest):
                return True
        elif any(re.search(pattern, name) for pattern in node.get("patternProperties", {})):
            return True
    more = node.get("additionalProperties", not node.get("anyOf") and kind == "object" and "properties" not in node)
    return more is not False and names[0] not in node.get("properties", {}) and _holds(more, root, names[1:])


def _paths(schema: Mapping[str, Any], before: str = "", depth: int = 3) -> Iterator[str]:
    for name, inner in schema.get("properties", {}).items():
        if inner is not False:
            yield f"{before}{name}"
            if depth > 1 and isinstance(inner, Mapping):
                yield from _paths(inner, f"{before}{name}.", depth - 1)


def _has_listed(schema: Mapping[str, Any]) -> bool:
    return any(path.rpartition(".")[2] in LISTED for path in _paths(schema))
