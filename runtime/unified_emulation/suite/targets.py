"""Targets of a suite: clients of one vendor whose exchanges are recorded."""

from __future__ import annotations

import importlib
import importlib.resources
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from unified_emulation.laws.adapters import Adapter
from unified_emulation.serving import addresses
from unified_emulation.serving.documents import document_of, specs
from unified_emulation.serving.local import EmulatedConnections, LocalEmulator
from unified_emulation.suite.exchanges import Reader, Recorder
from unified_openapi.behaviour.load import Behaviour, load_behaviour
from unified_runtime.client._sync.client import Client
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.operations import OperationBase
from unified_runtime.core.private_vendors import resource_package
from unified_runtime.http._sync.default import DefaultTransport
from unified_runtime.rate_limits.rate_limiter import RateLimiter, Unlimited
from unified_runtime.toolkits.vendor_lookup import load_vendor


@dataclass(frozen=True, slots=True)
class Target:
    """A vendor's address: a client that is connected to it, the recorder of its exchanges, and what is known about the vendor."""

    adapter: Adapter
    client: Client = field(repr=False)
    recorder: Recorder = field(repr=False)
    reader: Reader = field(repr=False)
    behaviour: Behaviour = field(repr=False)

    @property
    def vendor(self) -> str:
        return self.adapter.vendor.name


@dataclass(slots=True)
class _Recorded:
    """Emulators of this process behind a recorder."""

    address: str
    transport: Any
    connections: Callable[[], EmulatedConnections]


def emulated(vendor: str, emulator: LocalEmulator | None = None, rate_limiter: RateLimiter | None = None) -> Target:
    """Return an emulator of this process as the target, without rate limits of the client by default. Close its client at the end.

    Raises:
        InvalidInput: there is no such vendor.
    """
    emulator = emulator or LocalEmulator([vendor])
    reader = Reader(document_of(vendor), f"/{vendor}")
    recorder = Recorder(emulator.transport, reader)
    client = Client(emulated=_Recorded(emulator.address, recorder, emulator.connections), rate_limiter=rate_limiter or Unlimited())
    return Target(installed(vendor), client, recorder, reader, load_behaviour(specs(vendor)))


def running(vendor: str, address: str) -> Target:
    """Return the emulator of a vendor at an address, of `unified emulate`, as the target.

    Raises:
        InvalidInput: there is no such vendor, or it is not an http URL of this machine.
    """
    base = addresses.checked(address)
    target = real(vendor, Client, prefix=f"/{vendor}")
    made = addresses.connection(target.adapter.vendor, base)
    values: dict[str, Any] = dict(made.values)
    target.client.connect(vendor, addresses.credential_of(made.vendor, made.scheme), scheme=made.scheme, server=made.server, **values)
    return target


def real(vendor: str, make: Callable[[Recorder], Client], *, prefix: str = "") -> Target:
    """Return a vendor's own address as the target. `make` returns a client with a transport, connected to the vendor.

    Raises:
        InvalidInput: there is no such vendor.
    """
    adapter = installed(vendor)
    reader = Reader(document_of(vendor), prefix)
    recorder = Recorder(DefaultTransport(), reader)
    return Target(adapter, make(recorder), recorder, reader, load_behaviour(specs(vendor)))


def installed(vendor: str) -> Adapter:
    """Return the installed adapter of a vendor.

    Raises:
        InvalidInput: there is no such vendor.
    """
    file = importlib.resources.files("unified.catalog") / f"{vendor}.json"
    if not file.is_file():
        raise InvalidInput(f"there is no vendor {vendor!r}")
    catalog: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    found: dict[str, OperationBase[Any, Any]] = {}
    for resource, declared in catalog["resources"].items():
        facade = importlib.import_module(f"{resource_package(resource)}.{resource}")
        operations = {name: getattr(facade, name, None) for name in declared["operations"]}
        found |= {f"{resource}.{name}": one for name, one in operations.items() if isinstance(one, OperationBase)}
    return Adapter(load_vendor(vendor), catalog, found)
