"""`unified toolkit`: every operation of a vendor's document, from a shell."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from unified_platform.catalog import capabilities
from unified_platform.catalog.capabilities import resource_names
from unified_platform.cli import tables
from unified_platform.cli.common import as_json, errors
from unified_runtime import InvalidInput
from unified_runtime.core.single_line import line
from unified_runtime.toolkits import registry
from unified_runtime.toolkits.arguments import ArgumentTable
from unified_runtime.toolkits.toolkit import Toolkit

MOST = 64 * 1024 * 1024
"""Maximum bytes of a document that is fetched."""


@click.group("toolkit")
def toolkits() -> None:
    """List toolkits and their operations, and add those of other documents."""


@toolkits.command("list")
@as_json
def list_(as_json: bool) -> None:
    """List the toolkits."""
    with errors(as_json):
        rows = [(name, len(registry.toolkit(name))) for name in registry.names()]
        if as_json:
            click.echo(json.dumps([{"name": name, "operations": count} for name, count in rows]))
        else:
            tables.show(("toolkit", "operations"), [(name, str(count)) for name, count in rows], numbers=("operations",))


@toolkits.command("show")
@click.argument("name")
@as_json
def show(name: str, as_json: bool) -> None:
    """Show the groups of a toolkit (jira), the operations of a group (jira.issues), or the arguments of an operation (jira.addWatcher)."""
    with errors(as_json):
        vendor, _, rest = name.partition(".")
        found = registry.toolkit(vendor)
        if not rest:
            _groups(found, as_json)
        elif rest in found.groups:
            _group(found, rest, as_json)
        else:
            _operation(found, found.find(rest), as_json)


def _groups(toolkit: Toolkit, as_json: bool) -> None:
    groups: dict[str, list[str]] = {}
    for own in sorted(toolkit.names.values(), key=lambda own: (own.group, own.name)):  # without aliases
        groups.setdefault(own.group, []).append(own.name)
    if as_json:
        click.echo(json.dumps(groups, indent=2))
    else:
        tables.show(("group", "operations"), [(group, ", ".join(names)) for group, names in groups.items()])


def _group(toolkit: Toolkit, group: str, as_json: bool) -> None:
    found = [_summary(toolkit, operation) for operation in dict.fromkeys(toolkit.groups[group].values())]
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        rows = [(one["operation"], one["python"].rpartition(".")[2], one["effect"], one["endpoint"]) for one in found]
        tables.show(("operation", "Python name", "effect", "request"), rows)


def _operation(toolkit: Toolkit, operation: str, as_json: bool) -> None:
    summary, arguments = _summary(toolkit, operation), _arguments(toolkit.table(operation))
    if as_json:
        click.echo(json.dumps({**summary, "arguments": arguments}, indent=2))
        return
    click.echo(f"{toolkit.vendor.name}.{line(operation)}: {line(summary['endpoint'])} ({summary['effect']})")
    click.echo(f"Python: {summary['python']}")
    if arguments:
        rows = [(one["name"], one["in"], one["type"], "yes" if one["required"] else "") for one in arguments]
        tables.show(("argument", "in", "type", "required"), rows)


@toolkits.command("add")
@click.argument("document", metavar="FILE|URL")
@click.option("--name", help="The toolkit's name; by default that of the file.")
@click.option("--replace", is_flag=True, help="Replace a toolkit of this name that was added before.")
@as_json
def add(document: str, name: str | None, replace: bool, as_json: bool) -> None:
    """Add every operation of a document: OpenAPI 3, Swagger 2 or Google Discovery, a file or an https URL."""
    from unified_runtime.toolkits import adding

    with errors(as_json):
        data = _fetched(document) if document.startswith(("https://", "http://")) else _read(document)
        stem = Path(urlsplit(document).path or document).name.partition(".")[0].lower().replace("_", "-")
        name = name or stem
        if name in resource_names(capabilities.load()):
            raise InvalidInput(f"{name!r} is a resource of the catalog ({name}.list): choose another name with --name")
        made = adding.add(name, data, document, replace=replace)
        if as_json:
            click.echo(json.dumps({"name": made.vendor.name, "operations": len(made)}))
            return
        values = "".join(f" -c {value}=…" for value in made.vendor.connection)
        server = made.vendor.servers["default"]
        if _is_private(server):  # only its user may name a server in a private network, not a document
            values += f" --server {server}"
        click.echo(f"added {made.vendor.name}: {len(made)} operations in {len(made.groups)} groups")
        click.echo(f"connect it with: unified connect {made.vendor.name} --user NAME --key{values}")


def _is_private(server: str) -> bool:
    """Return true if the host of a server is this machine, or an address that is not public."""
    host = urlsplit(server).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".local", ".internal", ".localhost"))


@toolkits.command("remove")
@click.argument("name")
@as_json
def remove(name: str, as_json: bool) -> None:
    """Remove a toolkit that was added."""
    from unified_runtime.toolkits import adding

    with errors(as_json):
        adding.remove(name)
        click.echo(json.dumps({"removed": name}) if as_json else f"removed {name}")


@toolkits.command("check")
@click.argument("name")
@as_json
def check(name: str, as_json: bool) -> None:
    """Report what is inferred about a toolkit: effects from names, missing security, and corrections of what the documents lack."""
    from unified_runtime.toolkits.effects import by_method

    with errors(as_json):
        found = registry.toolkit(name)
        by_name = [one for one in found if one not in found.exceptions.effects and found.effect(one) != by_method(found[one].method)]
        unsecured = [one for one, entry in found.items() if not entry.security]
        data: dict[str, Any] = {
            "operations": len(found),
            "effect_from_name": {one: found.effect(one) for one in by_name},
            "without_security": len(unsecured),
            "faults": [f"{'.'.join(map(str, one.path))}: {one.message}{f'; {one.help}' if one.help else ''}" for one in found.faults()],
        }
        if as_json:
            click.echo(json.dumps(data, indent=2))
            return
        click.echo(f"{name}: {len(found)} operations; {len(unsecured)} declare no security")
        for fault in data["faults"]:
            click.echo(f"toolkit.yaml: {fault}")
        if by_name:
            click.echo("effects that follow from the name instead of the method:")
            tables.show(("operation", "request", "effect"), [(one, found[one].endpoint, found.effect(one)) for one in by_name])


@toolkits.command("stubs")
@click.argument("names", nargs=-1, metavar="[VENDOR]...")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the stubs, such as typings.")
@as_json
def stubs(names: tuple[str, ...], into: Path, as_json: bool) -> None:
    """Write stubs of toolkits (*.pyi), so that editors and type checkers know their operations. Without VENDORs, of all connected vendors.

    Pyright reads them from the folder `typings` of a project, or `stubPath`; mypy from `mypy_path`.
    """
    from unified_runtime.toolkits.stubs import stub, stub_file

    with errors(as_json):
        written = []
        for name in names or _connected():
            toolkit = registry.toolkit(name.replace("_", "-"))
            for asynchronous in (False, True):
                path = into / stub_file(toolkit, asynchronous=asynchronous)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(stub(toolkit, asynchronous=asynchronous), encoding="utf-8")
                written.append(path.as_posix())
        click.echo(json.dumps({"written": written}) if as_json else "\n".join(written))


def _connected() -> tuple[str, ...]:
    """Return the vendors that any user has connected in the vault.

    Raises:
        InvalidInput: there is none, so that vendors must be named.
    """
    from unified_platform.vault import open_vault  # its libraries are an extra's

    found = {record.key.vendor for record in open_vault(exist=True).list().records} & {*registry.names()}
    if not found:
        raise InvalidInput("no vendor with a toolkit is connected: name vendors, such as `unified toolkit stubs jira --into typings`")
    return tuple(sorted(found))


def _summary(toolkit: Toolkit, name: str) -> dict[str, Any]:
    own, entry = toolkit.names[name], toolkit[name]
    return {
        "operation": name,
        "python": f"{toolkit.vendor.name.replace('-', '_')}.{own.group}.{own.name}",
        "endpoint": entry.endpoint,
        "effect": toolkit.effect(name),
    }


def _arguments(table: ArgumentTable) -> list[dict[str, Any]]:
    found = []
    for argument in table.arguments.values():
        shape = table.shape(argument)
        values = shape.enum_values
        kind = " | ".join(map(str, values[:6])) + (" | …" if len(values) > 6 else "") if values else shape.description
        found.append({"name": argument.name, "in": argument.location, "type": kind, "required": argument.required})
    return found


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InvalidInput(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from None


def _fetched(url: str) -> bytes:
    """Return the document at a URL.

    Raises:
        InvalidInput: it is not https, cannot be fetched, or is too large.
    """
    import httpx2

    if not url.startswith("https://"):
        raise InvalidInput(f"{url} is not an https URL: a document decides which servers receive credentials")
    try:
        with httpx2.Client(follow_redirects=False, timeout=30) as client, client.stream("GET", url) as response:
            if response.status_code != 200:
                raise InvalidInput(f"{url} responds with HTTP {response.status_code}")
            data = bytearray()
            for part in response.iter_bytes():
                data += part
                if len(data) > MOST:
                    raise InvalidInput(f"the document at {url} is larger than {MOST // 2**20} MB")
            return bytes(data)
    except httpx2.HTTPError as error:
        raise InvalidInput(f"cannot fetch {url}: {error}") from None
