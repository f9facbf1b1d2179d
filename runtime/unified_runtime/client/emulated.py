"""Connections of a client to emulated vendors: those of a running `unified emulate`, or emulators in this process."""

from __future__ import annotations

import importlib
import os
from typing import Any, NamedTuple, Protocol, runtime_checkable

from unified_runtime.core.connection_sources import Source
from unified_runtime.core.errors import InvalidInput

VARIABLE = "UNIFIED_EMULATOR"
"""Environment variable with the address of a running emulator."""
# Named by text, as generated packages are: the emulators are above the runtime.
_EMULATORS = "unified_emulation.serving.local"


@runtime_checkable
class LocalEmulator(Protocol):
    """Emulators in this process: `unified_emulation.serving.local.LocalEmulator`."""

    address: str
    transport: Any

    def connections(self) -> Source:
        """Return connections to all emulated vendors."""
        ...


class Emulated(NamedTuple):
    """Parts of an emulated client: the only server that it may reach, a transport (None: HTTP), and its connections."""

    address: str
    transport: Any
    source: Source


def open_emulated(emulated: bool | str | LocalEmulator, elsewhere: object) -> Emulated:
    """Return what an emulated client uses.

    Args:
        emulated: True, the address of a running emulator, or a `LocalEmulator`.
        elsewhere: anything but None if the client is given a transport, connections, a vault or a broker, too.

    Raises:
        TypeError: `elsewhere` is given, or `emulated` is not valid.
        InvalidInput: the address is not an http URL of this machine, or the extra `emulate` is not installed.
    """
    if elsewhere is not None:
        raise TypeError("an emulated client has a transport and connections of its own: they cannot be given beside it")
    if emulated is True:
        emulated = os.environ.get(VARIABLE) or _module().LocalEmulator()
    if isinstance(emulated, str):
        address, source = _module().connections(emulated)
        return Emulated(address, None, source)
    if not isinstance(emulated, LocalEmulator):
        raise TypeError(f"emulated must be True, an address or a LocalEmulator, not {type(emulated).__name__}")
    return Emulated(emulated.address, emulated.transport, emulated.connections())


def _module() -> Any:
    try:
        return importlib.import_module(_EMULATORS)
    except ModuleNotFoundError as error:
        raise InvalidInput(f"emulators need {error.name}: install it with pip install 'unified-apis[emulate]'") from None
