"""The certified authorization server, and the clients registered there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.servers import oidc as servers
from tests.support.servers.oidc import OIDC, User
from unified_platform.oauth import server_metadata as metadata
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.declarations import Declaration
from unified_platform.oauth.server_metadata import Server
from unified_platform.vault import SealedVault, open_vault
from unified_runtime import AsyncClient, Client
from unified_runtime.core.credentials import Secret

Perform = Callable[[Any], Any]


@pytest.fixture(scope="session")
def oidc() -> Iterator[OIDC]:
    if reason := servers.missing():
        pytest.skip(reason)
    with servers.running() as server:
        yield server


@pytest.fixture
def user() -> User:
    return User()


def _await(flow: Any) -> Any:
    async def run() -> Any:
        client = AsyncClient()
        try:
            return await client.perform(flow)
        finally:
            await client.aclose()

    return asyncio.run(run())


@pytest.fixture(params=["sync", "async"])
def perform(request: pytest.FixtureRequest) -> Perform:
    """Both twins of the module that executes a flow."""
    return Client().perform if request.param == "sync" else _await


@pytest.fixture(scope="session")
def server(oidc: OIDC) -> Server:
    found: Server = Client().perform(metadata.discover(oidc.issuer))
    return found


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[SealedVault]:
    made = open_vault(tmp_path / "vault.db", key=f"file:{tmp_path / 'vault.key'}")
    yield made
    made.close()


@pytest.fixture
def declaration(oidc: OIDC) -> Declaration:
    """Vendor whose authorization server is the certified one."""
    return declared_at(oidc)


def declared_at(oidc: OIDC, **more: Any) -> Declaration:
    return Declaration(scheme="token", issuer=oidc.issuer, always=("offline_access",), parameters={"prompt": "consent"}, **more)


@pytest.fixture
def public() -> OAuthClient:
    return OAuthClient("public")


@pytest.fixture
def web(oidc: OIDC) -> OAuthClient:
    return OAuthClient("web", Secret(oidc.secret))


@pytest.fixture(params=["public", "web", "poster", "signer"])
def client(request: pytest.FixtureRequest, oidc: OIDC) -> OAuthClient:
    """Each method of client authentication."""
    return {
        "public": OAuthClient("public"),
        "web": OAuthClient("web", Secret(oidc.secret)),
        "poster": OAuthClient("poster", Secret(oidc.secret), "client_secret_post"),
        "signer": OAuthClient("signer", Secret(oidc.account_key), "private_key_jwt", "account"),
    }[request.param]
