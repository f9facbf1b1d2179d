"""Pages of the catalog's vendors: how to connect them, their operations, and what is not supported, with the reasons."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from unified_gen.docs.markdown import wrap, wrap_paragraph

FOLDER = "docs/reference/vendors"
_INDEX = """# Vendors

Each page states how to connect a vendor, its operations with their effects and scopes, and what is not supported, with
the reason. The pages are written by `gen docs` from the compiled catalog; `unified catalog VENDOR` prints the same, and
the facts that each operation rests on.

| vendor | resources | OAuth | webhooks |
|---|---|---|---|
"""
_KINDS = {"basic": "user name and password, or token, by HTTP Basic", "bearer": "bearer token", "api_key": "API key"}
_REDIRECTS = (
    "its redirect URI is `<url>/callback/{vendor}` for [pages in your application](../../how-to/connect-users.md), and an address of"
    " 127.0.0.1 for the command line (`--redirect-uri`)"
)


def vendor_pages(catalogs: Iterable[str]) -> dict[str, str]:
    """Return the pages and their index by file name; `catalogs` are the files of `unified/catalog`, in order."""
    entries = [json.loads(text) for text in catalogs]
    return {"index.md": _INDEX + "".join(map(_row, entries)), **{f"{one['vendor']}.md": _page(one) for one in entries}}


def _row(catalog: Mapping[str, Any]) -> str:
    resources = ", ".join(catalog["resources"])
    oauth = "yes" if _connects(catalog.get("oauth")) else "no"
    return f"| [{catalog['title']}]({catalog['vendor']}.md) | {resources} | {oauth} | {'yes' if catalog['events'] else 'no'} |\n"


def _connects(oauth: Mapping[str, Any] | None) -> bool:
    return oauth is not None and ("issuer" in oauth or bool({"authorize", "device"} & oauth.get("endpoints", {}).keys()))


def _page(catalog: Mapping[str, Any]) -> str:
    parts = [f"# {catalog['title']}\n", *_connecting(catalog), *_operations(catalog), *_unsupported(catalog), *_webhooks(catalog)]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _connecting(catalog: Mapping[str, Any]) -> Iterable[str]:
    vendor, oauth = catalog["vendor"], catalog.get("oauth")
    named = f" ([API of {catalog['title']}]({catalog['documentation']}))" if catalog.get("documentation") else ""
    yield wrap_paragraph(f'The name of this vendor is `{vendor}`, as in `via="{vendor}"`{named}.')
    yield "## Connect"
    if catalog["connection"]:
        rows = [
            f"| `{name}` | {'yes' if value['required'] else 'no'} | {value['summary']} |" for name, value in catalog["connection"].items()
        ]
        yield "\n".join(["| value of the connection | required | meaning |", "|---|---|---|", *rows])
    given = "".join(f" -c {name}=…" for name, value in catalog["connection"].items() if value["required"])
    keys = [_KINDS[kind] for name, kind in catalog["schemes"].items() if name != (oauth or {}).get("scheme")] or [
        _KINDS[kind] for kind in catalog["schemes"].values()
    ]
    ways = []
    if oauth is not None and _connects(oauth):
        prefix = f"UNIFIED_{vendor.upper().replace('-', '_')}_CLIENT"
        at = f"at <{oauth['app']}>" if "{" not in oauth.get("app", "{") else f"at `{oauth['app']}`" if "app" in oauth else "at the vendor"
        ways.append(
            f"- by OAuth: `unified connect {vendor}{given}`. Register an OAuth app {at}; {_REDIRECTS.format(vendor=vendor)}. Set"
            f" `{prefix}_ID` and `{prefix}_SECRET`."
        )
    if keys:
        ways.append(f"- by {' or '.join(dict.fromkeys(keys))}: `unified connect {vendor}{given} --key`")
    if oauth is not None and "without" in oauth:
        ways.append(f"- not by OAuth: {oauth['without']}")
    yield "\n".join(wrap_paragraph(way, "  ") for way in ways)
    scopes = [(effect, _scopes(catalog, effect)) for effect in ("read", "write", "destructive")]
    if any(found for _, found in scopes):
        yield wrap_paragraph("Scopes of the operations by effect; an agent requests only those of its tools:")
        lines = [f"- {effect}: {', '.join(f'`{scope}`' for scope in found)}" for effect, found in scopes if found]
        yield "\n".join(wrap_paragraph(line, "  ") for line in lines)


def _scopes(catalog: Mapping[str, Any], effect: str) -> list[str]:
    """Return the scopes of the tools with an effect."""
    resources = (resource for resource in catalog["resources"].values() if resource.get("tools", True))
    operations = (one for resource in resources for one in resource["operations"].values())
    return sorted({scope for one in operations if one["effect"] == effect for scope in one["scopes"]})


def _operations(catalog: Mapping[str, Any]) -> Iterable[str]:
    yield "## Operations"
    yield wrap(
        "*Required* are inputs that this vendor needs beside those that the operation always has. Other inputs that are not listed raise"
        " `Unsupported` before anything is sent."
    )
    rows = ["| operation | effect | required | inputs |", "|---|---|---|---|"]
    for resource, found in catalog["resources"].items():
        for name, one in found["operations"].items():
            required = ", ".join(f"`{each}`" for each in one["requires"])
            inputs = ", ".join(f"`{each}`" for each in one["inputs"] if each not in one["requires"])
            cells = (f"`{resource}.{name}`", one["effect"], required, inputs)
            rows.append(f"|{''.join(f' {cell} |' if cell else ' |' for cell in cells)}")
    yield "\n".join(rows)


def _unsupported(catalog: Mapping[str, Any]) -> Iterable[str]:
    found = {name: one["unsupported"] for name, one in catalog["resources"].items() if one["unsupported"]}
    if not found:
        return
    yield "## Not supported"
    for resource, reasons in found.items():
        lines = [f"- `{name}`: {reason}" for name, reason in sorted(reasons.items())]
        yield "\n".join([f"`{resource}`:", "", *(wrap_paragraph(line, "  ") for line in lines)])


def _webhooks(catalog: Mapping[str, Any]) -> Iterable[str]:
    if catalog["events"]:
        yield "## Webhooks"
        listed = ", ".join(f"`{event}`" for event in catalog["events"])
        yield wrap_paragraph(f"Events ([how to receive them](../../how-to/webhooks.md)): {listed}.")
    if subscriptions := catalog["resources"].get("webhook_subscriptions"):
        scopes = sorted({f"`{scope}`" for one in subscriptions["operations"].values() for scope in one["scopes"]})
        yield wrap_paragraph(f"Scopes for registering them by the API: {', '.join(scopes) or 'none'}.")
