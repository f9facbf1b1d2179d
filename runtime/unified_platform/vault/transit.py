"""Root key in HashiCorp Vault's transit engine, which wraps and unwraps keys without revealing its own.

API: https://developer.hashicorp.com/vault/api-docs/secret/transit, `encrypt` and `decrypt` with `associated_data`, for keys of the type
aes256-gcm96. The token is from `VAULT_TOKEN` or the file `VAULT_TOKEN_FILE` (`~/.vault-token` by default), the namespace from
`VAULT_NAMESPACE`. Requests are sent when the vault is opened and when keys are rotated, not for each connection.
"""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from unified_platform.connections.errors import VaultKeyError, VaultUnavailable
from unified_platform.vault.envelope import Broken
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_SECONDS = 20.0


class TransitRoot:
    """Key of a transit engine, by its URL `https://host:8200/MOUNT/keys/NAME`."""

    def __init__(self, where: str, *, client: Any = None) -> None:
        parts = urlsplit(where)
        mount, keys, key = parts.path.removeprefix("/v1").rpartition("/keys/")
        if parts.scheme not in {"https", "http"} or not parts.hostname or not mount.strip("/") or not keys or not key or "/" in key:
            raise InvalidInput("a key of HashiCorp Vault is written transit:https://host:8200/transit/keys/NAME")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise InvalidInput(f"the token for {parts.hostname} would travel unencrypted: use https")
        if parts.username is not None or parts.query or parts.fragment:
            raise InvalidInput("the address of HashiCorp Vault has a user, query or fragment, which is not valid")
        self.name = f"HashiCorp Vault at {parts.netloc}, key {key}"
        self._base = f"{parts.scheme}://{parts.netloc}/v1/{quote(mount.strip('/'))}"
        self._key = quote(key, safe="")
        self._client = client

    def prepare(self, *, create: bool) -> None:
        """Do nothing: nothing is fetched beforehand, and the key must exist (`vault write -f transit/keys/NAME`)."""

    def fingerprint(self) -> str:
        return f"{self._base}/keys/{self._key}".partition("/v1/")[2]

    def wrap(self, key: bytes, about: bytes) -> bytes:
        found = self._data_of("encrypt", {"plaintext": _text(key), "associated_data": _text(about)})
        ciphertext = found.get("ciphertext")
        if not isinstance(ciphertext, str) or not ciphertext.startswith("vault:"):
            raise VaultUnavailable(f"{self.name} returned no ciphertext")
        return ciphertext.encode("utf-8")

    def unwrap(self, wrapped: bytes, about: bytes) -> bytes:
        if not wrapped.startswith(b"vault:") or not wrapped.isascii():
            raise Broken
        found = self._data_of("decrypt", {"ciphertext": wrapped.decode("ascii"), "associated_data": _text(about)})
        plaintext = found.get("plaintext")
        try:
            return base64.b64decode(plaintext if isinstance(plaintext, str) else "", validate=True)
        except binascii.Error:
            pass
        raise Broken

    def _data_of(self, operation: str, body: dict[str, str]) -> dict[str, Any]:
        status, response = self._sent(operation, body)
        data = response.get("data") if isinstance(response, dict) else None
        if status == 200 and isinstance(data, dict):
            return data
        if status == 400 and operation == "decrypt":
            # If it cannot decrypt, it returns Bad Request for any reason.
            raise Broken
        if status == 403:
            raise VaultKeyError(f"{self.name} refuses the token (HTTP 403): it needs update on {operation}/{self._key}")
        if status == 404:
            raise VaultKeyError(f"{self.name} does not exist (HTTP 404)")
        if status == 503:
            raise VaultUnavailable(f"{self.name} is sealed or in maintenance (HTTP 503)")
        raise VaultUnavailable(f"{self.name} returned HTTP {status} to {operation}")

    def _sent(self, operation: str, body: dict[str, str]) -> tuple[int, Any]:
        import httpx2

        client = self._client or httpx2.Client(timeout=_SECONDS, follow_redirects=False)
        headers = {"X-Vault-Request": "true", "X-Vault-Token": _token().reveal()}
        if namespace := os.environ.get("VAULT_NAMESPACE"):
            headers["X-Vault-Namespace"] = namespace
        try:
            response = client.post(f"{self._base}/{operation}/{self._key}", json=body, headers=headers)
            return response.status_code, response.json() if response.status_code == 200 else None
        except (httpx2.HTTPError, ValueError) as error:
            reason = type(error).__name__
        finally:
            # Data sent here must not stay in the locals of a traceback.
            del headers, body
            if client is not self._client:
                client.close()
        raise VaultUnavailable(f"{self.name} cannot be reached: {reason}")


def _token() -> Secret:
    if token := os.environ.get("VAULT_TOKEN"):
        return Secret(token)
    path = Path(os.environ.get("VAULT_TOKEN_FILE") or "~/.vault-token").expanduser()
    try:
        return Secret(path.read_text(encoding="ascii").strip())
    except (OSError, UnicodeDecodeError):
        pass
    raise VaultKeyError(f"HashiCorp Vault needs a token: set VAULT_TOKEN, or write it to {path}")


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
