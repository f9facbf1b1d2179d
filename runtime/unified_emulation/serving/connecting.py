"""OAuth apps and addresses of emulated vendors, for connecting users to them; `unified_platform.web` imports this module by name."""

from __future__ import annotations

from collections.abc import Mapping

from unified_emulation.serving import addresses
from unified_emulation.serving.oauth import emulated_declaration
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.declarations import Declaration
from unified_runtime.core.credentials import Secret
from unified_runtime.core.vendors import Vendor


class EmulatedServers:
    """Emulated vendors at an address, as servers to connect users to.

    Raises:
        InvalidInput: it is not an http URL of this machine.
    """

    def __init__(self, address: str) -> None:
        self._base = addresses.checked(address)

    def app(self, vendor: str, declaration: Declaration) -> OAuthClient | None:
        """Return an OAuth app; emulators accept any."""
        return OAuthClient("emulated", Secret(addresses.SECRET), declaration.method)

    def declaration(self, vendor: Vendor) -> Declaration:
        """Return the OAuth declaration of a vendor with the addresses of its emulator."""
        return emulated_declaration(vendor, self._base)

    def address(self, vendor: Vendor, scheme: str, values: Mapping[str, str]) -> str:
        """Return the address of an emulated vendor's server."""
        return addresses.server_of(vendor, scheme, self._base, values)
