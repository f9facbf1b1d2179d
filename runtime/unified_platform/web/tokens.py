"""Signed tokens of the pages: links, form tokens and cookies. Their keys are in the vault, and shared by all processes that open it."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from unified_platform.connections.errors import StateUsed, VaultUnavailable
from unified_platform.connections.protocols import WatchedVault
from unified_platform.connections.records import ConnectionKey, Pending
from unified_platform.oauth.signed_claims import InvalidSignature, Signer
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import Unauthorized

_ABOUT = b"unified connect pages"
_LINK = "link"


class InvalidLink(Unauthorized):
    """A link is not valid: it was used, has expired, or is for another user."""


class PageTokens:
    """Signs and verifies the tokens of one tenant's pages."""

    def __init__(self, vault: WatchedVault) -> None:
        self._vault = vault
        self._signers: dict[bytes, Signer] = {}

    def sign(self, purpose: str, values: Mapping[str, Any], lifetime: float) -> str:
        """Return a token with these values, valid for one purpose and so many seconds. May read the vault's keys."""
        keys = self._vault.cursor_keys
        newest = keys.newest()
        if newest is None:
            keys.load()
            newest = keys.newest()
        if newest is None:
            raise VaultUnavailable("the vault has no keys for tokens")
        id, key = newest
        return f"{id.hex()}.{self._signer(id, key).sign(purpose, values, lifetime)}"

    def read(self, purpose: str, token: str) -> Mapping[str, Any]:
        """Return the values of a token.

        Raises:
            InvalidSignature: it was not signed here for this purpose, or has expired.
        """
        id_text, _, signed = token.partition(".")
        try:
            id = bytes.fromhex(id_text)
        except ValueError:
            id = b""
        key = self._key(id)
        if key is None:
            raise InvalidSignature("it was not signed here for this purpose, or has expired")
        return self._signer(id, key).read(purpose, signed)

    def link(self, values: Mapping[str, Any], lifetime: float) -> str:
        """Return a token of a link, which can be used once."""
        return self.sign(_LINK, {**values, "jti": secrets.token_urlsafe(16)}, lifetime)

    def read_link(self, token: str) -> Mapping[str, Any]:
        """Return the values of a link without using it.

        Raises:
            InvalidLink: it is not valid, or has expired.
        """
        try:
            return self.read(_LINK, token)
        except InvalidSignature:
            pass
        raise InvalidLink("this link is not valid, or has expired: request a new one")

    def use_link(self, token: str) -> Mapping[str, Any]:
        """Return the values of a link, which cannot be used again.

        Raises:
            InvalidLink: it is not valid, was used before, or has expired.
        """
        values = self.read_link(token)
        id = bytes.fromhex(token.partition(".")[0])
        key = self._key(id)
        assert key is not None
        # No one else knows this state, so no callback with it can remove the mark.
        mark = Secret(hmac.digest(self._signer(id, key).key("used links"), str(values["jti"]).encode(), "sha256").hex())
        used = Pending(state=mark, key=ConnectionKey(vendor=_LINK), scheme=_LINK, redirect_uri="", expires_at=float(values["exp"]))
        try:
            self._vault.pending.put(used)
        except StateUsed:
            pass
        else:
            return values
        raise InvalidLink("this link was used already: request a new one")

    def _key(self, id: bytes) -> bytes | None:
        keys = self._vault.cursor_keys
        key = keys.key(id)
        if key is None and id:
            keys.load()
            key = keys.key(id)
        return key

    def _signer(self, id: bytes, key: bytes) -> Signer:
        if id not in self._signers:
            self._signers = {**self._signers, id: Signer(hmac.digest(key, _ABOUT, "sha256"), self._vault.tenant)}
        return self._signers[id]
