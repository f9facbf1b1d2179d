"""`unified catalog`: what the vendors offer."""

from __future__ import annotations

import json
from typing import Any

import click

from unified_platform.catalog import basis, capabilities
from unified_platform.cli.common import as_json, errors
from unified_runtime import InvalidInput
from unified_runtime.core.suggestions import did_you_mean


@click.command("catalog")
@click.argument("vendor", required=False)
@click.option("--resource", help="Only this resource.")
@as_json
def catalog_(vendor: str | None, resource: str | None, as_json: bool) -> None:
    """Show what the vendors offer; with VENDOR, one of them in full, with its requests and what it does not support."""
    with errors(as_json):
        entries = capabilities.load()
        known = capabilities.resource_names(entries)
        if resource is not None and resource not in known:
            raise InvalidInput(f"there is no resource {resource!r}{did_you_mean(resource, known)}; the catalog has {', '.join(known)}")
        if vendor is not None:
            found = {entry.name: entry for entry in entries}
            if vendor not in found:
                raise InvalidInput(f"there is no vendor {vendor!r}{did_you_mean(vendor, found)}; the catalog has {', '.join(found)}")
            entries = (found[vendor],)
        if as_json:
            click.echo(json.dumps([_entry_data(entry, resource, vendor is not None) for entry in entries], indent=2, ensure_ascii=False))
        elif vendor is not None:
            notes = {name: basis.rests_on_line(found) for name, found in basis.rests_on(entries[0]).items()}
            title, _, page = capabilities.vendor_page(entries[0], resource, notes).partition("\n")
            click.echo(f"{title}\n{basis.basis_line(vendor)}\n{page}")
        else:
            click.echo(capabilities.table(entries, [resource] if resource is not None else None))


def _entry_data(entry: capabilities.Entry, resource: str | None, in_full: bool) -> dict[str, Any]:
    """Return a vendor's entry for JSON. `in_full` adds what each operation rests on."""
    rests_on = basis.rests_on(entry) if in_full else {}
    return {
        "vendor": entry.name,
        "title": entry.title,
        "behaviour": basis.facts_of(entry.name),
        "resources": {
            name: {
                "operations": {
                    operation.name: {
                        "effect": operation.effect,
                        "calls": operation.calls,
                        "requires": operation.requires,
                        "local": operation.local,
                        "scopes": operation.scopes,
                        "batch": operation.batch,
                        **({"rests_on": rests_on[f"{name}.{operation.name}"]} if rests_on else {}),
                    }
                    for operation in one.operations.values()
                },
                "fields": {"names": one.fields, "read": one.read, "written": one.written},
                "unsupported": one.unsupported,
                "unchecked": one.unchecked,
            }
            for name, one in entry.resources.items()
            if resource in {None, name}
        },
    }
